package lifecycle_test

import (
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

func TestWhichStepsMoveARequest(t *testing.T) {
	for _, c := range []struct {
		step  lifecycle.Step
		state lifecycle.State
		want  bool
	}{
		{lifecycle.StepFile, lifecycle.AwaitingApproval, true},
		{lifecycle.StepAcknowledge, lifecycle.Acknowledged, true},
		{lifecycle.StepAcknowledge, lifecycle.Answered, false},
		{lifecycle.StepReply, lifecycle.PartiallyAnswered, true},
		{lifecycle.StepAmend, lifecycle.AwaitingApproval, false},
		{lifecycle.StepAmend, lifecycle.Acknowledged, true}, // after an objection
		{lifecycle.StepOpen, lifecycle.Answered, false},
		{lifecycle.StepAudit, lifecycle.Acknowledged, false},
		{lifecycle.StepWarn, lifecycle.Filed, false},
		{0, lifecycle.Filed, false},
	} {
		if got := c.step.MayMoveTo(c.state); got != c.want {
			t.Errorf("%s may move to %s: %t, wanted %t", c.step, c.state, got, c.want)
		}
	}
}
