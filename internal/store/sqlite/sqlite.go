// Package sqlite keeps a hub's archive in one SQLite file: the embedded engine,
// which needs no set-up. What Write reported as done has been forced to disk.
//
// One connection writes and a few read; they never block each other. Another
// process may open the same file on the same machine and gets the same promises.
// The file and its two companions (-wal, -shm) belong on a local disk, not on a
// network file system.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

var _ store.Store = (*DB)(nil)

// DB is an open archive.
type DB struct {
	file   string // the database file's own name, without its folder
	writer *sql.Conn
	reader *sql.DB
	writes statements // prepared on writer
	reads  statements // prepared on reader

	// writers has one connection, which is writer: held for as long as the archive is
	// open, so that no statement has to look for it.
	writers *sql.DB

	turn  rows.Turn  // held by the Write that is running
	calls rows.Calls // those in progress

	// Owned by who holds turn.
	unscrubbed bool // the write-ahead log still holds what was purged
	logged     int  // about how many pages the log has grown by since it was moved
	recent     int  // about how many selectors are among the recent ones
	mostRecent int  // how many are before they move
	stretch    int  // which stretch of the earlier ones is to move next

	mover       *sql.DB     // one connection, which moves the log while the writer goes on
	moving      sync.Mutex  // held by who moves all of the log: two cannot
	almostMoved atomic.Bool // few pages are left in the log, which the writer is to move
}

// Option changes how Open opens.
type Option func(*settings)

type settings struct {
	readers    int
	patience   time.Duration
	mostRecent int
}

// WithReaders sets how many connections read at the same time. The default is
// four, or one per processor if there are more.
func WithReaders(n int) Option { return func(s *settings) { s.readers = n } }

// WithPatience sets how long a Write waits for another process's. The default is
// ten seconds. Within this process a Write waits as long as its context lasts.
func WithPatience(d time.Duration) Option { return func(s *settings) { s.patience = d } }

// Open opens the archive at path and brings its schema up to date. It creates
// what is missing of the file and its folder, readable for the owner alone. A
// database of a newer program is refused with ErrNewer, one with events of an
// earlier contract with store.ErrEarlier.
func Open(ctx context.Context, path string, options ...Option) (_ *DB, err error) {
	s := settings{readers: max(4, runtime.GOMAXPROCS(0)), patience: 10 * time.Second, mostRecent: mostRecentSelectors}
	for _, option := range options {
		option(&s)
	}
	// What a crash came before the scrubbing of, the first Write scrubs.
	d := &DB{file: filepath.Base(path), turn: rows.NewTurn(), unscrubbed: true, mostRecent: s.mostRecent}
	defer func() {
		if err != nil {
			_ = d.release() // the fault that stopped Open is the one to tell
		}
	}()
	path, err = create(path)
	if err != nil {
		return nil, failed("create "+d.file, err)
	}
	if d.writers, err = connect(path, forWriting, s.patience, 1); err != nil {
		return nil, failed("open "+d.file, err)
	}
	if err := migratePatiently(ctx, d.writers, s.patience); err != nil {
		return nil, failed("update the schema of "+d.file, err)
	}
	if d.writer, err = d.writers.Conn(ctx); err != nil {
		return nil, failed("open "+d.file, err)
	}
	if err := d.countRecentSelectors(ctx); err != nil {
		return nil, failed("open "+d.file, err)
	}
	if d.mover, err = connect(path, forMoving, s.patience, 1); err != nil {
		return nil, failed("open "+d.file, err)
	}
	if d.reader, err = connect(path, forReading, s.patience, max(1, s.readers)); err != nil {
		return nil, failed("open "+d.file, err)
	}
	if d.writes, err = prepare(ctx, d.writer, writeStatements()); err != nil {
		return nil, failed("prepare to write "+d.file, err)
	}
	if d.reads, err = prepare(ctx, d.reader, readStatements()); err != nil {
		return nil, failed("prepare to read "+d.file, err)
	}
	return d, nil
}

// Close waits for the calls in progress, moves what the write-ahead log holds into
// the database file and releases both.
func (d *DB) Close() error {
	if err := d.calls.Close(func() {}); err != nil {
		return failed("close "+d.file, err)
	}

	// A reader of another process may keep the log busy; then it stays, and is
	// read at the next start.
	_, err := d.writer.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if closing := d.release(); err == nil {
		err = closing
	}
	return failed("close "+d.file, err)
}

func (d *DB) release() error {
	var failures []error
	for _, stmt := range d.writes { // which a connection that is held does not close by itself
		failures = append(failures, stmt.Close())
	}
	if d.writer != nil {
		failures = append(failures, d.writer.Close())
	}
	for _, db := range []*sql.DB{d.reader, d.mover, d.writers} {
		if db != nil {
			failures = append(failures, db.Close())
		}
	}
	return errors.Join(failures...)
}

// statements are prepared once and found by their text.
type statements map[string]*sql.Stmt

func prepare(ctx context.Context, db interface {
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
}, texts []string) (statements, error) {
	prepared := make(statements, len(texts))
	for _, text := range texts {
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil {
			return prepared, fmt.Errorf("prepare: %w", err)
		}
		prepared[text] = stmt
	}
	return prepared, nil
}
