package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// ca is an organisation's certification authority: a real one has its own.
type ca struct {
	domain      string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newCA(domain string) *ca {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := template(domain)
	template.IsCA, template.KeyUsage, template.ExtKeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, nil
	template.URIs = []*url.URL{{Scheme: "spiffe", Host: domain}}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return &ca{domain, must(x509.ParseCertificate(der)), key}
}

func template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
}

// issue certifies somebody by the SPIFFE ID that says who that is.
func (c *ca) issue(role, name string) tls.Certificate {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := template(name)
	template.URIs = []*url.URL{{Scheme: "spiffe", Host: c.domain, Path: "/" + role + "/" + name}}
	if role == "hub" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der := must(x509.CreateCertificate(rand.Reader, template, c.certificate, key.Public(), c.key))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: must(x509.ParseCertificate(der))}
}

func (c *ca) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.certificate.Raw})
}

func (c *ca) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.certificate)
	return pool
}

// files writes the hub's own certificate and key.
func (c *ca) files(dir, name string) (certificate, key string, err error) {
	own := c.issue("hub", name)
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]}), 0o600); err != nil {
		return "", "", err
	}
	der := must(x509.MarshalPKCS8PrivateKey(own.PrivateKey))
	return certificate, key, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
