package sealed

import (
	"fmt"
	"strings"

	"filippo.io/age"

	"github.com/liaison-protocol/liaison/internal/memo"
)

// CheckRecipients refuses recipients that nothing can be sealed to. The error tells
// which it is by its place, counted from 1.
func CheckRecipients(recipients []string) error { return check(recipients, isHybrid) }

// check refuses recipients of which one is none, or that are of two kinds.
func check(recipients []string, isHybrid func(text string) (bool, error)) error {
	if len(recipients) == 0 {
		return fmt.Errorf("%w: there is none", ErrRecipients)
	}
	n := 0
	for i, text := range recipients {
		hybrid, err := isHybrid(text)
		if err != nil {
			return fmt.Errorf("%w: number %d is none", ErrRecipients, i+1)
		}
		if hybrid {
			n++
		}
	}
	if n != 0 && n != len(recipients) {
		return fmt.Errorf("%w: they are of two kinds, and the weakest would decide for all", ErrRecipients)
	}
	return nil
}

func parseRecipients(recipients []string) ([]age.Recipient, error) {
	parsed := make([]age.Recipient, 0, len(recipients))
	err := check(recipients, func(text string) (bool, error) {
		recipient, hybrid, err := parseRecipient(text)
		parsed = append(parsed, recipient)
		return hybrid, err
	})
	if err != nil {
		return nil, err
	}
	return parsed, nil
}

// hybridPrefix is how a hybrid recipient begins.
const hybridPrefix = "age1pq1"

func parseRecipient(text string) (recipient age.Recipient, hybrid bool, err error) {
	if !strings.HasPrefix(text, hybridPrefix) { // it is hardly one of those: the other kind is tried first
		if x25519, err := age.ParseX25519Recipient(text); err == nil {
			return x25519, false, nil
		}
	}
	if hybrid, err := age.ParseHybridRecipient(text); err == nil {
		return hybrid, true, nil
	}
	x25519, err := age.ParseX25519Recipient(text)
	return x25519, false, err
}

// hybrids says of recipients that were read, by their text, whether they are hybrid. The
// same few come again and again, and to read a hybrid one costs more than to check a
// signature. No recipient is longer than what is remembered at most.
var hybrids = memo.New[bool](256, 4<<10)

func isHybrid(text string) (bool, error) {
	return hybrids.Get(text, func(text string) (bool, error) {
		_, hybrid, err := parseRecipient(text)
		return hybrid, err
	})
}
