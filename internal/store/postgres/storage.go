package postgres

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// keepBodies is the migration after which PostgreSQL keeps the bodies of requests and
// events in their rows, as they are. Otherwise it compresses each that has over 2 KB,
// which most have: that costs more than all else of an insert, and gains little, since
// half of a body are keys and signatures. It is written in Go because an engine that
// stores rows in its own way does not know these words, and does well without.
var keepBodies = goose.NewGoMigration(5, &goose.GoFunc{RunDB: keepBodiesInRows}, nil)

func keepBodiesInRows(ctx context.Context, db *sql.DB) error {
	for _, text := range []string{
		"ALTER TABLE requests ALTER COLUMN body SET STORAGE EXTERNAL",
		"ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL",
		"ALTER TABLE requests SET (toast_tuple_target = 8160)",
		"ALTER TABLE events SET (toast_tuple_target = 8160)",
	} {
		_, err := db.ExecContext(ctx, text)
		if server, ok := errors.AsType[*pgconn.PgError](err); ok && !transient[server.Code] {
			continue // the engine does not know it
		}
		if err != nil {
			return err
		}
	}
	return nil
}
