package sealed_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/internal/proof/sealed"
)

// tool returns a program of the standard age tool, which `make` installs.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", ".tools", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is not there: run `make .tools/age`", name)
	}
	return path
}

func run(t *testing.T, input []byte, name string, arguments ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, arguments...)
	cmd.Stdin = bytes.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(arguments, " "), err, errs.String())
	}
	return out.Bytes()
}

// TestTheStandardToolAndThisPackageOpenEachOthersFiles, with keys that either has made.
func TestTheStandardToolAndThisPackageOpenEachOthersFiles(t *testing.T) {
	tool1, keygen := tool(t, "age"), tool(t, "age-keygen")
	if version := strings.TrimSpace(string(run(t, nil, tool1, "--version"))); version != "v1.3.2" {
		t.Errorf("the tool is %s", version)
	}
	content := []byte("who it was: +447700900200")
	made := func(arguments ...string) string { return string(run(t, nil, keygen, arguments...)) }
	_, _, own := keys(t, true)
	for _, test := range []struct{ name, secret string }{
		{"hybrid, made here", own},
		{"hybrid, made by age-keygen", made("-pq")},
		{"X25519, made by age-keygen", made()},
	} {
		t.Run(test.name, func(t *testing.T) {
			parsed, err := sealed.ParseKeys(test.secret)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			keyFile, box := filepath.Join(dir, "key.txt"), filepath.Join(dir, "box.age")
			if err := os.WriteFile(keyFile, []byte(test.secret), 0o600); err != nil {
				t.Fatal(err)
			}

			here, err := sealed.Seal(content, parsed.Recipients())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(box, here, 0o600); err != nil {
				t.Fatal(err)
			}
			if opened := run(t, nil, tool1, "--decrypt", "--identity", keyFile, box); !bytes.Equal(opened, content) {
				t.Errorf("the tool opens it as %q", opened)
			}

			there := run(t, content, tool1, "--encrypt", "--recipient", parsed.Recipients()[0])
			if opened, err := sealed.Open(there, parsed, 1000); err != nil || !bytes.Equal(opened, content) {
				t.Errorf("what the tool sealed opens as %q: %v", opened, err)
			}
		})
	}
}
