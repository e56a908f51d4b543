package verify

import (
	"context"
	"errors"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// Belief is what is remembered of a ledger: the last checkpoint that was verified.
type Belief struct {
	// Size is how many events it has.
	Size int64
	// Checkpoint is the checkpoint, as the hub signed it.
	Checkpoint string
	// Edge are the hashes of the complete subtrees of the checkpoint's tree, the largest
	// first, by which this side goes on from it by itself; empty if they are not known.
	Edge [][]byte
}

// Memory keeps what is believed of a ledger over the end of a process, and over a power
// cut. Several processes may share one.
type Memory interface {
	// Load returns the furthest belief that was kept; nil if none was.
	Load() (*Belief, error)
	// Keep keeps a belief, which goes on from the one of the checkpoint before; empty: from
	// none. If another one is there by now it keeps nothing, and returns that one. When it
	// returns without an error, what it kept survives a power cut.
	Keep(ctx context.Context, before string, b Belief) (other *Belief, err error)
	// KeepEvidence keeps two checkpoints that cannot both be true, found out by one of a size.
	KeepEvidence(size int64, one, other string) error
}

// ErrNotKept says that something was verified, and could not be kept in the memory: it does
// not count before it is. Whether a step was taken is unknown then to whoever took it:
// the same call, with the same identifier, finds out.
var ErrNotKept = errors.New("what was verified could not be remembered")

// keepTimeout bounds how long a memory is written to, with what it takes to join what
// another process has kept.
const keepTimeout = 30 * time.Second

// flush is one write to the memory, which everybody waits for whom it covers.
type flush struct {
	size int64         // that it keeps, or a larger one
	done chan struct{} // closed after err is set
	err  error
}

// keep returns when the memory has a belief of at least this size. One at a time writes, and
// covers all who came before it began. What was believed in an earlier era than this one
// was taken back.
func (v *ledgerView) keep(ctx context.Context, size int64, era int) error {
	for {
		f, err := v.flushing(size, era)
		if f == nil || err != nil {
			return err
		}
		select {
		case <-f.done:
			if f.err != nil && f.size >= size {
				return f.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// flushing returns the write that is under way, and begins one if none is; nil if a belief of
// this size is kept.
func (v *ledgerView) flushing(size int64, era int) (*flush, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.era != era:
		return nil, v.takenBack
	case v.memory == nil || v.kept.Size >= size:
		return nil, nil
	case v.flush == nil:
		v.flush = &flush{size: v.last.Size, done: make(chan struct{})}
		go v.write(v.flush)
	}
	return v.flush, nil
}

// write keeps what is believed now. Another process that shares the memory may have kept
// something meanwhile, shown by another hub, or by the same to another end: that is held
// against what is believed here before it is written over.
func (v *ledgerView) write(f *flush) {
	ctx, cancel := context.WithTimeout(context.Background(), keepTimeout)
	defer cancel()
	f.err = v.writeBelief(ctx)
	v.mu.Lock()
	defer v.mu.Unlock()
	if d := (*Distrust)(nil); errors.As(f.err, &d) {
		v.takeBack(f.err)
	}
	v.flush = nil
	close(f.done)
}

// takeBack makes what is kept the last that is believed: what went on from it contradicts
// what another process has kept, and counts for nobody. The caller holds mu.
func (v *ledgerView) takeBack(why error) {
	v.era++
	v.takenBack = why
	c, err := ledger.OpenCheckpoint([]byte(v.kept.Checkpoint), v.key)
	if err != nil { // nothing is kept yet
		c = ledger.Checkpoint{}
	}
	v.take(c, v.kept.Checkpoint, treeOf(c, v.kept.Edge))
}

func (v *ledgerView) writeBelief(ctx context.Context) error {
	for {
		v.mu.Lock()
		before, b := v.kept.Checkpoint, v.belief()
		v.mu.Unlock()
		other, err := v.memory.Keep(ctx, before, b)
		if err != nil {
			return errors.Join(ErrNotKept, err)
		}
		if other != nil {
			if _, err := v.hold(ctx, other.Checkpoint, nil); err != nil {
				return err
			}
			b = *other
		}
		v.mu.Lock()
		v.kept = b
		further := v.last.Size > b.Size
		v.mu.Unlock()
		if other == nil || !further {
			return nil
		}
	}
}

// belief returns what is believed, to be kept. The caller holds mu.
func (v *ledgerView) belief() Belief {
	b := Belief{Size: v.last.Size, Checkpoint: v.signed}
	if v.tree != nil {
		for _, hash := range v.tree.Edge() {
			b.Edge = append(b.Edge, hash[:])
		}
	}
	return b
}
