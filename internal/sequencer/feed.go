package sequencer

import (
	"sync"

	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// feeds wakes those who watch an organisation's feed. It carries no events: a
// watcher reads them from the store at its own pace, so that a slow one costs
// the hub one pending signal and nothing more.
type feeds struct {
	mu            sync.Mutex
	subscriptions map[resource.Organisation]map[*Subscription]struct{}
	woken         map[resource.Organisation]resource.Seq // up to which event
}

// Subscription signals that there may be new events in an organisation's feed.
type Subscription struct {
	party resource.Organisation
	feeds *feeds
	ready chan struct{} // holds one signal: several batches become one
}

// Ready receives after new events were committed, and after Wake. One signal may stand
// for many.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Wake has Ready receive.
func (s *Subscription) Wake() {
	select {
	case s.ready <- struct{}{}:
	default: // a signal is pending already
	}
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.feeds.mu.Lock()
	defer s.feeds.mu.Unlock()
	watchers := s.feeds.subscriptions[s.party]
	delete(watchers, s)
	if len(watchers) == 0 {
		delete(s.feeds.subscriptions, s.party)
	}
}

func (f *feeds) subscribe(party resource.Organisation) *Subscription {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subscriptions == nil {
		f.subscriptions = make(map[resource.Organisation]map[*Subscription]struct{})
	}
	if f.subscriptions[party] == nil {
		f.subscriptions[party] = make(map[*Subscription]struct{})
	}
	s := &Subscription{party: party, feeds: f, ready: make(chan struct{}, 1)}
	f.subscriptions[party][s] = struct{}{}
	return s
}

// grown returns the last event of every feed that the entries are in.
func grown(entries []store.Entry) map[resource.Organisation]resource.Seq {
	last := make(map[resource.Organisation]resource.Seq, 2)
	for _, e := range entries {
		last[e.Event.Authority] = e.Event.Seq
		if !e.Event.Platform.IsZero() {
			last[e.Event.Platform] = e.Event.Seq
		}
	}
	return last
}

// wake signals the watchers of every feed that has grown, given the last event of each,
// unless they were woken for it before: where several hubs write, this one hears of its
// own events twice.
func (f *feeds) wake(last map[resource.Organisation]resource.Seq) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.woken == nil {
		f.woken = make(map[resource.Organisation]resource.Seq)
	}
	for party, seq := range last {
		if f.woken[party] >= seq {
			continue
		}
		f.woken[party] = seq
		for s := range f.subscriptions[party] {
			s.Wake()
		}
	}
}

// wakeAll signals all watchers of all feeds.
func (f *feeds) wakeAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, watchers := range f.subscriptions {
		for s := range watchers {
			s.Wake()
		}
	}
}
