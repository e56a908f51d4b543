package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Maintain signs that the platform maintains its objection, after the authority has upheld
// the request against it. Nothing is handed over then until it is decided.
func (c *Platform) Maintain(ctx context.Context, name string, maintenance *liaisonv1.ObjectionMaintenance, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := c.newStep(options)
	if err != nil {
		return nil, err
	}
	if err := check(&liaisonv1.MaintainObjectionRequest{Name: name, Etag: s.etag, RequestId: s.id, Maintenance: maintenance}); err != nil {
		return nil, err
	}
	told, err := c.tell(ctx, name)
	if err != nil {
		return nil, err
	}
	signed := told.statement(&liaisonv1.Statement_ObjectionMaintained{ObjectionMaintained: maintenance})
	return c.takeSigned(ctx, s, told, signed, func(envelope *liaisonv1.Envelope) (taken, error) {
		return c.steps.MaintainObjection(ctx, &liaisonv1.MaintainObjectionRequest{Name: name, Etag: s.etag, RequestId: s.id, Signed: envelope})
	})
}

// AcceptCourtDecision signs and records a court's decision that went against the platform, in
// whole or in part.
func (c *Platform) AcceptCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := c.newStep(options)
	if err != nil {
		return nil, err
	}
	if err := check(&liaisonv1.AcceptCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Decision: decision}); err != nil {
		return nil, err
	}
	told, err := c.tell(ctx, name)
	if err != nil {
		return nil, err
	}
	signed := told.statement(&liaisonv1.Statement_DisputeDecided{DisputeDecided: decision})
	return c.takeSigned(ctx, s, told, signed, func(envelope *liaisonv1.Envelope) (taken, error) {
		return c.steps.AcceptCourtDecision(ctx, &liaisonv1.AcceptCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Signed: envelope})
	})
}

// RecordCourtDecision signs and records a court's decision that went against the authority.
func (c *Authority) RecordCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := c.newStep(options)
	if err != nil {
		return nil, err
	}
	if err := check(&liaisonv1.RecordCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Decision: decision}); err != nil {
		return nil, err
	}
	told, err := c.tell(ctx, name)
	if err != nil {
		return nil, err
	}
	signed := told.statement(&liaisonv1.Statement_DisputeDecided{DisputeDecided: decision})
	return c.takeSigned(ctx, s, told, signed, func(envelope *liaisonv1.Envelope) (taken, error) {
		return c.steps.RecordCourtDecision(ctx, &liaisonv1.RecordCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Signed: envelope})
	})
}
