package validate

import (
	"fmt"
	"slices"
	"sync"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// survey walks through a message once, before any rule is evaluated.
type survey struct {
	parts int // the messages in it, and the items of its lists
}

// of returns the first reason to refuse a message, or nil.
func (s *survey) of(m protoreflect.Message) *validate.Violation {
	s.parts++
	if len(m.GetUnknown()) > 0 {
		return violation("unknown_field", fmt.Sprintf("a %s has a field that is not known here; what is not known cannot be honoured", m.Descriptor().Name()))
	}
	if !isTime(m) {
		return violation("impossible_time", "must be a time: seconds or nanos are out of range")
	}
	for _, field := range nestingOf(m.Descriptor()) {
		if !m.Has(field.descriptor) {
			continue
		}
		if broken := s.ofField(field, m.Get(field.descriptor)); broken != nil {
			return broken
		}
	}
	return nil
}

func (s *survey) ofField(field nesting, value protoreflect.Value) *validate.Violation {
	if !field.descriptor.IsList() {
		return at(s.of(value.Message()), field.descriptor, -1)
	}
	items := value.List()
	if field.bounded && uint64(items.Len()) > field.most {
		return at(violation("repeated.max_items", fmt.Sprintf("must contain no more than %d item(s)", field.most)), field.descriptor, -1)
	}
	if field.descriptor.Message() == nil {
		s.parts += items.Len()
		return nil
	}
	for i := range items.Len() {
		if broken := s.of(items.Get(i).Message()); broken != nil {
			return at(broken, field.descriptor, i)
		}
	}
	return nil
}

// isTime reports whether a message is no time and no duration, or one that can be. Rules
// would compare one that cannot and let it pass, and whoever printed it or stored it
// would fail.
func isTime(m protoreflect.Message) bool {
	switch value := m.Interface().(type) {
	case *timestamppb.Timestamp:
		return value.CheckValid() == nil
	case *durationpb.Duration:
		return value.CheckValid() == nil
	default:
		return true
	}
}

// nesting is a field that holds more than one value: a message or a list.
type nesting struct {
	descriptor protoreflect.FieldDescriptor
	bounded    bool   // whether the contract says
	most       uint64 // how many items the list may have
}

var nestings sync.Map // protoreflect.MessageDescriptor to []nesting

// nestingOf returns a message's fields that hold more than one value.
func nestingOf(m protoreflect.MessageDescriptor) []nesting {
	if known, ok := nestings.Load(m); ok {
		return known.([]nesting)
	}
	var all []nesting
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		if field.IsMap() || !field.IsList() && field.Message() == nil {
			continue
		}
		// What is wrong with the rules themselves, protovalidate says when it compiles them.
		rules, _ := protovalidate.ResolveFieldRules(field)
		all = append(all, nesting{field, rules.GetRepeated().HasMaxItems(), rules.GetRepeated().GetMaxItems()})
	}
	nestings.Store(m, all)
	return all
}

func violation(rule, message string) *validate.Violation {
	return &validate.Violation{RuleId: proto.String(rule), Message: proto.String(message)}
}

// at puts a field, and an item's place in it if there is one, before the path of a
// violation.
func at(broken *validate.Violation, field protoreflect.FieldDescriptor, index int) *validate.Violation {
	if broken == nil {
		return nil
	}
	element := &validate.FieldPathElement{
		FieldNumber: proto.Int32(int32(field.Number())),
		FieldName:   proto.String(string(field.Name())),
		FieldType:   descriptorpb.FieldDescriptorProto_Type(field.Kind()).Enum(),
	}
	if index >= 0 {
		element.Subscript = &validate.FieldPathElement_Index{Index: uint64(index)}
	}
	broken.SetField(&validate.FieldPath{Elements: slices.Insert(broken.GetField().GetElements(), 0, element)})
	return broken
}
