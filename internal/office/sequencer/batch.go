package sequencer

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// For how long the writer waits for others before it commits at most: for all of them
// together, and for the next one of them. The writer begins with mostQuiet, and bears less
// of it each time that it waited in vain: a caller who announces a step and does not send
// it must not hold up everybody else's.
const (
	mostPatience = 5 * time.Millisecond
	mostQuiet    = time.Millisecond
	leastQuiet   = 20 * time.Microsecond
)

// expects counts the steps that are on their way to the queue.
type expects struct {
	begun, ended atomic.Int64
	stirred      chan struct{} // holds a signal after one has ended

	quiet time.Duration // how long the writer waits for the next; owned by the writer
}

// Expect says that a call has arrived of which a step is to come, whose Step.Expected is
// what is returned. The writer waits a moment for the steps that are on their way when it
// begins to gather, so that they share its commit. A step is on its way until it is queued,
// or until ctx ends without it, which it must.
func (s *Sequencer) Expect(ctx context.Context) (arrived func()) {
	s.expects.begun.Add(1)
	arrive := sync.OnceFunc(func() { // it may be submitted twice, and its context end meanwhile
		s.expects.ended.Add(1)
		select {
		case s.expects.stirred <- struct{}{}:
		default: // a signal is pending already
		}
	})
	forget := context.AfterFunc(ctx, arrive)
	return func() {
		forget()
		arrive()
	}
}

// gather adds to a batch the steps that are waiting or on their way. A commit costs much
// the same for one step as for many. A caller who is alone waits for nothing.
func (s *Sequencer) gather(batch []*pending) []*pending {
	begin := time.Now()
	batch = s.awaited(s.waiting(batch))
	// While the processors are busy, callers are ready to run whose steps would share the
	// commit, so that the writer lets them go first for as long as more steps come of it.
	// Where processors are idle nobody is ahead of it, and it goes on at once.
	for len(batch) < maxBatch && time.Since(begin) < mostPatience {
		before := len(batch)
		runtime.Gosched()
		if batch = s.waiting(batch); len(batch) == before {
			break
		}
	}
	return batch
}

// awaited adds to a batch the steps that are on their way at this moment, or as many that
// overtake them: whoever sets out later does not prolong the wait.
func (s *Sequencer) awaited(batch []*pending) []*pending {
	begun := s.expects.begun.Load()
	away := int(begun - s.expects.ended.Load())
	enough := min((len(batch)+away+1)/2, maxBatch)
	if away <= 0 || len(batch) >= enough {
		return batch
	}
	deadline := time.Now().Add(mostPatience)
	next := time.NewTimer(s.expects.quiet)
	defer next.Stop()
	for len(batch) < enough && s.expects.ended.Load() < begun {
		select {
		case p, open := <-s.queue:
			if !open {
				return batch
			}
			batch = append(batch, p)
			s.expects.quiet = min(2*s.expects.quiet, mostQuiet)
			next.Reset(min(s.expects.quiet, time.Until(deadline)))
		case <-s.expects.stirred:
		case <-next.C:
			if time.Now().Before(deadline) {
				s.expects.quiet = max(s.expects.quiet/2, leastQuiet)
			}
			return s.waiting(batch)
		}
	}
	return s.waiting(batch)
}

// waiting adds to a batch what is queued at this moment.
func (s *Sequencer) waiting(batch []*pending) []*pending {
	for len(batch) < maxBatch {
		select {
		case p, open := <-s.queue:
			if !open {
				return batch
			}
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}
