// Package rules holds messages against the contract's rules: those that stand in it as
// protovalidate options, and the one that stands in none, that a message has no field
// that its reader does not know. The hub asks it for every call, and whoever opens a
// signed statement for what was signed.
package validate

import (
	"fmt"
	"slices"
	"sync"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// fullCheckBytes is up to which size a message that breaks a rule is told every
// rule that it breaks. A larger one is told the first: a message made for it could
// break so many that telling them all would take more memory than the message.
const fullCheckBytes = 256 << 10

// messageValidator holds messages against the contract's rules.
type messageValidator struct {
	quick    quick
	compiled protovalidate.Validator
}

// contract is the package of the contract's messages.
const contract = protoreflect.FullName("liaison.v1")

var shared = sync.OnceValues(compile)

// Check holds a message against the contract's rules. Its error is a
// *protovalidate.ValidationError if one is broken.
func Check(message proto.Message) error {
	v, err := shared()
	if err != nil {
		return err
	}
	return v.Validate(message)
}

// New returns what Check asks, so that no caller waits until the rules of every message of
// the contract are compiled, and no broken rule is found late. It is the same for all who
// ask: the rules in compiled form take more memory than a hub needs for all else.
func New() (protovalidate.Validator, error) { return shared() }

func compile() (protovalidate.Validator, error) {
	var messages []proto.Message
	var descriptors []protoreflect.MessageDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage(liaisonv1.File_liaison_v1_request_proto.Package(), func(f protoreflect.FileDescriptor) bool {
		for i := range f.Messages().Len() {
			descriptors = append(descriptors, f.Messages().Get(i))
			messages = append(messages, dynamicpb.NewMessage(f.Messages().Get(i)))
		}
		return true
	})
	quick, err := newQuick(descriptors)
	if err != nil {
		return nil, fmt.Errorf("read the contract's rules: %w", err)
	}
	validator, err := protovalidate.New(protovalidate.WithMessages(messages...))
	if err != nil {
		return nil, fmt.Errorf("compile the contract's rules: %w", err)
	}
	return &messageValidator{quick: quick, compiled: validator}, nil
}

// Validate implements protovalidate.Validator.
func (v *messageValidator) Validate(message proto.Message, options ...protovalidate.ValidationOption) error {
	if len(options) == 0 && v.quick.holds(message.ProtoReflect()) {
		return nil
	}
	if of, found := unknownField(message.ProtoReflect()); found {
		return &protovalidate.ValidationError{Violations: []*protovalidate.Violation{{Proto: &validate.Violation{
			RuleId:  proto.String("unknown_field"),
			Message: proto.String("a " + of + " has a field that is not known here; what is not known cannot be honoured"),
		}}}}
	}
	if path, found := impossibleTime(message.ProtoReflect()); found {
		return &protovalidate.ValidationError{Violations: []*protovalidate.Violation{{Proto: &validate.Violation{
			RuleId:  proto.String("impossible_time"),
			Message: proto.String(path + " is no time: seconds or nanos are out of range"),
		}}}}
	}
	return v.check(message, options...)
}

// check holds a message against the rules that stand in the contract.
func (v *messageValidator) check(message proto.Message, options ...protovalidate.ValidationOption) error {
	if proto.Size(message) > fullCheckBytes {
		options = append(slices.Clone(options), protovalidate.WithFailFast())
	}
	return v.compiled.Validate(message, options...)
}

// impossibleTime finds a time or a duration that is none. Rules compare such values and
// pass them; whoever prints or stores them fails.
func impossibleTime(m protoreflect.Message) (field string, found bool) {
	m.Range(func(f protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if f.Message() == nil || f.IsMap() {
			return true
		}
		each := func(m protoreflect.Message) bool {
			var err error
			switch value := m.Interface().(type) {
			case *timestamppb.Timestamp:
				err = value.CheckValid()
			case *durationpb.Duration:
				err = value.CheckValid()
			default:
				field, found = impossibleTime(m)
				return !found
			}
			if err != nil {
				field, found = string(f.Name()), true
			}
			return !found
		}
		if !f.IsList() {
			return each(value.Message())
		}
		for i := range value.List().Len() {
			if !each(value.List().Get(i).Message()) {
				return false
			}
		}
		return true
	})
	return field, found
}

// unknownField finds a field that the contract, as this side has it, lacks. Passing over it
// could take back a promise that the caller relies on, so that it is refused.
func unknownField(m protoreflect.Message) (message string, found bool) {
	if len(m.GetUnknown()) > 0 {
		return string(m.Descriptor().Name()), true
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Message() == nil || field.IsMap() {
			return true
		}
		if !field.IsList() {
			message, found = unknownField(value.Message())
			return !found
		}
		for i := range value.List().Len() {
			if message, found = unknownField(value.List().Get(i).Message()); found {
				return false
			}
		}
		return true
	})
	return message, found
}
