package record

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The statistics and the oversight bodies are told of the same course of a request. What
// an event adds to it is read here for both, so that they cannot count in two ways.

// Named are grounds that an event names, and what for.
type Named struct {
	Use   liaisonv1.GroundUse
	Codes []liaisonv1.GroundCode
}

// Grounds returns the grounds that an event names. For an answer they are those on which
// findings are withheld, one for each.
func Grounds(e *liaisonv1.Event) Named {
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Objected:
		return named(liaisonv1.GroundUse_GROUND_USE_OBJECTION, d.Objected.GetGrounds())
	case *liaisonv1.Event_Refused:
		return named(liaisonv1.GroundUse_GROUND_USE_REFUSAL, d.Refused.GetGrounds())
	case *liaisonv1.Event_ReviewObjected:
		return named(liaisonv1.GroundUse_GROUND_USE_REVIEW, d.ReviewObjected.GetGrounds())
	case *liaisonv1.Event_ReviewRefused:
		return named(liaisonv1.GroundUse_GROUND_USE_REVIEW, d.ReviewRefused.GetGrounds())
	}
	withheld := Named{Use: liaisonv1.GroundUse_GROUND_USE_WITHHELD}
	for _, entry := range Answered(e).GetEntries() {
		if entry.GetOutcome() == liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD {
			withheld.Codes = append(withheld.Codes, entry.GetGround())
		}
	}
	return withheld
}

func named(use liaisonv1.GroundUse, grounds []*liaisonv1.Ground) Named {
	return Named{Use: use, Codes: scope.Codes(grounds)}
}

// Answered returns the manifest of the part of an answer that an event gives; nil if it
// gives none.
func Answered(e *liaisonv1.Event) *liaisonv1.AnswerManifest {
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_PartiallyAnswered:
		return d.PartiallyAnswered
	case *liaisonv1.Event_Answered:
		return d.Answered
	default:
		return nil
	}
}

// StoodStill returns for how long the clock of the answer had stood still when an event has
// it go on, or stand still anew, given the clocks before it.
func StoodStill(before *liaisonv1.Clocks, e *liaisonv1.Event) time.Duration {
	since := before.GetStopTime()
	if since == nil || proto.Equal(since, e.GetClocks().GetStopTime()) {
		return 0
	}
	return max(0, e.GetCreateTime().AsTime().Sub(since.AsTime()))
}
