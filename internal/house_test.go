// Package internal_test holds the house together: it fails where a package
// imports one that stands on the same floor further right or on a floor above,
// and where a package has no floor.
package internal_test

import (
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

// root is the package at the root: the example cases, and no code.
const root = "."

// floors are the packages from the bottom up. On a floor, what stands further
// right may import what stands further left.
var floors = [][]string{
	{"proto/liaison/v1", root}, // the contract, and the example cases
	{"internal/catalogue", // what is said to people, in every language: it imports nothing
		"internal/memo",                                                               // what was read before: it imports nothing
		"internal/resource", "internal/lifecycle", "internal/scope", "internal/rules", // the law, pure
		"internal/ledger", "internal/envelope", "internal/sealed", "internal/statement",
		"internal/calendar",   // which days count
		"internal/deadline",   // by when what must happen: of the lifecycle's steps
		"internal/statistics", // what can be told of many requests, and of none
		"internal/pki", "internal/example"},
	{"internal/store", "internal/store/sqlite", "internal/store/storetest",
		"internal/store/postgres/postgrestest", "internal/store/postgres", "internal/attachment"}, // the archive
	{"internal/identity", "internal/access", "internal/directory", "internal/history", // the office
		"internal/oversight", // what an auditor may know of a request
		"internal/sequencer", "internal/witness", "internal/wire"},
	{"server", "client", "client/liaisontest"}, // the two ends
	{"internal/bench"},                         // measures both ends from outside
	{"cmd/liaison"},                            // the door
}

// engineImporters are the only packages that choose an engine. Everything else
// takes a store.Store.
var engineImporters = map[string]bool{
	"cmd/liaison":        true,
	"client/liaisontest": true, // it gives an integrator a whole hub in one line
}

func TestPackagesImportOnlyFromBelow(t *testing.T) {
	height := make(map[string]int)
	for _, floor := range floors {
		for _, pkg := range floor {
			height[pkg] = len(height) + 1
		}
	}
	for pkg, imports := range packages(t) {
		own, placed := height[pkg]
		if !placed {
			t.Errorf("%s has no floor: give it one here, with a reason", pkg)
			continue
		}
		for imported, file := range imports {
			other, placed := height[imported]
			switch {
			case !placed:
				t.Errorf("%s imports %s, which has no floor", file, imported)
			case other >= own:
				t.Errorf("%s reaches up: %s imports %s", file, pkg, imported)
			}
			if strings.HasPrefix(imported, "internal/store/") && !engineImporters[pkg] {
				t.Errorf("%s chooses an engine: only the command and the test kit do", file)
			}
		}
	}
	for pkg := range height {
		if _, err := os.Stat(filepath.Join("..", pkg)); err != nil {
			t.Errorf("the floor of %s is empty: %v", pkg, err)
		}
	}
}

// TestTheLawIsPure holds the lifecycle to its promise: a value, a table, a
// function, and nothing that could make the same question have two answers.
func TestTheLawIsPure(t *testing.T) {
	allowed := map[string]bool{"fmt": true, "errors": true, "slices": true, "strings": true, "strconv": true, "maps": true}
	entries, err := filepath.Glob("lifecycle/*.go")
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
			if name := entry.Name(); path != ".." && (strings.HasPrefix(name, ".") || name == "testdata") {
				return filepath.SkipDir
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
