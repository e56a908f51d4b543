package sqlite

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// TestSelectorsAreFoundWhereverTheyHaveMoved files requests whose hashes are from the first
// to the last that there can be, has some move each time, and forgets them all.
func TestSelectorsAreFoundWhereverTheyHaveMoved(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "hub.db"))
	db.mostRecent = 3
	var requests []store.Request
	hashOf := func(i int) store.SelectorHash {
		return store.SelectorHash(bytes.Repeat([]byte{byte(i * 255 / 99)}, len(store.SelectorHash{})))
	}
	write := func(batch func(store.Tx) error) {
		t.Helper()
		if err := db.Write(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		write(func(tx store.Tx) error {
			e := filing(resource.Seq(i + 1))
			e.Selectors = []store.SelectorHash{hashOf(i)}
			requests = append(requests, e.Request)
			return tx.Append(t.Context(), []store.Entry{e}, []byte("checkpoint"))
		})
	}
	rows := func(table string) (n int) {
		if err := db.writer.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	recent, earlier, others := rows("recent_selectors"), rows("earlier_selectors"), rows("request_selectors")
	if recent == 0 || earlier == 0 || others == 0 || recent+earlier+others != 100 {
		t.Errorf("%d hashes are recent, %d earlier, %d beyond; wanted some of each, and 100 in all", recent, earlier, others)
	}
	write(func(tx store.Tx) error {
		keys := store.Keys{Sharing: 2}
		for i := range 100 {
			keys.Selectors = append(keys.Selectors, hashOf(i))
		}
		found, err := tx.LookUp(t.Context(), keys)
		for i := range 100 {
			if sharing := found.Sharing[hashOf(i)]; len(sharing) != 1 || sharing[0].ID != requests[i].ID {
				t.Errorf("hash %d leads to %v", i, sharing)
			}
		}
		return err
	})
	write(func(tx store.Tx) error {
		var entries []store.Entry
		for i, r := range requests {
			e := filing(resource.Seq(101 + i))
			e.Request, e.Event.Request, e.Forgotten = r, r.ID, []store.SelectorHash{hashOf(i)}
			e.Request.Version = e.Event.Seq
			entries = append(entries, e)
		}
		return tx.Append(t.Context(), entries, []byte("checkpoint"))
	})
	if left := rows("recent_selectors") + rows("earlier_selectors") + rows("request_selectors"); left != 0 {
		t.Errorf("%d hashes are left", left)
	}
}
