package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

func testLookups(t *testing.T, s store.Store) {
	var entries []store.Entry
	for n := 1; n <= 300; n++ {
		entries = append(entries, filed(resource.Seq(n), n, called(ministry, n)))
	}
	appendAll(t, s, entries...)
	var ids []resource.RequestID
	var keys []store.CallKey
	requests := make(map[resource.RequestID]store.Request)
	calls := make(map[store.CallKey]store.Call)
	for n := 50; n <= 600; n++ { // most exist, some do not, one is asked for twice
		ids, keys = append(ids, requestID(n)), append(keys, callKey(ministry, n), callKey(regulator, n))
		if n <= 300 {
			requests[requestID(n)], calls[callKey(ministry, n)] = entries[n-1].Request, entries[n-1].Call
		}
	}
	ids, keys = append(ids, ids[0]), append(keys, keys[0])
	write(t, s, func(tx store.Tx) error {
		equal(t, "head", tx.Head().Seq, resource.Seq(300))
		equal(t, "requests", requestsOf(tx, ids...), requests)
		equal(t, "calls", callsOf(tx, keys...), calls)
		equal(t, "requests of none", requestsOf(tx), map[resource.RequestID]store.Request{})
		equal(t, "calls of none", callsOf(tx), map[store.CallKey]store.Call{})
		return nil
	})
}

func testCalls(t *testing.T, s store.Store) {
	one := filed(1, 1, called(ministry, 7))
	two := next(2, one.Request, called(wave, 7)) // the same identifier, given by another
	appendAll(t, s, one, two)
	appendAll(t, s, next(3, two.Request)) // a step that nobody may repeat safely
	write(t, s, func(tx store.Tx) error {
		keys := []store.CallKey{callKey(ministry, 7), callKey(wave, 7), callKey(regulator, 7), {}}
		equal(t, "calls", callsOf(tx, keys...),
			map[store.CallKey]store.Call{one.Call.Key: one.Call, two.Call.Key: two.Call})
		return nil
	})
}

func testAnswers(t *testing.T, s store.Store) {
	ctx := context.Background()
	one, other := filed(1, 1), filed(2, 2)
	part := next(3, one.Request, enclosing("part one"), in(lifecycle.PartiallyAnswered))
	foreign := next(4, other.Request, enclosing("another's"))
	silent := next(5, part.Request)
	final := next(6, silent.Request, enclosing(""), in(lifecycle.Answered)) // an answer may be empty
	appendAll(t, s, one, other, part, foreign)
	appendAll(t, s, silent, final)
	for _, test := range []struct {
		name string
		q    store.EventQuery
		want []store.Event
	}{
		{"its answers", store.EventQuery{Request: requestID(1)}, []store.Event{withAnswer(part), withAnswer(final)}},
		{"the other's", store.EventQuery{Request: requestID(2)}, []store.Event{withAnswer(foreign)}},
		{"those after one", store.EventQuery{Request: requestID(1), After: 3}, []store.Event{withAnswer(final)}},
		{"for its platform", store.EventQuery{Request: requestID(1), Party: wave}, []store.Event{withAnswer(part), withAnswer(final)}},
		{"for somebody else", store.EventQuery{Request: requestID(1), Party: pixel}, nil},
	} {
		test.q.Enclosing, test.q.Limit = true, plenty
		equal(t, test.name, must(s.Events(ctx, test.q)), test.want)
	}
	equal(t, "events", must(s.Events(ctx, store.EventQuery{Request: requestID(1), Limit: plenty})),
		[]store.Event{one.Event, part.Event, silent.Event, final.Event})
}

func testParticipants(t *testing.T, s store.Store) {
	ctx := context.Background()
	put := func(name resource.Organisation, version uint64, body string) (next uint64, err error) {
		err = s.Write(ctx, func(tx store.Tx) error {
			next, err = tx.PutParticipant(ctx, store.Participant{Name: name, Version: version, Body: []byte(body)})
			return err
		})
		return next, err
	}
	refused := func(what string, name resource.Organisation, version uint64) {
		t.Helper()
		if _, err := put(name, version, "lost"); !errors.Is(err, store.ErrVersion) {
			t.Errorf("%s: got %v, want ErrVersion", what, err)
		}
	}
	first := must(put(wave, 0, "wave"))
	ministryFirst := must(put(ministry, 0, "ministry"))
	refused("created twice", wave, 0)
	refused("replaced before it is created", pixel, 1)
	second := must(put(wave, first, "wave, moved"))
	if second <= first || first == 0 {
		t.Fatalf("versions %d, then %d: want them to rise from above zero", first, second)
	}
	refused("replaced by who saw an old version", wave, first)
	refused("replaced by who saw a version that never was", wave, second+1)
	want := []store.Participant{
		{Name: ministry, Version: ministryFirst, Body: []byte("ministry")},
		{Name: wave, Version: second, Body: []byte("wave, moved")},
	}
	equal(t, "directory", must(s.Participants(ctx)), want)

	t.Run("a conflict alone does not lose the batch", func(t *testing.T) {
		write(t, s, func(tx store.Tx) error {
			if _, err := tx.PutParticipant(ctx, store.Participant{Name: wave, Body: []byte("lost")}); !errors.Is(err, store.ErrVersion) {
				t.Errorf("got %v, want ErrVersion", err)
			}
			return tx.Append(ctx, []store.Entry{filed(1, 1)}, []byte("checkpoint"))
		})
		equal(t, "head", must(s.Head(ctx)).Seq, resource.Seq(1))
		equal(t, "directory", must(s.Participants(ctx)), want)
	})
	t.Run("a batch sees its own version", func(t *testing.T) {
		write(t, s, func(tx store.Tx) error {
			version := must(tx.PutParticipant(ctx, store.Participant{Name: pixel, Body: []byte("pixel")}))
			_, err := tx.PutParticipant(ctx, store.Participant{Name: pixel, Version: version, Body: []byte("pixel, moved")})
			return err
		})
		got := must(s.Participants(ctx))
		if len(got) != 3 || got[1].Name != pixel || string(got[1].Body) != "pixel, moved" {
			t.Errorf("directory: got %v, want pixel between the others", got)
		}
	})
}

func requestsOf(tx store.Tx, ids ...resource.RequestID) map[resource.RequestID]store.Request {
	return must(tx.LookUp(context.Background(), store.Keys{Requests: ids})).Requests
}

func callsOf(tx store.Tx, keys ...store.CallKey) map[store.CallKey]store.Call {
	return must(tx.LookUp(context.Background(), store.Keys{Calls: keys})).Calls
}
