package client

import (
	"context"
	"iter"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// leafPage is how many leaf hashes an audit asks for at a time.
const leafPage = 10_000

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
	return &Ledger{reader: newReader(conn, 0), events: sideOf(caller) != 0}, nil
}

// Checkpoint returns the newest checkpoint, as the hub signed it, after checking that it
// goes on from what was seen before; and the newest one that witnesses have cosigned,
// with how many of those of WithWitnesses have. Both are empty while the ledger is.
func (l *Ledger) Checkpoint(ctx context.Context) (newest, witnessed string, cosigned int, err error) {
	t := l.reader.trust
	least := t.Size()
	out, err := t.hub.ledger.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		return "", "", 0, err
	}
	if _, err := t.BelieveNew(ctx, out.GetCheckpoint(), least); err != nil {
		return "", "", 0, typed(err)
	}
	if out.GetWitnessedCheckpoint() != "" {
		if cosigned, _, err = t.Witnessed(ctx, out.GetWitnessedCheckpoint()); err != nil {
			return "", "", 0, typed(err)
		}
	}
	return out.GetCheckpoint(), out.GetWitnessedCheckpoint(), cosigned, nil
}

// Audit is what an audit has looked at.
type Audit = verify.Audit

// Verify reads the whole ledger and checks it, and every event of the caller's
// organisation in it, as verify.Verifier.Audit says. Its memory does not grow with the
// ledger. Progress, if given, is told after each page.
func (l *Ledger) Verify(ctx context.Context, progress func(Audit)) (Audit, error) {
	newest, _, _, err := l.Checkpoint(ctx)
	if err != nil || newest == "" {
		return Audit{}, err
	}
	audit, err := l.reader.verifier.Audit(ctx, newest, l.leafHashes, l.receipts(ctx), progress)
	return audit, typed(err)
}

// leafHashes returns a page of leaf hashes.
func (l *Ledger) leafHashes(ctx context.Context, after int64) ([][]byte, error) {
	out, err := l.reader.trust.hub.ledger.ListLeafHashes(ctx, &liaisonv1.ListLeafHashesRequest{AfterSequence: uint64(after), PageSize: leafPage})
	return out.GetHashes(), err
}

// receipts returns the receipts of the caller's organisation's events.
func (l *Ledger) receipts(ctx context.Context) iter.Seq2[*liaisonv1.Receipt, error] {
	if !l.events {
		return func(func(*liaisonv1.Receipt, error) bool) {}
	}
	return l.reader.receipts(ctx, "", 0)
}
