package sequencer

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// onItsWay is a call of which a step is to come.
type onItsWay struct {
	s       *Sequencer
	arrived func()
	cancel  context.CancelFunc
}

func (s *Sequencer) call() onItsWay {
	ctx, cancel := context.WithCancel(context.Background())
	return onItsWay{s, s.Expect(ctx), cancel}
}

// arrives queues the call's step after a while.
func (o onItsWay) arrives(after time.Duration) {
	time.AfterFunc(after, func() {
		o.s.queue <- &pending{}
		o.arrived()
	})
}

// refused ends the call after a while without a step.
func (o onItsWay) refused(after time.Duration) { time.AfterFunc(after, o.cancel) }

func TestTheWriterWaitsForHalfOfThoseOnTheWay(t *testing.T) {
	for _, test := range []struct {
		name   string
		onWay  func(s *Sequencer) // while the writer gathers
		steps  int                // that share the commit with the one that was there
		waited time.Duration
	}{
		{"nobody is on the way", func(*Sequencer) {}, 0, 0},
		{"one other is", func(s *Sequencer) { s.call().arrives(time.Microsecond) }, 0, 0},
		{"of five one arrives after the other", func(s *Sequencer) {
			for i := range 5 {
				s.call().arrives(time.Duration(i+1) * 100 * time.Microsecond)
			}
		}, 2, 200 * time.Microsecond},
		{"of three all are refused", func(s *Sequencer) {
			for range 3 {
				s.call().refused(100 * time.Microsecond)
			}
		}, 0, 100 * time.Microsecond},
		{"of three none arrives", func(s *Sequencer) {
			for range 3 {
				s.call()
			}
		}, 0, mostQuiet},
		{"of many each comes late", func(s *Sequencer) {
			for i := range 100 {
				s.call().arrives(time.Duration(i+1) * mostQuiet * 3 / 4)
			}
		}, 6, mostPatience},
		{"others set out later", func(s *Sequencer) {
			for range 3 {
				s.call().refused(100 * time.Microsecond)
			}
			time.AfterFunc(50*time.Microsecond, func() {
				for range 10 {
					s.call()
				}
			})
		}, 0, 100 * time.Microsecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its clock stands still while anybody works
				s := newGathering()
				begin := time.Now()
				test.onWay(s)
				batch := s.gather([]*pending{{}})
				if len(batch) != 1+test.steps || time.Since(begin) != test.waited {
					t.Errorf("%d steps after %v, want %d after %v", len(batch), time.Since(begin), 1+test.steps, test.waited)
				}
			})
		})
	}
}

func newGathering() *Sequencer {
	return &Sequencer{queue: make(chan *pending, maxBatch), expects: expects{stirred: make(chan struct{}, 1), quiet: mostQuiet}}
}

// TestWhoDoesNotComeIsWaitedForLessAndLess has a caller who opens calls and sends nothing.
func TestWhoDoesNotComeIsWaitedForLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newGathering()
		var calls []onItsWay
		for range 256 {
			calls = append(calls, s.call())
		}
		begin := time.Now()
		for range 1000 {
			s.gather([]*pending{{}})
		}
		if waited := time.Since(begin); waited > 2*mostQuiet+1000*leastQuiet {
			t.Errorf("a thousand commits waited %v for nobody", waited)
		}
		for _, c := range calls {
			c.cancel()
		}
		synctest.Wait()
		for i := range 20 {
			s.call().arrives(time.Duration(i) * leastQuiet / 2)
		}
		s.gather([]*pending{{}})
		if s.expects.quiet != mostQuiet {
			t.Errorf("those who come are not waited for again: %v for the next", s.expects.quiet)
		}
	})
}

// TestAStepIsCountedOnce ends what was expected in each way, and in two at a time.
func TestAStepIsCountedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newGathering()
		came, left, both := s.call(), s.call(), s.call()
		came.arrived()
		came.arrived()
		left.cancel()
		both.cancel()
		both.arrived()
		synctest.Wait()
		if begun, ended := s.expects.begun.Load(), s.expects.ended.Load(); begun != 3 || ended != 3 {
			t.Errorf("%d set out and %d ended, want 3 and 3", begun, ended)
		}
		came.cancel()
	})
}
