package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.AuthorityServiceServer = (*authorityService)(nil)

// authorityService is what authorities do with their requests.
type authorityService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeAuthorityServiceServer

	server *Server
}

// FileRequest implements the contract.
func (a *authorityService) FileRequest(ctx context.Context, in *liaisonv1.FileRequestRequest) (*liaisonv1.FileRequestResponse, error) {
	step := sequencer.Step{Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: in.GetSpec()}}}}
	if err := a.server.sign(ctx, in, &step, lifecycle.StepFile); err != nil {
		return nil, err
	}
	r, err := a.server.submit(ctx, in, in.GetRequestId(), step)
	return &liaisonv1.FileRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ApproveRequest implements the contract.
func (a *authorityService) ApproveRequest(ctx context.Context, in *liaisonv1.ApproveRequestRequest) (*liaisonv1.ApproveRequestResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Approved{Approved: orEmpty(in.GetApproval())}},
	}, lifecycle.StepApprove)
	return &liaisonv1.ApproveRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// RejectRequest implements the contract.
func (a *authorityService) RejectRequest(ctx context.Context, in *liaisonv1.RejectRequestRequest) (*liaisonv1.RejectRequestResponse, error) {
	r, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Rejected{Rejected: in.GetRejection()}})
	return &liaisonv1.RejectRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ReplyToClarification implements the contract.
func (a *authorityService) ReplyToClarification(ctx context.Context, in *liaisonv1.ReplyToClarificationRequest) (*liaisonv1.ReplyToClarificationResponse, error) {
	r, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationReplied{ClarificationReplied: in.GetReply()}})
	return &liaisonv1.ReplyToClarificationResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AmendRequest implements the contract.
func (a *authorityService) AmendRequest(ctx context.Context, in *liaisonv1.AmendRequestRequest) (*liaisonv1.AmendRequestResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Amended{Amended: in.GetAmendment()}},
	}, lifecycle.StepAmend)
	return &liaisonv1.AmendRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// UpholdRequest implements the contract.
func (a *authorityService) UpholdRequest(ctx context.Context, in *liaisonv1.UpholdRequestRequest) (*liaisonv1.UpholdRequestResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Upheld{Upheld: in.GetUpholding()}},
	}, lifecycle.StepUphold)
	return &liaisonv1.UpholdRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// WithdrawRequest implements the contract.
func (a *authorityService) WithdrawRequest(ctx context.Context, in *liaisonv1.WithdrawRequestRequest) (*liaisonv1.WithdrawRequestResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Withdrawn{Withdrawn: in.GetWithdrawal()}},
	}, lifecycle.StepWithdraw)
	return &liaisonv1.WithdrawRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ValidateEmergency implements the contract.
func (a *authorityService) ValidateEmergency(ctx context.Context, in *liaisonv1.ValidateEmergencyRequest) (*liaisonv1.ValidateEmergencyResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_EmergencyValidated{EmergencyValidated: orEmpty(in.GetValidation())}},
	}, lifecycle.StepValidateEmergency)
	return &liaisonv1.ValidateEmergencyResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ExtendPreservation implements the contract.
func (a *authorityService) ExtendPreservation(ctx context.Context, in *liaisonv1.ExtendPreservationRequest) (*liaisonv1.ExtendPreservationResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_PreservationExtended{PreservationExtended: in.GetExtension()}},
	}, lifecycle.StepExtendPreservation)
	return &liaisonv1.ExtendPreservationResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ConfirmReceipt implements the contract.
func (a *authorityService) ConfirmReceipt(ctx context.Context, in *liaisonv1.ConfirmReceiptRequest) (*liaisonv1.ConfirmReceiptResponse, error) {
	r, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ReceiptConfirmed{ReceiptConfirmed: orEmpty(in.GetReceipt())}})
	return &liaisonv1.ConfirmReceiptResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// GrantMoreTime implements the contract.
func (a *authorityService) GrantMoreTime(ctx context.Context, in *liaisonv1.GrantMoreTimeRequest) (*liaisonv1.GrantMoreTimeResponse, error) {
	r, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeGranted{MoreTimeGranted: orEmpty(in.GetGrant())}})
	return &liaisonv1.GrantMoreTimeResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// DeclineMoreTime implements the contract.
func (a *authorityService) DeclineMoreTime(ctx context.Context, in *liaisonv1.DeclineMoreTimeRequest) (*liaisonv1.DeclineMoreTimeResponse, error) {
	r, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeDeclined{MoreTimeDeclined: in.GetRefusal()}})
	return &liaisonv1.DeclineMoreTimeResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AttestDeletion implements the contract.
func (a *authorityService) AttestDeletion(ctx context.Context, in *liaisonv1.AttestDeletionRequest) (*liaisonv1.AttestDeletionResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_DeletionAttested{DeletionAttested: orEmpty(in.GetAttestation())}},
	}, lifecycle.StepAttestDeletion)
	return &liaisonv1.AttestDeletionResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// OpenAnswer implements the contract.
func (a *authorityService) OpenAnswer(ctx context.Context, in *liaisonv1.OpenAnswerRequest) (*liaisonv1.OpenAnswerResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerOpened{AnswerOpened: in.GetOpening()}},
	}, lifecycle.StepOpen)
	return &liaisonv1.OpenAnswerResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ConfirmRecall implements the contract.
func (a *authorityService) ConfirmRecall(ctx context.Context, in *liaisonv1.ConfirmRecallRequest) (*liaisonv1.ConfirmRecallResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_RecallConfirmed{RecallConfirmed: orEmpty(in.GetConfirmation())}},
	}, lifecycle.StepConfirmRecall)
	return &liaisonv1.ConfirmRecallResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// RecordCourtDecision implements the contract.
func (a *authorityService) RecordCourtDecision(ctx context.Context, in *liaisonv1.RecordCourtDecisionRequest) (*liaisonv1.RecordCourtDecisionResponse, error) {
	r, err := a.server.signedStep(ctx, in, sequencer.Step{
		Event: saying(&liaisonv1.Statement{Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: in.GetDecision()}}),
	}, lifecycle.StepSustain)
	return &liaisonv1.RecordCourtDecisionResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}
