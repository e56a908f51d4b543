// Package internal_test holds the house together: it fails where a package imports one
// of a floor above its own, and where a package stands on no floor.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/liaison-protocol/liaison/"

// floors are the folders from the ground up. A package may import what stands below, and
// what stands in its own folder: that no two import each other, the compiler sees to.
var floors = []string{
	"proto",           // the contract
	"testdata/cases",  // the example cases
	"internal/memo",   // what was read before
	"internal/law",    // what may follow what, what lies within what, and by when: pure
	"internal/proof",  // who somebody is, what is signed, sealed and receipted
	"internal/speech", // what is said to people, in every language
	"verify",          // what a party checks by itself
	"internal/example",
	"internal/store",  // the archive
	"internal/office", // the hub's work
	"server",
	"client",             // the SDK, and the profile that it shares with the command
	"internal/testkit",   // both ends
	"client/liaisontest", // as integrators see it
	"cmd",
}

// engineImporters are the only packages that choose an engine. Everything else takes a
// store.Store, or a server.Archive.
var engineImporters = map[string]bool{
	"server":            true, // to open archives for those who embed a hub
	"cmd/liaison-bench": true, // to measure each
}

func TestPackagesImportOnlyFromBelow(t *testing.T) {
	empty := make(map[string]bool)
	for _, floor := range floors {
		empty[floor] = true
	}
	for pkg, imports := range packages(t) {
		own := heightOf(pkg)
		if own < 0 {
			t.Errorf("%s stands on no floor: move it to one, or make one here, with a reason", pkg)
			continue
		}
		delete(empty, floors[own])
		for imported, file := range imports {
			switch other := heightOf(imported); {
			case other < 0:
				t.Errorf("%s imports %s, which stands on no floor", file, imported)
			case other > own:
				t.Errorf("%s reaches up: %s imports %s", file, pkg, imported)
			case floors[own] == "client" && floors[other] == "server":
				t.Errorf("%s: the SDK imports the hub", file)
			}
			if isEngine(imported) && !isEngine(pkg) && !engineImporters[pkg] {
				t.Errorf("%s chooses an engine: only %v do", file, engineImporters)
			}
		}
	}
	for floor := range empty {
		t.Errorf("the floor %s is empty", floor)
	}
}

// TestTheCommandCarriesNoMeasurementsAndNoTests holds what a regulator installs to its
// own purpose: neither what measures a hub nor what only tests start is in it.
func TestTheCommandCarriesNoMeasurementsAndNoTests(t *testing.T) {
	all := packages(t)
	carried := map[string]bool{}
	var walk func(string)
	walk = func(pkg string) {
		if carried[pkg] {
			return
		}
		carried[pkg] = true
		for imported := range all[pkg] {
			walk(imported)
		}
	}
	walk("cmd/liaison")
	if len(carried) < 20 {
		t.Fatalf("the command carries only %d packages: %v", len(carried), carried)
	}
	for pkg := range carried {
		if strings.HasPrefix(pkg, "cmd/liaison-bench") || strings.HasSuffix(pkg, "test") {
			t.Errorf("the command carries %s", pkg)
		}
	}
}

// heightOf returns how high a package stands: the place of its floor, of which the one
// with the longest name counts; -1 if it stands on none.
func heightOf(pkg string) int {
	height := -1
	for i, floor := range floors {
		if pkg != floor && !strings.HasPrefix(pkg, floor+"/") {
			continue
		}
		if height < 0 || len(floor) > len(floors[height]) {
			height = i
		}
	}
	return height
}

// isEngine reports whether a package is one of the archive's engines.
func isEngine(pkg string) bool {
	return pkg == "internal/store/sqlite" || pkg == "internal/store/postgres"
}

// TestTheLawIsPure holds the lifecycle to its promise: a value, a table, a
// function, and nothing that could make the same question have two answers.
func TestTheLawIsPure(t *testing.T) {
	allowed := map[string]bool{"fmt": true, "errors": true, "slices": true, "strings": true, "strconv": true, "maps": true}
	entries, err := filepath.Glob("law/lifecycle/*.go")
	if err != nil || len(entries) == 0 {
		t.Fatalf("no lifecycle: %v", err)
	}
	for _, path := range entries {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, imported := range importsOf(t, path) {
			if !allowed[imported] {
				t.Errorf("%s imports %s", path, imported)
			}
		}
	}
}

// TestVerificationHasNoNetwork holds verify to its promise: records in, a case or distrust
// out. Neither it nor what it uses of this module opens a connection. The contract's
// generated code, which has the stubs beside the messages, stands apart.
func TestVerificationHasNoNetwork(t *testing.T) {
	imports := packages(t)
	seen := make(map[string]bool)
	var walk func(pkg string)
	walk = func(pkg string) {
		if seen[pkg] || pkg == "proto/liaison/v1" {
			return
		}
		seen[pkg] = true
		files, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no files: %v", pkg, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, imported := range importsOf(t, path) {
				if imported == "net" || imported == "net/http" || imported == "google.golang.org/grpc" || strings.HasPrefix(imported, "google.golang.org/grpc/") {
					t.Errorf("%s imports %s", path, imported)
				}
			}
		}
		for below := range imports[pkg] {
			walk(below)
		}
	}
	walk("verify")
}

// packages returns, for every package of the module, which packages of the module
// its files other than tests import, each with one file that does.
func packages(t *testing.T) map[string]map[string]string {
	t.Helper()
	found := make(map[string]map[string]string)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, err := os.Stat(filepath.Join(path, "go.mod"))
			if name := entry.Name(); path != ".." && (strings.HasPrefix(name, ".") || err == nil) {
				return filepath.SkipDir // another module is another house
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(relative)
		if found[pkg] == nil {
			found[pkg] = make(map[string]string)
		}
		for _, imported := range importsOf(t, path) {
			if inside, ok := strings.CutPrefix(imported, module); ok {
				found[pkg][inside] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func importsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, imported)
	}
	return paths
}

// What one person can keep in mind: how long a file of the product may be, and how many
// methods whoever implements an interface owes.
const (
	mostLines   = 500
	mostMethods = 8
)

// TestFilesAndInterfacesStaySmall, but for what is generated.
func TestFilesAndInterfacesStaySmall(t *testing.T) {
	read := 0
	for pkg := range packages(t) {
		files, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if ast.IsGenerated(file) {
				continue
			}
			read++
			if lines := set.File(file.Pos()).LineCount(); lines > mostLines {
				t.Errorf("%s has %d lines, more than %d: part it by what it holds", path, lines, mostLines)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if face, ok := n.(*ast.InterfaceType); ok && face.Methods.NumFields() > mostMethods {
					t.Errorf("%s: an interface has %d methods, more than %d", set.Position(n.Pos()), face.Methods.NumFields(), mostMethods)
				}
				return true
			})
		}
	}
	if read == 0 {
		t.Error("no file was read")
	}
}
