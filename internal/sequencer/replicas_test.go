package sequencer_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/ledger"
	"github.com/liaison-protocol/liaison/internal/sequencer"
	"github.com/liaison-protocol/liaison/internal/store"
)

// TestTwoWritersNumberFeedsWithoutAGap has two sequencers take turns over one archive,
// sometimes twice in a row: what each remembers of the feeds is then another's past.
func TestTwoWritersNumberFeedsWithoutAGap(t *testing.T) {
	d := newDesk(t)
	other := must(sequencer.New(context.Background(), sequencer.Config{
		Store: d.faults, Clock: d.clock, NewID: uuid.NewV7,
		Log: slog.New(slog.DiscardHandler), Directory: anybody{},
		Salt:   func() ([]byte, error) { return make([]byte, ledger.SaltSize), nil },
		Ledger: ledgerSigner, LedgerKey: ledgerVerifier, Hub: caller("authorities/moc", "spiffe://hub.example/hub/hub"),
	}))
	defer other.Close()
	for i, writer := range []*sequencer.Sequencer{d.sequencer, d.sequencer, other, d.sequencer, other, other, d.sequencer} {
		if _, err := writer.Submit(t.Context(), filing(fmt.Sprintf("MOC-%d", i))); err != nil {
			t.Fatal(err)
		}
	}
	rows := must(d.archive.Events(t.Context(), store.EventQuery{Limit: 100}))
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
