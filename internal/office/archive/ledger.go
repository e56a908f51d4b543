package archive

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// ErrBeyond says that the ledger has not grown so far.
type ErrBeyond struct {
	Field string // that names too high a number
	Size  resource.Seq
}

// Error names the field and how far the ledger has grown.
func (e *ErrBeyond) Error() string {
	return fmt.Sprintf("%s: the ledger has %d events", e.Field, e.Size)
}

// hashSource reads what the ledger's leaves complete.
type hashSource interface {
	Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error)
}

// HashesOf reads the tree's hashes from where they are stored: with the event whose leaf
// completes them, the leaf's own first and that of each larger subtree after it.
func HashesOf(ctx context.Context, source hashSource) tlog.HashReader { return hashReader{ctx, source} }

type hashReader struct {
	ctx    context.Context
	source hashSource
}

// ReadHashes implements [tlog.HashReader].
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	events := make([]resource.Seq, len(indexes))
	levels := make([]int, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		events[i], levels[i] = resource.Seq((n+1)<<level), level
	}
	stored, err := r.source.Hashes(r.ctx, events)
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, event := range events {
		at := levels[i] * tlog.HashSize
		if len(stored[event]) < at+tlog.HashSize {
			return nil, fmt.Errorf("the ledger lacks a hash of event %d", event)
		}
		copy(hashes[i][:], stored[event][at:])
	}
	return hashes, nil
}

// prefetched answers from what was read at once.
type prefetched map[int64]tlog.Hash

// ReadHashes implements [tlog.HashReader].
func (p prefetched) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = p[index]
	}
	return hashes, nil
}

// proofs proves several leaves in one tree, with one read of the store for all.
func proofs(ctx context.Context, source hashSource, size int64, leaves []int64) ([]tlog.RecordProof, error) {
	// First without hashes, to learn which ones it takes.
	wanted := prefetched{}
	learn := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		for _, index := range indexes {
			wanted[index] = tlog.Hash{}
		}
		return make([]tlog.Hash, len(indexes)), nil
	})
	for _, leaf := range leaves {
		if _, err := tlog.ProveRecord(size, leaf, learn); err != nil {
			return nil, fmt.Errorf("prove a leaf: %w", err)
		}
	}
	indexes := make([]int64, 0, len(wanted))
	for index := range wanted {
		indexes = append(indexes, index)
	}
	if len(indexes) > 0 {
		hashes, err := hashReader{ctx, source}.ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		for i, index := range indexes {
			wanted[index] = hashes[i]
		}
	}
	found := make([]tlog.RecordProof, len(leaves))
	for i, leaf := range leaves {
		proof, err := tlog.ProveRecord(size, leaf, wanted)
		if err != nil {
			return nil, fmt.Errorf("prove a leaf: %w", err)
		}
		found[i] = proof
	}
	return found, nil
}

// Checkpoint returns the newest checkpoint; empty while the ledger is.
func (a *Archive) Checkpoint(ctx context.Context) (size resource.Seq, signed []byte, err error) {
	head, err := a.store.Head(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("read the checkpoint: %w", err)
	}
	return head.Seq, head.Checkpoint, nil
}

// Begins says whether the ledger begins with the tree of a checkpoint. It reads as many
// hashes as the size has binary digits, and nothing of the writer's.
func (a *Archive) Begins(ctx context.Context, c ledger.Checkpoint) (bool, error) {
	head, err := a.store.Head(ctx)
	if err != nil {
		return false, fmt.Errorf("read the ledger's size: %w", err)
	}
	if c.Size < 1 || c.Size > int64(head.Seq) {
		return false, nil
	}
	root, err := tlog.TreeHash(c.Size, hashReader{ctx, a.store})
	if err != nil {
		return false, fmt.Errorf("read the ledger's tree: %w", err)
	}
	return root == c.Root, nil
}

// ProveInclusion proves an event in the tree of a size, or of the current one if it is
// zero.
func (a *Archive) ProveInclusion(ctx context.Context, event, size resource.Seq) (leaf tlog.Hash, proof tlog.RecordProof, of resource.Seq, err error) {
	if size, err = a.upTo(ctx, "tree_size", size); err != nil {
		return leaf, nil, 0, err
	}
	if event > size {
		return leaf, nil, 0, &ErrBeyond{"sequence", size}
	}
	found, err := proofs(ctx, a.store, int64(size), []int64{int64(event) - 1})
	if err != nil {
		return leaf, nil, 0, err
	}
	leaves, err := hashReader{ctx, a.store}.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(event)-1)})
	if err != nil {
		return leaf, nil, 0, err
	}
	return leaves[0], found[0], size, nil
}

// Edge returns the roots of the complete subtrees that the tree of a size consists of, the
// largest first.
func (a *Archive) Edge(ctx context.Context, size resource.Seq) ([]tlog.Hash, error) {
	tree, err := ledger.NewTree(int64(size), hashReader{ctx, a.store})
	if err != nil {
		return nil, err
	}
	return tree.Edge(), nil
}

// ProveConsistency proves that the tree of one size begins with that of a smaller one.
func (a *Archive) ProveConsistency(ctx context.Context, from, to resource.Seq) (tlog.TreeProof, resource.Seq, error) {
	to, err := a.upTo(ctx, "to_size", to)
	if err != nil {
		return nil, 0, err
	}
	if from > to {
		return nil, 0, &ErrBeyond{"from_size", to}
	}
	proof, err := tlog.ProveTree(int64(to), int64(from), hashReader{ctx, a.store})
	if err != nil {
		return nil, 0, fmt.Errorf("prove the ledger's growth: %w", err)
	}
	return proof, to, nil
}

// upTo returns a size that was asked for, or the current one if none was.
func (a *Archive) upTo(ctx context.Context, field string, size resource.Seq) (resource.Seq, error) {
	head, err := a.store.Head(ctx)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read the ledger's size: %w", err)
	case size > head.Seq:
		return 0, &ErrBeyond{field, head.Seq}
	case size == 0:
		return head.Seq, nil
	default:
		return size, nil
	}
}

// LeafHashes returns up to limit leaf hashes behind an event, and whether there are more.
func (a *Archive) LeafHashes(ctx context.Context, after resource.Seq, limit int) (hashes []tlog.Hash, more bool, err error) {
	head, err := a.store.Head(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("read the ledger's size: %w", err)
	}
	if after >= head.Seq {
		return nil, false, nil
	}
	last := min(head.Seq, after+resource.Seq(limit))
	indexes := make([]int64, 0, last-after)
	for seq := after; seq < last; seq++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, int64(seq)))
	}
	hashes, err = hashReader{ctx, a.store}.ReadHashes(indexes)
	return hashes, last < head.Seq, err
}
