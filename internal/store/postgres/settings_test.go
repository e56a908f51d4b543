package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
)

// execute runs a statement on a database, beside the engine.
func execute(t *testing.T, connection, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), connection)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNotSafeIsRefused(t *testing.T) {
	t.Parallel()
	newer := database(t)
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)")
	lax := database(t)
	ascii := database(t)
	execute(t, ascii, "CREATE DATABASE of_any_bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
	for _, test := range []struct{ name, connection, want string }{
		{"no connection string", "postgres://u:hunter2@[::1/hub", "it is neither a URL"},
		{"another machine without TLS", "postgres://u:hunter2@203.0.113.5/hub?sslmode=disable", "add sslmode=verify-full"},
		{"another machine, TLS if it likes", "postgres://u:hunter2@203.0.113.5/hub", "add sslmode=verify-full"},
		{"another machine, whoever it is", "postgres://u:hunter2@db.example/hub?sslmode=require", "add sslmode=verify-full"},
		{"another machine beside this one", "postgres://u:hunter2@127.0.0.1,203.0.113.5/hub?sslmode=prefer", "add sslmode=verify-full"},
		{"commits that are not on disk", lax + "&options=-csynchronous_commit%3Doff", "synchronous_commit is off"},
		{"text of no encoding", strings.Replace(ascii, "/"+name(ascii)+"?", "/of_any_bytes?", 1), "must be UTF8"},
		{"a newer program's", newer, "belongs to a newer program"},
		{"no such database", strings.Replace(newer, "/"+name(newer)+"?", "/none?", 1), "code 3D000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db, err := postgres.Open(t.Context(), test.connection, postgres.WithPatience(500*time.Millisecond))
			if err == nil {
				_ = db.Close() // what matters is that it opened
				t.Fatal("it is opened")
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "203.0.113") {
				t.Errorf("the error is: %v", err)
			}
		})
	}
}

// name is the database that a connection string names.
func name(connection string) string {
	path, _, _ := strings.Cut(connection, "?")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// TestADatabaseThatIsGoneIsWaitedForSoLongAndNoLonger: then every call says so, and
// whoever asks the hub is told to call again.
func TestADatabaseThatIsGoneIsWaitedForSoLongAndNoLonger(t *testing.T) {
	t.Parallel()
	server, err := postgrestest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	connection, err := server.Database()
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, connection, postgres.WithPatience(200*time.Millisecond))
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	_, err = db.Head(t.Context())
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Head: %v", err)
	}
	err = db.Write(t.Context(), func(tx store.Tx) error { return nil })
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Write: %v", err)
	}
}

func TestErrorsCarryNothingThatIsStored(t *testing.T) {
	t.Parallel()
	db := open(t, database(t))
	twice := []store.Entry{filing(1), filing(2)}
	twice[0].Request.References = []string{"secret reference"}
	twice[0].Request.Body = []byte("secret body")
	twice[1].Call = twice[0].Call
	twice[1].Call.Seq = 2
	err := db.Write(t.Context(), func(tx store.Tx) error { return tx.Append(t.Context(), twice, nil) })
	if want := "postgres: commit: the server says error, code 23505"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if head, err := db.Head(t.Context()); err != nil || head.Seq != resource.Seq(0) {
		t.Errorf("the head is %d, %v", head.Seq, err)
	}
}
