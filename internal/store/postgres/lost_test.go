package postgres_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// filing is the entry that files one more request; its leaf is like no other.
func filing(seq resource.Seq) store.Entry {
	authority, platform := organisation("authorities/moc"), organisation("platforms/wave")
	key := uuid.New()
	id, body := resource.RequestIDFrom(key), []byte("body")
	return store.Entry{
		Event: store.Event{
			Seq: seq, Request: id, Authority: authority, Platform: platform, AuthorityIndex: uint64(seq), PlatformIndex: uint64(seq),
			Leaf: "leaf of " + key.String(), Hashes: make([]byte, 32), Salt: make([]byte, 32), Body: body,
		},
		Request: store.Request{
			ID: id, Created: seq, Version: seq, Authority: authority, Platform: platform, Visible: true,
			State: lifecycle.Filed, References: []string{"MoC/2024/" + key.String()}, Body: body,
		},
		Call: store.Call{Key: store.CallKey{Organisation: authority, ID: key}, Seq: seq},
	}
}

func organisation(name string) resource.Organisation {
	o, err := resource.ParseOrganisation(name)
	if err != nil {
		panic(err)
	}
	return o
}

// wire stands between a hub and its database, and breaks connections.
type wire struct {
	server string       // the database's socket
	breaks func() bool  // asked at every commit
	broken atomic.Int64 // connections
}

// serve serves a socket in a folder of its own, which it returns.
func (w *wire) serve(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(conn)
		}
	}()
	return dir
}

// commits is how the driver names the statement that commits, once it is prepared.
var commits = func() []byte {
	digest := sha256.Sum256([]byte("commit"))
	return fmt.Appendf(nil, "stmtcache_%x\x00", digest[:24])
}()

// pass passes everything on, until a commit comes that it breaks the connection at:
// before the database has it, or before the hub has the answer.
func (w *wire) pass(hub net.Conn) {
	defer hub.Close()
	database, err := net.Dial("unix", w.server)
	if err != nil {
		return
	}
	defer database.Close()
	var deaf atomic.Bool // the hub gets nothing more
	go func() {
		defer hub.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := database.Read(buffer)
			if err != nil || deaf.Load() {
				return
			}
			if _, err := hub.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := hub.Read(buffer)
		if err != nil {
			return
		}
		if bytes.Contains(buffer[:n], commits) && w.breaks() {
			w.broken.Add(1)
			if rand.N(2) == 0 {
				return
			}
			deaf.Store(true)
		}
		if _, err := database.Write(buffer[:n]); err != nil {
			return
		}
		if deaf.Load() {
			_, _ = io.Copy(io.Discard, hub) // until the hub gives up, which it does when the other half closes
			return
		}
	}
}

// TestWhereConnectionsBreakNothingIsLostOrDoubled breaks every third connection while it
// commits. Whether the database has the batch then, the hub cannot know; it finds out.
func TestWhereConnectionsBreakNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	connection := database(t)
	straight := open(t, connection)
	w := &wire{server: filepath.Join(cluster.Socket(), ".s.PGSQL.5432"), breaks: func() bool { return rand.N(3) == 0 }}
	name := connection[:bytes.IndexByte([]byte(connection), '?')]
	db := open(t, name+"?user=liaison&host="+w.serve(t))

	const writers, batches, batch = 4, 12, 3
	var mu sync.Mutex
	leaves := make(map[string]bool) // of what was acknowledged
	var writing sync.WaitGroup
	for range writers {
		writing.Go(func() {
			for range batches {
				var entries []store.Entry
				if err := db.Write(t.Context(), func(tx store.Tx) error {
					entries = nil
					for i := range batch {
						entries = append(entries, filing(tx.Head().Seq+resource.Seq(i)+1))
					}
					return tx.Append(t.Context(), entries, []byte("checkpoint"))
				}); err != nil {
					t.Errorf("Write: %v", err)
				}
				mu.Lock()
				for _, e := range entries {
					leaves[e.Event.Leaf] = true
				}
				mu.Unlock()
			}
		})
	}
	writing.Wait()
	if w.broken.Load() == 0 {
		t.Fatal("no connection was broken")
	}
	events, err := straight.Events(t.Context(), store.EventQuery{Limit: 1000})
	if err != nil || len(events) != writers*batches*batch {
		t.Fatalf("%d events are stored, %v; wanted %d", len(events), err, writers*batches*batch)
	}
	for i, e := range events {
		if e.Seq != resource.Seq(i+1) || !leaves[e.Leaf] {
			t.Errorf("event %d is not the one that was acknowledged", e.Seq)
		}
	}
}

// TestAParticipantIsPutOnceWhereConnectionsBreak: so too for the directory, which no
// ledger tells about.
func TestAParticipantIsPutOnceWhereConnectionsBreak(t *testing.T) {
	t.Parallel()
	connection := database(t)
	straight := open(t, connection)
	w := &wire{server: filepath.Join(cluster.Socket(), ".s.PGSQL.5432"), breaks: func() bool { return rand.N(2) == 0 }}
	name := connection[:bytes.IndexByte([]byte(connection), '?')]
	db := open(t, name+"?user=liaison&host="+w.serve(t))
	version := uint64(0)
	for i := range 20 {
		var next uint64
		if err := db.Write(t.Context(), func(tx store.Tx) (err error) {
			next, err = tx.PutParticipant(t.Context(), store.Participant{Name: organisation("authorities/moc"), Version: version, Body: fmt.Append(nil, i)})
			return err
		}); err != nil {
			t.Fatalf("Write: %v", err)
		}
		version = next
	}
	list, err := straight.Participants(t.Context())
	if err != nil || len(list) != 1 || list[0].Version != 20 || string(list[0].Body) != "19" {
		t.Fatalf("the directory is %v, %v", list, err)
	}
	if w.broken.Load() == 0 {
		t.Fatal("no connection was broken")
	}
}
