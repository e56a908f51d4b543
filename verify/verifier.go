package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Side is at which end of a request somebody stands, which decides what the hub shows: an
// authority sees a request from its filing, a platform and a reviewer from when it came
// before the platform.
type Side int

// The sides.
const (
	Authority Side = iota + 1
	Platform
	Reviewer
)

// Config is what a party knows by itself. Nothing of it comes from the hub.
type Config struct {
	// HubKey is the key that the hub signs its checkpoints with, in the form of C2SP
	// signed-note, "hub.example+c74f20a3+…".
	HubKey string

	// Side is at which end of the requests the party stands.
	Side Side

	// TrustDomain is that of the party's own organisation, "moc.example", which is one of
	// Organisations.
	TrustDomain string

	// Organisations are those whose certification authorities say who signs for them: one's
	// own, and those at the other end.
	Organisations []*liaisonv1.Organisation

	// Policies are the party's own copy of the directory's policies.
	Policies Policies

	// Witnesses are the keys of those who cosign the ledger: of the cosignature/v1 type, in
	// the form of C2SP signed-note.
	Witnesses []string

	// Hub is asked for what only a hub can show; nil: nobody is asked, and checkpoints of
	// two sizes are not believed.
	Hub Hub

	// Memory keeps the last checkpoint that was verified; nil: it lasts as long as the
	// Verifier.
	Memory Memory

	// Clock tells the time; nil: the machine's.
	Clock func() time.Time
}

// Hub is what is asked of a hub while something is checked. What it answers is checked too.
type Hub interface {
	// ConsistencyProof proves that the tree of one size is the beginning of the tree of
	// another, and returns that one's edge, the roots of its complete subtrees, the largest
	// first, if it has it. It returns ErrNoTree if the hub has no trees of these sizes.
	ConsistencyProof(ctx context.Context, from, to int64) (proof, edge [][]byte, err error)
	// Statements returns signed statements about a request, in order, after the first skip of
	// them: some of those that are left, or none if none are.
	Statements(ctx context.Context, request string, skip int) ([]*liaisonv1.Envelope, error)
	// RevocationLists returns an organisation's current lists, in PEM, which its own
	// certification authority has signed.
	RevocationLists(ctx context.Context, organisation string) (string, error)
}

// Errors that are nobody's fault. ErrNoTree and ErrNoRequest are what a Hub and a History
// return.
var (
	// ErrNoTree says that a hub has no tree of the size that it is to prove something of.
	ErrNoTree = errors.New("the hub has no such tree")
	// ErrNoRequest says that there is no such request, or that this side may not read it.
	ErrNoRequest = errors.New("there is no such request, or not for this side")
	// ErrNoHub says that there is no hub to ask.
	ErrNoHub = errors.New("verify: a hub has to be asked, and there is none: for a consistency proof, revocation lists, or the statements of a delivery")
)

// Verifier checks what a hub and the other side say. Its methods may be called from any
// goroutine.
type Verifier struct {
	*knowledge
	side Side
}

// knowledge is what verifiers of all sides share.
type knowledge struct {
	ledger   *ledgerView
	hub      Hub
	domain   string // of one's own organisation
	policies Policies
	registry *identity.Registry

	mu            sync.RWMutex
	organisations map[resource.Organisation]*liaisonv1.Organisation // replaced whole
}

// New makes a Verifier. Without a hub's key it believes nothing.
func New(c Config) (*Verifier, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Hub == nil {
		c.Hub = noHub{}
	}
	view := &ledgerView{hub: c.Hub, memory: c.Memory, proving: make(chan struct{}, 1)}
	var err error
	if c.HubKey != "" {
		if view.key, err = ledger.ParseVerifier(c.HubKey); err != nil {
			return nil, fmt.Errorf("the hub's key: %w", err)
		}
	}
	for _, text := range c.Witnesses {
		witness, err := ledger.ParseWitness(text)
		if err != nil {
			return nil, fmt.Errorf("the witnesses' keys: %w", err)
		}
		view.witnesses = append(view.witnesses, witness)
	}
	k := &knowledge{ledger: view, hub: c.Hub, domain: c.TrustDomain, policies: c.Policies, registry: identity.NewRegistry(c.Clock)}
	return &Verifier{knowledge: k, side: c.Side}, k.admit(c.Organisations)
}

// At returns a Verifier of the same knowledge that stands at another side.
func (v *Verifier) At(side Side) *Verifier { return &Verifier{knowledge: v.knowledge, side: side} }

// Side returns at which side the Verifier stands.
func (v *Verifier) Side() Side { return v.side }

// HubName returns the name of the hub's ledger; empty without a hub's key.
func (v *Verifier) HubName() string {
	if v.ledger.key == nil {
		return ""
	}
	return v.ledger.key.Name()
}

// admit makes these the organisations that are known.
func (k *knowledge) admit(organisations []*liaisonv1.Organisation) error {
	known := make(map[resource.Organisation]*liaisonv1.Organisation)
	var participants []identity.Participant
	for _, o := range organisations {
		p, name, err := participantOf(o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.GetName(), err)
		}
		participants = append(participants, p)
		known[name] = o
	}
	if err := k.registry.Set(participants); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.organisations = known
	return nil
}

// known returns the organisations that are known.
func (k *knowledge) known() map[resource.Organisation]*liaisonv1.Organisation {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.organisations
}

// CheckOrganisation checks that an organisation's entry can be trusted to say who signs for
// it: its name, certification authorities and lists can be read.
func CheckOrganisation(o *liaisonv1.Organisation) error {
	_, _, err := participantOf(o)
	return err
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
func (k *knowledge) organisation(name string) (*liaisonv1.Organisation, error) {
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: "it has no name"}
	}
	o, ok := k.known()[parsed]
	if !ok {
		return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: name + ": add it with 'liaison trust add', after its fingerprint was confirmed by another way"}
	}
	return o, nil
}

// Organisation returns what this side knows by itself of an organisation.
func (v *Verifier) Organisation(name string) (*liaisonv1.Organisation, error) {
	return v.organisation(name)
}

// Own returns what this side knows by itself of its own organisation.
func (v *Verifier) Own() (*liaisonv1.Organisation, error) { return v.ownOrganisation() }

// ownOrganisation returns this side's own organisation: the known one of its trust domain.
func (k *knowledge) ownOrganisation() (*liaisonv1.Organisation, error) {
	for _, o := range k.known() {
		if k.domain != "" && o.GetTrustDomain() == k.domain {
			return o, nil
		}
	}
	return nil, &Distrust{Kind: ErrUnknownOrganisation, Detail: "one's own, of the trust domain \"" + k.domain + "\": add it with 'liaison trust add'"}
}

// signedBy returns who signed, judged by this side's own certification authorities. An
// organisation that revokes keeps lists, which run out: a current one may come through
// the hub, since its own authority signed it.
func (k *knowledge) signedBy(ctx context.Context, chain []*x509.Certificate, signed, taken time.Time) (identity.Caller, error) {
	caller, err := k.registry.SignedBy(chain, signed, taken)
	var refusal *identity.Refusal
	if errors.As(err, &refusal) && refusal.Reason == identity.RevocationListOverdue && k.renewLists(ctx) == nil {
		return k.registry.SignedBy(chain, signed, taken)
	}
	return caller, err
}

// renewLists takes up the directory's revocation lists of all organisations that keep
// any. Everything else of them stays what it was.
func (k *knowledge) renewLists(ctx context.Context) error {
	var renewed []*liaisonv1.Organisation
	for name, o := range k.known() {
		if o.GetRevocationLists() != "" {
			lists, err := k.hub.RevocationLists(ctx, name.String())
			if err != nil {
				return err
			}
			o = proto.CloneOf(o)
			if lists != "" { // a hub that drops them lets nobody in
				o.RevocationLists = lists
			}
		}
		renewed = append(renewed, o)
	}
	return k.admit(renewed)
}

// noHub is the hub of who asks nobody.
type noHub struct{}

// ConsistencyProof implements Hub.
func (noHub) ConsistencyProof(context.Context, int64, int64) (proof, edge [][]byte, err error) {
	return nil, nil, ErrNoHub
}

// Statements implements Hub.
func (noHub) Statements(context.Context, string, int) ([]*liaisonv1.Envelope, error) {
	return nil, ErrNoHub
}

// RevocationLists implements Hub.
func (noHub) RevocationLists(context.Context, string) (string, error) { return "", ErrNoHub }
