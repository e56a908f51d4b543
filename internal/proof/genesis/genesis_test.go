package genesis_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/genesis"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var at = time.Date(2026, 11, 23, 12, 0, 0, 1000, time.UTC)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var authority = func() *x509.Certificate {
	return must(pki.NewCA("hub.example", func() time.Time { return at })).Certificate
}()

func example(t *testing.T, change func(*liaisonv1.Genesis)) (*liaisonv1.DirectoryRecord, error) {
	t.Helper()
	_, key, err := ledger.NewKey("hub.example/1")
	if err != nil {
		t.Fatal(err)
	}
	g := &liaisonv1.Genesis{
		Ledger: "hub.example/1", HubKey: key, TrustDomain: "hub.example", CreateTime: timestamppb.New(at),
		OperatorAuthorities: [][]byte{authority.Raw}, OperatorsRequired: 1,
	}
	change(g)
	return genesis.New(g, must(identity.ParseID("spiffe://hub.example/hub/hub")), bytes.Repeat([]byte{7}, ledger.SaltSize))
}

func TestAGenesisIsBelievedForItsFingerprint(t *testing.T) {
	t.Parallel()
	r, err := example(t, func(*liaisonv1.Genesis) {})
	if err != nil {
		t.Fatal(err)
	}
	g, err := genesis.Open(r)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := genesis.Fingerprint(g, r)
	for _, written := range []string{fingerprint, strings.ToUpper(fingerprint), fingerprint[:4] + " " + fingerprint[4:], fingerprint[:2] + ":" + fingerprint[2:]} {
		if confirmed, err := genesis.Confirm(r, written); err != nil || confirmed.GetTrustDomain() != "hub.example" {
			t.Errorf("%q: %v", written, err)
		}
	}
	another, err := example(t, func(*liaisonv1.Genesis) {}) // with another key
	if err != nil {
		t.Fatal(err)
	}
	if _, err := genesis.Confirm(another, fingerprint); !errors.Is(err, genesis.ErrFingerprint) {
		t.Errorf("another genesis is taken for it: %v", err)
	}
	salted := proto.CloneOf(r)
	salted.PublicSalt[0] ^= 1
	if _, err := genesis.Confirm(salted, fingerprint); !errors.Is(err, genesis.ErrGenesis) {
		t.Errorf("another salt is taken: %v", err)
	}
}

func TestASuccessorSaysWhatItFollows(t *testing.T) {
	t.Parallel()
	predecessor := &liaisonv1.Predecessor{
		Ledger: "hub.example/0", HubKey: "hub.example/1+00000000+AAAA", RestoredSize: 4000, RestoredRoot: make([]byte, 32), KnownSize: 4711, Reason: "the disk was lost",
	}
	predecessor.Ledger = "old.example/1"
	r, err := example(t, func(g *liaisonv1.Genesis) { g.Predecessor = predecessor })
	if err != nil {
		t.Fatal(err)
	}
	g, err := genesis.Open(r)
	if err != nil || !proto.Equal(g.GetPredecessor(), predecessor) {
		t.Errorf("it follows %v: %v", g.GetPredecessor(), err)
	}
}

func TestWhatIsNoGenesis(t *testing.T) {
	t.Parallel()
	_, othersKey, _ := ledger.NewKey("other.example/1")
	for name, change := range map[string]func(*liaisonv1.Genesis){
		"a name without a number":               func(g *liaisonv1.Genesis) { g.Ledger = "hub.example" },
		"a key of another ledger":               func(g *liaisonv1.Genesis) { g.HubKey = othersKey },
		"a key that is none":                    func(g *liaisonv1.Genesis) { g.HubKey = g.GetHubKey()[:len(g.GetHubKey())-4] },
		"another trust domain than its maker's": func(g *liaisonv1.Genesis) { g.TrustDomain = "other.example" },
		"no operators":                          func(g *liaisonv1.Genesis) { g.OperatorAuthorities = nil },
		"operators that are no certificates":    func(g *liaisonv1.Genesis) { g.OperatorAuthorities = [][]byte{{1}} },
		"three operators at once":               func(g *liaisonv1.Genesis) { g.OperatorsRequired = 3 },
		"a law without a digest":                func(g *liaisonv1.Genesis) { g.Laws = []*liaisonv1.LawDigest{{Name: "law/eu-epo"}} },
		"itself before it": func(g *liaisonv1.Genesis) {
			g.Predecessor = &liaisonv1.Predecessor{Ledger: g.GetLedger(), HubKey: g.GetHubKey(), RestoredRoot: make([]byte, 32), Reason: "lost"}
		},
		"more restored than there was": func(g *liaisonv1.Genesis) {
			g.Predecessor = &liaisonv1.Predecessor{Ledger: "old.example/1", HubKey: othersKey, RestoredSize: 2, KnownSize: 1, RestoredRoot: make([]byte, 32), Reason: "lost"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := example(t, change); !errors.Is(err, genesis.ErrGenesis) {
				t.Errorf("it is taken: %v", err)
			}
		})
	}
	good, err := example(t, func(*liaisonv1.Genesis) {})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another number":          {"\n1\n2026", "\n2\n2026"},
		"another name":            {"\nhub\n", "\nauthorities/moc\n"},
		"another type":            {"\ngenesis\n", "\nchanged\n"},
		"another time":            {":00.000001Z", ":00.000002Z"},
		"a maker who is no hub":   {"/hub/hub", "/operator/hub"},
		"a second who is nobody":  {"\n-\n1\n", "\nspiffe://hub.example/operator/b\n1\n"},
		"another place":           {"\n-\n1\n", "\n-\n2\n"},
		"a leaf of another event": {"liaison directory v1", "liaison event v1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := proto.CloneOf(good)
			if r.Leaf = strings.Replace(r.GetLeaf(), change[0], change[1], 1); r.GetLeaf() == good.GetLeaf() {
				t.Fatal("nothing was changed")
			}
			if _, err := genesis.Open(r); !errors.Is(err, genesis.ErrGenesis) {
				t.Errorf("it is taken: %v", err)
			}
		})
	}
}
