package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// testWaiting gives up a Write that waits for another.
func testWaiting(t *testing.T, s store.Store) {
	writing, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- s.Write(context.Background(), func(tx store.Tx) error {
			close(writing)
			<-release
			return tx.Append(context.Background(), []store.Entry{filed(1, 1)}, []byte("checkpoint"))
		})
	}()
	<-writing
	ctx, cancel := context.WithCancel(context.Background())
	second := make(chan error, 1)
	go func() {
		second <- s.Write(ctx, func(store.Tx) error { t.Error("the batch ran"); return nil })
	}()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("the waiting Write: got %v, want %v", err, context.Canceled)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the Write before it: %v", err)
	}
	equal(t, "head", look(s).Head.Seq, resource.Seq(1))
}

// testConcurrency writes through two stores on one database, which may be the same
// one, while readers follow. Every reader sees each event once, in order, with no gap.
func testConcurrency(t *testing.T, one, other store.Store) {
	const writers, batches, batch = 4, 8, 3
	const total = writers * batches * batch
	ctx := context.Background()
	var running sync.WaitGroup
	for w := range writers {
		s := []store.Store{one, other}[w%2]
		running.Go(func() {
			for b := range batches {
				if err := s.Write(ctx, func(tx store.Tx) error {
					var entries []store.Entry
					for i := range batch {
						n := (w*batches+b)*batch + i
						entries = append(entries, filed(tx.Head().Seq+resource.Seq(i)+1, n+1))
					}
					return tx.Append(ctx, entries, checkpoint(entries))
				}); err != nil {
					t.Errorf("Write: %v", err)
				}
			}
		})
	}
	written := make(chan struct{})
	go func() { running.Wait(); close(written) }()

	var followers sync.WaitGroup
	for _, s := range []store.Store{one, other} {
		for _, party := range []resource.Organisation{{}, ministry, wave} {
			followers.Go(func() { follow(t, s, party, total, written) })
		}
	}
	followers.Wait()
	<-written
	equal(t, "head", look(one).Head.Seq, resource.Seq(total))
	equal(t, "what both see", look(other), look(one))
}

// follow reads a feed that every event is in, until it saw all of them or nothing
// more is written.
func follow(t *testing.T, s store.Store, party resource.Organisation, total int, written <-chan struct{}) {
	ctx := context.Background()
	last := resource.Seq(0)
	for ended := false; last < resource.Seq(total); {
		events, err := s.Events(ctx, store.EventQuery{Party: party, After: last, Limit: 10})
		if err != nil {
			t.Errorf("Events: %v", err)
			return
		}
		for _, e := range events {
			if e.Seq != last+1 {
				t.Errorf("a reader saw event %d after %d", e.Seq, last)
				return
			}
			last = e.Seq
		}
		if len(events) > 0 {
			if head, err := s.Head(ctx); err != nil || head.Seq < last {
				t.Errorf("Head: %d, %v; want at least %d", head.Seq, err, last)
				return
			}
			continue
		}
		if ended {
			t.Errorf("a reader saw %d events of %d", last, total)
			return
		}
		select {
		case <-written:
			ended = true // look once more
		default:
		}
	}
}
