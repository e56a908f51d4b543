package terminal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Columns begin at the same place whatever stands in a cell, and in the same order in
// every language.
func TestColumnsStayInOrder(t *testing.T) {
	rows := [][]string{
		{"first", "plain", "end"},
		{"نشر", "🚒 👩\u200d👧", "end"},
		{"e\u0301\u202e", strings.Repeat("ن", 40), "end"},
	}
	for _, l := range catalogue.Languages() {
		var out bytes.Buffer
		s := Speaker{Language: l}
		if err := s.Table(&out, []string{"NAME", "STATE", "TITLE"}, rows); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != len(rows)+1 {
			t.Fatalf("%s: %d lines", l, len(lines))
		}
		starts := make(map[int]bool)
		for _, line := range lines[1:] {
			if problem := Problem(line); problem != "" {
				t.Errorf("%s: %s in %+q", l, problem, line)
			}
			before, ok := strings.CutSuffix(line, "end")
			if !ok {
				t.Errorf("%s: the last column is not last in %+q", l, line)
			}
			starts[uniseg.StringWidth(before)] = true
		}
		if len(starts) != 1 {
			t.Errorf("%s: the last column begins at %v in\n%s", l, starts, out.String())
		}
		if header := Isolated(l.Say("NAME")); !strings.HasPrefix(lines[0], header) {
			t.Errorf("%s: the header is %+q", l, lines[0])
		}
	}
}

func TestATitleIsShownInThePersonsLanguage(t *testing.T) {
	titles := []*liaisonv1.LocalizedText{
		{Language: "ar-IQ", Text: "نشر"}, {Language: "ckb", Text: "بڵاوبوونەوە"}, {Language: "en", Text: "Publication"},
	}
	for _, c := range []struct {
		name   string
		speaks catalogue.Language
		titles []*liaisonv1.LocalizedText
		want   string
	}{
		{"Arabic", "ar", titles, "نشر"},
		{"Central Kurdish", "ckb", titles, "بڵاوبوونەوە"},
		{"English", "en", titles, "Publication"},
		{"the first where none is", "en", titles[:2], "نشر"},
		{"none", "en", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (Speaker{Language: c.speaks}).Title(c.titles); got != c.want {
				t.Errorf("it is %q", got)
			}
		})
	}
}
