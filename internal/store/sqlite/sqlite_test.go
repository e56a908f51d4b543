package sqlite_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	"github.com/liaison-protocol/liaison/internal/store/storetest"
)

// open opens the archive at path, and closes it when t ends if it is open then.
func open(t testing.TB, path string, options ...sqlite.Option) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, options...)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() }) // may be closed already
	return db
}

// TestStore has selectors move in almost every batch: what is found must not depend on
// where they are.
func TestStore(t *testing.T) {
	var paths sync.Map // of the stores, by store
	at := func(t *testing.T, path string) store.Store {
		db := open(t, path, sqlite.WithRecentSelectors(3))
		paths.Store(db, path)
		return db
	}
	where := func(s store.Store) string {
		path, _ := paths.Load(s)
		return path.(string)
	}
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T) store.Store { return at(t, filepath.Join(t.TempDir(), "hub.db")) },
		Join: func(t *testing.T, s store.Store) store.Store { return at(t, where(s)) },
		Reopen: func(t *testing.T, s store.Store) store.Store {
			_ = s.Close() // may be closed already
			return at(t, where(s))
		},
	})
}
