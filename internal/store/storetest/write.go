package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

func testEmpty(t *testing.T, s store.Store) {
	ctx := context.Background()
	equal(t, "everything", look(s), everything{})
	if _, err := s.Request(ctx, requestID(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Request: got %v, want ErrNotFound", err)
	}
	equal(t, "answers of no request", must(s.Events(ctx, store.EventQuery{Request: requestID(1), Enclosing: true, Limit: 1})), []store.Event{})
	write(t, s, func(tx store.Tx) error {
		equal(t, "head in the batch", tx.Head().Seq, resource.Seq(0))
		return nil
	})
	appendAll(t, s) // an empty batch is no fault
}

func testReadsBack(t *testing.T, s store.Store) {
	first := filed(1, 1, hidden, in(lifecycle.AwaitingApproval), called(ministry, 1),
		referring("MoC/2024/17", "دادگا ٤٢", `"quoted", [1]`, "a\u2028b<&>\\"))
	second := filed(2, 2, emergency, between(regulator, pixel), func(e *store.Entry) {
		e.Request.CreateTime = time.Time{}
		e.Event.Body = []byte{0, 0xff, 0}
	})
	third := next(3, second.Request, enclosing("sealed"), in(lifecycle.Answered))
	appendAll(t, s, first, second)
	appendAll(t, s, third)
	equal(t, "everything", look(s), everything{
		Head:     store.Head{Seq: 3, Checkpoint: []byte("checkpoint of 3"), Leaf: third.Event.Leaf},
		Events:   []store.Event{first.Event, second.Event, third.Event},
		Requests: []store.Request{first.Request, third.Request},
		Answers:  map[resource.RequestID][]store.Event{first.Request.ID: nil, second.Request.ID: {withAnswer(third)}},
		Hashes:   map[resource.Seq][]byte{1: first.Event.Hashes, 2: second.Event.Hashes, 3: third.Event.Hashes},
	})
	for _, want := range []store.Request{first.Request, third.Request} {
		equal(t, "request by id", must(s.Request(context.Background(), want.ID)), want)
	}
}

func withAnswer(e store.Entry) store.Event {
	e.Event.Answer = e.Answer
	return e.Event
}

func testLastProjectionStays(t *testing.T, s store.Store) {
	first := filed(1, 1, hidden, in(lifecycle.AwaitingApproval), referring("old"))
	other := filed(2, 2)
	approved := next(3, first.Request, in(lifecycle.Filed), referring("new"), func(e *store.Entry) {
		e.Request.Visible = true
		e.Event.Platform = wave
	})
	withdrawn := next(4, approved.Request, in(lifecycle.Withdrawn))
	appendAll(t, s, first, other, approved, withdrawn)
	got := look(s)
	equal(t, "requests", got.Requests, []store.Request{withdrawn.Request, other.Request})
	equal(t, "events", got.Events, []store.Event{first.Event, other.Event, approved.Event, withdrawn.Event})
}

func testAppendsGoOn(t *testing.T, s store.Store) {
	ctx := context.Background()
	first := filed(1, 1)
	second := next(2, first.Request)
	write(t, s, func(tx store.Tx) error {
		if err := tx.Append(ctx, []store.Entry{first}, []byte("checkpoint")); err != nil {
			return err
		}
		equal(t, "head in the batch", tx.Head().Seq, resource.Seq(0))
		return tx.Append(ctx, []store.Entry{second}, []byte("checkpoint"))
	})
	equal(t, "requests", look(s).Requests, []store.Request{second.Request})
}

func testBatchSeesItself(t *testing.T, s store.Store) {
	ctx := context.Background()
	entry := filed(1, 1, called(ministry, 1))
	write(t, s, func(tx store.Tx) error {
		if err := tx.Append(ctx, []store.Entry{entry}, []byte("checkpoint")); err != nil {
			return err
		}
		found := must(tx.LookUp(ctx, store.Keys{Requests: []resource.RequestID{requestID(1)}, Calls: []store.CallKey{entry.Call.Key}}))
		equal(t, "request in the batch", found.Requests[requestID(1)], entry.Request)
		equal(t, "call in the batch", found.Calls[entry.Call.Key], entry.Call)
		equal(t, "everything outside", look(s), everything{})
		return nil
	})
	equal(t, "head after it", look(s).Head.Seq, resource.Seq(1))
}

// testFailedBatch fails a batch that touches everything, in each way in which one
// can fail, and looks for what it left.
func testFailedBatch(t *testing.T, s store.Store) {
	before := filed(1, 1, called(ministry, 1))
	appendAll(t, s, before)
	want := look(s)
	fault := errors.New("the step is not to be taken")
	good := []store.Entry{filed(2, 2, called(ministry, 2), referring("R")), next(3, before.Request, enclosing("answer"))}

	type failing struct {
		name string
		// end is what the batch does after it has written; cancel ends its context.
		end  func(tx store.Tx, cancel func()) error
		want error
	}
	for _, test := range []failing{
		{"it returns an error", func(store.Tx, func()) error { return fault }, fault},
		{"its context ends", func(_ store.Tx, cancel func()) error { cancel(); return nil }, context.Canceled},
		{"a number repeats, and the error is ignored", func(tx store.Tx, _ func()) error {
			_ = tx.Append(context.Background(), []store.Entry{filed(3, 3)}, []byte("checkpoint"))
			return nil
		}, store.ErrEntry},
		{"a number is left out, and something good follows", func(tx store.Tx, _ func()) error {
			_ = tx.Append(context.Background(), []store.Entry{filed(5, 3)}, []byte("checkpoint"))
			_ = tx.Append(context.Background(), []store.Entry{filed(4, 3)}, []byte("checkpoint"))
			return nil
		}, store.ErrEntry},
		{"it panics", func(store.Tx, func()) error { panic(fault) }, fault},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			err := recovered(func() error {
				return s.Write(ctx, func(tx store.Tx) error {
					equal(t, "head in the batch", tx.Head().Seq, resource.Seq(1))
					if err := tx.Append(context.Background(), good, checkpoint(good)); err != nil {
						return err
					}
					if _, err := tx.PutParticipant(context.Background(), store.Participant{Name: wave, Body: text("wave")}); err != nil {
						return err
					}
					return test.end(tx, cancel)
				})
			})
			if !errors.Is(err, test.want) {
				t.Errorf("Write: got %v, want %v", err, test.want)
			}
			equal(t, "everything", look(s), want)
		})
	}
	t.Run("its context had ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := s.Write(ctx, func(store.Tx) error { t.Error("the batch ran"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Write: got %v, want %v", err, context.Canceled)
		}
	})
	t.Run("the next batch takes its numbers", func(t *testing.T) {
		appendAll(t, s, good...)
		equal(t, "head", look(s).Head.Seq, resource.Seq(3))
	})
}

// recovered returns the error that f returns or panics with.
func recovered(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return f()
}

func testContradictions(t *testing.T, s store.Store) {
	stored := filed(1, 1, called(ministry, 1))
	appendAll(t, s, stored)
	want := look(s)
	for _, test := range []struct {
		name    string
		entries []store.Entry
	}{
		{"number zero", []store.Entry{filed(0, 2)}},
		{"a number that is taken", []store.Entry{filed(1, 2)}},
		{"a gap before the first", []store.Entry{filed(3, 2)}},
		{"a gap inside", []store.Entry{filed(2, 2), filed(4, 3)}},
		{"falling numbers", []store.Entry{filed(3, 3), filed(2, 2)}},
		{"an event of another request", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Request = requestID(1) })}},
		{"a feed of another authority", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Authority = regulator })}},
		{"a feed of another platform", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Platform = pixel })}},
		{"visible in the feed of one that may not know", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Request.Visible = false })}},
		{"no index in the authority's feed", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.AuthorityIndex = 0 })}},
		{"an index in the feed of one that may not know", []store.Entry{indexed(filed(2, 2, hidden), 5)}},
		{"no index in the platform's feed", []store.Entry{indexed(filed(2, 2), 0)}},
		{"an authority as the reviewer", []store.Entry{filed(2, 2, reviewedBy(regulator))}},
		{"a feed of another reviewer", []store.Entry{filed(2, 2, reviewedBy(board), func(e *store.Entry) { e.Event.Reviewer = ombudsman })}},
		{"visible in the feed of a reviewer that may not know", []store.Entry{filed(2, 2, hidden, reviewedBy(board), func(e *store.Entry) { e.Event.Reviewer = board })}},
		{"no index in the reviewer's feed", []store.Entry{reviewIndexed(filed(2, 2, reviewedBy(board)), 0)}},
		{"an index in the feed of a reviewer that there is not", []store.Entry{reviewIndexed(filed(2, 2), 5)}},
		{"another reviewer than stored", []store.Entry{next(2, stored.Request, reviewedBy(board))}},
		{"another reviewer in the same batch", []store.Entry{filed(2, 2, reviewedBy(board)), next(3, filed(2, 2, reviewedBy(board)).Request, reviewedBy(ombudsman))}},
		{"no leaf", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Leaf = "" })}},
		{"no hashes", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Hashes = nil })}},
		{"half a hash", []store.Entry{filed(2, 2, func(e *store.Entry) { e.Event.Hashes = e.Event.Hashes[:16] })}},
		{"a platform as the authority", []store.Entry{filed(2, 2, between(pixel, wave))}},
		{"a request that exists, filed anew", []store.Entry{filed(2, 1)}},
		{"a step of a request that does not exist", []store.Entry{next(2, filed(1, 2).Request)}},
		{"a step of a request created later", []store.Entry{next(2, filed(3, 2).Request)}},
		{"another authority than stored", []store.Entry{next(2, stored.Request, between(regulator, wave))}},
		{"another platform than stored", []store.Entry{next(2, stored.Request, between(ministry, pixel))}},
		{"another time of creation than stored", []store.Entry{next(2, stored.Request, func(e *store.Entry) {
			e.Request.CreateTime = e.Request.CreateTime.Add(time.Microsecond)
		})}},
		{"another platform in the same batch", []store.Entry{filed(2, 2), next(3, filed(2, 2).Request, between(ministry, pixel))}},
		{"a reference that is no text", []store.Entry{filed(2, 2, referring("\xff"))}},
		{"a reference with NUL", []store.Entry{filed(2, 2, referring("a\x00b"))}},
		{"a call that led to another event", []store.Entry{filed(2, 2, called(ministry, 2), func(e *store.Entry) { e.Call.Seq = 1 })}},
		{"a call that is remembered", []store.Entry{filed(2, 2, called(ministry, 1))}},
		{"a step that gives a request selectors", []store.Entry{next(2, stored.Request, denoting(1))}},
		{"a request that forgets as it is created", []store.Entry{filed(2, 2, forgetting(1))}},
		{"a step that is counted as a filing", []store.Entry{next(2, stored.Request, counted)}},
		{"one call twice in a batch", []store.Entry{filed(2, 2, called(ministry, 2)), filed(3, 3, called(ministry, 2))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var appended error
			err := s.Write(context.Background(), func(tx store.Tx) error {
				appended = tx.Append(context.Background(), test.entries, []byte("checkpoint"))
				return nil
			})
			if err == nil {
				t.Errorf("Append: %v, Write took it", appended)
			}
			equal(t, "everything", look(s), want)
		})
	}
}

// reviewIndexed gives an entry an index in its reviewer's feed that it would not have.
func reviewIndexed(e store.Entry, index uint64) store.Entry {
	e.Event.ReviewerIndex = index
	return e
}

// indexed gives an entry an index in its platform's feed that it would not have.
func indexed(e store.Entry, index uint64) store.Entry {
	e.Event.PlatformIndex = index
	return e
}

func testTxEnds(t *testing.T, s store.Store) {
	ctx := context.Background()
	var kept store.Tx
	write(t, s, func(tx store.Tx) error { kept = tx; return nil })
	if err := kept.Append(ctx, []store.Entry{filed(1, 1)}, nil); err == nil {
		t.Error("Append after Write was taken")
	}
	if _, err := kept.PutParticipant(ctx, store.Participant{Name: wave}); err == nil {
		t.Error("PutParticipant after Write was taken")
	}
	if _, err := kept.LookUp(ctx, store.Keys{Requests: []resource.RequestID{requestID(1)}}); err == nil {
		t.Error("LookUp after Write was served")
	}
	equal(t, "everything", look(s), everything{})
}

func testRestart(t *testing.T, h Harness) {
	s := h.Open(t)
	first := filed(1, 1, referring("R"), called(ministry, 1))
	appendAll(t, s, first)
	appendAll(t, s, next(2, first.Request, enclosing("answer")), filed(3, 2, between(regulator, pixel)))
	write(t, s, func(tx store.Tx) error {
		_, err := tx.PutParticipant(context.Background(), store.Participant{Name: wave, Body: text("wave")})
		return err
	})
	want := look(s)
	s = h.Reopen(t, s)
	equal(t, "everything", look(s), want)
	write(t, s, func(tx store.Tx) error {
		calls := callsOf(tx, first.Call.Key)
		equal(t, "the call", calls[first.Call.Key], first.Call)
		return tx.Append(context.Background(), []store.Entry{filed(4, 3)}, []byte("checkpoint"))
	})
	equal(t, "head", look(h.Reopen(t, s)).Head.Seq, resource.Seq(4))
}

func testClosed(t *testing.T, s store.Store) {
	ctx := context.Background()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	calls := map[string]func() error{
		"Write":        func() error { return s.Write(ctx, func(store.Tx) error { return nil }) },
		"Request":      func() error { _, err := s.Request(ctx, requestID(1)); return err },
		"Requests":     func() error { _, err := s.Requests(ctx, store.RequestQuery{Party: wave, Limit: 1}); return err },
		"Events":       func() error { _, err := s.Events(ctx, store.EventQuery{Limit: 1}); return err },
		"Hashes":       func() error { _, err := s.Hashes(ctx, []resource.Seq{1}); return err },
		"Participants": func() error { _, err := s.Participants(ctx); return err },
		"Head":         func() error { _, err := s.Head(ctx); return err },
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s after Close: got %v, want a fault", name, err)
		}
	}
}
