package record_test

import (
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEveryGroundThatAnEventNamesIsCounted, of every event of the contract that names some:
// neither the statistics nor an oversight body may miss one.
func TestEveryGroundThatAnEventNamesIsCounted(t *testing.T) {
	t.Parallel()
	const code = liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION
	naming := 0
	details := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range details.Len() {
		detail := details.Get(i)
		for j := range detail.Message().Fields().Len() {
			field := detail.Message().Fields().Get(j)
			if field.Message() == nil || field.Message().FullName() != (&liaisonv1.Ground{}).ProtoReflect().Descriptor().FullName() {
				continue
			}
			naming++
			event := &liaisonv1.Event{}
			list := event.ProtoReflect().Mutable(detail).Message().Mutable(field).List()
			list.Append(protoreflect.ValueOfMessage((&liaisonv1.Ground{Code: code}).ProtoReflect()))
			named := record.Grounds(event)
			if len(named.Codes) != 1 || named.Codes[0] != code || named.Use == liaisonv1.GroundUse_GROUND_USE_WITHHELD {
				t.Errorf("%s.%s: %v is counted", detail.Name(), field.Name(), named)
			}
		}
	}
	if naming < 4 {
		t.Errorf("%d events name grounds, and objections, refusals and a reviewer's two do", naming)
	}
}

// TestEveryPartOfAnAnswerIsCounted, of every event of the contract that gives one.
func TestEveryPartOfAnAnswerIsCounted(t *testing.T) {
	t.Parallel()
	details := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range details.Len() {
		detail := details.Get(i)
		event := &liaisonv1.Event{}
		made := event.ProtoReflect().Mutable(detail).Message().Interface()
		manifest, gives := made.(*liaisonv1.AnswerManifest)
		if record.Answered(event) != manifest {
			t.Errorf("%s: gives a part of an answer: %v, and %v is counted", detail.Name(), gives, record.Answered(event))
		}
	}
}
