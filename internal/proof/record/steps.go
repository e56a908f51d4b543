package record

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var (
	details = (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail")
	steps   = must(stepsOf(details, lifecycle.Steps()))
)

// must stops the program with a sentence where the contract and the lifecycle do not fit:
// one of them has what the other lacks.
func must[T any](made T, err error) T {
	if err != nil {
		panic("record: " + err.Error())
	}
	return made
}

// stepsOf finds the step of each of an event's details, by the number of its field: the one
// whose word is the field's name.
func stepsOf(details protoreflect.OneofDescriptor, all []lifecycle.Step) (map[protoreflect.FieldNumber]lifecycle.Step, error) {
	words := make(map[protoreflect.Name]lifecycle.Step, len(all))
	for _, step := range all {
		words[nameOf(step)] = step
	}
	steps := make(map[protoreflect.FieldNumber]lifecycle.Step, len(all))
	for i := range details.Fields().Len() {
		field := details.Fields().Get(i)
		step, known := words[field.Name()]
		if !known {
			return nil, fmt.Errorf("the oneof Event.detail has %s, and the lifecycle no step whose word is %s", field.Name(), strings.ToUpper(string(field.Name())))
		}
		delete(words, field.Name())
		steps[field.Number()] = step
	}
	for name, step := range words {
		return nil, fmt.Errorf("the lifecycle has the step %s, and Event.detail no field %s", step, name)
	}
	return steps, nil
}

// nameOf returns the name of the field of Event.detail that a step is recorded in.
func nameOf(step lifecycle.Step) protoreflect.Name {
	return protoreflect.Name(strings.ToLower(step.String()))
}

// StepOf returns which step an event's detail is; zero, which the lifecycle refuses, if the
// event has none.
func StepOf(e *liaisonv1.Event) lifecycle.Step {
	field := e.ProtoReflect().WhichOneof(details)
	if field == nil {
		return 0
	}
	return steps[field.Number()]
}

// DetailOf describes what a step says: the message in its field of Event.detail.
func DetailOf(step lifecycle.Step) protoreflect.MessageDescriptor {
	field := details.Fields().ByName(nameOf(step))
	if field == nil {
		return nil
	}
	return field.Message()
}
