package client

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Maintain signs that the platform maintains its objection, after the authority has upheld
// the request against it. Nothing is handed over then until it is decided.
func (c *Platform) Maintain(ctx context.Context, name string, maintenance *liaisonv1.ObjectionMaintenance, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.MaintainObjectionRequest{
		Name: name, Form: &liaisonv1.MaintainObjectionRequest_Maintenance{Maintenance: maintenance},
	}, c.steps.MaintainObjection, options)
}

// RecordCourtDecision signs and records a court's decision that went against the platform, in
// whole or in part.
func (c *Platform) RecordCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	if decision.GetOutcome() == liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED {
		return nil, otherSide("must be DECISION_OUTCOME_OVERRULED or DECISION_OUTCOME_SUSTAINED_IN_PART: a decision that went against the authority is the authority's to record")
	}
	return take(ctx, c.reader, &liaisonv1.DecideDisputeRequest{
		Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision},
	}, c.steps.RecordCourtDecision, options)
}

// RecordCourtDecision signs and records a court's decision that went against the authority.
func (c *Authority) RecordCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	if decision.GetOutcome() != liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED {
		return nil, otherSide("must be DECISION_OUTCOME_SUSTAINED: a decision that went against the platform is the platform's to record")
	}
	return take(ctx, c.reader, &liaisonv1.DecideDisputeRequest{
		Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision},
	}, c.steps.RecordCourtDecision, options)
}

// otherSide is the error of a decision that is not this side's to record.
func otherSide(description string) error {
	return fromScope(&scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: "decision.outcome", Description: description}}})
}
