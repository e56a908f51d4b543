package liaison_test

import (
	"bytes"
	"crypto"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// grpcurlVersion is the one that README's lines are tried with.
const grpcurlVersion = "v1.9.4"

// TestGrpcurlPlaysTheReadme runs README's grpcurl lines, as they stand there, with
// the real grpcurl against a running hub.
func TestGrpcurlPlaysTheReadme(t *testing.T) {
	kit := liaisontest.New(t)
	dir := t.TempDir()
	profiles(t, kit, filepath.Join(dir, "hub", "profiles"))
	if err := os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	bin := tools(t)

	_, part, ok1 := strings.Cut(read(t, "README.md"), "<!-- grpcurl: begin -->")
	part, _, ok2 := strings.Cut(part, "<!-- grpcurl: end -->")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(part, -1)
	if !ok1 || !ok2 || len(blocks) != 2 {
		t.Fatal("README's grpcurl lines are not where this test looks for them")
	}
	run := func(script string, env ...string) string {
		t.Helper()
		cmd := exec.Command("sh", "-eu", "-c", strings.ReplaceAll(script, "localhost:7443", kit.Target()))
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH")), env...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, out.String(), errs.String())
		}
		return out.String()
	}

	first := run(blocks[0][1])
	for _, want := range []string{
		"liaison.v1.AuthorityService", "liaison.v1.RequestService", "grpc.health.v1.Health", // list
		"rpc FileRequest", "liaison.v1.access", // describe
		"REQUEST_STATE_AWAITING_APPROVAL", "نشر سجل الناخبين", // file
	} {
		if !strings.Contains(first, want) {
			t.Errorf("grpcurl does not print %q:\n%s", want, first)
		}
	}
	var filed struct {
		Event struct{ Request string }
	}
	if err := json.Unmarshal([]byte(first[strings.LastIndex(first, "\n{"):]), &filed); err != nil {
		t.Fatal(err)
	}

	// The watch goes on until its time is over, which grpcurl counts as a failure.
	second, watch, ok := strings.Cut(blocks[1][1], "grpcurl $(as officer) -max-time 2")
	if !ok {
		t.Fatal("README does not show a watch")
	}
	as, _, _ := strings.Cut(blocks[0][1], "\n")
	names := []string{"NAME=" + filed.Event.Request}
	rest := run(as+"\n"+second, names...)
	for _, want := range []string{
		"REQUEST_STATE_ACKNOWLEDGED", "REQUEST_STATE_CLARIFICATION_NEEDED", "REQUEST_STATE_PARTIALLY_ANSWERED",
		"REQUEST_STATE_ANSWERED", "+447700900200", "REQUEST_STATE_CLOSED",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("grpcurl does not print %q", want)
		}
	}
	watched := run(as+"\ngrpcurl $(as officer) -max-time 1"+strings.TrimRight(watch, "\n")+" 2>/dev/null || true", names...)
	for _, want := range []string{"REQUEST_STATE_AWAITING_APPROVAL", "REQUEST_STATE_CLOSED", "heartbeat"} {
		if !strings.Contains(watched, want) {
			t.Errorf("the watch does not print %q:\n%s", want, watched)
		}
	}
	if strings.Contains(watched, "447700900200") {
		t.Error("the watch says who was identified")
	}
}

// profiles writes the folders that README's lines name.
func profiles(t *testing.T, kit *liaisontest.Kit, dir string) {
	t.Helper()
	for _, name := range []string{"officer", "approver", "agent"} {
		certificate := kit.Certificate(name)
		key, err := pki.KeyPEM(certificate.PrivateKey.(crypto.Signer))
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for file, content := range map[string][]byte{
			client.CertificateFile: pki.CertificatePEM(certificate.Leaf),
			client.KeyFile:         key,
			client.HubCAFile:       kit.HubCAFile(),
		} {
			if err := pki.WriteFile(filepath.Join(folder, file), content); err != nil {
				t.Fatal(err)
			}
		}
		for _, o := range kit.Organisations() {
			if err := client.SaveOrganisation(filepath.Join(folder, client.TrustDir), o); err != nil {
				t.Fatal(err)
			}
		}
		if name == "officer" {
			if err := pki.WriteFile(filepath.Join(folder, client.AnswerKeyFile), []byte(kit.AnswerKeys("authorities/moc"))); err != nil {
				t.Fatal(err)
			}
		}
		if err := (client.Profile{Hub: kit.Target(), HubKey: kit.HubKey()}).Save(folder); err != nil {
			t.Fatal(err)
		}
	}
}

// tools returns a folder with grpcurl and the command. `make test` has grpcurl ready;
// otherwise it is built here.
func tools(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := func(env []string, args ...string) {
		t.Helper()
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	build(nil, "build", "-o", filepath.Join(bin, "liaison"), "./cmd/liaison")
	ready, err := filepath.Abs(".tools/grpcurl")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ready); err == nil {
		if err := os.Symlink(ready, filepath.Join(bin, "grpcurl")); err != nil {
			t.Fatal(err)
		}
		return bin
	}
	build([]string{"GOBIN=" + bin}, "install", "github.com/fullstorydev/grpcurl/cmd/grpcurl@"+grpcurlVersion)
	return bin
}

// TestTheReadmesGoIsCompiledElsewhere compares README's Go with the examples and
// the test kit's comment, line by line.
func TestTheReadmesGoIsCompiledElsewhere(t *testing.T) {
	compiled := strings.ReplaceAll(read(t, "client/example_test.go"), "exampleTB", "t") + read(t, "client/liaisontest/liaisontest.go")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1)
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
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, page := range append(pages, more...) {
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
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			source.WriteString(read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("`(Test[A-Za-z0-9]+)(/[^`]+)?`").FindAllStringSubmatch(read(t, "docs/threats.md")+read(t, "docs/safeguards.md"), -1)
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

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
