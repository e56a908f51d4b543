package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
)

// TestAProgramOfItsOwnEmbedsAHub builds a module that is not this one, and has it play a
// filing over each engine.
func TestAProgramOfItsOwnEmbedsAHub(t *testing.T) {
	t.Parallel()
	cluster, err := postgrestest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	}()
	database, err := cluster.Database()
	if err != nil {
		t.Fatal(err)
	}
	dir := foreignModule(t, "hub")
	goCommand(t, dir, "vet", ".")
	goCommand(t, dir, "build", "-o", "hub", ".")
	for engine, place := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "hub.db"), "postgres": database} {
		out, err := exec.Command(filepath.Join(dir, "hub"), engine, place).CombinedOutput()
		if want := engine + " MOC-2026-1 REQUEST_STATE_FILED\n"; err != nil || string(out) != want {
			t.Errorf("%s: it says %q, not %q: %v", engine, out, want, err)
		}
	}
}

// TestAProgramOfItsOwnIntegratesAPlatform builds a module that is not this one, and runs
// its own test, which plays the other end with the test kit.
func TestAProgramOfItsOwnIntegratesAPlatform(t *testing.T) {
	t.Parallel()
	dir := foreignModule(t, "platform")
	goCommand(t, dir, "vet", ".")
	goCommand(t, dir, "test", ".")
}

// requirements are the blocks of go.mod that say which versions are required.
var requirements = regexp.MustCompile(`(?ms)^require \(.*?^\)\n`)

// foreignModule returns a copy of a module of testdata/modules that requires this one as it
// stands here, and what this one requires in the same versions: nothing has to be fetched.
func foreignModule(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "testdata", "modules", name))); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	file := strings.Replace(read(t, filepath.Join(dir, "go.mod")), "=> ../../..", "=> "+here, 1)
	file += strings.Join(requirements.FindAllString(read(t, "../go.mod"), -1), "")
	for name, text := range map[string]string{"go.mod": file, "go.sum": read(t, "../go.sum")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// goCommand runs the go command in a folder.
func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
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
