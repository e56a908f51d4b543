package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/liaison-protocol/liaison/internal/store/rows"
)

//go:embed migrations/*.sql
var migrations embed.FS

// bodiesWithParts is the migration that an archive of this contract's events began with.
const bodiesWithParts = 6

// migrate brings the schema up to date. Of several hubs that start at the same time one
// is first; the others fail, try again and find it done.
func migrate(ctx context.Context, config *pgx.ConnConfig) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder,
		goose.WithGoMigrations(keepBodies), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	stored, known, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return &rivalled{err}
	case stored > known:
		return fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, stored, known)
	case stored == known:
		return nil
	}
	if err := rows.RefuseEarlier(ctx, db, provider, bodiesWithParts); err != nil {
		return &rivalled{err}
	}
	if _, err := provider.Up(ctx); err != nil {
		return &rivalled{err}
	}
	return nil
}
