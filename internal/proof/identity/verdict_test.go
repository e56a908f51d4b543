package identity

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"math/big"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// ministryAt is a registry with one participant, on a clock that the test turns.
func ministryAt(t *testing.T, at *time.Time) (*Registry, *pki.CA, func(lists []byte)) {
	t.Helper()
	now := func() time.Time { return *at }
	ca, err := pki.NewCA("moc.example", now)
	if err != nil {
		t.Fatal(err)
	}
	name, err := resource.ParseOrganisation("authorities/moc")
	if err != nil {
		t.Fatal(err)
	}
	r := NewRegistry(now)
	set := func(lists []byte) {
		t.Helper()
		p, err := ParseParticipant(name, "moc.example", pki.CertificatePEM(ca.Certificate), lists, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Set([]Participant{p}); err != nil {
			t.Fatal(err)
		}
	}
	set(nil)
	return r, ca, set
}

func officerOf(t *testing.T, ca *pki.CA) []*x509.Certificate {
	t.Helper()
	leaf, err := ca.Issue(pki.Request{Role: "officer", Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	return []*x509.Certificate{leaf.Certificate}
}

func TestVerdictsAreBounded(t *testing.T) {
	at := time.Now()
	r, ca, _ := ministryAt(t, &at)
	for n := range uint64(maxVerdicts) {
		var key [sha256.Size]byte
		binary.BigEndian.PutUint64(key[:], n)
		r.current.verdicts[key] = verdict{}
	}
	chain := officerOf(t, ca)
	if _, err := r.Identify(chain); err != nil {
		t.Fatal(err)
	}
	if got := len(r.current.verdicts); got != 1 {
		t.Errorf("%d are remembered", got)
	}
	if _, kept := r.current.verdicts[keyOf(chain)]; !kept {
		t.Error("the newest is forgotten")
	}
}

func TestOnlyTheGoodIsRemembered(t *testing.T) {
	at := time.Now()
	r, ca, set := ministryAt(t, &at)
	chain := officerOf(t, ca)
	list, err := ca.RevocationList([]*big.Int{chain[0].SerialNumber}, 1, at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Identify(chain); err != nil {
		t.Fatal(err)
	}
	set(pki.RevocationListPEM(list))
	for range 2 {
		if _, err := r.Identify(chain); err == nil {
			t.Error("a revoked certificate is served from what was remembered")
		}
	}
	if len(r.current.verdicts) != 0 {
		t.Error("a refusal is remembered")
	}
}

// TestAVerdictEndsWithWhatItRestsOn: at its last moment, not a moment after.
func TestAVerdictEndsWithWhatItRestsOn(t *testing.T) {
	at := time.Now()
	r, ca, set := ministryAt(t, &at)
	chain := officerOf(t, ca)
	list, err := ca.RevocationList(nil, 1, at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	set(pki.RevocationListPEM(list))
	if _, err := r.Identify(chain); err != nil {
		t.Fatal(err)
	}
	if until := r.current.verdicts[keyOf(chain)].until; !until.Equal(list.NextUpdate) {
		t.Errorf("it lasts until %v, the list until %v", until, list.NextUpdate)
	}
	at = list.NextUpdate.Add(-time.Nanosecond)
	if _, err := r.Identify(chain); err != nil {
		t.Errorf("too early: %v", err)
	}
	at = list.NextUpdate
	if _, err := r.Identify(chain); err == nil {
		t.Error("it outlasts the revocation list")
	}
}
