package client

import (
	"context"
	"fmt"
	"iter"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// leafPage is how many leaf hashes an audit asks for at a time.
const leafPage = 10_000

// trimEvery is after how many leaves the tree is cut back to its edge.
const trimEvery = 1024

// Ledger is a hub's ledger as one participant sees it.
type Ledger struct {
	reader Reader
	events bool // whether the caller's organisation has any
}

// NewLedger makes a Ledger that is read over a connection.
func NewLedger(conn *Conn) (*Ledger, error) {
	if err := conn.trust.ready(); err != nil {
		return nil, err
	}
	caller, err := conn.trust.self()
	if err != nil {
		return nil, err
	}
	side := caller.Role.Side()
	return &Ledger{
		reader: newReader(conn, side),
		events: side == lifecycle.AuthoritySide || side == lifecycle.PlatformSide || caller.Role == lifecycle.Reviewer,
	}, nil
}

// Checkpoint returns the newest checkpoint, as the hub signed it, after checking that it
// goes on from what was seen before; and the newest one that witnesses have cosigned,
// with how many of those of WithWitnesses have. Both are empty while the ledger is.
func (l *Ledger) Checkpoint(ctx context.Context) (newest, witnessed string, cosigned int, err error) {
	view := l.reader.trust.ledger
	least := view.size()
	out, err := view.service.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		return "", "", 0, err
	}
	if _, err := view.believeNew(ctx, out.GetCheckpoint(), least); err != nil {
		return "", "", 0, err
	}
	if out.GetWitnessedCheckpoint() != "" {
		if _, cosigned, err = ledger.OpenWitnessed([]byte(out.GetWitnessedCheckpoint()), view.key, view.witnesses...); err != nil {
			return "", "", 0, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
		}
		if _, err := view.believe(ctx, out.GetWitnessedCheckpoint()); err != nil {
			return "", "", 0, err
		}
	}
	return out.GetCheckpoint(), out.GetWitnessedCheckpoint(), cosigned, nil
}

// Audit is what an audit has looked at.
type Audit struct {
	Events     int64 // in the whole ledger
	Own        int64 // that the caller's organisation may see: each re-hashed, and its proof checked
	Purged     int64 // of these, whose content was deleted
	Signatures int64 // of these, that were signed; each was checked
	Size       int64 // of the checkpoint that all of it leads to
}

// Verify reads the whole ledger: it builds the tree anew from every leaf's hash, checks
// that its root is the checkpoint's, reads every event of the caller's organisation,
// hashes it again, holds it against its place in the tree, checks its proof, its
// signatures, and that there is one where its organisation always gives one, that time
// does not run backwards, and that the organisation's feed has no gap. A body that is
// missing must be explained by the hub's purge of a request that was over.
//
// Its memory does not grow with the ledger: it holds one page, the tree's edge, and of
// each request whose bodies are missing a few bytes until its purge comes. Progress, if
// given, is told after each page.
func (l *Ledger) Verify(ctx context.Context, progress func(Audit)) (Audit, error) {
	view := l.reader.trust.ledger
	newest, _, _, err := l.Checkpoint(ctx)
	if err != nil || newest == "" {
		return Audit{}, err
	}
	checkpoint, err := ledger.OpenCheckpoint([]byte(newest), view.key)
	if err != nil {
		return Audit{}, &Distrust{Kind: ErrCheckpoint, Detail: err.Error()}
	}
	next, stop := iter.Pull2(l.records(ctx))
	defer stop()
	a := auditing{Audit: Audit{Size: checkpoint.Size}, ledger: l, next: next, missing: make(missing)}
	if err := a.advance(); err != nil {
		return a.Audit, err
	}
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		return a.Audit, err
	}
	for tree.Size() < checkpoint.Size {
		out, err := view.service.ListLeafHashes(ctx, &liaisonv1.ListLeafHashesRequest{AfterSequence: uint64(tree.Size()), PageSize: leafPage})
		if err != nil {
			return a.Audit, err
		}
		hashes, err := ledger.ProofFrom(out.GetHashes())
		if err != nil || len(hashes) == 0 {
			return a.Audit, &Distrust{Kind: ErrNotInLedger, Sequence: uint64(tree.Size()) + 1, Detail: "the hub does not show the leaf's hash"}
		}
		for _, hash := range hashes[:min(int64(len(hashes)), checkpoint.Size-tree.Size())] {
			if _, err := tree.Append(hash); err != nil {
				return a.Audit, err
			}
			if tree.Size()%trimEvery == 0 {
				tree.Trim()
			}
			if err := a.leaf(ctx, uint64(tree.Size()), hash); err != nil {
				return a.Audit, err
			}
		}
		a.Events = tree.Size()
		if progress != nil {
			progress(a.Audit)
		}
	}
	root, err := tree.Root()
	if err != nil {
		return a.Audit, err
	}
	if root != checkpoint.Root {
		return a.Audit, &Distrust{Kind: ErrForked, Detail: "the leaves do not make the tree that the checkpoint is of", Evidence: []string{newest}}
	}
	return a.Audit, a.explain()
}

// records returns the records of the caller's organisation.
func (l *Ledger) records(ctx context.Context) iter.Seq2[*entry, error] {
	if !l.events {
		return func(func(*entry, error) bool) {}
	}
	return l.reader.records(ctx, "", 0)
}

// auditing is an audit under way.
type auditing struct {
	Audit
	ledger *Ledger
	next   func() (*entry, error, bool)
	own    *entry // the next event of the caller's organisation; nil after the last
	index  uint64 // its place in the feed

	missing missing // bodies that no purge explains yet
}

// advance reads the next event of the caller's organisation.
func (a *auditing) advance() error {
	recorded, err, more := a.next()
	if err != nil {
		return err
	}
	a.own = nil
	if !more {
		return nil
	}
	a.own = recorded
	a.index++
	if place := a.ledger.reader.indexOf(recorded); place != a.index {
		return &Distrust{Kind: ErrFeed, Request: recorded.leaf.Request, Sequence: recorded.leaf.Sequence,
			Detail: fmt.Sprintf("it has place %d in the feed, and %d comes next", place, a.index)}
	}
	return nil
}

// leaf holds one leaf's hash against the event of the caller's organisation that it is
// of, if it is of one.
func (a *auditing) leaf(ctx context.Context, sequence uint64, hash [32]byte) error {
	if a.own == nil || a.own.leaf.Sequence != sequence {
		return nil
	}
	if a.own.leaf.Hash() != hash {
		return &Distrust{Kind: ErrNotInLedger, Request: a.own.leaf.Request, Sequence: sequence, Detail: "the ledger shows another leaf in its place"}
	}
	a.Own++
	if a.own.gone {
		a.Purged++
	}
	if err := a.missing.settle(a.ledger.reader.trust, a.own); err != nil {
		return err
	}
	if err := a.signature(ctx); err != nil {
		return err
	}
	return a.advance()
}

// explain reads on behind the checkpoint while bodies are missing: what was purged during
// the audit has its purge there.
func (a *auditing) explain() error {
	for len(a.missing) > 0 && a.own != nil {
		if err := a.missing.settle(a.ledger.reader.trust, a.own); err != nil {
			return err
		}
		if err := a.advance(); err != nil {
			return err
		}
	}
	return a.missing.unexplained()
}

// signature checks the signatures that an event came with, and that it came with one if
// it must.
func (a *auditing) signature(ctx context.Context) error {
	e := a.own.event
	if a.own.gone || !statement.HasSignedForm(e) {
		return nil
	}
	s := &story{trust: a.ledger.reader.trust}
	side := e.GetAuthority()
	if actor, err := identity.ParseID(e.GetActor()); err == nil {
		side = partyOf(e, &liaisonv1.RequestSpec{Platform: e.GetPlatform(), Reviewer: e.GetReviewer()}, actor.Role)
	}
	if a.ledger.reader.side != lifecycle.AuthoritySide && e.GetDelivery() != nil {
		if _, err := s.deliver(ctx, e); err != nil {
			return err
		}
	}
	if e.GetEnvelope() == nil {
		return s.mayBeUnsigned(e, side)
	}
	opened, err := statement.Open(e.GetEnvelope())
	if err != nil {
		return &Distrust{Kind: ErrSignature, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	at := e.GetCreateTime().AsTime()
	err = s.check(ctx, opened, side, e.GetActor(), statement.Place{
		Hub: s.trust.ledger.key.Name(), Request: e.GetRequest(), Previous: opened.GetPreviousSha256(), Time: at,
	}, at, e)
	if err == nil {
		a.Signatures++
	}
	return err
}
