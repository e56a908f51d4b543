package pki

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// CertificatePEM encodes certificates (RFC 7468).
func CertificatePEM(certificates ...*x509.Certificate) []byte {
	var text []byte
	for _, c := range certificates {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return text
}

// RevocationListPEM encodes a revocation list.
func RevocationListPEM(list *x509.RevocationList) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list.Raw})
}

// KeyPEM encodes a private key (PKCS #8).
func KeyPEM(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode the private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// ParseCA reads an authority back from the PEM texts of its certificate and key.
func ParseCA(certificate, key []byte, clock func() time.Time) (*CA, error) {
	block, _ := pem.Decode(certificate)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the authority's certificate is not PEM")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the authority's certificate: %w", err)
	}
	if !parsed.IsCA || len(parsed.URIs) != 1 || parsed.URIs[0].Scheme != "spiffe" || parsed.URIs[0].Path != "" {
		return nil, errors.New("the certificate is not an authority's of a trust domain")
	}
	block, _ = pem.Decode(key)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("the authority's key is not PEM")
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the authority's key cannot be read") // the cause may quote the key
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, errors.New("the authority's key cannot sign")
	}
	if public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(parsed.PublicKey) {
		return nil, errors.New("the authority's key is not its certificate's")
	}
	return &CA{TrustDomain: parsed.URIs[0].Host, Certificate: parsed, Key: signer, clock: clock}, nil
}

// WriteFile writes a file whole or not at all, readable by its owner alone: a crash
// or a power cut leaves the former file or the new one, never half of a key.
func WriteFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already when all went well
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path)) // the rename is the folder's
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
