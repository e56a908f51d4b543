package archive

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	// keptLeaves is how many of the last leaves' hashes are at hand without a look into the
	// archive.
	keptLeaves = 4096
	// mostLeaves is for how many leaves their hashes show how the ledger has grown; where
	// there are more, a proof does.
	mostLeaves = 512

	// mostBehind is how long a hub that has seen less than a caller says that it has waits for
	// the rest, and behindPause how often it looks.
	mostBehind  = time.Second
	behindPause = 20 * time.Millisecond
)

// ErrBehind says that a caller has seen more of the ledger than this hub: another one of the
// same archive has shown it, or the archive was set back.
var ErrBehind = errors.New("this hub has not seen as much of the ledger as the caller: try again")

// keptCheckpoints is how many of the last checkpoints are known again as they are.
const keptCheckpoints = 64

// leaves are the hashes of the last leaves that this hub has appended.
type leaves struct {
	mu     sync.RWMutex
	before resource.Seq // the first
	hashes []tlog.Hash

	signed [keptCheckpoints]string // the last checkpoints that were committed here
	next   int                     // of them is written over next
}

// add remembers what was appended. Where another hub has appended something in between, the
// line begins anew.
func (l *leaves) add(entries []store.Entry, checkpoint []byte) {
	if len(entries) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if before := entries[0].Event.Seq - 1; before != l.before+resource.Seq(len(l.hashes)) {
		l.before, l.hashes = before, l.hashes[:0]
		clear(l.signed[:])
	}
	l.signed[l.next], l.next = string(checkpoint), (l.next+1)%keptCheckpoints
	for i := range entries {
		l.hashes = append(l.hashes, tlog.Hash(entries[i].Event.Hashes[:tlog.HashSize]))
	}
	if len(l.hashes) > 2*keptLeaves {
		gone := len(l.hashes) - keptLeaves
		l.before += resource.Seq(gone)
		l.hashes = l.hashes[:copy(l.hashes, l.hashes[gone:])]
	}
}

// between returns the hashes of the leaves after one, up to another; nil if not all are at
// hand.
func (l *leaves) between(after, last resource.Seq) []byte {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if after < l.before || last > l.before+resource.Seq(len(l.hashes)) {
		return nil
	}
	found := make([]byte, 0, int(last-after)*tlog.HashSize)
	for _, hash := range l.hashes[after-l.before : last-l.before] {
		found = append(found, hash[:]...)
	}
	return found
}

// Appended tells the archive of what was committed here, under which checkpoint.
func (a *Archive) Appended(entries []store.Entry, checkpoint []byte) {
	a.leaves.add(entries, checkpoint)
}

// Signed reports whether a checkpoint is one of the last that were committed here: callers
// who follow the ledger have signed over one of these. Of any other it knows nothing.
func (a *Archive) Signed(checkpoint string) bool {
	a.leaves.mu.RLock()
	defer a.leaves.mu.RUnlock()
	return checkpoint != "" && slices.Contains(a.leaves.signed[:], checkpoint)
}

// Growth shows how the ledger has grown from what a caller knew of it to a size. It is made
// outside of the writer.
func (a *Archive) Growth(ctx context.Context, known, size resource.Seq) (*liaisonv1.LedgerGrowth, error) {
	switch {
	case known >= size:
		return &liaisonv1.LedgerGrowth{}, nil
	case size-known <= mostLeaves:
		return a.leavesBetween(ctx, known, size)
	}
	edge, err := a.Edge(ctx, size)
	if err != nil {
		return nil, err
	}
	growth := &liaisonv1.LedgerGrowth{Edge: ledger.Bytes(edge)}
	if known > 0 {
		proof, _, err := a.ProveConsistency(ctx, known, size)
		if err != nil {
			return nil, err
		}
		growth.ConsistencyProof = ledger.Bytes(proof)
	}
	return growth, nil
}

func (a *Archive) leavesBetween(ctx context.Context, known, size resource.Seq) (*liaisonv1.LedgerGrowth, error) {
	if hashes := a.leaves.between(known, size); hashes != nil {
		return &liaisonv1.LedgerGrowth{LeafHashes: hashes}, nil
	}
	found, _, err := a.LeafHashes(ctx, known, int(size-known))
	if err != nil {
		return nil, err
	}
	growth := &liaisonv1.LedgerGrowth{LeafHashes: make([]byte, 0, len(found)*tlog.HashSize)}
	for _, hash := range found {
		growth.LeafHashes = append(growth.LeafHashes, hash[:]...)
	}
	return growth, nil
}

// Reaches waits until the ledger has as many events as a caller has seen, for a moment at
// most: ErrBehind. Nobody is told that the ledger was set back because of a number that
// anybody can make up.
func (a *Archive) Reaches(ctx context.Context, known resource.Seq) error {
	if known <= a.leaves.last() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, mostBehind)
	defer cancel()
	for {
		head, err := a.store.Head(ctx)
		switch {
		case err == nil && head.Seq >= known:
			return nil
		case err != nil && ctx.Err() == nil:
			return err
		}
		select {
		case <-ctx.Done():
			return ErrBehind
		case <-time.After(behindPause):
		}
	}
}

// last returns the number of the last leaf that is at hand.
func (l *leaves) last() resource.Seq {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.before + resource.Seq(len(l.hashes))
}
