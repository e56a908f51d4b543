package ledger

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof says that a proof does not prove what it should.
var ErrProof = errors.New("the proof does not hold")

// Tree is the right edge of a tree: all that appending to it and proving what was
// appended takes, however large it is. It is used by one goroutine at a time.
type Tree struct {
	size   int64
	hashes map[int64]tlog.Hash // by stored index: the edge, and what was appended since Trim
}

// NewTree reads the edge of a tree of this size.
func NewTree(size int64, stored tlog.HashReader) (*Tree, error) {
	t := &Tree{size: size, hashes: make(map[int64]tlog.Hash)}
	indexes := edge(size)
	if len(indexes) == 0 {
		return t, nil
	}
	hashes, err := stored.ReadHashes(indexes)
	if err != nil {
		return nil, fmt.Errorf("read the ledger's edge: %w", err)
	}
	if len(hashes) != len(indexes) {
		return nil, errors.New("read the ledger's edge: hashes are missing")
	}
	for i, index := range indexes {
		t.hashes[index] = hashes[i]
	}
	return t, nil
}

// TreeOf returns the tree of a checkpoint that has this edge, the largest subtree first.
func TreeOf(c Checkpoint, hashes []tlog.Hash) (*Tree, error) {
	t := &Tree{size: c.Size, hashes: make(map[int64]tlog.Hash)}
	indexes := edge(c.Size)
	if len(indexes) != len(hashes) {
		return nil, fmt.Errorf("%w: an edge of %d hashes", ErrProof, len(hashes))
	}
	for i, index := range indexes {
		t.hashes[index] = hashes[len(hashes)-1-i]
	}
	root, err := t.Root()
	if err != nil {
		return nil, err
	}
	if root != c.Root {
		return nil, fmt.Errorf("%w: the edge is another tree's", ErrProof)
	}
	return t, nil
}

// Edge returns the hashes of the complete subtrees that the tree consists of, the largest
// first: all that it takes to go on from it.
func (t *Tree) Edge() []tlog.Hash {
	indexes := edge(t.size)
	slices.Reverse(indexes)
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = t.hashes[index]
	}
	return hashes
}

// edge returns the stored indexes of the complete subtrees that a tree consists of.
func edge(size int64) []int64 {
	var indexes []int64
	for level := 0; size>>level > 0; level++ {
		if size>>level&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, size>>level-1))
		}
	}
	return indexes
}

// Clone returns a copy that grows by itself.
func (t *Tree) Clone() *Tree {
	c := &Tree{size: t.size, hashes: make(map[int64]tlog.Hash, len(t.hashes)+8)}
	for index, hash := range t.hashes {
		c.hashes[index] = hash
	}
	return c
}

// Size returns how many leaves the tree has.
func (t *Tree) Size() int64 { return t.size }

// Append adds a leaf and returns the hashes that it completes, in the order in which
// they are stored: the leaf's own, and that of each subtree that ends with it.
func (t *Tree) Append(leaf tlog.Hash) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	if err != nil {
		return nil, fmt.Errorf("append to the ledger: %w", err)
	}
	first := tlog.StoredHashIndex(0, t.size)
	for i, hash := range hashes {
		t.hashes[first+int64(i)] = hash
	}
	t.size++
	return hashes, nil
}

// Root returns the tree's root hash.
func (t *Tree) Root() (tlog.Hash, error) {
	root, err := tlog.TreeHash(t.size, t)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("compute the ledger's root: %w", err)
	}
	return root, nil
}

// RootAt returns the root hash that the tree had at a size, which must not be smaller than
// the one that it was trimmed to.
func (t *Tree) RootAt(size int64) (tlog.Hash, error) {
	if size > t.size {
		return tlog.Hash{}, fmt.Errorf("the tree has not grown to %d leaves", size)
	}
	root, err := tlog.TreeHash(size, t)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("compute the ledger's root: %w", err)
	}
	return root, nil
}

// Prove proves that a leaf that was appended since Trim is in the tree.
func (t *Tree) Prove(index int64) (tlog.RecordProof, error) {
	proof, err := tlog.ProveRecord(t.size, index, t)
	if err != nil {
		return nil, fmt.Errorf("prove a leaf: %w", err)
	}
	return proof, nil
}

// Trim forgets everything but the edge.
func (t *Tree) Trim() { t.TrimTo(t.size) }

// TrimTo forgets everything but the edge that the tree had at a size, and what was appended
// since.
func (t *Tree) TrimTo(size int64) {
	kept := make(map[int64]tlog.Hash)
	for _, index := range edge(size) {
		kept[index] = t.hashes[index]
	}
	if size < t.size {
		first := tlog.StoredHashIndex(0, size)
		for index, hash := range t.hashes {
			if index >= first {
				kept[index] = hash
			}
		}
	}
	t.hashes = kept
}

// Cut takes back what was appended after a size, which must not be smaller than the one
// that the tree was trimmed to.
func (t *Tree) Cut(size int64) {
	first := tlog.StoredHashIndex(0, size)
	maps.DeleteFunc(t.hashes, func(index int64, _ tlog.Hash) bool { return index >= first })
	t.size = size
}

// ReadHashes implements [tlog.HashReader].
func (t *Tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hash, ok := t.hashes[index]
		if !ok {
			return nil, fmt.Errorf("hash %d is not on the tree's edge", index)
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// CheckInclusion checks that the event with this sequence number, and this leaf, is in
// a checkpoint's tree.
func CheckInclusion(c Checkpoint, sequence uint64, leaf tlog.Hash, proof tlog.RecordProof) error {
	if sequence == 0 || sequence > uint64(c.Size) {
		return fmt.Errorf("%w: event %d is not among the first %d", ErrProof, sequence, c.Size)
	}
	if err := tlog.CheckRecord(proof, c.Size, c.Root, int64(sequence-1), leaf); err != nil {
		return fmt.Errorf("%w: event %d, tree size %d: %w", ErrProof, sequence, c.Size, err)
	}
	return nil
}

// CheckConsistency checks that the tree of one checkpoint is the beginning of that of a
// later one.
func CheckConsistency(earlier, later Checkpoint, proof tlog.TreeProof) error {
	switch {
	case earlier.Origin != later.Origin:
		return fmt.Errorf("%w: the checkpoints are of different ledgers", ErrProof)
	case earlier.Size > later.Size:
		return fmt.Errorf("%w: tree size %d is before %d", ErrProof, later.Size, earlier.Size)
	case earlier.Size == 0:
		return nil
	case earlier.Size == later.Size && earlier.Root == later.Root && len(proof) == 0:
		return nil
	}
	if err := tlog.CheckTree(proof, later.Size, later.Root, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("%w: tree sizes %d and %d: %w", ErrProof, earlier.Size, later.Size, err)
	}
	return nil
}

// ProofFrom reads a proof's hashes as messages carry them.
func ProofFrom(hashes [][]byte) ([]tlog.Hash, error) {
	proof := make([]tlog.Hash, len(hashes))
	for i, hash := range hashes {
		if len(hash) != tlog.HashSize {
			return nil, fmt.Errorf("%w: a hash has %d bytes", ErrProof, len(hash))
		}
		copy(proof[i][:], hash)
	}
	return proof, nil
}

// Bytes returns hashes as messages carry them.
func Bytes(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
