package sequencer

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A step may be decided again, where another process has written first: what the hub
// completes must not be left in it.
func TestWhatTheHubCompletesStaysOutOfTheStep(t *testing.T) {
	request := &liaisonv1.Request{Spec: &liaisonv1.RequestSpec{}}
	for _, test := range []struct {
		name      string
		step      Step
		completed func(e *liaisonv1.Event) bool
	}{
		{"the manifest of an answer in part", Step{Answer: &liaisonv1.Answer{}, Event: &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{
			PartiallyAnswered: &liaisonv1.AnswerManifest{},
		}}}, func(e *liaisonv1.Event) bool { return e.GetPartiallyAnswered().GetPart() == 1 }},
		{"the manifest of the last answer", Step{Answer: &liaisonv1.Answer{Final: true}, Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{
			Answered: &liaisonv1.AnswerManifest{},
		}}}, func(e *liaisonv1.Event) bool { return e.GetAnswered().GetPart() == 1 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := proto.CloneOf(test.step.Event)
			event := &liaisonv1.Event{Detail: test.step.Event.GetDetail()}
			_ = checkContent(event, request, test.step, time.Now()) // a part of nothing is refused, once it is completed
			if !test.completed(event) {
				t.Errorf("not completed: %v", event)
			}
			if !proto.Equal(test.step.Event, before) {
				t.Errorf("the step is %v, and was %v", test.step.Event, before)
			}
		})
	}
}
