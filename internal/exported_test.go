package internal_test

import (
	"bufio"
	"bytes"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNoExportedNameNeedsAnInternalType walks what others can import: whoever builds on it
// must be able to name every type that a function takes, and that a field holds.
func TestNoExportedNameNeedsAnInternalType(t *testing.T) {
	from := compiled(t)
	seen := make(map[string]bool)
	for line := range lines(t, "list", "-f", "{{.ImportPath}} {{.Name}}", "../...") {
		path, name, _ := strings.Cut(line, " ")
		if isInternal(path) || name == "main" || !strings.HasPrefix(path, module) || strings.Contains(path, "/testdata/") {
			continue
		}
		pkg, err := from.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		seen[strings.TrimPrefix(path, module)] = true
		w := walk{t: t, pkg: pkg, done: make(map[types.Type]bool)}
		for _, name := range pkg.Scope().Names() {
			if token.IsExported(name) {
				w.object(path+"."+name, pkg.Scope().Lookup(name))
			}
		}
	}
	for _, pkg := range []string{"client", "client/profile", "client/liaisontest", "verify", "server", "proto/liaison/v1"} {
		if !seen[pkg] {
			t.Errorf("%s was not looked at", pkg)
		}
	}
}

// bareStrings are the functions of the SDK that may take two strings in a row, with why.
var bareStrings = map[string]string{
	"client.WithCertificateFiles": "in the order of tls.LoadX509KeyPair; Dial reads both, so that a mistake shows at once",
}

// TestTheSDKTakesNoTwoStringsInARow, which a caller could give the wrong way round and
// no compiler would notice.
func TestTheSDKTakesNoTwoStringsInARow(t *testing.T) {
	found := make(map[string]bool)
	for name, signature := range functions(t, "client", "client/profile", "client/liaisontest") {
		params := signature.Params()
		for i := 1; i < params.Len(); i++ {
			if types.Identical(params.At(i-1).Type(), types.Typ[types.String]) && types.Identical(params.At(i).Type(), types.Typ[types.String]) {
				found[name] = true
				if bareStrings[name] == "" {
					t.Errorf("%s takes %s and %s, one after the other", name, params.At(i-1).Name(), params.At(i).Name())
				}
			}
		}
	}
	for name := range bareStrings {
		if !found[name] {
			t.Errorf("%s does not take two strings in a row any more", name)
		}
	}
}

// TestThePagesNameGoThatIsThere looks for each name of a public package that README and
// the pages of docs mention.
func TestThePagesNameGoThatIsThere(t *testing.T) {
	from := compiled(t)
	paths := map[string]string{"client": "client", "profile": "client/profile", "liaisontest": "client/liaisontest", "server": "server", "verify": "verify"}
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, page := range append(pages, "../README.md", "../CONTRIBUTING.md") {
		for _, found := range regexp.MustCompile(`\b(client|profile|liaisontest|server|verify)\.([A-Z]\w*)`).FindAllStringSubmatch(read(t, page), -1) {
			pkg, err := from.Import(module + paths[found[1]])
			if err != nil {
				t.Fatal(err)
			}
			if pkg.Scope().Lookup(found[2]) == nil {
				t.Errorf("%s names %s, which is not there", page, found[0])
			}
			named++
		}
	}
	if named < 10 {
		t.Errorf("the pages name Go only %d times", named)
	}
}

// functions returns the signatures of packages' exported functions and methods.
func functions(t *testing.T, packages ...string) map[string]*types.Signature {
	t.Helper()
	found := make(map[string]*types.Signature)
	from := compiled(t)
	for _, path := range packages {
		pkg, err := from.Import(module + path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Scope().Names() {
			o := pkg.Scope().Lookup(name)
			if !o.Exported() {
				continue
			}
			if f, ok := o.(*types.Func); ok {
				found[path+"."+name] = f.Signature()
			}
			if _, ok := o.(*types.TypeName); !ok {
				continue
			}
			methods := types.NewMethodSet(types.NewPointer(o.Type()))
			for i := range methods.Len() {
				if m := methods.At(i).Obj().(*types.Func); m.Exported() {
					found[path+"."+name+"."+m.Name()] = m.Signature()
				}
			}
		}
	}
	if len(found) < 50 {
		t.Errorf("only %d functions were looked at", len(found))
	}
	return found
}

// compiled reads packages as the compiler has exported them.
func compiled(t *testing.T) types.Importer {
	t.Helper()
	exports := make(map[string]string) // by package, the file that says what it exports
	for line := range lines(t, "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "../...") {
		pkg, file, _ := strings.Cut(line, " ")
		exports[pkg] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
}

// walk goes through the types that a package's exported names need.
type walk struct {
	t    *testing.T
	pkg  *types.Package
	done map[types.Type]bool
}

func isInternal(path string) bool {
	return strings.HasPrefix(path, module) && strings.Contains(path+"/", "/internal/")
}

func (w *walk) object(name string, o types.Object) {
	w.look(name, o.Type())
	if _, ok := o.(*types.TypeName); !ok {
		return
	}
	methods := types.NewMethodSet(types.NewPointer(o.Type()))
	for i := range methods.Len() {
		if m := methods.At(i).Obj(); m.Exported() {
			w.look(name+"."+m.Name(), m.Type())
		}
	}
}

// look goes through one type, and through what it is made of where others can reach it.
func (w *walk) look(name string, of types.Type) {
	of = types.Unalias(of)
	if w.done[of] {
		return
	}
	w.done[of] = true
	switch of := of.(type) {
	case *types.Named:
		if pkg := of.Obj().Pkg(); pkg != nil && isInternal(pkg.Path()) {
			w.t.Errorf("%s needs %s, which nobody outside can name", name, of)
			return
		}
		for i := range of.TypeArgs().Len() {
			w.look(name, of.TypeArgs().At(i))
		}
		if of.Obj().Pkg() == w.pkg {
			w.look(name, of.Underlying())
		}
	case *types.Struct:
		for field := range of.Fields() {
			if field.Exported() {
				w.look(name+"."+field.Name(), field.Type())
			}
		}
	case *types.Interface:
		for m := range of.Methods() {
			if m.Exported() {
				w.look(name+"."+m.Name(), m.Type())
			}
		}
	case *types.Signature:
		for v := range of.Params().Variables() {
			w.look(name, v.Type())
		}
		for v := range of.Results().Variables() {
			w.look(name, v.Type())
		}
		for p := range of.TypeParams().TypeParams() {
			w.look(name, p.Constraint())
		}
	case *types.Map:
		w.look(name, of.Key())
		w.look(name, of.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		w.look(name, of.Elem())
	case *types.Basic, *types.TypeParam, *types.Union:
	default:
		w.t.Errorf("%s: %T is a kind of type that this test does not know", name, of)
	}
}

// TestTheHubDecompressesNothing: what is small on the wire and large in memory has no way
// in, whichever of our dependencies would like one.
func TestTheHubDecompressesNothing(t *testing.T) {
	for pkg := range lines(t, "list", "-deps", "../server", "../cmd/liaison") {
		if strings.HasPrefix(pkg, "google.golang.org/grpc/encoding/") && pkg != "google.golang.org/grpc/encoding/proto" && pkg != "google.golang.org/grpc/encoding/internal" {
			t.Errorf("%s is built in: it registers what gRPC decompresses", pkg)
		}
	}
}

// lines are what the go command prints.
func lines(t *testing.T, args ...string) func(yield func(string) bool) {
	t.Helper()
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return func(yield func(string) bool) {
		for scanner := bufio.NewScanner(bytes.NewReader(out)); scanner.Scan(); {
			if !yield(scanner.Text()) {
				return
			}
		}
	}
}
