package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.ReviewServiceServer = (*reviewService)(nil)

// reviewService is what reviewers do with the requests that name their body.
type reviewService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeReviewServiceServer

	server *Server
}

// saying returns the event of a step that came unsigned, as it would be of the signed one:
// which step it is depends on what it says.
func saying(s *liaisonv1.Statement) *liaisonv1.Event {
	e := &liaisonv1.Event{}
	statement.SetDetail(e, s)
	return e
}

// ObjectAsReviewer implements the contract.
func (v *reviewService) ObjectAsReviewer(ctx context.Context, in *liaisonv1.ObjectAsReviewerRequest) (*liaisonv1.ObjectAsReviewerResponse, error) {
	r, err := v.server.signedStep(ctx, in, sequencer.Step{
		Event: saying(&liaisonv1.Statement{Detail: &liaisonv1.Statement_ReviewObjected{ReviewObjected: in.GetObjection()}}),
	}, lifecycle.StepReviewObject, lifecycle.StepReviewRefuse)
	return &liaisonv1.ObjectAsReviewerResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ClearRequest implements the contract.
func (v *reviewService) ClearRequest(ctx context.Context, in *liaisonv1.ClearRequestRequest) (*liaisonv1.ClearRequestResponse, error) {
	r, err := v.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewCleared{ReviewCleared: orEmpty(in.GetClearing())}},
	}, lifecycle.StepReviewClear)
	return &liaisonv1.ClearRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// DecideDispute implements the contract.
func (v *reviewService) DecideDispute(ctx context.Context, in *liaisonv1.DecideDisputeRequest) (*liaisonv1.DecideDisputeResponse, error) {
	r, err := v.server.signedStep(ctx, in, sequencer.Step{
		Event: saying(&liaisonv1.Statement{Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: in.GetDecision()}}),
	}, lifecycle.StepDecide, lifecycle.StepSustain)
	return &liaisonv1.DecideDisputeResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}
