package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ledgerView is what this side has seen of a hub's ledger. It believes nothing of it
// that is not the continuation of what it believed before.
type ledgerView struct {
	key       note.Verifier
	service   liaisonv1.LedgerServiceClient
	memory    memory
	required  int           // of witnesses
	patience  time.Duration // with them
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

// entry is an event that is in the ledger.
type entry struct {
	event   *liaisonv1.Event // with the envelope that came with it; without detail if it was purged
	leaf    ledger.Leaf
	gone    bool               // what it says was purged, or is withheld
	receipt *liaisonv1.Receipt // with its checkpoint
}

// verify checks that a receipt is of this hub's ledger and returns the record. The
// checkpoint is that of the message if the receipt has none.
func (v *ledgerView) verify(ctx context.Context, receipt *liaisonv1.Receipt, checkpoint string) (*entry, error) {
	r, err := readRecord(receipt.GetRecord())
	if err != nil {
		return nil, err
	}
	if own := receipt.GetCheckpoint(); own != "" {
		checkpoint = own
	}
	r.receipt = &liaisonv1.Receipt{Record: receipt.GetRecord(), InclusionProof: receipt.GetInclusionProof(), Checkpoint: checkpoint}
	c, err := v.believe(ctx, checkpoint)
	if err != nil {
		return nil, err
	}
	proof, err := ledger.ProofFrom(receipt.GetInclusionProof())
	if err == nil {
		err = ledger.CheckInclusion(c, r.leaf.Sequence, r.leaf.Hash(), proof)
	}
	if err != nil {
		return nil, &Distrust{Kind: ErrNotInLedger, Request: r.leaf.Request, Sequence: r.leaf.Sequence, Detail: err.Error(), Evidence: []string{checkpoint}}
	}
	return r, nil
}

// readRecord holds a record's body against its leaf.
func readRecord(in *liaisonv1.Record) (*entry, error) {
	leaf, err := ledger.ParseLeaf(in.GetLeaf())
	if err != nil {
		return nil, &Distrust{Kind: ErrNotInLedger, Detail: "the receipt has no leaf: " + err.Error()}
	}
	altered := func(detail string) error {
		return &Distrust{Kind: ErrAltered, Request: leaf.Request, Sequence: leaf.Sequence, Detail: detail}
	}
	r := &entry{leaf: leaf}
	if len(in.GetBody()) == 0 && len(in.GetSalt()) == 0 {
		r.gone = true
		r.event = &liaisonv1.Event{Sequence: leaf.Sequence, CreateTime: timestampOf(leaf.Time), Request: leaf.Request, Actor: leaf.Actor}
		return r, nil
	}
	if len(in.GetSalt()) != ledger.SaltSize || ledger.Digest(in.GetSalt(), in.GetBody()) != leaf.Digest {
		return nil, altered("its digest is not the leaf's")
	}
	if r.event, err = record.Decode(in.GetBody()); err != nil {
		return nil, altered("it is not an event")
	}
	e := r.event
	switch {
	case e.GetSequence() != leaf.Sequence || e.GetRequest() != leaf.Request || e.GetActor() != leaf.Actor,
		!e.GetCreateTime().AsTime().Equal(leaf.Time), record.Type(e) != leaf.Type:
		return nil, altered("it says something else than its leaf")
	}
	return r, nil
}

// believe checks a checkpoint against all that was believed before, and takes it up if
// it is newer. Of two that cannot both be true it keeps both.
func (v *ledgerView) believe(ctx context.Context, signed string) (ledger.Checkpoint, error) {
	c, err := v.judge(ctx, signed)
	var d *Distrust
	if errors.As(err, &d) && errors.Is(err, ErrForked) && len(d.Evidence) == 2 {
		if failed := v.memory.convict(c.Size, d.Evidence[0], d.Evidence[1]); failed != nil {
			return c, errors.Join(err, failed)
		}
	}
	return c, err
}

func (v *ledgerView) judge(ctx context.Context, signed string) (ledger.Checkpoint, error) {
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
		return c, fromStatus(status.FromContextError(ctx.Err()).Err())
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
	var temporary *Error
	if !errors.As(err, &temporary) {
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
	signed, err := v.memory.load()
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
		stored, err := v.memory.replace(ctx, proved, c.Size, []byte(signed))
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
		if errors.Is(err, errUnproved) {
			return forked(stored, signed)
		}
		return err
	default:
		err := v.proveGrowth(ctx, c, other, stored, signed)
		if errors.Is(err, errUnproved) {
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
	if errors.Is(err, errUnproved) {
		// A hub that has signed both sizes can prove it, unless it has less than it had.
		if later == last {
			return rolledBack(had, signed, earlier.Size, later.Size)
		}
		return forked(had, signed)
	}
	return err
}

// errUnproved says that the hub does not have the tree that it is to prove something of.
var errUnproved = errors.New("the hub has no such tree")

// proveGrowth has the hub prove that one tree is the beginning of another. What was had
// before and what it signed now are the evidence if it cannot.
func (v *ledgerView) proveGrowth(ctx context.Context, earlier, later ledger.Checkpoint, had, signed string) error {
	if earlier.Size == 0 {
		return nil
	}
	out, err := v.service.GetConsistencyProof(ctx, &liaisonv1.GetConsistencyProofRequest{
		FromSize: uint64(earlier.Size), ToSize: uint64(later.Size),
	})
	var told *Error
	if errors.As(err, &told) && told.Code == codes.InvalidArgument {
		return errUnproved
	}
	if err != nil {
		return err
	}
	proof, err := ledger.ProofFrom(out.GetHashes())
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

// seen returns the last checkpoint that was verified, as the hub signed it; empty if
// there is none.
func (v *ledgerView) seen() (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.load()
	return v.signed, err
}

// size returns how far the ledger was seen to have grown.
func (v *ledgerView) size() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.load() != nil {
		return 0
	}
	return v.last.Size
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

// witnessPause is how often is asked whether witnesses have cosigned.
const witnessPause = 50 * time.Millisecond

// awaitWitnesses returns when enough witnesses have cosigned a ledger that includes the
// event.
func (v *ledgerView) awaitWitnesses(ctx context.Context, sequence uint64) error {
	if v.required == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	cosigned, size := 0, int64(0)
	for {
		out, err := v.service.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
		if err != nil {
			return v.notWitnessed(ctx, err, cosigned, size)
		}
		if signed := out.GetWitnessedCheckpoint(); signed != "" {
			c, n, err := ledger.OpenWitnessed([]byte(signed), v.key, v.witnesses...)
			if err != nil {
				return &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
			}
			if _, err := v.believe(ctx, signed); err != nil {
				return v.notWitnessed(ctx, err, cosigned, size)
			}
			if cosigned, size = n, c.Size; n >= v.required && uint64(size) >= sequence {
				return nil
			}
		}
		if err := sleep(ctx, witnessPause); err != nil {
			return v.notWitnessed(ctx, err, cosigned, size)
		}
	}
}

// notWitnessed says what the wait for witnesses ended with: err, unless that is that the time
// is over, which the hub may notice first. Distrust stays what it is.
func (v *ledgerView) notWitnessed(ctx context.Context, err error, cosigned int, size int64) error {
	var distrust *Distrust
	if errors.As(err, &distrust) || ctx.Err() == nil && status.Code(err) != codes.DeadlineExceeded {
		return err
	}
	return &Distrust{Kind: ErrNotWitnessed, Detail: fmt.Sprintf("%d of the %d demanded have, up to event %d; what it waited for is in the ledger all the same", cosigned, v.required, size)}
}
