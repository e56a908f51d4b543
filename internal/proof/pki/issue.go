package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/url"
	"time"
)

// Request says what certificate is wanted. Zero values are filled in.
type Request struct {
	// Role and Name make the SPIFFE ID spiffe://{trust domain}/{role}/{name}. Without
	// a role the certificate has none, as a test may want.
	Role string
	Name string

	// DNSNames and IPs are what a hub is reached by. They make the certificate one
	// that a server can present.
	DNSNames []string
	IPs      []net.IP

	// NotBefore and NotAfter bound its validity: from now for LeafLifetime.
	NotBefore time.Time
	NotAfter  time.Time

	// PublicKey is certified; nil makes a new key: Ed25519, whose signatures are the
	// cheapest to check, or ECDSA on P-256 for a server.
	PublicKey crypto.PublicKey

	// Template, if set, is called last and may bend the certificate into any shape:
	// how tests make what a hub must refuse.
	Template func(*x509.Certificate)
}

// Leaf is an issued certificate and, if it was made here, its key.
type Leaf struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
}

// TLS returns the leaf as crypto/tls presents it.
func (l *Leaf) TLS() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{l.Certificate.Raw}, PrivateKey: l.Key, Leaf: l.Certificate}
}

// Issue makes a certificate.
func (c *CA) Issue(r Request) (*Leaf, error) {
	leaf := &Leaf{}
	public := r.PublicKey
	serves := len(r.DNSNames)+len(r.IPs) > 0
	if public == nil {
		key, err := newKey(serves)
		if err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
		leaf.Key, public = key, key.Public()
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	now := c.clock()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: r.Name, Organization: []string{c.TrustDomain}},
		NotBefore:             now.Add(-backdating),
		NotAfter:              now.Add(LeafLifetime),
		DNSNames:              r.DNSNames,
		IPAddresses:           r.IPs,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if serves {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	if r.Role != "" {
		template.URIs = []*url.URL{{Scheme: "spiffe", Host: c.TrustDomain, Path: "/" + r.Role + "/" + r.Name}}
	}
	if !r.NotBefore.IsZero() {
		template.NotBefore = r.NotBefore
	}
	if !r.NotAfter.IsZero() {
		template.NotAfter = r.NotAfter
	}
	if r.Template != nil {
		r.Template(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.Certificate, public, c.Key)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate: %w", err)
	}
	if leaf.Certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("read the issued certificate: %w", err)
	}
	return leaf, nil
}

// newKey makes a key. Some TLS libraries take Ed25519 from a server only when they are told
// to, and every one takes ECDSA on P-256.
func newKey(serves bool) (crypto.Signer, error) {
	if serves {
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}
