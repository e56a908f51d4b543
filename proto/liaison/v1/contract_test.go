package liaisonv1_test

import (
	"maps"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// files calls visit with every file of the contract.
func files(visit func(protoreflect.FileDescriptor)) {
	pkg := liaisonv1.File_liaison_v1_request_proto.Package()
	protoregistry.GlobalFiles.RangeFilesByPackage(pkg, func(f protoreflect.FileDescriptor) bool {
		visit(f)
		return true
	})
}

// TestEveryRuleCompiles builds the rules of every message, so that a mistake in
// one of them is found here and not by the first caller who sends it.
func TestEveryRuleCompiles(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			message := f.Messages().Get(i)
			count++
			t.Run(string(message.Name()), func(t *testing.T) {
				err := validator.Validate(dynamicpb.NewMessage(message))
				var violations *protovalidate.ValidationError
				if err != nil && !asViolations(err, &violations) {
					t.Errorf("the rules of %s do not compile or run: %v", message.Name(), err)
				}
			})
		}
	})
	if count < 100 {
		t.Fatalf("walked %d messages, expected the whole contract", count)
	}
}

// TestEveryMethodSaysWhoMayCallIt holds the contract to its own promise: what has
// no rule is closed, so nothing may lack one by mistake.
func TestEveryMethodSaysWhoMayCallIt(t *testing.T) {
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				access, _ := proto.GetExtension(methods.Get(j).Options(), liaisonv1.E_Access).(*liaisonv1.Access)
				if len(access.GetRoles()) == 0 {
					t.Errorf("%s has no access rule", methods.Get(j).FullName())
				}
				for _, role := range access.GetRoles() {
					if role == liaisonv1.Role_ROLE_UNSPECIFIED {
						t.Errorf("%s admits an unspecified role", methods.Get(j).FullName())
					}
				}
			}
		}
	})
}

// TestEveryStepHasItsReceipt checks that whoever takes a step gets the proof that it
// is in the ledger together with the event.
func TestEveryStepHasItsReceipt(t *testing.T) {
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			event := m.Fields().ByName("event")
			if event == nil || event.Message() == nil {
				continue
			}
			receipt := m.Fields().ByName("receipt")
			if receipt == nil || receipt.Message() == nil || receipt.Message().Name() != "Receipt" {
				t.Errorf("%s has an event and no receipt for it", m.Name())
			}
		}
	})
}

// TestWhatCanBeSignedIsAStatement checks that each call with a signed form has its
// step in Statement, as the very message that it has unsigned, and that no statement
// is left that no call takes.
func TestWhatCanBeSignedIsAStatement(t *testing.T) {
	steps, left := make(map[protoreflect.Name]bool), make(map[protoreflect.Name]bool)
	details := (&liaisonv1.Statement{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range details.Len() {
		steps[details.Get(i).Message().Name()] = true
	}
	maps.Copy(left, steps)
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			if m.Fields().ByName("signed") == nil {
				continue
			}
			found := false
			for j := range m.Fields().Len() {
				field := m.Fields().Get(j)
				if field.Message() == nil || field.Name() == "signed" {
					continue
				}
				name := field.Message().Name()
				if name == "Answer" { // is signed by its hash, so that the statement names nobody
					name = "AnswerStatement"
				}
				found = found || steps[name]
				delete(left, name) // several methods may take one step
			}
			if !found {
				t.Errorf("%s can be signed, and no statement says its step", m.Name())
			}
		}
	})
	for name := range left {
		t.Errorf("a statement may hold %s, and no call takes it", name)
	}
}
