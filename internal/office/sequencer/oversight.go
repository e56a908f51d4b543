package sequencer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// audit is an auditor's access to requests, as one of a batch: it leaves an event of each
// that the auditor may see, or of none.
type audit struct {
	caller identity.Caller
	scope  liaisonv1.AuditScope
	ids    []resource.RequestID
}

// Audited is a request as it stood when an auditor was let see how it was conducted, and
// the record of that.
type Audited struct {
	ID       resource.RequestID
	Request  *liaisonv1.Request
	Recorded *Recorded
}

// Audit records that an auditor is shown how requests were conducted, and returns those
// that it may see. When it returns, the records are on disk. What it leaves out does not
// exist for the auditor.
func (s *Sequencer) Audit(ctx context.Context, caller identity.Caller, scope liaisonv1.AuditScope, ids ...resource.RequestID) ([]Audited, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	r, err := s.await(ctx, &pending{audit: &audit{caller: caller, scope: scope, ids: ids}, result: make(chan result, 1)})
	return r.audited, err
}

// audit takes the steps of an access. A fault in it is this access' alone. What was recorded
// before it stays recorded: an access too many, and none too few.
func (d *decision) audit(a *audit) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{err: fmt.Errorf("panic while deciding a step: %T", p)}
		}
	}()
	for _, id := range a.ids {
		now, err := d.settled(id)
		if err != nil {
			return result{err: err}
		}
		if !d.overseen(a.caller.Organisation, now.request) {
			continue
		}
		recorded, err := d.look(a, now)
		var refusal *lifecycle.Refusal
		if errors.As(err, &refusal) {
			continue // it never came before the platform, or was purged
		}
		if err != nil {
			return result{err: err}
		}
		r.audited = append(r.audited, Audited{ID: id, Request: now.request, Recorded: recorded})
	}
	return r
}

// overseen says whether a body oversees a party of a request.
func (d *decision) overseen(body resource.Organisation, r *liaisonv1.Request) bool {
	if r == nil {
		return false
	}
	overseen := d.sequencer.directory.Oversees(body)
	return slices.ContainsFunc(overseen, func(o resource.Organisation) bool {
		return o.String() == r.GetAuthority() || o.String() == r.GetSpec().GetPlatform()
	})
}

// look records an access to one request. Its etag, its times and its clocks stay what they
// are: nobody's work is disturbed by it, and nothing is kept for longer.
func (d *decision) look(a *audit, now current) (*Recorded, error) {
	event := &liaisonv1.Event{Detail: &liaisonv1.Event_Audited{Audited: &liaisonv1.Audit{
		Body: a.caller.Organisation.String(), Scope: a.scope,
	}}}
	if _, err := lifecycle.Apply(record.Life(now.request), lifecycle.Event{
		Step: record.StepOf(event), Role: a.caller.Role, Person: a.caller.Person(), Key: a.caller.Key,
	}); err != nil {
		return nil, err
	}
	d.place(event, now, now.request.GetSpec(), d.next(), d.sequencer.now())
	event.Actor = a.caller.ID.String()
	event.ActorKeySha256 = a.caller.Key[:]
	event.Etag = now.request.GetEtag()
	event.State = now.request.GetState()
	event.Clocks = now.request.GetClocks()
	event.Reviewer = reviewerOf(record.Life(now.request), now.request.GetSpec())
	return d.accept(Step{}, now, event, store.Call{})
}

// Overseen is a stretch of a list of requests that an oversight body may see.
type Overseen struct {
	IDs  []resource.RequestID
	Last resource.Seq // where the list goes on behind it
	More bool
}

// overseenPage is how many requests are read at a time at least, since long stretches of them
// may be purged.
const overseenPage = 100

// Overseen finds up to q.Limit requests of the parties that a body oversees, which take the
// place of the query's own party, in the order of filing. Counterparties that the filter
// names are given by party. Requests that are not before their platform are left out: neither
// how full a page is nor that another one follows tells of them.
func (s *Sequencer) Overseen(ctx context.Context, parties map[resource.Organisation]resource.Organisation, q store.RequestQuery) (Overseen, error) {
	limit := q.Limit
	q.Limit = max(limit+1, overseenPage)
	var page Overseen
	for {
		var rows []store.Request
		for party, counterparty := range parties {
			q.Party, q.Counterparty = party, counterparty
			more, err := s.store.Requests(ctx, q)
			if err != nil {
				return Overseen{}, fmt.Errorf("list requests: %w", err)
			}
			rows = append(rows, more...)
		}
		// Each list has as many as are wanted of all, so that nothing is missing before the cut.
		slices.SortFunc(rows, func(a, b store.Request) int { return int(a.Created) - int(b.Created) })
		rows = slices.CompactFunc(rows, func(a, b store.Request) bool { return a.Created == b.Created })
		last := len(rows) < q.Limit
		for _, row := range rows[:min(len(rows), q.Limit)] {
			q.After = row.Created
			if !row.Visible || row.State == lifecycle.Purged {
				continue
			}
			if len(page.IDs) == limit {
				page.More = true
				return page, nil
			}
			page.IDs, page.Last = append(page.IDs, row.ID), row.Created
		}
		if last {
			return page, nil
		}
	}
}

// observedPage is how many events of a request are read at a time.
const observedPage = 256

// Observed returns the events of a request up to one that an auditor's access has left.
func (s *Sequencer) Observed(ctx context.Context, a Audited) ([]*liaisonv1.Event, error) {
	last := resource.Seq(a.Recorded.GetEvent().GetSequence())
	var events []*liaisonv1.Event
	q := store.EventQuery{Request: a.ID, Limit: observedPage}
	for q.After < last {
		rows, err := s.store.Events(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read a request's events: %w", err)
		}
		for _, row := range rows {
			if q.After = row.Seq; row.Seq > last {
				break
			}
			event, err := kept(row)
			if err != nil {
				return nil, err
			}
			events = append(events, event)
		}
		if len(rows) < observedPage {
			break
		}
	}
	return events, nil
}

// kept decodes an event whose body is still there.
func kept(row store.Event) (*liaisonv1.Event, error) {
	if row.Body == nil {
		return nil, ErrNotFound // it was purged since the access
	}
	return eventOf(row)
}

// Proved is an event, the hash of its leaf and the proof that this is in the ledger.
type Proved struct {
	Event *liaisonv1.Event
	Leaf  []byte
	Proof [][]byte
}

// Prove returns up to limit events of a request behind one of them, up to the one that an
// auditor's access has left, with the checkpoint that proves them, and whether there are
// more of them.
func (s *Sequencer) Prove(ctx context.Context, a Audited, after resource.Seq, limit int) (page []Proved, checkpoint string, more bool, err error) {
	rows, err := s.store.Events(ctx, store.EventQuery{Request: a.ID, After: after, Limit: limit + 1})
	if err != nil {
		return nil, "", false, fmt.Errorf("read a request's events: %w", err)
	}
	last := resource.Seq(a.Recorded.GetEvent().GetSequence())
	rows = slices.DeleteFunc(rows, func(row store.Event) bool { return row.Seq > last })
	if len(rows) > limit {
		rows, more = rows[:limit], true
	}
	proved, err := s.page(ctx, rows)
	if err != nil {
		return nil, "", false, err
	}
	for i, row := range rows {
		event, err := kept(row)
		if err != nil {
			return nil, "", false, err
		}
		leaf, err := ledger.ParseLeaf(row.Leaf)
		if err != nil {
			return nil, "", false, fmt.Errorf("event %d: %w", row.Seq, err)
		}
		hash := leaf.Hash()
		page = append(page, Proved{Event: event, Leaf: hash[:], Proof: proved.Events[i].Receipt.GetInclusionProof()})
	}
	return page, string(proved.Checkpoint), more, nil
}

// Access returns the event that an access has left, with what proves it.
func (a Audited) Access() (Proved, error) {
	event := proto.CloneOf(a.Recorded.GetEvent())
	leaf, err := ledger.ParseLeaf(a.Recorded.GetReceipt().GetRecord().GetLeaf())
	if err != nil {
		return Proved{}, err
	}
	hash := leaf.Hash()
	return Proved{Event: event, Leaf: hash[:], Proof: a.Recorded.GetReceipt().GetInclusionProof()}, nil
}
