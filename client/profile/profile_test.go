package profile_test

import (
	"crypto"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"buf.build/go/protoyaml"
	"github.com/google/go-cmp/cmp"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

func TestAProfileReadsAsItWasSaved(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]profile.Profile{
		"the least": {Hub: "hub.example:8443"},
		"all": {
			Hub: "127.0.0.1:8443", ServerName: "hub.example",
			ID: "spiffe://messenger.example/agent/disclosure.desk", Organisation: "platforms/messenger",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := want.Save(dir); err != nil {
				t.Fatal(err)
			}
			got, err := profile.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAProfileThatIsMistakenIsRefused: nothing of it is guessed or passed over.
func TestAProfileThatIsMistakenIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"an unknown key": {"hub: hub.example:8443\nserver: hub.example\n", "server"},
		"no hub":         {"id: spiffe://messenger.example/agent/disclosure.desk\n", "hub is required"},
		"nothing":        {"", "hub is required"},
		"a key twice":    {"hub: a:1\nhub: b:1\n", "hub"},
		"not a mapping":  {"- hub\n", profile.File},
		"not even YAML":  {"hub: [\n", profile.File},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, profile.File), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := profile.Load(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it says: %v", err)
			}
		})
	}
	if _, err := profile.Load(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}

// TestAProfilesCertificateIsReplacedWhileTheProgramRuns: the connection that the next
// fault brings about is made with the new one. To show it, the new one is another
// platform's, from which the request is hidden.
func TestAProfilesCertificateIsReplacedWhileTheProgramRuns(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	dir := t.TempDir()
	if err := (profile.Profile{Hub: kit.Target(), HubKey: kit.HubKey()}).Save(dir); err != nil {
		t.Fatal(err)
	}
	for _, o := range kit.Organisations() {
		if err := profile.TrustFolder(filepath.Join(dir, profile.TrustDir)).Save(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, profile.HubCAFile), kit.HubCAFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Dial(dir); err == nil {
		t.Error("it connects without a certificate")
	}
	install(t, kit, dir, "agent")
	conn, err := profile.Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	name := emergency(t, kit)
	agent := conn.Platform()
	if _, err := agent.Get(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	install(t, kit, dir, "filehost-agent")
	if _, err := agent.Get(t.Context(), name); err != nil {
		t.Errorf("the connection that there is: %v", err)
	}
	kit.Restart()
	if _, err := agent.Get(t.Context(), name); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("the next connection: %v", err)
	}
}

// emergency files what comes before platforms/messenger at once, and returns its name.
func emergency(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	text, err := cases.Files.ReadFile("02-hospital-emergency/request.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec := &liaisonv1.RequestSpec{}
	if err := protoyaml.Unmarshal(text, spec); err != nil {
		t.Fatal(err)
	}
	filed, err := kit.Conn(t, "officer").Authority().File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest()
}

// install writes somebody's certificate and key into a profile's folder.
func install(t *testing.T, kit *liaisontest.Kit, dir, who string) {
	t.Helper()
	certificate := kit.Certificate(who)
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	key, err := pki.KeyPEM(certificate.PrivateKey.(crypto.Signer))
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{profile.CertificateFile: pki.CertificatePEM(leaf), profile.KeyFile: key} {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
