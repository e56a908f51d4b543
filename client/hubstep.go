package client

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
func (s *story) checkHubStep(e *liaisonv1.Event, actor identity.Caller) error {
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	if actor.ID.TrustDomain().Name() != s.trust.ledger.key.Name() {
		return wrong(ErrSigner, "its actor is not the hub")
	}
	var due *timestamppb.Timestamp
	switch e.GetDetail().(type) {
	case *liaisonv1.Event_Purged:
		return s.trust.checkPurge(e, s.left)
	case *liaisonv1.Event_Lapsed:
		due = s.request.GetClocks().GetValidationDueTime()
	case *liaisonv1.Event_HandedOver, *liaisonv1.Event_HandOverEnded:
		return nil // checkHandOvers sees to it
	case *liaisonv1.Event_Expired:
		if len(s.request.GetHandedOverTo()) == 0 {
			due = s.request.GetPreservedUntil()
		}
	case *liaisonv1.Event_DeadlineMissed:
		due = s.request.GetClocks().GetAnswerDueTime()
	case *liaisonv1.Event_NoticeDelayEnded:
		due = s.request.GetSpec().GetConfidentiality().GetEndTime()
	case *liaisonv1.Event_ReviewLapsed:
		due = s.request.GetClocks().GetReviewEndTime()
	case *liaisonv1.Event_DeadlineNear:
		due = s.request.GetClocks().GetWarningTime()
	}
	if due == nil || e.GetCreateTime().AsTime().Before(due.AsTime()) {
		return wrong(ErrTime, "the hub took it before its time")
	}
	return nil
}

// checkValidation checks the time within which an emergency must be validated: the hub
// keeps that clock, but it does not set it.
func (s *story) checkValidation(e *liaisonv1.Event) error {
	want := s.request.GetClocks().GetValidationDueTime()
	if e.GetFiled() != nil && record.Emergency(e.GetFiled().GetSpec()) {
		want = timestampOf(e.GetCreateTime().AsTime().Add(deadline.Validation))
	}
	got := e.GetClocks().GetValidationDueTime()
	if got != nil && (want == nil || !got.AsTime().Equal(want.AsTime())) || got == nil && e.GetFiled() != nil && want != nil {
		return &Distrust{
			Kind: ErrTime, Request: e.GetRequest(), Sequence: e.GetSequence(),
			Detail: "an emergency is validated within " + deadline.Validation.Round(time.Hour).String() + " from its filing",
		}
	}
	return nil
}
