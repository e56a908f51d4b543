package sequencer

import liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"

// Queued is how many steps wait for the writer.
func Queued(s *Sequencer) int { return len(s.queue) }

// Fold is fold, for the property that the store holds what it makes of the events.
func Fold(r *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.Request { return fold(r, e) }
