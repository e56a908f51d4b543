package server

import (
	"context"

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
	event, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: orEmpty(in.GetAcknowledgement())}}, nil)
	return &liaisonv1.AcknowledgeRequestResponse{Event: event}, err
}

// AskClarification implements the contract.
func (p *platformService) AskClarification(ctx context.Context, in *liaisonv1.AskClarificationRequest) (*liaisonv1.AskClarificationResponse, error) {
	event, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationAsked{ClarificationAsked: in.GetClarification()}}, nil)
	return &liaisonv1.AskClarificationResponse{Event: event}, err
}

// ObjectToRequest implements the contract.
func (p *platformService) ObjectToRequest(ctx context.Context, in *liaisonv1.ObjectToRequestRequest) (*liaisonv1.ObjectToRequestResponse, error) {
	event, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Objected{Objected: in.GetObjection()}}, nil)
	return &liaisonv1.ObjectToRequestResponse{Event: event}, err
}

// RefuseRequest implements the contract.
func (p *platformService) RefuseRequest(ctx context.Context, in *liaisonv1.RefuseRequestRequest) (*liaisonv1.RefuseRequestResponse, error) {
	event, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_Refused{Refused: in.GetRefusal()}}, nil)
	return &liaisonv1.RefuseRequestResponse{Event: event}, err
}

// ConfirmPreservation implements the contract.
func (p *platformService) ConfirmPreservation(ctx context.Context, in *liaisonv1.ConfirmPreservationRequest) (*liaisonv1.ConfirmPreservationResponse, error) {
	event, err := p.server.step(ctx, in, &liaisonv1.Event{Detail: &liaisonv1.Event_PreservationConfirmed{PreservationConfirmed: orEmpty(in.GetConfirmation())}}, nil)
	return &liaisonv1.ConfirmPreservationResponse{Event: event}, err
}

// AnswerRequest implements the contract. The event holds the answer's manifest,
// which the sequencer writes; the answer itself is kept beside it.
func (p *platformService) AnswerRequest(ctx context.Context, in *liaisonv1.AnswerRequestRequest) (*liaisonv1.AnswerRequestResponse, error) {
	event := &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{}}}
	if in.GetAnswer().GetFinal() {
		event.Detail = &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{}}
	}
	recorded, err := p.server.step(ctx, in, event, in.GetAnswer())
	return &liaisonv1.AnswerRequestResponse{Event: recorded}, err
}
