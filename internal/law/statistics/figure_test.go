package statistics

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEveryTimeAmongTheFiguresIsCounted leaves each out once, which must count as less. What
// those who subtract are given has each of them too.
func TestEveryTimeAmongTheFiguresIsCounted(t *testing.T) {
	all := &liaisonv1.Figures{Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED}
	m, at := all.ProtoReflect(), timestamppb.New(first.Start())
	var times []protoreflect.FieldDescriptor
	for i := range m.Descriptor().Fields().Len() {
		switch field := m.Descriptor().Fields().Get(i); {
		case field.Message() != at.ProtoReflect().Descriptor() || field.Name() == "first_answer_time": // for other readers
			continue
		case field.IsList():
			m.Mutable(field).List().Append(protoreflect.ValueOfMessage(at.ProtoReflect()))
			times = append(times, field)
		default:
			m.Set(field, protoreflect.ValueOfMessage(at.ProtoReflect()))
			times = append(times, field)
		}
	}
	all.AnswerTime = timestamppb.New(first.Start().Add(48 * time.Hour))
	counted := func(f *liaisonv1.Figures) *Tally {
		tally := NewTally()
		tally.Count("authorities/a", "platforms/x", f)
		return tally
	}
	drawn := &liaisonv1.Figures{}
	for seed := range 200 {
		proto.Merge(drawn, rapid.Custom(figures).Example(seed))
	}
	for _, field := range times {
		if !drawn.ProtoReflect().Has(field) {
			t.Errorf("nobody subtracts requests with Figures.%s", field.Name())
		}
		less := proto.CloneOf(all)
		less.ProtoReflect().Clear(field)
		if reflect.DeepEqual(counted(all), counted(less)) {
			t.Errorf("Count passes over Figures.%s", field.Name())
		}
	}
}

// TestEveryCountIsToldAndAttacked: a report sets each, and those who subtract are given it.
func TestEveryCountIsToldAndAttacked(t *testing.T) {
	five := &liaisonv1.Count{Figure: &liaisonv1.Count_Value{Value: 5}}
	told := NewTally().Release(last).Report(Period{From: first, Before: last}, "", "").ProtoReflect()
	for i := range told.Descriptor().Fields().Len() {
		field := told.Descriptor().Fields().Get(i)
		if field.Message() != five.ProtoReflect().Descriptor() {
			continue
		}
		if !told.Has(field) {
			t.Errorf("a report does not tell %s", field.Name())
		}
		only := &liaisonv1.TransparencyReport{}
		only.ProtoReflect().Set(field, protoreflect.ValueOfMessage(five.ProtoReflect()))
		var values []int64
		for _, value := range shown(only) {
			values = append(values, value)
		}
		if field.Name() != "people_affected" && !slices.Contains(values, 5) { // rounded, and in no lots
			t.Errorf("nobody subtracts %s", field.Name())
		}
	}
}
