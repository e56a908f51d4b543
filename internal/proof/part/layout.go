package part

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The kinds of parts, which have numbers without a gap.
const (
	firstKind = liaisonv1.BodyPartKind_BODY_PART_KIND_SELECTORS
	lastKind  = liaisonv1.BodyPartKind_BODY_PART_KIND_PLATFORM
)

// layout says of a message's fields which part each belongs to.
type layout struct {
	fields map[protoreflect.FieldNumber]placement
}

// placement is where a field stands: in a part, or in the body with fields of parts below
// it, or, if it is zero, in the body whole.
type placement struct {
	kind  liaisonv1.BodyPartKind
	below *layout
}

// The layouts of what is split.
var (
	events     = newLayout((&liaisonv1.Event{}).ProtoReflect().Descriptor())
	statements = newLayout((&liaisonv1.Statement{}).ProtoReflect().Descriptor())
)

// envelopeName is of what is not split: the payload has parts of its own.
var envelopeName = (&liaisonv1.Envelope{}).ProtoReflect().Descriptor().FullName()

func layoutOf(m protoreflect.MessageDescriptor) *layout {
	switch m {
	case (*liaisonv1.Event)(nil).ProtoReflect().Descriptor():
		return events
	case (*liaisonv1.Statement)(nil).ProtoReflect().Descriptor():
		return statements
	default:
		panic("part: " + string(m.FullName()) + " is neither an event nor a statement")
	}
}

// newLayout makes a message's layout from the contract's options. It panics where a field
// with personal data lies in no part: the contract is wrong then, and nothing may run.
func newLayout(m protoreflect.MessageDescriptor) *layout {
	if err := checkCovered(m); err != nil {
		panic(fmt.Sprintf("part: %v", err))
	}
	l, _ := layoutBelow(m)
	return l
}

// layoutBelow returns a message's layout, and whether any field of it or below it belongs
// to a part.
func layoutBelow(m protoreflect.MessageDescriptor) (_ *layout, any bool) {
	l := &layout{fields: make(map[protoreflect.FieldNumber]placement)}
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		if kind := kindOf(field); kind != 0 {
			l.fields[field.Number()] = placement{kind: kind}
			continue
		}
		if field.Message() == nil || field.Cardinality() == protoreflect.Repeated || field.Message().FullName() == envelopeName {
			continue
		}
		if below, any := layoutBelow(field.Message()); any {
			l.fields[field.Number()] = placement{below: below}
		}
	}
	return l, len(l.fields) > 0
}

// kindOf returns the part that a field belongs to; zero if to none.
func kindOf(field protoreflect.FieldDescriptor) liaisonv1.BodyPartKind {
	kind, _ := proto.GetExtension(field.Options(), liaisonv1.E_Part).(liaisonv1.BodyPartKind)
	return kind
}

// checkCovered returns an error that names the fields with personal data that belong to no
// part, and those that could not be taken out since they lie in a list.
func checkCovered(m protoreflect.MessageDescriptor) error {
	var faults []error
	var walk func(m protoreflect.MessageDescriptor, path []string, listed bool)
	walk = func(m protoreflect.MessageDescriptor, path []string, listed bool) {
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			name := append(path[:len(path):len(path)], string(field.Name()))
			options, _ := field.Options().(*descriptorpb.FieldOptions)
			switch {
			case kindOf(field) != 0 && listed:
				faults = append(faults, fmt.Errorf("%s belongs to a part and lies in a list: mark the list", strings.Join(name, ".")))
			case kindOf(field) != 0 || field.Message() != nil && field.Message().FullName() == envelopeName:
			case options.GetDebugRedact():
				faults = append(faults, fmt.Errorf("%s has debug_redact and belongs to no part", strings.Join(name, ".")))
			case field.Message() != nil:
				walk(field.Message(), name, listed || field.Cardinality() == protoreflect.Repeated)
			}
		}
	}
	walk(m, []string{string(m.Name())}, false)
	return errors.Join(faults...)
}
