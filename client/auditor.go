package client

import (
	"context"
	"iter"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Auditor is what an oversight body's auditor reads: how requests are conducted, never whom
// they are about. Each access is an event that both parties see.
//
// What it returns is the hub's word but for this: each event that it shows, and the access
// itself, is a leaf of the hub's ledger at its place, and the ledger goes on from what was
// seen before. What such a leaf says in full a party can show.
type Auditor struct {
	service liaisonv1.OversightServiceClient
	trust   *trust
}

// Auditor returns what an auditor of an oversight body works with.
func (c *Conn) Auditor() *Auditor {
	return &Auditor{service: liaisonv1.NewOversightServiceClient(c.grpc), trust: c.trust}
}

// Get returns how a request was conducted.
func (a *Auditor) Get(ctx context.Context, name string) (*liaisonv1.RequestMetadata, error) {
	if err := a.trust.ready(); err != nil {
		return nil, err
	}
	in := &liaisonv1.GetRequestMetadataRequest{Name: name}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := a.service.GetRequestMetadata(ctx, in)
	if err != nil {
		return nil, err
	}
	if out.GetRequest().GetName() != name {
		return nil, &Distrust{Kind: ErrHistory, Request: name, Detail: "what is shown is another request"}
	}
	return out.GetRequest(), a.prove(ctx, name, out.GetRequest().GetAccess(), out.GetCheckpoint())
}

// List returns how the requests were conducted that match a filter, in the order of filing,
// reading page after page as they are asked for. It ends with the first error.
func (a *Auditor) List(ctx context.Context, filter *liaisonv1.OversightFilter) iter.Seq2[*liaisonv1.RequestMetadata, error] {
	return func(yield func(*liaisonv1.RequestMetadata, error) bool) {
		if err := a.trust.ready(); err != nil {
			yield(nil, err)
			return
		}
		in := &liaisonv1.ListRequestMetadataRequest{Filter: filter}
		seen := make(map[string]bool)
		for {
			out, err := a.service.ListRequestMetadata(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, request := range out.GetRequests() {
				if err := a.prove(ctx, request.GetName(), request.GetAccess(), out.GetCheckpoint()); err != nil {
					yield(nil, err)
					return
				}
				if !yield(request, nil) {
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

// Events returns what is known of a request's events without what they say, in order, up to
// the access itself. It ends with the first error.
func (a *Auditor) Events(ctx context.Context, name string) iter.Seq2[*liaisonv1.EventMetadata, error] {
	return func(yield func(*liaisonv1.EventMetadata, error) bool) {
		if err := a.trust.ready(); err != nil {
			yield(nil, err)
			return
		}
		in := &liaisonv1.ListEventMetadataRequest{Request: name}
		if err := check(in); err != nil {
			yield(nil, err)
			return
		}
		for {
			out, err := a.service.ListEventMetadata(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range out.GetEvents() {
				if e.GetSequence() <= in.GetAfterSequence() {
					err = &Distrust{Kind: ErrFeed, Request: name, Sequence: e.GetSequence(), Detail: "it does not come after the one before it"}
				} else {
					err = a.prove(ctx, name, e, out.GetCheckpoint())
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(e, nil) {
					return
				}
				in.AfterSequence = e.GetSequence()
			}
			if !out.GetMore() {
				return
			}
			if len(out.GetEvents()) == 0 {
				yield(nil, &Distrust{Kind: ErrFeed, Request: name, Detail: "a page has no events, and more are said to follow"})
				return
			}
		}
	}
}

// prove checks that an event's leaf is in the ledger at its place.
func (a *Auditor) prove(ctx context.Context, name string, e *liaisonv1.EventMetadata, checkpoint string) error {
	return typed(a.trust.Leaf(ctx, name, e.GetSequence(), e.GetLeafHash(), e.GetInclusionProof(), checkpoint))
}
