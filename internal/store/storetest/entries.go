package storetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// The organisations of the tests.
var (
	ministry  = organisation("authorities/moc")
	regulator = organisation("authorities/regulator")
	wave      = organisation("platforms/wave")
	pixel     = organisation("platforms/pixel")
	board     = organisation("oversight/board")
	ombudsman = organisation("oversight/ombudsman")
)

func organisation(name string) resource.Organisation {
	o, err := resource.ParseOrganisation(name)
	if err != nil {
		panic(err)
	}
	return o
}

// epoch is when the first request of a test is filed; request n follows n seconds later.
var epoch = time.Date(2024, 2, 29, 23, 59, 0, 123456000, time.UTC)

// requestID returns the nth request's id. Ids do not sort as requests do.
func requestID(n int) resource.RequestID {
	return resource.RequestIDFrom(identifier(n))
}

func identifier(n int) uuid.UUID {
	var id uuid.UUID
	binary.LittleEndian.PutUint64(id[:], uint64(n))
	id[15] = 7
	return id
}

// An edit changes an entry before it is appended.
type edit func(*store.Entry)

// filed returns the entry that files request n: the ministry's to wave, which may
// see it, without references, call or answer.
func filed(seq resource.Seq, n int, edits ...edit) store.Entry {
	id := requestID(n)
	request := store.Request{
		ID: id, Created: seq, Version: seq, Authority: ministry, Platform: wave, Visible: true,
		State: lifecycle.Filed, CreateTime: epoch.Add(time.Duration(n) * time.Second), Body: text("request %d at %d", n, seq),
	}
	e := store.Entry{Event: event(seq, request), Request: request}
	e.Event.Platform = wave
	return edited(e, edits)
}

// next returns the entry of a further step of r.
func next(seq resource.Seq, r store.Request, edits ...edit) store.Entry {
	r.Version = seq
	r.Body = text("request %s at %d", r.ID, seq)
	e := store.Entry{Event: event(seq, r), Request: r}
	if r.Visible {
		e.Event.Platform, e.Event.Reviewer = r.Platform, r.Reviewer
	}
	return edited(e, edits)
}

func edited(e store.Entry, edits []edit) store.Entry {
	for _, change := range edits {
		change(&e)
	}
	if e.Event.PlatformIndex = 0; !e.Event.Platform.IsZero() {
		e.Event.PlatformIndex = 2 * e.Event.AuthorityIndex
	}
	if e.Event.ReviewerIndex = 0; !e.Event.Reviewer.IsZero() {
		e.Event.ReviewerIndex = 3 * e.Event.AuthorityIndex
	}
	return e
}

// event returns the nth event of a request, with a leaf, hashes and an index of its own.
func event(seq resource.Seq, r store.Request) store.Event {
	return store.Event{
		Seq: seq, Request: r.ID, Authority: r.Authority, AuthorityIndex: uint64(seq),
		Leaf: fmt.Sprint("leaf ", seq), Hashes: bytes.Repeat([]byte{byte(seq)}, 32*(1+int(seq%3))),
		Salt: text("salt %d", seq), Body: text("event %d", seq),
	}
}

func text(format string, arguments ...any) []byte { return fmt.Appendf(nil, format, arguments...) }

func between(authority, platform resource.Organisation) edit {
	return func(e *store.Entry) {
		e.Request.Authority, e.Event.Authority = authority, authority
		e.Request.Platform, e.Event.Platform = platform, platform
	}
}

// hidden makes the entry one that the platform may not see.
func hidden(e *store.Entry) {
	e.Request.Visible = false
	e.Event.Platform, e.Event.Reviewer = resource.Organisation{}, resource.Organisation{}
}

// reviewedBy makes the request one that an oversight body reviews, which may see it if the
// platform may.
func reviewedBy(reviewer resource.Organisation) edit {
	return func(e *store.Entry) {
		e.Request.Reviewer = reviewer
		if e.Request.Visible {
			e.Event.Reviewer = reviewer
		}
	}
}

func emergency(e *store.Entry) { e.Request.Emergency = true }

func in(state lifecycle.State) edit { return func(e *store.Entry) { e.Request.State = state } }

func referring(references ...string) edit {
	return func(e *store.Entry) { e.Request.References = references }
}

// over makes the request one that is over since n minutes after the epoch.
func over(n int) edit {
	return func(e *store.Entry) {
		e.Request.State, e.Request.OverTime = lifecycle.Closed, epoch.Add(time.Duration(n)*time.Minute)
	}
}

// purging makes the entry the one that purges the request.
func purging(e *store.Entry) {
	e.Purge = true
	e.Request.State, e.Request.OverTime, e.Request.References = lifecycle.Purged, time.Time{}, nil
	e.Request.Body = []byte("purged")
}

func enclosing(answer string) edit { return func(e *store.Entry) { e.Answer = []byte(answer) } }

// called records call n of the organisation as what led to the entry.
func called(by resource.Organisation, n int) edit {
	return func(e *store.Entry) {
		e.Call = store.Call{Key: callKey(by, n), Seq: e.Event.Seq}
		copy(e.Call.Fingerprint[:], text("fingerprint %d", n))
	}
}

func callKey(by resource.Organisation, n int) store.CallKey {
	return store.CallKey{Organisation: by, ID: identifier(n)}
}

// tester is a test, one of package rapid's included.
type tester interface {
	Helper()
	Fatalf(format string, arguments ...any)
}

// write runs a batch that must succeed.
func write(t tester, s store.Store, batch func(store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), batch); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

// appendAll writes entries in one batch that must succeed.
func appendAll(t tester, s store.Store, entries ...store.Entry) {
	t.Helper()
	write(t, s, func(tx store.Tx) error { return tx.Append(context.Background(), entries, checkpoint(entries)) })
}

// checkpoint is what stands for that of the ledger with the entries.
func checkpoint(entries []store.Entry) []byte {
	if len(entries) == 0 {
		return nil
	}
	return text("checkpoint of %d", entries[len(entries)-1].Event.Seq)
}

// must returns v. It panics if a call fails that has to succeed, which ends the
// test and tells where.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// equal fails the test unless got is want. An absent list and an empty one are the same.
func equal(t tester, what string, got, want any) {
	t.Helper()
	if diff := difference(got, want); diff != "" {
		t.Fatalf("%s: got -, want +\n%s", what, diff)
	}
}

func difference(got, want any) string {
	if reflect.DeepEqual(got, want) {
		return "" // the common case, much faster
	}
	return cmp.Diff(got, want, cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b resource.RequestID) bool { return a == b }),
		cmp.Comparer(func(a, b resource.Organisation) bool { return a == b }),
		cmp.Comparer(func(a, b time.Time) bool { return a == b })) // the same zone too
}

// everything is all that a store shows without being asked for anything in particular.
type everything struct {
	Head         store.Head
	Events       []store.Event
	Requests     []store.Request
	Answers      map[resource.RequestID][]store.Event
	Hashes       map[resource.Seq][]byte
	Participants []store.Participant
}

const plenty = 1 << 20

func look(s store.Store) everything {
	ctx := context.Background()
	all := everything{
		Head:         must(s.Head(ctx)),
		Events:       must(s.Events(ctx, store.EventQuery{Limit: plenty})),
		Participants: must(s.Participants(ctx)),
		Answers:      map[resource.RequestID][]store.Event{},
	}
	var events []resource.Seq
	for _, e := range all.Events {
		events = append(events, e.Seq)
	}
	all.Hashes = must(s.Hashes(ctx, append(events, plenty)))
	for _, party := range []resource.Organisation{ministry, regulator} {
		all.Requests = append(all.Requests,
			must(s.Requests(ctx, store.RequestQuery{Party: party, Limit: plenty}))...)
	}
	for _, r := range all.Requests {
		all.Answers[r.ID] = must(s.Events(ctx, store.EventQuery{Request: r.ID, Enclosing: true, Limit: plenty}))
	}
	return all
}
