package deadline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// plainDays counts every day as 24 hours.
type plainDays struct{}

func (plainDays) After(from time.Time, n int) time.Time {
	return from.Add(time.Duration(n) * 24 * time.Hour)
}
func (plainDays) Resume(due, stopped, resumed time.Time) time.Time {
	return due.Add(resumed.Sub(stopped))
}

var (
	terms = deadline.Terms{Days: plainDays{}}
	epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// words are the states' as the contract has them, without the prefix.
func state(word string) liaisonv1.RequestState {
	return liaisonv1.RequestState(liaisonv1.RequestState_value["REQUEST_STATE_"+word])
}

// life is a request whose clocks are followed from event to event.
type life struct {
	request *liaisonv1.Request
	urgency liaisonv1.Urgency
	terms   deadline.Terms
}

// step takes a step so many hours after the epoch, which leads to a state.
func (l *life) step(hours float64, to string, detail *liaisonv1.Event) *liaisonv1.Clocks {
	e := proto.CloneOf(detail)
	e.CreateTime = timestamppb.New(at(hours))
	e.State, e.Urgency = state(to), l.urgency
	clocks := deadline.After(l.request, e, l.terms)
	if l.request == nil {
		l.request = &liaisonv1.Request{}
	}
	if wish := e.GetMoreTimeAsked(); wish != nil {
		l.request.MoreTimeAsked = wish.GetUntilTime()
	}
	l.request.Clocks, l.request.State = clocks, e.GetState()
	return clocks
}

func at(hours float64) time.Time { return epoch.Add(time.Duration(hours * float64(time.Hour))) }

func stamp(hours float64) *timestamppb.Timestamp { return timestamppb.New(at(hours)) }

var (
	filed     = &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{}}}
	approved  = &liaisonv1.Event{Detail: &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{}}}
	taken     = &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}}}
	asked     = &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationAsked{ClarificationAsked: &liaisonv1.Clarification{}}}
	replied   = &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationReplied{ClarificationReplied: &liaisonv1.ClarificationReply{}}}
	answered  = &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{}}}
	withdrawn = &liaisonv1.Event{Detail: &liaisonv1.Event_Withdrawn{Withdrawn: &liaisonv1.Withdrawal{}}}
	validated = &liaisonv1.Event{Detail: &liaisonv1.Event_EmergencyValidated{EmergencyValidated: &liaisonv1.EmergencyValidation{}}}
	missed    = &liaisonv1.Event{Detail: &liaisonv1.Event_DeadlineMissed{DeadlineMissed: &liaisonv1.DeadlineMiss{}}}
	warned    = &liaisonv1.Event{Detail: &liaisonv1.Event_DeadlineNear{DeadlineNear: &liaisonv1.DeadlineWarning{}}}
	recalled  = &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerRecalled{AnswerRecalled: &liaisonv1.Recall{}}}
	granted   = &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeGranted{MoreTimeGranted: &liaisonv1.MoreTimeGrant{}}}
)

func wish(hours float64) *liaisonv1.Event {
	return &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeAsked{MoreTimeAsked: &liaisonv1.MoreTime{UntilTime: stamp(hours)}}}
}

// moment is a step of a table, and the clocks that it is to leave.
type moment struct {
	hours  float64
	to     string
	detail *liaisonv1.Event
	want   *liaisonv1.Clocks
	next   float64 // when the hub has something to do; none if negative
}

func TestClocks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		urgency liaisonv1.Urgency
		terms   deadline.Terms
		moments []moment
	}{{
		name: "ten days run from the approval, and end with the answer", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "AWAITING_APPROVAL", filed, nil, -1},
			{10, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(250), WarningTime: stamp(202)}, 202},
			{20, "ACKNOWLEDGED", taken, &liaisonv1.Clocks{AnswerDueTime: stamp(250), WarningTime: stamp(202)}, 202},
			{30, "ANSWERED", answered, nil, -1},
		},
	}, {
		name: "the clock stands while the authority owes a reply", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{100, "CLARIFICATION_NEEDED", asked, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(100)}, -1},
			{400, "ACKNOWLEDGED", replied, &liaisonv1.Clocks{AnswerDueTime: stamp(540), WarningTime: stamp(492)}, 492},
		},
	}, {
		name: "a warning comes once, and then the deadline", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{192, "FILED", warned, &liaisonv1.Clocks{AnswerDueTime: stamp(240)}, 240},
			{240, "FILED", missed, &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
			{250, "ANSWERED", answered, &liaisonv1.Clocks{MissedTime: stamp(240)}, -1},
		},
	}, {
		name: "what was missed does not stand still", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{240, "FILED", missed, &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
			{300, "CLARIFICATION_NEEDED", asked, &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
			{400, "ACKNOWLEDGED", replied, &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
		},
	}, {
		name: "time that was granted can be missed again", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{240, "FILED", missed, &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
			{250, "FILED", wish(350), &liaisonv1.Clocks{AnswerDueTime: stamp(240), MissedTime: stamp(240)}, -1},
			{300, "FILED", granted, &liaisonv1.Clocks{AnswerDueTime: stamp(350), WarningTime: stamp(340), MissedTime: stamp(240)}, 340},
			{350, "FILED", missed, &liaisonv1.Clocks{AnswerDueTime: stamp(350), MissedTime: stamp(350)}, -1},
		},
	}, {
		name: "time that is granted while the clock stands begins to stand", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{10, "FILED", wish(300), &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{20, "OBJECTED", asked, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(20)}, -1},
			{100, "OBJECTED", granted, &liaisonv1.Clocks{AnswerDueTime: stamp(300), WarningTime: stamp(260), StopTime: stamp(100)}, -1},
			{110, "ACKNOWLEDGED", replied, &liaisonv1.Clocks{AnswerDueTime: stamp(310), WarningTime: stamp(270)}, 270},
		},
	}, {
		name: "what is recalled while the clock stands is owed for no longer than an answer", urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192)}, 192},
			{20, "CLARIFICATION_NEEDED", asked, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(20)}, -1},
			{100, "CLARIFICATION_NEEDED", recalled, &liaisonv1.Clocks{AnswerDueTime: stamp(340), WarningTime: stamp(292), StopTime: stamp(100)}, -1},
			{110, "PARTIALLY_ANSWERED", replied, &liaisonv1.Clocks{AnswerDueTime: stamp(350), WarningTime: stamp(302)}, 302},
		},
	}, {
		name: "an emergency has eight hours, and two days to be validated", urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
		moments: []moment{
			{0, "FILED", filed, &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6.4), ValidationDueTime: stamp(48)}, 6.4},
			{1, "ANSWERED", answered, &liaisonv1.Clocks{ValidationDueTime: stamp(48)}, 48},
			{2, "CLOSED", answered, &liaisonv1.Clocks{ValidationDueTime: stamp(48)}, 48},
			{47, "CLOSED", validated, nil, -1},
		},
	}, {
		name: "what is withdrawn does not lapse", urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
		moments: []moment{
			{0, "FILED", filed, &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6.4), ValidationDueTime: stamp(48)}, 6.4},
			{1, "WITHDRAWN", withdrawn, nil, -1},
		},
	}, {
		name: "a platform can have agreed otherwise", urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
		terms: deadline.Terms{Days: plainDays{}, EmergencyHours: 2},
		moments: []moment{
			{0, "FILED", filed, &liaisonv1.Clocks{AnswerDueTime: stamp(2), WarningTime: stamp(1.6), ValidationDueTime: stamp(48)}, 1.6},
		},
	}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := &life{urgency: test.urgency, terms: test.terms}
			if l.terms.Days == nil {
				l.terms = terms
			}
			for i, m := range test.moments {
				if diff := cmp.Diff(m.want, l.step(m.hours, m.to, m.detail), protocmp.Transform()); diff != "" {
					t.Fatalf("step %d (-want +got):\n%s", i+1, diff)
				}
				want := time.Time{}
				if m.next >= 0 {
					want = at(m.next)
				}
				if got := deadline.Next(l.request); !got.Equal(want) {
					t.Fatalf("step %d: next at %v, want %v", i+1, got, want)
				}
			}
		})
	}
}

func TestWhatTheHubHasToDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		request *liaisonv1.Request
		hours   float64
		want    lifecycle.Step
	}{
		{"nothing yet", &liaisonv1.Request{State: state("FILED"), Clocks: &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6)}}, 5.9, 0},
		{"warn, at the moment itself", &liaisonv1.Request{State: state("FILED"), Clocks: &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6)}}, 6, lifecycle.StepWarn},
		{"not warn of what is missed", &liaisonv1.Request{State: state("FILED"), Clocks: &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6)}}, 9, lifecycle.StepMiss},
		{"not while the clock stands", &liaisonv1.Request{State: state("OBJECTED"), Clocks: &liaisonv1.Clocks{AnswerDueTime: stamp(8), StopTime: stamp(1)}}, 9, 0},
		{"lapse, before all else", &liaisonv1.Request{State: state("FILED"), Clocks: &liaisonv1.Clocks{AnswerDueTime: stamp(8), ValidationDueTime: stamp(48)}}, 48, lifecycle.StepLapse},
		{"lapse what was refused", &liaisonv1.Request{State: state("REFUSED"), Clocks: &liaisonv1.Clocks{ValidationDueTime: stamp(48)}}, 49, lifecycle.StepLapse},
		{"end the delay of notice, though all else has ended", &liaisonv1.Request{State: state("CLOSED"), Clocks: &liaisonv1.Clocks{NoticeTime: stamp(60)}}, 60, lifecycle.StepEndNoticeDelay},
		{"expire", &liaisonv1.Request{State: state("PRESERVED"), PreservedUntil: stamp(100)}, 100, lifecycle.StepExpire},
		{"not expire what was withdrawn", &liaisonv1.Request{State: state("WITHDRAWN"), PreservedUntil: stamp(100)}, 101, 0},
		{"nothing about a request without clocks", &liaisonv1.Request{State: state("FILED")}, 1e6, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := deadline.Due(test.request, at(test.hours)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// The hub looks at a request when Next says; there must be something to do then, once,
// and nothing before.
func TestNextIsWhenSomethingIsDue(t *testing.T) {
	t.Parallel()
	optional := func(t *rapid.T, name string) *timestamppb.Timestamp {
		if hours := rapid.IntRange(-20, 100).Draw(t, name); hours >= 0 {
			return stamp(float64(hours))
		}
		return nil
	}
	rapid.Check(t, func(t *rapid.T) {
		r := &liaisonv1.Request{
			State:          liaisonv1.RequestState(rapid.SampledFrom(lifecycle.States()).Draw(t, "state")),
			PreservedUntil: optional(t, "preserved until"),
			Clocks: &liaisonv1.Clocks{
				AnswerDueTime: optional(t, "due"), WarningTime: optional(t, "warning"), StopTime: optional(t, "stopped"),
				MissedTime: optional(t, "missed"), ValidationDueTime: optional(t, "validation"),
				NoticeTime: optional(t, "notice"),
			},
		}
		next := deadline.Next(r)
		if next.IsZero() {
			if step := deadline.Due(r, at(1e6)); step != 0 {
				t.Fatalf("%s is due some time, and Next says never", step)
			}
			return
		}
		if step := deadline.Due(r, next.Add(-time.Nanosecond)); step != 0 {
			t.Fatalf("%s is due before %v", step, next)
		}
		if deadline.Due(r, next) == 0 {
			t.Fatalf("nothing is due at %v", next)
		}
	})
}
