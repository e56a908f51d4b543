package storetest

import (
	"context"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// testWake writes through two stores on one database and demands that both tell of all
// feeds that have grown, and of no others, and that what they tell can be read.
func testWake(t *testing.T, h Harness) {
	one := h.Open(t)
	if _, ok := one.(store.Waker); !ok {
		return // it does not promise to
	}
	other := h.Join(t, one)
	appendAll(t, one, filed(1, 1)) // before anybody listens
	ctx, cancel := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	t.Cleanup(func() { cancel(); listening.Wait() })
	var ears []*ear
	for _, s := range []store.Store{one, other} {
		e := &ear{told: make(map[resource.Organisation]resource.Seq), more: make(chan struct{}, 1)}
		ears = append(ears, e)
		listening.Go(func() {
			s.(store.Waker).Wake(ctx, 1, func(grown map[resource.Organisation]resource.Seq) {
				head, err := s.Head(ctx)
				for party, seq := range grown {
					if err == nil && head.Seq < seq {
						t.Errorf("%s was told of event %d, and only %d can be read", party, seq, head.Seq)
					}
				}
				e.hear(grown)
			})
		})
	}
	appendAll(t, other, filed(2, 2), filed(3, 3, between(regulator, pixel)))
	appendAll(t, one, filed(4, 4, hidden))
	want := map[resource.Organisation]resource.Seq{ministry: 4, wave: 2, regulator: 3, pixel: 3}
	for i, e := range ears {
		e.await(t, want, i)
	}
}

// ear keeps what was told.
type ear struct {
	mu   sync.Mutex
	told map[resource.Organisation]resource.Seq
	more chan struct{}
}

func (e *ear) hear(grown map[resource.Organisation]resource.Seq) {
	e.mu.Lock()
	maps.Copy(e.told, grown)
	e.mu.Unlock()
	select {
	case e.more <- struct{}{}:
	default:
	}
}

func (e *ear) await(t *testing.T, want map[resource.Organisation]resource.Seq, i int) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		e.mu.Lock()
		told := maps.Clone(e.told)
		e.mu.Unlock()
		if maps.Equal(told, want) {
			return
		}
		select {
		case <-e.more:
		case <-deadline:
			t.Fatalf("store %d told %v, wanted %v", i, told, want)
		}
	}
}
