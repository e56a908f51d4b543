package storetest

import (
	"context"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// numbers returns the sequence numbers of the events that match q.
func numbers(t tester, s store.Store, q store.EventQuery) []resource.Seq {
	t.Helper()
	var found []resource.Seq
	for _, e := range must(s.Events(context.Background(), q)) {
		found = append(found, e.Seq)
	}
	return found
}

func testFeeds(t *testing.T, s store.Store) {
	draft := filed(1, 1, hidden, in(lifecycle.AwaitingApproval))
	approved := next(2, draft.Request, in(lifecycle.Filed), func(e *store.Entry) {
		e.Request.Visible = true
		e.Event.Platform = wave
	})
	internal := next(3, approved.Request, func(e *store.Entry) { e.Event.Platform = resource.Organisation{} })
	appendAll(t, s, draft, approved, internal,
		filed(4, 2, between(regulator, wave)),
		filed(5, 3, between(ministry, pixel)),
		next(6, approved.Request),
		filed(7, 4, reviewedBy(board)),
		filed(8, 5, hidden, reviewedBy(board)),
	)
	type seqs = []resource.Seq
	for _, test := range []struct {
		name string
		q    store.EventQuery
		want seqs
	}{
		{"everybody's", store.EventQuery{}, seqs{1, 2, 3, 4, 5, 6, 7, 8}},
		{"an authority's", store.EventQuery{Party: ministry}, seqs{1, 2, 3, 5, 6, 7, 8}},
		{"another authority's", store.EventQuery{Party: regulator}, seqs{4}},
		{"a platform's, without what it may not see", store.EventQuery{Party: wave}, seqs{2, 4, 6, 7}},
		{"another platform's", store.EventQuery{Party: pixel}, seqs{5}},
		{"a reviewer's, without what it may not see", store.EventQuery{Party: board}, seqs{7}},
		{"another reviewer's", store.EventQuery{Party: ombudsman}, nil},
		{"a request's, for its reviewer", store.EventQuery{Request: requestID(4), Party: board}, seqs{7}},
		{"a request's, for a body that does not review it", store.EventQuery{Request: requestID(1), Party: board}, nil},
		{"a request's", store.EventQuery{Request: requestID(1)}, seqs{1, 2, 3, 6}},
		{"a request's, for its authority", store.EventQuery{Request: requestID(1), Party: ministry}, seqs{1, 2, 3, 6}},
		{"a request's, for its platform", store.EventQuery{Request: requestID(1), Party: wave}, seqs{2, 6}},
		{"a request's, for another authority", store.EventQuery{Request: requestID(1), Party: regulator}, nil},
		{"a request's, for another platform", store.EventQuery{Request: requestID(1), Party: pixel}, nil},
		{"a request's, after one", store.EventQuery{Request: requestID(1), Party: ministry, After: 2}, seqs{3, 6}},
		{"a request's that does not exist", store.EventQuery{Request: requestID(9)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.q.Limit = plenty
			equal(t, "events", numbers(t, s, test.q), test.want)
		})
	}
}

func testEventPages(t *testing.T, s store.Store) {
	first := filed(1, 1)
	entries := []store.Entry{first}
	for seq := resource.Seq(2); seq <= 10; seq++ {
		entries = append(entries, next(seq, first.Request))
	}
	appendAll(t, s, entries[:4]...)
	appendAll(t, s, entries[4:]...)
	for _, test := range []struct {
		name  string
		after resource.Seq
		limit int
		want  []resource.Seq
	}{
		{"the first", 0, 3, []resource.Seq{1, 2, 3}},
		{"those after", 3, 3, []resource.Seq{4, 5, 6}},
		{"fewer than asked for at the end", 8, 3, []resource.Seq{9, 10}},
		{"none after the last", 10, 3, nil},
		{"none after what never was", 99, 3, nil},
		{"none after the end of all numbers", 1<<64 - 1, 3, nil},
		{"none for a limit of zero", 0, 0, nil},
		{"none for a negative limit", 0, -1, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, q := range []store.EventQuery{{}, {Party: ministry}, {Party: wave}, {Request: requestID(1)}} {
				q.After, q.Limit = test.after, test.limit
				equal(t, "events", numbers(t, s, q), test.want)
			}
		})
	}
}
