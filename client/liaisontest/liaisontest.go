// Package liaisontest gives an integrator's tests everything that stands at the
// other end: a real hub on loopback with an archive in a temporary folder, a
// public-key infrastructure, and certificates for both sides, in one line.
//
//	kit := liaisontest.New(t)
//	officer := kit.Conn(t, "officer").Authority()
//	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), handler)
//
// Everybody signs, and answers are sealed to keys that officers have. Nothing of it is a
// stand-in: certificates are checked, rules enforced and steps
// stored as by any hub. It ends with the test.
package liaisontest

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// Kit is a hub with everybody who takes part.
type Kit struct{ kit *testkit.Kit }

func init() { testkit.Of = func(kit any) *testkit.Kit { return kit.(*Kit).kit } }

// New starts a hub in which the example organisations take part: authorities/moc,
// authorities/dpo, platforms/messenger, platforms/filehost, oversight/commissioner.
// It is stopped when the test ends.
func New(t testing.TB, options ...Option) *Kit {
	t.Helper()
	var o testkit.Options
	for _, option := range options {
		option.set(&o)
	}
	return &Kit{testkit.New(t, o)}
}

// Option changes the hub of a Kit.
type Option struct{ set func(*testkit.Options) }

// WithRetention has the hub delete what was over for so long.
func WithRetention(d time.Duration) Option {
	return Option{func(o *testkit.Options) { o.Retention = d }}
}

// WithHubSecret has the hub sign checkpoints with this key, which server.NewLedgerKey or
// 'liaison hub init' made for hub.example; the default is a new one.
func WithHubSecret(secret string) Option {
	return Option{func(o *testkit.Options) { o.HubSecret = secret }}
}

// WithWitnesses has the hub ask these witnesses for cosignatures.
func WithWitnesses(witnesses ...server.Witness) Option {
	return Option{func(o *testkit.Options) { o.Witnesses = witnesses }}
}

// Advance lets time pass, for the hub and for everybody whom Conn connects: deadlines come
// due, and certificates grow older. They are issued for 90 days, so that there is an end to
// it. What is due the hub does within a second.
func (k *Kit) Advance(d time.Duration) { k.kit.Advance(d) }

// Now is the time of the hub and of everybody whom Conn connects.
func (k *Kit) Now() time.Time { return k.kit.Now() }

// HubKey is the key that the hub's checkpoints are checked with, as in hub_key of a
// profile.
func (k *Kit) HubKey() string { return k.kit.HubKey() }

// Organisations are those who take part, as the trust folder of a profile has them.
func (k *Kit) Organisations() []*liaisonv1.Organisation { return k.kit.Organisations() }

// AnswerKeys are the secret keys that open what is sealed to an organisation: answers for
// an authority, attachments for a platform.
func (k *Kit) AnswerKeys(organisation string) string { return k.kit.AnswerKeys(organisation) }

// Issue certifies a public key for one of the names that Conn knows, as for a key in a
// security module.
func (k *Kit) Issue(name string, public crypto.PublicKey) *x509.Certificate {
	return k.kit.Issue(name, public)
}

// Target is the hub's address, HOST:PORT. It stays the same over a Restart.
func (k *Kit) Target() string { return k.kit.Target() }

// Conn connects as one of officer, approver, dpo-officer, dpo-approver, agent,
// filehost-agent, reviewer, auditor and operator. The connection ends with the test.
func (k *Kit) Conn(t testing.TB, name string, options ...client.Option) *client.Conn {
	t.Helper()
	return k.kit.Conn(t, name, options...)
}

// Certificate issues a certificate for one of the names that Conn knows.
func (k *Kit) Certificate(name string) tls.Certificate { return k.kit.Certificate(name) }

// HubCAs are the authorities that the hub's certificate comes from.
func (k *Kit) HubCAs() *x509.CertPool { return k.kit.HubCAs() }

// HubCAFile is what hub-ca.pem holds in a profile's folder.
func (k *Kit) HubCAFile() []byte { return k.kit.HubCAFile() }

// Restart stops the hub as a crash of its machine would find it at best, cleanly,
// and starts it again at the same address over the same archive.
func (k *Kit) Restart() { k.kit.Restart() }

// Log is what the hub has logged.
func (k *Kit) Log() string { return k.kit.Log() }

// Metrics are the hub's.
func (k *Kit) Metrics() prometheus.Gatherer { return k.kit.Metrics() }

// Suspend takes a participant out, or back in.
func (k *Kit) Suspend(t testing.TB, name string, resume bool) {
	t.Helper()
	k.kit.Suspend(t, name, resume)
}
