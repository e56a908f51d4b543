package client

import (
	"context"
	"iter"

	"google.golang.org/grpc"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Reader is what both sides read: their requests, the events of these, the
// answers. What belongs to others does not exist: ErrNotFound.
type Reader struct {
	requests liaisonv1.RequestServiceClient
}

func newReader(conn grpc.ClientConnInterface) Reader {
	return Reader{requests: liaisonv1.NewRequestServiceClient(conn)}
}

// Get returns a request as it stands.
func (r Reader) Get(ctx context.Context, name string) (*liaisonv1.Request, error) {
	out, err := r.requests.GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: name})
	return out.GetRequest(), err
}

// GetAnswer returns the parts of the answer that were given so far: the only thing
// that says who was identified.
func (r Reader) GetAnswer(ctx context.Context, name string) ([]*liaisonv1.AnswerPart, error) {
	out, err := r.requests.GetAnswer(ctx, &liaisonv1.GetAnswerRequest{Name: name})
	return out.GetParts(), err
}

// List returns the requests that match a filter, in an order, reading page after
// page as they are asked for. It ends with the first error.
func (r Reader) List(ctx context.Context, filter *liaisonv1.RequestFilter, order liaisonv1.RequestOrder) iter.Seq2[*liaisonv1.RequestSummary, error] {
	return func(yield func(*liaisonv1.RequestSummary, error) bool) {
		in := &liaisonv1.ListRequestsRequest{Filter: filter, Order: order}
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
		}
	}
}

// Events returns the events that there are behind a sequence number, of one
// request or, if name is empty, of all. It ends with the first error.
func (r Reader) Events(ctx context.Context, name string, after uint64) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		in := &liaisonv1.ListEventsRequest{Request: name, AfterSequence: after}
		for {
			out, err := r.requests.ListEvents(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, event := range out.GetEvents() {
				if !yield(event, nil) {
					return
				}
				in.AfterSequence = event.GetSequence()
			}
			if !out.GetMore() {
				return
			}
		}
	}
}
