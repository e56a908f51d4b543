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
)

//go:embed migrations/*.sql
var migrations embed.FS

// migratePatiently tries again while another process is at the same: SQLite does
// not wait by itself where a database is switched to its write-ahead log.
func migratePatiently(ctx context.Context, db *sql.DB, patience time.Duration) error {
	waiting, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for {
		err := migrate(ctx, db)
		if engine, ok := errors.AsType[*sqlite.Error](err); !ok || engine.Code()&0xff != busy {
			return err
		}
		select {
		case <-waiting.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// busy is SQLITE_BUSY: somebody else holds the lock.
const busy = 5

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *sql.DB) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	stored, known, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case stored > known:
		return fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, stored, known)
	case stored == known:
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		// Another process may have done the same at the same time and been first.
		if now, _, again := provider.GetVersions(ctx); again == nil && now == known {
			return nil
		}
		return err
	}
	return nil
}
