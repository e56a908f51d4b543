package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// BenchmarkAppend files requests, so many to a durable commit.
func BenchmarkAppend(b *testing.B) {
	for _, batch := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d to a commit", batch), func(b *testing.B) {
			db := openTest(b, filepath.Join(b.TempDir(), "hub.db"))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := file(b.Context(), db, batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "filings/s")
		})
	}
}

// BenchmarkEvents reads the last hundred of ten thousand events of a feed.
func BenchmarkEvents(b *testing.B) {
	db := openTest(b, filepath.Join(b.TempDir(), "hub.db"))
	var head resource.Seq
	for head < 10_000 {
		var err error
		if head, err = file(b.Context(), db, 200); err != nil {
			b.Fatal(err)
		}
	}
	party := filing(1).Event.Platform
	b.ReportAllocs()
	for b.Loop() {
		events, err := db.Events(b.Context(), store.EventQuery{Party: party, After: head - 100, Limit: 100})
		if err != nil || len(events) != 100 {
			b.Fatalf("%d events, %v", len(events), err)
		}
	}
}
