// Package genesis makes and reads a ledger's first event, the genesis: what the ledger is
// called, which key signs it, whose trust domain the hub's is, and by whose word the
// directory changes. Whoever takes part confirms its fingerprint by another way than the
// hub, once, and believes the rest for that. docs/decisions/formats.md has the formats.
package genesis

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Type is the type of a genesis' leaf, and Name whose entry it changes.
const (
	Type = "genesis"
	Name = "hub"
)

// Errors of what is taken for a genesis.
var (
	// ErrGenesis says that it is none.
	ErrGenesis = errors.New("not a ledger's genesis")
	// ErrFingerprint says that it is another one than was confirmed.
	ErrFingerprint = errors.New("the genesis has another fingerprint than was confirmed")
)

// First returns the name of the first ledger of a hub with a trust domain.
func First(trustDomain string) string { return trustDomain + "/1" }

// TrustDomain returns the trust domain that a ledger's name begins with. It is the hub's
// where no genesis says so; a genesis can name another.
func TrustDomain(name string) string {
	before, _, _ := strings.Cut(name, "/")
	return before
}

// New returns the record of a genesis that the hub makes, with a salt of
// [ledger.SaltSize] random bytes.
func New(g *liaisonv1.Genesis, hub identity.Caller, salt []byte) (*liaisonv1.DirectoryRecord, error) {
	public, err := proto.Marshal(g)
	if err != nil {
		return nil, fmt.Errorf("encode a genesis: %w", err)
	}
	leaf := ledger.DirectoryLeaf{
		Sequence: 1, Time: g.GetCreateTime().AsTime(), Name: Name, Type: Type, Actor: hub.String(), Index: 1,
		Public: ledger.Digest(salt, public),
	}
	r := &liaisonv1.DirectoryRecord{Leaf: leaf.String(), Public: public, PublicSalt: salt}
	if _, err := Open(r); err != nil {
		return nil, err
	}
	return r, nil
}

// Open reads a genesis and checks all of it that can be checked without its fingerprint.
func Open(r *liaisonv1.DirectoryRecord) (*liaisonv1.Genesis, error) {
	leaf, err := ledger.ParseDirectoryLeaf(r.GetLeaf())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGenesis, err)
	}
	switch {
	case leaf.Sequence != 1 || leaf.Index != 1 || leaf.Name != Name || leaf.Type != Type || leaf.Second != "" || leaf.Restricted != nil:
		return nil, fmt.Errorf("%w: its leaf is another event's", ErrGenesis)
	case len(r.GetPublicSalt()) != ledger.SaltSize || leaf.Public != ledger.Digest(r.GetPublicSalt(), r.GetPublic()):
		return nil, fmt.Errorf("%w: its leaf has the digest of something else", ErrGenesis)
	}
	g := &liaisonv1.Genesis{}
	if err := proto.Unmarshal(r.GetPublic(), g); err != nil {
		return nil, fmt.Errorf("%w: it cannot be read", ErrGenesis)
	}
	if err := validate.Check(g); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGenesis, err)
	}
	return g, check(g, leaf)
}

// check holds a genesis against its leaf and itself.
func check(g *liaisonv1.Genesis, leaf ledger.DirectoryLeaf) error {
	key, err := ledger.ParseVerifier(g.GetHubKey())
	if err != nil || key.Name() != g.GetLedger() {
		return fmt.Errorf("%w: its key is not one of its ledger", ErrGenesis)
	}
	actor, err := identity.ParseID(leaf.Actor)
	switch {
	case err != nil || actor.Role != lifecycle.Hub || actor.ID.TrustDomain().Name() != g.GetTrustDomain():
		return fmt.Errorf("%w: it was not made by a hub of its trust domain", ErrGenesis)
	case !leaf.Time.Equal(g.GetCreateTime().AsTime().Truncate(time.Microsecond)):
		return fmt.Errorf("%w: its leaf is of another time", ErrGenesis)
	case g.GetPredecessor().GetLedger() == g.GetLedger():
		return fmt.Errorf("%w: a ledger is not its own successor", ErrGenesis)
	}
	for _, der := range g.GetOperatorAuthorities() {
		if _, err := x509.ParseCertificate(der); err != nil {
			return fmt.Errorf("%w: an operators' authority is no certificate", ErrGenesis)
		}
	}
	return nil
}

// Fingerprint returns what people confirm of a genesis: SHA-256 over its key and its leaf,
// which has the digest of everything else, in 64 hexadecimal digits.
func Fingerprint(g *liaisonv1.Genesis, r *liaisonv1.DirectoryRecord) string {
	digest := sha256.Sum256([]byte("liaison genesis v1\n" + g.GetHubKey() + "\n" + r.GetLeaf()))
	return hex.EncodeToString(digest[:])
}

// Confirm opens a genesis that has the fingerprint that was confirmed. Letters may be of
// either case, and spaces and colons may stand between digits.
func Confirm(r *liaisonv1.DirectoryRecord, fingerprint string) (*liaisonv1.Genesis, error) {
	g, err := Open(r)
	if err != nil {
		return nil, err
	}
	if Fingerprint(g, r) != strings.ToLower(strings.NewReplacer(" ", "", ":", "").Replace(fingerprint)) {
		return nil, ErrFingerprint
	}
	return g, nil
}
