package identity

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spiffe/go-spiffe/v2/spiffeid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// Participant is one organisation as far as admitting its callers goes. Parse makes it.
type Participant struct {
	// Organisation is zero for the hub's own trust domain.
	Organisation resource.Organisation
	TrustDomain  string
	Suspended    bool

	roots      []*x509.Certificate
	pool       *x509.CertPool
	lists      []*x509.RevocationList
	unreadable bool // revocation lists were given and cannot be relied on
}

// ParseParticipant reads an organisation's certification authorities and
// revocation lists, both PEM. Authorities that cannot be read are an error. Lists that
// cannot are not: they shut the organisation's callers out until there are better ones.
func ParseParticipant(organisation resource.Organisation, trustDomain string, authorities, lists []byte, suspended bool) (Participant, error) {
	domain, err := spiffeid.TrustDomainFromString(trustDomain)
	if err != nil || domain.Name() != trustDomain {
		return Participant{}, errors.New("the trust domain must be lower-case letters, digits, '.', '-' and '_'")
	}
	p := Participant{Organisation: organisation, TrustDomain: trustDomain, Suspended: suspended, pool: x509.NewCertPool()}
	if p.roots, err = parseAuthorities(authorities); err != nil {
		return Participant{}, err
	}
	for _, root := range p.roots {
		p.pool.AddCert(root)
	}
	if len(bytes.TrimSpace(lists)) > 0 {
		p.lists, err = parseLists(lists)
		p.unreadable = err != nil || !p.signedByRoots()
	}
	return p, nil
}

// SharesAuthority says whether two participants have a certification authority's key in
// common. Whoever holds it could speak for both.
func (p Participant) SharesAuthority(other Participant) bool {
	for _, own := range p.roots {
		for _, root := range other.roots {
			if bytes.Equal(own.RawSubjectPublicKeyInfo, root.RawSubjectPublicKeyInfo) {
				return true
			}
		}
	}
	return false
}

// ParseHub reads the hub's own trust domain.
func ParseHub(trustDomain string, authorities, lists []byte) (Participant, error) {
	return ParseParticipant(resource.Organisation{}, trustDomain, authorities, lists, false)
}

func parseAuthorities(text []byte) ([]*x509.Certificate, error) {
	var roots []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("the certification authorities hold a PEM block that is no CERTIFICATE")
		}
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("a certification authority's certificate cannot be read: %w", err)
		}
		if !root.IsCA {
			return nil, errors.New("a certificate among the certification authorities is not an authority's")
		}
		roots = append(roots, root)
	}
	if len(roots) == 0 {
		return nil, errors.New("no certification authority: PEM with at least one CERTIFICATE is required")
	}
	return roots, nil
}

func parseLists(text []byte) ([]*x509.RevocationList, error) {
	var lists []*x509.RevocationList
	rest := bytes.TrimSpace(text)
	for len(rest) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "X509 CRL" {
			return nil, errors.New("the revocation lists hold something that is no PEM block of type X509 CRL")
		}
		list, err := x509.ParseRevocationList(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("a revocation list cannot be read: %w", err)
		}
		if !whole(list) {
			return nil, errors.New("a revocation list is not a whole one")
		}
		lists = append(lists, list)
		rest = bytes.TrimSpace(rest)
	}
	return lists, nil
}

// whole says whether a list tells of everything that its issuer revoked. A critical
// extension says that it does not: that it holds changes only, or one sort of
// certificate, or others' certificates (RFC 5280, sections 5.2 and 5.3).
func whole(list *x509.RevocationList) bool {
	critical := func(e pkix.Extension) bool { return e.Critical }
	if slices.ContainsFunc(list.Extensions, critical) {
		return false
	}
	return !slices.ContainsFunc(list.RevokedCertificateEntries, func(entry x509.RevocationListEntry) bool {
		return slices.ContainsFunc(entry.Extensions, critical)
	})
}

// signedByRoots says whether every list was signed by one of the authorities, and
// every authority has a list: a missing one would leave its certificates unchecked.
func (p *Participant) signedByRoots() bool {
	for _, list := range p.lists {
		if p.signer(list) == nil {
			return false
		}
	}
	for _, root := range p.roots {
		if len(p.listsOf(root)) == 0 {
			return false
		}
	}
	return true
}

func (p *Participant) signer(list *x509.RevocationList) *x509.Certificate {
	for _, root := range p.roots {
		if list.CheckSignatureFrom(root) == nil {
			return root
		}
	}
	return nil
}

func (p *Participant) listsOf(issuer *x509.Certificate) []*x509.RevocationList {
	var of []*x509.RevocationList
	for _, list := range p.lists {
		if list.CheckSignatureFrom(issuer) == nil {
			of = append(of, list)
		}
	}
	return of
}

// admits says whether callers of this organisation may take part at all just now,
// and until when that holds if nothing else changes.
func (p *Participant) admits(now time.Time) (until time.Time, err error) {
	if p.Suspended {
		return time.Time{}, refuse(Suspended, "the organisation of trust domain %s is suspended; its contact at the hub's operator knows why", p.TrustDomain)
	}
	if p.unreadable {
		return time.Time{}, refuse(RevocationListUnreadable, "the revocation list of trust domain %s cannot be relied on; it needs a readable one, signed by each of its authorities", p.TrustDomain)
	}
	for _, list := range p.lists {
		if list.NextUpdate.IsZero() || !now.Before(list.NextUpdate) || now.Before(list.ThisUpdate) {
			return time.Time{}, refuse(RevocationListOverdue, "the revocation list of trust domain %s is out of date; it needs a current one", p.TrustDomain)
		}
		if until.IsZero() || list.NextUpdate.Before(until) {
			until = list.NextUpdate
		}
	}
	return until, nil
}

// hasListsFor says whether, where lists are kept at all, each certificate of a verified
// chain could be found on one: an intermediate authority without a list would leave
// what it issued unchecked.
func (p *Participant) hasListsFor(chain []*x509.Certificate) bool {
	if len(p.lists) == 0 {
		return true
	}
	for _, issuer := range chain[1:] {
		if len(p.listsOf(issuer)) == 0 {
			return false
		}
	}
	return true
}

// revoked says whether any certificate of a verified chain is on a list.
func (p *Participant) revoked(chain []*x509.Certificate) bool {
	_, revoked := p.revocation(chain)
	return revoked
}

// revocation returns when the first certificate of a verified chain was revoked, if any
// was.
func (p *Participant) revocation(chain []*x509.Certificate) (first time.Time, revoked bool) {
	for _, certificate := range chain {
		for _, list := range p.lists {
			for _, entry := range list.RevokedCertificateEntries {
				if entry.SerialNumber.Cmp(certificate.SerialNumber) != 0 || !bytes.Equal(list.RawIssuer, certificate.RawIssuer) {
					continue
				}
				if !revoked || entry.RevocationTime.Before(first) {
					first, revoked = entry.RevocationTime, true
				}
			}
		}
	}
	return first, revoked
}

// has says whether an organisation of this kind has callers in a role.
func (p *Participant) has(role lifecycle.Role) bool {
	switch p.Organisation.Collection() {
	case resource.Authorities:
		return role.Side() == lifecycle.AuthoritySide
	case resource.Platforms:
		return role.Side() == lifecycle.PlatformSide
	case resource.Oversight:
		return role.Side() == lifecycle.OversightSide
	default:
		return p.Organisation.IsZero() && role.Side() == lifecycle.HubSide
	}
}
