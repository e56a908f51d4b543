package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// list returns the numbers of the requests that match q: those whose creating
// event equals their number, as in all tests of this file.
func list(t tester, s store.Store, q store.RequestQuery) []resource.Seq {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = plenty
	}
	var created []resource.Seq
	for _, r := range must(s.Requests(context.Background(), q)) {
		created = append(created, r.Created)
	}
	return created
}

func testSelection(t *testing.T, s store.Store) {
	appendAll(t, s,
		filed(1, 1, referring("A", "B")),
		filed(2, 2, in(lifecycle.AwaitingApproval), hidden, referring("A")),
		filed(3, 3, between(ministry, pixel), emergency),
		filed(4, 4, between(regulator, wave), emergency, referring("A")),
		filed(5, 5, between(regulator, pixel), in(lifecycle.Closed)),
		filed(6, 6, in(lifecycle.Closed), emergency, referring("B", "B", "a")),
		filed(7, 7, between(ministry, pixel), hidden, in(lifecycle.AwaitingApproval), reviewedBy(board)),
		filed(8, 8, between(organisation("authorities/third"), organisation("platforms/fourth")), reviewedBy(board)),
	)
	at := func(n int) time.Time { return epoch.Add(time.Duration(n) * time.Second) }
	yes, no := true, false
	type seqs = []resource.Seq
	for _, test := range []struct {
		name string
		q    store.RequestQuery
		want seqs
	}{
		{"an authority's own", store.RequestQuery{Party: ministry}, seqs{1, 2, 3, 6, 7}},
		{"another authority's own", store.RequestQuery{Party: regulator}, seqs{4, 5}},
		{"a platform's visible", store.RequestQuery{Party: wave}, seqs{1, 4, 6}},
		{"another platform's visible", store.RequestQuery{Party: pixel}, seqs{3, 5}},
		{"an organisation without any", store.RequestQuery{Party: organisation("platforms/third")}, nil},
		{"a reviewer's visible", store.RequestQuery{Party: board}, seqs{8}},
		{"a reviewer's from one authority", store.RequestQuery{Party: board, Counterparty: organisation("authorities/third")}, seqs{8}},
		{"a reviewer's to one platform", store.RequestQuery{Party: board, Counterparty: organisation("platforms/fourth")}, seqs{8}},
		{"a reviewer's to another platform", store.RequestQuery{Party: board, Counterparty: pixel}, nil},
		{"of a body that reviews none", store.RequestQuery{Party: ombudsman}, nil},

		{"an authority's to one platform", store.RequestQuery{Party: ministry, Counterparty: pixel}, seqs{3, 7}},
		{"a platform's from one authority", store.RequestQuery{Party: wave, Counterparty: regulator}, seqs{4}},
		{"a counterparty of the same kind", store.RequestQuery{Party: ministry, Counterparty: regulator}, nil},
		{"oneself as counterparty", store.RequestQuery{Party: ministry, Counterparty: ministry}, nil},

		{"one state", store.RequestQuery{Party: ministry, States: []lifecycle.State{lifecycle.AwaitingApproval}}, seqs{2, 7}},
		{"any of two states", store.RequestQuery{Party: ministry, States: []lifecycle.State{lifecycle.Closed, lifecycle.AwaitingApproval}}, seqs{2, 6, 7}},
		{"a state that none has", store.RequestQuery{Party: ministry, States: []lifecycle.State{lifecycle.Refused}}, nil},
		{"a state that the platform may not see", store.RequestQuery{Party: wave, States: []lifecycle.State{lifecycle.AwaitingApproval}}, nil},

		{"emergencies", store.RequestQuery{Party: ministry, Emergency: &yes}, seqs{3, 6}},
		{"no emergencies", store.RequestQuery{Party: ministry, Emergency: &no}, seqs{1, 2, 7}},

		{"a reference", store.RequestQuery{Party: ministry, Reference: "A"}, seqs{1, 2}},
		{"a reference on the platform's side", store.RequestQuery{Party: wave, Reference: "A"}, seqs{1, 4}},
		{"a reference that is given twice", store.RequestQuery{Party: ministry, Reference: "B"}, seqs{1, 6}},
		{"a reference in other letters", store.RequestQuery{Party: ministry, Reference: "a"}, seqs{6}},
		{"a part of a reference", store.RequestQuery{Party: ministry, Reference: "%"}, nil},

		{"from a time", store.RequestQuery{Party: ministry, CreatedFrom: at(3)}, seqs{3, 6, 7}},
		{"from a moment later", store.RequestQuery{Party: ministry, CreatedFrom: at(3).Add(time.Nanosecond)}, seqs{6, 7}},
		{"before a time", store.RequestQuery{Party: ministry, CreatedBefore: at(3)}, seqs{1, 2}},
		{"before a moment later", store.RequestQuery{Party: ministry, CreatedBefore: at(3).Add(time.Nanosecond)}, seqs{1, 2, 3}},
		{"between times", store.RequestQuery{Party: ministry, CreatedFrom: at(2), CreatedBefore: at(6)}, seqs{2, 3}},
		{"in a time of another zone", store.RequestQuery{Party: ministry, CreatedFrom: at(6).In(time.FixedZone("", 3*3600))}, seqs{6, 7}},

		{"after one", store.RequestQuery{Party: ministry, After: 2}, seqs{3, 6, 7}},
		{"after another's", store.RequestQuery{Party: ministry, After: 4}, seqs{6, 7}},
		{"after the end", store.RequestQuery{Party: ministry, After: 1 << 63}, nil},
		{"backwards", store.RequestQuery{Party: ministry, Descending: true}, seqs{7, 6, 3, 2, 1}},
		{"backwards after one", store.RequestQuery{Party: ministry, Descending: true, After: 3}, seqs{2, 1}},
		{"backwards after the end", store.RequestQuery{Party: wave, Descending: true, After: 1 << 63}, seqs{6, 4, 1}},
		{"a page", store.RequestQuery{Party: ministry, After: 1, Limit: 2}, seqs{2, 3}},
		{"a page backwards", store.RequestQuery{Party: wave, Descending: true, Limit: 2}, seqs{6, 4}},
		{"a page of nothing", store.RequestQuery{Party: ministry, Limit: -1}, nil},

		{"a reference backwards, in a page", store.RequestQuery{Party: ministry, Reference: "A", Descending: true, After: 6, Limit: 1}, seqs{2}},
		{"everything at once", store.RequestQuery{
			Party: wave, Counterparty: ministry, States: []lifecycle.State{lifecycle.Closed, lifecycle.Filed}, Emergency: &yes,
			Reference: "B", CreatedFrom: at(1), CreatedBefore: at(7), After: 1, Limit: 5,
		}, seqs{6}},
	} {
		t.Run(test.name, func(t *testing.T) { equal(t, "created", list(t, s, test.q), test.want) })
	}
	t.Run("nobody's", func(t *testing.T) {
		if got, err := s.Requests(context.Background(), store.RequestQuery{Limit: plenty}); err == nil {
			t.Errorf("got %d requests, want an error", len(got))
		}
	})
	t.Run("a limit of zero", func(t *testing.T) {
		equal(t, "requests", must(s.Requests(context.Background(), store.RequestQuery{Party: ministry})), []store.Request{})
	})
}

func testChangingReferences(t *testing.T, s store.Store) {
	one, other := filed(1, 1, referring("A", "B")), filed(2, 2, referring("B"))
	appendAll(t, s, one, other)
	appendAll(t, s, next(3, one.Request, referring("C", "B")))
	for reference, want := range map[string][]resource.Seq{"A": nil, "B": {1, 2}, "C": {1}} {
		equal(t, reference, list(t, s, store.RequestQuery{Party: ministry, Reference: reference}), want)
	}
	appendAll(t, s, next(4, one.Request, referring()))
	for reference, want := range map[string][]resource.Seq{"A": nil, "B": {2}, "C": nil} {
		equal(t, reference, list(t, s, store.RequestQuery{Party: ministry, Reference: reference}), want)
	}
}

// testOrder creates requests whose ids, times and last changes are in other
// orders than their creation.
func testOrder(t *testing.T, s store.Store) {
	var entries []store.Entry
	for seq := resource.Seq(1); seq <= 20; seq++ {
		entries = append(entries, filed(seq, 100-7*int(seq)%20))
	}
	appendAll(t, s, entries...)
	appendAll(t, s, next(21, entries[4].Request), next(22, entries[2].Request))
	for _, party := range []resource.Organisation{ministry, wave} {
		rising := list(t, s, store.RequestQuery{Party: party})
		falling := list(t, s, store.RequestQuery{Party: party, Descending: true})
		for i := range 20 {
			if rising[i] != resource.Seq(i+1) || falling[i] != resource.Seq(20-i) {
				t.Fatalf("%s: rising %v, falling %v", party, rising, falling)
			}
		}
	}
}

// testWalk walks pages while another goroutine files and changes requests.
func testWalk(t *testing.T, s store.Store) {
	const there = 40
	var entries []store.Entry
	for n := 1; n <= there; n++ {
		entries = append(entries, filed(resource.Seq(n), n))
	}
	appendAll(t, s, entries...)

	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := s.Write(context.Background(), func(tx store.Tx) error {
				seq := tx.Head().Seq + 1
				return tx.Append(context.Background(), []store.Entry{
					next(seq, entries[n%there].Request, in(lifecycle.Acknowledged)),
					filed(seq+1, 1000+n),
				}, []byte("checkpoint"))
			}); err != nil {
				t.Errorf("Write: %v", err)
				return
			}
		}
	}()
	defer func() { close(stop); <-stopped }()

	for _, descending := range []bool{false, true} {
		var walked []resource.Seq // of those that were there before the walk
		q := store.RequestQuery{Party: wave, Descending: descending, Limit: 7}
		if descending {
			q.After = there + 1
		}
		for len(walked) < there {
			page := list(t, s, q)
			if len(page) == 0 {
				t.Fatalf("descending %t: the walk ended after %d requests", descending, len(walked))
			}
			for _, created := range page {
				if created <= there {
					walked = append(walked, created)
				}
			}
			q.After = page[len(page)-1]
		}
		for i, created := range walked {
			want := resource.Seq(i + 1)
			if descending {
				want = resource.Seq(there - i)
			}
			if created != want {
				t.Fatalf("descending %t: walked %v", descending, walked)
			}
		}
	}
}
