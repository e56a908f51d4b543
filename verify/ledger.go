package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// ledgerView is what this side has seen of a hub's ledger. It believes nothing of it
// that is not the continuation of what it believed before.
type ledgerView struct {
	key       note.Verifier // nil: nothing is believed
	hub       Hub
	memory    Memory
	witnesses []note.Verifier

	// proving holds one place, for whoever asks the hub for proofs: one at a time, so that
	// each is held against what the one before has shown. Others wait for it no longer than
	// their own contexts last.
	proving chan struct{}

	mu     sync.Mutex // never held while the hub is asked
	loaded bool
	last   ledger.Checkpoint
	signed string                      // last, as the hub signed it
	proved map[ledger.Checkpoint]error // smaller ones that were held against last's line
}

// ErrNoHubKey says that there is nothing to check the hub's ledger with.
var ErrNoHubKey = errors.New("the hub's key is required, to check its ledger with")

// Believe checks a checkpoint against all that was believed before, and takes it up if it
// is newer. Of two that cannot both be true it keeps both. It returns how many events the
// checkpoint has.
func (v *Verifier) Believe(ctx context.Context, checkpoint string) (size int64, err error) {
	c, err := v.ledger.believe(ctx, checkpoint)
	return c.Size, err
}

// BelieveNew is Believe for a checkpoint that must have at least so many events. It may be
// empty, as that of a hub where nothing has happened, if that is none.
func (v *Verifier) BelieveNew(ctx context.Context, checkpoint string, least int64) (size int64, err error) {
	c, err := v.ledger.believeNew(ctx, checkpoint, least)
	return c.Size, err
}

// Seen returns the last checkpoint that was verified, as the hub signed it; empty if there
// is none.
func (v *Verifier) Seen() (string, error) {
	v.ledger.mu.Lock()
	defer v.ledger.mu.Unlock()
	err := v.ledger.load()
	return v.ledger.signed, err
}

// Size returns how far the ledger was seen to have grown.
func (v *Verifier) Size() int64 {
	v.ledger.mu.Lock()
	defer v.ledger.mu.Unlock()
	if v.ledger.load() != nil {
		return 0
	}
	return v.ledger.last.Size
}

// Witnessed checks a checkpoint that witnesses have cosigned, and returns how many of those
// of Config have, and how many events it has.
func (v *Verifier) Witnessed(ctx context.Context, checkpoint string) (cosigned int, size int64, err error) {
	c, cosigned, err := ledger.OpenWitnessed([]byte(checkpoint), v.ledger.key, v.ledger.witnesses...)
	if err != nil {
		return 0, 0, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
	}
	if _, err := v.ledger.believe(ctx, checkpoint); err != nil {
		return 0, 0, err
	}
	return cosigned, c.Size, nil
}

// isSigned reports whether the hub has signed a checkpoint.
func (v *ledgerView) isSigned(checkpoint string) bool {
	_, err := ledger.OpenCheckpoint([]byte(checkpoint), v.key)
	return err == nil
}

// believe checks a checkpoint against all that was believed before, and takes it up if
// it is newer. Of two that cannot both be true it keeps both.
func (v *ledgerView) believe(ctx context.Context, signed string) (ledger.Checkpoint, error) {
	c, err := v.judge(ctx, signed)
	var d *Distrust
	if errors.As(err, &d) && errors.Is(err, ErrForked) && len(d.Evidence) == 2 {
		if failed := v.memory.KeepEvidence(c.Size, d.Evidence[0], d.Evidence[1]); failed != nil {
			return c, errors.Join(err, failed)
		}
	}
	return c, err
}

func (v *ledgerView) judge(ctx context.Context, signed string) (ledger.Checkpoint, error) {
	if v.key == nil {
		return ledger.Checkpoint{}, ErrNoHubKey
	}
	c, err := ledger.OpenCheckpoint([]byte(signed), v.key)
	if err != nil {
		return c, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
	}
	if known, err := v.knows(c, signed); known {
		return c, err
	}
	bare, err := ledger.Bare([]byte(signed), v.key)
	if err != nil {
		return c, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
	}
	signed = string(bare)
	select {
	case v.proving <- struct{}{}:
		defer func() { <-v.proving }()
	case <-ctx.Done():
		return c, ctx.Err()
	}
	if known, err := v.knows(c, signed); known { // what was waited for may have settled it
		return c, err
	}
	last := v.current()
	if c.Size > last.Size {
		if err := v.prove(ctx, last, c, signed); err != nil {
			return c, err
		}
		return c, v.take(ctx, c, signed)
	}
	err = v.prove(ctx, c, last, signed)
	if d := (*Distrust)(nil); err == nil || errors.As(err, &d) { // the hub may be reached again
		v.remember(c, err)
	}
	return c, err
}

// knows says whether a checkpoint can be judged without asking the hub, and how.
func (v *ledgerView) knows(c ledger.Checkpoint, signed string) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.load(); err != nil {
		return true, err
	}
	switch err, known := v.proved[c]; {
	case c == v.last:
		return true, nil
	case c.Size == v.last.Size:
		return true, forked(v.signed, signed)
	default:
		return known, err
	}
}

// current returns the last checkpoint that was verified. It has been loaded before.
func (v *ledgerView) current() ledger.Checkpoint {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.last
}

// remember keeps what became of a smaller checkpoint.
func (v *ledgerView) remember(c ledger.Checkpoint, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.proved[c] = err
}

// load takes up what was remembered. The caller holds mu.
func (v *ledgerView) load() error {
	if v.loaded {
		return nil
	}
	signed, err := v.memory.Load()
	if err != nil {
		return err
	}
	if signed != nil {
		if v.last, err = v.opened(signed); err != nil {
			return err
		}
		v.signed = string(signed)
	}
	v.proved = make(map[ledger.Checkpoint]error)
	v.loaded = true
	return nil
}

// opened reads a checkpoint that was remembered.
func (v *ledgerView) opened(signed []byte) (ledger.Checkpoint, error) {
	c, err := ledger.OpenCheckpoint(signed, v.key)
	if err != nil {
		return c, &Distrust{Kind: ErrCheckpoint, Detail: "the remembered one: " + err.Error()}
	}
	return c, nil
}

// take makes a checkpoint the last one, on disk first. Another process that shares the
// folder may have taken up another one meanwhile, shown by another hub, or by the same to
// another end: the two are held against each other before either is written over.
func (v *ledgerView) take(ctx context.Context, c ledger.Checkpoint, signed string) error {
	v.mu.Lock()
	proved := []byte(v.signed) // which c goes on from
	v.mu.Unlock()
	for {
		stored, err := v.memory.Replace(ctx, proved, c.Size, []byte(signed))
		if err != nil {
			return err
		}
		if stored == nil {
			break
		}
		other, err := v.opened(stored)
		if err != nil {
			return err
		}
		if err := v.join(ctx, c, signed, other, string(stored)); err != nil {
			return err
		}
		if other.Size >= c.Size {
			c, signed = other, string(stored)
			break
		}
		proved = stored
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last, v.signed = c, signed
	clear(v.proved)
	return nil
}

// join holds a checkpoint against one that another process remembered.
func (v *ledgerView) join(ctx context.Context, c ledger.Checkpoint, signed string, other ledger.Checkpoint, stored string) error {
	switch {
	case c == other:
		return nil
	case c.Size == other.Size:
		return forked(stored, signed)
	case c.Size > other.Size:
		err := v.proveGrowth(ctx, other, c, stored, signed)
		if errors.Is(err, ErrNoTree) {
			return forked(stored, signed)
		}
		return err
	default:
		err := v.proveGrowth(ctx, c, other, stored, signed)
		if errors.Is(err, ErrNoTree) {
			return rolledBack(stored, signed, c.Size, other.Size)
		}
		return err
	}
}

// prove has the hub prove that one tree is the beginning of another, of which the one is
// the last that was verified, and the other was shown now.
func (v *ledgerView) prove(ctx context.Context, earlier, later ledger.Checkpoint, signed string) error {
	v.mu.Lock()
	last, had := v.last, v.signed
	v.mu.Unlock()
	err := v.proveGrowth(ctx, earlier, later, had, signed)
	if errors.Is(err, ErrNoTree) {
		// A hub that has signed both sizes can prove it, unless it has less than it had.
		if later == last {
			return rolledBack(had, signed, earlier.Size, later.Size)
		}
		return forked(had, signed)
	}
	return err
}

// proveGrowth has the hub prove that one tree is the beginning of another. What was had
// before and what it signed now are the evidence if it cannot.
func (v *ledgerView) proveGrowth(ctx context.Context, earlier, later ledger.Checkpoint, had, signed string) error {
	if earlier.Size == 0 {
		return nil
	}
	hashes, err := v.hub.ConsistencyProof(ctx, earlier.Size, later.Size)
	if err != nil {
		return err
	}
	proof, err := ledger.ProofFrom(hashes)
	if err == nil {
		err = ledger.CheckConsistency(earlier, later, proof)
	}
	if err != nil {
		return forked(had, signed)
	}
	return nil
}

func rolledBack(had, signed string, size, before int64) error {
	return &Distrust{Kind: ErrRolledBack, Detail: fmt.Sprintf("it has %d events, and had %d", size, before), Evidence: []string{had, signed}}
}

func forked(had, signed string) error {
	return &Distrust{Kind: ErrForked, Detail: "two checkpoints that the hub signed cannot both be true", Evidence: []string{had, signed}}
}

// believeNew is believe for a checkpoint that must not be older than one seen before.
func (v *ledgerView) believeNew(ctx context.Context, signed string, least int64) (ledger.Checkpoint, error) {
	if signed == "" {
		if least > 0 {
			return ledger.Checkpoint{}, &Distrust{Kind: ErrRolledBack, Detail: "it is empty"}
		}
		return ledger.Checkpoint{Origin: v.key.Name()}, nil
	}
	c, err := v.believe(ctx, signed)
	if err == nil && c.Size < least {
		v.mu.Lock()
		defer v.mu.Unlock()
		err = rolledBack(v.signed, signed, c.Size, least)
	}
	return c, err
}
