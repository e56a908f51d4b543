package verify

import (
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// growth is what a hub shows along with a checkpoint of how its ledger has grown, so that
// nobody has to ask. Two proofs from one tree to two others do not show that these two are
// of one line; so it shows the leaves' hashes, as long as they are not too many, and each
// answer is held against what the ones before it have shown.
type growth struct {
	known  int64    // the size from which it is shown
	leaves []byte   // the hashes of the leaves after it; empty if there are too many
	proof  [][]byte // that the tree of that size is the beginning of the checkpoint's, in place of the leaves
	edge   [][]byte // of the checkpoint's tree, with it
}

// extend goes on to a larger checkpoint if what came with it shows that it may. What shows
// nothing is as good as nothing: the hub is asked. The caller holds mu.
func (v *ledgerView) extend(c ledger.Checkpoint, signed string, g *growth) (bool, error) {
	switch {
	case g == nil || c.Origin != v.last.Origin && v.last.Size > 0:
		return false, nil
	case len(g.leaves) > 0:
		return v.append(c, signed, g), nil
	case g.known != v.last.Size:
		return false, nil
	}
	proof, err := ledger.ProofFrom(g.proof)
	tree := treeOf(c, g.edge)
	if err != nil || tree == nil || ledger.CheckConsistency(v.last, c, proof) != nil {
		return false, nil
	}
	v.take(c, v.bare(signed), tree)
	return true, nil
}

// append goes on to a checkpoint if the leaves that came with it make its tree of the one
// that this side has. The caller holds mu.
func (v *ledgerView) append(c ledger.Checkpoint, signed string, g *growth) bool {
	if v.tree == nil || g.known > v.last.Size || int64(len(g.leaves)) != (c.Size-g.known)*tlog.HashSize {
		return false
	}
	for rest := g.leaves[(v.last.Size-g.known)*tlog.HashSize:]; len(rest) > 0; rest = rest[tlog.HashSize:] {
		if _, err := v.tree.Append(tlog.Hash(rest[:tlog.HashSize])); err != nil {
			v.tree = nil // it lacks what it should have
			return false
		}
	}
	if root, err := v.tree.Root(); err != nil || root != c.Root {
		v.tree.Cut(v.last.Size)
		return false
	}
	v.take(c, v.bare(signed), v.tree)
	return true
}

// jump goes on to a checkpoint that the hub has proved, with its edge if that is one.
func (v *ledgerView) jump(c ledger.Checkpoint, signed string, edge [][]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.take(c, v.bare(signed), treeOf(c, edge))
}

// bare returns a checkpoint with the hub's signature alone: what is kept of it does not
// depend on who else has signed.
func (v *ledgerView) bare(signed string) string {
	if strings.Count(signed, "\n\u2014 ") == 1 {
		return signed
	}
	bare, err := ledger.Bare([]byte(signed), v.key)
	if err != nil { // it was opened before
		return signed
	}
	return string(bare)
}

// take makes a checkpoint the last one, with its tree if that is known. The caller holds mu.
func (v *ledgerView) take(c ledger.Checkpoint, signed string, tree *ledger.Tree) {
	if tree != v.tree {
		v.base = c.Size
	}
	v.last, v.signed, v.tree = c, signed, tree
	if tree != nil && c.Size-v.base > 2*window {
		v.base = c.Size - window
		tree.TrimTo(v.base)
	}
	clear(v.proved)
}

// treeOf returns a checkpoint's tree by its edge; nil if it is not its edge.
func treeOf(c ledger.Checkpoint, edge [][]byte) *ledger.Tree {
	hashes, err := ledger.ProofFrom(edge)
	if err != nil {
		return nil
	}
	if c.Size == 0 {
		c.Root, _ = tlog.TreeHash(0, nil) // there is no checkpoint of it
	}
	tree, err := ledger.TreeOf(c, hashes)
	if err != nil {
		return nil
	}
	return tree
}
