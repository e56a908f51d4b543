// Package identity settles who somebody is, once, from a certificate: whoever opened a
// connection with it, or signed with it. It has no network; package admission has.
//
// Every certificate carries one SPIFFE ID, spiffe://{trust domain}/{role}/{name}.
// Each organisation has its own trust domain and its own certification
// authorities; a certificate is checked against those of its own trust domain and
// no others, so that nobody can speak for anybody else. What cannot be checked is
// refused: an unknown domain, a revocation list that is unreadable or overdue, a
// role that the organisation does not have.
package identity

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"net/url"
	"strings"

	"github.com/spiffe/go-spiffe/v2/spiffeid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// Caller is who calls: a person or a program, in one role, of one organisation.
type Caller struct {
	ID   spiffeid.ID
	Role lifecycle.Role
	Name string

	// Organisation is whose caller it is; zero for the hub's own operators.
	Organisation resource.Organisation

	// Key is the digest of the certificate's public key; zero for a caller that was read
	// from an ID alone.
	Key lifecycle.Key
}

// keyDigest returns SHA-256 of a certificate's SubjectPublicKeyInfo.
func keyDigest(certificate *x509.Certificate) lifecycle.Key {
	return sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
}

// Person returns who it is whatever the role: the same person with an officer's
// and an approver's certificate is one person.
func (c Caller) Person() lifecycle.Person {
	return lifecycle.Person(c.ID.TrustDomain().Name() + "/" + c.Name)
}

// String returns the SPIFFE ID.
func (c Caller) String() string { return c.ID.String() }

// isName says whether people and programs can be called so in an ID.
func isName(name string) bool {
	if len(name) < 1 || len(name) > 63 || strings.IndexByte("._-", name[0]) >= 0 {
		return false
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte("._-", c) < 0 {
			return false
		}
	}
	return true
}

// ParseID reads a SPIFFE ID of the form spiffe://{trust domain}/{role}/{name} into
// a caller without an organisation. Nothing is cleaned up: what is not exactly of
// that form is refused.
func ParseID(text string) (Caller, error) {
	id, err := spiffeid.FromString(text)
	if err != nil {
		return Caller{}, refuse(MalformedSPIFFEID, "the SPIFFE ID cannot be read: %w", err)
	}
	first, name, ok := strings.Cut(strings.TrimPrefix(id.Path(), "/"), "/")
	if !ok || strings.Contains(name, "/") {
		return Caller{}, refuse(MalformedSPIFFEID, "the SPIFFE ID's path must be /{role}/{name}")
	}
	role, ok := lifecycle.ParseRole(first)
	if !ok {
		return Caller{}, refuse(MalformedSPIFFEID, "the SPIFFE ID's role is none of officer, approver, agent, reviewer, auditor, operator, hub")
	}
	if !isName(name) {
		return Caller{}, refuse(MalformedSPIFFEID, "the SPIFFE ID's name must be 1 to 63 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit")
	}
	return Caller{ID: id, Role: role, Name: name}, nil
}

// parseURI reads the SPIFFE ID in a certificate's URI name. A URL that Go has read
// may be written differently from what the certificate holds, so that only one
// which comes out as a SPIFFE ID is one.
func parseURI(u *url.URL) (Caller, error) {
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Port() != "" || u.RawPath != "" || u.Opaque != "" {
		return Caller{}, refuse(MalformedSPIFFEID, "the SPIFFE ID has parts that no SPIFFE ID has")
	}
	return ParseID(u.String())
}

// Named returns whom a certificate names, by its SPIFFE ID alone: who issued it is not
// looked at.
func Named(leaf *x509.Certificate) (Caller, error) {
	id, err := spiffeURI(leaf)
	if err != nil {
		return Caller{}, err
	}
	return parseURI(id)
}

// Refuse returns a *Refusal with a reason and what it says of it.
func Refuse(reason Reason, format string, args ...any) *Refusal {
	return refuse(reason, format, args...)
}

func refuse(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: reason, err: fmt.Errorf(format, args...)}
}
