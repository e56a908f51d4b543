package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Table prints rows in columns, whose order is the same in every language. It makes the
// cells harmless; the header's are keys of the catalogue.
func (s Speaker) Table(to io.Writer, header []string, rows [][]string) error {
	heads := make([]string, len(header))
	for i, key := range header {
		heads[i] = Isolated(s.Language.Say(key))
	}
	lines := [][]string{heads}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Isolated(cell)
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
	_, err := io.WriteString(to, b.String())
	return err
}

// Requests prints requests as a table.
func (s Speaker) Requests(to io.Writer, all []*liaisonv1.RequestSummary) error {
	var rows [][]string
	for _, r := range all {
		marks := s.Word(r.GetKind())
		if r.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
			marks += " " + s.Word(r.GetUrgency())
		}
		if r.GetTest() {
			marks += " " + s.Say("TEST")
		}
		rows = append(rows, []string{
			r.GetName(), s.Word(r.GetState()), marks, r.GetReference(), r.GetAuthority(), r.GetPlatform(),
			fmt.Sprintf("%d/%d", r.GetAnsweredSelectorCount(), r.GetSelectorCount()),
			Moment(r.GetCreateTime()), s.due(r.GetClocks()), Shorten(s.Title(r.GetTitles()), 50),
		})
	}
	return s.Table(to, []string{"REQUEST", "STATE", "KIND", "REFERENCE", "AUTHORITY", "PLATFORM", "ANSWERED", "FILED", "DUE", "TITLE"}, rows)
}

// due says by when an answer is due.
func (s Speaker) due(c *liaisonv1.Clocks) string {
	word := Moment(c.GetAnswerDueTime())
	switch {
	case c.GetStopTime() != nil:
		word += " " + s.Say("(stopped)")
	case c.GetAnswerDueTime() != nil && c.GetMissedTime() != nil && !c.GetMissedTime().AsTime().Before(c.GetAnswerDueTime().AsTime()):
		word += " " + s.Say("(missed)")
	}
	return word
}

// Title returns the text in the person's language, or else the first.
func (s Speaker) Title(texts []*liaisonv1.LocalizedText) string {
	for _, text := range texts {
		if l, ok := catalogue.Parse(text.GetLanguage()); ok && l == s.Language {
			return text.GetText()
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return texts[0].GetText()
}

// Moment writes a time, to the second and in UTC; nothing if there is none.
func Moment(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().UTC().Format(time.DateTime) + "Z"
}
