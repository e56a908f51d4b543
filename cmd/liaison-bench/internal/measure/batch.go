package measure

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
)

// batches are the stages of a filing that work on a batch. They write to the archive
// behind the hub's back, which finds out with the next batch of its own.
type batches struct {
	ctx       context.Context
	generator *generator
	archive   store.Store
	size      int

	tree    *ledger.Tree // the archive's
	grown   *ledger.Tree // the archive's with the batch
	entries []store.Entry
	leaves  []tlog.Hash
	signed  []byte
}

func newBatches(ctx context.Context, g *generator, st store.Store, size int) (*batches, error) {
	b := &batches{ctx: ctx, generator: g, archive: st, size: size}
	return b, b.prepare()
}

// prepare makes the batch that comes next.
func (b *batches) prepare() error {
	head, err := b.archive.Head(b.ctx)
	if err != nil {
		return err
	}
	if b.tree, err = ledger.NewTree(int64(head.Seq), hashesOf(b.ctx, b.archive)); err != nil {
		return err
	}
	// All of the archive is in both feeds, so that its size is their highest index.
	feeds := map[resource.Organisation]uint64{
		b.generator.authority: uint64(head.Seq), b.generator.platform: uint64(head.Seq),
	}
	if b.entries, b.leaves, err = b.generator.entries(b.ctx, head.Seq, feeds, b.size); err != nil {
		return err
	}
	b.grown = b.tree.Clone()
	b.signed, err = b.generator.grow(b.grown, b.entries, b.leaves)
	return err
}

// grow appends the batch's leaves to the tree and proves each.
func (b *batches) grow() error {
	tree := b.tree.Clone()
	for _, leaf := range b.leaves {
		if _, err := tree.Append(leaf); err != nil {
			return err
		}
	}
	for i := range b.leaves {
		if _, err := tree.Prove(b.tree.Size() + int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// sign signs the checkpoint of the grown tree.
func (b *batches) sign() error {
	root, err := b.grown.Root()
	if err != nil {
		return err
	}
	_, err = ledger.Checkpoint{Origin: b.generator.ledger.Name(), Size: b.grown.Size(), Root: root}.Sign(b.generator.ledger)
	return err
}

// store commits the batch.
func (b *batches) store() error {
	return b.archive.Write(b.ctx, func(tx store.Tx) error { return tx.Append(b.ctx, b.entries, b.signed) })
}
