package internal_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheReadmesGoIsCompiledElsewhere compares README's Go with the examples, line by line.
func TestTheReadmesGoIsCompiledElsewhere(t *testing.T) {
	compiled := strings.ReplaceAll(read(t, "../client/example_test.go"), "exampleTB", "t") + read(t, "../client/liaisontest/example_test.go")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, "../README.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("README shows no Go")
	}
	for _, block := range blocks {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" && !strings.Contains(compiled, line) {
				t.Errorf("README shows a line that is compiled nowhere: %s", line)
			}
		}
	}
}

// TestTheDocsNameWhatIsThere follows every relative link of the documents.
func TestTheDocsNameWhatIsThere(t *testing.T) {
	pages, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"../docs/*.md", "../docs/decisions/*.md", "../testdata/*/*.md"} {
		more, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, more...)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, page := range pages {
		for _, found := range link.FindAllStringSubmatch(read(t, page), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), found[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, found[1])
			}
		}
	}
}

// TestThePagesNameTestsThatAreThere looks for each test that the pages on threats and on
// safeguards rely on: its function, and the name of its row.
func TestThePagesNameTestsThatAreThere(t *testing.T) {
	var source strings.Builder
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			source.WriteString(read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("`(Test[A-Za-z0-9]+)(/[^`]+)?`").FindAllStringSubmatch(read(t, "../docs/threats.md")+read(t, "../docs/safeguards.md"), -1)
	if len(found) < 80 {
		t.Fatalf("the page names %d tests", len(found))
	}
	for _, name := range found {
		if !strings.Contains(source.String(), "func "+name[1]+"(t *testing.T)") {
			t.Errorf("there is no %s", name[1])
		}
		if row := strings.ReplaceAll(strings.TrimPrefix(name[2], "/"), "_", " "); !strings.Contains(source.String(), `{"`+row+`",`) && row != "" {
			t.Errorf("%s has no row %q", name[1], row)
		}
	}
}

// TestEveryDecisionIsListed looks for each page in the list of docs/decisions.
func TestEveryDecisionIsListed(t *testing.T) {
	pages, err := filepath.Glob("../docs/decisions/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d decisions: %v", len(pages), err)
	}
	list := read(t, "../docs/decisions/README.md")
	for _, page := range pages {
		if name := filepath.Base(page); name != "README.md" && !strings.Contains(list, "("+name+")") {
			t.Errorf("docs/decisions/README.md does not list %s", name)
		}
	}
}

// TestTheReadmeNamesEveryPackage holds README's table of where things live against the tree.
func TestTheReadmeNamesEveryPackage(t *testing.T) {
	_, table, ok := strings.Cut(read(t, "../README.md"), "## Where things live")
	if !ok {
		t.Fatal("README does not say where things live")
	}
	for pkg := range packages(t) {
		if !named(pkg, table) {
			t.Errorf("README's table does not name %s", pkg)
		}
	}
}

// named reports whether a row of the table is about a package, or about its folder and names
// it in there.
func named(pkg, table string) bool {
	for row := range strings.Lines(table) {
		if strings.Contains(row, "`"+pkg+"`") || strings.Contains(row, "["+pkg+"]") {
			return true
		}
		cells := strings.Split(row, "|")
		for folder := path.Dir(pkg); folder != "." && len(cells) > 2; folder = path.Dir(folder) {
			about := strings.Contains(cells[1], "`"+folder+"`") || strings.Contains(cells[1], "["+folder+"]")
			if about && strings.Contains(cells[2], "`"+path.Base(pkg)+"`") {
				return true
			}
		}
	}
	return false
}

// TestTheTopLevelHasNoCode keeps the first thing that a stranger sees a map.
func TestTheTopLevelHasNoCode(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) > 0 {
		t.Errorf("the top level has %v: %v", files, err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
