package archive

import (
	"context"
	"fmt"
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

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
func (a *Archive) Overseen(ctx context.Context, parties map[resource.Organisation]resource.Organisation, q store.RequestQuery) (Overseen, error) {
	limit := q.Limit
	q.Limit = max(limit+1, overseenPage)
	var page Overseen
	for {
		var rows []store.Request
		for party, counterparty := range parties {
			q.Party, q.Counterparty = party, counterparty
			more, err := a.store.Requests(ctx, q)
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

// Observed returns the events of a request up to the last that an auditor may see: the one
// that its access has left.
func (a *Archive) Observed(ctx context.Context, id resource.RequestID, last resource.Seq) ([]*liaisonv1.Event, error) {
	var events []*liaisonv1.Event
	q := store.EventQuery{Request: id, Limit: observedPage}
	for q.After < last {
		rows, err := a.store.Events(ctx, q)
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

// Prove returns up to limit events of a request after one of them, up to the last that an
// auditor may see: the one that its access has left. With them come the checkpoint that
// proves them, and whether there are more.
func (a *Archive) Prove(ctx context.Context, id resource.RequestID, after, last resource.Seq, limit int) (page []Proved, checkpoint string, more bool, err error) {
	rows, err := a.store.Events(ctx, store.EventQuery{Request: id, After: after, Limit: limit + 1})
	if err != nil {
		return nil, "", false, fmt.Errorf("read a request's events: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(row store.Event) bool { return row.Seq > last })
	if len(rows) > limit {
		rows, more = rows[:limit], true
	}
	proved, err := a.page(ctx, rows)
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
