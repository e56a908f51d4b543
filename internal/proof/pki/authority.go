// Package pki makes certificates: an organisation's certification authority, the
// certificates of its people and programs, and its revocation lists. The command
// offers it to organisations that have no such authority of their own, and tests
// make with it what a hub must refuse.
//
// Keys are Ed25519 (RFC 8032), and those of authorities and servers ECDSA on P-256 (FIPS
// 186-5), unless a public key is given. Each
// organisation has its own authority: none is shared, so that none can speak for
// another.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net/url"
	"time"
)

const (
	// CALifetime is how long an authority's certificate is valid unless it is said otherwise.
	CALifetime = 10 * 365 * 24 * time.Hour
	// LeafLifetime is how long a certificate is valid unless it is said otherwise.
	LeafLifetime = 90 * 24 * time.Hour
	// backdating allows for clocks that are a little slow.
	backdating = 5 * time.Minute
)

// CA is a certification authority with its key.
type CA struct {
	TrustDomain string // "moc.example"
	Certificate *x509.Certificate
	Key         crypto.Signer
	clock       func() time.Time
}

// NewCA makes an authority for a trust domain. Clock tells when its certificate,
// and those that it issues, begin.
func NewCA(trustDomain string, clock func() time.Time) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the authority's key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	now := clock()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: trustDomain + " certification authority"},
		NotBefore:             now.Add(-backdating),
		NotAfter:              now.Add(CALifetime),
		URIs:                  []*url.URL{{Scheme: "spiffe", Host: trustDomain}},
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make the authority's certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the authority's certificate: %w", err)
	}
	return &CA{TrustDomain: trustDomain, Certificate: certificate, Key: key, clock: clock}, nil
}
