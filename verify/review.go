package verify

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
func inReviewersFeed(request *liaisonv1.Request, r *Entry) bool {
	want := ""
	if lifecycle.VisibleToPlatform(record.Life(request)) {
		want = request.GetSpec().GetReviewer()
	}
	return r.Event.GetReviewer() == want && (r.leaf.ReviewerIndex != 0) == (want != "")
}

// checkReview checks the time that a reviewer has: the hub keeps that clock, but it does not
// set it. How a platform's working days fall this side need not know: no day that counts is
// earlier than one of the calendar.
func (c *Case) checkReview(e *liaisonv1.Event, spec *liaisonv1.RequestSpec) error {
	got := e.GetClocks().GetReviewEndTime()
	delivered := e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED && (e.GetFiled() != nil || e.GetApproved() != nil)
	if !delivered || spec.GetReviewer() == "" {
		was := c.Request.GetClocks().GetReviewEndTime()
		spoken := e.GetReviewObjected() != nil || e.GetReviewRefused() != nil || e.GetReviewCleared() != nil || e.GetReviewLapsed() != nil
		switch {
		case got == nil && (was == nil || spoken || !deadline.Reviewable(e.GetState())):
			return nil
		case got == nil || was == nil || spoken || !got.AsTime().Equal(was.AsTime()):
			return distrust(e, ErrTime, "the time that the reviewer has does not change")
		default:
			return nil
		}
	}
	if got == nil {
		return distrust(e, ErrTime, "the reviewer has no time")
	}
	at, end := e.GetCreateTime().AsTime(), got.AsTime()
	if record.Emergency(spec) {
		if !end.Equal(at.Add(deadline.ReviewInEmergencies)) {
			return distrust(e, ErrTime, "a reviewer has "+deadline.ReviewInEmergencies.String()+" in an emergency")
		}
		return nil
	}
	days, err := calendar.Every(spec.GetCalendar().GetTimeZone())
	if err != nil {
		return distrust(e, ErrTime, err.Error())
	}
	earliest := days.After(at, deadline.ReviewDays)
	if end.Before(earliest) || spec.GetCalendar().GetDays() != liaisonv1.DayKind_DAY_KIND_WORKING && !end.Equal(earliest) {
		return distrust(e, ErrTime, "a reviewer has ten days")
	}
	return nil
}

// checkDecision holds a decision against what there was to decide, and against who recorded
// it: of a party it needs the ruling of a court.
func (c *Case) checkDecision(e *liaisonv1.Event, d *liaisonv1.DisputeDecision) error {
	actor, err := identity.ParseID(e.GetActor())
	if err != nil {
		return err
	}
	independent := actor.Role == lifecycle.Reviewer
	if len(scope.DecidedOn(c.Request, independent)) == 0 {
		return errors.New("there was nothing to decide")
	}
	return scope.CheckDecision(c.Request, d, independent)
}
