package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// The hashes of selectors are random, so that each lands on another page of a large
// table, and a batch would write a page for nearly every one. So they go to a small table
// first, whose few pages many share, and from time to time all of it moves to the large
// one in the order in which that is kept: a page is then written once for all that belong
// there.

// mostRecentSelectors is how many the small table has before it moves: of so many pages
// a batch writes fewer than it has hashes, and moving them takes the writer a few
// milliseconds.
const mostRecentSelectors = 4096

// findSharing finds who shares these selectors.
func (t *tx) findSharing(ctx context.Context, hashes []store.SelectorHash, limit int, found map[store.SelectorHash][]store.Sharing) error {
	if len(hashes) == 0 || limit <= 0 {
		return nil
	}
	keys := make([]string, 0, len(hashes))
	for _, hash := range distinct(hashes) {
		keys = append(keys, hex.EncodeToString(hash[:]))
	}
	shared := keys[:0:0]
	if err := t.lookUp(ctx, selectShared, keys, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		shared = append(shared, key)
		return err
	}); err != nil || len(shared) == 0 {
		return err
	}
	list, err := json.Marshal(shared)
	if err != nil {
		return err
	}
	rows, err := t.stmt(selectSharing).QueryContext(ctx, string(list), limit)
	if err != nil {
		return err
	}
	if err := forEach(rows, func(rows *sql.Rows) error {
		var key, id []byte
		var s store.Sharing
		if err := rows.Scan(&key, &id, &s.Created, &s.Visible); err != nil {
			return err
		}
		request, err := uuid.FromBytes(id)
		if err != nil {
			return errCorrupt
		}
		s.ID = resource.RequestIDFrom(request)
		var hash store.SelectorHash
		if n, err := hex.Decode(hash[:], key); err != nil || n != len(hash) {
			return errCorrupt
		}
		found[hash] = append(found[hash], s)
		return nil
	}); err != nil {
		return err
	}
	for _, sharing := range found {
		slices.SortFunc(sharing, func(a, b store.Sharing) int { return cmp.Compare(b.Created, a.Created) })
	}
	return nil
}

// distinct returns each hash once.
func distinct(hashes []store.SelectorHash) []store.SelectorHash {
	sorted := slices.Clone(hashes)
	slices.SortFunc(sorted, func(a, b store.SelectorHash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(sorted)
}

// denote stores what the entries' requests denote, all in one statement, and deletes what
// they denote no more.
func (t *tx) denote(ctx context.Context, entries []store.Entry) error {
	var pairs [][2]any
	for i := range entries {
		for _, hash := range entries[i].Selectors {
			pairs = append(pairs, [2]any{hex.EncodeToString(hash[:]), int64(entries[i].Request.Created)})
		}
	}
	if len(pairs) > 0 {
		list, err := json.Marshal(pairs)
		if err != nil {
			return err
		}
		if _, err := t.stmt(insertSelectors).ExecContext(ctx, string(list)); err != nil {
			return err
		}
	}
	for i := range entries {
		for _, hash := range entries[i].Forgotten {
			for _, text := range []string{forgetRecentSelector, forgetSelector} {
				if _, err := t.stmt(text).ExecContext(ctx, hash[:], int64(entries[i].Request.Created)); err != nil {
					return err
				}
			}
		}
	}
	if t.recent += len(pairs); t.recent < t.db.mostRecent {
		return nil
	}
	return t.settleSelectors(ctx)
}

// settleSelectors moves the recent selectors to where all others are.
func (t *tx) settleSelectors(ctx context.Context) error {
	for _, text := range []string{settleSelectors, clearRecentSelectors} {
		if _, err := t.stmt(text).ExecContext(ctx); err != nil {
			return err
		}
	}
	t.pages += t.recent // at most one for each
	t.recent = 0
	return nil
}

// countRecentSelectors learns how many there are. What other processes add and move later
// is not counted: then they move earlier or later than they would.
func (d *DB) countRecentSelectors(ctx context.Context) error {
	return d.writer.QueryRowContext(ctx, "SELECT count(*) FROM recent_selectors").Scan(&d.recent)
}
