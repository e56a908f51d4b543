package archive

import (
	"sync"
	"sync/atomic"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// feeds wakes those who watch an organisation's feed. It carries no events: a
// watcher reads them from the store at its own pace, so that a slow one costs
// the hub one pending signal and nothing more.
type feeds struct {
	mu            sync.Mutex
	subscriptions map[resource.Organisation]map[*Subscription]struct{}
	woken         map[resource.Organisation]resource.Seq // up to which event; begin where there is none
	begin         resource.Seq                           // the last event when the hub started
}

// Subscription signals that there may be new events in an organisation's feed.
type Subscription struct {
	party resource.Organisation
	feeds *feeds
	ready chan struct{} // holds one signal: several batches become one
	news  atomic.Pointer[News]
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

// News returns what the subscription was woken for, once; nil if no events were committed
// since it was asked before. Later news stand for those that nobody has asked for.
func (s *Subscription) News() *News { return s.news.Swap(nil) }

// News says that a feed has grown. All who watch the feed get the same, so that what they
// make of it needs to be made only once.
type News struct {
	// After is an event up to which the feed's watchers were woken before: who has all
	// events up to there, or further, finds what is new behind it.
	After resource.Seq

	once sync.Once
	made any
	err  error
}

// Share returns what the first caller's make returned. Whoever needs it waits until it
// is made, and it is kept for as long as one of them keeps the news.
func (n *News) Share(make func() (any, error)) (any, error) {
	n.once.Do(func() { n.made, n.err = make() })
	return n.made, n.err
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
		before := max(f.woken[party], f.begin)
		if before >= seq {
			continue
		}
		f.woken[party] = seq
		news := &News{After: before}
		for s := range f.subscriptions[party] {
			s.news.Store(news) // before the signal, which whoever waits for it may get at once
			s.Wake()
		}
	}
}

// wakeAll signals all watchers, without news.
func (f *feeds) wakeAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, watchers := range f.subscriptions {
		for s := range watchers {
			s.Wake()
		}
	}
}
