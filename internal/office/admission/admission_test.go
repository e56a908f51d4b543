package admission_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// world is a registry with the ministry and the hub in it.
type world struct {
	clock    *clock
	registry *identity.Registry
	moc, hub *pki.CA
}

func newWorld(t *testing.T) *world {
	t.Helper()
	c := &clock{at: time.Now()}
	w := &world{
		clock: c, registry: identity.NewRegistry(c.now),
		moc: must(pki.NewCA("moc.example", c.now)), hub: must(pki.NewCA("hub.example", c.now)),
	}
	w.admit(t, nil, false)
	return w
}

// admit sets the participants anew.
func (w *world) admit(t *testing.T, lists []byte, suspended bool) {
	t.Helper()
	if err := w.registry.Set([]identity.Participant{
		must(identity.ParseParticipant(must(resource.ParseOrganisation("authorities/moc")), "moc.example", pki.CertificatePEM(w.moc.Certificate), lists, suspended)),
		must(identity.ParseHub("hub.example", pki.CertificatePEM(w.hub.Certificate), nil)),
	}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) officer() *pki.Leaf {
	return must(w.moc.Issue(pki.Request{Role: "officer", Name: "amal"}))
}

// over is the context of a call over a connection that was opened with a leaf.
func over(ctx context.Context, leaf *pki.Leaf) context.Context {
	return peer.NewContext(ctx, &peer.Peer{AuthInfo: credentials.TLSInfo{
		State: tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf.Certificate}},
	}})
}

func reasonOf(err error) identity.Reason {
	var refusal *identity.Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return 0
}

func TestWhatChangesTakesEffectOnTheNextCall(t *testing.T) {
	w := newWorld(t)
	leaf := w.officer()
	ctx := over(t.Context(), leaf)
	caller := must(admission.Admit(ctx, w.registry))
	if caller.String() != "spiffe://moc.example/officer/amal" || caller.Organisation.String() != "authorities/moc" {
		t.Errorf("the caller is %v of %v", caller, caller.Organisation)
	}
	revoked := pki.RevocationListPEM(must(w.moc.RevocationList([]*big.Int{leaf.Certificate.SerialNumber}, 1, w.clock.now().Add(time.Hour))))
	clean := pki.RevocationListPEM(must(w.moc.RevocationList(nil, 2, w.clock.now().Add(time.Hour))))
	for _, step := range []struct {
		name   string
		change func()
		want   identity.Reason // zero: admitted
	}{
		{"suspended", func() { w.admit(t, nil, true) }, identity.Suspended},
		{"back in", func() { w.admit(t, nil, false) }, 0},
		{"revoked", func() { w.admit(t, revoked, false) }, identity.Revoked},
		{"a list without it", func() { w.admit(t, clean, false) }, 0},
		{"the list runs out", func() { w.clock.set(w.clock.now().Add(2 * time.Hour)) }, identity.RevocationListOverdue},
		{"no list any more", func() { w.admit(t, nil, false) }, 0},
		{"an unreadable list", func() { w.admit(t, []byte("garbage"), false) }, identity.RevocationListUnreadable},
		{"another's list", func() {
			w.admit(t, pki.RevocationListPEM(must(w.hub.RevocationList(nil, 1, w.clock.now().Add(time.Hour)))), false)
		}, identity.RevocationListUnreadable},
		{"no list again", func() { w.admit(t, nil, false) }, 0},
		{"the certificate runs out", func() { w.clock.set(leaf.Certificate.NotAfter.Add(time.Second)) }, identity.Expired},
	} {
		step.change()
		if _, err := admission.Admit(ctx, w.registry); reasonOf(err) != step.want {
			t.Errorf("%s: %v", step.name, err)
		}
	}
}

func TestARenewedAuthorityReplacesTheFormer(t *testing.T) {
	w := newWorld(t)
	former := w.officer()
	w.moc = must(pki.NewCA("moc.example", w.clock.now))
	w.admit(t, nil, false)
	if _, err := admission.Admit(over(t.Context(), former), w.registry); reasonOf(err) != identity.UntrustedIssuer {
		t.Errorf("the former authority's certificate: %v", err)
	}
	if _, err := admission.Admit(over(t.Context(), w.officer()), w.registry); err != nil {
		t.Errorf("the renewed authority's certificate: %v", err)
	}
}

func TestTwoParticipantsNeverShareATrustDomain(t *testing.T) {
	w := newWorld(t)
	one := must(identity.ParseHub("hub.example", pki.CertificatePEM(w.hub.Certificate), nil))
	if err := w.registry.Set([]identity.Participant{one, one}); err == nil {
		t.Error("two have the same trust domain")
	}
	if _, err := admission.Admit(over(t.Context(), w.officer()), w.registry); err != nil {
		t.Errorf("after the mistake the former participants are gone: %v", err)
	}
}

func TestABoundStreamEndsWithItsCallersAdmission(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(t *testing.T, w *world, leaf *pki.Leaf)
		want identity.Reason
	}{
		{"suspension", func(t *testing.T, w *world, _ *pki.Leaf) { w.admit(t, nil, true) }, identity.Suspended},
		{"revocation", func(t *testing.T, w *world, leaf *pki.Leaf) {
			w.admit(t, pki.RevocationListPEM(must(w.moc.RevocationList([]*big.Int{leaf.Certificate.SerialNumber}, 1, time.Now().Add(time.Hour)))), false)
		}, identity.Revoked},
		{"expiry", func(*testing.T, *world, *pki.Leaf) {}, identity.Expired},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			leaf := w.officer()
			if test.want == identity.Expired {
				w.registry = identity.NewRegistry(time.Now) // the timer's clock and the registry's are one
				w.admit(t, nil, false)
				leaf = must(w.moc.Issue(pki.Request{Role: "officer", Name: "amal", NotAfter: time.Now().Add(1500 * time.Millisecond)}))
			}
			bound, release := admission.Bind(over(t.Context(), leaf), w.registry)
			defer release()
			w.admit(t, nil, false) // a change that does not concern it
			if bound.Err() != nil {
				t.Fatalf("it ended for: %v", context.Cause(bound))
			}
			test.end(t, w, leaf)
			<-bound.Done()
			if reasonOf(context.Cause(bound)) != test.want {
				t.Errorf("it ended for: %v", context.Cause(bound))
			}
		})
	}
	t.Run("release", func(t *testing.T) {
		w := newWorld(t)
		bound, release := admission.Bind(over(t.Context(), w.officer()), w.registry)
		release()
		if <-bound.Done(); reasonOf(context.Cause(bound)) != 0 {
			t.Errorf("it ended for: %v", context.Cause(bound))
		}
	})
}

// serve serves health over the registry's credentials.
func (w *world) serve(t *testing.T, own identity.Source) (address string) {
	t.Helper()
	creds := must(admission.ServerCredentials(w.registry, own, func(error, net.Addr) {}))
	server := grpc.NewServer(grpc.Creds(creds))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func (w *world) hubLeaf(r pki.Request) *pki.Leaf {
	r.IPs = []net.IP{net.IPv4(127, 0, 0, 1)}
	return must(w.hub.Issue(r))
}

func (w *world) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(w.hub.Certificate)
	return pool
}

// check calls the hub as the officer.
func (w *world) check(t *testing.T, address string, hubCAs *x509.CertPool) (*x509.Certificate, error) {
	t.Helper()
	creds := must(admission.ClientCredentials(admission.ClientConfig{Certificate: identity.Static(w.officer().TLS()), HubCAs: identity.StaticPool(hubCAs)}))
	conn := must(grpc.NewClient(address, grpc.WithTransportCredentials(creds)))
	defer conn.Close()
	var p peer.Peer
	_, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}, grpc.Peer(&p))
	if err != nil {
		return nil, err
	}
	return p.AuthInfo.(credentials.TLSInfo).State.PeerCertificates[0], nil
}

func TestASessionIsNeverResumed(t *testing.T) {
	w := newWorld(t)
	address := w.serve(t, identity.Static(w.hubLeaf(pki.Request{Role: "hub", Name: "hub"}).TLS()))
	config := &tls.Config{
		RootCAs: w.pool(), NextProtos: []string{"h2"}, ClientSessionCache: tls.NewLRUClientSessionCache(8),
		Certificates: []tls.Certificate{w.officer().TLS()},
	}
	for range 3 {
		conn := must(tls.Dial("tcp", address, config))
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 64)); err != nil { // a ticket would come before the hub's settings
			t.Fatal(err)
		}
		if conn.ConnectionState().DidResume {
			t.Error("a session was resumed: its certificate was not checked again")
		}
		conn.Close()
	}
}

func TestAClientTalksToAHubAlone(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		name string
		own  *pki.Leaf
		cas  *x509.CertPool
		good bool
	}{
		{"a hub", w.hubLeaf(pki.Request{Role: "hub", Name: "hub"}), w.pool(), true},
		{"an operator's certificate of the hub's authority", w.hubLeaf(pki.Request{Role: "operator", Name: "x"}), w.pool(), false},
		{"no SPIFFE ID", w.hubLeaf(pki.Request{Name: "x"}), w.pool(), false},
		{"another authority's", w.hubLeaf(pki.Request{Role: "hub", Name: "hub"}), x509.NewCertPool(), false},
		{"another name", must(w.hub.Issue(pki.Request{Role: "hub", Name: "hub", DNSNames: []string{"other.example"}})), w.pool(), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			address := w.serve(t, identity.Static(test.own.TLS()))
			if _, err := w.check(t, address, test.cas); (err == nil) != test.good {
				t.Errorf("talked to: %v", err)
			}
		})
	}
}

// TestARenewedPairOfFilesIsTakenUp replaces the hub's certificate and key one after
// the other while it serves.
func TestARenewedPairOfFilesIsTakenUp(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first, second := w.hubLeaf(pki.Request{Role: "hub", Name: "hub"}), w.hubLeaf(pki.Request{Role: "hub", Name: "hub"})
	put := func(path string, content []byte) {
		if err := pki.WriteFile(path, content); err != nil {
			t.Fatal(err)
		}
		// A file system may stamp two writes alike; a renewal does not happen that fast.
		stamp := time.Now().Add(time.Duration(len(content)) * time.Hour)
		if err := os.Chtimes(path, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
	put(certificate, pki.CertificatePEM(first.Certificate))
	put(key, must(pki.KeyPEM(first.Key)))
	address := w.serve(t, identity.Files(certificate, key))
	presents := func(want *pki.Leaf, when string) {
		t.Helper()
		if got := must(w.check(t, address, w.pool())); !got.Equal(want.Certificate) {
			t.Errorf("%s it presents another certificate", when)
		}
	}
	presents(first, "at first")
	put(certificate, append(pki.CertificatePEM(second.Certificate), '\n'))
	presents(first, "with half of the new pair")
	put(key, append(must(pki.KeyPEM(second.Key)), '\n'))
	presents(second, "with the whole new pair")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	presents(second, "without its key's file")
}
