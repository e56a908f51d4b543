package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// row is one count of a report. Its key is that of its text, and its name in files.
type row struct {
	key   string
	count *liaisonv1.Count
}

// section is a table of a report, with its text's key.
type section struct {
	key  string
	rows []row
}

// glance are the counts that a report begins with.
func glance(r *liaisonv1.TransparencyReport) section {
	return section{key: "glance", rows: []row{
		{"requests", r.GetRequests()}, {"decided", r.GetDecided()}, {"missed", r.GetDeadlinesMissed()},
		{"validated", r.GetEmergenciesValidated()}, {"lapsed", r.GetEmergenciesLapsed()}, {"recalls", r.GetRecalls()},
		{"people", r.GetPeopleAffected()}, {"parties", r.GetPartiesIdentified()},
	}}
}

// breakdowns are the tables after it.
func breakdowns(r *liaisonv1.TransparencyReport) []section {
	all := []section{{key: "kind"}, {key: "urgency"}, {key: "basis"}, {key: "outcome"}, {key: "result"}, {key: "ground"}}
	for _, c := range r.GetByKind() {
		all[0].rows = append(all[0].rows, row{c.GetKind().String(), c.GetCount()})
	}
	for _, c := range r.GetByUrgency() {
		all[1].rows = append(all[1].rows, row{c.GetUrgency().String(), c.GetCount()})
	}
	for _, c := range r.GetByLegalBasis() {
		all[2].rows = append(all[2].rows, row{c.GetLegalBasis().String(), c.GetCount()})
	}
	for _, c := range r.GetByOutcome() {
		all[3].rows = append(all[3].rows, row{c.GetOutcome().String(), c.GetCount()})
	}
	for _, c := range r.GetByResult() {
		all[4].rows = append(all[4].rows, row{c.GetResult().String(), c.GetCount()})
	}
	for _, c := range r.GetByGround() {
		all[5].rows = append(all[5].rows, row{c.GetGround().String(), c.GetCount()})
	}
	return all
}

// periodName returns a period in words.
func (w words) periodName(period string) string {
	year, part, divided := strings.Cut(period, "-")
	quarter, isQuarter := strings.CutPrefix(part, "Q")
	switch {
	case !divided:
		return w.digits(year)
	case isQuarter:
		return w.text("quarter "+quarter, w.digits(year))
	default:
		return w.text("month "+strings.TrimPrefix(part, "0"), w.digits(year))
	}
}

// countName writes a count, or that it is suppressed.
func (w words) countName(c *liaisonv1.Count) string {
	if c.GetSuppressed() {
		return w.text("suppressed")
	}
	return w.number(c.GetValue())
}

// spanName writes a class of times: "1–2 days".
func (w words) spanName(s *liaisonv1.Span) string {
	if s == nil {
		return w.text("suppressed")
	}
	over, most := s.GetOver().AsDuration(), s.GetAtMost().AsDuration()
	unit, in := time.Hour, "hours"
	if max(over, most) > 24*time.Hour {
		unit, in = 24*time.Hour, "days"
	}
	from := w.number(int64(over / unit))
	if s.GetAtMost() == nil {
		return w.text(in, w.text("over", from))
	}
	return w.text(in, from+"–"+w.number(int64(most/unit)))
}

// writeTable writes a report for a terminal.
func writeTable(to io.Writer, r *liaisonv1.TransparencyReport, l catalogue.Language, n Names) error {
	w := words{l}
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s\t%s\n", w.text("title"), w.periodName(r.GetPeriod()))
	for _, about := range []struct{ key, name string }{{"authority", n.Authority}, {"platform", n.Platform}} {
		if about.name == "" {
			about.name = w.text("all")
		}
		fmt.Fprintf(table, "%s\t%s\n", w.text(about.key), terminal.Visible(about.name))
	}
	for _, s := range append([]section{glance(r)}, breakdowns(r)...) {
		fmt.Fprintf(table, "\n%s\t\n", w.text(s.key))
		var few []string
		for _, row := range s.rows {
			if row.count.GetSuppressed() && s.key == "ground" {
				few = append(few, w.text(row.key))
				continue
			}
			fmt.Fprintf(table, "  %s\t%s\n", w.text(row.key), w.countName(row.count))
		}
		if len(few) == len(s.rows) {
			fmt.Fprintf(table, "  %s\t\n", w.text("none told"))
		}
	}
	fmt.Fprintf(table, "\n%s\t\n", w.text("times"))
	for _, t := range r.GetAnswerTimes() {
		fmt.Fprintf(table, "  %s, %s\t%s\n", w.text(t.GetUrgency().String()), w.text("median"), w.spanName(t.GetMedian()))
		fmt.Fprintf(table, "  %s, %s\t%s\n", w.text(t.GetUrgency().String()), w.text("percentile"), w.spanName(t.GetPercentile_90()))
	}
	return table.Flush()
}
