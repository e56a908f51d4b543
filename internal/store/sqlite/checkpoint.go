package sqlite

import (
	"context"
	"database/sql"

	"github.com/liaison-protocol/liaison/internal/store"
)

// A commit appends to the write-ahead log, and now and then what is in the log is moved
// into the database file, and the log begun anew. Were it the writer who moves it, all
// would wait meanwhile, at full load a tenth of the time: the pages are many, and the file
// has to be forced to disk. So another connection moves them while the writer goes on, in
// rounds of fewer and fewer pages, and the writer moves the few that are left: only with
// all of them moved can the log begin anew.
const (
	// After how many pages the log is moved. Late is better: a page that was written often
	// is moved once.
	logPages = 8000

	// The writer moves it by itself if ever it grows so long all the same.
	mostLogPages = 16 * logPages

	// A round that moved fewer pages than these is the last, and so is the third.
	fewPages   = 400
	mostRounds = 3
)

// pageBytes is how large SQLite makes a page.
const pageBytes = 4096

// pagesOf is about how many pages a batch writes: the edges of the tables and indexes once,
// and each entry its own.
func pagesOf(entries []store.Entry) int {
	pages := 16
	for i := range entries {
		e := &entries[i]
		pages += 3 + (len(e.Event.Body)+len(e.Request.Body)+len(e.Answer))/pageBytes
	}
	return pages
}

// grew counts what a batch added to the log, and has the log moved when it is time. It is
// called by who holds turn.
func (d *DB) grew(ctx context.Context, pages int) {
	d.logged += pages
	switch {
	case d.almostMoved.Swap(false):
		_, _, _ = move(ctx, d.writer) // if it fails the log grows on, and is moved later
		d.logged = 0
	case d.logged >= logPages && d.moving.TryLock():
		if d.calls.Enter() != nil {
			d.moving.Unlock()
			return
		}
		d.logged = 0
		go func() {
			defer d.calls.Leave()
			defer d.moving.Unlock()
			d.moveLog()
		}()
	}
}

// moveLog moves what is in the log while others read and write.
func (d *DB) moveLog() {
	moved := 0
	for range mostRounds {
		_, all, err := move(context.Background(), d.mover)
		if err != nil {
			return // a later batch tries again
		}
		if round := all - moved; round < fewPages {
			break
		}
		moved = all
	}
	d.almostMoved.Store(true)
}

// move moves what of the log nobody else needs there, and waits for nobody. It returns how
// many pages the log has, and how many of these are moved.
func move(ctx context.Context, by interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (pages, moved int, err error) {
	var busy int
	err = by.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &moved)
	return pages, moved, err
}
