// Package sealed encrypts answers to those whom a request names, and to nobody else,
// in the age format (age-encryption.org/v1).
//
// Recipients are public keys as text. Hybrid ones, "age1pq1…", are what NewKey makes:
// what is sealed to them today stays sealed when somebody who kept it has a quantum
// computer. X25519 ones, "age1…", are accepted where an organisation's key store
// knows no others. The two are never mixed, since the weakest decides for all.
//
// The standard age tool opens what Seal makes and makes what Open opens; what is
// inside, and which request it belongs to, package statement binds by a signature.
package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Errors of this package. None quotes a key or what is sealed.
var (
	// ErrRecipients says that the recipients are none, or of two kinds.
	ErrRecipients = errors.New("not age recipients")
	// ErrKeys says that a file of secret keys holds none, or something else.
	ErrKeys = errors.New("not age secret keys")
	// ErrNotForUs says that nothing was sealed to any of the keys at hand.
	ErrNotForUs = errors.New("it was not sealed to any of these keys")
	// ErrDamaged says that what is sealed was changed, or is no age file.
	ErrDamaged = errors.New("it is damaged, or not an age file")
	// ErrTooLarge says that what is sealed is larger than was asked for.
	ErrTooLarge = errors.New("it holds more than it may")
)

// Keys are the secret keys that open what is sealed to their recipients.
type Keys struct {
	identities []age.Identity
	recipients []string
}

// NewKey makes a hybrid post-quantum key: its secret half as text, for one line of a
// file that nobody else can read, and its recipient.
func NewKey() (secret, recipient string, err error) {
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", "", fmt.Errorf("make a key to seal to: %w", err)
	}
	return identity.String(), identity.Recipient().String(), nil
}

// ParseKeys reads secret keys, one a line; empty lines and lines that start with '#'
// are passed over.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if hybrid, err := age.ParseHybridIdentity(line); err == nil {
			keys.add(hybrid, hybrid.Recipient().String())
			continue
		}
		if x25519, err := age.ParseX25519Identity(line); err == nil {
			keys.add(x25519, x25519.Recipient().String())
			continue
		}
		return Keys{}, fmt.Errorf("%w: line %d is none", ErrKeys, n+1)
	}
	if len(keys.identities) == 0 {
		return Keys{}, fmt.Errorf("%w: there is none", ErrKeys)
	}
	return keys, nil
}

// KeysOf returns keys that are at hand already. Nothing is known of their recipients.
func KeysOf(identities ...age.Identity) Keys { return Keys{identities: identities} }

// Identities returns the keys as the age library takes them.
func (k Keys) Identities() []age.Identity { return append([]age.Identity(nil), k.identities...) }

func (k *Keys) add(identity age.Identity, recipient string) {
	k.identities = append(k.identities, identity)
	k.recipients = append(k.recipients, recipient)
}

// Recipients returns the keys' recipients, in their order.
func (k Keys) Recipients() []string { return append([]string(nil), k.recipients...) }

// IsZero says whether there are no keys.
func (k Keys) IsZero() bool { return len(k.identities) == 0 }

// Seal encrypts content to all recipients.
func Seal(content []byte, recipients []string) ([]byte, error) {
	var out bytes.Buffer
	w, err := Writer(&out, recipients)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

// Open decrypts what was sealed to any of the keys: at most limit bytes, so that what
// comes from elsewhere cannot fill the memory.
func Open(sealed []byte, keys Keys, limit int) ([]byte, error) {
	r, err := Reader(bytes.NewReader(sealed), keys)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > limit:
		return nil, fmt.Errorf("open: %w: %d bytes", ErrTooLarge, limit)
	}
	return content, nil
}
