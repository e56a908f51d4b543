package sequencer

import (
	"errors"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrReviewPending says that nothing is handed over while the reviewer may object still.
type ErrReviewPending struct {
	Refusal *lifecycle.Refusal
	Until   time.Time
}

// Error says until when.
func (e *ErrReviewPending) Error() string {
	return fmt.Sprintf("%s; until %s, or until the reviewer has spoken", e.Refusal, e.Until.UTC().Format(time.RFC3339))
}

// Unwrap returns the lifecycle's refusal.
func (e *ErrReviewPending) Unwrap() error { return e.Refusal }

// refused tells a refusal of the lifecycle with what it does not know: until when.
func refused(r *liaisonv1.Request, err error) error {
	if refusal, ok := errors.AsType[*lifecycle.Refusal](err); ok && refusal.Reason == lifecycle.ReviewPending {
		return &ErrReviewPending{refusal, r.GetClocks().GetReviewEndTime().AsTime()}
	}
	return err
}

// checkDecision holds a decision against what there is to decide.
func checkDecision(r *liaisonv1.Request, d *liaisonv1.DisputeDecision, s Step) error {
	independent := s.Caller.Role == lifecycle.Reviewer
	if len(scope.DecidedOn(r, independent)) == 0 {
		return &lifecycle.Refusal{
			Reason: lifecycle.NothingPending, Step: record.StepOf(s.Event), State: lifecycle.State(r.GetState()),
			Role: s.Caller.Role, Kind: lifecycle.Kind(r.GetSpec().GetKind()),
		}
	}
	return scope.CheckDecision(r, d, independent)
}

// review spells out for the store by which reviewer a request and an event are found.
func review(entry *store.Entry, r *liaisonv1.Request) error {
	name := r.GetSpec().GetReviewer()
	if name == "" {
		return nil
	}
	reviewer, err := resource.ParseOrganisation(name)
	if err != nil {
		return fmt.Errorf("prepare a step for the store: %w", err)
	}
	entry.Request.Reviewer = reviewer
	if entry.Request.Visible {
		entry.Event.Reviewer = reviewer
	}
	return nil
}

// reviewerOf returns the reviewer in whose feed an event is, after which a request is as
// given; empty if it is in none.
func reviewerOf(after lifecycle.Request, spec *liaisonv1.RequestSpec) string {
	if !lifecycle.VisibleToPlatform(after) {
		return ""
	}
	return spec.GetReviewer()
}
