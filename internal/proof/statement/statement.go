// Package statement makes and opens what is signed in the protocol: a step, bound to
// the hub, the request, the time and everything that was said before, so that the
// signature says this one thing and can be used for no other.
//
// Open says what was signed and with which certificates. That the certificates are
// those of somebody who may speak for an organisation is identity's to say, and that
// it is the moment for the step lifecycle's.
package statement

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// How far the time of signing may be from the time at which a step was taken: what was
// signed long ago is nobody's will any more, and clocks differ.
const (
	MaxAge   = time.Hour
	MaxAhead = 5 * time.Minute
)

// ErrMalformed says that what was signed is not a statement.
var ErrMalformed = errors.New("what was signed is not a statement")

// Mismatch says that a statement is meant for something else than it came with.
type Mismatch struct {
	Field       string // of the statement, "request"
	Description string // what it must be; never what it is
}

// Error returns the field and the description.
func (m *Mismatch) Error() string {
	return "the signed statement does not fit: " + m.Field + ": " + m.Description
}

// Untrusted says that whoever signed may not speak for whom the statement came from.
type Untrusted struct{ Err error }

// Error says why.
func (u *Untrusted) Error() string { return "the signature does not count: " + u.Err.Error() }

// Unwrap returns what lies beneath.
func (u *Untrusted) Unwrap() error { return u.Err }

// Opened is a statement whose signature fits its certificates.
type Opened struct {
	*liaisonv1.Statement
	Envelope *liaisonv1.Envelope
	Chain    []*x509.Certificate // the signer's certificate first
}

// Sign signs a statement, and returns it as it will be opened.
func Sign(s envelope.Signer, statement *liaisonv1.Statement) (*Opened, error) {
	if err := validate.Check(statement); err != nil {
		return nil, err
	}
	payload, parts, err := part.Split(statement, newSalt)
	if err != nil {
		return nil, fmt.Errorf("encode a statement: %w", err)
	}
	e, err := envelope.Sign(s, envelope.StatementType, payload)
	if err != nil {
		return nil, err
	}
	e.Parts = parts
	return &Opened{Statement: statement, Envelope: e, Chain: s.Chain}, nil
}

func newSalt() ([]byte, error) {
	salt := make([]byte, part.SaltSize)
	_, err := rand.Read(salt)
	return salt, err
}

// Decode reads the statement that an envelope holds, with all its parts. That the signature
// fits, and the contract's rules, are not checked here.
func Decode(e *liaisonv1.Envelope) (*liaisonv1.Statement, error) {
	statement := &liaisonv1.Statement{}
	if err := part.Join(statement, e.GetPayload(), e.GetParts()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return statement, nil
}

// Open checks an envelope's signature and reads the statement in it, with all its parts.
// The contract's rules hold for what it returns.
func Open(e *liaisonv1.Envelope) (*Opened, error) {
	_, chain, err := envelope.Open(e, envelope.StatementType)
	if err != nil {
		return nil, err
	}
	statement, err := Decode(e)
	if err != nil {
		return nil, err
	}
	if err := validate.Check(statement); err != nil {
		return nil, err
	}
	return &Opened{Statement: statement, Envelope: e, Chain: chain}, nil
}

// Digest returns the digest by which later statements name this one. It covers the parts,
// of which the payload has the digests.
func Digest(e *liaisonv1.Envelope) []byte {
	digest := sha256.Sum256(e.GetPayload())
	return digest[:]
}

// Place is where a statement stands: what it must name to be meant for it.
type Place struct {
	Hub      string
	Request  string    // empty: whatever name the statement has, as when filing
	Previous []byte    // the digest of the statement before it about the request
	Time     time.Time // when the step was taken
}

// Check says whether the statement is meant for the place. Its error is a *Mismatch.
func (o *Opened) Check(p Place) error {
	signed := o.GetSignTime().AsTime()
	switch {
	case o.GetHub() != p.Hub:
		return &Mismatch{"hub", "must be the name of this hub's ledger"}
	case p.Request != "" && o.GetRequest() != p.Request:
		return &Mismatch{"request", "must be the request that the step is about"}
	case !bytes.Equal(o.GetPreviousSha256(), p.Previous):
		return &Mismatch{"previous_sha256", "must be that of the last signed statement about the request: read it again and sign what it says now"}
	case p.Time.Sub(signed) > MaxAge:
		return &Mismatch{"sign_time", "must be within the last hour"}
	case signed.Sub(p.Time) > MaxAhead:
		return &Mismatch{"sign_time", "must not be more than five minutes ahead"}
	default:
		return nil
	}
}
