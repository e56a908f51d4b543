package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/sequencer"
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
	event, err := a.server.submit(ctx, in, in.GetRequestId(), sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: in.GetSpec()}}},
	})
	return &liaisonv1.FileRequestResponse{Event: event}, err
}

// ApproveRequest implements the contract.
func (a *authorityService) ApproveRequest(ctx context.Context, in *liaisonv1.ApproveRequestRequest) (*liaisonv1.ApproveRequestResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Approved{Approved: orEmpty(in.GetApproval())}}, nil)
	return &liaisonv1.ApproveRequestResponse{Event: event}, err
}

// RejectRequest implements the contract.
func (a *authorityService) RejectRequest(ctx context.Context, in *liaisonv1.RejectRequestRequest) (*liaisonv1.RejectRequestResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Rejected{Rejected: in.GetRejection()}}, nil)
	return &liaisonv1.RejectRequestResponse{Event: event}, err
}

// ReplyToClarification implements the contract.
func (a *authorityService) ReplyToClarification(ctx context.Context, in *liaisonv1.ReplyToClarificationRequest) (*liaisonv1.ReplyToClarificationResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationReplied{ClarificationReplied: in.GetReply()}}, nil)
	return &liaisonv1.ReplyToClarificationResponse{Event: event}, err
}

// AmendRequest implements the contract.
func (a *authorityService) AmendRequest(ctx context.Context, in *liaisonv1.AmendRequestRequest) (*liaisonv1.AmendRequestResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Amended{Amended: in.GetAmendment()}}, nil)
	return &liaisonv1.AmendRequestResponse{Event: event}, err
}

// UpholdRequest implements the contract.
func (a *authorityService) UpholdRequest(ctx context.Context, in *liaisonv1.UpholdRequestRequest) (*liaisonv1.UpholdRequestResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Upheld{Upheld: in.GetUpholding()}}, nil)
	return &liaisonv1.UpholdRequestResponse{Event: event}, err
}

// WithdrawRequest implements the contract.
func (a *authorityService) WithdrawRequest(ctx context.Context, in *liaisonv1.WithdrawRequestRequest) (*liaisonv1.WithdrawRequestResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Withdrawn{Withdrawn: in.GetWithdrawal()}}, nil)
	return &liaisonv1.WithdrawRequestResponse{Event: event}, err
}

// ValidateEmergency implements the contract.
func (a *authorityService) ValidateEmergency(ctx context.Context, in *liaisonv1.ValidateEmergencyRequest) (*liaisonv1.ValidateEmergencyResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_EmergencyValidated{EmergencyValidated: orEmpty(in.GetValidation())}}, nil)
	return &liaisonv1.ValidateEmergencyResponse{Event: event}, err
}

// ExtendPreservation implements the contract.
func (a *authorityService) ExtendPreservation(ctx context.Context, in *liaisonv1.ExtendPreservationRequest) (*liaisonv1.ExtendPreservationResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_PreservationExtended{PreservationExtended: in.GetExtension()}}, nil)
	return &liaisonv1.ExtendPreservationResponse{Event: event}, err
}

// ConfirmReceipt implements the contract.
func (a *authorityService) ConfirmReceipt(ctx context.Context, in *liaisonv1.ConfirmReceiptRequest) (*liaisonv1.ConfirmReceiptResponse, error) {
	event, err := a.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ReceiptConfirmed{ReceiptConfirmed: orEmpty(in.GetReceipt())}}, nil)
	return &liaisonv1.ConfirmReceiptResponse{Event: event}, err
}
