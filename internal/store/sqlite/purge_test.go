package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// canary is a text that stands for what a person must be able to have forgotten. It is
// as long as what it stands for, so that it fills pages in every way.
func canary(where string, n, size int) []byte {
	mark := fmt.Sprintf("<canary %s %06d>", where, n)
	return []byte(strings.Repeat(mark, 1+size/len(mark)))
}

var marks = regexp.MustCompile(`[a-z]+ [0-9]{6}>`)

// TestNothingOfWhatWasPurgedIsLeftInTheFiles files requests of all sizes, rewrites them,
// answers them, purges every other one, and looks at the bytes of the database's files
// while it is open, after a crash and after a clean end.
func TestNothingOfWhatWasPurgedIsLeftInTheFiles(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "hub.db")
	db := openTest(t, path)
	requests := 300
	if testing.Short() {
		requests = 60
	}
	sizes := []int{30, 500, 3_900, 4_100, 20_000, 150_000}
	var filed []store.Request
	seq := resource.Seq(0)
	step := func(r *store.Request, edit func(*store.Entry)) {
		t.Helper()
		seq++
		n := len(filed) + 1
		if r != nil {
			n = int(r.Created)
		}
		size := sizes[(int(seq)+n)%len(sizes)]
		e := filing(seq)
		e.Event.Body, e.Event.Salt = canary("event", n, size), canary("salt", n, 30)
		if r != nil {
			identity := *r
			e.Request, e.Event.Request, e.Event.Authority, e.Event.Platform = identity, r.ID, r.Authority, r.Platform
			e.Call.Key.Organisation = r.Authority
		}
		e.Request.Version, e.Request.Body = seq, canary("request", n, size)
		e.Request.References = []string{string(canary("reference", n, 40))}
		copy(e.Call.Fingerprint[:], canary("print", n, 32))
		var hash store.SelectorHash
		copy(hash[:], fmt.Sprintf("hash %06d>", n))
		if r == nil {
			e.Selectors = []store.SelectorHash{hash}
		}
		if edit != nil {
			edit(&e)
		}
		if e.Purge {
			e.Forgotten = []store.SelectorHash{hash}
		}
		if err := db.Write(t.Context(), func(tx store.Tx) error {
			return tx.Append(t.Context(), []store.Entry{e}, []byte("checkpoint"))
		}); err != nil {
			t.Fatal(err)
		}
		if r == nil {
			filed = append(filed, e.Request)
		} else {
			*r = e.Request
		}
	}
	for range requests {
		step(nil, nil)
	}
	for round := range 2 {
		for i := range filed {
			step(&filed[i], func(e *store.Entry) {
				e.Answer = canary("answer", int(filed[i].Created), sizes[(i+round)%len(sizes)])
			})
		}
	}
	for i := range filed {
		if i%2 == 0 {
			step(&filed[i], func(e *store.Entry) {
				e.Purge = true
				e.Event.Body, e.Event.Salt = []byte("purged"), make([]byte, 32)
				e.Request.State, e.Request.OverTime, e.Request.References, e.Request.Body = lifecycle.Purged, time.Time{}, nil, []byte("purged")
				e.Call.Fingerprint = [32]byte{}
			})
		}
	}

	look := func(when string) {
		t.Helper()
		var content []byte
		files, _ := filepath.Glob(filepath.Join(folder, "*"))
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			content = append(content, text...)
		}
		// What begins in one page and goes on in another is cut anywhere, so that the ends
		// of marks are looked for and not whole ones.
		left := make(map[string]bool)
		for _, mark := range marks.FindAll(content, -1) {
			left[string(mark)] = true
		}
		for i, r := range filed {
			for _, where := range []string{"event", "salt", "request", "reference", "print", "answer"} {
				if i%2 == 0 && left[fmt.Sprintf("%s %06d>", where, r.Created)] {
					t.Errorf("%s: of a purged request the %s is left", when, where)
				}
			}
			if i%2 == 1 && !left[fmt.Sprintf("event %06d>", r.Created)] {
				t.Fatalf("%s: what was not purged is gone", when)
			}
		}
	}
	look("while it is open")

	// A copy of the files as they are is what a crash leaves.
	crashed := filepath.Join(t.TempDir(), "hub.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := openTest(t, crashed)
	if head, err := again.Head(t.Context()); err != nil || head.Seq != seq {
		t.Fatalf("after a crash the head is %d, wanted %d (%v)", head.Seq, seq, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look("after it was closed")
}

// TestAPurgeWaitsForWhoStillReads: while somebody reads from a moment before a purge, the
// log that holds that moment must stay; it goes with the first write after.
func TestAPurgeWaitsForWhoStillReads(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "hub.db")
	db := openTest(t, path)
	one := filing(1)
	one.Event.Body = canary("event", 1, 5_000)
	if err := db.Write(t.Context(), func(tx store.Tx) error {
		return tx.Append(t.Context(), []store.Entry{one}, []byte("checkpoint"))
	}); err != nil {
		t.Fatal(err)
	}
	reading, err := db.reader.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reading.ExecContext(t.Context(), "BEGIN DEFERRED"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reading.QueryRowContext(t.Context(), "SELECT count(*) FROM events WHERE body IS NOT NULL").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	purge := filing(2)
	purge.Request = one.Request
	purge.Request.Version = 2
	purge.Event.Request, purge.Event.Authority, purge.Event.Platform = one.Event.Request, one.Event.Authority, one.Event.Platform
	purge.Purge = true
	db.writer.ExecContext(t.Context(), "PRAGMA busy_timeout(1)")
	if err := db.Write(t.Context(), func(tx store.Tx) error {
		return tx.Append(t.Context(), []store.Entry{purge}, []byte("checkpoint"))
	}); err != nil {
		t.Fatal(err)
	}
	left := func() bool {
		for _, suffix := range []string{"", "-wal"} {
			text, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("<canary event 000001>")) {
				return true
			}
		}
		return false
	}
	if !left() {
		t.Fatal("the log was emptied under a reader")
	}
	if _, err := reading.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := reading.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if left() {
		t.Error("what was purged is left after the reader has gone")
	}
}
