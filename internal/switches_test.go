package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// readings are the functions that tell events apart by what they say. A new event may mean
// something to each of them.
var readings = []struct{ file, function string }{
	{"proof/record/fold.go", "Fold"},
	{"speech/terminal/event.go", "said"},
	{"../verify/case.go", "checkContent"},
}

// TestNoSwitchPassesOverAnEventThatItDoesNotKnow: where events are told apart each that says
// something is named, if only to say that there is nothing to do.
func TestNoSwitchPassesOverAnEventThatItDoesNotKnow(t *testing.T) {
	details := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for _, reading := range readings {
		named := casesIn(t, reading.file, reading.function)
		for i := range details.Len() {
			detail := details.Get(i)
			if detail.Message().Fields().Len() == 0 {
				continue // that it happened is all that it says
			}
			if name := "Event_" + goName(detail.Name()); !named[name] {
				t.Errorf("%s: %s has no case for %s", strings.TrimPrefix(reading.file, "../"), reading.function, name)
			}
		}
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
