package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

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
		return nil, fmt.Errorf("encode as JSON: %w", err)
	}
	var compact bytes.Buffer // protojson varies its white space on purpose
	if err := json.Compact(&compact, text); err != nil {
		return nil, fmt.Errorf("encode as JSON: %w", err)
	}
	return compact.Bytes(), nil
}

// printYAML prints a message for people to read in full.
func (a *app) printYAML(message proto.Message) error {
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode as YAML: %w", err)
	}
	_, err = fmt.Fprintln(a.stdout, visibleLines(strings.TrimRight(string(text), "\n")))
	return err
}

// table prints rows in columns. Cells are made visible here.
func (a *app) table(header []string, rows [][]string) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(header, "\t"))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = visible(cell)
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// printEvent prints what a step led to.
func (a *app) printEvent(e *liaisonv1.Event) error {
	if a.json() {
		return a.printJSON(e)
	}
	_, err := fmt.Fprintln(a.stdout, eventLine(e))
	return err
}

// eventLine tells an event in a line.
func eventLine(e *liaisonv1.Event) string {
	line := fmt.Sprintf("%s  #%d  %s  %s  by %s  etag %s", moment(e.GetCreateTime()), e.GetSequence(), e.GetRequest(), stateWord(e.GetState()), e.GetActor(), e.GetEtag())
	if e.GetTest() {
		line += "  TEST"
	}
	if e.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
		line += "  EMERGENCY"
	}
	if text := said(e); text != "" {
		// What somebody wrote stays indented, or a line of it could pass for an event.
		line += "\n    " + strings.ReplaceAll(shortened(text, 300), "\n", "\n    ")
	}
	return visibleLines(line)
}

// said is what an event says in words, if it does.
func said(e *liaisonv1.Event) string {
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		return title(d.Filed.GetSpec().GetIncident().GetTitles())
	case *liaisonv1.Event_ClarificationAsked:
		return d.ClarificationAsked.GetQuestion()
	case *liaisonv1.Event_ClarificationReplied:
		return d.ClarificationReplied.GetText()
	case *liaisonv1.Event_Objected:
		return grounds(d.Objected.GetGrounds())
	case *liaisonv1.Event_Refused:
		return grounds(d.Refused.GetGrounds())
	case *liaisonv1.Event_Upheld:
		return d.Upheld.GetReason()
	case *liaisonv1.Event_Amended:
		return d.Amended.GetReason()
	case *liaisonv1.Event_Withdrawn:
		return d.Withdrawn.GetReason()
	case *liaisonv1.Event_Rejected:
		return d.Rejected.GetReason()
	case *liaisonv1.Event_MoreTimeAsked:
		return "more time until " + moment(d.MoreTimeAsked.GetUntilTime()) + ": " + d.MoreTimeAsked.GetReason()
	case *liaisonv1.Event_MoreTimeGranted:
		return "more time is granted, until " + moment(e.GetClocks().GetAnswerDueTime())
	case *liaisonv1.Event_MoreTimeDeclined:
		return d.MoreTimeDeclined.GetReason()
	case *liaisonv1.Event_DeadlineNear:
		return "an answer is due at " + moment(d.DeadlineNear.GetDueTime())
	case *liaisonv1.Event_DeadlineMissed:
		return "an answer was due at " + moment(d.DeadlineMissed.GetDueTime())
	case *liaisonv1.Event_Lapsed:
		return "nobody validated the emergency in time; what was had of its answers is to be deleted"
	case *liaisonv1.Event_Expired:
		return "the period of preservation has ended"
	case *liaisonv1.Event_DeletionAttested:
		return "deleted at " + moment(d.DeletionAttested.GetDeleteTime()) + " " + d.DeletionAttested.GetNote()
	case *liaisonv1.Event_AnswerOpened:
		return fmt.Sprintf("parts %v are opened", d.AnswerOpened.GetParts())
	case *liaisonv1.Event_AnswerRecalled:
		return fmt.Sprintf("parts %v are recalled: %s", d.AnswerRecalled.GetParts(), d.AnswerRecalled.GetReason())
	case *liaisonv1.Event_RecallConfirmed:
		return "what was recalled is not used any more " + d.RecallConfirmed.GetNote()
	case *liaisonv1.Event_ReviewObjected:
		return fmt.Sprintf("the reviewer objects to %v: %s", d.ReviewObjected.GetSelectorIds(), grounds(d.ReviewObjected.GetGrounds()))
	case *liaisonv1.Event_ReviewRefused:
		return "the reviewer objects to the whole: " + grounds(d.ReviewRefused.GetGrounds())
	case *liaisonv1.Event_ReviewCleared:
		return "the reviewer does not object " + d.ReviewCleared.GetNote()
	case *liaisonv1.Event_ReviewLapsed:
		return "the reviewer said nothing in time; nobody has cleared the request"
	case *liaisonv1.Event_ObjectionMaintained:
		return d.ObjectionMaintained.GetPosition()
	case *liaisonv1.Event_DisputeDecided:
		return decided(d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		return decided(d.DisputeSustained)
	case *liaisonv1.Event_NoticeDelayEnded:
		return "the person concerned may be told"
	case *liaisonv1.Event_NoticeGiven:
		return "the person concerned was told at " + moment(d.NoticeGiven.GetTellTime())
	case *liaisonv1.Event_PartiallyAnswered:
		return outcomes(d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		return outcomes(d.Answered)
	default:
		return ""
	}
}

func grounds(all []*liaisonv1.Ground) string {
	var words []string
	for _, g := range all {
		words = append(words, strings.TrimPrefix(g.GetCode().String(), "GROUND_CODE_")+": "+g.GetExplanation())
	}
	return strings.Join(words, "; ")
}

// outcomes counts a manifest's outcomes.
func outcomes(m *liaisonv1.AnswerManifest) string {
	counts := make(map[liaisonv1.OutcomeCode]int)
	for _, entry := range m.GetEntries() {
		counts[entry.GetOutcome()]++
	}
	words := []string{fmt.Sprintf("part %d", m.GetPart())}
	for code := liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED; code <= liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD; code++ {
		if counts[code] > 0 {
			words = append(words, fmt.Sprintf("%s %d", strings.TrimPrefix(code.String(), "OUTCOME_CODE_"), counts[code]))
		}
	}
	return strings.Join(words, ", ")
}

// summaries prints requests as a list.
func (a *app) summaries(all []*liaisonv1.RequestSummary) error {
	var rows [][]string
	for _, r := range all {
		marks := strings.TrimPrefix(r.GetKind().String(), "REQUEST_KIND_")
		if r.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
			marks += " EMERGENCY"
		}
		if r.GetTest() {
			marks += " TEST"
		}
		other := r.GetPlatform()
		rows = append(rows, []string{
			r.GetName(), stateWord(r.GetState()), marks, r.GetReference(), r.GetAuthority() + " to " + other,
			fmt.Sprintf("%d/%d", r.GetAnsweredSelectorCount(), r.GetSelectorCount()),
			moment(r.GetCreateTime()), dueWord(r.GetClocks()), shortened(title(r.GetTitles()), 50),
		})
	}
	return a.table([]string{"REQUEST", "STATE", "KIND", "REFERENCE", "PARTIES", "ANSWERED", "FILED", "DUE", "TITLE"}, rows)
}

// dueWord tells by when an answer is due.
func dueWord(c *liaisonv1.Clocks) string {
	word := moment(c.GetAnswerDueTime())
	switch {
	case c.GetStopTime() != nil:
		word += " (stopped)"
	case c.GetAnswerDueTime() != nil && c.GetMissedTime() != nil && !c.GetMissedTime().AsTime().Before(c.GetAnswerDueTime().AsTime()):
		word += " (missed)"
	}
	return word
}

func title(titles []*liaisonv1.LocalizedText) string {
	if len(titles) == 0 {
		return ""
	}
	return titles[0].GetText()
}

func stateWord(s liaisonv1.RequestState) string {
	return strings.TrimPrefix(s.String(), "REQUEST_STATE_")
}

func moment(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().UTC().Format(time.DateTime) + "Z"
}
