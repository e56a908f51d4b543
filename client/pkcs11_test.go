//go:build cgo

package client_test

import (
	"crypto/elliptic"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ThalesGroup/crypto11"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The library of SoftHSM, a security module in software, where Debian has it.
const softHSM = "/usr/lib/softhsm/libsofthsm2.so"

// securityModule makes a token of its own and opens it.
func securityModule(t *testing.T) *crypto11.Context {
	t.Helper()
	if _, err := os.Stat(softHSM); err != nil {
		t.Fatal("SoftHSM is not installed: `make prerequisites` installs it")
	}
	dir := t.TempDir()
	tokens := filepath.Join(dir, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "softhsm2.conf")
	if err := os.WriteFile(config, []byte("directories.tokendir = "+tokens+"\nobjectstore.backend = file\nlog.level = ERROR\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", config) // which the library reads when it is loaded
	const pin = "1234"
	out, err := exec.Command("softhsm2-util", "--init-token", "--free", "--label", "liaison", "--so-pin", pin, "--pin", pin).CombinedOutput()
	if err != nil {
		t.Fatalf("make a token: %v\n%s", err, out)
	}
	module, err := crypto11.Configure(&crypto11.Config{Path: softHSM, TokenLabel: "liaison", Pin: pin})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { module.Close() })
	return module
}

// TestKeysMayStayInASecurityModule has everybody sign through PKCS#11 with keys that never
// leave the token; the connections are opened with other keys.
func TestKeysMayStayInASecurityModule(t *testing.T) {
	kit := liaisontest.New(t)
	module := securityModule(t)
	signing := func(who string) client.Option {
		t.Helper()
		key, err := module.GenerateECDSAKeyPair([]byte(who), elliptic.P256())
		if err != nil {
			t.Fatal(err)
		}
		return client.WithSigner(key, kit.Issue(who, key.Public()))
	}
	officer := kit.Conn(t, "officer", signing("officer")).Authority()
	approver := kit.Conn(t, "approver", signing("approver")).Authority()
	agent := kit.Conn(t, "agent", signing("agent")).Platform()
	ctx := t.Context()

	filed, err := officer.File(ctx, exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	name := filed.GetRequest()
	if _, err := approver.Approve(ctx, name, nil, client.IfMatch(filed.GetEtag())); err != nil {
		t.Fatal(err)
	}
	if _, err := agent.Acknowledge(ctx, name, nil); err != nil {
		t.Fatal(err)
	}
	var findings []*liaisonv1.Finding
	for _, s := range exampleSpec().GetSelectors() {
		findings = append(findings, notFound(s))
	}
	if _, err := agent.Answer(ctx, name, &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: findings}); err != nil {
		t.Fatal(err)
	}
	parts, err := officer.Open(ctx, name)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts: %v", len(parts), err)
	}
}

// TestAKeyThatIsNotItsCertificatesSignsNothing is a mistake that shows at once.
func TestAKeyThatIsNotItsCertificatesSignsNothing(t *testing.T) {
	kit := liaisontest.New(t)
	mine, other := signerFor(kit, "officer"), signerFor(kit, "officer")
	_, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("officer"), kit.HubCAs()), client.WithHubKey(kit.HubKey()),
		client.WithSigner(mine.Key, other.Chain...))
	if err == nil {
		t.Error("it is taken")
	}
}
