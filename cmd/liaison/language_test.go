package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/report"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// sources are the folders whose code speaks to a person at a terminal.
var sources = []string{".", "../../internal/speech/terminal", "../../internal/speech/report"}

// saying are the functions that say a text of the catalogue, with the place of its key
// among their arguments.
var saying = map[string]int{
	"Say": 0, "tell": 0, "remark": 0, "line": 0, "under": 0, "heading": 0, "usage": 0, "Failure": 0, "step": 1, "hidden": 1,
}

// tables are the functions that print a table, with the place of its header among their
// arguments.
var tables = map[string]int{"table": 0, "Table": 1}

// spoken returns every key of the catalogue that the command uses, with where.
func spoken(t *testing.T) map[string]string {
	t.Helper()
	keys := make(map[string]string)
	a := newApp(catalogue.English)
	everything(a.root(), func(c *cobra.Command) {
		for _, text := range texts(c) {
			keys[*text] = "the help of '" + c.CommandPath() + "'"
		}
	})
	keys[errNotNow.Error()] = "what is not there yet"
	for _, key := range report.Keys() {
		keys[key] = "the report"
	}
	for _, sentence := range classes {
		keys[sentence] = "the exit codes"
	}
	for _, value := range []protoreflect.Enum{
		liaisonv1.RequestState(0), liaisonv1.RequestKind(0), liaisonv1.Urgency(0), liaisonv1.OutcomeCode(0), liaisonv1.GroundCode(0),
		liaisonv1.PartyRole(0), liaisonv1.Confidence(0), liaisonv1.ParticipantState(0),
		liaisonv1.LegalBasisKind(0), liaisonv1.RequestOutcome(0), liaisonv1.AnswerResult(0),
	} {
		values := value.Descriptor().Values()
		for i := 1; i < values.Len(); i++ {
			keys[string(values.Get(i).Name())] = "the contract"
		}
	}
	steps := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range steps.Len() {
		keys["event."+string(steps.Get(i).Name())] = "the contract's steps"
	}
	parse(t, func(files *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := called(call)
			if at, ok := saying[name]; ok && len(call.Args) > at {
				if key, ok := literal(call.Args[at]); ok {
					keys[key] = files.Position(call.Pos()).String()
				}
			}
			at, prints := tables[name]
			if !prints || len(call.Args) <= at {
				return true
			}
			if header, ok := call.Args[at].(*ast.CompositeLit); ok {
				for _, element := range header.Elts {
					if key, ok := literal(element); ok {
						keys[key] = files.Position(call.Pos()).String()
					}
				}
			}
			return true
		})
	}, sources...)
	parse(t, func(files *token.FileSet, file *ast.File) { // what cannot be trusted
		if filepath.Base(files.Position(file.Pos()).Filename) != "distrust.go" {
			return
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && called(call) == "New" {
				if key, ok := literal(first(call)); ok {
					keys[key] = files.Position(call.Pos()).String()
				}
			}
			return true
		})
	}, "../../verify")
	delete(keys, "")
	return keys
}

// parse calls visit with every file of these folders that is no test.
func parse(t *testing.T, visit func(*token.FileSet, *ast.File), folders ...string) {
	t.Helper()
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s has no source: %v", folder, err)
		}
		files := token.NewFileSet()
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			visit(files, file)
		}
	}
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

func first(call *ast.CallExpr) ast.Expr {
	if len(call.Args) == 0 {
		return nil
	}
	return call.Args[0]
}

func literal(e ast.Expr) (string, bool) {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		left, one := literal(sum.X)
		right, other := literal(sum.Y)
		return left + right, one && other
	}
	text, ok := e.(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(text.Value)
	return strings.ReplaceAll(value, "%w", "%v"), err == nil
}

// TestTheCommandSpeaksEveryLanguage names each text of the command that a language
// lacks. Whoever adds a command adds its texts to internal/speech/catalogue.
func TestTheCommandSpeaksEveryLanguage(t *testing.T) {
	keys := spoken(t)
	if len(keys) < 300 {
		t.Fatalf("only %d texts are found", len(keys))
	}
	for _, l := range catalogue.Languages()[1:] {
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if !l.Has(key) && !wordless(key) && !catalogue.Same(key) {
				t.Errorf("internal/speech/catalogue/%s.po lacks %q (%s)", l, key, keys[key])
			}
		}
	}
}

// wordless says whether a text has nothing to translate: placeholders and signs.
func wordless(key string) bool {
	return !strings.ContainsFunc(placeholder.ReplaceAllString(key, ""), unicode.IsLetter)
}

var placeholder = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*(\*|\d*)(\.\d+)?[a-zA-Z]`)

// TestTheCatalogueHoldsNothingThatNobodySays finds texts that were left behind.
func TestTheCatalogueHoldsNothingThatNobodySays(t *testing.T) {
	keys := spoken(t)
	for _, key := range catalogue.Keys() {
		if keys[key] == "" && !strings.HasPrefix(key, "REASON_") {
			t.Errorf("nobody says %q", key)
		}
	}
}

// englishOnly are what the command prints or fails with by no catalogue: words that
// programs read, and what stands for a program's fault.
var englishOnly = map[string]bool{
	"listening on %s\n": true, "liaison %s\n": true, "liaison: ": true, "the call was printed": true, "not valid": true, "not now": true,
	`{"events":%d,"own":%d,"purged":%d,"signatures":%d}` + "\n": true, "%s  %s  etag %s\n": true, "\\u%04x\\u%04x": true, "\\u%04x": true, "<U+%04X>": true,
}

// TestNothingIsSaidPastTheCatalogue finds sentences that are printed, or made errors, as
// they stand in the source.
func TestNothingIsSaidPastTheCatalogue(t *testing.T) {
	parse(t, func(files *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, _ := f.X.(*ast.Ident)
			at := map[string]int{"fmt.Errorf": 0, "errors.New": 0, "fmt.Fprint": 1, "fmt.Fprintf": 1, "fmt.Fprintln": 1}
			place, prints := at[fmt.Sprint(from)+"."+f.Sel.Name]
			if !prints || len(call.Args) <= place {
				return true
			}
			if text, ok := literal(call.Args[place]); ok && !wordless(text) && !englishOnly[text] && !strings.Contains(text, "liaison --profile") {
				t.Errorf("%s says %q past the catalogue: use Say, tell, remark, usage or Failure", files.Position(call.Pos()), text)
			}
			return true
		})
	}, sources...)
}

func TestTheLanguageToSpeak(t *testing.T) {
	for _, test := range []struct {
		name        string
		args        []string
		environment map[string]string
		want        catalogue.Language
	}{
		{"nothing said", nil, nil, "en"},
		{"by flag", []string{"authority", "list", "--language", "ckb"}, nil, "ckb"},
		{"by flag, in one word", []string{"--language=ar", "demo"}, nil, "ar"},
		{"flag before variable", []string{"--language", "en"}, map[string]string{"LIAISON_LANGUAGE": "ar"}, "en"},
		{"variable before locale", nil, map[string]string{"LIAISON_LANGUAGE": "ckb", "LC_ALL": "ar_IQ.UTF-8"}, "ckb"},
		{"a variable that is none of ours", nil, map[string]string{"LIAISON_LANGUAGE": "tlh", "LANG": "ar_IQ.UTF-8"}, "ar"},
		{"locale", nil, map[string]string{"LANG": "ku_IQ.UTF-8"}, "ckb"},
		{"a flag that is none of ours", []string{"--language", "tlh"}, map[string]string{"LANG": "ar_IQ"}, "ar"},
		{"a flag without a value", []string{"--language"}, nil, "en"},
		{"behind the end of flags", []string{"--", "--language", "ar"}, nil, "en"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := languageOf(test.args, func(name string) string { return test.environment[name] }); got != test.want {
				t.Errorf("it speaks %q, wanted %q", got, test.want)
			}
		})
	}
}

// In every language all help holds together: each line's isolates are closed, and
// commands to copy hold no character that is not seen.
func TestHelpHoldsTogetherInEveryLanguage(t *testing.T) {
	for _, l := range catalogue.Languages() {
		a := newApp(l)
		everything(a.root(), func(c *cobra.Command) {
			var out bytes.Buffer
			c.SetOut(&out)
			if err := c.Help(); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(out.String(), "\n") {
				if problem := terminal.Problem(line); problem != "" {
					t.Errorf("%s, %s: %s in %+q", l, c.CommandPath(), problem, line)
				}
			}
			if c.Runnable() && !strings.Contains(out.String(), c.UseLine()) {
				t.Errorf("%s, %s: no line says %q as it is typed", l, c.CommandPath(), c.UseLine())
			}
		})
	}
}
