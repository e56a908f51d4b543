package sequencer

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTheWriterWaitsForWhoIsOnTheWay(t *testing.T) {
	for _, test := range []struct {
		name   string
		onWay  func(s *Sequencer) // while the writer gathers
		steps  int                // that share the commit with the one that was there
		waited time.Duration
	}{
		{"nobody is on the way", func(*Sequencer) {}, 0, 0},
		{"a step arrives", func(s *Sequencer) {
			ended := s.Expect()
			go func() {
				time.Sleep(time.Millisecond)
				s.queue <- &pending{}
				ended()
			}()
		}, 1, time.Millisecond},
		{"a step is refused before it arrives", func(s *Sequencer) {
			ended := s.Expect()
			time.AfterFunc(time.Millisecond, ended)
		}, 0, time.Millisecond},
		{"a step never arrives", func(s *Sequencer) { s.Expect() }, 0, mostPatience},
		{"another one sets out later", func(s *Sequencer) {
			ended := s.Expect()
			go func() {
				time.Sleep(time.Millisecond)
				s.Expect()
				ended()
			}()
		}, 0, time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its clock stands still while anybody works
				s := &Sequencer{queue: make(chan *pending, maxBatch), expects: expects{stirred: make(chan struct{}, 1)}}
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
