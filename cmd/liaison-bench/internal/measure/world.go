package measure

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// lifted are limits that no benchmark runs into: they protect a hub from its callers,
// and here it is the hub that is measured.
var lifted = server.Limits{
	CallsPerSecond:             1e9,
	CallBurst:                  1 << 30,
	StreamsPerConnection:       1 << 16,
	StreamsPerOrganisation:     1 << 20,
	ConnectionsPerOrganisation: 1 << 20,
	Connections:                1 << 20,
}

// world is everybody who takes part: the example organisations with their authorities,
// and the hub's keys. It is made anew for every run and never leaves it.
type world struct {
	cas          map[string]*pki.CA
	ledgerSecret string
	ledgerKey    string
}

func newWorld() (*world, error) {
	w := &world{cas: make(map[string]*pki.CA)}
	var err error
	if w.ledgerSecret, w.ledgerKey, err = ledger.NewKey(example.HubDomain); err != nil {
		return nil, err
	}
	for _, domain := range append(example.TrustDomains(), example.HubDomain) {
		if w.cas[domain], err = pki.NewCA(domain, time.Now); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// entries are the participants' directory entries.
func (w *world) entries() []*liaisonv1.RegisterParticipantRequest {
	return example.Entries(func(domain string) []byte { return pki.CertificatePEM(w.cas[domain].Certificate) }, noRecipients)
}

// register makes the participants' entries in a store that has none.
func (w *world) register(ctx context.Context, st store.Store) error {
	for _, entry := range w.entries() {
		if _, err := server.Register(ctx, st, example.HubDomain, time.Now, entry); err != nil {
			return err
		}
	}
	return nil
}

// leaf certifies one of the example's people or programs.
func (w *world) leaf(name string) (*pki.Leaf, error) {
	for _, p := range example.Profiles() {
		if p.Name == name {
			return w.cas[p.TrustDomain].Issue(pki.Request{Role: p.Role, Name: p.Person})
		}
	}
	return nil, fmt.Errorf("nobody is called %q", name)
}

// hubLeaf certifies the hub, and the bare server that it is compared with.
func (w *world) hubLeaf() (*pki.Leaf, error) {
	return w.cas[example.HubDomain].Issue(pki.Request{
		Role: "hub", Name: "hub", DNSNames: []string{"localhost"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)},
	})
}

// door makes what callers need to come in at an address.
func (w *world) door(address string) (*door, error) {
	d := &door{
		Address:   address,
		HubCAs:    pki.CertificatePEM(w.cas[example.HubDomain].Certificate),
		LedgerKey: w.ledgerKey,
		Leaves:    make(map[string]pemLeaf),
		CAs:       make(map[string][]byte),
	}
	for domain, ca := range w.cas {
		d.CAs[domain] = pki.CertificatePEM(ca.Certificate)
	}
	for _, name := range []string{officer, agent} {
		leaf, err := w.leaf(name)
		if err != nil {
			return nil, err
		}
		key, err := pki.KeyPEM(leaf.Key)
		if err != nil {
			return nil, err
		}
		d.Leaves[name] = pemLeaf{Certificate: pki.CertificatePEM(leaf.Certificate), Key: key}
	}
	return d, nil
}

// The names of those who call.
const (
	officer = "officer"
	agent   = "agent"
)

// hub is a hub that is served by this process.
type hub struct {
	*door
	server  *server.Server
	started time.Duration // what it took to start over its archive
	served  chan error
	log     *os.File
}

// openHub starts a hub over a store that has the world's participants. It logs to a
// file, as a hub does, and its metrics are kept.
func (w *world) openHub(ctx context.Context, st store.Store, dir string) (_ *hub, err error) {
	own, err := w.hubLeaf()
	if err != nil {
		return nil, err
	}
	h := &hub{served: make(chan error, 1)}
	if h.log, err = os.OpenFile(filepath.Join(dir, "hub.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	begin := time.Now()
	config := server.Config{
		Archive:     st,
		Certificate: identity.Static(own.TLS()),
		TrustDomain: example.HubDomain,
		Own: func() (authorities, revocationLists []byte, err error) {
			return pki.CertificatePEM(w.cas[example.HubDomain].Certificate), nil, nil
		},
		LedgerKey: w.ledgerSecret,
		Logger:    slog.New(slog.NewTextHandler(h.log, nil)),
		Metrics:   prometheus.NewRegistry(),
		Limits:    lifted,
	}
	labelled(ctx, "hub", func(ctx context.Context) { h.server, err = server.New(ctx, config) })
	h.started = time.Since(begin)
	if err != nil {
		return nil, errors.Join(err, h.log.Close())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, h.log.Close())
	}
	labelled(ctx, "hub", func(context.Context) {
		go func() { h.served <- h.server.Serve(listener) }()
	})
	if h.door, err = w.door(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, h.stop())
	}
	return h, nil
}

// stop ends the hub; the store stays open.
func (h *hub) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = h.server.Stop(ctx) // streams that are cut off are the benchmark's own
	return errors.Join(<-h.served, h.log.Close())
}

// pemLeaf is a certificate with its key.
type pemLeaf struct {
	Certificate []byte
	Key         []byte
}

// signer returns the leaf as something that signs.
func (l pemLeaf) signer() (key crypto.Signer, certificate *x509.Certificate, err error) {
	block, _ := pem.Decode(l.Certificate)
	keyBlock, _ := pem.Decode(l.Key)
	if block == nil || keyBlock == nil {
		return nil, nil, errors.New("a certificate or its key is not PEM")
	}
	if certificate, err = x509.ParseCertificate(block.Bytes); err != nil {
		return nil, nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, ok := private.(crypto.Signer)
	if !ok {
		return nil, nil, errors.New("the key cannot sign")
	}
	return key, certificate, nil
}

// labelled marks all that runs for a purpose in a profile of the processors: callers, hub
// and baseline are in one process, and "go tool pprof -tagfocus" tells them apart.
func labelled(ctx context.Context, purpose string, f func(context.Context)) {
	pprof.Do(ctx, pprof.Labels("for", purpose), f)
}

// noRecipients has nobody take attachments: none is measured here.
func noRecipients(string) []string { return nil }
