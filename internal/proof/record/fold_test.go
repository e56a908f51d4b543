package record_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var table = lifecycle.Rules()

var details = (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()

// TestTheFoldRemembersWhatTheTableSays goes through every life that the table leads to: what
// the lifecycle needs to know of the request that the events fold to is what it made of it
// itself. A step whose fold forgets something is named.
func TestTheFoldRemembersWhatTheTableSays(t *testing.T) {
	t.Parallel()
	type known struct {
		life    lifecycle.Request
		request *liaisonv1.Request
	}
	seen := map[lifecycle.Request]bool{{}: true}
	taken, wrong := make(map[lifecycle.Step]bool), make(map[lifecycle.Step]bool)
	for queue := []known{{}}; len(queue) > 0; queue = queue[1:] {
		before := queue[0]
		for _, e := range everyEvent(before.life.State, before.request) {
			next, err := lifecycle.Apply(before.life, judged(t, before.request, e))
			if err != nil {
				continue
			}
			step := record.StepOf(e)
			taken[step] = true
			e.State = liaisonv1.RequestState(next.State)
			folded := record.Fold(before.request, e)
			if got := record.Life(folded); got != remembered(next) && !wrong[step] {
				wrong[step] = true
				t.Errorf("%s: the fold makes of it\n%+v, and the table\n%+v", step, got, remembered(next))
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, known{next, folded})
			}
		}
	}
	for _, step := range lifecycle.Steps() {
		if !taken[step] {
			t.Errorf("no life has the step %s", step)
		}
	}
}

// remembered is what is left to know of a request once it was purged.
func remembered(life lifecycle.Request) lifecycle.Request {
	if life.State == lifecycle.Purged {
		life.AnsweredInPart, life.Extended, life.MoreTimeAsked, life.Undecidable, life.Upheld = false, false, false, false, false
	}
	return life
}

// judged is an event as the lifecycle judges it.
func judged(t *testing.T, r *liaisonv1.Request, e *liaisonv1.Event) lifecycle.Event {
	t.Helper()
	actor, err := identity.ParseID(e.GetActor())
	if err != nil {
		t.Fatal(err)
	}
	step := record.Step(r, e)
	step.Role, step.Person, step.Key = actor.Role, actor.Person(), record.KeyOf(e.GetActorKeySha256())
	return step
}

// actors are who takes steps, by their roles.
var actors = map[lifecycle.Role]string{
	lifecycle.Officer:  "spiffe://moc.example/officer/amal.hassan",
	lifecycle.Approver: "spiffe://moc.example/approver/karim.aziz",
	lifecycle.Agent:    "spiffe://messenger.example/agent/lena",
	lifecycle.Reviewer: "spiffe://commissioner.example/reviewer/rawa",
	lifecycle.Auditor:  "spiffe://commissioner.example/auditor/sara",
	lifecycle.Hub:      "spiffe://hub.example/hub/hub",
}

// everyEvent lists the events that somebody might cause on a request in a state: each step by
// each role, with what decides what becomes of it.
func everyEvent(from lifecycle.State, r *liaisonv1.Request) (events []*liaisonv1.Event) {
	type taking struct {
		step lifecycle.Step
		role lifecycle.Role
	}
	done := make(map[taking]bool)
	for _, row := range table {
		if !slices.Contains(row.From, from) {
			continue
		}
		for _, role := range row.Roles {
			if taken := (taking{row.Step, role}); !done[taken] {
				done[taken] = true
				events = append(events, variants(r, row.Step, role)...)
			}
		}
	}
	return events
}

// variants are the events of a step: a filing of each kind, an objection with each kind of
// ground, of others one.
func variants(r *liaisonv1.Request, step lifecycle.Step, role lifecycle.Role) []*liaisonv1.Event {
	switch {
	case step == lifecycle.StepObject:
		undecidable := event(r, step, role)
		undecidable.GetObjected().Grounds = []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION}}
		return []*liaisonv1.Event{event(r, step, role), undecidable}
	case step != lifecycle.StepFile:
		return []*liaisonv1.Event{event(r, step, role)}
	}
	var filings []*liaisonv1.Event
	for _, kind := range lifecycle.Kinds() {
		for choice := range 8 {
			filed := event(r, step, role)
			spec := &liaisonv1.RequestSpec{Kind: liaisonv1.RequestKind(kind), Urgency: liaisonv1.Urgency_URGENCY_ROUTINE}
			if choice&1 != 0 {
				spec.Urgency = liaisonv1.Urgency_URGENCY_EMERGENCY
			}
			if choice&2 != 0 {
				spec.Reviewer = "oversight/commissioner"
			}
			filed.Policy = &liaisonv1.PolicyRecord{SecondPersonWaived: choice&4 != 0}
			filed.GetFiled().Spec = spec
			filings = append(filings, filed)
		}
	}
	return filings
}

// event is a step by somebody of a role, with every time that it can name.
func event(r *liaisonv1.Request, step lifecycle.Step, role lifecycle.Role) *liaisonv1.Event {
	now := timestamppb.New(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	key := make([]byte, 32)
	key[0] = byte(role)
	e := &liaisonv1.Event{Actor: actors[role], ActorKeySha256: key, CreateTime: now}
	said := e.ProtoReflect().Mutable(details.ByName(protoreflect.Name(strings.ToLower(step.String())))).Message()
	for i := range said.Descriptor().Fields().Len() {
		field := said.Descriptor().Fields().Get(i)
		if !field.IsList() && field.Message() != nil && field.Message().FullName() == "google.protobuf.Timestamp" {
			said.Set(field, protoreflect.ValueOfMessage(now.ProtoReflect()))
		}
	}
	if manifest := record.Answered(e); manifest != nil {
		manifest.Part = r.GetAnswerParts() + 1
	}
	return e
}
