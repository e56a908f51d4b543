package liaisonv1_test

import (
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEveryListThatACallerSendsIsBounded holds for calls and for what is signed or sealed
// in them. Without a bound, 64 KiB of a call hold 32,000 empty messages, and each breaks
// rules. A set of kinds has at most as many items as there are kinds.
func TestEveryListThatACallerSendsIsBounded(t *testing.T) {
	seen := make(map[protoreflect.FullName]bool)
	var walk func(m protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			switch {
			case field.IsMap():
				t.Errorf("%s is a map, into which validation does not look", field.FullName())
			case field.IsList():
				bounded(t, field)
			}
			if field.Message() != nil {
				walk(field.Message())
			}
		}
	}
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				walk(methods.Get(j).Input())
			}
		}
	})
	walk((&liaisonv1.Statement{}).ProtoReflect().Descriptor())
	walk((&liaisonv1.ClearAnswer{}).ProtoReflect().Descriptor())
	walk((&liaisonv1.SealedAnswer{}).ProtoReflect().Descriptor())
	if len(seen) < 100 {
		t.Errorf("walked %d messages, expected every one that a caller sends", len(seen))
	}
}

func bounded(t *testing.T, field protoreflect.FieldDescriptor) {
	t.Helper()
	rules, err := protovalidate.ResolveFieldRules(field)
	if err != nil {
		t.Fatal(err)
	}
	repeated := rules.GetRepeated()
	switch {
	case !repeated.HasMaxItems():
		t.Errorf("%s has no max_items", field.FullName())
	case field.Enum() != nil && repeated.GetUnique() && int(repeated.GetMaxItems()) > field.Enum().Values().Len()-1:
		t.Errorf("%s may have %d items of %d kinds", field.FullName(), repeated.GetMaxItems(), field.Enum().Values().Len()-1)
	}
}
