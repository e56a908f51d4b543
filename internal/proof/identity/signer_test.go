package identity_test

import (
	"crypto/x509"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// TestWhoSigned asks whose a signature is, by the certificates that came with it.
func TestWhoSigned(t *testing.T) {
	now := time.Now()
	own, err := pki.NewCA("moc.example", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	other, err := pki.NewCA("moc.example", time.Now) // of the same name, and not in the directory
	if err != nil {
		t.Fatal(err)
	}
	name, err := resource.ParseOrganisation("authorities/moc")
	if err != nil {
		t.Fatal(err)
	}
	issue := func(ca *pki.CA, r pki.Request) *x509.Certificate {
		t.Helper()
		if r.Name == "" {
			r.Name = "amal.hassan"
		}
		leaf, err := ca.Issue(r)
		if err != nil {
			t.Fatal(err)
		}
		return leaf.Certificate
	}
	revoked := issue(own, pki.Request{Role: "officer"})
	lists := func(validUntil time.Time, serials ...*big.Int) []byte {
		t.Helper()
		list, err := own.RevocationListAt(serials, 1, now.Add(-2*time.Minute), validUntil, now.Add(-time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return pki.RevocationListPEM(list)
	}
	officer := pki.Request{Role: "officer"}
	for _, test := range []struct {
		name          string
		certificate   *x509.Certificate
		lists         []byte
		suspended     bool
		signed, taken time.Time
		want          identity.Reason // zero: the officer
	}{
		{"an officer", issue(own, officer), nil, false, now, now, 0},
		{"another's authority", issue(other, officer), nil, false, now, now, identity.UntrustedIssuer},
		{"a trust domain that is not known", issue(own, pki.Request{Role: "officer", Template: func(c *x509.Certificate) { c.URIs[0].Host = "dpo.example" }}), nil, false, now, now, identity.UnknownTrustDomain},
		{"no name", issue(own, pki.Request{}), nil, false, now, now, identity.NoSPIFFEID},
		{"a role of the other side", issue(own, pki.Request{Role: "agent"}), nil, false, now, now, identity.RoleNotOfOrganisation},
		{"an authority's own certificate", issue(own, pki.Request{Role: "officer", Template: func(c *x509.Certificate) { c.IsCA = true }}), nil, false, now, now, identity.WrongKeyUsage},
		{"a key that may not sign", issue(own, pki.Request{Role: "officer", Template: func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }}), nil, false, now, now, identity.WrongKeyUsage},
		{"a key that may sign and not connect", issue(own, pki.Request{Role: "officer", Template: func(c *x509.Certificate) { c.ExtKeyUsage = nil }}), nil, false, now, now, 0},
		{"expired when it was signed", issue(own, pki.Request{Role: "officer", NotBefore: now.Add(-4 * time.Minute), NotAfter: now.Add(-3 * time.Minute)}), nil, false, now, now, identity.Expired},
		{"expired since", issue(own, pki.Request{Role: "officer", NotBefore: now.Add(-4 * time.Minute), NotAfter: now.Add(-time.Minute)}), nil, false, now.Add(-2 * time.Minute), now.Add(-2 * time.Minute), 0},
		{"not valid yet when it was signed", issue(own, pki.Request{Role: "officer", NotBefore: now.Add(time.Minute)}), nil, false, now, now, identity.NotYetValid},
		{"revoked before the step was taken", revoked, lists(now.Add(time.Hour), revoked.SerialNumber), false, now.Add(-2 * time.Minute), now, identity.Revoked},
		{"revoked since", revoked, lists(now.Add(time.Hour), revoked.SerialNumber), false, now.Add(-3 * time.Minute), now.Add(-2 * time.Minute), 0},
		{"not on the list", issue(own, officer), lists(now.Add(time.Hour), revoked.SerialNumber), false, now, now, 0},
		{"a list that is overdue", issue(own, officer), lists(now.Add(-time.Second)), false, now, now, identity.RevocationListOverdue},
		{"a list that is none", issue(own, officer), []byte("x"), false, now, now, identity.RevocationListUnreadable},
		{"an organisation that is suspended now", issue(own, officer), nil, true, now, now, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := identity.ParseParticipant(name, "moc.example", pki.CertificatePEM(own.Certificate), test.lists, test.suspended)
			if err != nil {
				t.Fatal(err)
			}
			registry := identity.NewRegistry(time.Now)
			if err := registry.Set([]identity.Participant{p}); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time it is remembered
				caller, err := registry.SignedBy([]*x509.Certificate{test.certificate}, test.signed, test.taken)
				var refusal *identity.Refusal
				switch {
				case test.want == 0 && (err != nil || caller.Organisation != name || caller.ID.String() != "spiffe://moc.example/officer/amal.hassan"):
					t.Errorf("it is %v of %v: %v", caller, caller.Organisation, err)
				case test.want != 0 && (!errors.As(err, &refusal) || refusal.Reason != test.want):
					t.Errorf("got %v, wanted %s", err, test.want)
				}
			}
		})
	}

	// What was found out holds for the time that it was found out for, and no longer than
	// the participants stay the same.
	p, err := identity.ParseParticipant(name, "moc.example", pki.CertificatePEM(own.Certificate), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	registry := identity.NewRegistry(time.Now)
	if err := registry.Set([]identity.Participant{p}); err != nil {
		t.Fatal(err)
	}
	chain := []*x509.Certificate{issue(own, officer)}
	if _, err := registry.SignedBy(chain, now, now); err != nil {
		t.Fatal(err)
	}
	if _, err := registry.SignedBy(chain, chain[0].NotAfter.Add(time.Second), now); err == nil {
		t.Error("a remembered certificate signs after its end")
	}
	if err := registry.Set(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := registry.SignedBy(chain, now, now); err == nil {
		t.Error("a participant that is no more signs")
	}
	if _, err := registry.SignedBy(nil, now, now); err == nil {
		t.Error("nobody signs")
	}
}
