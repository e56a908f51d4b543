package client

import (
	"cmp"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// trust is what this side knows by itself: nothing of it is asked of the hub.
type trust struct {
	ledger    *ledgerView
	own       identity.Source // the certificate that opens connections
	dialled   identity.Caller // whom it named when this side began; nobody if it names none
	signer    *envelope.Signer
	registry  *identity.Registry
	directory liaisonv1.DirectoryServiceClient
	keys      sealed.Keys
	unsealed  bool
	receipts  func(*liaisonv1.Receipt) // nil if nobody keeps them
	clock     func() time.Time
	policies  Policies

	mu            sync.RWMutex
	organisations map[resource.Organisation]*liaisonv1.Organisation // replaced whole
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
// read. Without it and without WithAnswerKeys nothing that is answered can be filed.
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
	view := &ledgerView{memory: memory{d.ledgerDir}, required: d.witnessesRequired, patience: cmp.Or(d.witnessTimeout, 30*time.Second), proving: make(chan struct{}, 1)}
	var err error
	if d.hubKey != "" {
		if view.key, err = ledger.ParseVerifier(d.hubKey); err != nil {
			return nil, fmt.Errorf("client: hub_key: %w", err)
		}
	}
	if d.witnessesRequired < 0 || d.witnessesRequired > len(d.witnessKeys) {
		return nil, fmt.Errorf("client: %d witnesses are demanded, and %d are known", d.witnessesRequired, len(d.witnessKeys))
	}
	for _, text := range d.witnessKeys {
		witness, err := ledger.ParseWitness(text)
		if err != nil {
			return nil, fmt.Errorf("client: witnesses.keys: %w", err)
		}
		view.witnesses = append(view.witnesses, witness)
	}
	t := &trust{ledger: view, own: d.certificate, signer: d.signer, unsealed: d.unsealed, receipts: d.receipts, clock: d.clock, policies: d.policies}
	if t.clock == nil {
		t.clock = time.Now
	}
	t.registry = identity.NewRegistry(t.clock)
	if self, err := t.self(); err == nil { // whoever has no name takes no steps, and may still look at a directory
		t.dialled = self
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
	return t, t.admit(d.organisations)
}

// ErrNoHubKey says that there is nothing to check the hub's ledger with.
var ErrNoHubKey = errors.New("client: the hub's key is required, to check its ledger with: use WithHubKey, or set hub_key in profile.yaml; 'liaison ledger checkpoint --key' shows it, to be confirmed by another way")

// ready says what keeps this side from checking anything.
func (t *trust) ready() error {
	if t.ledger.key == nil {
		return ErrNoHubKey
	}
	return nil
}

// admit makes these the organisations that are known.
func (t *trust) admit(organisations []*liaisonv1.Organisation) error {
	known := make(map[resource.Organisation]*liaisonv1.Organisation)
	var participants []identity.Participant
	for _, o := range organisations {
		p, name, err := participantOf(o)
		if err != nil {
			return fmt.Errorf("client: %s: %w", o.GetName(), err)
		}
		participants = append(participants, p)
		known[name] = o
	}
	if err := t.registry.Set(participants); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.organisations = known
	return nil
}

// known returns the organisations that are known.
func (t *trust) known() map[resource.Organisation]*liaisonv1.Organisation {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.organisations
}

func participantOf(o *liaisonv1.Organisation) (identity.Participant, resource.Organisation, error) {
	name, err := resource.ParseOrganisation(o.GetName())
	if err != nil {
		return identity.Participant{}, name, err
	}
	p, err := identity.ParseParticipant(name, o.GetTrustDomain(), []byte(o.GetCaCertificates()), []byte(o.GetRevocationLists()), false)
	return p, name, err
}

// organisation returns what this side knows of an organisation.
func (t *trust) organisation(name string) (*liaisonv1.Organisation, error) {
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: "it has no name"}
	}
	o, ok := t.known()[parsed]
	if !ok {
		return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: name + ": add it with 'liaison trust add', after its fingerprint was confirmed by another way"}
	}
	return o, nil
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

// ownOrganisation returns this side's own organisation: the trusted one whose trust
// domain the own certificate is of.
func (t *trust) ownOrganisation() (*liaisonv1.Organisation, error) {
	domain := t.dialled.ID.TrustDomain().Name()
	for _, o := range t.known() {
		if domain != "" && o.GetTrustDomain() == domain {
			return o, nil
		}
	}
	return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: "one's own, of the trust domain \"" + domain + "\": add it with 'liaison trust add'"}
}

// signedBy returns who signed, judged by this side's own certification authorities. An
// organisation that revokes keeps lists, which run out: a current one may come through
// the hub, since its own authority signed it.
func (t *trust) signedBy(ctx context.Context, chain []*x509.Certificate, signed, taken time.Time) (identity.Caller, error) {
	caller, err := t.registry.SignedBy(chain, signed, taken)
	var refusal *identity.Refusal
	if errors.As(err, &refusal) && refusal.Reason == identity.RevocationListOverdue && t.renewLists(ctx) == nil {
		return t.registry.SignedBy(chain, signed, taken)
	}
	return caller, err
}

// renewLists takes up the directory's revocation lists of all organisations that keep
// any. Everything else of them stays what it was.
func (t *trust) renewLists(ctx context.Context) error {
	var renewed []*liaisonv1.Organisation
	for name, o := range t.known() {
		if o.GetRevocationLists() != "" {
			current, err := t.lookUp(ctx, name)
			if err != nil {
				return err
			}
			o = proto.CloneOf(o)
			if lists := current.GetRevocationLists(); lists != "" { // a hub that drops them lets nobody in
				o.RevocationLists = lists
			}
		}
		renewed = append(renewed, o)
	}
	return t.admit(renewed)
}

func (t *trust) lookUp(ctx context.Context, name resource.Organisation) (*liaisonv1.Organisation, error) {
	if name.Collection() == resource.Authorities {
		out, err := t.directory.GetAuthority(ctx, &liaisonv1.GetAuthorityRequest{Name: name.String()})
		return out.GetAuthority().GetOrganisation(), err
	}
	if name.Collection() == resource.Oversight {
		out, err := t.directory.GetOversightBody(ctx, &liaisonv1.GetOversightBodyRequest{Name: name.String()})
		return out.GetOversightBody().GetOrganisation(), err
	}
	out, err := t.directory.GetPlatform(ctx, &liaisonv1.GetPlatformRequest{Name: name.String()})
	return out.GetPlatform().GetOrganisation(), err
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
	s, err := signerOf(certificate)
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		return s, fmt.Errorf("client: steps cannot be signed with the certificate that opens connections: %w; use WithSigner", err)
	}
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

// organisationSuffix is that of a trust folder's files.
const organisationSuffix = ".yaml"

// LoadOrganisations reads a trust folder: one file an organisation, each an Organisation
// of the contract in YAML. A folder that is not there holds none.
func LoadOrganisations(dir string) ([]*liaisonv1.Organisation, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the trusted organisations: %w", err)
	}
	var found []*liaisonv1.Organisation
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), organisationSuffix) || strings.HasSuffix(entry.Name(), policySuffix) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the trusted organisations: %w", err)
		}
		o := &liaisonv1.Organisation{}
		if err := (protoyaml.UnmarshalOptions{Path: entry.Name()}).Unmarshal(text, o); err != nil {
			return nil, fmt.Errorf("read the trusted organisations: %w", err)
		}
		found = append(found, o)
	}
	return found, nil
}

// SaveOrganisation writes an organisation into a trust folder: what says who may speak
// for it and whom attachments for it are sealed to, and nothing else of its entry.
func SaveOrganisation(dir string, o *liaisonv1.Organisation) error {
	_, name, err := participantOf(o)
	if err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	kept := &liaisonv1.Organisation{
		Name: o.GetName(), DisplayNames: o.GetDisplayNames(), TrustDomain: o.GetTrustDomain(),
		CaCertificates: o.GetCaCertificates(), RevocationLists: o.GetRevocationLists(), SignaturePolicy: o.GetSignaturePolicy(),
		AttachmentRecipients: o.GetAttachmentRecipients(),
	}
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(kept)
	if err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	if err := writeWhole(OrganisationFile(dir, name.String()), text); err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	return nil
}

// OrganisationFile is where a trust folder has an organisation.
func OrganisationFile(dir, name string) string {
	return filepath.Join(dir, strings.ReplaceAll(name, "/", "-")+organisationSuffix)
}
