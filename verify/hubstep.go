package verify

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// checkHubStep checks a step that the hub took by itself: that it is this hub, and that
// its time had come. A hub that ends an emergency or a preservation early would have
// answers deleted, or evidence lost.
func (c *Case) checkHubStep(e *liaisonv1.Event, actor identity.Caller) error {
	if actor.ID.TrustDomain().Name() != c.verifier.HubName() {
		return distrust(e, ErrSigner, "its actor is not the hub")
	}
	var due *timestamppb.Timestamp
	switch e.GetDetail().(type) {
	case *liaisonv1.Event_Purged:
		return c.verifier.checkPurge(e, c.outline)
	case *liaisonv1.Event_Lapsed:
		due = c.Request.GetClocks().GetValidationDueTime()
	case *liaisonv1.Event_HandedOver, *liaisonv1.Event_HandOverEnded:
		return nil // checkHandOvers sees to it
	case *liaisonv1.Event_Expired:
		if len(c.Request.GetHandedOverTo()) == 0 {
			due = c.Request.GetPreservedUntil()
		}
	case *liaisonv1.Event_DeadlineMissed:
		due = c.Request.GetClocks().GetAnswerDueTime()
	case *liaisonv1.Event_NoticeDelayEnded:
		due = c.Request.GetSpec().GetConfidentiality().GetSilence().GetEndTime()
	case *liaisonv1.Event_ReviewLapsed:
		due = c.Request.GetClocks().GetReviewEndTime()
	case *liaisonv1.Event_DeadlineNear:
		due = c.Request.GetClocks().GetWarningTime()
	}
	if due == nil || e.GetCreateTime().AsTime().Before(due.AsTime()) {
		return distrust(e, ErrTime, "the hub took it before its time")
	}
	return nil
}

// checkValidation checks the time within which an emergency must be validated: the hub
// keeps that clock, but it does not set it.
func (c *Case) checkValidation(e *liaisonv1.Event) error {
	want := c.Request.GetClocks().GetValidationDueTime()
	if e.GetFiled() != nil && record.Emergency(e.GetFiled().GetSpec()) {
		want = timestamppb.New(e.GetCreateTime().AsTime().Add(deadline.Validation))
	}
	got := e.GetClocks().GetValidationDueTime()
	if got != nil && (want == nil || !got.AsTime().Equal(want.AsTime())) || got == nil && e.GetFiled() != nil && want != nil {
		return distrust(e, ErrTime, "an emergency is validated within "+deadline.Validation.Round(time.Hour).String()+" from its filing")
	}
	return nil
}
