// Package deadline says by when what must happen to a request, and what the hub does when
// the time has come. It knows no clock: the same request, event and terms give the same
// times wherever they are worked out.
package deadline

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The times that hold unless a platform has agreed otherwise with an authority:
// Regulation (EU) 2023/1543 articles 10(3) and 10(4).
const (
	RoutineDays    = 10
	EmergencyHours = 8
)

// Validation is within what time a second person must vouch for an emergency:
// Regulation (EU) 2023/1543 article 4(5).
const Validation = 48 * time.Hour

// Within what time a reviewer may object: Regulation (EU) 2023/1543 articles 10(2) and 10(4).
// No agreement changes it.
const (
	ReviewDays          = 10
	ReviewInEmergencies = 96 * time.Hour
)

// Days are those by which a time in days is counted.
type Days interface {
	// After returns the end of the nth day that counts, behind the day of from.
	After(from time.Time, n int) time.Time
	// Resume returns a due time that is later by as long as its clock stood still.
	Resume(due, stopped, resumed time.Time) time.Time
}

// Terms are what a platform owes an authority.
type Terms struct {
	Days           Days
	RoutineDays    int // zero: [RoutineDays]
	EmergencyHours int // zero: [EmergencyHours]
}

// due returns by when a request that came before its platform at a time is to be answered.
func (t Terms) due(delivered time.Time, urgency liaisonv1.Urgency) time.Time {
	if urgency == liaisonv1.Urgency_URGENCY_EMERGENCY {
		return delivered.Add(time.Duration(or(t.EmergencyHours, EmergencyHours)) * time.Hour)
	}
	return t.Days.After(delivered, or(t.RoutineDays, RoutineDays))
}

// reviewed returns until when the reviewer of a request may object that came before its
// platform at a time.
func (t Terms) reviewed(delivered time.Time, urgency liaisonv1.Urgency) time.Time {
	if urgency == liaisonv1.Urgency_URGENCY_EMERGENCY {
		return delivered.Add(ReviewInEmergencies)
	}
	return t.Days.After(delivered, ReviewDays)
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// After returns the clocks of a request after an event; nil if none runs. The request is
// given as it was before the event, nil if that filed it, and the event with its time,
// state and detail.
func After(r *liaisonv1.Request, e *liaisonv1.Event, terms Terms) *liaisonv1.Clocks {
	c := &liaisonv1.Clocks{}
	if r.GetClocks() != nil {
		c = proto.CloneOf(r.GetClocks())
	}
	at := e.GetCreateTime().AsTime()
	delivered := e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED && (e.GetFiled() != nil || e.GetApproved() != nil)
	switch {
	case delivered:
		set(c, at, terms.due(at, e.GetUrgency()))
		if e.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
			c.ValidationDueTime = timestamppb.New(at.Add(Validation))
		}
		c.NoticeTime = noticeTime(r, e)
		if specOf(r, e).GetReviewer() != "" {
			c.ReviewEndTime = timestamppb.New(terms.reviewed(at, e.GetUrgency()))
		}
	case e.GetMoreTimeGranted() != nil:
		set(c, at, r.GetMoreTimeAsked().AsTime())
	case e.GetDeadlineNear() != nil:
		c.WarningTime = nil
	case e.GetDeadlineMissed() != nil:
		c.WarningTime, c.MissedTime = nil, c.GetAnswerDueTime()
	case e.GetAnswerRecalled() != nil:
		set(c, at, terms.due(at, e.GetUrgency())) // what is open again is owed again
	case e.GetNoticeDelayEnded() != nil, e.GetPurged() != nil:
		c.NoticeTime = nil
	case e.GetEmergencyValidated() != nil:
		c.ValidationDueTime = nil
	}
	if endsReview(e) || !Reviewable(e.GetState()) {
		c.ReviewEndTime = nil
	}
	// While nothing may be handed over nobody's time to hand over runs.
	suspended := c.ReviewEndTime != nil && specOf(r, e).GetKind() != liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
	run(c, e.GetState(), suspended, at, terms.Days)
	if !vouchable(e.GetState()) {
		c.ValidationDueTime = nil
	}
	if proto.Size(c) == 0 {
		return nil
	}
	return c
}

// specOf returns what is demanded when an event happens.
func specOf(r *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.RequestSpec {
	if filed := e.GetFiled(); filed != nil {
		return filed.GetSpec()
	}
	return r.GetSpec()
}

// endsReview says whether the reviewer has spoken, or its time has passed.
func endsReview(e *liaisonv1.Event) bool {
	return e.GetReviewObjected() != nil || e.GetReviewRefused() != nil || e.GetReviewCleared() != nil || e.GetReviewLapsed() != nil
}

// noticeTime returns from when the person concerned may be told, where that is delayed.
func noticeTime(r *liaisonv1.Request, e *liaisonv1.Event) *timestamppb.Timestamp {
	end := specOf(r, e).GetConfidentiality().GetSilence().GetEndTime()
	if end == nil || !end.AsTime().After(e.GetCreateTime().AsTime()) {
		return nil // there is no delay, or it is over before the platform hears of it
	}
	return end
}

// set gives the platform until due, from at on.
func set(c *liaisonv1.Clocks, at, due time.Time) {
	c.AnswerDueTime = timestamppb.New(due)
	c.WarningTime = timestamppb.New(at.Add(due.Sub(at) / 5 * 4).Truncate(time.Second))
	if c.StopTime != nil {
		c.StopTime = timestamppb.New(at) // what is given anew begins to stand still now
	}
}

// run stops the clock of the answer, lets it go on, or takes it away, as the state wants,
// and whether handing over is suspended. What was missed is missed: its clock does not stop
// any more.
func run(c *liaisonv1.Clocks, state liaisonv1.RequestState, suspended bool, at time.Time, days Days) {
	due := c.GetAnswerDueTime().AsTime()
	stands, runs := waiting(state) || owed(state) && suspended, owed(state) && !suspended
	switch {
	case !owed(state) && !waiting(state):
		c.AnswerDueTime, c.WarningTime, c.StopTime = nil, nil, nil
	case stands && c.StopTime == nil && at.Before(due):
		c.StopTime = timestamppb.New(at)
	case runs && c.StopTime != nil:
		stopped := c.GetStopTime().AsTime()
		c.AnswerDueTime = timestamppb.New(days.Resume(due, stopped, at))
		if c.WarningTime != nil {
			c.WarningTime = timestamppb.New(c.GetWarningTime().AsTime().Add(at.Sub(stopped)))
		}
		c.StopTime = nil
	}
}

// What a state wants is what the lifecycle lets be done in it.
var (
	answering = lifecycle.From(lifecycle.StepMiss)
	waited    = slices.Concat(lifecycle.From(lifecycle.StepReply), lifecycle.From(lifecycle.StepUphold), lifecycle.From(lifecycle.StepSustain))
	reviewed  = lifecycle.From(lifecycle.StepReviewClear)
	lapsing   = lifecycle.From(lifecycle.StepLapse)
)

// owed says whether the platform is to do something.
func owed(state liaisonv1.RequestState) bool {
	return slices.Contains(answering, lifecycle.State(state))
}

// waiting says whether the authority, a court or the reviewer is to do something before the
// platform can.
func waiting(state liaisonv1.RequestState) bool {
	return slices.Contains(waited, lifecycle.State(state))
}

// Reviewable says whether a review can be pending in the state.
func Reviewable(state liaisonv1.RequestState) bool {
	return slices.Contains(reviewed, lifecycle.State(state))
}

// vouchable says whether an emergency in the state may still lapse.
func vouchable(state liaisonv1.RequestState) bool {
	return slices.Contains(lapsing, lifecycle.State(state))
}

// Next returns when the hub has something to do about a request; the zero time if never.
func Next(r *liaisonv1.Request) time.Time {
	var next time.Time
	for _, d := range duties(r) {
		if !d.at.IsZero() && (next.IsZero() || d.at.Before(next)) {
			next = d.at
		}
	}
	return next
}

// Due returns the step that the hub has to take at a time, the gravest first; zero if
// there is none.
func Due(r *liaisonv1.Request, now time.Time) lifecycle.Step {
	for _, d := range duties(r) {
		if !d.at.IsZero() && !d.at.After(now) {
			return d.step
		}
	}
	return 0
}

// duty is a step that the hub has to take, and when; the zero time for never.
type duty struct {
	step lifecycle.Step
	at   time.Time
}

// duties returns what the hub has to do as the request stands, the gravest first.
func duties(r *liaisonv1.Request) [6]duty {
	c := r.GetClocks()
	due := [6]duty{
		{step: lifecycle.StepLapse}, {step: lifecycle.StepExpire}, {step: lifecycle.StepMiss}, {step: lifecycle.StepWarn},
		{step: lifecycle.StepEndNoticeDelay, at: timeOf(c.GetNoticeTime())},
		{step: lifecycle.StepReviewLapse, at: timeOf(c.GetReviewEndTime())},
	}
	due[0].at = timeOf(c.GetValidationDueTime())
	if r.GetState() == liaisonv1.RequestState_REQUEST_STATE_PRESERVED && len(r.GetHandedOverTo()) == 0 {
		due[1].at = timeOf(r.GetPreservedUntil())
	}
	if owed(r.GetState()) && c.GetStopTime() == nil {
		if missed := c.GetMissedTime(); missed == nil || missed.AsTime().Before(c.GetAnswerDueTime().AsTime()) {
			due[2].at = timeOf(c.GetAnswerDueTime())
		}
		due[3].at = timeOf(c.GetWarningTime())
	}
	return due
}

// timeOf returns the zero time for an absent one.
func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}
