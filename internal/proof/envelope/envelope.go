// Package envelope signs bytes and checks signatures over them, in the form of DSSE
// version 1, with the keys of X.509 certificates.
//
// What is signed is the pre-authentication encoding of the payload's type and the
// payload, so that a signature over one type of payload is never one over another.
// The payload travels as the very bytes that were signed, and the certificates travel
// with the signature:
//
//	e, err := envelope.Sign(signer, envelope.StatementType, payload)
//	...
//	payload, chain, err := envelope.Open(e, envelope.StatementType)
//
// Open says that the holder of chain[0]'s key signed the payload, and nothing about
// who that is: whether the chain leads to an authority that may speak for somebody
// the caller decides, before it relies on a word of the payload.
//
// Two kinds of key are accepted, ECDSA on P-256 with SHA-256 and Ed25519. The type of
// the key decides how a signature is checked; nothing in the envelope does.
package envelope

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/liaison-protocol/liaison/internal/memo"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// StatementType is the payload type of everything that is signed in the protocol.
const StatementType = "application/vnd.liaison.v1.Statement+protobuf"

// Errors that Open wraps.
var (
	// ErrMalformed says that the envelope is not one: not exactly one signature, no
	// payload, or certificates that cannot be read.
	ErrMalformed = errors.New("not a signed envelope")
	// ErrType says that the payload is of another type than expected.
	ErrType = errors.New("the payload is of another type")
	// ErrKey says that the signer's key is of a kind that is not accepted.
	ErrKey = errors.New("the key is neither ECDSA on P-256 nor Ed25519")
	// ErrSignature says that the certificate's key did not sign this payload.
	ErrSignature = errors.New("the signature does not fit the payload and the certificate")
)

// maxCertificates is how many certificates an envelope may carry.
const maxCertificates = 5

// Signer signs with a key that may be anywhere: in memory, in a security module behind
// PKCS#11, in a cloud's key service.
type Signer struct {
	// Key signs. Its public key must be the first certificate's.
	Key crypto.Signer
	// Chain is the key's certificate and then the intermediate ones, without the
	// authority that the other side has: 1 to 5.
	Chain []*x509.Certificate
}

// Check says what keeps the signer from signing anything.
func (s Signer) Check() error {
	switch {
	case s.Key == nil || len(s.Chain) == 0 || s.Chain[0] == nil:
		return errors.New("a signer needs a key and its certificate")
	case len(s.Chain) > maxCertificates:
		return fmt.Errorf("a signer has at most %d certificates", maxCertificates)
	}
	public, ok := s.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(s.Chain[0].PublicKey) {
		return errors.New("the signer's key is not its certificate's")
	}
	return accepted(s.Chain[0].PublicKey)
}

func accepted(public crypto.PublicKey) error {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return nil
		}
	}
	return ErrKey
}

// Sign signs a payload. The randomness of ECDSA is crypto/rand's.
func Sign(s Signer, payloadType string, payload []byte) (*liaisonv1.Envelope, error) {
	return sign(rand.Reader, s, payloadType, payload)
}

func sign(random io.Reader, s Signer, payloadType string, payload []byte) (*liaisonv1.Envelope, error) {
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	message, options := encode(s.Chain[0].PublicKey, payloadType, payload)
	sig, err := s.Key.Sign(random, message, options)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	signature := &liaisonv1.EnvelopeSignature{Sig: sig}
	for _, certificate := range s.Chain {
		signature.Certificates = append(signature.Certificates, certificate.Raw)
	}
	e := &liaisonv1.Envelope{
		PayloadType: payloadType,
		Payload:     payload,
		Signatures:  []*liaisonv1.EnvelopeSignature{signature},
	}
	// A security module may hold another key than it was taken for.
	if _, _, err := Open(e, payloadType); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return e, nil
}

// encode returns what a key of this kind signs: the encoding itself, or its hash.
func encode(public crypto.PublicKey, payloadType string, payload []byte) ([]byte, crypto.SignerOpts) {
	if _, ok := public.(ed25519.PublicKey); ok {
		return dsse.PAE(payloadType, payload), crypto.Hash(0)
	}
	// The encoding ends with the payload, which is long: it is hashed where it is.
	hash := sha256.New()
	fmt.Fprintf(hash, "DSSEv1 %d %s %d ", len(payloadType), payloadType, len(payload))
	hash.Write(payload)
	return hash.Sum(nil), crypto.SHA256
}

// Open checks that an envelope's payload is of a type and was signed by the key of the
// first of its certificates, and returns the payload, which is the envelope's own and
// must not be changed, and the certificates.
func Open(e *liaisonv1.Envelope, payloadType string) (payload []byte, chain []*x509.Certificate, err error) {
	if len(e.GetSignatures()) != 1 || len(e.GetPayload()) == 0 {
		return nil, nil, ErrMalformed
	}
	if e.GetPayloadType() != payloadType {
		return nil, nil, ErrType
	}
	signature := e.GetSignatures()[0]
	if n := len(signature.GetCertificates()); n == 0 || n > maxCertificates {
		return nil, nil, fmt.Errorf("%w: it has %d certificates", ErrMalformed, n)
	}
	for i, der := range signature.GetCertificates() {
		certificate, err := certificates.Get(string(der), parseCertificate)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: certificate %d cannot be read", ErrMalformed, i+1)
		}
		chain = append(chain, certificate)
	}
	public := chain[0].PublicKey
	if err := accepted(public); err != nil {
		return nil, nil, err
	}
	message, _ := encode(public, payloadType, e.GetPayload())
	if !verify(public, message, signature.GetSig()) {
		return nil, nil, ErrSignature
	}
	return e.GetPayload(), chain, nil
}

// certificates are those that envelopes came with. The same few come again and again, and
// to read one costs a fifth of checking a signature. One that is longer than any that an
// authority issues is never remembered; that one is says nothing of whom it is to be believed.
var certificates = memo.New[*x509.Certificate](256, 4<<10)

func parseCertificate(der string) (*x509.Certificate, error) {
	return x509.ParseCertificate([]byte(der))
}

func verify(public crypto.PublicKey, message, sig []byte) bool {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, sig)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, message, sig)
	default:
		return false
	}
}
