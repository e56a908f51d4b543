package statement

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A form is what a detail of a statement becomes as the detail of an event.
type form struct {
	// makes are the details that it can become, by the names of their fields.
	makes []protoreflect.Name
	// set makes it the event's; nil where the event's detail of the same name takes it as it is.
	set func(*liaisonv1.Event, *liaisonv1.Statement)
}

// split are the details that no event has as they were signed, or of which what is said
// settles which step it is.
var split = map[protoreflect.Name]form{
	"filed": {[]protoreflect.Name{"filed"}, func(e *liaisonv1.Event, s *liaisonv1.Statement) {
		e.Detail = &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: s.GetFiled()}}
	}},
	"answered": {[]protoreflect.Name{"partially_answered", "answered"}, func(e *liaisonv1.Event, s *liaisonv1.Statement) {
		manifest := s.GetAnswered().GetManifest()
		if manifest.GetFinal() {
			e.Detail = &liaisonv1.Event_Answered{Answered: manifest}
		} else {
			e.Detail = &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: manifest}
		}
	}},
	"review_objected": {[]protoreflect.Name{"review_objected", "review_refused"}, func(e *liaisonv1.Event, s *liaisonv1.Statement) {
		if len(s.GetReviewObjected().GetSelectorIds()) == 0 {
			e.Detail = &liaisonv1.Event_ReviewRefused{ReviewRefused: s.GetReviewObjected()}
		} else {
			e.Detail = &liaisonv1.Event_ReviewObjected{ReviewObjected: s.GetReviewObjected()}
		}
	}},
	"dispute_decided": {[]protoreflect.Name{"dispute_decided", "dispute_sustained"}, func(e *liaisonv1.Event, s *liaisonv1.Statement) {
		if s.GetDisputeDecided().GetOutcome() == liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED {
			e.Detail = &liaisonv1.Event_DisputeSustained{DisputeSustained: s.GetDisputeDecided()}
		} else {
			e.Detail = &liaisonv1.Event_DisputeDecided{DisputeDecided: s.GetDisputeDecided()}
		}
	}},
}

var (
	signed = (&liaisonv1.Statement{}).ProtoReflect().Descriptor().Oneofs().ByName("detail")
	events = (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail")

	forms    = mustForms(signed, events)
	signable = signableDetails(forms)
)

func mustForms(signed, events protoreflect.OneofDescriptor) map[protoreflect.FieldNumber]form {
	forms, err := formsOf(signed, events)
	if err != nil {
		panic("statement: " + err.Error())
	}
	return forms
}

// formsOf finds the form of every detail of a statement, by the number of its field. What
// can be signed and is no event stops the program: nobody could record it.
func formsOf(signed, events protoreflect.OneofDescriptor) (map[protoreflect.FieldNumber]form, error) {
	forms := make(map[protoreflect.FieldNumber]form)
	used := 0
	for i := range signed.Fields().Len() {
		field := signed.Fields().Get(i)
		made, isSplit := split[field.Name()]
		if isSplit {
			used++
		} else {
			made.makes = []protoreflect.Name{field.Name()}
		}
		for _, name := range made.makes {
			event := events.Fields().ByName(name)
			if event == nil {
				return nil, fmt.Errorf("the oneof Statement.detail has %s, and Event.detail has no %s to record it by", field.Name(), name)
			}
			if !isSplit && event.Message() != field.Message() {
				return nil, fmt.Errorf("%s is %s in Statement.detail and %s in Event.detail: say in split how the one becomes the other",
					name, field.Message().Name(), event.Message().Name())
			}
		}
		forms[field.Number()] = made
	}
	if used != len(split) {
		return nil, fmt.Errorf("split has %d details, and Statement.detail %d of them", len(split), used)
	}
	return forms, nil
}

// signableDetails are the events that a statement can be recorded as, by the names of
// their fields.
func signableDetails(forms map[protoreflect.FieldNumber]form) map[protoreflect.Name]bool {
	names := make(map[protoreflect.Name]bool)
	for _, f := range forms {
		for _, name := range f.makes {
			names[name] = true
		}
	}
	return names
}

// SetDetail makes the step that was signed the event's detail.
func SetDetail(e *liaisonv1.Event, s *liaisonv1.Statement) {
	e.Detail = nil
	m := s.ProtoReflect()
	field := m.WhichOneof(signed)
	if field == nil {
		return
	}
	if set := forms[field.Number()].set; set != nil {
		set(e, s)
		return
	}
	e.ProtoReflect().Set(events.Fields().ByName(field.Name()), m.Get(field))
}

// HasSignedForm says whether an event's step is one that can be signed, and must be
// where an organisation's policy says so.
func HasSignedForm(e *liaisonv1.Event) bool {
	field := e.ProtoReflect().WhichOneof(events)
	return field != nil && signable[field.Name()]
}

// Makes lists the events that a detail of a statement can be recorded as, by the names of
// their fields; none if Statement.detail has no field of that name.
func Makes(detail protoreflect.Name) []protoreflect.Name {
	field := signed.Fields().ByName(detail)
	if field == nil {
		return nil
	}
	return forms[field.Number()].makes
}
