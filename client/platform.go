package client

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Platform is what a platform does with the requests it is asked, step by step.
// PlatformWorker does most of it by itself.
type Platform struct {
	reader
	steps liaisonv1.PlatformServiceClient
}

// Platform returns what an agent of a platform works with, step by step.
func (c *Conn) Platform() *Platform {
	return &Platform{reader: newReader(c, verify.Platform), steps: liaisonv1.NewPlatformServiceClient(c.grpc)}
}

// Acknowledge confirms that the platform has the request.
func (c *Platform) Acknowledge(ctx context.Context, name string, acknowledgement *liaisonv1.Acknowledgement, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: acknowledgement}, c.steps.AcknowledgeRequest, options)
}

// Ask asks the authority something.
func (c *Platform) Ask(ctx context.Context, name string, clarification *liaisonv1.Clarification, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.AskClarificationRequest{Name: name, Clarification: clarification}, c.steps.AskClarification, options)
}

// Object objects to the request.
func (c *Platform) Object(ctx context.Context, name string, objection *liaisonv1.Objection, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ObjectToRequestRequest{
		Name: name, Form: &liaisonv1.ObjectToRequestRequest_Objection{Objection: objection},
	}, c.steps.ObjectToRequest, options)
}

// Refuse refuses the request as a whole.
func (c *Platform) Refuse(ctx context.Context, name string, refusal *liaisonv1.Refusal, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.RefuseRequestRequest{
		Name: name, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal},
	}, c.steps.RefuseRequest, options)
}

// ConfirmPreservation confirms that what was to be preserved is kept.
func (c *Platform) ConfirmPreservation(ctx context.Context, name string, confirmation *liaisonv1.PreservationConfirmation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ConfirmPreservationRequest{
		Name: name, Form: &liaisonv1.ConfirmPreservationRequest_Confirmation{Confirmation: confirmation},
	}, c.steps.ConfirmPreservation, options)
}

// AskMoreTime asks the authority for more time. The clock runs on until it is granted.
func (c *Platform) AskMoreTime(ctx context.Context, name string, wanted *liaisonv1.MoreTime, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.AskMoreTimeRequest{Name: name, MoreTime: wanted}, c.steps.AskMoreTime, options)
}

// AttestDeletion states that the platform has deleted what it had gathered for a request
// that was withdrawn or has lapsed, or what it recalled.
func (c *Platform) AttestDeletion(ctx context.Context, name string, attestation *liaisonv1.DeletionAttestation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.AttestDeletionRequest{
		Name: name, Form: &liaisonv1.AttestDeletionRequest_Attestation{Attestation: attestation},
	}, c.steps.AttestDeletion, options)
}

// Recall takes parts of the answer back that were wrong. What they dealt with is to be
// answered again.
func (c *Platform) Recall(ctx context.Context, name string, recall *liaisonv1.Recall, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.RecallAnswerRequest{
		Name: name, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: recall},
	}, c.steps.RecallAnswer, options)
}

// RecordNotice states that the person concerned was told.
func (c *Platform) RecordNotice(ctx context.Context, name string, notice *liaisonv1.Notice, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.RecordNoticeRequest{
		Name: name, Form: &liaisonv1.RecordNoticeRequest_Notice{Notice: notice},
	}, c.steps.RecordNotice, options)
}

// Answer seals the answer, or a part of it, to those whom the request names, signs and
// gives it. It reads the request first and does not send an answer that says more than
// was asked: ErrAnswerOutOfScope names what; or of what is barred: ErrSelectorBarred. While
// the reviewer may object still nothing is handed over: ErrReviewPending.
func (c *Platform) Answer(ctx context.Context, name string, answer *liaisonv1.Answer, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := c.newStep(options)
	if err != nil {
		return nil, err
	}
	if err := check(&liaisonv1.AnswerRequestRequest{
		Name: name, Call: s.call(), Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: answer},
	}); err != nil {
		return nil, err
	}
	return c.signing(ctx, s, name, func(read *verify.Case) (*liaisonv1.Event, error) {
		return c.answer(ctx, s, read, answer)
	})
}

// answer gives an answer to a request that was read.
func (c *Platform) answer(ctx context.Context, s step, read *verify.Case, answer *liaisonv1.Answer) (*liaisonv1.Event, error) {
	request := read.Request
	// In any other state the hub's own word, which names the state, says more.
	if request.GetState() == liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED ||
		request.GetState() == liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED {
		err := scope.CheckAnswer(request.GetSpec(), request.GetAnsweredSelectors(), answer)
		if err == nil {
			err = scope.CheckBarred(request.GetBarredSelectors(), answer)
		}
		err = fromScope(err)
		if err != nil && !(s.given && errors.Is(err, ErrAlreadyAnswered)) { // that may be this very call, repeated
			return nil, err
		}
	}
	content, encoding, err := contentOf(answer, request.GetSpec().GetAnswerRecipients())
	if err != nil {
		return nil, err
	}
	if err := checkContentSize(content); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(content)
	signed := statementOn(read.Request, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Answered{Answered: &liaisonv1.AnswerStatement{
		Platform:      request.GetSpec().GetPlatform(),
		FilingSha256:  request.GetFilingSha256(),
		Manifest:      scope.Manifest(answer, request.GetAnswerParts()+1),
		Encoding:      encoding,
		ContentSha256: digest[:],
	}}})
	return c.sendSigned(ctx, s, read, signed, func(envelope *liaisonv1.Envelope) (*liaisonv1.Recorded, error) {
		return c.steps.AnswerRequest(ctx, &liaisonv1.AnswerRequestRequest{
			Name: request.GetName(), Call: s.call(), Form: &liaisonv1.AnswerRequestRequest_Signed{Signed: envelope}, Content: content,
		})
	})
}

// Given returns the parts of the answer that were given so far, and not recalled. What was
// sealed is not opened: the platform has no key for it.
func (c *Platform) Given(ctx context.Context, name string) ([]*liaisonv1.AnswerPart, error) {
	return c.ours(ctx, name)
}
