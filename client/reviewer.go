package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Reviewer is what an independent body does with the requests that name it: it reads them
// and their events, and never an answer. Steps return the event that records them, after it
// is on the hub's disk.
type Reviewer struct {
	reader
	steps liaisonv1.ReviewServiceClient
}

// Reviewer returns what a reviewer of an oversight body works with.
func (c *Conn) Reviewer() *Reviewer {
	return &Reviewer{reader: newReader(c, verify.Reviewer), steps: liaisonv1.NewReviewServiceClient(c.grpc)}
}

// Object signs an objection to a request: to some of its selectors, or, where it names none,
// to the whole, which is refused by it. Only while the review is pending: ErrNothingPending.
func (c *Reviewer) Object(ctx context.Context, name string, objection *liaisonv1.ReviewObjection, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ObjectAsReviewerRequest{
		Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: objection},
	}, c.steps.ObjectAsReviewer, options)
}

// Clear signs that the body does not object: the platform may hand over at once. Only while
// the review is pending: ErrNothingPending.
func (c *Reviewer) Clear(ctx context.Context, name string, clearing *liaisonv1.ReviewClearing, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ClearRequestRequest{
		Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: clearing},
	}, c.steps.ClearRequest, options)
}

// Decide signs what becomes of an objection that is in dispute; or, where selectors are
// barred without a dispute, of which of them something may be handed over.
func (c *Reviewer) Decide(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.DecideDisputeRequest{
		Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision},
	}, c.steps.DecideDispute, options)
}
