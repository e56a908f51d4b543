package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// The hashes of selectors are random, so that each lands on another page of a large
// table, and a batch would write a page for nearly every one. So they go to a small table
// first, whose few pages many share. When that is full, all of it moves to a middle one,
// and of that one a share moves on to the large one: the hashes of one stretch, which are
// neighbours there, so that few of its pages are written for many. Each stretch has its
// turn. What moves does so in the order in which the tables are kept.

const (
	// mostRecentSelectors is how many the small table has before it moves: of its few pages a
	// batch writes fewer than it has hashes, and moving them takes the writer milliseconds.
	mostRecentSelectors = 4096

	// stretches is in how many turns all of the middle table moves. It has about half as
	// many times mostRecentSelectors.
	stretches = 16
)

// findSharing finds who shares the selectors among these keys.
func (t *tx) findSharing(ctx context.Context, keys store.Keys, found map[store.SelectorHash][]store.Sharing) error {
	if len(keys.Selectors) == 0 || keys.Sharing <= 0 {
		return nil
	}
	hashes := keys.DistinctSelectors()
	all := packed(hashes)
	places := make([]int, len(hashes))
	for i := range places {
		places[i] = i
	}
	var shared []int
	if err := t.lookUp(ctx, selectShared, places, func(row *sql.Rows) error {
		var place int
		err := row.Scan(&place)
		shared = append(shared, place)
		return err
	}, all); err != nil || len(shared) == 0 {
		return err
	}
	if err := t.lookUp(ctx, selectSharing, shared, func(row *sql.Rows) error {
		var place int
		s, err := rows.ScanSharing(row, &place)
		found[hashes[place]] = append(found[hashes[place]], s)
		return err
	}, all, keys.Sharing); err != nil {
		return err
	}
	for _, sharing := range found {
		slices.SortFunc(sharing, func(a, b store.Sharing) int { return cmp.Compare(b.Created, a.Created) })
	}
	return nil
}

// packed returns hashes one after the other.
func packed(hashes []store.SelectorHash) []byte {
	all := make([]byte, 0, len(hashes)*len(store.SelectorHash{}))
	for i := range hashes {
		all = append(all, hashes[i][:]...)
	}
	return all
}

// denote stores what the entries' requests denote, all in one statement, and deletes what
// they denote no more.
func (t *tx) denote(ctx context.Context, entries []store.Entry) error {
	var requests []int64
	var hashes []store.SelectorHash
	for i := range entries {
		for _, hash := range entries[i].Selectors {
			requests, hashes = append(requests, int64(entries[i].Request.Created)), append(hashes, hash)
		}
	}
	if len(hashes) > 0 {
		list, err := json.Marshal(requests)
		if err != nil {
			return err
		}
		if _, err := t.stmt(insertSelectors).ExecContext(ctx, string(list), packed(hashes)); err != nil {
			return err
		}
	}
	for i := range entries {
		for _, hash := range entries[i].Forgotten {
			for _, text := range []string{forgetRecentSelector, forgetEarlierSelector, forgetSelector} {
				if _, err := t.stmt(text).ExecContext(ctx, hash[:], int64(entries[i].Request.Created)); err != nil {
					return err
				}
			}
		}
	}
	if t.recent += len(hashes); t.recent < t.db.mostRecent {
		return nil
	}
	return t.moveSelectors(ctx)
}

// moveSelectors moves the recent selectors on, and the stretch of the earlier ones whose turn
// it is.
func (t *tx) moveSelectors(ctx context.Context) error {
	from, to := boundsOf(t.stretch)
	for _, move := range []struct {
		text      string
		arguments []any
	}{
		{moveRecentSelectors, nil},
		{clearRecentSelectors, nil},
		{moveEarlierSelectors, []any{from, to}},
		{clearEarlierSelectors, []any{from, to}},
	} {
		if _, err := t.stmt(move.text).ExecContext(ctx, move.arguments...); err != nil {
			return err
		}
	}
	t.pages += t.recent // hardly more
	t.recent, t.stretch = 0, (t.stretch+1)%stretches
	return nil
}

// boundsOf returns where the hashes of a stretch begin and end.
func boundsOf(stretch int) (from, to []byte) {
	const width = 256 / stretches
	if stretch == stretches-1 {
		return []byte{byte(stretch * width)}, bytes.Repeat([]byte{0xff}, len(store.SelectorHash{})+1) // behind every hash
	}
	return []byte{byte(stretch * width)}, []byte{byte((stretch + 1) * width)}
}

// countRecentSelectors learns how many there are. What other processes add and move later
// is not counted: then they move earlier or later than they would.
func (d *DB) countRecentSelectors(ctx context.Context) error {
	return d.writer.QueryRowContext(ctx, "SELECT count(*) FROM recent_selectors").Scan(&d.recent)
}
