package postgres

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

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

	var uncertain *tx // the last try, if whether it was committed is not known
	return d.again(ctx, func(ctx context.Context) error {
		t, err := d.begin(ctx)
		if err != nil {
			return failed("begin to write", err)
		}
		defer t.end() // undoes the batch unless it was committed, after a panic too
		if uncertain != nil {
			// Whatever the last try did is done: it held the row that is locked now.
			if err := t.settle(); err != nil {
				return err
			}
			if stored, err := t.has(ctx, uncertain); err != nil || stored {
				return failed("find out what was stored", err)
			}
			uncertain = nil
		}
		if err := batch(t); err != nil {
			if t.fault != nil && (passes(t.fault) || !t.begun) {
				return failed("write", t.fault)
			}
			return err
		}
		err = t.commit(ctx)
		if _, answered := errors.AsType[*pgconn.PgError](err); err != nil && t.committing && !answered {
			uncertain = t
		}
		return failed("commit", err)
	})
}

// tx is one try of a batch.
type tx struct {
	ctx        context.Context // that of the try
	sql        *pgxpool.Conn
	notifies   bool
	queued     pgx.Batch    // what is to be sent with the next trip
	begun      bool         // whether before is known
	committing bool         // whether the server was asked to commit
	before     store.Head   // before the batch
	last       resource.Seq // head with what the batch appended
	fault      error        // the first error: after it nothing may be kept

	references map[resource.RequestID][]string // of the requests that were looked up, or appended

	leaf string // of the batch's first event; empty if there is none
	put  []store.Participant
}

var _ store.Tx = (*tx)(nil)

// begin begins a try. That it begins, and the lock on the head, travel with the batch's
// first look-up.
func (d *DB) begin(ctx context.Context) (*tx, error) {
	conn, err := d.writer.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	t := &tx{ctx: ctx, sql: conn, notifies: d.notifies, references: make(map[resource.RequestID][]string)}
	t.queued.Queue(beginBatch)
	t.queued.Queue(lockHead).QueryRow(func(row pgx.Row) (err error) {
		t.before, err = rows.ScanHead(row)
		t.last, t.begun = t.before.Seq, err == nil
		return err
	})
	return t, nil
}

// send sends what is queued, in one trip, and waits for what comes of it. The lock on the
// head is waited for as long as the try lasts.
func (t *tx) send(ctx context.Context) error {
	if t.queued.Len() == 0 {
		return nil
	}
	if !t.begun {
		ctx = t.ctx
	}
	queued := t.queued
	t.queued = pgx.Batch{}
	return t.sql.SendBatch(ctx, &queued).Close()
}

// settle has the try begun, and all done that was queued.
func (t *tx) settle() error { return t.do("begin to write", func() error { return t.send(t.ctx) }) }

// endTimeout bounds how long undoing a try is waited for; closing the connection undoes
// it too.
const endTimeout = 2 * time.Second

// idle is what the server calls a connection that is in no transaction.
const idle = 'I'

// end gives the connection back, and undoes the try unless it was committed. A
// connection that is left inside of a transaction is closed by its pool.
func (t *tx) end() {
	if t.fault == nil {
		t.fault = rows.ErrTxEnded
	}
	defer t.sql.Release()
	if t.sql.Conn().PgConn().TxStatus() == idle {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), endTimeout)
	defer cancel()
	_, _ = t.sql.Exec(ctx, "rollback") // if that fails, the closing of the connection undoes it
}

// commit stores the batch, unless something in it failed. A commit that is under way is
// waited for, whether or not the caller still is there: it cannot be taken back.
func (t *tx) commit(ctx context.Context) error {
	if t.fault == nil {
		t.fault = ctx.Err()
	}
	if t.fault != nil {
		return t.fault
	}
	var done pgconn.CommandTag
	t.queued.Queue("commit").Exec(func(tag pgconn.CommandTag) error { done = tag; return nil })
	t.committing = true
	err := t.send(ctx)
	if err == nil && done.String() == "ROLLBACK" { // the server undid it
		return pgx.ErrTxCommitRollback
	}
	return err
}

// has says whether an earlier try was committed after all.
func (t *tx) has(ctx context.Context, earlier *tx) (bool, error) {
	if earlier.leaf != "" {
		var leaf string
		err := t.sql.QueryRow(ctx, selectLeaf, int64(earlier.before.Seq)+1).Scan(&leaf)
		if errors.Is(err, pgx.ErrNoRows) {
			return false, nil
		}
		return leaf == earlier.leaf, err
	}
	for _, p := range earlier.put {
		var version uint64
		var body []byte
		err := t.sql.QueryRow(ctx, selectParticipant, p.Name.String()).Scan(&version, &body)
		if errors.Is(err, pgx.ErrNoRows) {
			return false, nil
		}
		if err != nil || version <= p.Version || version == p.Version+1 && !bytes.Equal(body, rows.Present(p.Body)) {
			return false, err
		}
	}
	return len(earlier.put) > 0, nil
}

// do runs one operation of the batch, unless one before it failed.
func (t *tx) do(tried string, operation func() error) error {
	if t.fault == nil {
		t.fault = t.ctx.Err()
	}
	if t.fault == nil {
		t.fault = operation()
		if ended := t.ctx.Err(); t.fault != nil && ended != nil {
			t.fault = ended // rather than what followed from it
		}
	}
	return failed(tried, t.fault)
}

// queue has all rows read with the next trip.
func queue[T any](t *tx, scan func(rows.Row) (T, error), each func(T), text string, arguments ...any) {
	t.queued.Queue(text, arguments...).Query(func(result pgx.Rows) error {
		found, err := all(result, nil, scan)
		for _, one := range found {
			each(one)
		}
		return err
	})
}

// lookUp reads all rows as part of the batch.
func lookUp[T any](ctx context.Context, t *tx, tried string, scan func(rows.Row) (T, error), each func(T), text string, arguments ...any) error {
	queue(t, scan, each, text, arguments...)
	return t.do(tried, func() error { return t.send(ctx) })
}

// Head implements [store.Tx]. If the try cannot begin, nothing of it counts.
func (t *tx) Head() store.Head {
	if !t.begun {
		_ = t.settle()
	}
	return t.before
}

// LookUp implements [store.Tx]. Its statements travel together.
func (t *tx) LookUp(ctx context.Context, keys store.Keys) (store.Found, error) {
	found := store.NewFound()
	if len(keys.Requests) > 0 {
		ids := make([][16]byte, len(keys.Requests))
		for i, id := range keys.Requests {
			ids[i] = id.UUID()
		}
		queue(t, rows.ScanRequest, func(r store.Request) { found.Requests[r.ID] = r; t.know(r) }, selectRequestsByID, ids)
	}
	if len(keys.Calls) > 0 {
		makers, ids := make([]string, len(keys.Calls)), make([][16]byte, len(keys.Calls))
		for i, key := range keys.Calls {
			makers[i], ids[i] = key.Organisation.String(), key.ID
		}
		queue(t, rows.ScanCall, func(c store.Call) { found.Calls[c.Key] = c }, selectCallsByKey, makers, ids)
	}
	if len(keys.Selectors) > 0 && keys.Sharing > 0 {
		queue(t, scanSharing, func(s sharing) { found.Sharing[s.hash] = append(found.Sharing[s.hash], s.Sharing) },
			selectSharing, octets(keys.DistinctSelectors()), keys.Sharing)
	}
	return found, t.do("look up", func() error { return t.send(ctx) })
}

// octets returns hashes as the driver takes them.
func octets(hashes []store.SelectorHash) [][]byte {
	keys := make([][]byte, len(hashes))
	for i := range hashes {
		keys[i] = hashes[i][:]
	}
	return keys
}

// Hashes implements [store.Tx].
func (t *tx) Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	var found []rows.Hashes
	err := lookUp(ctx, t, "look up the ledger's hashes", rows.ScanHashes, func(h rows.Hashes) { found = append(found, h) }, selectHashes, numbers(events))
	return rows.ByEvent(found), err
}

// Feeds implements [store.Tx].
func (t *tx) Feeds(ctx context.Context, parties []resource.Organisation) (map[resource.Organisation]uint64, error) {
	found := make(map[resource.Organisation]uint64, len(parties))
	names := make([]string, len(parties))
	for i, party := range parties {
		names[i] = party.String()
	}
	err := lookUp(ctx, t, "look up feeds", rows.ScanFeed, func(f rows.Feed) {
		if f.Index > 0 {
			found[f.Party] = f.Index
		}
	}, selectFeeds, names)
	return found, err
}

// Filings implements [store.Tx].
func (t *tx) Filings(ctx context.Context, authority resource.Organisation, day int64) (map[store.Filing]int, error) {
	found := make(map[store.Filing]int)
	err := lookUp(ctx, t, "count filings", rows.ScanFilings, func(f rows.Filings) {
		found[store.Filing{Authority: authority, Platform: f.Platform, Day: day, Emergency: f.Emergency}] = f.Count
	}, selectFilings, authority.String(), day)
	return found, err
}

// Waiting implements [store.Tx].
func (t *tx) Waiting(ctx context.Context, what store.Wait, before time.Time, limit int) (found []resource.RequestID, err error) {
	text := selectOver
	if what == store.ToBeActed {
		text = selectDue
	}
	err = lookUp(ctx, t, "look up what waits", rows.ScanID, func(id resource.RequestID) { found = append(found, id) },
		text, rows.NotBefore(before), max(0, limit))
	return found, err
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
		t.queued.Queue(text, arguments...).Exec(func(done pgconn.CommandTag) error {
			stored = done.RowsAffected() == 1
			return nil
		})
		return t.send(ctx)
	})
	if err != nil {
		return 0, err
	}
	if !stored {
		return 0, failed("put a participant", store.ErrVersion)
	}
	t.put = append(t.put, p)
	return p.Version + 1, nil
}
