package client

import (
	"context"
	"slices"

	"github.com/liaison-protocol/liaison/internal/history"
)

// A hub that hands a preservation over to a disclosure has data kept beyond its time, and
// one that ends that early has evidence lost. Both follow from the disclosure's own events,
// which are read where a preservation is.

// checkHandOvers holds what the hub did about a preservation for the sake of disclosures
// against these.
func (r Reader) checkHandOvers(ctx context.Context, s *story) error {
	told := make(map[string]*story)
	for _, e := range s.events {
		name := e.GetHandedOver().GetDisclosure() + e.GetHandOverEnded().GetDisclosure() // one of them
		if name == "" {
			continue
		}
		disclosure, ok := told[name]
		if !ok {
			var err error
			if disclosure, err = r.read(ctx, name); err != nil {
				return err
			}
			told[name] = disclosure
		}
		if disclosure.gone {
			continue // how it stood nobody can say any more
		}
		wrong := func(detail string) error {
			return &Distrust{Kind: ErrHistory, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
		}
		switch rests := e.GetHandedOver() != nil; {
		case !slices.Contains(history.PreservedBy(disclosure.request.GetSpec()), e.GetRequest()):
			return wrong("the disclosure does not rest on it")
		case disclosure.restedBefore(e.GetSequence()) != rests:
			return wrong("the disclosure did not stand so")
		}
	}
	return nil
}

// restedBefore says whether the request needed what it had preserved, as its last event
// before another left it.
func (s *story) restedBefore(sequence uint64) bool {
	rested := false
	for i, e := range s.events {
		if e.GetSequence() < sequence {
			rested = s.rested[i]
		}
	}
	return rested
}
