// Package validate checks messages against the contract: against the rules that stand in
// it as protovalidate options, and against what no option can say. The hub checks every
// call with it, and whoever opens a signed statement checks what was signed.
//
// No option can say that a field which its reader does not know is refused, that a time
// outside of the calendar is refused, and that a list that is too long is refused before
// the rules on its elements are evaluated.
package validate

import (
	"fmt"
	"slices"
	"sync"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// tellAll is how many parts a message may have for its sender to be told every rule that
// it breaks; the sender of a larger one is told the first. A message that was made to
// break rules would else cost far more than it costs to send: 64 KiB hold 32,000 parts. A
// request with as many selectors as it may have is well below it.
const tellAll = 5000

// validator adds to protovalidate what survey finds.
type validator struct{ protovalidate.Validator }

var shared = sync.OnceValues(compile)

// Check checks a message against the contract. Its error is a
// *protovalidate.ValidationError if the message breaks a rule.
func Check(message proto.Message) error {
	v, err := shared()
	if err != nil {
		return err
	}
	return v.Validate(message)
}

// New returns the validator that Check uses, with the rules of every message compiled, so
// that no caller waits for that and a broken rule is found at start. All share one: the
// compiled rules take more memory than a hub needs for everything else.
func New() (protovalidate.Validator, error) { return shared() }

func compile() (protovalidate.Validator, error) {
	var messages []proto.Message
	protoregistry.GlobalFiles.RangeFilesByPackage(liaisonv1.File_liaison_v1_request_proto.Package(), func(f protoreflect.FileDescriptor) bool {
		for i := range f.Messages().Len() {
			messages = append(messages, dynamicpb.NewMessage(f.Messages().Get(i)))
		}
		return true
	})
	compiled, err := protovalidate.New(protovalidate.WithMessages(messages...))
	if err != nil {
		return nil, fmt.Errorf("compile the contract's rules: %w", err)
	}
	return validator{compiled}, nil
}

// Validate implements protovalidate.Validator.
func (v validator) Validate(message proto.Message, options ...protovalidate.ValidationOption) error {
	var s survey
	if broken := s.of(message.ProtoReflect()); broken != nil {
		return &protovalidate.ValidationError{Violations: []*protovalidate.Violation{{Proto: broken}}}
	}
	if s.parts > tellAll {
		options = append(slices.Clone(options), protovalidate.WithFailFast())
	}
	return v.Validator.Validate(message, options...)
}
