// Package sequencer is the hub's one writer. Every step that anybody takes passes
// through it, one after the other, and gets the number that orders everything:
// the event's place in history, its leaf in the ledger, the resume token of every
// stream. Nothing else changes a request.
//
// Steps queue; the writer takes all that are waiting, decides each against the
// requests as the steps before it left them, and commits them together. A step
// that is refused fails alone. A step that is accepted is answered only after the
// commit is on disk, so that what a caller was told is never lost; and since
// callers share commits, many of them cost little more than one.
package sequencer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// maxBatch bounds how many steps share a commit, and so how long one waits for
// the others' work.
const maxBatch = 256

// Errors that Submit returns besides those of the lifecycle, of scope and of the store.
var (
	// ErrETag says that the request is no longer the version that the step was meant for.
	ErrETag = errors.New("the request has changed since it was read")
	// ErrCallReused says that the call's identifier was used for another call.
	ErrCallReused = errors.New("the call's identifier was used for another call")
	// ErrStopping says that the hub takes no further steps.
	ErrStopping = errors.New("the hub is stopping")
	// ErrSignatureRequired says that the caller's organisation has nothing accepted
	// unsigned.
	ErrSignatureRequired = errors.New("the organisation's directory entry requires signatures: send the step's signed form")
	// ErrExists says that there is a request of the name that a statement chose.
	ErrExists = errors.New("there is a request of this name: the statement was filed before")
	// ErrEncoding says that an answer is in clear where it must be sealed, or the reverse.
	ErrEncoding = errors.New("the answer must be sealed if the request names recipients, and be in clear if it names none")
)

// Config is what a sequencer works with. Every field is required.
type Config struct {
	Store   store.Store
	Archive *archive.Archive // what reads of the same store see, and whose watchers are woken
	Clock   func() time.Time
	NewID   func() (uuid.UUID, error) // of version 7, so that requests are stored in order of time
	Log     *slog.Logger

	// Salt makes the random bytes, ledger.SaltSize of them, that go with an event's body.
	Salt func() ([]byte, error)

	// Ledger signs checkpoints, and LedgerKey checks them. Their name is the ledger's.
	Ledger    note.Signer
	LedgerKey note.Verifier

	// SelectorKey is secret, and the same for all hubs of one archive: what requests denote is
	// hashed with it.
	SelectorKey []byte

	// Hub is the hub itself, as the actor of what it does by itself.
	Hub identity.Caller

	// Directory says whether the organisation at the other end takes part and what
	// it accepts. It is asked while steps are decided, so it answers from memory.
	Directory Counterparties
}

// Counterparties is what the sequencer asks about those at the other end.
type Counterparties interface {
	// CheckFiling refuses a filing with a platform that does not take part, or that
	// does not hold or accept what is asked, one beyond what the authority may file, one whose
	// answer the hub could read where the authority's are sealed, and one without the reviewer
	// that it needs.
	CheckFiling(authority resource.Organisation, spec *liaisonv1.RequestSpec) error
	// Quotas says how many requests, or how many emergencies, an authority may file in one
	// day: in all, and with one platform. Zero stands for no quota.
	Quotas(authority resource.Organisation, platform string, emergency bool) (all, pair int)
	// CheckActive refuses what needs an organisation that does not take part.
	CheckActive(name string) error
	// Waives says whether one officer of an authority may file a request of a kind alone.
	Waives(authority resource.Organisation, kind liaisonv1.RequestKind) bool
	// CheckApprover refuses that somebody approves or validates a request whose level is too
	// low for it, and returns the level at which the authority has registered the SPIFFE ID.
	CheckApprover(authority resource.Organisation, spec *liaisonv1.RequestSpec, id string) (liaisonv1.ApproverLevel, error)
	// RequiresSignatures says whether nothing of an organisation is accepted unsigned.
	RequiresSignatures(name resource.Organisation) bool
	// Oversees returns the parties whose requests an oversight body's auditors may see.
	Oversees(body resource.Organisation) []resource.Organisation
	// Terms says within what time a platform owes an authority an answer to a request.
	Terms(authority string, spec *liaisonv1.RequestSpec) deadline.Terms
}

// Sequencer takes steps. Its methods may be called from any goroutine.
type Sequencer struct {
	store store.Store
	clock func() time.Time
	newID func() (uuid.UUID, error)
	salt  func() ([]byte, error)
	log   *slog.Logger

	archive *archive.Archive

	signer note.Signer
	key    note.Verifier
	hub    identity.Caller

	selectorKey []byte
	macs        sync.Pool // of HMACs with the key

	directory Counterparties

	queue   chan *pending
	expects expects
	done    chan struct{} // closed when the writer has ended

	mu      sync.RWMutex // held for reading while a step is queued
	stopped bool

	// Owned by the writer.
	last    time.Time                        // time never runs backwards along the sequence
	seen    store.Head                       // where the archive stood when it was looked at last
	tree    *ledger.Tree                     // the ledger's edge as of seen; nil if it has to be read
	indexes map[resource.Organisation]uint64 // the highest in each feed as of seen, where it was asked for
}

// pending is a step that waits for its commit, or a chore of the hub's own.
type pending struct {
	step   Step
	chore  *chore      // in place of a step
	audit  *audit      // in place of a step
	result chan result // takes one result without blocking the writer
}

type result struct {
	recorded *archive.Recorded
	seq      resource.Seq // of a call that was accepted before, which recorded is read for
	audited  []Audited
	err      error
}

// New starts a sequencer over what the store holds. Close ends it.
func New(ctx context.Context, c Config) (*Sequencer, error) {
	if len(c.SelectorKey) < sha256.Size {
		return nil, errors.New("a key is required to hash selectors with")
	}
	if err := checksKnow(contentChecks); err != nil {
		return nil, err
	}
	s := &Sequencer{
		store:   c.Store,
		archive: c.Archive,
		clock:   c.Clock,
		newID:   c.NewID,
		salt:    c.Salt,
		log:     c.Log,

		signer: c.Ledger,
		key:    c.LedgerKey,
		hub:    c.Hub,

		selectorKey: c.SelectorKey,

		directory: c.Directory,

		queue:   make(chan *pending, 4*maxBatch),
		expects: expects{stirred: make(chan struct{}, 1), quiet: mostQuiet},
		done:    make(chan struct{}),

		indexes: make(map[resource.Organisation]uint64),
	}
	if err := s.resume(ctx); err != nil {
		return nil, err
	}
	go s.write()
	return s, nil
}

// Close lets the steps that are queued be taken, refuses all later ones, and
// waits for the writer to end.
func (s *Sequencer) Close() {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.queue)
	}
	s.mu.Unlock()
	<-s.done
}

// Submit takes one step and returns the event that records it, after it is on
// disk. If ctx ends first, whether the step was taken is unknown to the caller,
// who finds out by submitting the same call again.
func (s *Sequencer) Submit(ctx context.Context, step Step) (*archive.Recorded, error) {
	if filed := step.Event.GetFiled(); filed != nil {
		step.selectors = s.selectorHashes(step.Caller.Organisation, filed.GetSpec())
		step.recipients = checkRecipients(filed.GetSpec().GetAnswerRecipients())
	}
	if step.Signed != nil && step.Signed.GetAnswered() != nil {
		step.contentSHA256 = sha256.Sum256(step.Content)
	}
	r, err := s.await(ctx, &pending{step: step, result: make(chan result, 1)})
	if err != nil {
		return nil, err
	}
	if r.recorded == nil {
		return s.archive.Recorded(ctx, r.seq)
	}
	return r.recorded, nil
}

// await queues p and returns its result.
func (s *Sequencer) await(ctx context.Context, p *pending) (result, error) {
	if err := s.enqueue(ctx, p); err != nil {
		return result{}, err
	}
	if p.step.Expected != nil {
		p.step.Expected()
	}
	select {
	case r := <-p.result:
		return r, r.err
	case <-ctx.Done():
		return result{}, ctx.Err()
	}
}

func (s *Sequencer) enqueue(ctx context.Context, p *pending) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopped {
		return ErrStopping
	}
	select {
	case s.queue <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the writer: the only goroutine that decides and commits.
func (s *Sequencer) write() {
	defer close(s.done)
	batch := make([]*pending, 0, maxBatch)
	for first := range s.queue {
		batch = s.gather(append(batch[:0], first))
		s.commit(batch)
	}
}

// commit decides a batch, stores what was accepted, answers every caller and
// wakes those who watch.
func (s *Sequencer) commit(batch []*pending) {
	var results []result
	var d decision
	var tree *ledger.Tree
	var head store.Head
	err := s.guard(func() error {
		return s.store.Write(context.Background(), func(tx store.Tx) error {
			d = decision{sequencer: s, tx: tx}
			err := d.load(batch)
			if err != nil {
				return err
			}
			if tree, err = s.catchUp(tx); err != nil {
				return err
			}
			d.head = tx.Head().Seq
			if results, err = d.decide(batch); err != nil {
				return err
			}
			if head, err = d.grow(tree); err != nil {
				return err
			}
			return tx.Append(context.Background(), d.entries, head.Checkpoint)
		})
	})
	s.tree = nil
	if err != nil {
		// Nothing of the batch was stored, the good steps' part neither.
		s.log.Error("a batch was not stored", "steps", len(batch), "error", err)
		for _, p := range batch {
			p.result <- result{err: fmt.Errorf("store the step: %w", err)}
		}
		return
	}
	tree.Trim()
	s.tree, s.seen = tree, head
	maps.Copy(s.indexes, d.feeds)
	s.archive.Appended(d.entries, head.Checkpoint)
	for i, p := range batch {
		p.result <- results[i]
	}
	s.archive.Wake(grown(d.entries))
}

// guard turns a panic of a decision into a failed batch: the writer must outlive
// a fault in one step. The store has undone the batch when the panic arrives here.
func (s *Sequencer) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while deciding a batch: %T", r)
		}
	}()
	return f()
}

// now returns the time for the next event: the clock's, to the microsecond, and
// never before that of the event before.
func (s *Sequencer) now() time.Time {
	if now := s.clock().UTC().Truncate(time.Microsecond); now.After(s.last) {
		s.last = now
	}
	return s.last
}

// grown returns the last event of every feed that the entries are in.
func grown(entries []store.Entry) map[resource.Organisation]resource.Seq {
	last := make(map[resource.Organisation]resource.Seq, 2)
	for _, e := range entries {
		last[e.Event.Authority] = e.Event.Seq
		if !e.Event.Platform.IsZero() {
			last[e.Event.Platform] = e.Event.Seq
		}
		if !e.Event.Reviewer.IsZero() {
			last[e.Event.Reviewer] = e.Event.Seq
		}
	}
	return last
}
