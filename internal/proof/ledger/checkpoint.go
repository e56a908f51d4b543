package ledger

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/transparency-dev/formats/log"
	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrCheckpoint is wrapped by whatever is wrong with a checkpoint.
var ErrCheckpoint = errors.New("not a checkpoint of this ledger")

// maxCheckpoint bounds what is parsed: a checkpoint with a few dozen cosignatures.
const maxCheckpoint = 16 << 10

// Checkpoint says how far a ledger has grown and what it then was.
type Checkpoint struct {
	Origin string // the ledger's name, which is also its key's
	Size   int64
	Root   tlog.Hash
}

// Sign returns the checkpoint as a signed note.
func (c Checkpoint) Sign(signer note.Signer) ([]byte, error) {
	text := log.Checkpoint{Origin: c.Origin, Size: uint64(c.Size), Hash: c.Root[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint reads a signed checkpoint of the ledger that the verifier is of, and
// checks the ledger's own signature.
func OpenCheckpoint(signed []byte, verifier note.Verifier) (Checkpoint, error) {
	c, _, err := OpenWitnessed(signed, verifier)
	return c, err
}

// OpenWitnessed reads a signed checkpoint, checks the ledger's own signature, and
// returns how many of the witnesses have cosigned it. Signatures of others are passed
// over.
func OpenWitnessed(signed []byte, verifier note.Verifier, witnesses ...note.Verifier) (Checkpoint, int, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, 0, fmt.Errorf("%w: it is longer than %d bytes", ErrCheckpoint, maxCheckpoint)
	}
	parsed, _, opened, err := log.ParseCheckpoint(signed, verifier.Name(), verifier, witnesses...)
	if err != nil {
		return Checkpoint{}, 0, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	if len(parsed.Hash) != tlog.HashSize || parsed.Size > math.MaxInt64 {
		return Checkpoint{}, 0, fmt.Errorf("%w: its size or root is none", ErrCheckpoint)
	}
	c := Checkpoint{Origin: parsed.Origin, Size: int64(parsed.Size)}
	copy(c.Root[:], parsed.Hash)
	cosigned := 0
	for _, witness := range witnesses {
		for _, signature := range opened.Sigs {
			if signature.Name == witness.Name() && signature.Hash == witness.KeyHash() {
				cosigned++
				break
			}
		}
	}
	return c, cosigned, nil
}

// Bare returns a checkpoint with the ledger's own signature alone, so that what is kept of
// it does not depend on who else has signed.
func Bare(signed []byte, verifier note.Verifier) ([]byte, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	opened.UnverifiedSigs = nil
	bare, err := note.Sign(opened)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	return bare, nil
}

// NewKey makes a ledger's key: the secret one that signs checkpoints, and the public
// one that everybody checks them with, both in the form of C2SP signed-note.
func NewKey(name string) (secret, public string, err error) {
	secret, public, err = note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", "", fmt.Errorf("make a ledger key: %w", err)
	}
	return secret, public, nil
}

// ParseSigner reads a ledger's secret key, and returns its public form too. Its errors
// quote nothing of the key.
func ParseSigner(secret string) (signer note.Signer, public string, err error) {
	secret = strings.TrimSpace(secret)
	if signer, err = note.NewSigner(secret); err != nil {
		return nil, "", errors.New("the ledger's key cannot be read: it must be one line PRIVATE+KEY+NAME+…")
	}
	fields := strings.SplitN(secret, "+", 5) // PRIVATE, KEY, name, hash, key: base64 may hold a '+' too
	key, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return nil, "", errors.New("the ledger's key is not an Ed25519 key")
	}
	public, err = note.NewEd25519VerifierKey(signer.Name(), ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, "", errors.New("the ledger's key is not an Ed25519 key")
	}
	return signer, public, nil
}

// DeriveKey returns a secret key of 32 bytes for a purpose of the hub's own, out of the
// ledger's secret key: hubs of one ledger derive the same, nothing has to be configured, and
// neither key tells anything of the other (HKDF with SHA-256, RFC 5869).
func DeriveKey(secret, purpose string) ([]byte, error) {
	if _, _, err := ParseSigner(secret); err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, []byte(strings.TrimSpace(secret)), nil, "liaison/v1 "+purpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive a key for %s: %w", purpose, err)
	}
	return key, nil
}

// ParseVerifier reads a ledger's public key.
func ParseVerifier(public string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return nil, fmt.Errorf("the ledger's key must be one line NAME+HASH+KEY: %w", err)
	}
	return verifier, nil
}

// ParseWitness reads a witness's public key, of the cosignature/v1 type.
func ParseWitness(public string) (note.Verifier, error) {
	verifier, err := formats.NewVerifierForCosignatureV1(strings.TrimSpace(public))
	if err != nil {
		return nil, fmt.Errorf("a witness's key must be one line NAME+HASH+KEY: %w", err)
	}
	return verifier, nil
}
