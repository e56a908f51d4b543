package server

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.PlatformServiceServer = (*platformService)(nil)

// platformService is what platforms do with the requests they are asked.
type platformService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafePlatformServiceServer

	server *Server
}

// AcknowledgeRequest implements the contract.
func (p *platformService) AcknowledgeRequest(ctx context.Context, in *liaisonv1.AcknowledgeRequestRequest) (*liaisonv1.AcknowledgeRequestResponse, error) {
	r, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: orEmpty(in.GetAcknowledgement())}})
	return &liaisonv1.AcknowledgeRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AskClarification implements the contract.
func (p *platformService) AskClarification(ctx context.Context, in *liaisonv1.AskClarificationRequest) (*liaisonv1.AskClarificationResponse, error) {
	r, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationAsked{ClarificationAsked: in.GetClarification()}})
	return &liaisonv1.AskClarificationResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ObjectToRequest implements the contract.
func (p *platformService) ObjectToRequest(ctx context.Context, in *liaisonv1.ObjectToRequestRequest) (*liaisonv1.ObjectToRequestResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Objected{Objected: in.GetObjection()}},
	}, lifecycle.StepObject)
	return &liaisonv1.ObjectToRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// RefuseRequest implements the contract.
func (p *platformService) RefuseRequest(ctx context.Context, in *liaisonv1.RefuseRequestRequest) (*liaisonv1.RefuseRequestResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Refused{Refused: in.GetRefusal()}},
	}, lifecycle.StepRefuse)
	return &liaisonv1.RefuseRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ConfirmPreservation implements the contract.
func (p *platformService) ConfirmPreservation(ctx context.Context, in *liaisonv1.ConfirmPreservationRequest) (*liaisonv1.ConfirmPreservationResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_PreservationConfirmed{PreservationConfirmed: orEmpty(in.GetConfirmation())}},
	}, lifecycle.StepConfirmPreservation)
	return &liaisonv1.ConfirmPreservationResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AskMoreTime implements the contract.
func (p *platformService) AskMoreTime(ctx context.Context, in *liaisonv1.AskMoreTimeRequest) (*liaisonv1.AskMoreTimeResponse, error) {
	r, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeAsked{MoreTimeAsked: in.GetWish()}})
	return &liaisonv1.AskMoreTimeResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// ConfirmDeletion implements the contract.
func (p *platformService) ConfirmDeletion(ctx context.Context, in *liaisonv1.ConfirmDeletionRequest) (*liaisonv1.ConfirmDeletionResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_DeletionAttested{DeletionAttested: orEmpty(in.GetAttestation())}},
	}, lifecycle.StepAttestDeletion)
	return &liaisonv1.ConfirmDeletionResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// RecallAnswer implements the contract.
func (p *platformService) RecallAnswer(ctx context.Context, in *liaisonv1.RecallAnswerRequest) (*liaisonv1.RecallAnswerResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerRecalled{AnswerRecalled: in.GetRecall()}},
	}, lifecycle.StepRecall)
	return &liaisonv1.RecallAnswerResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// RecordNotice implements the contract.
func (p *platformService) RecordNotice(ctx context.Context, in *liaisonv1.RecordNoticeRequest) (*liaisonv1.RecordNoticeResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_NoticeGiven{NoticeGiven: orEmpty(in.GetNotice())}},
	}, lifecycle.StepNotify)
	return &liaisonv1.RecordNoticeResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AnswerRequest implements the contract. The event holds the answer's manifest,
// which the sequencer writes or the platform has signed; the answer itself is kept
// beside it.
func (p *platformService) AnswerRequest(ctx context.Context, in *liaisonv1.AnswerRequestRequest) (*liaisonv1.AnswerRequestResponse, error) {
	event := &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{}}}
	if in.GetAnswer().GetFinal() {
		event.Detail = &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{}}
	}
	r, err := p.server.signedStep(ctx, in, sequencer.Step{Event: event, Answer: in.GetAnswer(), Content: in.GetContent()},
		lifecycle.StepAnswerPart, lifecycle.StepAnswerFinal)
	return &liaisonv1.AnswerRequestResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// MaintainObjection implements the contract.
func (p *platformService) MaintainObjection(ctx context.Context, in *liaisonv1.MaintainObjectionRequest) (*liaisonv1.MaintainObjectionResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_ObjectionMaintained{ObjectionMaintained: in.GetMaintenance()}},
	}, lifecycle.StepMaintain)
	return &liaisonv1.MaintainObjectionResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}

// AcceptCourtDecision implements the contract.
func (p *platformService) AcceptCourtDecision(ctx context.Context, in *liaisonv1.AcceptCourtDecisionRequest) (*liaisonv1.AcceptCourtDecisionResponse, error) {
	r, err := p.server.signedStep(ctx, in, sequencer.Step{
		Event: saying(&liaisonv1.Statement{Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: in.GetDecision()}}),
	}, lifecycle.StepDecide)
	return &liaisonv1.AcceptCourtDecisionResponse{Event: r.GetEvent(), Receipt: r.GetReceipt()}, err
}
