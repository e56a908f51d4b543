package lifecycle_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

var update = flag.Bool("update", false, "rewrite the golden files and the table in docs/protocol.md")

// Each file of testdata is one life of a request. A line is who does what, an
// arrow, and what comes of it; lines that start with # tell the story. A filing
// names the kind, "with a reviewer" if it names one, "alone" if the authority's policy lets one
// person file it, and "as an emergency" if it is one. An objection "on press" has a ground that
// no party may decide on alone.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("run with -update to accept (-want +got):\n%s", diff)
			}
		})
	}
}

// replay takes the steps of a transcript and writes down anew what comes of them.
func replay(t *testing.T, transcript string) string {
	var out strings.Builder
	var r Request
	for line := range strings.Lines(transcript) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			fmt.Fprintln(&out, line)
			continue
		}
		action, _, _ := strings.Cut(line, "→")
		action = strings.TrimSpace(action)
		next, err := Apply(r, parseAction(t, action))
		fmt.Fprintf(&out, "%-44s → %s\n", action, outcome(next, err))
		r = next
	}
	return out.String()
}

func outcome(r Request, err error) string {
	switch {
	case err != nil:
		return "refused: " + err.Error()
	case !VisibleToPlatform(r):
		return r.State.String() + " (hidden from the platform)"
	default:
		return r.State.String()
	}
}

// parseAction reads "officer amal: file DISCLOSE as an emergency".
func parseAction(t *testing.T, action string) Event {
	actor, verb, ok := strings.Cut(action, ": ")
	role, name, named := strings.Cut(actor, " ")
	if !ok || !named {
		t.Fatalf("%q is not \"role person: step\"", action)
	}
	e := Event{Person: Person(name)}
	if e.Role, ok = ParseRole(role); !ok {
		t.Fatalf("%q is not a role", role)
	}
	if filing, ok := strings.CutPrefix(verb, StepFile.Verb()+" "); ok {
		verb = StepFile.Verb()
		filing, e.Emergency = strings.CutSuffix(filing, " as an emergency")
		filing, e.Waived = strings.CutSuffix(filing, " alone")
		filing, e.Reviewed = strings.CutSuffix(filing, " with a reviewer")
		for _, kind := range Kinds() {
			if kind.String() == filing {
				e.Kind = kind
			}
		}
	}
	verb, e.Undecidable = strings.CutSuffix(verb, " on press")
	for _, step := range Steps() {
		if step.Verb() == verb {
			e.Step = step
			return e
		}
	}
	t.Fatalf("%q is not a step", verb)
	return e
}
