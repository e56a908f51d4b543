package verify

import (
	"context"
	"fmt"
	"iter"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// trimEvery is after how many leaves the tree is cut back to its edge.
const trimEvery = 1024

// Audit is what an audit has looked at.
type Audit struct {
	Events     int64 // in the whole ledger
	Own        int64 // that the caller's organisation may see: each re-hashed, and its proof checked
	Purged     int64 // of these, whose content was deleted
	Signatures int64 // of these, that were signed; each was checked
	Size       int64 // of the checkpoint that all of it leads to
}

// LeafHashes returns the hashes of the leaves after one of the ledger, as many as it likes.
type LeafHashes func(ctx context.Context, after int64) ([][]byte, error)

// Audit reads the whole ledger: it builds the tree anew from every leaf's hash, checks
// that its root is the checkpoint's, reads every event of the caller's organisation,
// hashes it again, holds it against its place in the tree, checks its proof, its
// signatures, and that there is one where its organisation always gives one, that time
// does not run backwards, and that the organisation's feed has no gap. A body that is
// missing must be explained by the hub's purge of a request that was over.
//
// Own are the receipts of the organisation's events, in order. The memory that is needed
// does not grow with the ledger: one page, the tree's edge, and of each request whose bodies
// are missing a few bytes until its purge comes. Progress, if given, is told after each page.
func (v *Verifier) Audit(ctx context.Context, checkpoint string, hashes LeafHashes, own iter.Seq2[*liaisonv1.Receipt, error], progress func(Audit)) (Audit, error) {
	end, err := v.ledger.believe(ctx, checkpoint, nil)
	if err != nil {
		return Audit{}, err
	}
	next, stop := iter.Pull2(v.Entries(ctx, "", 0, own))
	defer stop()
	a := auditing{Audit: Audit{Size: end.Size}, verifier: v, next: next, withheld: make(withheld)}
	if err := a.advance(); err != nil {
		return a.Audit, err
	}
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		return a.Audit, err
	}
	for tree.Size() < end.Size {
		page, err := hashes(ctx, tree.Size())
		if err != nil {
			return a.Audit, err
		}
		if err := a.grow(ctx, tree, page); err != nil {
			return a.Audit, err
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
	if root != end.Root {
		return a.Audit, &Distrust{Kind: ErrForked, Detail: "the leaves do not make the tree that the checkpoint is of", Evidence: []string{checkpoint}}
	}
	return a.Audit, a.explain()
}

// auditing is an audit under way.
type auditing struct {
	Audit
	verifier *Verifier
	next     func() (*Entry, error, bool)
	own      *Entry // the next event of the caller's organisation; nil after the last
	index    uint64 // its place in the feed
	withheld withheld
}

// grow appends a page of leaves to the tree, each after it was held against the event of
// the caller's organisation that it is of.
func (a *auditing) grow(ctx context.Context, tree *ledger.Tree, page [][]byte) error {
	hashes, err := ledger.ProofFrom(page)
	if err != nil || len(hashes) == 0 {
		return &Distrust{Kind: ErrNotInLedger, Sequence: uint64(tree.Size()) + 1, Detail: "the hub does not show the leaf's hash"}
	}
	for _, hash := range hashes[:min(int64(len(hashes)), a.Size-tree.Size())] {
		if _, err := tree.Append(hash); err != nil {
			return err
		}
		if tree.Size()%trimEvery == 0 {
			tree.Trim()
		}
		if err := a.leaf(ctx, uint64(tree.Size()), hash); err != nil {
			return err
		}
	}
	return nil
}

// advance reads the next event of the caller's organisation.
func (a *auditing) advance() error {
	e, err, more := a.next()
	if err != nil {
		return err
	}
	a.own = nil
	if !more {
		return nil
	}
	a.own = e
	a.index++
	if place := e.Index(a.verifier.side); place != a.index {
		return distrust(e.Event, ErrFeed, fmt.Sprintf("it has place %d in the feed, and %d comes next", place, a.index))
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
		return distrust(a.own.Event, ErrNotInLedger, "the ledger shows another leaf in its place")
	}
	a.Own++
	if a.own.Gone {
		a.Purged++
	}
	if err := a.withheld.settle(a.verifier, a.own); err != nil {
		return err
	}
	if err := a.signature(ctx); err != nil {
		return err
	}
	return a.advance()
}

// explain reads on after the checkpoint while bodies are missing: what was purged during
// the audit has its purge there.
func (a *auditing) explain() error {
	for len(a.withheld) > 0 && a.own != nil {
		if err := a.withheld.settle(a.verifier, a.own); err != nil {
			return err
		}
		if err := a.advance(); err != nil {
			return err
		}
	}
	return a.withheld.check()
}

// signature checks the signatures that an event came with, and that it came with one if
// it must.
func (a *auditing) signature(ctx context.Context) error {
	e := a.own.Event
	if a.own.Gone || !statement.HasSignedForm(e) {
		return nil
	}
	c := &Case{verifier: a.verifier}
	party := e.GetAuthority()
	if actor, err := identity.ParseID(e.GetActor()); err == nil {
		party = partyOf(e, &liaisonv1.RequestSpec{Platform: e.GetPlatform(), Reviewer: e.GetReviewer()}, actor.Role)
	}
	if a.verifier.side != Authority && e.GetDelivery() != nil {
		if _, err := c.checkDelivery(ctx, e); err != nil {
			return err
		}
	}
	if e.GetEnvelope() == nil {
		return a.verifier.checkUnsigned(e, party)
	}
	opened, err := statement.Open(e.GetEnvelope())
	if err != nil {
		return distrust(e, ErrSignature, err.Error())
	}
	at := e.GetCreateTime().AsTime()
	err = c.checkStatement(ctx, opened, party, e.GetActor(), statement.Place{
		Hub: a.verifier.HubName(), Request: e.GetRequest(), Previous: opened.GetPreviousSha256(), Time: at,
	}, at, e)
	if err == nil {
		a.Signatures++
	}
	return err
}
