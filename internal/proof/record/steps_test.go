package record

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestTheProgramStopsWhereContractAndLifecycleDoNotFit leaves each step out once, and adds one
// that the contract does not have.
func TestTheProgramStopsWhereContractAndLifecycleDoNotFit(t *testing.T) {
	all := lifecycle.Steps()
	for i, step := range all {
		less := append(append([]lifecycle.Step{}, all[:i]...), all[i+1:]...)
		if _, err := stepsOf(details, less); err == nil || !strings.Contains(err.Error(), step.String()) {
			t.Errorf("without the step %s: %v", step, err)
		}
	}
	if _, err := stepsOf(details, append(all, lifecycle.Step(200))); err == nil || !strings.Contains(err.Error(), "Step(200)") {
		t.Errorf("with a step that the contract does not have: %v", err)
	}
}

// TestWhatTakesNoStepHasNoForm: a message that says nothing, or two things, or has no signed
// form where there is one, takes no step.
func TestWhatTakesNoStepHasNoForm(t *testing.T) {
	for _, m := range []protoreflect.ProtoMessage{&liaisonv1.GetRequestRequest{}, &liaisonv1.Event{}, &liaisonv1.Filing{}, &liaisonv1.GetRequestResponse{}} {
		if form, err := formOf(m.ProtoReflect().Descriptor()); err == nil {
			t.Errorf("%s has the form %v", m.ProtoReflect().Descriptor().Name(), form)
		}
	}
}
