package server_test

import (
	"context"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// reading is an archive that counts the reads of the platform's feed, and fails as many
// as it is told to.
type reading struct {
	store.Store
	reads atomic.Int64
	fails atomic.Int64
}

func (r *reading) Events(ctx context.Context, q store.EventQuery) ([]store.Event, error) {
	if q.Party.String() == "platforms/messenger" {
		r.reads.Add(1)
		if r.fails.Add(-1) >= 0 {
			return nil, store.ErrUnavailable
		}
	}
	return r.Store.Events(ctx, q)
}

// watchers opens n watches of the platform on one connection, up to their first heartbeat.
func (h *hub) watchers(n int) []grpc.ServerStreamingClient[liaisonv1.WatchEventsResponse] {
	h.t.Helper()
	client := h.requests(agent)
	streams := make([]grpc.ServerStreamingClient[liaisonv1.WatchEventsResponse], n)
	for i := range streams {
		streams[i] = must(client.WatchEvents(h.t.Context(), &liaisonv1.WatchEventsRequest{}))
		if must(streams[i].Recv()).GetHeartbeat() == nil {
			h.t.Fatal("a watch of an empty feed does not begin with a heartbeat")
		}
	}
	return streams
}

func TestAnEventIsReadOnceForAllWhoWatch(t *testing.T) {
	h := newHub(t)
	archive := &reading{Store: h.store}
	h.serveOver(t, archive)
	streams := h.watchers(20)
	before := archive.reads.Load()
	var sent *liaisonv1.WatchEventsResponse
	for range 3 {
		filed := h.fileEvent(emergency)
		sent = must(streams[0].Recv())
		if sent.GetEvent().GetSequence() != filed.GetSequence() {
			t.Fatalf("a watch was sent event %d, wanted %d", sent.GetEvent().GetSequence(), filed.GetSequence())
		}
		for _, s := range streams[1:] {
			if got := must(s.Recv()); !proto.Equal(got, sent) {
				t.Fatalf("a watch was sent %v, another %v", got, sent)
			}
		}
	}
	if got := archive.reads.Load() - before; got != 3 {
		t.Errorf("3 events were read %d times for 20 watches", got)
	}
	// A watch of one request reads for itself, and what it gets must be the same.
	alone := must(h.requests(agent).WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{Request: sent.GetEvent().GetRequest()}))
	if got := must(alone.Recv()); !proto.Equal(got, sent) {
		t.Errorf("alone a watch was sent %v, with others %v", got, sent)
	}
}

func TestAWatchReadsForItselfWhatCouldNotBeReadForAll(t *testing.T) {
	h := newHub(t)
	archive := &reading{Store: h.store}
	h.serveOver(t, archive)
	streams := h.watchers(5)
	archive.fails.Store(1)
	filed := h.fileEvent(emergency)
	for _, s := range streams {
		if got := must(s.Recv()).GetEvent().GetSequence(); got != filed.GetSequence() {
			t.Errorf("a watch was sent event %d, wanted %d", got, filed.GetSequence())
		}
	}
}
