package sequencer

import (
	"runtime"
	"sync/atomic"
	"time"
)

// mostPatience is for how long the writer waits for others before it commits at most.
const mostPatience = 5 * time.Millisecond

// expects counts the steps that are on their way to the queue.
type expects struct {
	begun, ended atomic.Int64
	stirred      chan struct{} // holds a signal after one has ended
}

// Expect says that a step is being prepared that Submit will be called with, unless it is
// refused before. The writer waits a moment for the steps that are on their way when it
// begins to gather, so that they share its commit. The function that is returned must be
// called when the step is ready or refused.
func (s *Sequencer) Expect() (ended func()) {
	s.expects.begun.Add(1)
	return func() {
		s.expects.ended.Add(1)
		select {
		case s.expects.stirred <- struct{}{}:
		default: // a signal is pending already
		}
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
	if s.expects.ended.Load() >= begun {
		return batch
	}
	patience := time.NewTimer(mostPatience)
	defer patience.Stop()
	for len(batch) < maxBatch && s.expects.ended.Load() < begun {
		select {
		case p, open := <-s.queue:
			if !open {
				return batch
			}
			batch = append(batch, p)
		case <-s.expects.stirred:
		case <-patience.C:
			return batch
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
