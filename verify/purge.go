package verify

import (
	"slices"
	"strings"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// outline is what the leaves alone tell of a request, when what its events say is gone.
// A hub that keeps something back calls it purged; what the leaves show decides whether
// that can be so.
type outline struct {
	last  uint64 // the number of the last event
	given bool   // whether a part was answered before
	ended bool   // whether the request was over after it
}

// endings are the types of events after which a request is over, so that it may be purged,
// and those which may follow and leave it so.
type endings struct{ ending, lasting map[string]bool }

// These follow from the lifecycle's own table: how a request ends before a part was
// answered, and after it, and the types of events that answer a part.
var unanswered, answered, answering = func() (unanswered, answered endings, answering map[string]bool) {
	answering = make(map[string]bool)
	rules := lifecycle.Rules()
	purge := slices.IndexFunc(rules, func(row lifecycle.Rule) bool { return row.Step == lifecycle.StepPurge })
	over := func(state lifecycle.State) bool { return slices.Contains(rules[purge].From, state) }
	learn := func(answered bool) endings {
		a := endings{make(map[string]bool), make(map[string]bool)}
		for _, row := range rules {
			if row.Step == lifecycle.StepPurge || row.Unanswered && answered {
				continue
			}
			kind := strings.ToLower(row.Step.String())
			if row.Sets == lifecycle.MarkAnsweredInPart {
				answering[kind] = true
			}
			for _, from := range row.From {
				switch to := row.To.Next(lifecycle.Request{State: from, AnsweredInPart: answered}); {
				case over(from) && over(to):
					a.lasting[kind] = true
				case over(to):
					a.ending[kind] = true
				}
			}
		}
		return a
	}
	return learn(false), learn(true), answering
}()

// add goes on with a leaf.
func (o *outline) add(leaf ledger.Leaf) {
	after := unanswered
	if o.given {
		after = answered
	}
	o.last = leaf.Sequence
	o.ended = after.ending[leaf.Type] || o.ended && after.lasting[leaf.Type]
	o.given = o.given || answering[leaf.Type]
}

// checkPurge says whether a purge explains that the bodies before it are gone: the hub
// itself took the step, as the next one, on a request that was over.
func (v *Verifier) checkPurge(purge *liaisonv1.Event, before outline) error {
	actor, err := identity.ParseID(purge.GetActor())
	switch {
	case purge.GetPurged() == nil:
		return distrust(purge, ErrWithheld, "an event before it is kept back, and it is not a purge")
	case err != nil || actor.Role != lifecycle.Hub || actor.ID.TrustDomain().Name() != v.HubName():
		return distrust(purge, ErrWithheld, "the purge is not the hub's own step")
	case purge.GetPreviousSequence() != before.last:
		return distrust(purge, ErrWithheld, "the purge does not follow the last event that is gone")
	case !before.ended:
		return distrust(purge, ErrWithheld, "the request was not over when it is said to have been purged")
	case purge.GetState() != liaisonv1.RequestState_REQUEST_STATE_PURGED:
		return distrust(purge, ErrWithheld, "the purge led to another state")
	default:
		return nil
	}
}

// withheld are the requests of a feed of which bodies are missing, with what their leaves
// show, until their purge comes.
type withheld map[string]outline

// settle notes a body that is missing, and holds the purge that is to explain it against
// the leaves.
func (w withheld) settle(v *Verifier, r *Entry) error {
	shown, known := w[r.leaf.Request]
	switch {
	case r.Gone:
		if !known {
			// Where the beginning was not missing, or not read, nothing is known yet.
			shown.ended = r.leaf.Type != "filed" && r.leaf.Type != "approved"
		}
		shown.add(r.leaf)
		w[r.leaf.Request] = shown
	case known:
		if err := v.checkPurge(r.Event, shown); err != nil {
			return err
		}
		delete(w, r.leaf.Request)
	}
	return nil
}

// check says of which request a body is missing; nil if of none.
func (w withheld) check() error {
	for request, shown := range w {
		return &Distrust{Kind: ErrWithheld, Request: request, Sequence: shown.last, Detail: "it was not purged"}
	}
	return nil
}
