package verify

import (
	"context"
	"errors"
	"slices"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A hub that hands a preservation over to a disclosure has data kept beyond its time, and
// one that ends that early has evidence lost. Both follow from the disclosure's own events,
// which are read where a preservation is.

// checkHandOvers holds what the hub did about a preservation for the sake of disclosures
// against these.
func (v *Verifier) checkHandOvers(ctx context.Context, c *Case, history History) error {
	if err := v.checkKept(ctx, c, history); err != nil {
		return err
	}
	disclosures := make(map[string]*Case)
	for _, e := range c.Events {
		name := e.GetHandedOver().GetDisclosure() + e.GetHandOverEnded().GetDisclosure() // one of them
		if name == "" {
			continue
		}
		disclosure, ok := disclosures[name]
		if !ok {
			var err error
			if disclosure, err = v.relatedCase(ctx, c, name, history); err != nil {
				return err
			}
			disclosures[name] = disclosure
		}
		if disclosure == nil || disclosure.gone {
			continue // how it stood nobody can say, or not to this side
		}
		if err := c.checkHandOver(e, disclosure); err != nil {
			return err
		}
	}
	return nil
}

// checkHandOver checks that a preservation was handed over to a disclosure, or is so no
// longer, as the disclosure itself says.
func (c *Case) checkHandOver(e *liaisonv1.Event, disclosure *Case) error {
	switch {
	case !slices.Contains(record.PreservedBy(disclosure.Request.GetSpec()), e.GetRequest()):
		return distrust(e, ErrHistory, "the disclosure does not rest on it")
	case disclosure.Request.GetSpec().GetTest() != c.Request.GetSpec().GetTest():
		return distrust(e, ErrHistory, "one of the two is a drill")
	case disclosure.neededBefore(e.GetSequence()) != (e.GetHandedOver() != nil):
		return distrust(e, ErrHistory, "the disclosure did not stand so")
	default:
		return nil
	}
}

// checkKept checks of a disclosure that each preservation that it rests on was handed over to
// it whenever it came to need it: a hub that says nothing lets the evidence expire.
func (v *Verifier) checkKept(ctx context.Context, c *Case, history History) error {
	if c.gone {
		return nil
	}
	for _, name := range record.PreservedBy(c.Request.GetSpec()) {
		preservation, err := v.relatedCase(ctx, c, name, history)
		if err != nil {
			return err
		}
		if preservation == nil || preservation.gone {
			continue // how it stood nobody can say, or not to this side
		}
		for i, e := range c.Events {
			if !c.needed[i] || i > 0 && c.needed[i-1] {
				continue
			}
			before, next := preservation.neighbours(e.GetSequence())
			if before.GetState() == liaisonv1.RequestState_REQUEST_STATE_PRESERVED && next.GetHandedOver().GetDisclosure() != e.GetRequest() {
				return &Distrust{Kind: ErrHistory, Request: name, Sequence: e.GetSequence(), Detail: "what the disclosure rests on was not handed over to it"}
			}
		}
	}
	return nil
}

// neighbours returns the last of the events before another request's, and the first after
// it; nil if there is none.
func (c *Case) neighbours(sequence uint64) (before, next *liaisonv1.Event) {
	for _, e := range c.Events {
		if e.GetSequence() > sequence {
			return before, e
		}
		before = e
	}
	return before, nil
}

// mayNotKnow reports whether err means that this side may not know of the other request: a
// reviewer reads those that name its body, and for the others takes the hub at its word.
func (v *Verifier) mayNotKnow(err error) bool {
	return v.side == Reviewer && errors.Is(err, ErrNoRequest)
}

// neededBefore reports whether the request needed what it had preserved, as its last event
// before another left it.
func (c *Case) neededBefore(sequence uint64) bool {
	needed := false
	for i, e := range c.Events {
		if e.GetSequence() < sequence {
			needed = c.needed[i]
		}
	}
	return needed
}
