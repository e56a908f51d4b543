package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

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
