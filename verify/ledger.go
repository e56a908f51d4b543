package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// window is how many leaves before the last checkpoint are remembered at least: what is
// shown out of order, or to several at once, is held against them without another call.
const window = 4096

// ledgerView is what this side has seen of a hub's ledger. It believes nothing of it
// that is not the continuation of what it believed before.
type ledgerView struct {
	key       note.Verifier // nil: nothing is believed
	hub       Hub
	memory    Memory // nil: nothing is kept
	witnesses []note.Verifier

	// proving holds one place, for whoever asks the hub for proofs: one at a time, so that
	// each is held against what the one before has shown. Others wait for it no longer than
	// their own contexts last.
	proving chan struct{}

	mu     sync.Mutex // never held while the hub is asked, or the memory written
	loaded bool
	last   ledger.Checkpoint
	signed string                       // last, as the hub signed it
	tree   *ledger.Tree                 // last's, grown from base; nil if its edge is not known
	base   int64                        // the smallest size whose root the tree has
	opened map[string]ledger.Checkpoint // whose signatures were checked lately
	proved map[ledger.Checkpoint]error  // smaller ones that were held against last's line

	kept      Belief // that the memory has
	flush     *flush // the write that is under way; nil if none is
	era       int    // grows when what is not kept is taken back
	takenBack error  // why it was, last
}

// ErrNoHubKey says that there is nothing to check the hub's ledger with.
var ErrNoHubKey = errors.New("the hub's key is required, to check its ledger with")

// Believe checks a checkpoint against all that was believed before, and takes it up if it
// is newer. Of two that cannot both be true it keeps both. It returns how many events the
// checkpoint has.
func (v *Verifier) Believe(ctx context.Context, checkpoint string) (size int64, err error) {
	c, err := v.ledger.believe(ctx, checkpoint, nil)
	return c.Size, err
}

// BelieveNew is Believe for a checkpoint that must have at least so many events. It may be
// empty, as that of a hub where nothing has happened, if that is none.
func (v *Verifier) BelieveNew(ctx context.Context, checkpoint string, least int64) (size int64, err error) {
	c, err := v.ledger.believeNew(ctx, checkpoint, least)
	return c.Size, err
}

// Seen returns the last checkpoint that was verified and kept, as the hub signed it; empty
// if there is none.
func (v *Verifier) Seen() (string, error) {
	v.ledger.mu.Lock()
	defer v.ledger.mu.Unlock()
	err := v.ledger.load()
	if v.ledger.memory == nil {
		return v.ledger.signed, err
	}
	return v.ledger.kept.Checkpoint, err
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
	if _, err := v.ledger.believe(ctx, checkpoint, nil); err != nil {
		return 0, 0, err
	}
	return cosigned, c.Size, nil
}

// isSigned reports whether the hub has signed a checkpoint.
func (v *ledgerView) isSigned(checkpoint string) bool {
	_, err := v.open(checkpoint)
	return err == nil
}

// open reads a checkpoint that the hub has signed. Steps that were recorded together have
// the same one.
func (v *ledgerView) open(signed string) (ledger.Checkpoint, error) {
	v.mu.Lock()
	c, ok := v.opened[signed]
	v.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := ledger.OpenCheckpoint([]byte(signed), v.key)
	if err != nil {
		return c, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.opened) >= 64 || v.opened == nil {
		v.opened = make(map[string]ledger.Checkpoint)
	}
	v.opened[signed] = c
	return c, nil
}

// believe checks a checkpoint against all that was believed before, takes it up if it is
// newer, and returns after that is kept.
func (v *ledgerView) believe(ctx context.Context, signed string, g *growth) (ledger.Checkpoint, error) {
	v.mu.Lock()
	era := v.era // before it is judged
	v.mu.Unlock()
	c, err := v.hold(ctx, signed, g)
	if err == nil {
		err = v.keep(ctx, c.Size, era)
	}
	return c, err
}

// hold is believe for what is not kept yet. Of two checkpoints that cannot both be true it
// keeps both.
func (v *ledgerView) hold(ctx context.Context, signed string, g *growth) (ledger.Checkpoint, error) {
	c, err := v.judge(ctx, signed, g)
	var d *Distrust
	if errors.As(err, &d) && errors.Is(err, ErrForked) && len(d.Evidence) == 2 && v.memory != nil {
		if failed := v.memory.KeepEvidence(c.Size, d.Evidence[0], d.Evidence[1]); failed != nil {
			return c, errors.Join(err, failed)
		}
	}
	return c, err
}

func (v *ledgerView) judge(ctx context.Context, signed string, g *growth) (ledger.Checkpoint, error) {
	if v.key == nil {
		return ledger.Checkpoint{}, ErrNoHubKey
	}
	c, err := v.open(signed)
	if err != nil {
		return c, err
	}
	if known, err := v.settle(c, signed, g); known {
		return c, err
	}
	select {
	case v.proving <- struct{}{}:
		defer func() { <-v.proving }()
	case <-ctx.Done():
		return c, ctx.Err()
	}
	if known, err := v.settle(c, signed, g); known { // what was waited for may have settled it
		return c, err
	}
	last, had := v.current()
	if c.Size > last.Size {
		edge, err := v.prove(ctx, last, c, had, signed)
		if errors.Is(err, ErrNoTree) {
			err = forked(had, signed) // a hub that has signed both sizes can prove it
		}
		if err != nil {
			return c, err
		}
		v.jump(c, signed, edge)
		return c, nil
	}
	_, err = v.prove(ctx, c, last, had, signed)
	if errors.Is(err, ErrNoTree) {
		err = rolledBack(had, signed, c.Size, last.Size) // it has less than it had
	}
	if d := (*Distrust)(nil); err == nil || errors.As(err, &d) { // the hub may be reached again
		v.mu.Lock()
		defer v.mu.Unlock()
		v.proved[c] = err
	}
	return c, err
}

// settle says whether a checkpoint can be judged without asking the hub, and how: it is of
// the tree that this side has, or goes on from it as what came with it shows.
func (v *ledgerView) settle(c ledger.Checkpoint, signed string, g *growth) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.load(); err != nil {
		return true, err
	}
	switch {
	case c == v.last:
		return true, nil
	case c.Size == v.last.Size:
		return true, forked(v.signed, signed)
	case c.Size > v.last.Size:
		return v.extend(c, signed, g)
	case v.tree != nil && c.Size >= v.base:
		root, err := v.tree.RootAt(c.Size)
		if err == nil && root != c.Root {
			err = forked(v.signed, signed)
		}
		return true, err
	default:
		err, known := v.proved[c]
		return known, err
	}
}

// current returns the last checkpoint that was verified. It has been loaded before.
func (v *ledgerView) current() (last ledger.Checkpoint, signed string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.last, v.signed
}

// load takes up what was kept. The caller holds mu.
func (v *ledgerView) load() error {
	if v.loaded {
		return nil
	}
	v.tree, v.proved = treeOf(ledger.Checkpoint{}, nil), make(map[ledger.Checkpoint]error)
	if v.memory != nil {
		if err := v.loadKept(); err != nil {
			return err
		}
	}
	v.loaded = true
	return nil
}

// loadKept takes up what the memory has. The caller holds mu.
func (v *ledgerView) loadKept() error {
	kept, err := v.memory.Load()
	if err != nil || kept == nil {
		return err
	}
	c, err := ledger.OpenCheckpoint([]byte(kept.Checkpoint), v.key)
	if err == nil && c.Size != kept.Size {
		err = ledger.ErrCheckpoint
	}
	if err != nil {
		return &Distrust{Kind: ErrCheckpoint, Detail: "the remembered one: " + err.Error()}
	}
	v.take(c, kept.Checkpoint, treeOf(c, kept.Edge))
	v.kept = *kept
	return nil
}

// prove has the hub prove that one tree is the beginning of another, of which the one is
// the last that was verified, and the other was shown now; it returns the later one's edge.
// What was had before and what it signed now are the evidence if it cannot.
func (v *ledgerView) prove(ctx context.Context, earlier, later ledger.Checkpoint, had, signed string) ([][]byte, error) {
	if earlier.Size == 0 {
		return nil, nil
	}
	hashes, edge, err := v.hub.ConsistencyProof(ctx, earlier.Size, later.Size)
	if err != nil {
		return nil, err
	}
	proof, err := ledger.ProofFrom(hashes)
	if err == nil {
		err = ledger.CheckConsistency(earlier, later, proof)
	}
	if err != nil {
		return nil, forked(had, signed)
	}
	return edge, nil
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
	c, err := v.believe(ctx, signed, nil)
	if err == nil && c.Size < least {
		v.mu.Lock()
		defer v.mu.Unlock()
		err = rolledBack(v.signed, signed, c.Size, least)
	}
	return c, err
}
