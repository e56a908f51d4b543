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
}

// Subscription signals that there may be new events in an organisation's feed.
type Subscription struct {
	party resource.Organisation
	feeds *feeds
	ready chan struct{} // holds one signal: several batches become one
}

// Ready receives after new events were committed. One signal may stand for many.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

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

// wake signals the watchers of every feed that the entries are in.
func (f *feeds) wake(entries []store.Entry) {
	if len(entries) == 0 {
		return
	}
	touched := make(map[resource.Organisation]struct{}, 2)
	for _, e := range entries {
		touched[e.Event.Authority] = struct{}{}
		if !e.Event.Platform.IsZero() {
			touched[e.Event.Platform] = struct{}{}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for party := range touched {
		for s := range f.subscriptions[party] {
			select {
			case s.ready <- struct{}{}:
			default: // a signal is pending already
			}
		}
	}
}
