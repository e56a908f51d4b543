package sqlite

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// crashing holds the database's path in the process that is to be killed.
const crashing = "LIAISON_SQLITE_TEST_CRASHING"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashing); path != "" {
		fmt.Fprintln(os.Stderr, fileForever(path))
		os.Exit(1)
	}
	// Each random check opens a database. The command line overrides this.
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// fileForever reports the number of each filing on standard output after Write
// said that it is stored. Batches differ in size, so that the kill meets small
// and large ones.
func fileForever(path string) error {
	db, err := Open(context.Background(), path)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		last, err := file(context.Background(), db, 1+n%40)
		if err != nil {
			return err
		}
		if _, err := fmt.Println(uint64(last)); err != nil {
			return err
		}
	}
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	acknowledged := resource.Seq(0)
	for _, batches := range []int{1, 7, 60} { // until the kill, on top of what is there
		acknowledged = killAfter(t, path, batches)
		db := openTest(t, path)
		checkWhole(t, db, acknowledged)
		if err := db.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
}

// killAfter kills a process that files after it acknowledged so many batches, and
// returns the last number that it told.
func killAfter(t *testing.T, path string, batches int) (last resource.Seq) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashing+"="+path)
	child.Stderr = os.Stderr
	told, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(told)
	for n := 1; lines.Scan(); n++ { // to the end: what was told before the kill counts too
		seq, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Errorf("the process said %q", lines.Text())
			continue
		}
		last = resource.Seq(seq)
		if n == batches {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the process was not killed: %v", child.ProcessState)
	}
	if last == 0 {
		t.Fatal("the process acknowledged nothing")
	}
	return last
}

// checkWhole demands every number up to at least acknowledged, and with each event
// its request, its reference and its call.
func checkWhole(t *testing.T, db *DB, acknowledged resource.Seq) {
	t.Helper()
	last, err := db.Head(t.Context())
	head := last.Seq
	if err != nil || head < acknowledged {
		t.Fatalf("Head: %d, %v; %d was acknowledged", head, err, acknowledged)
	}
	events, err := db.Events(t.Context(), store.EventQuery{Limit: int(head) + 1})
	if err != nil || len(events) != int(head) {
		t.Fatalf("Events: %d, %v; want %d", len(events), err, head)
	}
	for i, e := range events {
		if e.Seq != resource.Seq(i+1) {
			t.Fatalf("event %d at place %d", e.Seq, i+1)
		}
		if r, err := db.Request(t.Context(), e.Request); err != nil || r.Created != e.Seq {
			t.Fatalf("the request of event %d: %v", e.Seq, err)
		}
	}
	for _, table := range []string{"requests", "request_references", "calls"} {
		var n resource.Seq
		if err := db.writer.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != head {
			t.Errorf("%s: %d rows, %v; want %d", table, n, err, head)
		}
	}
	var verdict string
	if err := db.writer.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
}
