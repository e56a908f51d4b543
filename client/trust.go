package client

import (
	"cmp"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// trust is what this side knows by itself: nothing of it is asked of the hub.
type trust struct {
	*verify.Verifier
	hub      *hubQuestions
	own      identity.Source // the certificate that opens connections
	dialled  identity.Caller // whom it named when this side began; nobody if it names none
	signer   *envelope.Signer
	keys     sealed.Keys
	unsealed bool
	receipts func(*liaisonv1.Receipt) // nil if nobody keeps them
	clock    func() time.Time

	required int           // of witnesses
	patience time.Duration // with them

	mu    sync.Mutex
	signs *tls.Certificate // that was signed with last
	made  envelope.Signer  // of it
}

// WithHubKey expects the hub's checkpoints to be signed with this key, in the form of
// C2SP signed-note, "hub.example+c74f20a3+…". It is the one thing about a hub that has
// to come to this side by another way than the hub. Without it no step is taken and no
// request read: ErrNoHubKey.
func WithHubKey(key string) Option { return func(d *dialing) { d.hubKey = key } }

// WithLedgerDir remembers the last verified checkpoint in a folder of its own, so that a
// hub cannot set this side back between two runs. Several processes may share it: what
// one has seen is held against what the others have, and of two ledgers that cannot both
// be true both checkpoints are kept there, in a file that ends in ".forked".
// Without it the memory lasts as long as the Conn.
func WithLedgerDir(dir string) Option { return func(d *dialing) { d.ledgerDir = dir } }

// WithOrganisations trusts these organisations' certification authorities to say who
// signs for them: one's own organisation, and those at the other end. Take them from
// the hub's directory once, and confirm their fingerprints by another way.
func WithOrganisations(organisations ...*liaisonv1.Organisation) Option {
	return func(d *dialing) { d.organisations = append(d.organisations, organisations...) }
}

// WithSigner signs steps with a key that may be anywhere, such as in a security module,
// in place of the key that opens connections. The chain is the key's certificate, with
// the same SPIFFE ID as that of the connection, and then intermediate ones.
func WithSigner(key crypto.Signer, chain ...*x509.Certificate) Option {
	return func(d *dialing) { d.signer = &envelope.Signer{Key: key, Chain: chain} }
}

// WithAnswerKeys opens answers with these secret keys, one a line as 'liaison authority
// keys new' writes them, and has every request that names no recipients sealed to them.
func WithAnswerKeys(text string) Option { return func(d *dialing) { d.answerKeys = text } }

// WithoutSealing lets requests be filed whose answers come in clear, for the hub to
// read. Without it and without WithAnswerKeys nothing that is answered can be filed. It
// does not help where the authority's own entry among WithOrganisations requires sealing.
func WithoutSealing() Option { return func(d *dialing) { d.unsealed = true } }

// WithWitnesses demands that so many of these witnesses have cosigned a ledger that
// includes a step, before the step counts as taken, and an answer or a request as
// there. Keys are of the cosignature/v1 type, in the form of C2SP signed-note.
func WithWitnesses(required int, keys ...string) Option {
	return func(d *dialing) { d.witnessesRequired, d.witnessKeys = required, keys }
}

// WithWitnessTimeout sets for how long the cosignatures that WithWitnesses demands are
// waited for, before a call ends with ErrNotWitnessed: 30 seconds, unless it is set.
func WithWitnessTimeout(d time.Duration) Option {
	return func(to *dialing) { to.witnessTimeout = d }
}

// WithReceipts calls keep with the receipt of each step that is taken, once it was
// verified and before the step counts as taken: whoever keeps it can prove to anybody,
// whatever becomes of the hub, what was recorded and when. It is called from several
// goroutines where steps are taken from several.
func WithReceipts(keep func(*liaisonv1.Receipt)) Option {
	return func(d *dialing) { d.receipts = keep }
}

// newTrust makes what Dial was told into what steps are checked with.
func (d *dialing) newTrust() (*trust, error) {
	if d.witnessesRequired < 0 || d.witnessesRequired > len(d.witnessKeys) {
		return nil, fmt.Errorf("client: %d witnesses are demanded, and %d are known", d.witnessesRequired, len(d.witnessKeys))
	}
	t := &trust{
		hub: &hubQuestions{}, own: d.certificate, signer: d.signer, unsealed: d.unsealed, receipts: d.receipts, clock: d.clock,
		required: d.witnessesRequired, patience: cmp.Or(d.witnessTimeout, 30*time.Second),
	}
	if t.clock == nil {
		t.clock = time.Now
	}
	if self, err := t.self(); err == nil { // whoever has no name takes no steps, and may still look at a directory
		t.dialled = self
	}
	var err error
	if t.Verifier, err = verify.New(verify.Config{
		HubKey: d.hubKey, Side: sideOf(t.dialled), TrustDomain: t.dialled.ID.TrustDomain().Name(),
		Organisations: d.organisations, Policies: d.policies, Witnesses: d.witnessKeys,
		Hub: t.hub, Memory: d.memory(), Clock: t.clock,
	}); err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	if d.answerKeys != "" {
		if t.keys, err = sealed.ParseKeys(d.answerKeys); err != nil {
			return nil, fmt.Errorf("client: the answer keys: %w", err)
		}
	}
	if t.signer != nil {
		if err := t.signer.Check(); err != nil {
			return nil, fmt.Errorf("client: %w", err)
		}
	}
	return t, nil
}

// memory returns where what was verified is kept; nil if it is not.
func (d *dialing) memory() verify.Memory {
	if d.ledgerDir == "" {
		return nil
	}
	return memory{d.ledgerDir}
}

// sideOf returns at which side a caller reads requests; zero if it reads none, as an auditor.
func sideOf(caller identity.Caller) verify.Side {
	switch {
	case caller.Role == lifecycle.Reviewer:
		return verify.Reviewer
	case caller.Role.Side() == lifecycle.AuthoritySide:
		return verify.Authority
	case caller.Role.Side() == lifecycle.PlatformSide:
		return verify.Platform
	default:
		return 0
	}
}

// ErrNoHubKey says that there is nothing to check the hub's ledger with.
var ErrNoHubKey = errors.New("client: the hub's key is required, to check its ledger with: use WithHubKey, or set hub_key in profile.yaml; 'liaison ledger checkpoint --key' shows it, to be confirmed by another way")

// ready says what keeps this side from checking anything.
func (t *trust) ready() error {
	if t.HubName() == "" {
		return ErrNoHubKey
	}
	return nil
}

// self returns who this side is, by the certificate that opens its next connection.
func (t *trust) self() (identity.Caller, error) {
	certificate, err := t.own()
	if err != nil {
		return identity.Caller{}, err
	}
	leaf := certificate.Leaf
	if leaf == nil {
		if leaf, err = x509.ParseCertificate(certificate.Certificate[0]); err != nil {
			return identity.Caller{}, fmt.Errorf("read one's own certificate: %w", err)
		}
	}
	if len(leaf.URIs) != 1 {
		return identity.Caller{}, errors.New("client: one's own certificate has no SPIFFE ID")
	}
	return identity.ParseID(leaf.URIs[0].String())
}

// isSelf says whether an actor is this side: by the certificate that it began with, which
// a connection that lasts was opened with, or by the one that has replaced it.
func (t *trust) isSelf(actor string) bool {
	current, err := t.self()
	return actor != "" && (actor == t.dialled.String() || err == nil && actor == current.String())
}

// signing returns what steps are signed with.
func (t *trust) signing() (envelope.Signer, error) {
	if t.signer != nil {
		return *t.signer, nil
	}
	certificate, err := t.own()
	if err != nil {
		return envelope.Signer{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.signs == certificate { // until its files change
		return t.made, nil
	}
	s, err := signerOf(certificate)
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		return s, fmt.Errorf("client: steps cannot be signed with the certificate that opens connections: %w; use WithSigner", err)
	}
	t.signs, t.made = certificate, s
	return s, nil
}

// signerOf returns a certificate and its key as what signs.
func signerOf(certificate *tls.Certificate) (envelope.Signer, error) {
	s := envelope.Signer{}
	for _, der := range certificate.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			return s, fmt.Errorf("read one's own certificate: %w", err)
		}
		s.Chain = append(s.Chain, parsed)
	}
	key, ok := certificate.PrivateKey.(crypto.Signer)
	if !ok {
		return s, errors.New("its key cannot sign")
	}
	s.Key = key
	return s, nil
}
