package identity

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"time"
)

// signer is that a chain belongs to somebody, for what was signed between two times.
type signer struct {
	caller      Caller
	from, until time.Time
	revoked     bool
	revocation  time.Time
}

// SignedBy returns who signed something, by the certificate chain that came with the
// signature, leaf first, or a *Refusal. The chain must have been valid when it was
// signed, and not revoked by the time that it was taken in: what a certificate's holder
// signed in its time stays signed. Its organisation's revocation lists must be current,
// or nobody could tell.
//
// That the organisation is suspended now takes nothing back that it signed.
func (r *Registry) SignedBy(chain []*x509.Certificate, signed, taken time.Time) (Caller, error) {
	if len(chain) == 0 {
		return Caller{}, refuse(NoCertificate, "the signature has no certificate")
	}
	s := r.snapshot()
	found, err := s.signer(chain, signed)
	if err != nil {
		return Caller{}, err
	}
	p := s.participants[found.caller.ID.TrustDomain().Name()]
	if _, err := p.admits(r.clock()); err != nil {
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Reason != Suspended {
			return Caller{}, err
		}
	}
	if found.revoked && !taken.Before(found.revocation) {
		return Caller{}, refuse(Revoked, "the certificate of %s, or its issuer's, was revoked before the step was taken", found.caller)
	}
	return found.caller, nil
}

// signer finds out whose a chain is. That costs two signatures, so it is remembered.
func (s *snapshot) signer(chain []*x509.Certificate, signed time.Time) (signer, error) {
	key := keyOf(chain)
	s.mu.Lock()
	known, ok := s.signers[key]
	s.mu.Unlock()
	if ok && !signed.Before(known.from) && signed.Before(known.until) {
		return known, nil
	}
	found, err := s.findSigner(chain, signed)
	if err != nil {
		return signer{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.signers) >= maxVerdicts || s.signers == nil {
		s.signers = make(map[[sha256.Size]byte]signer)
	}
	s.signers[key] = found
	return found, nil
}

func (s *snapshot) findSigner(chain []*x509.Certificate, signed time.Time) (signer, error) {
	caller, err := Named(chain[0])
	if err != nil {
		return signer{}, err
	}
	p, ok := s.participants[caller.ID.TrustDomain().Name()]
	if !ok {
		return signer{}, refuse(UnknownTrustDomain, "no participant has the trust domain of %s", caller)
	}
	if p.pool == nil {
		return signer{}, refuse(UntrustedIssuer, "the trust domain of %s has no authority", caller)
	}
	if leaf := chain[0]; leaf.IsCA || leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return signer{}, refuse(WrongKeyUsage, "the key of the certificate of %s may not sign", caller)
	}
	intermediates := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	chains, err := chain[0].Verify(x509.VerifyOptions{
		Roots:         p.pool,
		Intermediates: intermediates,
		CurrentTime:   signed,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	switch leaf := chain[0]; {
	case err == nil:
	case !signed.Before(leaf.NotAfter):
		return signer{}, refuse(Expired, "the certificate of %s had expired when it was signed with", caller)
	case signed.Before(leaf.NotBefore):
		return signer{}, refuse(NotYetValid, "the certificate of %s was not valid yet when it was signed with", caller)
	default:
		return signer{}, refuse(UntrustedIssuer, "the certificate of %s was not issued by an authority of its own trust domain", caller)
	}
	verified := chains[0]
	if !p.hasListsFor(verified) {
		return signer{}, refuse(RevocationListUnreadable, "no revocation list covers the issuer of the certificate of %s", caller)
	}
	if !p.has(caller.Role) {
		return signer{}, refuse(RoleNotOfOrganisation, "an organisation of this kind has no %s: %s", caller.Role, caller)
	}
	caller.Organisation, caller.Key = p.Organisation, keyDigest(chain[0])
	found := signer{caller: caller}
	found.revocation, found.revoked = p.revocation(verified)
	for _, certificate := range verified {
		if found.from.Before(certificate.NotBefore) {
			found.from = certificate.NotBefore
		}
		if found.until.IsZero() || certificate.NotAfter.Before(found.until) {
			found.until = certificate.NotAfter
		}
	}
	return found, nil
}
