package client

import (
	"cmp"
	"context"
	"iter"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// reader is what both sides, and the reviewer, read: their requests and the events of these. What belongs
// to others does not exist: ErrNotFound.
//
// What it returns of requests and events is verified: it is in the hub's ledger, which
// goes on from what was seen before, signed by those who may, and whole. What does not
// hold is a *Distrust. Lists alone are the hub's word.
type reader struct {
	requests liaisonv1.RequestServiceClient
	trust    *trust
	verifier *verify.Verifier // at the side that one's own certificate is of
	cases    *cases

	attachments liaisonv1.AttachmentServiceClient
}

// newReader makes a reader of the side that one's own certificate is of. Where that reads no
// requests, such as an auditor's, it reads as the given side.
func newReader(conn *Conn, side verify.Side) reader {
	return reader{
		requests: liaisonv1.NewRequestServiceClient(conn.grpc), trust: conn.trust, cases: &cases{},
		verifier:    conn.trust.At(cmp.Or(conn.trust.Side(), side)),
		attachments: liaisonv1.NewAttachmentServiceClient(conn.grpc),
	}
}

// Get returns a request as it stands, made out of its verified events.
func (r reader) Get(ctx context.Context, name string) (*liaisonv1.Request, error) {
	c, err := r.read(ctx, name)
	if err != nil {
		return nil, err
	}
	return proto.CloneOf(c.Request), nil // what is kept stays as it is
}

// List returns the requests that match a filter, in an order, reading page after
// page as they are asked for. It ends with the first error. A list is the hub's word:
// Get what matters. Only that it goes in circles is found out: ErrFeed.
func (r reader) List(ctx context.Context, filter *liaisonv1.RequestFilter, order liaisonv1.RequestOrder) iter.Seq2[*liaisonv1.RequestSummary, error] {
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
func (r reader) Events(ctx context.Context, name string, after uint64) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		if err := r.trust.ready(); err != nil {
			yield(nil, err)
			return
		}
		for entry, err := range r.verifier.Entries(ctx, name, after, r.receipts(ctx, name, after)) {
			if err != nil {
				yield(nil, typed(err))
				return
			}
			if !yield(record.ForReading(entry.Event), nil) {
				return
			}
		}
	}
}

// receipts returns the receipts of the events that there are after a sequence number, page
// after page, each with its checkpoint. It is a verify.History: nothing is checked yet.
func (r reader) receipts(ctx context.Context, name string, after uint64) iter.Seq2[*liaisonv1.Receipt, error] {
	return func(yield func(*liaisonv1.Receipt, error) bool) {
		in := &liaisonv1.ListEventsRequest{Request: name, AfterSequence: after, View: liaisonv1.EventView_EVENT_VIEW_RECORDS}
		for {
			out, err := r.requests.ListEvents(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, receipt := range out.GetReceipts() {
				if receipt.GetCheckpoint() == "" {
					receipt.Checkpoint = out.GetCheckpoint()
				}
				if !yield(receipt, nil) {
					return
				}
				if leaf, err := ledger.ParseLeaf(receipt.GetRecord().GetLeaf()); err == nil { // whoever took it has checked it
					in.AfterSequence = leaf.Sequence
				}
			}
			if len(out.GetReceipts()) == 0 && out.GetCheckpoint() != "" { // that there is nothing is said of a ledger too
				if _, err := r.verifier.Believe(ctx, out.GetCheckpoint()); err != nil {
					yield(nil, err)
					return
				}
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
