package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

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

// breakdowns are the tables behind it.
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

// reportTable writes a report for a terminal.
func reportTable(to io.Writer, r *liaisonv1.TransparencyReport, w words, n names) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s\t%s\n", w.text("title"), w.periodName(r.GetPeriod()))
	for _, about := range []struct{ key, name string }{{"authority", n.authority}, {"platform", n.platform}} {
		if about.name == "" {
			about.name = w.text("all")
		}
		fmt.Fprintf(table, "%s\t%s\n", w.text(about.key), visible(about.name))
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

// reportCSV writes a report for spreadsheets: RFC 4180, a line for each count, with the
// contract's words whatever the language.
func reportCSV(to io.Writer, r *liaisonv1.TransparencyReport, _ words, _ names) error {
	out := csv.NewWriter(to)
	out.UseCRLF = true
	record := func(cells ...string) error {
		for i, cell := range cells {
			cells[i] = asText(cell)
		}
		return out.Write(cells)
	}
	about := []string{r.GetPeriod(), r.GetAuthority(), r.GetPlatform()}
	if err := record("period", "authority", "platform", "measure", "item", "count", "suppressed", "over_seconds", "at_most_seconds"); err != nil {
		return err
	}
	write := func(measure, item string, c *liaisonv1.Count, s *liaisonv1.Span) error {
		number := ""
		if c != nil && !c.GetSuppressed() {
			number = strconv.FormatInt(c.GetValue(), 10)
		}
		return record(append(about[:3:3], measure, item, number, strconv.FormatBool(c.GetSuppressed() || c == nil && s == nil), seconds(s.GetOver()), seconds(s.GetAtMost()))...)
	}
	for _, row := range glance(r).rows {
		if err := write(row.key, "", row.count, nil); err != nil {
			return err
		}
	}
	for _, s := range breakdowns(r) {
		for _, row := range s.rows {
			if err := write("by_"+s.key, row.key, row.count, nil); err != nil {
				return err
			}
		}
	}
	for _, t := range r.GetAnswerTimes() {
		if err := write("answered", t.GetUrgency().String(), t.GetAnswered(), nil); err != nil {
			return err
		}
		for _, s := range []struct {
			measure string
			span    *liaisonv1.Span
		}{
			{"median", t.GetMedian()}, {"percentile_90", t.GetPercentile_90()},
			{"whole_median", t.GetWholeMedian()}, {"whole_percentile_90", t.GetWholePercentile_90()},
		} {
			if err := write(s.measure, t.GetUrgency().String(), nil, s.span); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func seconds(d *durationpb.Duration) string {
	if d == nil {
		return ""
	}
	return strconv.FormatInt(d.GetSeconds(), 10)
}

// asText keeps a spreadsheet from taking a cell for a formula.
func asText(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return "'" + cell
	}
	return cell
}
