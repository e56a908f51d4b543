package record

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A Taking is a method of the contract that takes a step.
type Taking struct {
	Method protoreflect.MethodDescriptor
	// Steps are those that it takes: which of them it is, what is said settles.
	Steps []lifecycle.Step
	*Form
}

// A Form is what such a method is called with: the request's name, the call, and what is
// said, which may be signed where the step has a signed form.
type Form struct {
	name, call, said, signed protoreflect.FieldDescriptor

	// What is said is a detail of a statement or, where the step has no signed form, of an
	// event. An unsigned answer is neither: its manifest is.
	statement, event protoreflect.FieldDescriptor
}

var (
	statements = (&liaisonv1.Statement{}).ProtoReflect().Descriptor().Oneofs().ByName("detail")
	takings    = must(takingsOf(liaisonv1.File_liaison_v1_call_proto.Package()))
)

// Takings lists the methods that take a step by what they are called with, by their full
// names: "/liaison.v1.AuthorityService/FileRequest".
func Takings() map[string]*Taking { return takings }

// StepsOf returns the steps that a method names in the contract; none if it takes none.
func StepsOf(method protoreflect.MethodDescriptor) ([]lifecycle.Step, error) {
	names, _ := proto.GetExtension(method.Options(), liaisonv1.E_Step).([]string)
	var taken []lifecycle.Step
	for _, name := range names {
		field := details.Fields().ByName(protoreflect.Name(name))
		if field == nil {
			return nil, fmt.Errorf("%s takes the step %q, and Event.detail has no such field", method.FullName(), name)
		}
		taken = append(taken, steps[field.Number()])
	}
	return taken, nil
}

// takingsOf finds the methods of a package that are called with a Call.
func takingsOf(pkg protoreflect.FullName) (map[string]*Taking, error) {
	found := make(map[string]*Taking)
	forms := make(map[protoreflect.FullName]*Form)
	var problem error
	protoregistry.GlobalFiles.RangeFilesByPackage(pkg, func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				if problem = take(found, forms, methods.Get(j)); problem != nil {
					return false
				}
			}
		}
		return true
	})
	return found, problem
}

func take(found map[string]*Taking, forms map[protoreflect.FullName]*Form, method protoreflect.MethodDescriptor) error {
	taken, err := StepsOf(method)
	if err != nil || method.Input().Fields().ByName("call") == nil {
		return err
	}
	if len(taken) == 0 {
		return fmt.Errorf("%s is called with a Call, and does not say which step it takes: option (liaison.v1.step)", method.FullName())
	}
	form := forms[method.Input().FullName()]
	if form == nil {
		if form, err = formOf(method.Input()); err != nil {
			return err
		}
		forms[method.Input().FullName()] = form
	}
	for _, step := range taken {
		if !slices.Contains(form.makes(), nameOf(step)) {
			return fmt.Errorf("%s takes the step %s, and what it is called with cannot say so", method.FullName(), step)
		}
	}
	found["/"+string(method.Parent().FullName())+"/"+string(method.Name())] = &Taking{Method: method, Steps: taken, Form: form}
	return nil
}

// formOf finds out what the fields of a message are for.
func formOf(in protoreflect.MessageDescriptor) (*Form, error) {
	f := &Form{name: in.Fields().ByName("name"), call: in.Fields().ByName("call"), signed: in.Fields().ByName("signed")}
	for i := range in.Fields().Len() {
		field := in.Fields().Get(i)
		if field == f.call || field == f.signed || field.Message() == nil {
			continue
		}
		if f.said != nil {
			return nil, fmt.Errorf("%s says two things: %s and %s", in.FullName(), f.said.Name(), field.Name())
		}
		f.said = field
	}
	if f.said == nil {
		return nil, fmt.Errorf("%s says nothing", in.FullName())
	}
	if f.said.Message() == answerMessage {
		f.statement = statements.Fields().ByName("answered")
	} else {
		f.statement = ofType(statements, f.said.Message())
	}
	if f.statement == nil {
		f.event = ofType(details, f.said.Message())
	}
	switch {
	case f.statement == nil && f.event == nil:
		return nil, fmt.Errorf("%s says %s, which is no detail of Event or Statement", in.FullName(), f.said.Message().Name())
	case f.statement != nil && f.signed == nil:
		return nil, fmt.Errorf("%s has no field signed, and %s can be signed", in.FullName(), f.said.Message().Name())
	case f.statement == nil && f.signed != nil:
		return nil, fmt.Errorf("%s has a field signed, and Statement.detail no %s", in.FullName(), f.said.Message().Name())
	case f.signed != nil && (f.signed.ContainingOneof() == nil || f.signed.ContainingOneof() != f.said.ContainingOneof()):
		return nil, fmt.Errorf("%s: %s and signed must be in one oneof, so that they exclude each other", in.FullName(), f.said.Name())
	default:
		return f, nil
	}
}

var answerMessage = (&liaisonv1.Answer{}).ProtoReflect().Descriptor()

// ofType returns the first field of a oneof that has the type.
func ofType(among protoreflect.OneofDescriptor, message protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	for i := range among.Fields().Len() {
		if field := among.Fields().Get(i); field.Message() == message {
			return field
		}
	}
	return nil
}

// makes are the events that what is said can be recorded as.
func (f *Form) makes() []protoreflect.Name {
	if f.event != nil {
		return []protoreflect.Name{f.event.Name()}
	}
	return statement.Makes(f.statement.Name())
}

// FormOf returns the form of a message that takes a step; nil if it takes none.
func FormOf(in proto.Message) *Form {
	return formsByMessage[in.ProtoReflect().Descriptor().FullName()]
}

var formsByMessage = byMessage(takings)

func byMessage(takings map[string]*Taking) map[protoreflect.FullName]*Form {
	forms := make(map[protoreflect.FullName]*Form, len(takings))
	for _, t := range takings {
		forms[t.Method.Input().FullName()] = t.Form
	}
	return forms
}

// Said returns what an event's step says, as who takes it writes it: of a filing the
// request's own message.
func Said(e *liaisonv1.Event) proto.Message {
	if filed := e.GetFiled(); filed != nil {
		return filed.GetSpec()
	}
	m := e.ProtoReflect()
	field := m.WhichOneof(details)
	if field == nil {
		return e
	}
	return m.Get(field).Message().Interface()
}

// Name returns the name of the request that a call is about; empty of one that files it.
func (f *Form) Name(in proto.Message) string {
	if f.name == nil {
		return ""
	}
	return in.ProtoReflect().Get(f.name).String()
}

// HasSignedForm says whether the step can be signed.
func (f *Form) HasSignedForm() bool { return f.signed != nil }

// Said is the name of the field that says what the step is.
func (f *Form) Said() string { return string(f.said.Name()) }

// Call returns what the call carries beside the step; nil if it carries nothing.
func (f *Form) Call(in proto.Message) *liaisonv1.Call {
	call, _ := in.ProtoReflect().Get(f.call).Message().Interface().(*liaisonv1.Call)
	return call
}

// SetCall says what the call carries beside the step.
func (f *Form) SetCall(in proto.Message, call *liaisonv1.Call) {
	in.ProtoReflect().Set(f.call, protoreflect.ValueOfMessage(call.ProtoReflect()))
}

// Signed returns the signed statement that a call came with; nil if it is unsigned.
func (f *Form) Signed(in proto.Message) *liaisonv1.Envelope {
	if f.signed == nil || !in.ProtoReflect().Has(f.signed) {
		return nil
	}
	signed, _ := in.ProtoReflect().Get(f.signed).Message().Interface().(*liaisonv1.Envelope)
	return signed
}

// SetSigned makes a signed statement what the call says.
func (f *Form) SetSigned(in proto.Message, signed *liaisonv1.Envelope) {
	in.ProtoReflect().Set(f.signed, protoreflect.ValueOfMessage(signed.ProtoReflect()))
}

// Complete makes a call that says nothing say it with an empty message: a step without a
// remark is still that step.
func (f *Form) Complete(in proto.Message) {
	m := in.ProtoReflect()
	if f.Signed(in) == nil && !m.Get(f.said).Message().IsValid() {
		m.Set(f.said, m.NewField(f.said))
	}
}

// Statement returns what is to be signed for a call to say the same; nil if the step has no
// signed form.
func (f *Form) Statement(in proto.Message) *liaisonv1.Statement {
	if f.statement == nil || f.said.Message() == answerMessage {
		return nil
	}
	s := &liaisonv1.Statement{}
	s.ProtoReflect().Set(f.statement, in.ProtoReflect().Get(f.said))
	return s
}

// Event returns what a call that is not signed is recorded as: an event with its detail and
// nothing else. Of an answer, which is returned beside it, the manifest is still to be made.
func (f *Form) Event(in proto.Message) (*liaisonv1.Event, *liaisonv1.Answer) {
	e := &liaisonv1.Event{}
	said := in.ProtoReflect().Get(f.said)
	switch given, isAnswer := said.Message().Interface().(*liaisonv1.Answer); {
	case isAnswer:
		statement.SetDetail(e, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Answered{
			Answered: &liaisonv1.AnswerStatement{Manifest: &liaisonv1.AnswerManifest{Final: given.GetFinal()}},
		}})
		return e, given
	case f.event != nil:
		e.ProtoReflect().Set(f.event, said)
	default:
		statement.SetDetail(e, f.Statement(in))
	}
	return e, nil
}
