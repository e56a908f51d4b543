package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

func testPurge(t *testing.T, s store.Store) {
	ctx := context.Background()
	first := filed(1, 1, called(ministry, 1), referring("R"))
	other := filed(2, 2, called(ministry, 2), enclosing("another's"))
	answered := next(3, first.Request, enclosing("answer"), called(wave, 1))
	closed := next(4, answered.Request, over(1))
	appendAll(t, s, first, other, answered, closed)
	purged := next(5, closed.Request, purging, called(ministry, 3))
	appendAll(t, s, purged)

	emptied := func(e store.Entry) store.Event {
		e.Event.Salt, e.Event.Body = nil, nil
		return e.Event
	}
	got := look(s)
	equal(t, "events", got.Events, []store.Event{emptied(first), other.Event, emptied(answered), emptied(closed), purged.Event})
	equal(t, "requests", got.Requests, []store.Request{purged.Request, other.Request})
	equal(t, "answers", got.Answers, map[resource.RequestID][]store.Event{requestID(1): {emptied(answered)}, requestID(2): {withAnswer(other)}})
	equal(t, "what the reference finds", must(s.Requests(ctx, store.RequestQuery{Party: ministry, Reference: "R", Limit: 1})), []store.Request{})
	forgotten := func(e store.Entry) store.Call {
		e.Call.Fingerprint = [32]byte{}
		return e.Call
	}
	write(t, s, func(tx store.Tx) error {
		equal(t, "calls", callsOf(tx, callKey(ministry, 1), callKey(ministry, 2), callKey(ministry, 3), callKey(wave, 1)),
			map[store.CallKey]store.Call{
				callKey(ministry, 1): forgotten(first), callKey(wave, 1): forgotten(answered),
				callKey(ministry, 2): other.Call, callKey(ministry, 3): purged.Call,
			})
		equal(t, "what is over", must(tx.Waiting(ctx, store.ToBePurged, epoch.Add(time.Hour), 10)), []resource.RequestID{})
		return nil
	})
}

func testOver(t *testing.T, s store.Store) {
	late, early, never := filed(1, 1, over(30)), filed(2, 2, over(10)), filed(3, 3)
	appendAll(t, s, late, early, never)
	write(t, s, func(tx store.Tx) error {
		for _, test := range []struct {
			name   string
			minute int
			limit  int
			want   []resource.RequestID
		}{
			{"none yet", 10, 10, nil},
			{"the early one", 11, 10, []resource.RequestID{requestID(2)}},
			{"both, the earlier first", 31, 10, []resource.RequestID{requestID(2), requestID(1)}},
			{"no more than asked for", 31, 1, []resource.RequestID{requestID(2)}},
			{"none for a limit of zero", 31, 0, nil},
		} {
			got := must(tx.Waiting(context.Background(), store.ToBePurged, epoch.Add(time.Duration(test.minute)*time.Minute), test.limit))
			equal(t, test.name, got, test.want)
		}
		return nil
	})
}

func testDue(t *testing.T, s store.Store) {
	at := func(n int) edit {
		return func(e *store.Entry) { e.Request.DueTime = epoch.Add(time.Duration(n) * time.Minute) }
	}
	late, early, never, done := filed(1, 1, at(30)), filed(2, 2, at(10)), filed(3, 3), filed(4, 4, at(5))
	appendAll(t, s, late, early, never, done)
	appendAll(t, s, next(5, done.Request, func(e *store.Entry) { e.Request.DueTime = time.Time{} }))
	equal(t, "as it is stored", must(s.Request(t.Context(), requestID(2))).DueTime, early.Request.DueTime)
	write(t, s, func(tx store.Tx) error {
		for _, test := range []struct {
			name   string
			minute int
			limit  int
			want   []resource.RequestID
		}{
			{"none yet", 10, 10, nil},
			{"the early one, and not what was done since", 11, 10, []resource.RequestID{requestID(2)}},
			{"both, the earlier first", 31, 10, []resource.RequestID{requestID(2), requestID(1)}},
			{"no more than asked for", 31, 1, []resource.RequestID{requestID(2)}},
			{"none for a limit of zero", 31, 0, nil},
		} {
			got := must(tx.Waiting(context.Background(), store.ToBeActed, epoch.Add(time.Duration(test.minute)*time.Minute), test.limit))
			equal(t, test.name, got, test.want)
		}
		return nil
	})
}

func testFeedIndexes(t *testing.T, s store.Store) {
	ctx := context.Background()
	draft := filed(1, 1, hidden)
	appendAll(t, s, draft, filed(2, 2, between(regulator, wave)), filed(3, 3, between(ministry, pixel), reviewedBy(board)))
	write(t, s, func(tx store.Tx) error {
		everybody := []resource.Organisation{ministry, regulator, wave, pixel, board, ombudsman}
		equal(t, "feeds", must(tx.Feeds(ctx, everybody)), map[resource.Organisation]uint64{ministry: 3, regulator: 2, wave: 4, pixel: 6, board: 9})
		if err := tx.Append(ctx, []store.Entry{filed(4, 4)}, []byte("checkpoint")); err != nil {
			return err
		}
		equal(t, "feeds in the batch", must(tx.Feeds(ctx, []resource.Organisation{ministry, wave})), map[resource.Organisation]uint64{ministry: 4, wave: 8})
		equal(t, "hashes in the batch", must(tx.Hashes(ctx, []resource.Seq{1, 4, 9})), map[resource.Seq][]byte{1: draft.Event.Hashes, 4: filed(4, 4).Event.Hashes})
		return nil
	})
}
