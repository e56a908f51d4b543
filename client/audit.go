package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// leafPage is how many leaf hashes an audit asks for at a time.
const leafPage = 10_000

// Ledger is a hub's ledger as one participant sees it.
type Ledger struct{ reader reader }

// Ledger returns the hub's ledger, for any participant to walk.
func (c *Conn) Ledger() *Ledger { return &Ledger{newReader(c, 0)} }

// Checkpoint says how far a ledger has grown. It is empty while the ledger is.
type Checkpoint struct {
	// Newest is the newest checkpoint, as the hub signed it.
	Newest string
	// Witnessed is the newest checkpoint that witnesses have cosigned; empty if there is none.
	Witnessed string
	// Cosigned is how many of the witnesses that this side knows have cosigned Witnessed.
	Cosigned int
}

// Checkpoint returns how far the ledger has grown, after checking that it goes on from what
// was seen before.
func (l *Ledger) Checkpoint(ctx context.Context) (Checkpoint, error) {
	t := l.reader.trust
	if err := t.ready(); err != nil {
		return Checkpoint{}, err
	}
	least := t.Size()
	out, err := t.hub.ledger.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		return Checkpoint{}, err
	}
	if _, err := t.BelieveNew(ctx, out.GetCheckpoint(), least); err != nil {
		return Checkpoint{}, typed(err)
	}
	c := Checkpoint{Newest: out.GetCheckpoint(), Witnessed: out.GetWitnessedCheckpoint()}
	if c.Witnessed == "" {
		return c, nil
	}
	if c.Cosigned, _, err = t.Witnessed(ctx, c.Witnessed); err != nil {
		return Checkpoint{}, typed(err)
	}
	return c, nil
}

// Audit is what an audit has looked at.
type Audit = verify.Audit

// Verify reads the whole ledger and checks it, and every event of the caller's
// organisation in it, as verify.Verifier.Audit says. Its memory does not grow with the
// ledger. Progress, if given, is told after each page.
func (l *Ledger) Verify(ctx context.Context, progress func(Audit)) (Audit, error) {
	caller, err := l.reader.trust.self()
	if err != nil {
		return Audit{}, err
	}
	c, err := l.Checkpoint(ctx)
	if err != nil || c.Newest == "" {
		return Audit{}, err
	}
	own := noReceipts
	if sideOf(caller) != 0 { // the organisation has events
		own = l.reader.receipts(ctx, "", 0)
	}
	audit, err := l.reader.verifier.Audit(ctx, c.Newest, l.leafHashes, own, progress)
	return audit, typed(err)
}

// leafHashes returns a page of leaf hashes.
func (l *Ledger) leafHashes(ctx context.Context, after int64) ([][]byte, error) {
	out, err := l.reader.trust.hub.ledger.ListLeafHashes(ctx, &liaisonv1.ListLeafHashesRequest{AfterSequence: uint64(after), PageSize: leafPage})
	return out.GetHashes(), err
}

// noReceipts is the history of who has no events, such as an auditor.
func noReceipts(func(*liaisonv1.Receipt, error) bool) {}
