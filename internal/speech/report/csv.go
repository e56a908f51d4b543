package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// writeCSV writes a report for spreadsheets: RFC 4180, a line for each count, with the
// contract's words whatever the language.
func writeCSV(to io.Writer, r *liaisonv1.TransparencyReport, _ catalogue.Language, _ Names) error {
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
