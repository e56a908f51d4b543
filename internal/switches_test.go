package internal_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "write testdata/readings.txt anew")

// choices are the oneofs of the contract that functions tell apart by a switch. A new member
// may mean something to each of them.
var choices = []struct {
	of       proto.Message
	oneof    protoreflect.Name
	readings []reading
}{
	{&liaisonv1.Event{}, "detail", []reading{
		{"proof/record/fold.go", "Fold", sayingSomething},
		{"proof/record/review.go", "review", some},
		{"proof/record/figures.go", "countFigures", some},
		{"proof/record/course.go", "Grounds", some},
		{"proof/record/course.go", "Answered", some},
		{"office/sequencer/checks.go", "checkOthers", some},
		{"office/oversight/oversight.go", "add", some},
		{"../verify/case.go", "checkContent", sayingSomething},
		{"../verify/hubstep.go", "checkHubStep", some},
		{"speech/terminal/event.go", "said", sayingSomething},
	}},
	{&liaisonv1.Selector{}, "target", []reading{
		{"law/scope/canonical.go", "eachText", some},
		{"law/scope/canonical.go", "Denotes", all},
		{"law/scope/capabilities.go", "check", some},
	}},
	{&liaisonv1.RegisterParticipantRequest{}, "participant", []reading{
		{"office/directory/directory.go", "Organisation", all},
	}},
	{&liaisonv1.UpdateParticipantRequest{}, "participant", []reading{
		{"../server/directory_service.go", "UpdateParticipant", all},
	}},
}

// A reading is a function that tells the members of a oneof apart.
type reading struct {
	file, function string
	names          reach
}

// reach says which members a function must name, if only to say that there is nothing to do.
type reach int

const (
	some            reach = iota // those that mean something to it, as testdata/readings.txt lists them
	sayingSomething              // those that say more than that it happened
	all
)

// TestNoSwitchPassesOverWhatItDoesNotKnow: a function that tells the members of a oneof apart
// names every one; or else testdata/readings.txt says that it means nothing to it.
func TestNoSwitchPassesOverWhatItDoesNotKnow(t *testing.T) {
	const page = "testdata/readings.txt"
	listed := read(t, page)
	var written strings.Builder
	written.WriteString("# Which functions tell a member of a oneof from the others. Of a new one, give those a case to\n" +
		"# which it means something; then write its line: go test ./internal -run TestNoSwitch -update\n")
	for _, choice := range choices {
		of := choice.of.ProtoReflect().Descriptor()
		fmt.Fprintf(&written, "\n%s.%s\n", of.Name(), choice.oneof)
		named := make([]map[string]bool, len(choice.readings))
		for i, r := range choice.readings {
			named[i] = casesIn(t, r.file, r.function)
		}
		for i := range of.Oneofs().ByName(choice.oneof).Fields().Len() {
			member := of.Oneofs().ByName(choice.oneof).Fields().Get(i)
			name := string(of.Name()) + "_" + goName(member.Name())
			line, unnamed := "  "+string(member.Name())+":", []string{}
			for j, r := range choice.readings {
				switch {
				case named[j][name]:
					line += " " + r.function
				case r.names == all, r.names == sayingSomething && member.Message().Fields().Len() > 0:
					t.Errorf("%s: %s has no case for %s", strings.TrimPrefix(r.file, "../"), r.function, name)
				default:
					unnamed = append(unnamed, r.function)
				}
			}
			written.WriteString(line + "\n")
			if !*update && !slices.Contains(strings.Split(listed, "\n"), line) {
				t.Errorf("%s: is it nothing to %s? Give it a case where it is something, and see what %s says", name, strings.Join(unnamed, ", "), page)
			}
		}
	}
	switch {
	case *update:
		if err := os.WriteFile(page, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	case written.String() != listed && !t.Failed():
		t.Errorf("%s has what the contract does not have", page)
	}
}

// casesIn are the types that the cases of a function's switches name.
func casesIn(t *testing.T, file, function string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, declared := range parsed.Decls {
		f, ok := declared.(*ast.FuncDecl)
		if !ok || f.Name.Name != function {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if clause, ok := n.(*ast.CaseClause); ok {
				for _, kind := range clause.List {
					if pointer, ok := kind.(*ast.StarExpr); ok {
						named[pointer.X.(*ast.SelectorExpr).Sel.Name] = true
					}
				}
			}
			return true
		})
	}
	if len(named) == 0 {
		t.Fatalf("%s: there is no switch in %s", file, function)
	}
	return named
}

// goName is the name of a field in Go.
func goName(field protoreflect.Name) string {
	var name strings.Builder
	for word := range strings.SplitSeq(string(field), "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}
