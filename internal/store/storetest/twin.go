package storetest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

var (
	errClosed = errors.New("twin: closed")
	errTaken  = errors.New("twin: the call is remembered")
	errAbsent = errors.New("twin: the request is not stored so")
	errEnded  = errors.New("twin: used after its Write")
	errParty  = errors.New("twin: no party")
)

// Twin is a store in memory: every read goes through everything, every Write
// copies everything. It is for tests. What it returns must not be modified.
type Twin struct {
	turn chan struct{} // held by the Write that is running

	mu     sync.Mutex
	closed bool
	state  archive
}

// archive is one state of the whole store. It is copied before it is changed.
type archive struct {
	events       []store.Event
	requests     []store.Request // in order of creation
	checkpoint   []byte
	answers      map[resource.Seq][]byte
	calls        map[store.CallKey]store.Call
	participants map[resource.Organisation]store.Participant
	counted      []store.Filing
	selectors    map[resource.Seq][]store.SelectorHash // by the event that created the request
}

var _ store.Store = (*Twin)(nil)

// NewTwin returns an empty store.
func NewTwin() *Twin { return &Twin{turn: make(chan struct{}, 1)} }

func (a archive) head() store.Head {
	head := store.Head{Seq: resource.Seq(len(a.events)), Checkpoint: a.checkpoint}
	if len(a.events) > 0 {
		head.Leaf = a.events[len(a.events)-1].Leaf
	}
	return head
}

func (a archive) copied() archive {
	selectors := maps.Clone(a.selectors)
	if selectors == nil {
		selectors = make(map[resource.Seq][]store.SelectorHash)
	}
	answers, calls, participants := maps.Clone(a.answers), maps.Clone(a.calls), maps.Clone(a.participants)
	if answers == nil {
		answers = make(map[resource.Seq][]byte)
	}
	if calls == nil {
		calls = make(map[store.CallKey]store.Call)
	}
	if participants == nil {
		participants = make(map[resource.Organisation]store.Participant)
	}
	return archive{slices.Clone(a.events), slices.Clone(a.requests), a.checkpoint, answers, calls, participants, slices.Clone(a.counted), selectors}
}

func (s *Twin) look() (archive, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return archive{}, errClosed
	}
	return s.state, nil
}

// Write implements [store.Store].
func (s *Twin) Write(ctx context.Context, batch func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.turn }()
	before, err := s.look()
	if err != nil {
		return err
	}
	t := &twinTx{before: before.head(), state: before.copied()}
	defer func() { t.fault = cmp.Or(t.fault, errEnded) }()
	if err := batch(t); err != nil {
		return err
	}
	if err := cmp.Or(t.fault, ctx.Err()); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = t.state
	return nil
}

// Request implements [store.Store].
func (s *Twin) Request(_ context.Context, id resource.RequestID) (store.Request, error) {
	a, err := s.look()
	if err != nil {
		return store.Request{}, err
	}
	if i := a.find(id); i >= 0 {
		return a.requests[i], nil
	}
	return store.Request{}, store.ErrNotFound
}

func (a archive) find(id resource.RequestID) int {
	return slices.IndexFunc(a.requests, func(r store.Request) bool { return r.ID == id })
}

// Requests implements [store.Store].
func (s *Twin) Requests(_ context.Context, q store.RequestQuery) ([]store.Request, error) {
	a, err := s.look()
	if err != nil {
		return nil, err
	}
	if q.Party.IsZero() {
		return nil, errParty
	}
	all := slices.Clone(a.requests)
	if q.Descending {
		slices.Reverse(all)
	}
	all = slices.DeleteFunc(all, func(r store.Request) bool { return !matches(r, q) })
	return page(all, q.Limit), nil
}

// page returns the first of a list, nil if there are none.
func page[T any](list []T, limit int) []T {
	if len(list) == 0 || limit <= 0 {
		return nil
	}
	return list[:min(len(list), limit)]
}

func matches(r store.Request, q store.RequestQuery) bool {
	asAuthority := r.Authority == q.Party && (q.Counterparty.IsZero() || q.Counterparty == r.Platform)
	asPlatform := r.Platform == q.Party && r.Visible && (q.Counterparty.IsZero() || q.Counterparty == r.Authority)
	asReviewer := r.Reviewer == q.Party && r.Visible && (q.Counterparty.IsZero() || q.Counterparty == r.Authority || q.Counterparty == r.Platform)
	switch {
	case !asAuthority && !asPlatform && !asReviewer:
		return false
	case len(q.States) > 0 && !slices.Contains(q.States, r.State):
		return false
	case q.Emergency != nil && *q.Emergency != r.Emergency:
		return false
	case q.Reference != "" && !slices.Contains(r.References, q.Reference):
		return false
	case !q.CreatedFrom.IsZero() && r.CreateTime.Before(q.CreatedFrom):
		return false
	case !q.CreatedBefore.IsZero() && !r.CreateTime.Before(q.CreatedBefore):
		return false
	case q.Descending:
		return q.After == 0 || r.Created < q.After
	default:
		return r.Created > q.After
	}
}

// Events implements [store.Store].
func (s *Twin) Events(_ context.Context, q store.EventQuery) ([]store.Event, error) {
	a, err := s.look()
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(slices.Clone(a.events), func(e store.Event) bool {
		return e.Seq <= q.After ||
			!q.Request.IsZero() && e.Request != q.Request ||
			!q.Party.IsZero() && e.Authority != q.Party && e.Platform != q.Party && e.Reviewer != q.Party
	})
	if q.Enclosing {
		all = slices.DeleteFunc(all, func(e store.Event) bool { _, ok := a.answers[e.Seq]; return !ok })
		for i := range all {
			all[i].Answer = a.answers[all[i].Seq]
		}
	}
	return page(all, q.Limit), nil
}

// Hashes implements [store.Store].
func (s *Twin) Hashes(_ context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	a, err := s.look()
	return a.hashes(events), err
}

func (a archive) hashes(events []resource.Seq) map[resource.Seq][]byte {
	found := make(map[resource.Seq][]byte)
	for _, e := range a.events {
		if slices.Contains(events, e.Seq) {
			found[e.Seq] = e.Hashes
		}
	}
	return found
}

// Participants implements [store.Store].
func (s *Twin) Participants(context.Context) ([]store.Participant, error) {
	a, err := s.look()
	return slices.SortedFunc(maps.Values(a.participants), func(x, y store.Participant) int {
		return cmp.Compare(x.Name.String(), y.Name.String())
	}), err
}

// Head implements [store.Store].
func (s *Twin) Head(context.Context) (store.Head, error) {
	a, err := s.look()
	return a.head(), err
}

// Close implements [store.Store].
func (s *Twin) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// twinTx changes a copy, which replaces the twin's state if all goes well.
type twinTx struct {
	before store.Head
	state  archive
	fault  error // the first error, or errEnded
}

// Head implements [store.Tx].
func (t *twinTx) Head() store.Head { return t.before }

// LookUp implements [store.Tx].
func (t *twinTx) LookUp(_ context.Context, keys store.Keys) (store.Found, error) {
	found := store.NewFound()
	found.Sharing = t.sharing(keys.Selectors, keys.Sharing)
	for _, id := range keys.Requests {
		if i := t.state.find(id); i >= 0 {
			found.Requests[id] = t.state.requests[i]
		}
	}
	for _, key := range keys.Calls {
		if call, ok := t.state.calls[key]; ok {
			found.Calls[key] = call
		}
	}
	return found, t.fault
}

// Hashes implements [store.Tx].
func (t *twinTx) Hashes(_ context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	return t.state.hashes(events), t.fault
}

// Feeds implements [store.Tx].
func (t *twinTx) Feeds(_ context.Context, parties []resource.Organisation) (map[resource.Organisation]uint64, error) {
	found := make(map[resource.Organisation]uint64)
	for _, e := range t.state.events {
		if slices.Contains(parties, e.Authority) {
			found[e.Authority] = e.AuthorityIndex
		}
		if slices.Contains(parties, e.Platform) && !e.Platform.IsZero() {
			found[e.Platform] = e.PlatformIndex
		}
		if slices.Contains(parties, e.Reviewer) && !e.Reviewer.IsZero() {
			found[e.Reviewer] = e.ReviewerIndex
		}
	}
	return found, t.fault
}

func (t *twinTx) sharing(hashes []store.SelectorHash, limit int) map[store.SelectorHash][]store.Sharing {
	found := make(map[store.SelectorHash][]store.Sharing)
	for _, r := range slices.Backward(t.state.requests) {
		for _, hash := range t.state.selectors[r.Created] {
			if !slices.Contains(hashes, hash) || len(found[hash]) >= limit {
				continue
			}
			s := store.Sharing{ID: r.ID, Created: r.Created, Visible: r.Visible}
			if n := len(found[hash]); n == 0 || found[hash][n-1] != s { // one may stand twice
				found[hash] = append(found[hash], s)
			}
		}
	}
	return found
}

// Filings implements [store.Tx].
func (t *twinTx) Filings(_ context.Context, authority resource.Organisation, day int64) (map[store.Filing]int, error) {
	found := make(map[store.Filing]int)
	for _, f := range t.state.counted {
		if f.Authority == authority && f.Day == day {
			found[f]++
		}
	}
	return found, t.fault
}

// Waiting implements [store.Tx].
func (t *twinTx) Waiting(_ context.Context, what store.Wait, before time.Time, limit int) (ids []resource.RequestID, err error) {
	at := func(r store.Request) time.Time { return r.OverTime }
	if what == store.ToBeActed {
		at = func(r store.Request) time.Time { return r.DueTime }
	}
	found := slices.DeleteFunc(slices.Clone(t.state.requests), func(r store.Request) bool {
		return at(r).IsZero() || !at(r).Before(before)
	})
	slices.SortStableFunc(found, func(a, b store.Request) int { return at(a).Compare(at(b)) })
	for _, r := range page(found, limit) {
		ids = append(ids, r.ID)
	}
	return ids, t.fault
}

// Append implements [store.Tx].
func (t *twinTx) Append(_ context.Context, entries []store.Entry, checkpoint []byte) error {
	if t.fault == nil {
		t.fault = store.Check(t.state.head().Seq, entries)
	}
	for _, e := range entries {
		if t.fault == nil {
			t.fault = t.state.add(e)
		}
	}
	if len(entries) > 0 {
		t.state.checkpoint = checkpoint
	}
	return t.fault
}

func (a *archive) add(e store.Entry) error {
	e.Request.CreateTime = e.Request.CreateTime.Truncate(time.Microsecond).UTC()
	switch i := a.find(e.Request.ID); {
	case i < 0 && e.Request.Created == e.Event.Seq:
		a.requests = append(a.requests, e.Request)
	case i >= 0 && sameIdentity(a.requests[i], e.Request):
		a.requests[i] = e.Request
	default:
		return errAbsent
	}
	if e.Purge {
		a.purge(e.Request.ID)
	}
	if len(e.Forgotten) > 0 {
		a.selectors[e.Request.Created] = slices.DeleteFunc(slices.Clone(a.selectors[e.Request.Created]), func(hash store.SelectorHash) bool {
			return slices.Contains(e.Forgotten, hash)
		})
	}
	if len(e.Selectors) > 0 {
		a.selectors[e.Request.Created] = e.Selectors
	}
	if e.Counted {
		a.counted = append(a.counted, store.FilingOf(&e.Request))
	}
	a.events = append(a.events, e.Event)
	if e.Answer != nil {
		a.answers[e.Event.Seq] = e.Answer
	}
	if (e.Call == store.Call{}) {
		return nil
	}
	if _, taken := a.calls[e.Call.Key]; taken {
		return errTaken
	}
	a.calls[e.Call.Key] = e.Call
	return nil
}

func (a *archive) purge(id resource.RequestID) {
	for i := range a.events {
		e := &a.events[i]
		if e.Request != id {
			continue
		}
		e.Salt, e.Body = nil, nil
		if _, ok := a.answers[e.Seq]; ok {
			a.answers[e.Seq] = nil
		}
		for key, call := range a.calls {
			if call.Seq == e.Seq {
				call.Fingerprint = [32]byte{}
				a.calls[key] = call
			}
		}
	}
}

func sameIdentity(a, b store.Request) bool {
	return a.Created == b.Created && a.Authority == b.Authority && a.Platform == b.Platform && a.Reviewer == b.Reviewer && a.CreateTime.Equal(b.CreateTime)
}

// PutParticipant implements [store.Tx].
func (t *twinTx) PutParticipant(_ context.Context, p store.Participant) (version uint64, err error) {
	if t.fault != nil {
		return 0, t.fault
	}
	if t.state.participants[p.Name].Version != p.Version {
		return 0, store.ErrVersion
	}
	p.Version++
	t.state.participants[p.Name] = p
	return p.Version, nil
}
