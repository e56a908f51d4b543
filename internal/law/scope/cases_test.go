package scope_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// casesDir has the example cases: see the README there.
const casesDir = "../../../testdata/cases"

// messageOf returns an empty message of the type that a file of a case holds: the
// first word of its name tells.
func messageOf(t *testing.T, path string) proto.Message {
	t.Helper()
	name := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(path), ".yaml"), "refused-")
	first, _, _ := strings.Cut(name, "-")
	switch first {
	case "request", "preserve", "disclose", "existence":
		return &liaisonv1.RequestSpec{}
	case "answer":
		return &liaisonv1.Answer{}
	case "clarification":
		return &liaisonv1.Clarification{}
	case "reply":
		return &liaisonv1.ClarificationReply{}
	case "objection":
		return &liaisonv1.Objection{}
	case "amendment":
		return &liaisonv1.Amendment{}
	case "upholding":
		return &liaisonv1.Upholding{}
	case "maintenance":
		return &liaisonv1.ObjectionMaintenance{}
	case "decision":
		return &liaisonv1.DisputeDecision{}
	case "withdrawal":
		return &liaisonv1.Withdrawal{}
	case "confirmation":
		return &liaisonv1.PreservationConfirmation{}
	case "extension":
		return &liaisonv1.PreservationExtension{}
	case "recall":
		return &liaisonv1.Recall{}
	case "stopped":
		return &liaisonv1.RecallConfirmation{}
	case "validation":
		return &liaisonv1.EmergencyValidation{}
	default:
		t.Fatalf("%s: the name tells no type of message", path)
		return nil
	}
}

// load reads a message of a case.
func load[T proto.Message](t *testing.T, path string, into T) T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(casesDir, path))
	if err != nil {
		t.Fatal(err)
	}
	if err := (protoyaml.UnmarshalOptions{Path: path}).Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
	return into
}

// TestCasesKeepTheContract holds every file of the cases against the contract:
// those that are to be refused say in their first line by which rule.
func TestCasesKeepTheContract(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.yaml"))
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, file := range files {
		path, err := filepath.Rel(casesDir, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(path, func(t *testing.T) {
			want := []string{}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			line, _, _ := strings.Cut(string(text), "\n")
			rule, refused := strings.CutPrefix(line, "# refused: ")
			if refused {
				want = append(want, rule)
			}
			if byName := strings.Contains(filepath.Base(path), "refused"); refused != byName {
				t.Errorf("the name says refused: %v, the first line: %v", byName, refused)
			}
			got := []string{}
			var failed *protovalidate.ValidationError
			switch err := validator.Validate(load(t, path, messageOf(t, path))); {
			case errors.As(err, &failed):
				for _, v := range failed.Violations {
					got = append(got, protovalidate.FieldPathString(v.Proto.GetField())+": "+v.Proto.GetRuleId())
				}
			case err != nil:
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestCasesPlay plays the answers of each case against its request, as a hub would,
// and counts what came of it.
func TestCasesPlay(t *testing.T) {
	for name, play := range map[string]struct {
		request   string
		amendment string
		answers   []string
		outcomes  map[string]int
	}{
		"voter register": {"01-voter-register/request.yaml", "",
			[]string{"01-voter-register/answer-partial.yaml", "01-voter-register/answer-final.yaml"},
			map[string]int{"IDENTIFIED": 6, "RETENTION_EXPIRED": 1}},
		"hospital emergency": {"02-hospital-emergency/request.yaml", "",
			[]string{"02-hospital-emergency/answer-partial.yaml", "02-hospital-emergency/answer-final.yaml"},
			map[string]int{"IDENTIFIED": 6, "WITHHELD": 2}},
		"preserved first": {"03-preserve-first/disclose.yaml", "", []string{"03-preserve-first/answer.yaml"},
			map[string]int{"IDENTIFIED": 1, "NO_DATA_HELD": 1, "NOT_FOUND": 2}},
		"too broad": {"04-too-broad/request.yaml", "04-too-broad/amendment.yaml", []string{"04-too-broad/answer.yaml"},
			map[string]int{"IDENTIFIED": 2, "DELETED_BY_USER": 2}},
		"bulk": {"06-bulk-selectors/request.yaml", "", []string{
			"06-bulk-selectors/answer-1.yaml", "06-bulk-selectors/answer-2.yaml", "06-bulk-selectors/answer-3.yaml",
			"06-bulk-selectors/answer-4.yaml", "06-bulk-selectors/answer-5.yaml"},
			map[string]int{"IDENTIFIED": 311, "NOT_FOUND": 120, "NO_DATA_HELD": 60, "RETENTION_EXPIRED": 9}},
		"withdrawn, had it not been": {"07-withdrawn/request.yaml", "", []string{"07-withdrawn/answer.yaml"}, map[string]int{"IDENTIFIED": 2}},
		"drill":                      {"08-drill/request.yaml", "", []string{"08-drill/answer.yaml"}, map[string]int{"IDENTIFIED": 1}},
		"handle changed hands":       {"09-handle-changed-hands/request.yaml", "", []string{"09-handle-changed-hands/answer.yaml"}, map[string]int{"IDENTIFIED": 1}},
		"hijacked":                   {"09-hijacked/request.yaml", "", []string{"09-hijacked/answer.yaml"}, map[string]int{"IDENTIFIED": 3, "WITHHELD": 1}},
		"behind one address":         {"09-behind-one-address/request.yaml", "", []string{"09-behind-one-address/answer.yaml"}, map[string]int{"AMBIGUOUS": 1}},
		"behind one port":            {"09-behind-one-address/request-with-port.yaml", "", []string{"09-behind-one-address/answer-with-port.yaml"}, map[string]int{"IDENTIFIED": 1}},
		"wrong account":              {"09-wrong-account/request.yaml", "", []string{"09-wrong-account/answer.yaml"}, map[string]int{"IDENTIFIED": 1}},
		"the right account":          {"09-wrong-account/request.yaml", "", []string{"09-wrong-account/answer-corrected.yaml"}, map[string]int{"IDENTIFIED": 1}},
		"existence":                  {"10-existence-and-canary/existence.yaml", "", []string{"10-existence-and-canary/answer-existence.yaml"}, map[string]int{"EXISTS": 3}},
		"canary":                     {"10-existence-and-canary/disclose.yaml", "", []string{"10-existence-and-canary/answer.yaml"}, map[string]int{"IDENTIFIED": 5}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := load(t, play.request, &liaisonv1.RequestSpec{})
			if play.amendment != "" {
				n := load(t, play.amendment, &liaisonv1.Amendment{}).GetNarrowing()
				wants(t, scope.CheckNarrowing(spec, nil, n), 0)
				spec = scope.Narrow(spec, n)
			}
			var answered []string
			outcomes := make(map[string]int)
			for i, path := range play.answers {
				answer := load(t, path, &liaisonv1.Answer{})
				if last := i == len(play.answers)-1; answer.GetFinal() != last {
					t.Errorf("%s is final: %v", path, answer.GetFinal())
				}
				wants(t, scope.CheckAnswer(spec, answered, answer), 0)
				for _, f := range answer.GetFindings() {
					answered = append(answered, f.GetSelectorId())
				}
				for _, entry := range scope.Manifest(answer, int32(i+1)).GetEntries() {
					outcomes[strings.TrimPrefix(entry.GetOutcome().String(), "OUTCOME_CODE_")]++
				}
			}
			if !maps.Equal(outcomes, play.outcomes) {
				t.Errorf("got %v, want %v", outcomes, play.outcomes)
			}
		})
	}
}

// TestCaseOfTheBroadRequest plays what only this case has: the objection's proposal
// is the amendment, and what came before it is no answer to what is left.
func TestCaseOfTheBroadRequest(t *testing.T) {
	spec := load(t, "04-too-broad/request.yaml", &liaisonv1.RequestSpec{})
	objection := load(t, "04-too-broad/objection.yaml", &liaisonv1.Objection{})
	amendment := load(t, "04-too-broad/amendment.yaml", &liaisonv1.Amendment{})
	if !proto.Equal(objection.GetProposal(), amendment.GetNarrowing()) {
		t.Error("the amendment is not the platform's proposal")
	}
	wants(t, scope.CheckSelectorIDs(spec, objection.GetSelectorIds(), "objection.selector_ids"), 0)
	r := spec.GetSelectors()[0].GetMessages().GetRange()
	if r.GetLastId()-r.GetFirstId() != 499 {
		t.Errorf("the range is %v, not of 500 messages", r)
	}
	narrowed := scope.Narrow(spec, amendment.GetNarrowing())
	wants(t, scope.CheckNarrowing(narrowed, nil, unchanged(spec)), scope.Widens, scope.NarrowingPath+".selectors[0].messages")
}

// TestCaseOfThePreservation holds the extension against what was confirmed, and the
// disclosure against what it links to.
func TestCaseOfThePreservation(t *testing.T) {
	spec := load(t, "03-preserve-first/preserve.yaml", &liaisonv1.RequestSpec{})
	end := spec.GetPreservation().GetEndTime().AsTime()
	extension := load(t, "03-preserve-first/extension.yaml", &liaisonv1.PreservationExtension{}).GetEndTime().AsTime()
	wants(t, scope.CheckPreservationExtension(end, extension), 0)
	if extension.Sub(end) != scope.MaxExtension {
		t.Errorf("extended by %v, not by 30 days", extension.Sub(end))
	}
	link := load(t, "03-preserve-first/disclose.yaml", &liaisonv1.RequestSpec{}).GetLinks()[0]
	if link.GetRelation() != liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY || link.GetRequest() != "requests/00000000-0000-7000-8000-000000000000" {
		t.Errorf("the link is %v", link)
	}
}

// TestCaseOfTheDrillIsKeptExactly looks for the very characters that an editor, a
// parser or a terminal might lose.
func TestCaseOfTheDrillIsKeptExactly(t *testing.T) {
	spec := load(t, "08-drill/request.yaml", &liaisonv1.RequestSpec{})
	titles := make(map[string]string)
	for _, title := range spec.GetIncident().GetTitles() {
		titles[title.GetLanguage()] = title.GetText()
	}
	if !spec.GetTest() || len(titles) != 3 || titles["ckb"] != "بڵاوبوونەوەی زانیاری کەسی" {
		t.Errorf("test %v, titles %q", spec.GetTest(), titles)
	}
	for where, text := range map[string]string{
		"description": spec.GetIncident().GetDescriptions()[0].GetText(),
		"necessity":   spec.GetNecessity(),
		"selector":    spec.GetSelectors()[0].GetNecessity(),
		"answer":      load(t, "08-drill/answer.yaml", &liaisonv1.Answer{}).GetFindings()[0].GetNote(),
	} {
		for _, mark := range []string{"\u202e", "\u200d", "\U0001f54a"} {
			if !strings.Contains(text, mark) {
				t.Errorf("the %s %q has no %q", where, text, mark)
			}
		}
	}
	party := load(t, "08-drill/answer.yaml", &liaisonv1.Answer{}).GetFindings()[0].GetParties()[0]
	for where, name := range map[string]string{
		"document": spec.GetIncident().GetEvidence()[0].GetTitle(), "person": party.GetItems()[0].GetName().GetFullName(),
	} {
		if n := len([]rune(name)); n != 300 {
			t.Errorf("the name of the %s has %d characters", where, n)
		}
	}
}
