package sqlite

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// BenchmarkSelectors files requests with one selector each, so many to a durable commit:
// looked for among those that are there, and stored. BenchmarkAppend is the same without.
func BenchmarkSelectors(b *testing.B) {
	for _, batch := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d to a commit", batch), func(b *testing.B) {
			db := openTest(b, filepath.Join(b.TempDir(), "hub.db"))
			b.ReportAllocs()
			for b.Loop() {
				err := db.Write(b.Context(), func(tx store.Tx) error {
					entries, hashes := make([]store.Entry, batch), make([]store.SelectorHash, batch)
					for i := range entries {
						seq := tx.Head().Seq + resource.Seq(i) + 1
						digest := sha256.Sum256(fmt.Append(nil, seq))
						copy(hashes[i][:], digest[:])
						entries[i] = filing(seq)
						entries[i].Selectors = hashes[i : i+1]
					}
					if _, err := tx.LookUp(b.Context(), store.Keys{Selectors: hashes, Sharing: 20}); err != nil {
						return err
					}
					return tx.Append(b.Context(), entries, []byte("checkpoint"))
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "filings/s")
		})
	}
}
