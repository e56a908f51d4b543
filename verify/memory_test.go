package verify_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// slowMemory is a memory whose writes wait until a test lets them go on.
type slowMemory struct {
	begun chan verify.Belief
	goOn  chan error

	mu   sync.Mutex
	kept *verify.Belief
}

func (m *slowMemory) Load() (*verify.Belief, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept, nil
}

func (m *slowMemory) Keep(_ context.Context, _ string, b verify.Belief) (*verify.Belief, error) {
	m.begun <- b
	if err := <-m.goOn; err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = &b
	return nil, nil
}

func (m *slowMemory) KeepEvidence(int64, string, string) error { return nil }

// growing is a hub's ledger that grows by one leaf a checkpoint, and proves it.
type growing struct {
	t       *testing.T
	key     string
	signed  []string // by size
	hashes  []tlog.Hash
	asked   int
	askedMu sync.Mutex
}

func newGrowing(t *testing.T, most int) *growing {
	t.Helper()
	secret, public, err := ledger.NewKey("hub.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, _, err := ledger.ParseSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	g := &growing{t: t, key: public, signed: []string{""}}
	for n := range int64(most) {
		hashes, err := tlog.StoredHashes(n, []byte{byte(n)}, g)
		if err != nil {
			t.Fatal(err)
		}
		g.hashes = append(g.hashes, hashes...)
		root, err := tlog.TreeHash(n+1, g)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := ledger.Checkpoint{Origin: "hub.example", Size: n + 1, Root: root}.Sign(signer)
		if err != nil {
			t.Fatal(err)
		}
		g.signed = append(g.signed, string(signed))
	}
	return g
}

func (g *growing) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = g.hashes[index]
	}
	return hashes, nil
}

func (g *growing) ConsistencyProof(_ context.Context, from, to int64) (proof, edge [][]byte, err error) {
	g.askedMu.Lock()
	defer g.askedMu.Unlock()
	g.asked++
	hashes, err := tlog.ProveTree(to, from, g)
	return ledger.Bytes(hashes), nil, err
}

func (*growing) Statements(context.Context, string, int) ([]*liaisonv1.Envelope, error) {
	return nil, verify.ErrNoHub
}

func (g *growing) RevocationLists(context.Context, string) (string, error) { return "", nil }

// TestManyShareOneWriteToTheMemory: nothing counts before it is kept, and while one write is
// under way all that comes waits for the next, which covers it.
func TestManyShareOneWriteToTheMemory(t *testing.T) {
	const last = 20
	hub := newGrowing(t, last)
	memory := &slowMemory{begun: make(chan verify.Belief), goOn: make(chan error)}
	v, err := verify.New(verify.Config{HubKey: hub.key, Hub: hub, Memory: memory})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, last)
	believe := func(size int) {
		_, err := v.Believe(t.Context(), hub.signed[size])
		ended <- err
	}
	go believe(1)
	if first := <-memory.begun; first.Size != 1 {
		t.Fatalf("the first write is of %d events", first.Size)
	}
	for size := 2; size <= last; size++ {
		go believe(size)
	}
	for v.Size() < last { // all that is waited for is judged
		_, _ = v.Seen()
	}
	if seen, err := v.Seen(); seen != "" || err != nil || len(ended) > 0 {
		t.Errorf("%d count before they are kept: %v", len(ended), err)
	}
	memory.goOn <- nil
	if second := <-memory.begun; second.Size != last {
		t.Errorf("the second write is of %d events, and %d are believed", second.Size, last)
	}
	memory.goOn <- nil
	for range last {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if seen, err := v.Seen(); seen != hub.signed[last] || err != nil {
		t.Errorf("what was kept is not what was seen: %v", err)
	}
}

// TestWhatCannotBeKeptDoesNotCount: and the next time it is tried again.
func TestWhatCannotBeKeptDoesNotCount(t *testing.T) {
	hub := newGrowing(t, 2)
	memory := &slowMemory{begun: make(chan verify.Belief), goOn: make(chan error)}
	v, err := verify.New(verify.Config{HubKey: hub.key, Hub: hub, Memory: memory})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	for _, failure := range []error{full, nil} {
		go func() {
			<-memory.begun
			memory.goOn <- failure
		}()
		_, err := v.Believe(t.Context(), hub.signed[2])
		if !errors.Is(err, failure) || failure != nil && !errors.Is(err, verify.ErrNotKept) {
			t.Errorf("it ends with %v", err)
		}
		if seen, _ := v.Seen(); (seen == "") != (failure != nil) {
			t.Errorf("after %v what counts is %q", failure, seen)
		}
	}
}
