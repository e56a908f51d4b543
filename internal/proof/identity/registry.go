package identity

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// maxVerdicts bounds the verified certificates that are remembered. Above it all
// are forgotten and verified anew.
const maxVerdicts = 10_000

// Registry knows whom the hub admits. Its methods may be called from any goroutine.
type Registry struct {
	clock func() time.Time

	mu       sync.RWMutex
	current  *snapshot
	bindings map[*binding]struct{} // streams that last as long as their callers' admission
}

// snapshot is the participants at one time and what was found out under them.
type snapshot struct {
	participants map[string]*Participant // by trust domain; never changes

	mu       sync.Mutex
	verdicts map[[sha256.Size]byte]verdict // by the chain that was presented
	signers  map[[sha256.Size]byte]signer  // by the chain that came with a signature
}

// verdict is that a chain was found good, and until when that holds if the
// participants stay the same.
type verdict struct {
	caller Caller
	until  time.Time
}

// NewRegistry makes a registry that admits nobody.
func NewRegistry(clock func() time.Time) *Registry {
	return &Registry{
		clock:    clock,
		current:  &snapshot{verdicts: make(map[[sha256.Size]byte]verdict)},
		bindings: make(map[*binding]struct{}),
	}
}

// Set replaces the participants at once. Two of the same trust domain or name are
// an error, and the former participants stay.
func (r *Registry) Set(participants []Participant) error {
	next := &snapshot{
		participants: make(map[string]*Participant, len(participants)),
		verdicts:     make(map[[sha256.Size]byte]verdict),
	}
	organisations := make(map[resource.Organisation]bool, len(participants))
	for _, p := range participants {
		if _, taken := next.participants[p.TrustDomain]; taken {
			return fmt.Errorf("two participants have the trust domain %s", p.TrustDomain)
		}
		if organisations[p.Organisation] {
			return fmt.Errorf("two participants have the name %q", p.Organisation)
		}
		organisations[p.Organisation] = true
		next.participants[p.TrustDomain] = &p
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = next
	go lookAgain(slices.Collect(maps.Keys(r.bindings)))
	return nil
}

func (r *Registry) snapshot() *snapshot {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.current
}

// Identify returns who presents a certificate chain, leaf first, or a *Refusal.
func (r *Registry) Identify(chain []*x509.Certificate) (Caller, error) {
	s := r.snapshot()
	v, err := s.judge(chain, r.clock())
	return v.caller, err
}

// judge finds out whether a chain is good. Finding out costs two signatures, so a
// good chain is remembered for as long as it stays good.
func (s *snapshot) judge(chain []*x509.Certificate, now time.Time) (verdict, error) {
	if len(chain) == 0 {
		return verdict{}, refuse(NoCertificate, "a client certificate is required")
	}
	key := keyOf(chain)
	s.mu.Lock()
	known, ok := s.verdicts[key]
	s.mu.Unlock()
	// A clock that was set back makes nothing valid that had not begun: what was
	// verified had begun by then, and what ends is bounded by until.
	if ok && now.Before(known.until) {
		return known, nil
	}
	found, err := s.verify(chain, now)
	if err != nil {
		return verdict{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.verdicts) >= maxVerdicts {
		clear(s.verdicts)
	}
	s.verdicts[key] = found
	return found, nil
}

func keyOf(chain []*x509.Certificate) [sha256.Size]byte {
	hash := sha256.New()
	for _, certificate := range chain {
		hash.Write(certificate.Raw) // DER says its own length, so that the parts cannot be shifted
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// verify checks a chain from the ground up.
func (s *snapshot) verify(chain []*x509.Certificate, now time.Time) (verdict, error) {
	leaf := chain[0]
	caller, err := Named(leaf)
	if err != nil {
		return verdict{}, err
	}
	p, ok := s.participants[caller.ID.TrustDomain().Name()]
	if !ok {
		return verdict{}, refuse(UnknownTrustDomain, "no participant has the trust domain of %s", caller)
	}
	until, err := p.admits(now)
	if err != nil {
		return verdict{}, err
	}
	verified, err := verifyChain(p, chain, now, caller)
	if err != nil {
		return verdict{}, err
	}
	if p.revoked(verified) {
		return verdict{}, refuse(Revoked, "the certificate of %s, or its issuer's, is revoked", caller)
	}
	if !p.hasListsFor(verified) {
		return verdict{}, refuse(RevocationListUnreadable, "no revocation list covers the issuer of the certificate of %s; its organisation must add the issuer, with its list, to its authorities", caller)
	}
	if !p.has(caller.Role) {
		return verdict{}, refuse(RoleNotOfOrganisation, "an organisation of this kind has no %s: %s", caller.Role, caller)
	}
	caller.Organisation, caller.Key = p.Organisation, keyDigest(leaf)
	for _, certificate := range verified {
		if until.IsZero() || certificate.NotAfter.Before(until) {
			until = certificate.NotAfter
		}
	}
	return verdict{caller: caller, until: until}, nil
}

// spiffeURI returns the certificate's one URI name.
func spiffeURI(leaf *x509.Certificate) (*url.URL, error) {
	switch len(leaf.URIs) {
	case 0:
		return nil, refuse(NoSPIFFEID, "the certificate has no SPIFFE ID: it needs one URI name spiffe://{trust domain}/{role}/{name}")
	case 1:
		return leaf.URIs[0], nil
	default:
		return nil, refuse(SeveralSPIFFEIDs, "the certificate has %d URI names: it must have its SPIFFE ID and no other", len(leaf.URIs))
	}
}

// verifyChain verifies a chain against the participant's own authorities and
// returns it from the leaf to one of them.
func verifyChain(p *Participant, chain []*x509.Certificate, now time.Time, caller Caller) ([]*x509.Certificate, error) {
	leaf := chain[0]
	if err := mayAuthenticate(leaf, caller); err != nil {
		return nil, err
	}
	if p.pool == nil { // x509 would take the machine's own authorities in its place
		return nil, refuse(UntrustedIssuer, "the trust domain of %s has no authority", caller)
	}
	intermediates := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots:         p.pool,
		Intermediates: intermediates,
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err == nil {
		return chains[0], nil
	}
	var invalid x509.CertificateInvalidError
	switch {
	case !now.Before(leaf.NotAfter):
		return nil, refuse(Expired, "the certificate of %s has expired: renew it", caller)
	case now.Before(leaf.NotBefore):
		return nil, refuse(NotYetValid, "the certificate of %s is not valid yet", caller)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return nil, refuse(Expired, "the issuer of the certificate of %s has expired", caller)
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return nil, refuse(WrongKeyUsage, "the certificate of %s does not allow client authentication", caller)
	default:
		return nil, refuse(UntrustedIssuer, "the certificate of %s was not issued by an authority of its own trust domain", caller)
	}
}

// mayAuthenticate refuses a certificate that does not say itself that its holder
// may open connections with it. Verify alone takes one that is silent on it.
func mayAuthenticate(leaf *x509.Certificate, caller Caller) error {
	switch {
	case leaf.IsCA:
		return refuse(WrongKeyUsage, "the certificate of %s is an authority's", caller)
	case !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth):
		return refuse(WrongKeyUsage, "the certificate of %s does not allow client authentication", caller)
	case leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return refuse(WrongKeyUsage, "the key of the certificate of %s may not sign", caller)
	}
	return nil
}
