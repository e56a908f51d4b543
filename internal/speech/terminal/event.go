package terminal

import (
	"cmp"
	"fmt"
	"strings"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Event tells an event in a line, and what it says under it.
func (s Speaker) Event(e *liaisonv1.Event) string {
	parts := []string{
		Moment(e.GetCreateTime()), fmt.Sprintf("#%d", e.GetSequence()), Isolated(e.GetRequest()), Isolated(s.Word(e.GetState())),
		s.Lines(s.Say("by %s", e.GetActor())), "etag " + Isolated(e.GetEtag()),
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
		return s.Say("parts %s are opened", fmt.Sprint(d.AnswerOpened.GetParts()))
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
