package report

import (
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"html/template"
	"io"
	"strconv"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

//go:embed page.css
var pageStyle string

//go:embed page.gohtml
var pageTemplate string

var pageHTML = template.Must(template.New("report").Parse(pageTemplate))

// page is a report as its template reads it.
type page struct {
	Language, Direction string
	Style               template.CSS
	Policy              string // what the page may load: nothing but its own style
	Period              string
	Report              *liaisonv1.TransparencyReport
	Authority, Platform string
	Tiles               []pageRow
	Sections            []pageSection
	Times               []pageTimes
	Lot                 string

	words words
}

// Text returns a text.
func (p page) Text(key string) string { return p.words.text(key) }

// SmallNote says how small counts are kept from being told.
func (p page) SmallNote() string { return p.words.text("note small", p.Lot) }

type pageSection struct {
	Key, Title string
	Rows       []pageRow
	Others     string // names of rows that have too few, where they are not rows
}

type pageRow struct {
	Name, Count string
	Suppressed  bool
	Width       string // of the bar, in hundredths of the whole
	Start       string // where the bar begins, from the left
}

type pageTimes struct {
	Urgency, Answered string
	Spans             []pageSpan
}

type pageSpan struct {
	Name, Net, Whole string
}

// writePage writes a report as a page for a browser, in one file.
func writePage(to io.Writer, r *liaisonv1.TransparencyReport, l catalogue.Language, n Names) error {
	w := words{l}
	digest := sha256.Sum256([]byte(pageStyle))
	p := page{
		Language: string(w.language), Direction: "ltr", Style: template.CSS(pageStyle),
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'",
		Period: w.periodName(r.GetPeriod()), Report: r, Authority: n.Authority, Platform: n.Platform,
		Lot: w.number(int64(r.GetLot())), words: w,
	}
	if w.language.RightToLeft() {
		p.Direction = "rtl"
	}
	for _, row := range glance(r).rows {
		p.Tiles = append(p.Tiles, w.pageRow(row, 0))
	}
	for _, s := range breakdowns(r) {
		p.Sections = append(p.Sections, w.pageSection(s))
	}
	for _, t := range r.GetAnswerTimes() {
		p.Times = append(p.Times, pageTimes{
			Urgency: w.text(t.GetUrgency().String()), Answered: w.countName(t.GetAnswered()),
			Spans: []pageSpan{
				{w.text("median"), w.spanName(t.GetMedian()), w.spanName(t.GetWholeMedian())},
				{w.text("percentile"), w.spanName(t.GetPercentile_90()), w.spanName(t.GetWholePercentile_90())},
			},
		})
	}
	return pageHTML.Execute(to, p)
}

// mostRows is how many rows a table can have whose suppressed ones are all shown.
const mostRows = 8

func (w words) pageSection(s section) pageSection {
	out := pageSection{Key: s.key, Title: w.text(s.key)}
	var most int64
	for _, row := range s.rows {
		most = max(most, row.count.GetValue())
	}
	for _, row := range s.rows {
		if row.count.GetSuppressed() && len(s.rows) > mostRows {
			if out.Others != "" {
				out.Others += w.listMark()
			}
			out.Others += w.text(row.key)
			continue
		}
		out.Rows = append(out.Rows, w.pageRow(row, most))
	}
	if out.Others != "" {
		out.Others = w.text("others", out.Others)
	}
	return out
}

// listMark stands between what is listed.
func (w words) listMark() string {
	if w.language.RightToLeft() {
		return "، "
	}
	return ", "
}

// pageRow returns a row with a bar that is as long as its count is of the most. A bar grows
// from where its line begins, which is the right in Arabic.
func (w words) pageRow(r row, most int64) pageRow {
	out := pageRow{Name: w.text(r.key), Count: w.countName(r.count), Suppressed: r.count.GetSuppressed(), Width: "0", Start: "0"}
	if most > 0 {
		width := float64(r.count.GetValue()) * 100 / float64(most)
		out.Width = strconv.FormatFloat(width, 'f', 2, 64)
		if w.language.RightToLeft() {
			out.Start = strconv.FormatFloat(100-width, 'f', 2, 64)
		}
	}
	return out
}
