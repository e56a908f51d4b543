package sealed

import (
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Writer returns a writer whose content is sealed to all recipients as it is written.
// Close ends it; without it nothing can be opened.
func Writer(to io.Writer, recipients []string) (io.WriteCloser, error) {
	parsed, err := parseRecipients(recipients)
	if err != nil {
		return nil, err
	}
	w, err := age.Encrypt(to, parsed...)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return w, nil
}

// Reader returns what was sealed to any of the keys, piece by piece. Each piece is as it
// was sealed; that the last one came, only the end tells.
func Reader(from io.Reader, keys Keys) (io.Reader, error) {
	if keys.IsZero() {
		return nil, fmt.Errorf("open: %w: there is none", ErrKeys)
	}
	r, err := age.Decrypt(from, keys.identities...)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, fmt.Errorf("open: %w", ErrNotForUs)
	case err != nil:
		return nil, fmt.Errorf("open: %w", ErrDamaged)
	}
	return opened{r}, nil
}

// opened turns the format's errors into this package's.
type opened struct{ io.Reader }

// Read implements io.Reader.
func (o opened) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("open: %w", ErrDamaged)
	}
	return n, err
}
