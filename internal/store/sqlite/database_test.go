package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

func openTest(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() }) // may be closed already
	return db
}

// filing is the entry that files one more request, with bodies of 2 KB.
func filing(seq resource.Seq) store.Entry {
	authority, err1 := resource.ParseOrganisation("authorities/moc")
	platform, err2 := resource.ParseOrganisation("platforms/wave")
	key, err3 := uuid.NewV7()
	if err := errors.Join(err1, err2, err3); err != nil {
		panic(err)
	}
	id, body := resource.RequestIDFrom(key), []byte(strings.Repeat("liaison ", 256))
	return store.Entry{
		Event: store.Event{
			Seq: seq, Request: id, Authority: authority, Platform: platform, AuthorityIndex: uint64(seq), PlatformIndex: uint64(seq),
			Leaf: "leaf", Hashes: make([]byte, 64), Salt: make([]byte, 32), Body: body,
		},
		Request: store.Request{
			ID: id, Created: seq, Version: seq, Authority: authority, Platform: platform, Visible: true,
			State: lifecycle.Filed, References: []string{"MoC/2024/" + key.String()}, Body: body,
		},
		Call: store.Call{Key: store.CallKey{Organisation: authority, ID: key}, Seq: seq},
	}
}

// file appends n filings in one batch.
func file(ctx context.Context, db *DB, n int) (last resource.Seq, err error) {
	err = db.Write(ctx, func(tx store.Tx) error {
		entries := make([]store.Entry, n)
		for i := range entries {
			last = tx.Head().Seq + resource.Seq(i) + 1
			entries[i] = filing(last)
		}
		return tx.Append(ctx, entries, []byte("checkpoint"))
	})
	return last, err
}

func TestConnectionsKeepTheirPragmas(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "hub.db"))
	both := map[string]string{"journal_mode": "wal", "busy_timeout": "10000", "temp_store": "2", "trusted_schema": "0"}
	for _, pool := range []struct {
		name string
		db   interface {
			QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
		}
		pragmas map[string]string
	}{
		{"writer", db.writer, both},
		{"reader", db.reader, both},
		{"writer", db.writer, map[string]string{
			"synchronous": "2", "secure_delete": "1", "foreign_keys": "1", "recursive_triggers": "1",
			"wal_autocheckpoint": "128000", "query_only": "0",
		}},
		{"mover", db.mover, both},
		{"mover", db.mover, map[string]string{"synchronous": "2", "wal_autocheckpoint": "0"}},
		{"reader", db.reader, map[string]string{"query_only": "1"}},
	} {
		for pragma, want := range pool.pragmas {
			var got string
			if err := pool.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %s, %v; want %s", pool.name, pragma, got, err, want)
			}
		}
	}
	if n := db.writers.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections write, want 1", n)
	}
}

// TestTheLogBeginsAnew writes five times what the log is to hold, in small events and in
// large ones, and looks how long the log has become.
func TestTheLogBeginsAnew(t *testing.T) {
	for name, body := range map[string]int{"small": 2 << 10, "large": 1 << 20} {
		batch := max(20, 512<<10/body)
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hub.db")
			db := openTest(t, path)
			var longest, written int64
			for written < 5*logPages*pageBytes {
				if err := db.Write(t.Context(), func(tx store.Tx) error {
					entries := make([]store.Entry, batch)
					for i := range entries {
						entries[i] = filing(tx.Head().Seq + resource.Seq(i) + 1)
						entries[i].Event.Body = make([]byte, body)
					}
					return tx.Append(t.Context(), entries, []byte("checkpoint"))
				}); err != nil {
					t.Fatal(err)
				}
				written += int64(batch * (body + pageBytes))
				db.moving.Lock() // whoever moves the log is done: a test must not depend on who is faster
				info, err := os.Stat(path + "-wal")
				db.moving.Unlock()
				if err != nil {
					t.Fatal(err)
				}
				longest = max(longest, info.Size())
			}
			if limit := int64(2 * logPages * pageBytes); longest > limit {
				t.Errorf("the log has had %d MB, more than %d", longest>>20, limit>>20)
			}
			if longest < logPages*pageBytes/2 {
				t.Errorf("the log was moved when it had %d MB already", longest>>20)
			}
		})
	}
}

func TestOnlyTheOwnerReadsWhatOpenCreates(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "var", "liaison")
	db := openTest(t, filepath.Join(folder, "hub.db"))
	if _, err := file(t.Context(), db, 1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{
		filepath.Dir(folder): fs.ModeDir | 0o700, folder: fs.ModeDir | 0o700,
		filepath.Join(folder, "hub.db"): 0o600, filepath.Join(folder, "hub.db-wal"): 0o600, filepath.Join(folder, "hub.db-shm"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v; want %v", filepath.Base(path), info.Mode(), err, want)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "hub.db-wal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log after Close: %v, want none", err)
	}
}

func TestAPathMayHoldAnyCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c=d&e#f%20 ع.db")
	if _, err := file(t.Context(), openTest(t, path), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestManyMayOpenANewDatabaseAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	var opening sync.WaitGroup
	for range 3 {
		opening.Go(func() {
			db, err := Open(t.Context(), path)
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			if _, err := file(t.Context(), db, 2); err != nil {
				t.Errorf("Write: %v", err)
			}
			if err := db.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	opening.Wait()
	checkWhole(t, openTest(t, path), 6)
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	db := openTest(t, path)
	if _, err := db.writer.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path)
	if !errors.Is(err, ErrNewer) {
		t.Fatalf("Open: got %v, want ErrNewer", err)
	}
	const want = "sqlite: update the schema of hub.db: the database belongs to a newer program: schema 9999, known up to 8"
	if err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// TestEventsOfAnEarlierContractAreRefused opens an archive as an earlier program left it,
// which must find it as it was.
func TestEventsOfAnEarlierContractAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		events int
		want   error
	}{{"with events", 1, store.ErrEarlier}, {"without any", 0, nil}} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hub.db")
			db := openTest(t, path)
			if c.events > 0 {
				if _, err := file(t.Context(), db, c.events); err != nil {
					t.Fatal(err)
				}
			}
			for _, text := range []string{"DROP TABLE begins_with_parts", "DELETE FROM goose_db_version WHERE version_id >= 8"} {
				if _, err := db.writer.ExecContext(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			for range 2 { // refused once, it is not moved on
				db, err := Open(t.Context(), path)
				if !errors.Is(err, c.want) {
					t.Fatalf("Open: got %v, want %v", err, c.want)
				}
				if err != nil {
					if !strings.HasSuffix(err.Error(), store.ErrEarlier.Error()) {
						t.Errorf("it does not say what to do: %v", err)
					}
					continue
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestWhatIsRecordedStays(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "hub.db"))
	err := db.Write(t.Context(), func(tx store.Tx) error {
		one := filing(1)
		one.Answer = []byte("answer")
		return tx.Append(t.Context(), []store.Entry{one}, []byte("checkpoint"))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, statement string
		allowed         bool
	}{
		{"an event is not deleted", "DELETE FROM events", false},
		{"an event is not replaced", "REPLACE INTO events SELECT seq, request, authority, platform, authority_index, platform_index, hashes, leaf, salt, x'00', reviewer, reviewer_index FROM events", false},
		{"an event is not renumbered", "UPDATE events SET seq = seq + 1", false},
		{"an event stays with its request", "UPDATE events SET request = zeroblob(16), salt = NULL, body = NULL", false},
		{"an event stays in its authority's feed", "UPDATE events SET authority = 'authorities/other', salt = NULL, body = NULL", false},
		{"an event stays in its platform's feed", "UPDATE events SET platform = NULL, platform_index = 0, salt = NULL, body = NULL", false},
		{"an event stays out of a reviewer's feed", "UPDATE events SET reviewer = 'oversight/other', reviewer_index = 1, salt = NULL, body = NULL", false},
		{"an event keeps its index", "UPDATE events SET authority_index = 7, salt = NULL, body = NULL", false},
		{"an event keeps its leaf", "UPDATE events SET leaf = 'other', salt = NULL, body = NULL", false},
		{"an event keeps its hashes", "UPDATE events SET hashes = zeroblob(32), salt = NULL, body = NULL", false},
		{"an event's body does not change", "UPDATE events SET body = x'00'", false},
		{"an answer is not deleted", "DELETE FROM answers", false},
		{"an answer does not change", "UPDATE answers SET body = x'00'", false},
		{"a call is not deleted", "DELETE FROM calls", false},
		{"a call does not change", "UPDATE calls SET fingerprint = randomblob(32)", false},
		{"a request keeps its id", "UPDATE requests SET id = zeroblob(16)", false},
		{"a request keeps its platform", "UPDATE requests SET platform = 'platforms/other'", false},
		{"a request keeps its reviewer", "UPDATE requests SET reviewer = 'oversight/other'", false},
		{"a request that has events is not deleted", "DELETE FROM requests", false},
		{"an event's body may be purged", "UPDATE events SET salt = NULL, body = NULL", true},
		{"an answer may be purged", "UPDATE answers SET body = NULL", true},
		{"a call's fingerprint may be purged", "UPDATE calls SET fingerprint = zeroblob(32)", true},
		{"a request's body may be purged", "UPDATE requests SET body = NULL", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := db.writer.ExecContext(t.Context(), test.statement); (err == nil) != test.allowed {
				t.Errorf("got %v, want allowed: %t", err, test.allowed)
			}
		})
	}
}

// A list must cost what its page costs, however much is stored: no statement may
// scan a table or sort.
func TestEveryStatementUsesAnIndex(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "hub.db"))
	for _, text := range append(readStatements(), writeStatements()...) {
		if text == selectParticipants || text == moveRecentSelectors {
			continue // they are about the whole of a table that stays small
		}
		arguments := make([]any, 14)
		rows, err := db.writer.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, arguments...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		err = forEach(rows, func(rows *sql.Rows) error {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				return err
			}
			scans := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "VIRTUAL TABLE") // a list of keys is one
			if step == "SCAN CONSTANT ROW" {
				return nil
			}
			if scans || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n%s", text, step)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsCarryNothingThatIsStored(t *testing.T) {
	folder := t.TempDir()
	db := openTest(t, filepath.Join(folder, "hub.db"))
	secret := filing(1)
	secret.Request.References = []string{"secret reference"}
	secret.Request.Body = []byte("secret body")
	twice := []store.Entry{secret, filing(2)}
	twice[1].Call = secret.Call
	twice[1].Call.Seq = 2
	taken := db.Write(t.Context(), func(tx store.Tx) error { return tx.Append(t.Context(), twice, nil) })

	notADatabase := filepath.Join(folder, "text.db")
	if err := os.WriteFile(notADatabase, []byte(strings.Repeat("secret content ", 300)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, foreign := Open(t.Context(), notADatabase)
	_, nowhere := Open(t.Context(), filepath.Join(notADatabase, "below", "hub.db"))
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"a call that is taken", taken, "sqlite: append: Abort due to constraint violation (SQLITE_CONSTRAINT), code 1555"},
		{"no database", foreign, "sqlite: update the schema of text.db: File opened that is not a database file (SQLITE_NOTADB), code 26"},
		{"no folder", nowhere, "sqlite: create hub.db: mkdir: not a directory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.err == nil || test.err.Error() != test.want {
				t.Errorf("got %v, want %s", test.err, test.want)
			}
		})
	}
}
