package sequencer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
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
	Recorded *archive.Recorded
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
		now, err := d.settle(id)
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
func (d *decision) look(a *audit, now current) (*archive.Recorded, error) {
	event := &liaisonv1.Event{Detail: &liaisonv1.Event_Audited{Audited: &liaisonv1.Audit{
		Body: a.caller.Organisation.String(), Scope: a.scope,
	}}}
	if _, err := apply(now.request, event, a.caller); err != nil {
		return nil, err
	}
	place(event, now, now.request.GetSpec(), d.next(), d.sequencer.now())
	event.Actor = a.caller.ID.String()
	event.ActorKeySha256 = a.caller.Key[:]
	event.Etag = now.request.GetEtag()
	event.State = now.request.GetState()
	event.Clocks = now.request.GetClocks()
	event.Reviewer = reviewerOf(record.Life(now.request), now.request.GetSpec())
	return d.accept(Step{}, now, event, store.Call{})
}

// Access returns the event that an access has left, with what proves it.
func (a Audited) Access() (archive.Proved, error) {
	event := proto.CloneOf(a.Recorded.GetEvent())
	leaf, err := ledger.ParseLeaf(a.Recorded.GetReceipt().GetRecord().GetLeaf())
	if err != nil {
		return archive.Proved{}, err
	}
	hash := leaf.Hash()
	return archive.Proved{Event: event, Leaf: hash[:], Proof: a.Recorded.GetReceipt().GetInclusionProof()}, nil
}

// Last is the last event that the auditor may see: the one that its access has left.
func (a Audited) Last() resource.Seq { return resource.Seq(a.Recorded.GetEvent().GetSequence()) }
