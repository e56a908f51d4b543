package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"github.com/liaison-protocol/liaison/internal/store/rows"
)

//go:embed migrations/*.sql
var migrations embed.FS

// bodiesWithParts is the migration that an archive of this contract's events began with.
const bodiesWithParts = 8

// migratePatiently tries again while another process is at the same: SQLite does
// not wait by itself where a database is switched to its write-ahead log.
func migratePatiently(ctx context.Context, db *sql.DB, patience time.Duration) error {
	waiting, stop := context.WithTimeout(ctx, patience)
	defer stop()
	before := int64(-1)
	for {
		reached, err := migrate(ctx, db)
		engine, ok := errors.AsType[*sqlite.Error](err)
		// Whatever fails while the schema moves may have failed because another process
		// took the same step and was first.
		if !ok || engine.Code()&0xff != busy && reached == before {
			return err
		}
		before = reached
		select {
		case <-waiting.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// busy is SQLITE_BUSY: somebody else holds the lock.
const busy = 5

// migrate brings the schema up to date, and returns how far it has come.
func migrate(ctx context.Context, db *sql.DB) (reached int64, err error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return 0, err
	}
	stored, known, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return 0, err
	case stored > known:
		return stored, fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, stored, known)
	case stored == known:
		return stored, nil
	}
	if err := rows.RefuseEarlier(ctx, db, provider, bodiesWithParts); err != nil {
		return stored, err
	}
	if _, err = provider.Up(ctx); err == nil {
		return known, nil
	}
	reached, _, again := provider.GetVersions(ctx)
	if again != nil {
		return stored, err
	}
	return reached, err
}
