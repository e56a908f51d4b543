package report

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// quarter is the report that the tests of the formats write.
func quarter(t testing.TB) *liaisonv1.TransparencyReport {
	t.Helper()
	text, err := os.ReadFile("testdata/report.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &liaisonv1.TransparencyReport{}
	if err := protojson.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// called are names in each language, one of which would break a page that takes it for more
// than a name.
var entitled = map[string]Names{
	"en":  {Authority: "Ministry of Communications <b>&", Platform: "Messenger"},
	"ar":  {Authority: "وزارة الاتصالات", Platform: "Messenger"},
	"ckb": {Authority: "وەزارەتی گەیاندن", Platform: "Messenger"},
}

// written writes the report in a format and a language.
func written(t testing.TB, format, language string, r *liaisonv1.TransparencyReport) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Formats[format](&out, r, catalogue.Language(language), entitled[language]); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestReportFormats holds each format and language against a file.
func TestReportFormats(t *testing.T) {
	for _, file := range []struct{ name, format, language string }{
		{"en.txt", "table", "en"}, {"ar.txt", "table", "ar"}, {"report.csv", "csv", "en"},
		{"en.html", "html", "en"}, {"ar.html", "html", "ar"}, {"ckb.html", "html", "ckb"},
	} {
		t.Run(file.name, func(t *testing.T) {
			got := written(t, file.format, file.language, quarter(t))
			path := filepath.Join("testdata", file.name)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what is written now; if that is right: go test ./internal/speech/report -run TestReportFormats -update\n%s", path, got)
			}
		})
	}
}

// TestTheReportInJSONIsTheMessage.
func TestTheReportInJSONIsTheMessage(t *testing.T) {
	r := &liaisonv1.TransparencyReport{}
	if err := protojson.Unmarshal(written(t, "json", "en", quarter(t)), r); err != nil || r.GetRequests().GetValue() != 1250 {
		t.Errorf("reads %v: %v", r, err)
	}
}

// TestTheReportInCSV is read back as RFC 4180 has it, every line as long as the first.
func TestTheReportInCSV(t *testing.T) {
	text := written(t, "csv", "en", quarter(t))
	if n := bytes.Count(text, []byte("\n")); n != bytes.Count(text, []byte("\r\n")) || n < 40 {
		t.Errorf("%d lines, not all of which end as the standard says", n)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2026-Q3 authorities/moc platforms/messenger requests  1250 false  ",
		"2026-Q3 authorities/moc platforms/messenger by_kind REQUEST_KIND_EXISTENCE  true  ",
		"2026-Q3 authorities/moc platforms/messenger median URGENCY_ROUTINE  false 345600 432000",
		"2026-Q3 authorities/moc platforms/messenger whole_percentile_90 URGENCY_ROUTINE  false 7776000 ",
	} {
		if !slices.ContainsFunc(lines, func(line []string) bool { return strings.Join(line, " ") == want }) {
			t.Errorf("there is no line %q", want)
		}
	}
}

// TestNoCellIsAFormula.
func TestNoCellIsAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "2026": "2026", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1",
	} {
		if got := asText(cell); got != want {
			t.Errorf("%q is written %q, want %q", cell, got, want)
		}
	}
	r := quarter(t)
	r.Authority = `=HYPERLINK("http://example.org")`
	if text := written(t, "csv", "en", r); bytes.Contains(text, []byte(",=")) || bytes.Contains(text, []byte(",\"=")) {
		t.Error("a cell is a formula")
	}
}

// TestThePageLoadsNothing: whoever publishes it publishes one file, and who reads it tells
// nobody.
func TestThePageLoadsNothing(t *testing.T) {
	for _, language := range []string{"en", "ar", "ckb"} {
		text := string(written(t, "html", language, quarter(t)))
		for _, loads := range []string{"<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import", "http:", "https:", " style=", " onload"} {
			if strings.Contains(text, loads) {
				t.Errorf("the page in %s has %q", language, loads)
			}
		}
		if strings.Contains(text, "<b>&") || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "%!") {
			t.Errorf("something in the page in %s is not as it was given", language)
		}
	}
}

// TestEveryReportTextIsThere, for each value of the contract too. That other languages have
// it, the catalogue's tests say.
func TestEveryReportTextIsThere(t *testing.T) {
	for _, enum := range []protoreflect.Enum{
		liaisonv1.RequestKind(0), liaisonv1.LegalBasisKind(0), liaisonv1.RequestOutcome(0), liaisonv1.AnswerResult(0), liaisonv1.GroundCode(0),
	} {
		for i := range enum.Descriptor().Values().Len() {
			if name := string(enum.Descriptor().Values().Get(i).Name()); texts[name] == "" {
				t.Errorf("%s has no text", name)
			}
		}
	}
}

func TestNumbersAndTimesAreWrittenAsIsUsual(t *testing.T) {
	en, ar := words{catalogue.English}, words{catalogue.Arabic}
	for _, test := range []struct{ got, want string }{
		{en.number(0), "0"}, {en.number(999), "999"}, {en.number(1250), "1,250"}, {en.number(5200000), "5,200,000"},
		{ar.number(1250), "١٬٢٥٠"}, {en.periodName("2026"), "2026"}, {en.periodName("2026-Q3"), "Third quarter of 2026"},
		{en.periodName("2026-09"), "September 2026"}, {ar.periodName("2026-10"), "تشرين الأول ٢٠٢٦"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
