package server

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/oversight"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.OversightServiceServer = (*oversightService)(nil)

// oversightService is what auditors read. Each of its methods records the access before it
// reads what it returns.
type oversightService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeOversightServiceServer

	server  *Server
	limiter *rateLimiter
}

// The sizes of pages where the caller names none, as the contract says.
const (
	defaultMetadataPage      = 20
	defaultEventMetadataPage = 100
)

// newAccessLimiter bounds how many requests an oversight body is shown: each is an event of
// the parties.
func newAccessLimiter(l Limits) *rateLimiter {
	return newRateLimiter(Limits{CallsPerSecond: l.AccessesPerSecond, CallBurst: l.AccessBurst})
}

// allow counts accesses of the caller's organisation.
func (o *oversightService) allow(caller identity.Caller, accesses int) error {
	if !o.limiter.bucket(caller.ID.TrustDomain().Name()).AllowN(time.Now(), accesses) {
		return status.Error(codes.ResourceExhausted, errRate.Error())
	}
	return nil
}

// access records an access to one request.
func (o *oversightService) access(ctx context.Context, name string, scope liaisonv1.AuditScope) (sequencer.Audited, error) {
	id, err := resource.ParseRequest(name)
	if err != nil {
		return sequencer.Audited{}, err
	}
	caller := callerFrom(ctx)
	if err := o.allow(caller, 1); err != nil {
		return sequencer.Audited{}, err
	}
	audited, err := o.server.sequencer.Audit(ctx, caller, scope, id)
	if err != nil {
		return sequencer.Audited{}, err
	}
	if len(audited) == 0 {
		return sequencer.Audited{}, archive.ErrNotFound
	}
	return audited[0], nil
}

// GetRequestMetadata implements the contract.
func (o *oversightService) GetRequestMetadata(ctx context.Context, in *liaisonv1.GetRequestMetadataRequest) (*liaisonv1.GetRequestMetadataResponse, error) {
	audited, err := o.access(ctx, in.GetName(), liaisonv1.AuditScope_AUDIT_SCOPE_REQUEST)
	if err != nil {
		return nil, err
	}
	request, err := o.metadata(ctx, audited)
	return &liaisonv1.GetRequestMetadataResponse{Request: request, Checkpoint: audited.Recorded.GetReceipt().GetCheckpoint()}, err
}

// metadata returns how a request was conducted, up to an access to it.
func (o *oversightService) metadata(ctx context.Context, audited sequencer.Audited) (*liaisonv1.RequestMetadata, error) {
	events, err := o.server.archive.Observed(ctx, audited.ID, audited.Last())
	if err != nil {
		return nil, err
	}
	access, err := audited.Access()
	if err != nil {
		return nil, err
	}
	m := oversight.Request(audited.Request, events)
	m.Access = proved(access)
	return m, nil
}

// proved returns what is known of an event, and what proves that it is in the ledger.
func proved(p archive.Proved) *liaisonv1.EventMetadata {
	m := oversight.Event(p.Event)
	m.LeafHash, m.InclusionProof = p.Leaf, p.Proof
	return m
}

// ListRequestMetadata implements the contract.
func (o *oversightService) ListRequestMetadata(ctx context.Context, in *liaisonv1.ListRequestMetadataRequest) (*liaisonv1.ListRequestMetadataResponse, error) {
	caller := callerFrom(ctx)
	token := pageToken{listing: listing(caller.Organisation, &liaisonv1.ListRequestMetadataRequest{Filter: in.GetFilter()})}
	after, err := token.parse(in.GetPageToken())
	if err != nil {
		return nil, err
	}
	query := metadataQuery(in)
	query.After = after
	page, err := o.server.archive.Overseen(ctx, wanted(o.server.directory.Oversees(caller.Organisation), in.GetFilter()), query)
	if err != nil {
		return nil, err
	}
	if err := o.allow(caller, len(page.IDs)); err != nil {
		return nil, err
	}
	audited, err := o.server.sequencer.Audit(ctx, caller, liaisonv1.AuditScope_AUDIT_SCOPE_LIST, page.IDs...)
	if err != nil {
		return nil, err
	}
	out := &liaisonv1.ListRequestMetadataResponse{}
	for _, a := range audited {
		request, err := o.metadata(ctx, a)
		if err != nil {
			return nil, err
		}
		out.Requests = append(out.Requests, request)
		out.Checkpoint = a.Recorded.GetReceipt().GetCheckpoint() // one commit, and one checkpoint
	}
	if page.More {
		out.NextPageToken = token.format(page.Last)
	}
	return out, nil
}

// metadataQuery says in the store's words what a list asks for, but of whose requests.
func metadataQuery(in *liaisonv1.ListRequestMetadataRequest) store.RequestQuery {
	filter := in.GetFilter()
	q := store.RequestQuery{Limit: int(in.GetPageSize())}
	if q.Limit == 0 {
		q.Limit = defaultMetadataPage
	}
	for _, state := range filter.GetStates() {
		q.States = append(q.States, lifecycle.State(state))
	}
	if from := filter.GetCreatedFrom(); from != nil {
		q.CreatedFrom = from.AsTime()
	}
	if before := filter.GetCreatedBefore(); before != nil {
		q.CreatedBefore = before.AsTime()
	}
	return q
}

// wanted returns those of the overseen parties that a filter leaves, each with the
// counterparty that the filter names, if it names one.
func wanted(overseen []resource.Organisation, filter *liaisonv1.OversightFilter) map[resource.Organisation]resource.Organisation {
	parties := make(map[resource.Organisation]resource.Organisation, len(overseen))
	for _, party := range overseen {
		own, other := filter.GetAuthority(), filter.GetPlatform()
		if party.Collection() == resource.Platforms {
			own, other = other, own
		}
		if own != "" && own != party.String() {
			continue
		}
		counterparty, _ := resource.ParseOrganisation(other) // the contract's rules let nothing else through
		parties[party] = counterparty
	}
	return parties
}

// ListEventMetadata implements the contract.
func (o *oversightService) ListEventMetadata(ctx context.Context, in *liaisonv1.ListEventMetadataRequest) (*liaisonv1.ListEventMetadataResponse, error) {
	audited, err := o.access(ctx, in.GetRequest(), liaisonv1.AuditScope_AUDIT_SCOPE_EVENTS)
	if err != nil {
		return nil, err
	}
	limit := int(in.GetPageSize())
	if limit == 0 {
		limit = defaultEventMetadataPage
	}
	limit = max(limit, 2) // each page leaves an event of its own
	page, checkpoint, more, err := o.server.archive.Prove(ctx, audited.ID, resource.Seq(in.GetAfterSequence()), audited.Last(), limit)
	if err != nil {
		return nil, err
	}
	out := &liaisonv1.ListEventMetadataResponse{Checkpoint: checkpoint, More: more}
	for _, p := range page {
		out.Events = append(out.Events, proved(p))
	}
	return out, nil
}
