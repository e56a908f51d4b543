package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"
)

// stateFile is what a worker remembers, in its state folder.
const stateFile = "worker.json"

// workerState is what must survive a worker's crash: how far it has read, and which
// requests are its own. It is written before what it says is relied on.
type workerState struct {
	mu   sync.Mutex
	path string // empty: in memory only

	after  uint64
	index  uint64 // in the feed, of the last event up to after; zero if not known
	claims map[string]claim
}

// claim is a request that the worker wants to work on. The call by which it
// acknowledges is remembered before it is made: after a crash the worker repeats
// it, and the hub's answer tells whether it was this worker whose call was taken.
type claim struct {
	RequestID uuid.UUID `json:"request_id"`
	Won       bool      `json:"won"`
}

type storedState struct {
	After  uint64           `json:"after"`
	Index  uint64           `json:"index"`
	Claims map[string]claim `json:"claims"`
}

func openState(dir string) (*workerState, error) {
	s := &workerState{claims: make(map[string]claim)}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the worker's state folder: %w", err)
	}
	s.path = filepath.Join(dir, stateFile)
	text, err := os.ReadFile(s.path)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the worker's state: %w", err)
	}
	var stored storedState
	if err := json.Unmarshal(text, &stored); err != nil {
		return nil, fmt.Errorf("read the worker's state %s: %w", stateFile, err)
	}
	s.after, s.index = stored.After, stored.Index
	for name, c := range stored.Claims {
		s.claims[name] = c
	}
	return s, nil
}

// save writes the state whole or not at all.
func (s *workerState) save() error {
	if s.path == "" {
		return nil
	}
	text, err := json.Marshal(storedState{After: s.after, Index: s.index, Claims: s.claims})
	if err != nil {
		return fmt.Errorf("encode the worker's state: %w", err)
	}
	if err := writeWhole(s.path, text); err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	return nil
}

// syncFolder makes a rename in a folder survive a power cut.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (s *workerState) cursor() (after, index uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.after, s.index
}

// claim returns the claim on a request, and makes and remembers one if there is none.
func (s *workerState) claim(name string) (claim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.claims[name]; ok {
		return c, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return claim{}, fmt.Errorf("make the step's identifier: %w", err)
	}
	s.claims[name] = claim{RequestID: id}
	return s.claims[name], s.save()
}

func (s *workerState) won(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.claims[name]
	if c.Won {
		return nil
	}
	c.Won = true
	s.claims[name] = c
	return s.save()
}

func (s *workerState) drop(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.claims[name]; !ok {
		return nil
	}
	delete(s.claims, name)
	return s.save()
}

// wins says whether a request is this worker's own.
func (s *workerState) wins(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.claims[name].Won
}

// names are the requests that the worker has claims on.
func (s *workerState) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.claims))
	for name := range s.claims {
		names = append(names, name)
	}
	return names
}

// saw moves the cursor past an event that needs nothing remembered. It is written
// with the next claim or heartbeat: what is read again after a crash does no harm.
// An index of zero, a heartbeat's, leaves the place in the feed as it is.
func (s *workerState) saw(sequence, index uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after, s.index = max(s.after, sequence), max(s.index, index)
}

// flush writes the cursor.
func (s *workerState) flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save()
}
