package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// Write implements [store.Store].
func (d *DB) Write(ctx context.Context, batch func(store.Tx) error) error {
	if err := d.calls.Enter(); err != nil {
		return failed("write", err)
	}
	defer d.calls.Leave()
	if err := d.turn.Take(ctx); err != nil {
		return failed("wait for the turn to write", err)
	}
	defer d.turn.Give()

	t, err := d.begin(ctx)
	if err != nil {
		return failed("begin to write", err)
	}
	defer t.end() // undoes the batch unless it was committed, after a panic too
	if err := batch(t); err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return failed("commit", err)
	}
	d.recent, d.stretch = t.recent, t.stretch
	if t.purged {
		d.unscrubbed = true
	}
	if d.unscrubbed {
		d.scrub(ctx)
	} else {
		d.grew(ctx, t.pages)
	}
	return nil
}

// scrub moves the write-ahead log into the database file, where what was purged is
// overwritten already, and empties the log, which holds it still. While a reader holds
// on to a rows.Moment before the purge that is not possible: the next Write tries again,
// and so does Close.
func (d *DB) scrub(ctx context.Context) {
	d.moving.Lock()
	defer d.moving.Unlock()
	var busy, pages, moved int
	err := d.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	d.unscrubbed = err != nil || busy != 0
}

// tx is the one write transaction of its rows.Moment. It is begun and ended by statements
// like any other: an [sql.Tx] would prepare these and bind those each time anew, and keep
// a goroutine that waits for the context to end, for which the batch looks itself.
type tx struct {
	ctx       context.Context // Write's own
	db        *DB
	before    store.Head   // before the batch
	last      resource.Seq // head with what the batch appended
	fault     error        // the first error: after it nothing may be kept
	pages     int          // about how many the batch writes
	purged    bool         // whether something was purged
	committed bool
	recent    int // how many selectors are among the recent ones after the batch
	stretch   int // which stretch of the earlier ones is to move next
}

var _ store.Tx = (*tx)(nil)

func (d *DB) begin(ctx context.Context) (*tx, error) {
	t := &tx{ctx: ctx, db: d, recent: d.recent, stretch: d.stretch}
	_, err := t.stmt(begin).ExecContext(ctx)
	if err == nil {
		t.before, err = scanHead(t.stmt(selectHead).QueryRowContext(ctx))
	}
	if err != nil {
		t.end() // a context that ends may have let it begin all the same
		return nil, t.reason(err)
	}
	t.last = t.before.Seq
	return t, nil
}

func (t *tx) end() {
	if t.fault == nil {
		t.fault = rows.ErrTxEnded
	}
	if t.committed {
		return
	}
	// Where SQLite has rolled back by itself there is nothing left to undo, and that is
	// reported as an error.
	_, _ = t.stmt(rollback).ExecContext(context.WithoutCancel(t.ctx))
}

// commit stores the batch, unless something in it failed: SQLite undoes a whole
// transaction after some errors, and what came after must not be kept alone.
func (t *tx) commit() error {
	if t.fault == nil {
		t.fault = t.ctx.Err()
	}
	if t.fault != nil {
		return t.fault
	}
	// Not under the context, whose end would be reported though the commit took effect.
	_, err := t.stmt(commit).ExecContext(context.WithoutCancel(t.ctx))
	t.committed = err == nil
	return err
}

// reason tells that ctx ended rather than what followed from it: that the
// transaction was gone.
func (t *tx) reason(err error) error {
	if ended := t.ctx.Err(); err != nil && ended != nil {
		return ended
	}
	return err
}

// stmt returns a prepared statement. Those of the one connection are the transaction's.
func (t *tx) stmt(text string) *sql.Stmt { return t.db.writes[text] }

// do runs one operation of the batch, unless one before it failed.
func (t *tx) do(tried string, operation func() error) error {
	if t.fault == nil {
		t.fault = t.ctx.Err()
	}
	if t.fault == nil {
		t.fault = t.reason(operation())
	}
	return failed(tried, t.fault)
}

// Head implements [store.Tx].
func (t *tx) Head() store.Head { return t.before }

// LookUp implements [store.Tx].
func (t *tx) LookUp(ctx context.Context, keys store.Keys) (store.Found, error) {
	found := store.NewFound()
	return found, t.do("look up", func() error {
		if err := t.findRequests(ctx, keys.Requests, found.Requests); err != nil {
			return err
		}
		if err := t.findCalls(ctx, keys.Calls, found.Calls); err != nil {
			return err
		}
		return t.findSharing(ctx, keys, found.Sharing)
	})
}

func (t *tx) findRequests(ctx context.Context, ids []resource.RequestID, found map[resource.RequestID]store.Request) error {
	if len(ids) == 0 {
		return nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = hexOf(id.UUID())
	}
	return t.lookUp(ctx, selectRequestsByID, keys, func(row *sql.Rows) error {
		r, err := rows.ScanRequest(row)
		found[r.ID] = r
		return err
	})
}

func (t *tx) findCalls(ctx context.Context, keys []store.CallKey, found map[store.CallKey]store.Call) error {
	if len(keys) == 0 {
		return nil
	}
	pairs := make([][2]string, len(keys))
	for i, key := range keys {
		pairs[i] = [2]string{key.Organisation.String(), hexOf(key.ID)}
	}
	return t.lookUp(ctx, selectCallsByKey, pairs, func(row *sql.Rows) error {
		c, err := rows.ScanCall(row)
		found[c.Key] = c
		return err
	})
}

// Hashes implements [store.Tx].
func (t *tx) Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	var found []rows.Hashes
	err := t.do("look up the ledger's hashes", func() error {
		return t.lookUp(ctx, selectHashes, events, func(row *sql.Rows) error {
			h, err := rows.ScanHashes(row)
			found = append(found, h)
			return err
		})
	})
	return rows.ByEvent(found), err
}

// Feeds implements [store.Tx].
func (t *tx) Feeds(ctx context.Context, parties []resource.Organisation) (map[resource.Organisation]uint64, error) {
	found := make(map[resource.Organisation]uint64, len(parties))
	return found, t.do("look up feeds", func() error {
		names := make([]string, len(parties))
		for i, party := range parties {
			names[i] = party.String()
		}
		return t.lookUp(ctx, selectFeeds, names, func(row *sql.Rows) error {
			feed, err := rows.ScanFeed(row)
			if feed.Index > 0 {
				found[feed.Party] = feed.Index
			}
			return err
		})
	})
}

// Waiting implements [store.Tx].
func (t *tx) Waiting(ctx context.Context, what store.Wait, before time.Time, limit int) (found []resource.RequestID, err error) {
	text := selectOver
	if what == store.ToBeActed {
		text = selectDue
	}
	err = t.do("look up what waits", func() error {
		result, err := t.stmt(text).QueryContext(ctx, rows.NotBefore(before), max(0, limit))
		if err != nil {
			return err
		}
		return forEach(result, func(row *sql.Rows) error {
			id, err := rows.ScanID(row)
			found = append(found, id)
			return err
		})
	})
	return found, err
}

// Filings implements [store.Tx].
func (t *tx) Filings(ctx context.Context, authority resource.Organisation, day int64) (map[store.Filing]int, error) {
	found := make(map[store.Filing]int)
	return found, t.do("count filings", func() error {
		result, err := t.stmt(selectFilings).QueryContext(ctx, authority.String(), day)
		if err != nil {
			return err
		}
		return forEach(result, func(row *sql.Rows) error {
			f, err := rows.ScanFilings(row)
			found[store.Filing{Authority: authority, Platform: f.Platform, Day: day, Emergency: f.Emergency}] = f.Count
			return err
		})
	})
}

func hexOf(id uuid.UUID) string { return hex.EncodeToString(id[:]) }

// lookUp runs a query over a list of keys, which is its first argument.
func (t *tx) lookUp(ctx context.Context, text string, keys any, each func(*sql.Rows) error, more ...any) error {
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	result, err := t.stmt(text).QueryContext(ctx, append([]any{string(list)}, more...)...)
	if err != nil {
		return err
	}
	return forEach(result, each)
}

// PutParticipant implements [store.Tx].
func (t *tx) PutParticipant(ctx context.Context, p store.Participant) (version uint64, err error) {
	stored := true
	err = t.do("put a participant", func() error {
		if p.Name.IsZero() {
			return rows.ErrNameless
		}
		text, arguments := updateParticipant, []any{p.Name.String(), rows.Present(p.Body), rows.Clamp(p.Version)}
		if p.Version == 0 {
			text, arguments = insertParticipant, arguments[:2]
		}
		n, err := affected(t.stmt(text).ExecContext(ctx, arguments...))
		stored = n == 1
		return err
	})
	if err != nil {
		return 0, err
	}
	if !stored {
		return 0, failed("put a participant", store.ErrVersion)
	}
	return p.Version + 1, nil
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
