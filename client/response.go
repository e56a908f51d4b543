package client

import (
	"context"
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Response is what a platform's handler decides: made by Answer, PartialAnswer,
// PreparedAnswer, Question, Objection, Refusal, Preserved or Later.
type Response interface {
	// give takes the step at the hub.
	give(ctx context.Context, p *Platform, name string, options ...StepOption) error
}

type responseFunc func(ctx context.Context, p *Platform, name string, options ...StepOption) error

func (f responseFunc) give(ctx context.Context, p *Platform, name string, options ...StepOption) error {
	return f(ctx, p, name, options...)
}

// Answer answers what is not yet answered: with it, every selector has one
// finding. The screening says whether the platform knows of protected people among those
// whom the findings are about: NoneProtected or Protected.
func Answer(screening *liaisonv1.Screening, findings ...*liaisonv1.Finding) Response {
	return PreparedAnswer(&liaisonv1.Answer{Final: true, Screening: screening, Findings: findings})
}

// PartialAnswer answers some selectors. The handler is called again for the rest.
func PartialAnswer(screening *liaisonv1.Screening, findings ...*liaisonv1.Finding) Response {
	return PreparedAnswer(&liaisonv1.Answer{Screening: screening, Findings: findings})
}

// NoneProtected states that the platform has looked into it, and knows of no journalists,
// lawyers, doctors or other protected people among those whom its findings are about.
func NoneProtected() *liaisonv1.Screening {
	return &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN}
}

// Protected states that the platform knows of protected people among those whom its findings
// are about, of which professions, and how it looked into it. The findings about them are
// withheld, on a ground of privilege or press.
func Protected(explanation string, professions ...liaisonv1.ProtectedProfession) *liaisonv1.Screening {
	return &liaisonv1.Screening{
		Result: liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN, Professions: professions, Explanation: explanation,
	}
}

// PreparedAnswer gives an answer that is made already, such as one with a note. Its Final
// says whether it deals with all that is not yet answered.
func PreparedAnswer(answer *liaisonv1.Answer) Response {
	return responseFunc(func(ctx context.Context, p *Platform, name string, options ...StepOption) error {
		_, err := p.Answer(ctx, name, answer, options...)
		return err
	})
}

// Question asks the authority something, about some selectors or, if none is named, about
// the whole. The handler is called again when it has replied.
func Question(text string, selectorIDs ...string) Response {
	return responseFunc(func(ctx context.Context, p *Platform, name string, options ...StepOption) error {
		_, err := p.Ask(ctx, name, &liaisonv1.Clarification{Question: text, SelectorIds: selectorIDs}, options...)
		return err
	})
}

// Objection objects to the request, or to some of its selectors. The handler is called
// again when the authority has narrowed or upheld it.
func Objection(objection *liaisonv1.Objection) Response {
	return responseFunc(func(ctx context.Context, p *Platform, name string, options ...StepOption) error {
		_, err := p.Object(ctx, name, objection, options...)
		return err
	})
}

// Refusal refuses the request as a whole.
func Refusal(grounds ...*liaisonv1.Ground) Response {
	return responseFunc(func(ctx context.Context, p *Platform, name string, options ...StepOption) error {
		_, err := p.Refuse(ctx, name, &liaisonv1.Refusal{Grounds: grounds}, options...)
		return err
	})
}

// Preserved confirms that what was to be preserved is kept.
func Preserved(confirmation *liaisonv1.PreservationConfirmation) Response {
	return responseFunc(func(ctx context.Context, p *Platform, name string, options ...StepOption) error {
		_, err := p.ConfirmPreservation(ctx, name, confirmation, options...)
		return err
	})
}

// Later does nothing now. The handler is called again after the pause, or when
// something happens to the request: while people look into it, say.
func Later(pause time.Duration) Response { return later(pause) }

type later time.Duration

func (later) give(context.Context, *Platform, string, ...StepOption) error { return nil }
