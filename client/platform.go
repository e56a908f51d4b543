package client

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/internal/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Platform is what a platform does with the requests it is asked, step by step.
// PlatformWorker does most of it by itself.
type Platform struct {
	Reader
	steps liaisonv1.PlatformServiceClient
}

// NewPlatform makes a Platform that works over a connection.
func NewPlatform(conn grpc.ClientConnInterface) *Platform {
	return &Platform{Reader: newReader(conn), steps: liaisonv1.NewPlatformServiceClient(conn)}
}

// Acknowledge confirms that the platform has the request.
func (c *Platform) Acknowledge(ctx context.Context, name string, acknowledgement *liaisonv1.Acknowledgement, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.AcknowledgeRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Acknowledgement: acknowledgement}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.AcknowledgeRequest(ctx, in)
	return out.GetEvent(), err
}

// Ask asks the authority something.
func (c *Platform) Ask(ctx context.Context, name string, clarification *liaisonv1.Clarification, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.AskClarificationRequest{Name: name, Etag: s.etag, RequestId: s.id, Clarification: clarification}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.AskClarification(ctx, in)
	return out.GetEvent(), err
}

// Object objects to the request.
func (c *Platform) Object(ctx context.Context, name string, objection *liaisonv1.Objection, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ObjectToRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Objection: objection}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ObjectToRequest(ctx, in)
	return out.GetEvent(), err
}

// Refuse refuses the request as a whole.
func (c *Platform) Refuse(ctx context.Context, name string, refusal *liaisonv1.Refusal, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.RefuseRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Refusal: refusal}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.RefuseRequest(ctx, in)
	return out.GetEvent(), err
}

// ConfirmPreservation confirms that what was to be preserved is kept.
func (c *Platform) ConfirmPreservation(ctx context.Context, name string, confirmation *liaisonv1.PreservationConfirmation, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ConfirmPreservationRequest{Name: name, Etag: s.etag, RequestId: s.id, Confirmation: confirmation}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ConfirmPreservation(ctx, in)
	return out.GetEvent(), err
}

// Answer gives the answer or a part of it. It reads the request first and does not
// send an answer that says more than was asked: ErrAnswerOutOfScope names what.
func (c *Platform) Answer(ctx context.Context, name string, answer *liaisonv1.Answer, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.AnswerRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Answer: answer}
	if err := check(in); err != nil {
		return nil, err
	}
	request, err := c.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	// In any other state the hub's own word, which names the state, says more.
	if request.GetState() == liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED ||
		request.GetState() == liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED {
		err := fromScope(scope.CheckAnswer(request.GetSpec(), request.GetAnsweredSelectors(), answer))
		if err != nil && !errors.Is(err, ErrAlreadyAnswered) { // that may be this very call, repeated
			return nil, err
		}
	}
	out, err := c.steps.AnswerRequest(ctx, in)
	return out.GetEvent(), err
}
