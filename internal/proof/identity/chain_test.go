package identity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// ministry is a registry with the ministry alone.
func ministry(t *testing.T, ca *pki.CA, lists ...*x509.RevocationList) *identity.Registry {
	t.Helper()
	var text []byte
	for _, list := range lists {
		text = append(text, pki.RevocationListPEM(list)...)
	}
	r := identity.NewRegistry(time.Now)
	name := must(resource.ParseOrganisation("authorities/moc"))
	if err := r.Set([]identity.Participant{
		must(identity.ParseParticipant(name, "moc.example", pki.CertificatePEM(ca.Certificate), text, false)),
	}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestACertificateMustSayItselfWhatItIsFor(t *testing.T) {
	ca := must(pki.NewCA("moc.example", time.Now))
	for name, bend := range map[string]func(*x509.Certificate){
		"silent on its use":          func(c *x509.Certificate) { c.ExtKeyUsage = nil },
		"for anything":               func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} },
		"for servers":                func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
		"whose key may sign nothing": func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment },
	} {
		t.Run(name, func(t *testing.T) {
			leaf := must(ca.Issue(pki.Request{Role: "officer", Name: "x", Template: bend}))
			if _, err := ministry(t, ca).Identify([]*x509.Certificate{leaf.Certificate}); reasonOf(err) != identity.WrongKeyUsage {
				t.Errorf("admitted: %v", err)
			}
		})
	}
}

// twoTiers are a root that is in the directory and an intermediate authority of it.
func twoTiers(t *testing.T) (root, intermediate *pki.CA) {
	t.Helper()
	template := func(serial int64, name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			URIs: []*url.URL{{Scheme: "spiffe", Host: "moc.example"}}, IsCA: true, BasicConstraintsValid: true,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	}
	key := func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }
	load := func(der []byte, k *ecdsa.PrivateKey) *pki.CA {
		return must(pki.ParseCA(pki.CertificatePEM(must(x509.ParseCertificate(der))), must(pki.KeyPEM(k)), time.Now))
	}
	rootKey, lowerKey := key(), key()
	rootTemplate := template(11, "root")
	root = load(must(x509.CreateCertificate(rand.Reader, rootTemplate, rootTemplate, rootKey.Public(), rootKey)), rootKey)
	intermediate = load(must(x509.CreateCertificate(rand.Reader, template(12, "intermediate"), root.Certificate, lowerKey.Public(), rootKey)), lowerKey)
	return root, intermediate
}

func TestAnIntermediateAuthorityIsCheckedToo(t *testing.T) {
	root, intermediate := twoTiers(t)
	leaf := must(intermediate.Issue(pki.Request{Role: "officer", Name: "x"}))
	chain := []*x509.Certificate{leaf.Certificate, intermediate.Certificate}
	soon := time.Now().Add(time.Hour)
	for _, test := range []struct {
		name  string
		lists []*x509.RevocationList
		want  identity.Reason // zero: admitted
	}{
		{"no lists are kept", nil, 0},
		{"the intermediate is revoked", []*x509.RevocationList{must(root.RevocationList([]*big.Int{intermediate.Certificate.SerialNumber}, 1, soon))}, identity.Revoked},
		{"the intermediate has no list", []*x509.RevocationList{must(root.RevocationList(nil, 1, soon))}, identity.RevocationListUnreadable},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ministry(t, root, test.lists...).Identify(chain); reasonOf(err) != test.want {
				t.Errorf("it ends with: %v", err)
			}
		})
	}
}

// TestAPartOfAListIsNotAList: a delta list (RFC 5280, section 5.2.4) names only what
// changed since the whole one.
func TestAPartOfAListIsNotAList(t *testing.T) {
	ca := must(pki.NewCA("moc.example", time.Now))
	leaf := must(ca.Issue(pki.Request{Role: "officer", Name: "x"}))
	delta := must(x509.ParseRevocationList(must(x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(2), ThisUpdate: time.Now().Add(-time.Minute), NextUpdate: time.Now().Add(time.Hour),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: must(asn1.Marshal(1))}},
	}, ca.Certificate, ca.Key))))
	if _, err := ministry(t, ca, delta).Identify([]*x509.Certificate{leaf.Certificate}); reasonOf(err) != identity.RevocationListUnreadable {
		t.Errorf("admitted: %v", err)
	}
}

// TestTheMachinesAuthoritiesAreNobodys: a participant without any must not be checked
// against those that the machine trusts for the web.
func TestTheMachinesAuthoritiesAreNobodys(t *testing.T) {
	ca := must(pki.NewCA("moc.example", time.Now))
	file := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(file, pki.CertificatePEM(ca.Certificate), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	r := identity.NewRegistry(time.Now)
	if err := r.Set([]identity.Participant{{TrustDomain: "moc.example", Organisation: must(resource.ParseOrganisation("authorities/moc"))}}); err != nil {
		t.Fatal(err)
	}
	leaf := must(ca.Issue(pki.Request{Role: "officer", Name: "x"}))
	if _, err := r.Identify([]*x509.Certificate{leaf.Certificate}); reasonOf(err) != identity.UntrustedIssuer {
		t.Errorf("admitted: %v", err)
	}
}
