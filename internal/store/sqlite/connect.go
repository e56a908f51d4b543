package sqlite

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the engine, in Go

	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// forWriting and the others are the pragmas that every connection of a kind gets.
var (
	forWriting = []string{
		"journal_mode(WAL)",
		"synchronous(FULL)",  // a commit is on disk before it is reported
		"secure_delete(ON)",  // what is purged is overwritten
		"cache_size(-16384)", // 16 MB: what a batch writes and looks at, of a large archive too
		"foreign_keys(ON)",
		"recursive_triggers(ON)", // so that REPLACE cannot pass by the triggers that forbid deleting
		"wal_autocheckpoint(" + strconv.Itoa(mostLogPages) + ")",
		"temp_store(MEMORY)", // nothing of the archive lands in files elsewhere
		"trusted_schema(OFF)",
	}
	forMoving = []string{
		"synchronous(FULL)",
		"wal_autocheckpoint(0)",
		"temp_store(MEMORY)",
		"trusted_schema(OFF)",
	}
	forReading = []string{
		"query_only(ON)",
		"temp_store(MEMORY)",
		"trusted_schema(OFF)",
	}
)

// connect returns a pool of up to n connections with these pragmas, which stay open.
func connect(path string, pragmas []string, patience time.Duration, n int) (*sql.DB, error) {
	parameters := url.Values{
		"mode":       {"rw"}, // never create: create has, with the right mode
		"_txlock":    {"immediate"},
		"_defensive": {"1"},
		"_dqs":       {"0"},
		"_pragma":    {"busy_timeout(" + strconv.FormatInt(patience.Milliseconds(), 10) + ")"},
	}
	for _, pragma := range pragmas {
		parameters.Add("_pragma", pragma)
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: parameters.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// create makes the file and its folder unless they exist, and returns the file's
// absolute path. SQLite gives the companions of the file the file's mode.
func create(path string) (string, error) {
	if path == "" {
		return "", rows.ErrNameless
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	return path, errors.Join(file.Sync(), file.Close())
}
