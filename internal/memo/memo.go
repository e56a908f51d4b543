// Package memo remembers what was parsed from a text: a certificate, a pattern, a
// recipient. The same few texts come again and again, and parsing one costs more than
// looking it up. Senders choose their texts, so that what is remembered is bounded in
// number and in length.
package memo

import "sync"

// Memo remembers values by the texts that they were read from. Its methods may be called
// from any goroutine, and what they return is shared: it must not be changed.
type Memo[V any] struct {
	most, mostBytes int

	mu    sync.RWMutex
	known map[string]V
}

// New returns a memo of so many texts at most, above which all are forgotten and read anew,
// and of none that has more bytes than these.
func New[V any](most, mostBytes int) *Memo[V] {
	return &Memo[V]{most: most, mostBytes: mostBytes, known: make(map[string]V)}
}

// Get returns what read makes of a text, or has made of it before. That it failed is not
// remembered.
func (m *Memo[V]) Get(text string, read func(text string) (V, error)) (V, error) {
	m.mu.RLock()
	value, ok := m.known[text]
	m.mu.RUnlock()
	if ok {
		return value, nil
	}
	value, err := read(text)
	if err != nil || len(text) > m.mostBytes {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= m.most {
		clear(m.known)
	}
	m.known[text] = value
	return value, nil
}
