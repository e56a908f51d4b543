package client

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Reader is what both sides, and the reviewer, read: their requests and the events of these. What belongs
// to others does not exist: ErrNotFound.
//
// What it returns of requests and events is verified: it is in the hub's ledger, which
// goes on from what was seen before, signed by those who may, and whole. What does not
// hold is a *Distrust. Lists alone are the hub's word.
type Reader struct {
	requests liaisonv1.RequestServiceClient
	trust    *trust
	side     lifecycle.Side

	attachments liaisonv1.AttachmentServiceClient
}

// newReader makes a Reader of the side that one's own certificate is of. Where that reads no
// requests, such as an auditor's, it reads as the given side.
func newReader(conn *Conn, side lifecycle.Side) Reader {
	own := conn.trust.dialled.Role
	if own.Side() == lifecycle.AuthoritySide || own.Side() == lifecycle.PlatformSide || own == lifecycle.Reviewer {
		side = own.Side()
	}
	return Reader{
		requests: liaisonv1.NewRequestServiceClient(conn), trust: conn.trust, side: side,
		attachments: liaisonv1.NewAttachmentServiceClient(conn),
	}
}

// indexOf returns a record's place in this side's feed; zero if it is not in it.
func (r Reader) indexOf(recorded *entry) uint64 {
	switch r.side {
	case lifecycle.PlatformSide:
		return recorded.leaf.PlatformIndex
	case lifecycle.OversightSide:
		return recorded.leaf.ReviewerIndex
	default:
		return recorded.leaf.AuthorityIndex
	}
}

// Get returns a request as it stands, made out of its verified events.
func (r Reader) Get(ctx context.Context, name string) (*liaisonv1.Request, error) {
	s, err := r.tell(ctx, name)
	if err != nil {
		return nil, err
	}
	return s.request, nil
}

// List returns the requests that match a filter, in an order, reading page after
// page as they are asked for. It ends with the first error. A list is the hub's word:
// Get what matters. Only that it goes in circles is found out: ErrFeed.
func (r Reader) List(ctx context.Context, filter *liaisonv1.RequestFilter, order liaisonv1.RequestOrder) iter.Seq2[*liaisonv1.RequestSummary, error] {
	return func(yield func(*liaisonv1.RequestSummary, error) bool) {
		in := &liaisonv1.ListRequestsRequest{Filter: filter, Order: order}
		seen := make(map[string]bool)
		for {
			out, err := r.requests.ListRequests(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, summary := range out.GetRequests() {
				if !yield(summary, nil) {
					return
				}
			}
			if in.PageToken = out.GetNextPageToken(); in.PageToken == "" {
				return
			}
			if seen[in.GetPageToken()] {
				yield(nil, &Distrust{Kind: ErrFeed, Detail: "the list comes back to a page that was read"})
				return
			}
			seen[in.GetPageToken()] = true
		}
	}
}

// Events returns the events that there are behind a sequence number, of one request or,
// if name is empty, of all. Each is in the ledger; of one request they also follow each
// other. It ends with the first error.
func (r Reader) Events(ctx context.Context, name string, after uint64) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		for recorded, err := range r.records(ctx, name, after) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(record.ForReading(recorded.event), nil) {
				return
			}
		}
	}
}

// records returns the records that there are behind a sequence number.
func (r Reader) records(ctx context.Context, name string, after uint64) iter.Seq2[*entry, error] {
	return func(yield func(*entry, error) bool) {
		if err := r.trust.ready(); err != nil {
			yield(nil, err)
			return
		}
		in := &liaisonv1.ListEventsRequest{Request: name, AfterSequence: after}
		var at time.Time // of the event before
		for {
			out, err := r.requests.ListEvents(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(out.GetReceipts()) != len(out.GetEvents()) {
				yield(nil, &Distrust{Kind: ErrNotInLedger, Request: name, Detail: "there is not a receipt for each event"})
				return
			}
			for _, receipt := range out.GetReceipts() {
				recorded, err := r.trust.ledger.verify(ctx, receipt, out.GetCheckpoint())
				if err == nil && recorded.event.GetSequence() <= in.GetAfterSequence() {
					err = &Distrust{Kind: ErrFeed, Sequence: recorded.event.GetSequence(), Detail: fmt.Sprintf("it comes after event %d", in.GetAfterSequence())}
				}
				if err == nil && name != "" && recorded.event.GetRequest() != name {
					err = &Distrust{Kind: ErrFeed, Request: name, Sequence: recorded.event.GetSequence(), Detail: "it is another request's"}
				}
				if err == nil {
					err = checkOrder(at, recorded)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(recorded, nil) {
					return
				}
				in.AfterSequence, at = recorded.event.GetSequence(), recorded.leaf.Time
			}
			if !out.GetMore() {
				return
			}
			if len(out.GetReceipts()) == 0 { // or a hub could have the same page asked for without end
				yield(nil, &Distrust{Kind: ErrFeed, Request: name, Detail: "a page has no events, and more are said to follow"})
				return
			}
		}
	}
}

// checkOrder checks that an event is not earlier than the one before it.
func checkOrder(before time.Time, r *entry) error {
	if r.leaf.Time.Before(before) {
		return &Distrust{Kind: ErrTime, Request: r.leaf.Request, Sequence: r.leaf.Sequence, Detail: "it is earlier than the event before it"}
	}
	return nil
}
