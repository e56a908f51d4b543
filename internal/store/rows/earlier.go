package rows

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"

	"github.com/liaison-protocol/liaison/internal/store"
)

// RefuseEarlier refuses, with store.ErrEarlier, an archive that has events of an earlier
// contract: its schema stands before the one that these events are kept in, which is
// migration `parts`. It has to be called before the schema moves, so that the program which
// made the archive still opens it.
func RefuseEarlier(ctx context.Context, db *sql.DB, schema *goose.Provider, parts int64) error {
	stored, err := schema.GetDBVersion(ctx)
	if err != nil || stored == 0 || stored >= parts {
		return err
	}
	var events bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM events)").Scan(&events); err != nil || !events {
		return err
	}
	// Another hub may have brought the schema up to date meanwhile, and filed.
	stored, err = schema.GetDBVersion(ctx)
	if err != nil || stored >= parts {
		return err
	}
	return store.ErrEarlier
}
