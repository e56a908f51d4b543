package client

import (
	"context"
	"errors"
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A hub that hands a preservation over to a disclosure has data kept beyond its time, and
// one that ends that early has evidence lost. Both follow from the disclosure's own events,
// which are read where a preservation is.

// checkHandOvers holds what the hub did about a preservation for the sake of disclosures
// against these.
func (r Reader) checkHandOvers(ctx context.Context, s *story) error {
	if err := r.checkKept(ctx, s); err != nil {
		return err
	}
	told := make(map[string]*story)
	for _, e := range s.events {
		name := e.GetHandedOver().GetDisclosure() + e.GetHandOverEnded().GetDisclosure() // one of them
		if name == "" {
			continue
		}
		disclosure, ok := told[name]
		if !ok {
			var err error
			if disclosure, err = r.read(ctx, name); err != nil && !r.ignorant(err) {
				return err
			}
			told[name] = disclosure
		}
		if disclosure == nil {
			continue
		}
		if disclosure.gone {
			continue // how it stood nobody can say any more
		}
		wrong := func(detail string) error {
			return &Distrust{Kind: ErrHistory, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
		}
		switch rests := e.GetHandedOver() != nil; {
		case !slices.Contains(record.PreservedBy(disclosure.request.GetSpec()), e.GetRequest()):
			return wrong("the disclosure does not rest on it")
		case disclosure.request.GetSpec().GetTest() != s.request.GetSpec().GetTest():
			return wrong("one of the two is a drill")
		case disclosure.restedBefore(e.GetSequence()) != rests:
			return wrong("the disclosure did not stand so")
		}
	}
	return nil
}

// checkKept checks of a disclosure that each preservation that it rests on was handed over to
// it whenever it came to need it: a hub that says nothing lets the evidence expire.
func (r Reader) checkKept(ctx context.Context, s *story) error {
	if s.gone {
		return nil
	}
	for _, name := range record.PreservedBy(s.request.GetSpec()) {
		preservation, err := r.read(ctx, name)
		switch {
		case r.ignorant(err):
			continue
		case err != nil:
			return err
		case preservation.gone:
			continue // how it stood nobody can say any more
		}
		for i, e := range s.events {
			if !s.rested[i] || i > 0 && s.rested[i-1] {
				continue
			}
			before, next := preservation.around(e.GetSequence())
			if before.GetState() == liaisonv1.RequestState_REQUEST_STATE_PRESERVED && next.GetHandedOver().GetDisclosure() != e.GetRequest() {
				return &Distrust{Kind: ErrHistory, Request: name, Sequence: e.GetSequence(), Detail: "what the disclosure rests on was not handed over to it"}
			}
		}
	}
	return nil
}

// around returns the last of the events before another request's, and the first behind it;
// nil if there is none.
func (s *story) around(sequence uint64) (before, next *liaisonv1.Event) {
	for _, e := range s.events {
		if e.GetSequence() > sequence {
			return before, e
		}
		before = e
	}
	return before, nil
}

// ignorant says whether an error is that this side may not know of the other request: a
// reviewer reads those that name its body, and for the others takes the hub at its word.
func (r Reader) ignorant(err error) bool {
	return r.side == lifecycle.OversightSide && errors.Is(err, ErrNotFound)
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
