// Package postgres keeps a hub's archive in a PostgreSQL database, for hubs that are
// more than one process or must outlive a machine. Any number of hubs may share it.
//
// Batches are serialised by the one row that says where the archive stands. Nothing is
// used that engines which speak PostgreSQL's protocol and are spread over machines
// lack: no advisory locks, no sequences, no triggers; notifications only make faster
// what asking again finds too. A transaction that another one was faster than, and a
// connection that was lost, lead to another try, after it was made sure that the last
// one left nothing.
package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

var (
	_ store.Store = (*DB)(nil)
	_ store.Waker = (*DB)(nil)
)

// DB is an open archive.
type DB struct {
	writer   *pgxpool.Pool // one connection
	reader   *pgxpool.Pool
	patience time.Duration
	notifies bool // whether the engine has notifications

	turn  rows.Turn  // held by the Write that is running
	calls rows.Calls // those in progress

	closing chan struct{} // closed when no try is to be repeated any more
}

// Option changes how Open opens.
type Option func(*settings)

type settings struct {
	readers  int
	patience time.Duration
}

// WithReaders sets how many connections read at the same time. The default is
// eight, or four per processor if that is more.
func WithReaders(n int) Option { return func(s *settings) { s.readers = n } }

// WithPatience sets for how long a call tries again while the database cannot be
// reached, as during a failover, before it fails with store.ErrUnavailable. The default
// is thirty seconds.
func WithPatience(d time.Duration) Option { return func(s *settings) { s.patience = d } }

// Open opens the archive that a connection string names, a URL or key-value pairs as
// libpq takes them, with its environment variables, and brings its schema up to date.
// The string may name several hosts: the one that accepts writes is used. A host that is
// reached over a network must prove itself (sslmode=verify-full). A database of a newer
// program is refused with ErrNewer, one with events of an
// earlier contract with store.ErrEarlier.
func Open(ctx context.Context, connection string, options ...Option) (_ *DB, err error) {
	s := settings{readers: max(8, 4*runtime.GOMAXPROCS(0)), patience: 30 * time.Second}
	for _, option := range options {
		option(&s)
	}
	d := &DB{patience: s.patience, turn: rows.NewTurn(), closing: make(chan struct{})}
	defer func() {
		if err != nil {
			d.release()
		}
	}()
	config, err := configure(connection)
	if err != nil {
		return nil, failed("read the connection string", err)
	}
	if d.writer, err = connect(ctx, config, 1); err != nil {
		return nil, failed("open", err)
	}
	if d.reader, err = connect(ctx, config, max(1, s.readers)); err != nil {
		return nil, failed("open", err)
	}
	if err := d.again(ctx, func(ctx context.Context) error { return migrate(ctx, config.ConnConfig) }); err != nil {
		return nil, failed("update the schema", err)
	}
	if err := d.again(ctx, d.look); err != nil {
		return nil, failed("open", err)
	}
	return d, nil
}

// look learns what the engine can do, and refuses one that does not keep what it
// reports as committed.
func (d *DB) look(ctx context.Context) error {
	var encoding, durable string
	if err := d.reader.QueryRow(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("%w: its encoding is %s, and must be UTF8", errSettings, encoding)
	}
	// Engines that have no such setting always wait for the disk.
	if err := d.reader.QueryRow(ctx, "SHOW synchronous_commit").Scan(&durable); err == nil && durable == "off" {
		return fmt.Errorf("%w: synchronous_commit is off, so that what was acknowledged could be lost", errSettings)
	}
	_, err := d.reader.Exec(ctx, notify)
	d.notifies = err == nil
	return nil
}

// Close waits for the calls in progress and releases the connections.
func (d *DB) Close() error {
	if err := d.calls.Close(func() { close(d.closing) }); err != nil {
		return failed("close", err)
	}
	d.release()
	return nil
}

func (d *DB) release() {
	for _, pool := range []*pgxpool.Pool{d.reader, d.writer} {
		if pool != nil {
			pool.Close()
		}
	}
}

// again calls try until it does not fail for a reason that passes, for as long as the
// engine is patient.
func (d *DB) again(ctx context.Context, try func(context.Context) error) error {
	ends := time.Now().Add(d.patience)
	pause := 5 * time.Millisecond
	for {
		err := d.once(ctx, ends, try)
		if err == nil || !passes(err) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().Add(pause).After(ends) {
			return &unavailable{err}
		}
		// Those who lost to the same rival must not meet again at the same time.
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
		case <-d.closing:
			timer.Stop()
			return &unavailable{err}
		}
		pause = min(2*pause, 250*time.Millisecond)
	}
}

// once bounds one try, so that a host that has stopped to answer is given up in favour
// of another one.
func (d *DB) once(ctx context.Context, ends time.Time, try func(context.Context) error) error {
	trying, cancel := context.WithDeadline(ctx, ends.Add(time.Second))
	defer cancel()
	err := try(trying)
	if err != nil && ctx.Err() == nil && trying.Err() != nil {
		return &unavailable{err}
	}
	return err
}

// connect returns a pool of up to n connections.
func connect(ctx context.Context, config *pgxpool.Config, n int) (*pgxpool.Pool, error) {
	config = config.Copy()
	config.MaxConns = int32(n)
	config.MaxConnIdleTime = 5 * time.Minute
	config.MaxConnLifetime = time.Hour
	return pgxpool.NewWithConfig(ctx, config)
}
