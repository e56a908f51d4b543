package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.RequestServiceServer = (*requestService)(nil)

// requestService is what both parties read.
type requestService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeRequestServiceServer

	server *Server
}

// The sizes of pages where the caller names none, as the contract says.
const (
	defaultRequestPage = 50
	defaultEventPage   = 100
)

// GetRequest implements the contract.
func (r *requestService) GetRequest(ctx context.Context, in *liaisonv1.GetRequestRequest) (*liaisonv1.GetRequestResponse, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	request, err := r.server.archive.Request(ctx, callerFrom(ctx).Organisation, id)
	return &liaisonv1.GetRequestResponse{Request: request}, err
}

// ListStatements implements the contract.
func (r *requestService) ListStatements(ctx context.Context, in *liaisonv1.ListStatementsRequest) (*liaisonv1.ListStatementsResponse, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	statements, more, err := r.server.archive.Statements(ctx, callerFrom(ctx).Organisation, id, int(in.GetSkip()))
	return &liaisonv1.ListStatementsResponse{Statements: statements, More: more}, err
}

// requestsChunk is how many requests of a list are read at a time: each may be as large as
// a reply.
const requestsChunk = 32

// ListRequests implements the contract.
func (r *requestService) ListRequests(ctx context.Context, in *liaisonv1.ListRequestsRequest) (*liaisonv1.ListRequestsResponse, error) {
	party := callerFrom(ctx).Organisation
	query, err := queryOf(in)
	if err != nil {
		return nil, err
	}
	token := pageToken{listing: listingOf(party, in)}
	if query.After, err = token.parse(in.GetPageToken()); err != nil {
		return nil, err
	}
	out, room, limit := &liaisonv1.ListRequestsResponse{}, archive.NewRoom(), query.Limit
	for {
		query.Limit = min(requestsChunk, limit-len(out.GetRequests()))
		page, more, err := r.server.archive.Requests(ctx, party, query)
		if err != nil {
			return nil, err
		}
		for _, listed := range page {
			shown := summary(listed.Request)
			if !room.Takes(shown) {
				out.NextPageToken = token.format(query.After)
				return out, nil
			}
			out.Requests, query.After = append(out.Requests, shown), listed.Created
		}
		switch {
		case !more:
			return out, nil
		case len(out.GetRequests()) == limit:
			out.NextPageToken = token.format(query.After)
			return out, nil
		}
	}
}

// queryOf says in the store's words what a list asks for.
func queryOf(in *liaisonv1.ListRequestsRequest) (store.RequestQuery, error) {
	filter := in.GetFilter()
	q := store.RequestQuery{
		Reference:  filter.GetReference(),
		Descending: in.GetOrder() == liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST,
		Limit:      int(in.GetPageSize()),
	}
	if q.Limit == 0 {
		q.Limit = defaultRequestPage
	}
	for _, state := range filter.GetStates() {
		q.States = append(q.States, lifecycle.State(state))
	}
	if name := filter.GetCounterparty(); name != "" {
		counterparty, err := resource.ParseOrganisation(name)
		if err != nil {
			return store.RequestQuery{}, err
		}
		q.Counterparty = counterparty
	}
	if urgency := filter.GetUrgency(); urgency != liaisonv1.Urgency_URGENCY_UNSPECIFIED {
		emergency := urgency == liaisonv1.Urgency_URGENCY_EMERGENCY
		q.Emergency = &emergency
	}
	if from := filter.GetCreatedFrom(); from != nil {
		q.CreatedFrom = from.AsTime()
	}
	if before := filter.GetCreatedBefore(); before != nil {
		q.CreatedBefore = before.AsTime()
	}
	return q, nil
}

// summary shortens a request for a list.
func summary(r *liaisonv1.Request) *liaisonv1.RequestSummary {
	spec := r.GetSpec()
	return &liaisonv1.RequestSummary{
		Name:                  r.GetName(),
		Authority:             r.GetAuthority(),
		Platform:              spec.GetPlatform(),
		Reference:             spec.GetReference(),
		PlatformReference:     r.GetPlatformReference(),
		Kind:                  spec.GetKind(),
		Urgency:               spec.GetUrgency(),
		Test:                  spec.GetTest(),
		State:                 r.GetState(),
		Titles:                spec.GetIncident().GetTitles(),
		SelectorCount:         int32(len(spec.GetSelectors())),
		AnsweredSelectorCount: int32(len(r.GetAnsweredSelectors())),
		Etag:                  r.GetEtag(),
		CreateTime:            r.GetCreateTime(),
		Clocks:                r.GetClocks(),
		UpdateTime:            r.GetUpdateTime(),
	}
}

// ListEvents implements the contract.
func (r *requestService) ListEvents(ctx context.Context, in *liaisonv1.ListEventsRequest) (*liaisonv1.ListEventsResponse, error) {
	party := callerFrom(ctx).Organisation
	id, err := r.ofRequest(ctx, party, in.GetRequest())
	if err != nil {
		return nil, err
	}
	limit := int(in.GetPageSize())
	if limit == 0 {
		limit = defaultEventPage
	}
	page, err := r.server.archive.Events(ctx, party, id, resource.Seq(in.GetAfterSequence()), limit)
	if err != nil {
		return nil, err
	}
	out := &liaisonv1.ListEventsResponse{More: page.More}
	if in.GetView() != liaisonv1.EventView_EVENT_VIEW_RECORDS {
		for _, recorded := range page.Events {
			out.Events = append(out.Events, recorded.Event)
		}
		return out, nil
	}
	out.Checkpoint = string(page.Checkpoint)
	for _, recorded := range page.Events {
		out.Receipts = append(out.Receipts, recorded.Receipt)
	}
	return out, nil
}

// ofRequest returns the request that a read of events is confined to, if it is to
// one; the party must be able to see it.
func (r *requestService) ofRequest(ctx context.Context, party resource.Organisation, name string) (resource.RequestID, error) {
	if name == "" {
		return resource.RequestID{}, nil
	}
	id, err := resource.ParseRequest(name)
	if err != nil {
		return resource.RequestID{}, err
	}
	if _, err := r.server.archive.Request(ctx, party, id); err != nil {
		return resource.RequestID{}, err
	}
	return id, nil
}

// GetAnswer implements the contract.
func (r *requestService) GetAnswer(ctx context.Context, in *liaisonv1.GetAnswerRequest) (*liaisonv1.GetAnswerResponse, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	parts, more, err := r.server.archive.Answer(ctx, callerFrom(ctx).Organisation, id, in.GetAfterPart())
	return &liaisonv1.GetAnswerResponse{Parts: parts, More: more}, err
}
