package pki_test

import (
	"bytes"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestAnAuthorityIsReadBack(t *testing.T) {
	ca := must(pki.NewCA("moc.example", time.Now))
	certificate, key := pki.CertificatePEM(ca.Certificate), must(pki.KeyPEM(ca.Key))
	again := must(pki.ParseCA(certificate, key, time.Now))
	if again.TrustDomain != "moc.example" || !again.Certificate.Equal(ca.Certificate) {
		t.Error("it is another")
	}
	leaf := must(again.Issue(pki.Request{Role: "officer", Name: "x"}))
	if err := leaf.Certificate.CheckSignatureFrom(ca.Certificate); err != nil {
		t.Errorf("what it issues is not its own: %v", err)
	}
	other := must(pki.NewCA("moc.example", time.Now))
	member := pki.CertificatePEM(leaf.Certificate)
	for name, pair := range map[string][2][]byte{
		"another's key":                {certificate, must(pki.KeyPEM(other.Key))},
		"a member's certificate":       {member, must(pki.KeyPEM(leaf.Key))},
		"no certificate":               {nil, key},
		"no key":                       {certificate, nil},
		"the key for the certificate":  {key, key},
		"the certificate for the key ": {certificate, certificate},
	} {
		if _, err := pki.ParseCA(pair[0], pair[1], time.Now); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestARevocationListHoldsWhatIsRevoked(t *testing.T) {
	ca := must(pki.NewCA("moc.example", time.Now))
	list := must(ca.RevocationList([]*big.Int{big.NewInt(7)}, 3, time.Now().Add(time.Hour)))
	if err := list.CheckSignatureFrom(ca.Certificate); err != nil {
		t.Error(err)
	}
	if len(list.RevokedCertificateEntries) != 1 || list.RevokedCertificateEntries[0].SerialNumber.Int64() != 7 || list.Number.Int64() != 3 {
		t.Errorf("it holds %v", list.RevokedCertificateEntries)
	}
}

func TestAFileIsWrittenForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	for _, content := range []string{"first", "second"} {
		if err := pki.WriteFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got := must(os.ReadFile(path)); !bytes.Equal(got, []byte(content)) {
			t.Errorf("it holds %q", got)
		}
	}
	if mode := must(os.Stat(path)).Mode().Perm(); mode != 0o600 {
		t.Errorf("its mode is %o", mode)
	}
	if entries := must(os.ReadDir(filepath.Dir(path))); len(entries) != 1 {
		t.Errorf("%d files are left", len(entries))
	}
}

func FuzzParseCA(f *testing.F) {
	ca := must(pki.NewCA("moc.example", time.Now))
	f.Add(pki.CertificatePEM(ca.Certificate), must(pki.KeyPEM(ca.Key)))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), []byte("x"))
	f.Fuzz(func(t *testing.T, certificate, key []byte) {
		if again, err := pki.ParseCA(certificate, key, time.Now); err == nil && again.TrustDomain == "" {
			t.Error("an authority without a trust domain is taken")
		}
	})
}
