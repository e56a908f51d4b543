package server

import (
	"context"
	"encoding/base64"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.DirectoryServiceServer = (*directoryService)(nil)

// directoryService is who takes part.
type directoryService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeDirectoryServiceServer

	server *Server
}

// defaultParticipantPage is a page's size where the caller names none, as the
// contract says.
const defaultParticipantPage = 20

// GetAuthority implements the contract.
func (d *directoryService) GetAuthority(ctx context.Context, in *liaisonv1.GetAuthorityRequest) (*liaisonv1.GetAuthorityResponse, error) {
	entry, err := d.entry(in.GetName())
	return &liaisonv1.GetAuthorityResponse{Authority: authorityFor(callerFrom(ctx), entry.GetAuthority())}, err
}

// authorityFor returns an authority's entry as a caller is shown it: who approves is named to
// the authority itself, to platforms, which hold approvals against it, and to operators.
func authorityFor(caller identity.Caller, a *liaisonv1.Authority) *liaisonv1.Authority {
	own := caller.Organisation.String() == a.GetOrganisation().GetName()
	if own || caller.Role == lifecycle.Agent || caller.Role == lifecycle.Operator || len(a.GetFilingPolicy().GetApprovers()) == 0 {
		return a
	}
	shown := proto.CloneOf(a)
	shown.FilingPolicy.Approvers = nil
	return shown
}

// GetPlatform implements the contract.
func (d *directoryService) GetPlatform(_ context.Context, in *liaisonv1.GetPlatformRequest) (*liaisonv1.GetPlatformResponse, error) {
	entry, err := d.entry(in.GetName())
	return &liaisonv1.GetPlatformResponse{Platform: entry.GetPlatform()}, err
}

func (d *directoryService) entry(name string) (*directory.Entry, error) {
	organisation, err := resource.ParseOrganisation(name)
	if err != nil {
		return nil, err
	}
	return d.server.directory.Entry(organisation)
}

// GetOversightBody implements the contract.
func (d *directoryService) GetOversightBody(_ context.Context, in *liaisonv1.GetOversightBodyRequest) (*liaisonv1.GetOversightBodyResponse, error) {
	entry, err := d.entry(in.GetName())
	return &liaisonv1.GetOversightBodyResponse{OversightBody: entry.GetOversightBody()}, err
}

// ListAuthorities implements the contract.
func (d *directoryService) ListAuthorities(ctx context.Context, in *liaisonv1.ListAuthoritiesRequest) (*liaisonv1.ListAuthoritiesResponse, error) {
	page, next, err := d.page(resource.Authorities, in)
	out := &liaisonv1.ListAuthoritiesResponse{NextPageToken: next}
	for _, entry := range page {
		out.Authorities = append(out.Authorities, authorityFor(callerFrom(ctx), entry.GetAuthority()))
	}
	return out, err
}

// ListPlatforms implements the contract.
func (d *directoryService) ListPlatforms(_ context.Context, in *liaisonv1.ListPlatformsRequest) (*liaisonv1.ListPlatformsResponse, error) {
	page, next, err := d.page(resource.Platforms, in)
	out := &liaisonv1.ListPlatformsResponse{NextPageToken: next}
	for _, entry := range page {
		out.Platforms = append(out.Platforms, entry.GetPlatform())
	}
	return out, err
}

// page returns one page of a collection. Its token is the last entry's name: names
// do not change, so that pages neither skip nor repeat.
func (d *directoryService) page(collection resource.Collection, in interface {
	GetPageSize() int32
	GetPageToken() string
}) (page []*directory.Entry, next string, err error) {
	limit := int(in.GetPageSize())
	if limit == 0 {
		limit = defaultParticipantPage
	}
	after, err := base64.RawURLEncoding.Strict().DecodeString(in.GetPageToken())
	if err != nil {
		return nil, "", wire.ErrPageToken
	}
	if len(after) > 0 {
		last, err := resource.ParseOrganisation(string(after))
		if err != nil || last.Collection() != collection {
			return nil, "", wire.ErrPageToken
		}
	}
	page, more := d.server.directory.Page(collection, string(after), limit)
	if more {
		last := directory.Organisation(page[len(page)-1]).GetName()
		next = base64.RawURLEncoding.EncodeToString([]byte(last))
	}
	return page, next, nil
}

// RegisterParticipant implements the contract.
func (d *directoryService) RegisterParticipant(ctx context.Context, in *liaisonv1.RegisterParticipantRequest) (*liaisonv1.RegisterParticipantResponse, error) {
	organisation, err := d.server.directory.Register(ctx, in)
	return &liaisonv1.RegisterParticipantResponse{Organisation: organisation}, err
}

// UpdateParticipant implements the contract.
func (d *directoryService) UpdateParticipant(ctx context.Context, in *liaisonv1.UpdateParticipantRequest) (*liaisonv1.UpdateParticipantResponse, error) {
	entry := &directory.Entry{}
	switch p := in.GetParticipant().(type) {
	case *liaisonv1.UpdateParticipantRequest_Authority:
		entry.Participant = &liaisonv1.RegisterParticipantRequest_Authority{Authority: p.Authority}
	case *liaisonv1.UpdateParticipantRequest_Platform:
		entry.Participant = &liaisonv1.RegisterParticipantRequest_Platform{Platform: p.Platform}
	case *liaisonv1.UpdateParticipantRequest_OversightBody:
		entry.Participant = &liaisonv1.RegisterParticipantRequest_OversightBody{OversightBody: p.OversightBody}
	}
	organisation, err := d.server.directory.Update(ctx, entry)
	return &liaisonv1.UpdateParticipantResponse{Organisation: organisation}, err
}

// SuspendParticipant implements the contract.
func (d *directoryService) SuspendParticipant(ctx context.Context, in *liaisonv1.SuspendParticipantRequest) (*liaisonv1.SuspendParticipantResponse, error) {
	name, err := resource.ParseOrganisation(in.GetName())
	if err != nil {
		return nil, err
	}
	organisation, err := d.server.directory.Suspend(ctx, name, in.GetEtag(), in.GetResume(), in.GetReason())
	return &liaisonv1.SuspendParticipantResponse{Organisation: organisation}, err
}

// GetCountryPolicy implements the contract.
func (d *directoryService) GetCountryPolicy(_ context.Context, in *liaisonv1.GetCountryPolicyRequest) (*liaisonv1.GetCountryPolicyResponse, error) {
	return &liaisonv1.GetCountryPolicyResponse{Policy: d.server.directory.CountryPolicy(in.GetCountry())}, nil
}

// ListCountryPolicies implements the contract.
func (d *directoryService) ListCountryPolicies(context.Context, *liaisonv1.ListCountryPoliciesRequest) (*liaisonv1.ListCountryPoliciesResponse, error) {
	return &liaisonv1.ListCountryPoliciesResponse{Policies: d.server.directory.CountryPolicies()}, nil
}

// UpdateCountryPolicy implements the contract.
func (d *directoryService) UpdateCountryPolicy(ctx context.Context, in *liaisonv1.UpdateCountryPolicyRequest) (*liaisonv1.UpdateCountryPolicyResponse, error) {
	policy, err := d.server.directory.UpdateCountryPolicy(ctx, in.GetPolicy())
	return &liaisonv1.UpdateCountryPolicyResponse{Policy: policy}, err
}
