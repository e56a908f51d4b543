package liaisonv1_test

import (
	"maps"
	"slices"
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

// TestEveryStepIsAnsweredWithItsReceipt checks that whoever takes a step gets the proof that it
// is in the ledger, and that what shows an event shows its receipt.
func TestEveryStepIsAnsweredWithItsReceipt(t *testing.T) {
	recorded := (&liaisonv1.Recorded{}).ProtoReflect().Descriptor()
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				out := methods.Get(j).Output()
				if !takesStep(methods.Get(j).Input()) || out == recorded {
					continue
				}
				if field := out.Fields().ByName("recorded"); field == nil || field.Message() != recorded {
					t.Errorf("%s takes a step, and is not answered with Recorded", methods.Get(j).FullName())
				}
			}
		}
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

// TestEveryStepIsCalledAlike checks the shape of what takes a step: the request's name but
// in a filing, the call, what is said, and its signed form; each under the same number.
func TestEveryStepIsCalledAlike(t *testing.T) {
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			if !takesStep(m) {
				continue
			}
			for name, number := range map[protoreflect.Name]protoreflect.FieldNumber{"name": 1, "call": 2, said(m).Name(): 3, "signed": 4, "content": 5} {
				if field := m.Fields().ByName(name); field != nil && field.Number() != number {
					t.Errorf("%s has %s under the number %d, and others under %d", m.Name(), name, field.Number(), number)
				}
			}
			if field := m.Fields().ByName("call"); field.Message().Name() != "Call" {
				t.Errorf("%s has a call that is none", m.Name())
			}
			if m.Fields().ByName("name") == nil && m.Name() != "FileRequestRequest" {
				t.Errorf("%s names no request", m.Name())
			}
		}
	})
}

// TestARequestMessageIsNamedAfterAMethod checks, in place of buf's rule, that a message is
// named after a method that is called with it, and that only one step has it.
func TestARequestMessageIsNamedAfterAMethod(t *testing.T) {
	callers := make(map[protoreflect.Name][]protoreflect.MethodDescriptor)
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				in := methods.Get(j).Input()
				callers[in.Name()] = append(callers[in.Name()], methods.Get(j))
			}
		}
	})
	for name, methods := range callers {
		if !slices.ContainsFunc(methods, func(m protoreflect.MethodDescriptor) bool { return m.Name()+"Request" == name }) {
			t.Errorf("%s is named after none of the methods that are called with it", name)
		}
		if len(methods) > 1 && !takesStep(methods[0].Input()) {
			t.Errorf("%s is shared by methods that take no step", name)
		}
	}
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
				if field.Message() == nil || field.Name() == "signed" || field.Name() == "call" {
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
