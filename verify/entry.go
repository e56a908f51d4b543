package verify

import (
	"context"
	"fmt"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Entry is an event that is in the ledger.
type Entry struct {
	// Event has the envelope that came with it, and no detail if it is gone.
	Event *liaisonv1.Event
	// Gone says that the event's body is missing: it was purged, or is withheld.
	Gone bool
	// Receipt proves the event, and has its checkpoint.
	Receipt *liaisonv1.Receipt

	leaf ledger.Leaf
}

// Time returns when the event was recorded.
func (e *Entry) Time() time.Time { return e.leaf.Time }

// Index returns the event's place in a side's feed; zero if it is not in it.
func (e *Entry) Index(side Side) uint64 {
	switch side {
	case Platform:
		return e.leaf.PlatformIndex
	case Reviewer:
		return e.leaf.ReviewerIndex
	default:
		return e.leaf.AuthorityIndex
	}
}

// checkTime checks that an event is not earlier than the one before it.
func (e *Entry) checkTime(before time.Time) error {
	if e.leaf.Time.Before(before) {
		return distrust(e.Event, ErrTime, "it is earlier than the event before it")
	}
	return nil
}

// Entry checks that what a receipt proves is in the hub's ledger, and returns it. The
// receipt must have its checkpoint.
func (v *Verifier) Entry(ctx context.Context, receipt *liaisonv1.Receipt) (*Entry, error) {
	return v.entry(ctx, receipt, nil)
}

// EntryAfter is Entry for what came with what shows how the ledger has grown since a size,
// which the hub was told that this side knows: it has to be asked nothing more.
func (v *Verifier) EntryAfter(ctx context.Context, receipt *liaisonv1.Receipt, known int64, g *liaisonv1.LedgerGrowth) (*Entry, error) {
	return v.entry(ctx, receipt, &growth{known: known, leaves: g.GetLeafHashes(), proof: g.GetConsistencyProof(), edge: g.GetEdge()})
}

func (v *Verifier) entry(ctx context.Context, receipt *liaisonv1.Receipt, g *growth) (*Entry, error) {
	e, err := readRecord(receipt.GetRecord())
	if err != nil {
		return nil, err
	}
	e.Receipt = receipt
	if err := v.checkInclusion(ctx, e.Event, e.leaf.Hash(), receipt.GetInclusionProof(), receipt.GetCheckpoint(), g); err != nil {
		return nil, err
	}
	return e, nil
}

// Leaf checks that a leaf of which no more is known than its hash is in the ledger at an
// event's place, as an auditor sees it.
func (v *Verifier) Leaf(ctx context.Context, request string, sequence uint64, hash []byte, proof [][]byte, checkpoint string) error {
	about := &liaisonv1.Event{Request: request, Sequence: sequence}
	if len(hash) != tlog.HashSize {
		return distrust(about, ErrNotInLedger, ledger.ErrLeaf.Error())
	}
	return v.checkInclusion(ctx, about, tlog.Hash(hash), proof, checkpoint, nil)
}

// checkInclusion checks that a leaf is in the ledger at an event's place.
func (v *Verifier) checkInclusion(ctx context.Context, e *liaisonv1.Event, hash tlog.Hash, proof [][]byte, checkpoint string, g *growth) error {
	c, err := v.ledger.believe(ctx, checkpoint, g)
	if err != nil {
		return err
	}
	hashes, err := ledger.ProofFrom(proof)
	if err == nil {
		err = ledger.CheckInclusion(c, e.GetSequence(), hash, hashes)
	}
	if err != nil {
		return &Distrust{Kind: ErrNotInLedger, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error(), Evidence: []string{checkpoint}}
	}
	return nil
}

// readRecord holds a record's body against its leaf.
func readRecord(in *liaisonv1.Record) (*Entry, error) {
	leaf, err := ledger.ParseLeaf(in.GetLeaf())
	if err != nil {
		return nil, &Distrust{Kind: ErrNotInLedger, Detail: "the receipt has no leaf: " + err.Error()}
	}
	bare := &liaisonv1.Event{Sequence: leaf.Sequence, CreateTime: timestamppb.New(leaf.Time), Request: leaf.Request, Actor: leaf.Actor}
	if len(in.GetBody()) == 0 && len(in.GetSalt()) == 0 {
		return &Entry{leaf: leaf, Gone: true, Event: bare}, nil
	}
	if len(in.GetSalt()) != ledger.SaltSize || ledger.Digest(in.GetSalt(), in.GetBody()) != leaf.Digest {
		return nil, distrust(bare, ErrAltered, "its digest is not the leaf's")
	}
	e, err := record.Decode(in)
	if err != nil {
		return nil, distrust(bare, ErrAltered, "it is not an event")
	}
	switch {
	case e.GetSequence() != leaf.Sequence || e.GetRequest() != leaf.Request || e.GetActor() != leaf.Actor,
		!e.GetCreateTime().AsTime().Equal(leaf.Time), record.Type(e) != leaf.Type:
		return nil, distrust(bare, ErrAltered, "it says something else than its leaf")
	}
	return &Entry{leaf: leaf, Event: e}, nil
}

// Entries checks receipts one after the other: of one request or, if it is empty, of all.
// Each is in the ledger, and comes after the one before it, of which the first after the
// sequence number. It ends with the first error.
func (v *Verifier) Entries(ctx context.Context, request string, after uint64, receipts iter.Seq2[*liaisonv1.Receipt, error]) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		var at time.Time
		for receipt, err := range receipts {
			var e *Entry
			if err == nil {
				e, err = v.Entry(ctx, receipt)
			}
			if err == nil {
				err = e.checkAfter(request, after, at)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(e, nil) {
				return
			}
			after, at = e.leaf.Sequence, e.leaf.Time
		}
	}
}

// checkAfter checks that an entry of a request comes after another.
func (e *Entry) checkAfter(request string, after uint64, at time.Time) error {
	switch {
	case e.leaf.Sequence <= after:
		return distrust(e.Event, ErrFeed, fmt.Sprintf("it comes after event %d", after))
	case request != "" && e.leaf.Request != request:
		return distrust(e.Event, ErrFeed, "it is another request's")
	default:
		return e.checkTime(at)
	}
}
