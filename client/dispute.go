package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Maintain signs that the platform maintains its objection, after the authority has upheld
// the request against it. Nothing is handed over then until it is decided.
func (c *Platform) Maintain(ctx context.Context, name string, maintenance *liaisonv1.ObjectionMaintenance, options ...StepOption) (*liaisonv1.Event, error) {
	return takeSigned(ctx, c.Reader, name, options, func(s step) *liaisonv1.MaintainObjectionRequest {
		return &liaisonv1.MaintainObjectionRequest{Name: name, Etag: s.etag, RequestId: s.id, Maintenance: maintenance}
	}, c.steps.MaintainObjection, &liaisonv1.Statement{Detail: &liaisonv1.Statement_ObjectionMaintained{ObjectionMaintained: maintenance}})
}

// AcceptCourtDecision signs and records a court's decision that went against the platform, in
// whole or in part.
func (c *Platform) AcceptCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	return takeSigned(ctx, c.Reader, name, options, func(s step) *liaisonv1.AcceptCourtDecisionRequest {
		return &liaisonv1.AcceptCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Decision: decision}
	}, c.steps.AcceptCourtDecision, &liaisonv1.Statement{Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: decision}})
}

// RecordCourtDecision signs and records a court's decision that went against the authority.
func (c *Authority) RecordCourtDecision(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	return takeSigned(ctx, c.Reader, name, options, func(s step) *liaisonv1.RecordCourtDecisionRequest {
		return &liaisonv1.RecordCourtDecisionRequest{Name: name, Etag: s.etag, RequestId: s.id, Decision: decision}
	}, c.steps.RecordCourtDecision, &liaisonv1.Statement{Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: decision}})
}
