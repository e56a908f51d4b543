package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"buf.build/go/protoyaml"
	"github.com/rivo/uniseg"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) json() bool { return a.output == "json" }

// printJSON prints a message as one line.
func (a *app) printJSON(message proto.Message) error {
	text, err := jsonLine(message)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(append(escapeJSON(text), '\n'))
	return err
}

// jsonLine encodes a message on one line, with the contract's field names.
func jsonLine(message proto.Message) ([]byte, error) {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		return nil, failure("encode as JSON: %w", err)
	}
	var compact bytes.Buffer // protojson varies its white space on purpose
	if err := json.Compact(&compact, text); err != nil {
		return nil, failure("encode as JSON: %w", err)
	}
	return compact.Bytes(), nil
}

// printYAML prints a message for people to read in full.
func (a *app) printYAML(message proto.Message) error {
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(message)
	if err != nil {
		return failure("encode as YAML: %w", err)
	}
	_, err = fmt.Fprintln(a.stdout, visibleLines(strings.TrimRight(string(text), "\n")))
	return err
}

// table prints rows in columns, whose order is the same in every language. Cells are
// made harmless here; the header's are keys of the catalogue.
func (a *app) table(header []string, rows [][]string) error {
	heads := make([]string, len(header))
	for i, key := range header {
		heads[i] = isolated(a.speaks.Say(key))
	}
	lines := [][]string{heads}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = isolated(cell)
		}
		lines = append(lines, cells)
	}
	widths := make([]int, len(header))
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, cells := range lines {
		for i, cell := range cells {
			b.WriteString(cell)
			if i < len(cells)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell)+2))
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

// printEvent prints what a step led to.
func (a *app) printEvent(e *liaisonv1.Event) error {
	if a.json() {
		return a.printJSON(e)
	}
	_, err := fmt.Fprintln(a.stdout, a.eventLine(e))
	return err
}

// eventLine tells an event in a line, and what it says under it.
func (a *app) eventLine(e *liaisonv1.Event) string {
	parts := []string{
		moment(e.GetCreateTime()), fmt.Sprintf("#%d", e.GetSequence()), isolated(e.GetRequest()), isolated(a.word(e.GetState())),
		a.lines(a.say("by %s", e.GetActor())), "etag " + isolated(e.GetEtag()),
	}
	if e.GetTest() {
		parts = append(parts, isolated(a.say("TEST")))
	}
	if e.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
		parts = append(parts, isolated(a.word(e.GetUrgency())))
	}
	line := strings.Join(parts, "  ")
	if said := a.said(e); said != "" {
		line += "\n    " + a.lines(said)
	}
	return line
}

// theirs is what somebody wrote, shortened. Its lines stay indented, or one of it could
// pass for an event.
func (a *app) theirs(text string) shown {
	return shown(strings.ReplaceAll(a.isolatedLines(shortened(text, 300)), "\n", "\n    "))
}

// said is what an event says in words, if it does.
func (a *app) said(e *liaisonv1.Event) string {
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		return string(a.theirs(a.title(d.Filed.GetSpec().GetIncident().GetTitles())))
	case *liaisonv1.Event_ClarificationAsked:
		return string(a.theirs(d.ClarificationAsked.GetQuestion()))
	case *liaisonv1.Event_ClarificationReplied:
		return string(a.theirs(d.ClarificationReplied.GetText()))
	case *liaisonv1.Event_Objected:
		return a.grounds(d.Objected.GetGrounds())
	case *liaisonv1.Event_Refused:
		return a.grounds(d.Refused.GetGrounds())
	case *liaisonv1.Event_Upheld:
		return string(a.theirs(d.Upheld.GetReason()))
	case *liaisonv1.Event_Amended:
		return string(a.theirs(d.Amended.GetReason()))
	case *liaisonv1.Event_Withdrawn:
		return string(a.theirs(d.Withdrawn.GetReason()))
	case *liaisonv1.Event_Rejected:
		return string(a.theirs(d.Rejected.GetReason()))
	case *liaisonv1.Event_MoreTimeAsked:
		return a.say("more time until %s: %s", moment(d.MoreTimeAsked.GetUntilTime()), a.theirs(d.MoreTimeAsked.GetReason()))
	case *liaisonv1.Event_MoreTimeGranted:
		return a.say("more time is granted, until %s", moment(e.GetClocks().GetAnswerDueTime()))
	case *liaisonv1.Event_MoreTimeDeclined:
		return string(a.theirs(d.MoreTimeDeclined.GetReason()))
	case *liaisonv1.Event_DeadlineNear:
		return a.say("an answer is due at %s", moment(d.DeadlineNear.GetDueTime()))
	case *liaisonv1.Event_DeadlineMissed:
		return a.say("an answer was due at %s", moment(d.DeadlineMissed.GetDueTime()))
	case *liaisonv1.Event_Lapsed:
		return a.say("nobody validated the emergency in time; what was had of its answers is to be deleted")
	case *liaisonv1.Event_Expired:
		return a.say("the period of preservation has ended")
	case *liaisonv1.Event_DeletionAttested:
		return a.say("deleted at %s %s", moment(cmp.Or(d.DeletionAttested.GetDeleteTime(), e.GetCreateTime())), a.theirs(d.DeletionAttested.GetNote()))
	case *liaisonv1.Event_AnswerOpened:
		return a.say("parts %s are opened", fmt.Sprint(d.AnswerOpened.GetParts()))
	case *liaisonv1.Event_AnswerRecalled:
		return a.say("parts %s are recalled: %s", fmt.Sprint(d.AnswerRecalled.GetParts()), a.theirs(d.AnswerRecalled.GetReason()))
	case *liaisonv1.Event_RecallConfirmed:
		return a.say("what was recalled is not used any more %s", a.theirs(d.RecallConfirmed.GetNote()))
	case *liaisonv1.Event_ReviewObjected:
		return a.say("the reviewer objects to %s: %s", fmt.Sprint(d.ReviewObjected.GetSelectorIds()), shown(a.grounds(d.ReviewObjected.GetGrounds())))
	case *liaisonv1.Event_ReviewRefused:
		return a.say("the reviewer objects to the whole: %s", shown(a.grounds(d.ReviewRefused.GetGrounds())))
	case *liaisonv1.Event_ReviewCleared:
		return a.say("the reviewer does not object %s", a.theirs(d.ReviewCleared.GetNote()))
	case *liaisonv1.Event_ReviewLapsed:
		return a.say("the reviewer said nothing in time; nobody has cleared the request")
	case *liaisonv1.Event_ObjectionMaintained:
		return string(a.theirs(d.ObjectionMaintained.GetPosition()))
	case *liaisonv1.Event_DisputeDecided:
		return a.decided(d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		return a.decided(d.DisputeSustained)
	case *liaisonv1.Event_Audited:
		return a.say("%s was shown how it is conducted, and nothing of whom it is about", d.Audited.GetBody())
	case *liaisonv1.Event_HandedOver:
		return a.say("kept for %s until that is answered or over", d.HandedOver.GetDisclosure())
	case *liaisonv1.Event_HandOverEnded:
		return a.say("%s does not need it any more", d.HandOverEnded.GetDisclosure())
	case *liaisonv1.Event_NoticeDelayEnded:
		return a.say("the person concerned may be told")
	case *liaisonv1.Event_NoticeRecorded:
		return a.say("the person concerned was told at %s", moment(cmp.Or(d.NoticeRecorded.GetTellTime(), e.GetCreateTime())))
	case *liaisonv1.Event_PartiallyAnswered:
		return a.outcomes(d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		return a.outcomes(d.Answered)
	default:
		return ""
	}
}

func (a *app) grounds(all []*liaisonv1.Ground) string {
	var words []string
	for _, g := range all {
		words = append(words, a.isolated(a.word(g.GetCode()))+": "+string(a.theirs(g.GetExplanation())))
	}
	return strings.Join(words, "; ")
}

// outcomes counts a manifest's outcomes.
func (a *app) outcomes(m *liaisonv1.AnswerManifest) string {
	counts := make(map[liaisonv1.OutcomeCode]int)
	for _, entry := range m.GetEntries() {
		counts[entry.GetOutcome()]++
	}
	words := []string{a.say("part %d", m.GetPart())}
	for code := liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED; code <= liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD; code++ {
		if counts[code] > 0 {
			words = append(words, fmt.Sprintf("%s %d", a.word(code), counts[code]))
		}
	}
	return strings.Join(words, a.say(", "))
}

// summaries prints requests as a list.
func (a *app) summaries(all []*liaisonv1.RequestSummary) error {
	var rows [][]string
	for _, r := range all {
		marks := a.word(r.GetKind())
		if r.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
			marks += " " + a.word(r.GetUrgency())
		}
		if r.GetTest() {
			marks += " " + a.say("TEST")
		}
		rows = append(rows, []string{
			r.GetName(), a.word(r.GetState()), marks, r.GetReference(), r.GetAuthority(), r.GetPlatform(),
			fmt.Sprintf("%d/%d", r.GetAnsweredSelectorCount(), r.GetSelectorCount()),
			moment(r.GetCreateTime()), a.dueWord(r.GetClocks()), shortened(a.title(r.GetTitles()), 50),
		})
	}
	return a.table([]string{"REQUEST", "STATE", "KIND", "REFERENCE", "AUTHORITY", "PLATFORM", "ANSWERED", "FILED", "DUE", "TITLE"}, rows)
}

// dueWord tells by when an answer is due.
func (a *app) dueWord(c *liaisonv1.Clocks) string {
	word := moment(c.GetAnswerDueTime())
	switch {
	case c.GetStopTime() != nil:
		word += " " + a.say("(stopped)")
	case c.GetAnswerDueTime() != nil && c.GetMissedTime() != nil && !c.GetMissedTime().AsTime().Before(c.GetAnswerDueTime().AsTime()):
		word += " " + a.say("(missed)")
	}
	return word
}

// title is the text in the person's language, or else the first.
func (a *app) title(texts []*liaisonv1.LocalizedText) string {
	for _, text := range texts {
		if l, ok := catalogue.Parse(text.GetLanguage()); ok && l == a.speaks {
			return text.GetText()
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return texts[0].GetText()
}

func moment(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().UTC().Format(time.DateTime) + "Z"
}
