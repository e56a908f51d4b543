package client

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// hubQuestions asks a hub what is needed to check it. It implements verify.Hub.
type hubQuestions struct {
	ledger    liaisonv1.LedgerServiceClient
	requests  liaisonv1.RequestServiceClient
	directory liaisonv1.DirectoryServiceClient
}

// ConsistencyProof implements verify.Hub.
func (h *hubQuestions) ConsistencyProof(ctx context.Context, from, to int64) (proof, edge [][]byte, err error) {
	out, err := h.ledger.GetConsistencyProof(ctx, &liaisonv1.GetConsistencyProofRequest{FromSize: uint64(from), ToSize: uint64(to)})
	if status.Code(err) == codes.InvalidArgument {
		return nil, nil, verify.ErrNoTree
	}
	return out.GetHashes(), out.GetEdge(), err
}

// Statements implements verify.Hub.
func (h *hubQuestions) Statements(ctx context.Context, request string, skip int) ([]*liaisonv1.Envelope, error) {
	out, err := h.requests.ListStatements(ctx, &liaisonv1.ListStatementsRequest{Name: request, Skip: int32(skip)})
	if status.Code(err) == codes.NotFound {
		return nil, nil // it gives none
	}
	return out.GetStatements(), err
}

// RevocationLists implements verify.Hub.
func (h *hubQuestions) RevocationLists(ctx context.Context, organisation string) (string, error) {
	name, err := resource.ParseOrganisation(organisation)
	if err != nil {
		return "", err
	}
	o, err := h.organisation(ctx, name)
	return o.GetRevocationLists(), err
}

// organisation returns an organisation's entry in the directory.
func (h *hubQuestions) organisation(ctx context.Context, name resource.Organisation) (*liaisonv1.Organisation, error) {
	switch name.Collection() {
	case resource.Authorities:
		out, err := h.directory.GetAuthority(ctx, &liaisonv1.GetAuthorityRequest{Name: name.String()})
		return out.GetAuthority().GetOrganisation(), err
	case resource.Oversight:
		out, err := h.directory.GetOversightBody(ctx, &liaisonv1.GetOversightBodyRequest{Name: name.String()})
		return out.GetOversightBody().GetOrganisation(), err
	default:
		out, err := h.directory.GetPlatform(ctx, &liaisonv1.GetPlatformRequest{Name: name.String()})
		return out.GetPlatform().GetOrganisation(), err
	}
}

// typed makes the end of a caller's own context the *Error that a call would end with.
// Everything else stays what it is.
func typed(err error) error {
	var known *Error
	if errors.As(err, &known) || errors.Is(err, verify.ErrNotKept) || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fromStatus(status.FromContextError(err).Err())
}
