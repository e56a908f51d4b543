package lifecycle_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

const (
	protocol   = "../../../docs/protocol.md"
	beginTable = "<!-- lifecycle table: begin -->\n"
	endTable   = "<!-- lifecycle table: end -->"
)

func TestTheDocumentationShowsTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(protocol)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(text), beginTable)
	shown, after, ended := strings.Cut(rest, endTable)
	if !begun || !ended {
		t.Fatalf("%s lacks the markers %q and %q", protocol, beginTable, endTable)
	}
	if *update {
		whole := before + beginTable + Markdown() + endTable + after
		if err := os.WriteFile(protocol, []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(Markdown(), shown); diff != "" {
		t.Errorf("%s: run this package's tests with -update (-want +got):\n%s", protocol, diff)
	}
}

func TestEveryStepAndStateHasARow(t *testing.T) {
	t.Parallel()
	steps, states, ok := strings.Cut(Markdown(), "\n| Step | not yet filed |")
	if !ok {
		t.Fatal("there is no table of states")
	}
	for _, step := range Steps() {
		if row := fmt.Sprintf("\n| %s<br>`%s` |", step.Verb(), step); !strings.Contains(steps, row) {
			t.Errorf("step %s has no row", step)
		}
		if row := "\n| " + step.Verb() + " | "; !strings.Contains(states, row) {
			t.Errorf("step %s has no row of states", step)
		}
	}
	for _, state := range States() {
		column := fmt.Sprintf(" `%s` ", state)
		if Terminal(state) {
			column += "(ended) "
		}
		if header, _, _ := strings.Cut(states, "\n"); !strings.Contains(header, column+"|") {
			t.Errorf("state %s has no column", state)
		}
	}
	if !strings.Contains(states, "\n| file | officer | – |") {
		t.Error("the table of states does not start before the filing")
	}
}

func TestMarkdownTablesAreRectangular(t *testing.T) {
	t.Parallel()
	for table := range strings.SplitSeq(Markdown(), "\n\n") {
		if !strings.HasPrefix(table, "|") {
			continue
		}
		columns := 0
		for line := range strings.Lines(table) {
			n := strings.Count(line, "|")
			if columns == 0 {
				columns = n
			}
			if n != columns {
				t.Errorf("%d bars where there should be %d: %s", n, columns, line)
			}
		}
	}
}
