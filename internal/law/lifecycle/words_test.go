package lifecycle_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// TestNumbersAndWordsNeverChange: they are stored, and words of the contract. A change breaks
// every archive and every other implementation, and -update does not write it: what is new
// comes to them.
func TestNumbersAndWordsNeverChange(t *testing.T) {
	t.Parallel()
	const golden = "testdata/numbers.golden"
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	was := strings.Split(strings.TrimSpace(string(text)), "\n")
	var are []string
	for _, of := range []struct {
		name  string
		lines []string
	}{
		{"states", numbered(States())}, {"steps", numbered(Steps())}, {"kinds", numbered(Kinds())},
		{"roles", numbered(Roles())}, {"reasons", numbered(Reasons())},
	} {
		for _, line := range of.lines {
			are = append(are, of.name+" "+line)
		}
	}
	for _, line := range was {
		if !slices.Contains(are, line) {
			t.Errorf("%s is not what it was", line)
		}
	}
	for _, line := range are {
		if !slices.Contains(was, line) && !*update {
			t.Errorf("%s is new, and from now on never changes; run: go test ./internal/law/lifecycle -update", line)
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(golden, []byte(strings.Join(are, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryNumberHasItsOwnWord(t *testing.T) {
	t.Parallel()
	for _, lines := range [][]string{numbered(States()), numbered(Steps()), numbered(Kinds()), numbered(Roles()), numbered(Reasons())} {
		seen := make(map[string]bool)
		for _, line := range lines {
			_, word, _ := strings.Cut(line, " ")
			if word == "" || seen[word] {
				t.Errorf("%s has no word of its own", line)
			}
			seen[word] = true
		}
	}
	for _, step := range Steps() {
		if step.Verb() == "" || strings.HasPrefix(step.Verb(), "Step(") {
			t.Errorf("%s has no verb", step)
		}
	}
}

func numbered[V interface {
	~uint8
	fmt.Stringer
}](values []V) []string {
	var lines []string
	for _, v := range values {
		lines = append(lines, fmt.Sprintf("%d %s", uint8(v), v))
	}
	return lines
}

func TestUnknownNumbersShowThemselves(t *testing.T) {
	t.Parallel()
	for value, want := range map[fmt.Stringer]string{
		None: "NONE", State(99): "State(99)", Kind(0): "Kind(0)", Step(99): "Step(99)",
		Role(0): "Role(0)", Side(0): "Side(0)", Reason(99): "Reason(99)",
	} {
		if got := value.String(); got != want {
			t.Errorf("%T: got %q, want %q", value, got, want)
		}
	}
}

func TestEachRoleStandsOnOneSide(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, role := range append(Roles(), 0, Hub+1) {
		got[role.String()] = role.Side().String()
	}
	want := map[string]string{
		"officer": "authority", "approver": "authority", "agent": "platform",
		"reviewer": "oversight", "auditor": "oversight", "operator": "hub", "hub": "hub",
		"Role(0)": "Side(0)", "Role(8)": "Side(0)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseRole(f *testing.F) {
	for _, role := range Roles() {
		f.Add(role.String())
	}
	for _, text := range []string{"", "Officer", "officer ", "root", "Role(0)", "approver\x00"} {
		f.Add(text)
	}
	words := map[string]bool{
		"officer": true, "approver": true, "agent": true, "reviewer": true,
		"auditor": true, "operator": true, "hub": true,
	}
	f.Fuzz(func(t *testing.T, text string) {
		role, ok := ParseRole(text)
		if ok != words[text] {
			t.Fatalf("ParseRole(%q) = %v, %v", text, role, ok)
		}
		if ok && role.String() != text {
			t.Fatalf("ParseRole(%q) = %v", text, role)
		}
		if !ok && role != 0 {
			t.Fatalf("ParseRole(%q) = %v without being one", text, role)
		}
	})
}
