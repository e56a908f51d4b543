package client

import (
	"errors"

	"github.com/liaison-protocol/liaison/internal/law/calendar"
	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// partyOf returns the organisation that somebody of a role has to be of to take a step on a
// request.
func partyOf(e *liaisonv1.Event, spec *liaisonv1.RequestSpec, role lifecycle.Role) string {
	switch role.Side() {
	case lifecycle.PlatformSide:
		return spec.GetPlatform()
	case lifecycle.OversightSide:
		return spec.GetReviewer()
	default:
		return e.GetAuthority()
	}
}

// inReviewersFeed says whether an event is in the feed of its request's reviewer if, and
// only if, the reviewer may know of it.
func inReviewersFeed(r *liaisonv1.Request, recorded *entry) bool {
	want := ""
	if lifecycle.VisibleToPlatform(record.Life(r)) {
		want = r.GetSpec().GetReviewer()
	}
	return recorded.event.GetReviewer() == want && (recorded.leaf.ReviewerIndex != 0) == (want != "")
}

// checkReview checks the time that a reviewer has: the hub keeps that clock, but it does not
// set it. How a platform's working days fall this side need not know: no day that counts is
// earlier than one of the calendar.
func (s *story) checkReview(e *liaisonv1.Event, spec *liaisonv1.RequestSpec) error {
	wrong := func(detail string) error {
		return &Distrust{Kind: ErrTime, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	got := e.GetClocks().GetReviewEndTime()
	delivered := e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED && (e.GetFiled() != nil || e.GetApproved() != nil)
	if !delivered || spec.GetReviewer() == "" {
		was := s.request.GetClocks().GetReviewEndTime()
		spoken := e.GetReviewObjected() != nil || e.GetReviewRefused() != nil || e.GetReviewCleared() != nil || e.GetReviewLapsed() != nil
		switch {
		case got == nil && (was == nil || spoken || !deadline.Reviewable(e.GetState())):
			return nil
		case got == nil || was == nil || spoken || !got.AsTime().Equal(was.AsTime()):
			return wrong("the time that the reviewer has does not change")
		default:
			return nil
		}
	}
	if got == nil {
		return wrong("the reviewer has no time")
	}
	at, end := e.GetCreateTime().AsTime(), got.AsTime()
	if record.Emergency(spec) {
		if !end.Equal(at.Add(deadline.ReviewInEmergencies)) {
			return wrong("a reviewer has " + deadline.ReviewInEmergencies.String() + " in an emergency")
		}
		return nil
	}
	days, err := calendar.Every(spec.GetCalendar().GetTimeZone())
	if err != nil {
		return wrong(err.Error())
	}
	earliest := days.After(at, deadline.ReviewDays)
	if end.Before(earliest) || spec.GetCalendar().GetDays() != liaisonv1.DayKind_DAY_KIND_WORKING && !end.Equal(earliest) {
		return wrong("a reviewer has ten days")
	}
	return nil
}

// checkDecision holds a decision against what there was to decide, and against who recorded
// it: of a party it needs the ruling of a court.
func (s *story) checkDecision(e *liaisonv1.Event, d *liaisonv1.DisputeDecision) error {
	actor, err := identity.ParseID(e.GetActor())
	if err != nil {
		return err
	}
	independent := actor.Role == lifecycle.Reviewer
	if len(scope.DecidedOn(s.request, independent)) == 0 {
		return errors.New("there was nothing to decide")
	}
	return scope.CheckDecision(s.request, d, independent)
}
