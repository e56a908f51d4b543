package terminal

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Event says in a line which step was taken, when and by whom, and below it what the step
// says. before is the event that was shown before it, nil if there is none: of the same
// request it tells whether the state changed.
func (s Speaker) Event(e, before *liaisonv1.Event) string {
	parts := []string{
		Moment(e.GetCreateTime()), fmt.Sprintf("#%d", e.GetSequence()), Isolated(e.GetRequest()),
		s.Lines(s.Taken(e, before)), "etag " + Isolated(e.GetEtag()),
	}
	if e.GetTest() {
		parts = append(parts, Isolated(s.Say("TEST")))
	}
	if e.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
		parts = append(parts, Isolated(s.Word(e.GetUrgency())))
	}
	line := strings.Join(parts, "  ")
	if said := s.said(e); said != "" {
		line += "\n    " + s.Lines(said)
	}
	return line
}

// Taken says who took which step, and where the request stands after it if it moved.
func (s Speaker) Taken(e, before *liaisonv1.Event) string {
	taken := s.Say("%s: %s", e.GetActor(), Safe(s.Step(stepName(e))))
	if moved(e, before) {
		taken += s.Say(", ") + s.Say("now %s", Safe(s.Word(e.GetState())))
	}
	return taken
}

// Step says what somebody did by a step: "asked for more time". A step's name is that of its
// field among an event's details; it is empty where the event's content was deleted.
func (s Speaker) Step(name string) string {
	switch key := "event." + name; {
	case name == "":
		return s.Say("took a step whose content is deleted")
	case s.Language.Has(key):
		return s.Language.Say(key)
	case catalogue.English.Has(key):
		return catalogue.English.Say(key)
	default: // a step of a newer contract than this program knows
		return Isolated(name)
	}
}

// details are what an event can say: the contract's list of steps.
var details = (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail")

// stepName returns the name of an event's step, empty if its content was deleted.
func stepName(e *liaisonv1.Event) string {
	field := e.ProtoReflect().WhichOneof(details)
	if field == nil {
		return ""
	}
	return string(field.Name())
}

// moved reports whether a request's state changed by an event, or may have where the event
// before it is not known.
func moved(e, before *liaisonv1.Event) bool {
	switch {
	case before != nil && before.GetRequest() == e.GetRequest():
		return before.GetState() != e.GetState()
	case e.GetDetail() == nil:
		return true
	default:
		return record.StepOf(e).MayMoveTo(lifecycle.State(e.GetState()))
	}
}

// theirs is what somebody wrote, shortened. Its lines stay indented, or one of it could
// pass for an event.
func (s Speaker) theirs(text string) Safe {
	return Safe(strings.ReplaceAll(s.IsolatedLines(Shorten(text, 300)), "\n", "\n    "))
}

// said is what an event says in words, if it does.
func (s Speaker) said(e *liaisonv1.Event) string {
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		return string(s.theirs(s.Title(d.Filed.GetSpec().GetIncident().GetTitles())))
	case *liaisonv1.Event_ClarificationAsked:
		return string(s.theirs(d.ClarificationAsked.GetQuestion()))
	case *liaisonv1.Event_ClarificationReplied:
		return string(s.theirs(d.ClarificationReplied.GetText()))
	case *liaisonv1.Event_Objected:
		return s.grounds(d.Objected.GetGrounds())
	case *liaisonv1.Event_Refused:
		return s.grounds(d.Refused.GetGrounds())
	case *liaisonv1.Event_Upheld:
		return string(s.theirs(d.Upheld.GetReason()))
	case *liaisonv1.Event_Amended:
		return string(s.theirs(d.Amended.GetReason()))
	case *liaisonv1.Event_Withdrawn:
		return string(s.theirs(d.Withdrawn.GetReason()))
	case *liaisonv1.Event_Rejected:
		return string(s.theirs(d.Rejected.GetReason()))
	case *liaisonv1.Event_MoreTimeAsked:
		return s.Say("more time until %s: %s", Moment(d.MoreTimeAsked.GetUntilTime()), s.theirs(d.MoreTimeAsked.GetReason()))
	case *liaisonv1.Event_MoreTimeGranted:
		return s.Say("more time is granted, until %s", Moment(e.GetClocks().GetAnswerDueTime()))
	case *liaisonv1.Event_MoreTimeDeclined:
		return string(s.theirs(d.MoreTimeDeclined.GetReason()))
	case *liaisonv1.Event_DeadlineNear:
		return s.Say("an answer is due at %s", Moment(d.DeadlineNear.GetDueTime()))
	case *liaisonv1.Event_DeadlineMissed:
		return s.Say("an answer was due at %s", Moment(d.DeadlineMissed.GetDueTime()))
	case *liaisonv1.Event_Lapsed:
		return s.Say("nobody validated the emergency in time; what was had of its answers is to be deleted")
	case *liaisonv1.Event_Expired:
		return s.Say("the period of preservation has ended")
	case *liaisonv1.Event_DeletionAttested:
		return s.Say("deleted at %s %s", Moment(cmp.Or(d.DeletionAttested.GetDeleteTime(), e.GetCreateTime())), s.theirs(d.DeletionAttested.GetNote()))
	case *liaisonv1.Event_AnswerOpened:
		return s.Say("part %d is opened", d.AnswerOpened.GetPart())
	case *liaisonv1.Event_AnswerRecalled:
		return s.Say("parts %s are recalled: %s", fmt.Sprint(d.AnswerRecalled.GetParts()), s.theirs(d.AnswerRecalled.GetReason()))
	case *liaisonv1.Event_RecallConfirmed:
		return s.Say("what was recalled is not used any more %s", s.theirs(d.RecallConfirmed.GetNote()))
	case *liaisonv1.Event_ReviewObjected:
		return s.Say("the reviewer objects to %s: %s", fmt.Sprint(d.ReviewObjected.GetSelectorIds()), Safe(s.grounds(d.ReviewObjected.GetGrounds())))
	case *liaisonv1.Event_ReviewRefused:
		return s.Say("the reviewer objects to the whole: %s", Safe(s.grounds(d.ReviewRefused.GetGrounds())))
	case *liaisonv1.Event_ReviewCleared:
		return s.Say("the reviewer does not object %s", s.theirs(d.ReviewCleared.GetNote()))
	case *liaisonv1.Event_ReviewLapsed:
		return s.Say("the reviewer said nothing in time; nobody has cleared the request")
	case *liaisonv1.Event_ObjectionMaintained:
		return string(s.theirs(d.ObjectionMaintained.GetPosition()))
	case *liaisonv1.Event_DisputeDecided:
		return s.decided(d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		return s.decided(d.DisputeSustained)
	case *liaisonv1.Event_Audited:
		return s.Say("%s was shown how it is conducted, and nothing of whom it is about", d.Audited.GetBody())
	case *liaisonv1.Event_HandedOver:
		return s.Say("kept for %s until that is answered or over", d.HandedOver.GetDisclosure())
	case *liaisonv1.Event_HandOverEnded:
		return s.Say("%s does not need it any more", d.HandOverEnded.GetDisclosure())
	case *liaisonv1.Event_NoticeDelayEnded:
		return s.Say("the person concerned may be told")
	case *liaisonv1.Event_NoticeRecorded:
		return s.Say("the person concerned was told at %s", Moment(cmp.Or(d.NoticeRecorded.GetTellTime(), e.GetCreateTime())))
	case *liaisonv1.Event_PartiallyAnswered:
		return s.Outcomes(d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		return s.Outcomes(d.Answered)
	case *liaisonv1.Event_Approved, *liaisonv1.Event_Acknowledged, *liaisonv1.Event_PreservationConfirmed, *liaisonv1.Event_PreservationExtended,
		*liaisonv1.Event_EmergencyValidated, *liaisonv1.Event_ReceiptConfirmed:
		return "" // that the step was taken is all
	default:
		return ""
	}
}

func (s Speaker) grounds(all []*liaisonv1.Ground) string {
	var words []string
	for _, g := range all {
		words = append(words, s.Isolated(s.Word(g.GetCode()))+": "+string(s.theirs(g.GetExplanation())))
	}
	return strings.Join(words, "; ")
}

// Outcomes counts a manifest's outcomes.
func (s Speaker) Outcomes(m *liaisonv1.AnswerManifest) string {
	counts := make(map[liaisonv1.OutcomeCode]int)
	for _, entry := range m.GetEntries() {
		counts[entry.GetOutcome()]++
	}
	words := []string{s.Say("part %d", m.GetPart())}
	for code := liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED; code <= liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD; code++ {
		if counts[code] > 0 {
			words = append(words, fmt.Sprintf("%s %d", s.Word(code), counts[code]))
		}
	}
	return strings.Join(words, s.Say(", "))
}

// decided says in words what was decided.
func (s Speaker) decided(d *liaisonv1.DisputeDecision) string {
	reasons := s.theirs(d.GetReasons())
	if r := d.GetRuling(); r != nil {
		reasons = s.theirs(r.GetCourt() + ", " + r.GetOrderNumber() + ": " + d.GetReasons())
	}
	switch d.GetOutcome() {
	case liaisonv1.DecisionOutcome_DECISION_OUTCOME_OVERRULED:
		return s.Say("the objection is overruled: %s", reasons)
	case liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED:
		return s.Say("the objection is sustained: %s", reasons)
	default:
		return s.Say("the objection is sustained for %s: %s", fmt.Sprint(d.GetSelectorIds()), reasons)
	}
}
