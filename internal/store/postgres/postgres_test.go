package postgres_test

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
	"github.com/liaison-protocol/liaison/internal/store/storetest"
)

// cluster is the server of all tests but those that end theirs.
var cluster *postgrestest.Cluster

func TestMain(m *testing.M) {
	// Each random check opens a database. The command line overrides this.
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
	var err error
	if cluster, err = postgrestest.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// database returns a connection string of a new, empty database.
func database(t testing.TB) string {
	t.Helper()
	connection, err := cluster.Database()
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

// open opens an archive, and closes it when t ends if it is open then.
func open(t testing.TB, connection string, options ...postgres.Option) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), connection, options...)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() }) // may be closed already
	return db
}

func TestStore(t *testing.T) {
	var connections sync.Map // of the stores, by store
	at := func(t *testing.T, connection string) store.Store {
		db := open(t, connection)
		connections.Store(db, connection)
		return db
	}
	where := func(s store.Store) string {
		connection, _ := connections.Load(s)
		return connection.(string)
	}
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T) store.Store { return at(t, database(t)) },
		Join: func(t *testing.T, s store.Store) store.Store { return at(t, where(s)) },
		Reopen: func(t *testing.T, s store.Store) store.Store {
			_ = s.Close() // may be closed already
			return at(t, where(s))
		},
	})
}
