package sealed

import (
	"fmt"
	"strings"
	"sync"

	"filippo.io/age"
)

// CheckRecipients refuses recipients that nothing can be sealed to. The error tells
// which it is by its place, counted from 1.
func CheckRecipients(recipients []string) error { return check(recipients, known.isHybrid) }

// check refuses recipients of which one is none, or that are of two kinds.
func check(recipients []string, isHybrid func(text string) (bool, error)) error {
	if len(recipients) == 0 {
		return fmt.Errorf("%w: there is none", ErrRecipients)
	}
	hybrids := 0
	for i, text := range recipients {
		hybrid, err := isHybrid(text)
		if err != nil {
			return fmt.Errorf("%w: number %d is none", ErrRecipients, i+1)
		}
		if hybrid {
			hybrids++
		}
	}
	if hybrids != 0 && hybrids != len(recipients) {
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

// known are the recipients that were checked. The same few come again and again, and to
// read a hybrid one costs more than to check a signature.
var known knownRecipients

// What is remembered is bounded, since whoever names recipients chooses them: above
// mostRecipients all are forgotten, and what is longer than a recipient is never remembered.
const (
	mostRecipients     = 256
	mostRecipientBytes = 4 << 10
)

// knownRecipients remembers of recipients, by their text, that they are some and whether
// they are hybrid. What is none is read each time.
type knownRecipients struct {
	mu      sync.RWMutex
	hybrids map[string]bool
}

func (k *knownRecipients) isHybrid(text string) (bool, error) {
	k.mu.RLock()
	hybrid, ok := k.hybrids[text]
	k.mu.RUnlock()
	if ok {
		return hybrid, nil
	}
	_, hybrid, err := parseRecipient(text)
	if err != nil || len(text) > mostRecipientBytes {
		return hybrid, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.hybrids == nil || len(k.hybrids) >= mostRecipients {
		k.hybrids = make(map[string]bool)
	}
	k.hybrids[text] = hybrid
	return hybrid, nil
}
