package sequencer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
)

// ErrHistory says that the archive no longer holds what it was seen to hold: events were
// lost or replaced, as when a database was restored from an old copy under a running hub.
// To go on would be to sign a second history.
var ErrHistory = errors.New("the archive has another history than this hub has seen: nothing more is recorded")

// resume takes up where the archive stands, and refuses one whose ledger another key
// signed: its participants would find out with the first step.
func (s *Sequencer) resume(ctx context.Context) error {
	head, err := s.store.Head(ctx)
	if err != nil {
		return fmt.Errorf("read the last event's number: %w", err)
	}
	_, last, err := s.read(head)
	if err != nil {
		return err
	}
	s.seen, s.last = head, last
	return nil
}

// catchUp takes up what other processes have committed since this one looked last, and
// returns the ledger's edge to grow by. It runs before anything of a batch is decided:
// the time of the last event bounds that of the next.
func (s *Sequencer) catchUp(tx store.Tx) (*ledger.Tree, error) {
	head := tx.Head()
	same := head.Seq == s.seen.Seq && bytes.Equal(head.Checkpoint, s.seen.Checkpoint)
	if same && s.tree != nil {
		return s.tree.Clone(), nil
	}
	clear(s.indexes)
	if !same && head.Seq <= s.seen.Seq {
		return nil, ErrHistory
	}
	checkpoint, last, err := s.read(head)
	if err != nil {
		return nil, err
	}
	tree, err := ledger.NewTree(int64(head.Seq), archive.HashesOf(context.Background(), tx))
	if err != nil {
		return nil, err
	}
	if head.Seq > 0 {
		if root, err := tree.Root(); err != nil || root != checkpoint.Root {
			return nil, errors.Join(errors.New("the archive's checkpoint is not of the archive's leaves"), err)
		}
	}
	s.seen, s.tree = head, nil // this attempt may be lost, and what the tree was of is past
	if last.After(s.last) {
		s.last = last
	}
	return tree, nil
}

// read checks that a head is this hub's own and returns its checkpoint and the last
// event's time.
func (s *Sequencer) read(head store.Head) (checkpoint ledger.Checkpoint, last time.Time, err error) {
	if head.Seq == 0 {
		return checkpoint, last, nil
	}
	if checkpoint, err = ledger.OpenCheckpoint(head.Checkpoint, s.key); err != nil {
		return checkpoint, last, fmt.Errorf("the archive's ledger was not signed with this hub's key: %w", err)
	}
	if checkpoint.Size != int64(head.Seq) {
		return checkpoint, last, fmt.Errorf("the archive's checkpoint is of %d events, and there are %d", checkpoint.Size, head.Seq)
	}
	leaf, err := ledger.ParseLeaf(head.Leaf)
	if err != nil {
		return checkpoint, last, fmt.Errorf("event %d: %w", head.Seq, err)
	}
	return checkpoint, leaf.Time, nil
}
