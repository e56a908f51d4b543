package main

import (
	"bytes"
	"crypto"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// grpcurlVersion is the one that README's lines are tried with.
const grpcurlVersion = "v1.9.4"

// TestGrpcurlPlaysTheReadme runs README's grpcurl lines, as they stand there, with
// the real grpcurl against a running hub.
func TestGrpcurlPlaysTheReadme(t *testing.T) {
	kit := liaisontest.New(t)
	dir := t.TempDir()
	readmeProfiles(t, kit, filepath.Join(dir, "hub", "profiles"))
	if err := os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS("../../testdata")); err != nil {
		t.Fatal(err)
	}
	bin := readmeTools(t)

	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok1 := strings.Cut(string(readme), "<!-- grpcurl: begin -->")
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
		"REQUEST_STATE_AWAITING_APPROVAL", // file
	} {
		if !strings.Contains(first, want) {
			t.Errorf("grpcurl does not print %q:\n%s", want, first)
		}
	}
	var filed struct{ Request string }
	if err := json.Unmarshal([]byte(first[strings.LastIndex(first, "\n{"):]), &filed); err != nil {
		t.Fatal(err)
	}

	// The watch goes on until its time is over, which grpcurl counts as a failure.
	second, watch, ok := strings.Cut(blocks[1][1], "grpcurl $(as officer) -max-time 2")
	if !ok {
		t.Fatal("README does not show a watch")
	}
	as, _, _ := strings.Cut(blocks[0][1], "\n")
	names := []string{"NAME=" + filed.Request}
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
	for _, want := range []string{"REQUEST_STATE_AWAITING_APPROVAL", "نشر سجل الناخبين", "REQUEST_STATE_CLOSED", "heartbeat"} {
		if !strings.Contains(watched, want) {
			t.Errorf("the watch does not print %q:\n%s", want, watched)
		}
	}
	if strings.Contains(watched, "447700900200") {
		t.Error("the watch says who was identified")
	}
}

// readmeProfiles writes the folders that README's lines name.
func readmeProfiles(t *testing.T, kit *liaisontest.Kit, dir string) {
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
			profile.CertificateFile: pki.CertificatePEM(certificate.Leaf),
			profile.KeyFile:         key,
			profile.HubCAFile:       kit.HubCAFile(),
		} {
			if err := pki.WriteFile(filepath.Join(folder, file), content); err != nil {
				t.Fatal(err)
			}
		}
		for _, o := range kit.Organisations() {
			if err := profile.TrustFolder(filepath.Join(folder, profile.TrustDir)).Save(o); err != nil {
				t.Fatal(err)
			}
		}
		if name == "officer" {
			if err := pki.WriteFile(filepath.Join(folder, profile.AnswerKeyFile), []byte(kit.AnswerKeys("authorities/moc"))); err != nil {
				t.Fatal(err)
			}
		}
		if err := (profile.Profile{Hub: kit.Target(), HubKey: kit.HubKey()}).Save(folder); err != nil {
			t.Fatal(err)
		}
	}
}

// readmeTools returns a folder with grpcurl and the command. `make test` has grpcurl ready;
// otherwise it is built here.
func readmeTools(t *testing.T) string {
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
	build(nil, "build", "-o", filepath.Join(bin, "liaison"), ".")
	ready, err := filepath.Abs("../../.tools/grpcurl")
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
