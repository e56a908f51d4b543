package client

import (
	"slices"
	"strings"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// remains is what the leaves alone tell of a request, when what its events say is gone.
// A hub that keeps something back calls it purged; what the leaves show decides whether
// that can be so.
type remains struct {
	last  uint64 // the number of the last event
	given bool   // whether a part was answered before
	ended bool   // whether the request was over after it
}

// afterwards are the types of events, before a part was answered or behind it: after which
// a request is over, so that it may be purged, and which may follow and leave it so.
type afterwards struct{ ending, lasting map[string]bool }

// giving are the types of events that answer a part. All three are by the lifecycle's own
// table.
var ungiven, given, giving = func() (ungiven, given afterwards, giving map[string]bool) {
	giving = make(map[string]bool)
	rules := lifecycle.Rules()
	purge := slices.IndexFunc(rules, func(row lifecycle.Rule) bool { return row.Step == lifecycle.StepPurge })
	over := func(state lifecycle.State) bool { return slices.Contains(rules[purge].From, state) }
	learn := func(answered bool) afterwards {
		a := afterwards{make(map[string]bool), make(map[string]bool)}
		for _, row := range rules {
			if row.Step == lifecycle.StepPurge || row.Unanswered && answered {
				continue
			}
			kind := strings.ToLower(row.Step.String())
			if row.Sets == lifecycle.MarkAnsweredInPart {
				giving[kind] = true
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
	return learn(false), learn(true), giving
}()

// add goes on with a leaf.
func (m *remains) add(leaf ledger.Leaf) {
	after := ungiven
	if m.given {
		after = given
	}
	m.last = leaf.Sequence
	m.ended = after.ending[leaf.Type] || m.ended && after.lasting[leaf.Type]
	m.given = m.given || giving[leaf.Type]
}

// checkPurge says whether a purge explains that the bodies before it are gone: the hub
// itself took the step, as the next one, on a request that was over.
func (t *trust) checkPurge(purge *liaisonv1.Event, before remains) error {
	wrong := func(detail string) error {
		return &Distrust{Kind: ErrWithheld, Request: purge.GetRequest(), Sequence: purge.GetSequence(), Detail: detail}
	}
	actor, err := identity.ParseID(purge.GetActor())
	switch {
	case purge.GetPurged() == nil:
		return wrong("an event before it is kept back, and it is not a purge")
	case err != nil || actor.Role != lifecycle.Hub || actor.ID.TrustDomain().Name() != t.ledger.key.Name():
		return wrong("the purge is not the hub's own step")
	case purge.GetPreviousSequence() != before.last:
		return wrong("the purge does not follow the last event that is gone")
	case !before.ended:
		return wrong("the request was not over when it is said to have been purged")
	case purge.GetState() != liaisonv1.RequestState_REQUEST_STATE_PURGED:
		return wrong("the purge led to another state")
	default:
		return nil
	}
}

// missing are the requests of a feed of which bodies are missing, with what their leaves
// show, until their purge comes.
type missing map[string]remains

// settle notes a body that is missing, and holds the purge that is to explain it against
// the leaves.
func (m missing) settle(t *trust, r *entry) error {
	left, open := m[r.leaf.Request]
	switch {
	case r.gone:
		if !open {
			// Where the beginning was not missing, or not read, nothing is known yet.
			left.ended = r.leaf.Type != "filed" && r.leaf.Type != "approved"
		}
		left.add(r.leaf)
		m[r.leaf.Request] = left
	case open:
		if err := t.checkPurge(r.event, left); err != nil {
			return err
		}
		delete(m, r.leaf.Request)
	}
	return nil
}

// unexplained says of which request a body is missing; nil if of none.
func (m missing) unexplained() error {
	for request, left := range m {
		return &Distrust{Kind: ErrWithheld, Request: request, Sequence: left.last, Detail: "it was not purged"}
	}
	return nil
}
