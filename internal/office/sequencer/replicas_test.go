package sequencer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
)

// second starts another sequencer over the desk's archive.
func (d *desk) second(st store.Store) *sequencer.Sequencer {
	reads := must(archive.Open(context.Background(), st, d.clock))
	d.t.Cleanup(reads.Close)
	s := must(sequencer.New(context.Background(), sequencer.Config{
		Store: st, Archive: reads, Clock: d.clock, NewID: uuid.NewV7,
		Log: slog.New(slog.DiscardHandler), Directory: sequencer.Anybody{},
		Salt:   func() ([]byte, error) { return make([]byte, ledger.SaltSize), nil },
		Ledger: ledgerSigner, LedgerKey: ledgerVerifier, Hub: caller("authorities/moc", "spiffe://hub.example/hub/hub"),
		SelectorKey: make([]byte, 32),
	}))
	d.t.Cleanup(s.Close)
	return s
}

// twice is a store that has to begin each batch again.
type twice struct{ store.Store }

func (s twice) Write(ctx context.Context, batch func(store.Tx) error) error {
	lost := errors.New("the connection was lost")
	if err := s.Store.Write(ctx, func(tx store.Tx) error { return errors.Join(batch(tx), lost) }); !errors.Is(err, lost) {
		return err
	}
	return s.Store.Write(ctx, batch)
}

// TestABatchThatBeginsAgainBehindAnothersIsTheSame: what a writer took up of another's
// events in an attempt that was lost, it takes up again.
func TestABatchThatBeginsAgainBehindAnothersIsTheSame(t *testing.T) {
	d := newDesk(t)
	again := d.second(twice{d.faults})
	for i, writer := range []*sequencer.Sequencer{again, d.sequencer, again, again, d.sequencer, d.sequencer, again} {
		if _, err := writer.Submit(t.Context(), filing(fmt.Sprintf("MOC-%d", i))); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
	d.checkLedger()
}

// TestTwoWritersNumberFeedsWithoutAGap has two sequencers take turns over one archive,
// sometimes twice in a row: what each remembers of the feeds is then another's past.
func TestTwoWritersNumberFeedsWithoutAGap(t *testing.T) {
	d := newDesk(t)
	other := d.second(d.faults)
	for i, writer := range []*sequencer.Sequencer{d.sequencer, d.sequencer, other, d.sequencer, other, other, d.sequencer} {
		if _, err := writer.Submit(t.Context(), filing(fmt.Sprintf("MOC-%d", i))); err != nil {
			t.Fatal(err)
		}
	}
	rows := must(d.db.Events(t.Context(), store.EventQuery{Limit: 100}))
	for i, row := range rows {
		if row.AuthorityIndex != uint64(i)+1 {
			t.Errorf("event %d has the place %d in its authority's feed", row.Seq, row.AuthorityIndex)
		}
	}
	if len(rows) != 7 {
		t.Errorf("%d events are recorded", len(rows))
	}
	d.checkLedger()
}
