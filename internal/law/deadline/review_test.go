package deadline_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAReviewHasATimeOfItsOwn follows requests that name a reviewer: nobody's time to hand
// over runs while nothing may be handed over.
func TestAReviewHasATimeOfItsOwn(t *testing.T) {
	t.Parallel()
	var (
		cleared  = &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewCleared{ReviewCleared: &liaisonv1.ReviewClearing{}}}
		lapsed   = &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewLapsed{ReviewLapsed: &liaisonv1.ReviewLapse{}}}
		objected = &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewObjected{ReviewObjected: &liaisonv1.ReviewObjection{}}}
		refused  = &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewRefused{ReviewRefused: &liaisonv1.ReviewObjection{}}}
		upheld   = &liaisonv1.Event{Detail: &liaisonv1.Event_Upheld{Upheld: &liaisonv1.Upholding{}}}
		decided  = &liaisonv1.Event{Detail: &liaisonv1.Event_DisputeDecided{DisputeDecided: &liaisonv1.DisputeDecision{}}}
	)
	routine, emergency := liaisonv1.Urgency_URGENCY_ROUTINE, liaisonv1.Urgency_URGENCY_EMERGENCY
	for _, test := range []struct {
		name    string
		kind    liaisonv1.RequestKind
		urgency liaisonv1.Urgency
		terms   deadline.Terms
		moments []moment
	}{{
		name: "the clock stands until the reviewer has spoken", urgency: routine,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{10, "ACKNOWLEDGED", taken, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{100, "ACKNOWLEDGED", cleared, &liaisonv1.Clocks{AnswerDueTime: stamp(340), WarningTime: stamp(292)}, 292},
		},
	}, {
		name: "or until its time has passed, whatever the two have agreed", urgency: routine, terms: deadline.Terms{Days: plainDays{}, RoutineDays: 5},
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(120), WarningTime: stamp(96), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{240, "FILED", lapsed, &liaisonv1.Clocks{AnswerDueTime: stamp(360), WarningTime: stamp(336)}, 336},
		},
	}, {
		name: "96 hours in an emergency", urgency: emergency,
		moments: []moment{
			{0, "FILED", filed, &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6.4), StopTime: stamp(0), ReviewEndTime: stamp(96), ValidationDueTime: stamp(48)}, 48},
			{1, "FILED", validated, &liaisonv1.Clocks{AnswerDueTime: stamp(8), WarningTime: stamp(6.4), StopTime: stamp(0), ReviewEndTime: stamp(96)}, 96},
			{2, "FILED", objected, &liaisonv1.Clocks{AnswerDueTime: stamp(10), WarningTime: stamp(8.4)}, 8.4},
		},
	}, {
		name: "a request to preserve hands nothing over, and its clock runs", urgency: routine, kind: liaisonv1.RequestKind_REQUEST_KIND_PRESERVE,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), ReviewEndTime: stamp(240)}, 192},
			{10, "PRESERVED", taken, &liaisonv1.Clocks{ReviewEndTime: stamp(240)}, 240},
		},
	}, {
		name: "a question does not move it, and a refusal ends it", urgency: routine,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{20, "CLARIFICATION_NEEDED", asked, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{30, "REFUSED", refused, nil, -1},
		},
	}, {
		name: "the clock stands in a dispute", urgency: routine,
		moments: []moment{
			{0, "FILED", approved, &liaisonv1.Clocks{AnswerDueTime: stamp(240), WarningTime: stamp(192), StopTime: stamp(0), ReviewEndTime: stamp(240)}, 240},
			{10, "FILED", cleared, &liaisonv1.Clocks{AnswerDueTime: stamp(250), WarningTime: stamp(202)}, 202},
			{20, "IN_DISPUTE", upheld, &liaisonv1.Clocks{AnswerDueTime: stamp(250), WarningTime: stamp(202), StopTime: stamp(20)}, -1},
			{120, "ACKNOWLEDGED", decided, &liaisonv1.Clocks{AnswerDueTime: stamp(350), WarningTime: stamp(302)}, 302},
		},
	}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.terms.Days == nil {
				test.terms = terms
			}
			spec := &liaisonv1.RequestSpec{Reviewer: "oversight/commissioner", Kind: test.kind}
			l := &life{request: &liaisonv1.Request{Spec: spec}, urgency: test.urgency, terms: test.terms}
			for _, m := range test.moments {
				detail := proto.CloneOf(m.detail)
				if detail.GetFiled() != nil {
					detail.GetFiled().Spec = spec
				}
				if got := l.step(m.hours, m.to, detail); !proto.Equal(got, m.want) {
					t.Errorf("after %v hours the clocks are\n%v, wanted\n%v", m.hours, got, m.want)
				}
				next := time.Time{}
				if m.next >= 0 {
					next = at(m.next)
				}
				if got := deadline.Next(l.request); !got.Equal(next) {
					t.Errorf("after %v hours the hub looks at %v, wanted %v", m.hours, got, next)
				}
			}
		})
	}
	l := &life{request: &liaisonv1.Request{Spec: &liaisonv1.RequestSpec{Reviewer: "oversight/commissioner"}}, urgency: routine, terms: terms}
	l.step(0, "FILED", approved)
	if got := deadline.Due(l.request, at(239)); got != 0 {
		t.Errorf("before the time it is due to %s", got)
	}
	if got := deadline.Due(l.request, at(240)); got != lifecycle.StepReviewLapse {
		t.Errorf("at the time it is due to %s", got)
	}
}
