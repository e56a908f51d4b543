package terminal

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEveryStepHasWords names each step that a language, English included, has no words for.
func TestEveryStepHasWords(t *testing.T) {
	for _, l := range catalogue.Languages() {
		for i := range details.Fields().Len() {
			if name := string(details.Fields().Get(i).Name()); !l.Has("event." + name) {
				t.Errorf("%s has no words for the step %s: add event.%[2]s to internal/speech/catalogue/%[1]s.po", l, name)
			}
		}
	}
}

// TestEveryLineSaysItsStepAndActor shows an event of each step, with nothing in it.
func TestEveryLineSaysItsStepAndActor(t *testing.T) {
	const actor = "spiffe://moc.example/officer/amal.hassan"
	for _, l := range catalogue.Languages() {
		said := make(map[string]string)
		for i := range details.Fields().Len() {
			field := details.Fields().Get(i)
			e := &liaisonv1.Event{Sequence: 7, Actor: actor}
			e.ProtoReflect().Set(field, e.ProtoReflect().NewField(field))
			if record.StepOf(e) == 0 {
				t.Errorf("%s is no step", field.Name())
			}
			line := Speaker{Language: l}.Event(e, nil)
			words := l.Say("event." + string(field.Name()))
			if !strings.Contains(line, actor) || !strings.Contains(line, words) {
				t.Errorf("%s: %s is shown as %q", l, field.Name(), line)
			}
			for _, each := range strings.Split(line, "\n") {
				if problem := Problem(each); problem != "" {
					t.Errorf("%s: %s in %+q", l, problem, each)
				}
			}
			if other := said[words]; other != "" {
				t.Errorf("%s: %s and %s are both %q", l, field.Name(), other, words)
			}
			said[words] = string(field.Name())
		}
	}
}

func TestALineSaysTheStateOnlyWhereItChanged(t *testing.T) {
	at := timestamppb.New(time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC))
	event := func(state liaisonv1.RequestState, detail *liaisonv1.Event) *liaisonv1.Event {
		detail.Sequence, detail.CreateTime, detail.Request, detail.State, detail.Etag = 17, at, "requests/1", state, "9"
		if detail.Actor == "" {
			detail.Actor = "spiffe://messenger.example/agent/desk"
		}
		return detail
	}
	const (
		filed        = liaisonv1.RequestState_REQUEST_STATE_FILED
		acknowledged = liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
		inPart       = liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED
	)
	audit := &liaisonv1.Event{Actor: "spiffe://commissioner.example/auditor/desk", Detail: &liaisonv1.Event_Audited{Audited: &liaisonv1.Audit{}}}
	answer := func() *liaisonv1.Event {
		return &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{}}}
	}
	for _, c := range []struct {
		name          string
		event, before *liaisonv1.Event
		want          string
	}{
		{"an audit moves nothing", event(acknowledged, audit), nil,
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://commissioner.example/auditor/desk: read how it is conducted  etag 9"},
		{"an acknowledgement does", event(acknowledged, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}}}), nil,
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://messenger.example/agent/desk: acknowledged it, now ACKNOWLEDGED  etag 9"},
		{"a part may, where nothing is known before it", event(inPart, answer()), nil,
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://messenger.example/agent/desk: answered in part, now PARTIALLY_ANSWERED  etag 9"},
		{"a second part does not", event(inPart, answer()), &liaisonv1.Event{Request: "requests/1", State: inPart},
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://messenger.example/agent/desk: answered in part  etag 9"},
		{"another request's event says nothing of it", event(inPart, answer()), &liaisonv1.Event{Request: "requests/2", State: inPart},
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://messenger.example/agent/desk: answered in part, now PARTIALLY_ANSWERED  etag 9"},
		{"an event whose content was deleted", event(filed, &liaisonv1.Event{}), nil,
			"2026-11-28 09:30:00Z  #17  requests/1  spiffe://messenger.example/agent/desk: took a step whose content is deleted, now FILED  etag 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, _, _ := strings.Cut(Speaker{Language: catalogue.English}.Event(c.event, c.before), "\n")
			if line != c.want {
				t.Errorf("the line is\n%s, wanted\n%s", line, c.want)
			}
		})
	}
}

func TestAStepOfANewerContractIsShownByItsName(t *testing.T) {
	for _, l := range catalogue.Languages() {
		if got := (Speaker{Language: l}).Step("carried_by_pigeon"); got != "carried_by_pigeon" {
			t.Errorf("%s: it is %q", l, got)
		}
	}
}
