// Package testkit is the hub that client/liaisontest gives to integrators' tests, with what
// this repository's own tests need besides: the hub's secrets and its files, out of which
// a test makes a hub that lies.
package testkit

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"gocloud.dev/blob"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// Of returns what stands behind a kit of client/liaisontest, which sets it: integrators
// see of a Kit what the other end would let them see, and nothing else.
var Of func(kit any) *Kit

// Kit is a hub with everybody who takes part.
type Kit struct {
	t       testing.TB
	cas     map[string]*pki.CA
	path    string
	shelf   string // where attachments are
	address string
	archive server.Archive
	files   *blob.Bucket
	hub     *server.Server
	served  chan error
	log     lockedBuffer
	metrics *prometheus.Registry

	ledgerSecret, ledgerKey string
	answerKeys              map[string]string // by organisation
	organisations           []*liaisonv1.Organisation
	retention               time.Duration
	ahead                   atomic.Int64 // of the machine's clock is everybody's
	witnesses               []server.Witness
}

// New starts a hub in which the example organisations take part: authorities/moc,
// authorities/dpo, platforms/messenger, platforms/filehost, oversight/commissioner.
// It is stopped when the test ends.
func New(t testing.TB, o Options) *Kit {
	t.Helper()
	k := &Kit{
		t:          t,
		cas:        make(map[string]*pki.CA),
		path:       filepath.Join(t.TempDir(), "hub.db"),
		shelf:      filepath.Join(t.TempDir(), "attachments"),
		address:    "127.0.0.1:0",
		answerKeys: make(map[string]string),

		ledgerSecret: o.HubSecret, retention: o.Retention, witnesses: o.Witnesses,
	}
	var err error
	if k.ledgerSecret == "" {
		k.ledgerSecret, _, err = ledger.NewKey(example.HubDomain)
		k.must(err)
	}
	_, k.ledgerKey, err = ledger.ParseSigner(k.ledgerSecret)
	k.must(err)
	for _, domain := range append(example.TrustDomains(), example.HubDomain) {
		ca, err := pki.NewCA(domain, time.Now)
		k.must(err)
		k.cas[domain] = ca
	}
	k.open()
	for _, entry := range example.Entries(func(domain string) []byte {
		return pki.CertificatePEM(k.cas[domain].Certificate)
	}, k.recipients) {
		registered, err := server.Register(context.Background(), k.archive, example.HubDomain, time.Now, entry)
		k.must(err)
		k.organisations = append(k.organisations, registered)
	}
	k.serve()
	t.Cleanup(k.stop)
	return k
}

// Options are what a test may choose of its hub.
type Options struct {
	Retention time.Duration    // after which the hub deletes what is over; zero: for ever
	HubSecret string           // that the hub signs checkpoints with; empty: a new one
	Witnesses []server.Witness // that the hub asks for cosignatures
}

// Advance lets time pass, for the hub and for everybody whom Conn connects: deadlines come
// due, and certificates grow older. They are issued for 90 days, so that there is an end to
// it. What is due the hub does within a second.
func (k *Kit) Advance(d time.Duration) { k.ahead.Add(int64(d)) }

// Now is the time of the hub and of everybody whom Conn connects.
func (k *Kit) Now() time.Time { return time.Now().Add(time.Duration(k.ahead.Load())) }

// HubKey is the key that the hub's checkpoints are checked with, as in hub_key of a
// profile.
func (k *Kit) HubKey() string { return k.ledgerKey }

// HubSecret is the key that the hub signs checkpoints with: with it a test can be a
// hostile hub.
func (k *Kit) HubSecret() string { return k.ledgerSecret }

// Organisations are those who take part, as the trust folder of a profile has them.
func (k *Kit) Organisations() []*liaisonv1.Organisation { return k.organisations }

// AnswerKeys are the secret keys that open what is sealed to an organisation: answers for
// an authority, attachments for a platform.
func (k *Kit) AnswerKeys(organisation string) string {
	k.t.Helper()
	if k.answerKeys[organisation] == "" {
		secret, _, err := sealed.NewKey()
		k.must(err)
		k.answerKeys[organisation] = secret
	}
	return k.answerKeys[organisation]
}

func (k *Kit) recipients(organisation string) []string {
	k.t.Helper()
	keys, err := sealed.ParseKeys(k.AnswerKeys(organisation))
	k.must(err)
	return keys.Recipients()
}

// Issue certifies a public key for one of the names that Conn knows, as for a key in a
// security module.
func (k *Kit) Issue(name string, public crypto.PublicKey) *x509.Certificate {
	k.t.Helper()
	p := k.profile(name)
	leaf, err := k.cas[p.TrustDomain].Issue(pki.Request{Role: p.Role, Name: p.Person, PublicKey: public})
	k.must(err)
	return leaf.Certificate
}

// Target is the hub's address, HOST:PORT. It stays the same over a Restart.
func (k *Kit) Target() string { return k.address }

// Conn connects as one of officer, approver, dpo-officer, dpo-approver, agent,
// filehost-agent, reviewer, auditor and operator. The connection ends with the test.
func (k *Kit) Conn(t testing.TB, name string, options ...client.Option) *client.Conn {
	t.Helper()
	own := []client.Option{
		client.WithTLS(k.Certificate(name), k.HubCAs()),
		client.WithHubKey(k.ledgerKey),
		client.WithOrganisations(k.organisations...),
		client.WithPolicies(client.Policies{Filing: example.FilingPolicies()}),
		client.WithClock(k.Now),
	}
	if p := k.profile(name); p.Role == "officer" || p.Role == "agent" {
		own = append(own, client.WithAnswerKeys(k.AnswerKeys(p.Organisation)))
	}
	conn, err := client.Dial(k.address, append(own, options...)...)
	if err != nil {
		t.Fatalf("testkit: connect as %s: %v", name, err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// Certificate issues a certificate for one of the names that Conn knows.
func (k *Kit) Certificate(name string) tls.Certificate {
	k.t.Helper()
	p := k.profile(name)
	leaf, err := k.cas[p.TrustDomain].Issue(pki.Request{Role: p.Role, Name: p.Person})
	k.must(err)
	return leaf.TLS()
}

func (k *Kit) profile(name string) example.Profile {
	k.t.Helper()
	for _, p := range example.Profiles() {
		if p.Name == name {
			return p
		}
	}
	k.t.Fatalf("testkit: nobody is called %q", name)
	return example.Profile{}
}

// HubCAs are the authorities that the hub's certificate comes from.
func (k *Kit) HubCAs() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(k.cas[example.HubDomain].Certificate)
	return pool
}

// HubCAFile is what hub-ca.pem holds in a profile's folder.
func (k *Kit) HubCAFile() []byte { return pki.CertificatePEM(k.cas[example.HubDomain].Certificate) }

// Restart stops the hub as a crash of its machine would find it at best, cleanly,
// and starts it again at the same address over the same archive.
func (k *Kit) Restart() {
	k.t.Helper()
	k.stop()
	k.open()
	k.serve()
}

// Fork starts a second hub over a copy of the archive as it is now, with the same keys:
// what a hostile operator would need to tell two parties two histories.
func (k *Kit) Fork(t testing.TB) *Kit {
	t.Helper()
	k.stop()
	archive, err := os.ReadFile(k.path)
	k.must(err)
	other := &Kit{
		t: t, cas: k.cas, path: filepath.Join(t.TempDir(), "hub.db"), shelf: filepath.Join(t.TempDir(), "attachments"), address: "127.0.0.1:0",
		ledgerSecret: k.ledgerSecret, ledgerKey: k.ledgerKey, answerKeys: k.answerKeys, organisations: k.organisations,
		retention: k.retention, witnesses: k.witnesses,
	}
	other.ahead.Store(k.ahead.Load())
	k.must(os.WriteFile(other.path, archive, 0o600))
	for _, kit := range []*Kit{k, other} {
		kit.open()
		kit.serve()
	}
	t.Cleanup(other.stop)
	return other
}

// Archive is the hub's database file; its companions have the same name and an ending
// more.
func (k *Kit) Archive() string { return k.path }

// AttachmentFolder is where the hub keeps attachments, sealed.
func (k *Kit) AttachmentFolder() string { return k.shelf }

// Log is what the hub has logged.
func (k *Kit) Log() string { return k.log.String() }

// Metrics are the hub's.
func (k *Kit) Metrics() prometheus.Gatherer { return k.metrics }

// Suspend takes a participant out, or back in.
func (k *Kit) Suspend(t testing.TB, name string, resume bool) {
	t.Helper()
	_, err := liaisonv1.NewDirectoryServiceClient(k.Conn(t, "operator").Unverified()).SuspendParticipant(context.Background(),
		&liaisonv1.SuspendParticipantRequest{Name: name, Resume: resume, Reason: "a test"})
	if err != nil {
		t.Fatalf("testkit: suspend: %v", err)
	}
}

func (k *Kit) open() {
	k.t.Helper()
	var err error
	k.archive, err = server.OpenSQLite(context.Background(), k.path)
	k.must(err)
	k.files, err = server.AttachmentFolder(k.shelf)
	k.must(err)
}

func (k *Kit) serve() {
	k.t.Helper()
	own, err := k.cas[example.HubDomain].Issue(pki.Request{
		Role: "hub", Name: "hub", DNSNames: []string{"localhost"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	})
	k.must(err)
	k.metrics = prometheus.NewRegistry()
	k.hub, err = server.New(context.Background(), server.Config{
		Archive:     k.archive,
		Certificate: identity.Static(own.TLS()),
		TrustDomain: example.HubDomain,
		LedgerKey:   k.ledgerSecret,
		Retention:   k.retention,
		Attachments: k.files,
		Witnesses:   k.witnesses,
		Clock:       k.Now,
		Own: func() (authorities, revocationLists []byte, err error) {
			return k.HubCAFile(), nil, nil
		},
		Logger:  slog.New(slog.NewTextHandler(&k.log, nil)),
		Metrics: k.metrics,
	})
	k.must(err)
	listener, err := net.Listen("tcp", k.address)
	k.must(err)
	k.address = listener.Addr().String()
	k.served = make(chan error, 1)
	go func(hub *server.Server, served chan<- error) { served <- hub.Serve(listener) }(k.hub, k.served)
}

func (k *Kit) stop() {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := k.hub.Stop(ctx); err != nil {
		k.t.Logf("testkit: %v", err) // a test that ends first cuts its calls off
	}
	k.must(<-k.served)
	k.must(k.archive.Close())
	k.must(k.files.Close())
}

func (k *Kit) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatalf("testkit: %v", err)
	}
}

// lockedBuffer may be read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
