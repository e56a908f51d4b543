package envelope

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// signer certifies a key by itself: whose it is this package does not ask.
func signer(t testing.TB, key crypto.Signer) Signer {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return Signer{Key: key, Chain: []*x509.Certificate{certificate}}
}

func p256(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func edwards(t testing.TB) crypto.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestWhatIsSignedIsTheEncodingOfDSSE pins it to its bytes.
func TestWhatIsSignedIsTheEncodingOfDSSE(t *testing.T) {
	const want = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
	message, options := encode(edwards(t).Public(), "http://example.com/HelloWorld", []byte("hello world"))
	if string(message) != want || options.HashFunc() != 0 {
		t.Errorf("Ed25519 signs %q", message)
	}
	hash := sha256.Sum256([]byte(want))
	message, options = encode(p256(t).Public(), "http://example.com/HelloWorld", []byte("hello world"))
	if !bytes.Equal(message, hash[:]) || options.HashFunc() != crypto.SHA256 {
		t.Errorf("ECDSA signs %x", message)
	}
}

func TestWhatWasSignedOpensAndNothingElse(t *testing.T) {
	payload := []byte("+447700900200")
	for name, key := range map[string]crypto.Signer{"ECDSA": p256(t), "Ed25519": edwards(t)} {
		t.Run(name, func(t *testing.T) {
			e, err := Sign(signer(t, key), StatementType, payload)
			if err != nil {
				t.Fatal(err)
			}
			opened, chain, err := Open(e, StatementType)
			if err != nil || !bytes.Equal(opened, payload) || len(chain) != 1 {
				t.Fatalf("it opens as %q: %v", opened, err)
			}
			if _, _, err := Open(e, "application/other"); !errors.Is(err, ErrType) {
				t.Errorf("as another type: %v", err)
			}
			retyped := proto.CloneOf(e)
			retyped.PayloadType = "application/other"
			if _, _, err := Open(retyped, "application/other"); !errors.Is(err, ErrSignature) {
				t.Errorf("with its type changed: %v", err)
			}
			eachBit(t, e.Payload, func(at int) {
				if _, _, err := Open(e, StatementType); !errors.Is(err, ErrSignature) {
					t.Errorf("with bit %d of the payload changed: %v", at, err)
				}
			})
			eachBit(t, e.Signatures[0].Sig, func(at int) {
				if _, _, err := Open(e, StatementType); !errors.Is(err, ErrSignature) {
					t.Errorf("with bit %d of the signature changed: %v", at, err)
				}
			})
			eachBit(t, e.Signatures[0].Certificates[0], func(at int) {
				// A change outside of the key leaves the signature: whose the certificate then is,
				// its own signature tells, which is not asked here.
				_, chain, err := Open(e, StatementType)
				if err == nil && !key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(chain[0].PublicKey) {
					t.Errorf("with bit %d of the certificate changed another key signs", at)
				}
			})
		})
	}
}

// eachBit changes each bit of a text in turn.
func eachBit(t *testing.T, text []byte, look func(at int)) {
	t.Helper()
	for i := range 8 * len(text) {
		text[i/8] ^= 1 << (i % 8)
		look(i)
		text[i/8] ^= 1 << (i % 8)
	}
}

func TestEnvelopesThatAreNone(t *testing.T) {
	good, err := Sign(signer(t, p256(t)), StatementType, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	certificate := good.Signatures[0].Certificates[0]
	for _, test := range []struct {
		name   string
		change func(*liaisonv1.Envelope)
		want   error
	}{
		{"no signature", func(e *liaisonv1.Envelope) { e.Signatures = nil }, ErrMalformed},
		{"two signatures", func(e *liaisonv1.Envelope) { e.Signatures = append(e.Signatures, e.Signatures[0]) }, ErrMalformed},
		{"no payload", func(e *liaisonv1.Envelope) { e.Payload = nil }, ErrMalformed},
		{"no certificate", func(e *liaisonv1.Envelope) { e.Signatures[0].Certificates = nil }, ErrMalformed},
		{"six certificates", func(e *liaisonv1.Envelope) {
			e.Signatures[0].Certificates = [][]byte{certificate, certificate, certificate, certificate, certificate, certificate}
		}, ErrMalformed},
		{"a certificate that is none", func(e *liaisonv1.Envelope) { e.Signatures[0].Certificates[0] = []byte("x") }, ErrMalformed},
		{"a certificate with more behind it", func(e *liaisonv1.Envelope) {
			e.Signatures[0].Certificates[0] = append(bytes.Clone(certificate), 0)
		}, ErrMalformed},
		{"an empty signature", func(e *liaisonv1.Envelope) { e.Signatures[0].Sig = nil }, ErrSignature},
		{"no type", func(e *liaisonv1.Envelope) { e.PayloadType = "" }, ErrType},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := proto.CloneOf(good)
			test.change(e)
			if _, _, err := Open(e, StatementType); !errors.Is(err, test.want) {
				t.Errorf("got %v, wanted %v", err, test.want)
			}
		})
	}
	if _, _, err := Open(nil, StatementType); !errors.Is(err, ErrMalformed) {
		t.Errorf("nothing at all: %v", err)
	}
}

// liar signs something else than it was given.
type liar struct{ crypto.Signer }

func (l liar) Sign(random io.Reader, _ []byte, options crypto.SignerOpts) ([]byte, error) {
	return l.Signer.Sign(random, make([]byte, 32), options)
}

func TestSignersThatCannot(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	one, other := signer(t, p256(t)), signer(t, p256(t))
	for _, test := range []struct {
		name   string
		signer Signer
		want   string
	}{
		{"nobody", Signer{}, "needs a key and its certificate"},
		{"without a certificate", Signer{Key: one.Key}, "needs a key and its certificate"},
		{"RSA", signer(t, rsaKey), ErrKey.Error()},
		{"P-384", signer(t, p384), ErrKey.Error()},
		{"with another's certificate", Signer{Key: one.Key, Chain: other.Chain}, "not its certificate's"},
		{"with six certificates", Signer{Key: one.Key, Chain: []*x509.Certificate{one.Chain[0], nil, nil, nil, nil, nil}}, "at most 5"},
		{"a key that signs something else", Signer{Key: liar{one.Key}, Chain: one.Chain}, ErrSignature.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Sign(test.signer, StatementType, []byte("x")); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, wanted %q", err, test.want)
			}
		})
	}
	if _, _, err := Open(&liaisonv1.Envelope{PayloadType: StatementType, Payload: []byte("x"), Signatures: []*liaisonv1.EnvelopeSignature{{
		Sig: []byte("x"), Certificates: [][]byte{signer(t, rsaKey).Chain[0].Raw},
	}}}, StatementType); !errors.Is(err, ErrKey) {
		t.Errorf("an RSA key in an envelope: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	e, err := Sign(signer(f, edwards(f)), StatementType, []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	raw, err := proto.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, text []byte) {
		read := &liaisonv1.Envelope{}
		if proto.Unmarshal(text, read) != nil {
			return
		}
		payload, chain, err := Open(read, StatementType)
		if err != nil {
			return
		}
		message, _ := encode(chain[0].PublicKey, StatementType, payload)
		if !verify(chain[0].PublicKey, message, read.GetSignatures()[0].GetSig()) {
			t.Error("what nobody signed is taken")
		}
	})
}
