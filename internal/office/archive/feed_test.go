package archive

import (
	"errors"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

func woken(s *Subscription) bool {
	select {
	case <-s.Ready():
		return true
	default:
		return false
	}
}

func TestAFeedsWatchersShareItsNews(t *testing.T) {
	one, err1 := resource.ParseOrganisation("platforms/one")
	other, err2 := resource.ParseOrganisation("platforms/other")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	f := feeds{begin: 10}
	a, b, c := f.subscribe(one), f.subscribe(one), f.subscribe(other)

	f.wake(map[resource.Organisation]resource.Seq{one: 12})
	if !woken(a) || !woken(b) || woken(c) {
		t.Error("others are woken than those who watch what has grown")
	}
	news := a.News()
	if news == nil || news.After != 10 {
		t.Fatalf("the first news are %v, wanted those behind the hub's start", news)
	}
	if a.News() != nil {
		t.Error("news are told twice")
	}
	f.wake(map[resource.Organisation]resource.Seq{one: 15})
	if later := b.News(); later == nil || later.After != 12 || later == news {
		t.Errorf("who did not ask in time is told %v, wanted the later news", later)
	}

	f.wake(map[resource.Organisation]resource.Seq{one: 15, other: 10})
	if woken(c) || c.News() != nil {
		t.Error("a watcher is woken for what it was woken for before")
	}
	f.wakeAll()
	if !woken(c) || c.News() != nil {
		t.Error("who is woken to look around is told news")
	}
}

func TestNewsAreMadeOnce(t *testing.T) {
	n, calls := &News{}, 0
	for range 3 {
		made, err := n.Share(func() (any, error) { calls++; return "made", nil })
		if made != "made" || err != nil {
			t.Errorf("shared is %v, %v", made, err)
		}
	}
	if calls != 1 {
		t.Errorf("made %d times", calls)
	}
}
