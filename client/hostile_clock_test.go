package client_test

import (
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// lie is what a hub makes of the events of a request that it is asked for, and what is to
// be found out.
type lie struct {
	name string
	of   string
	lie  func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse)
	want error
}

// forged changes events one by one, and puts them into a ledger of their own.
func forged(change func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf)) func(*testing.T, *hostile, *liaisonv1.ListEventsResponse) {
	return func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
		h.forge(t, out, func(i int, e *liaisonv1.Event, l *ledger.Leaf) { change(h, i, e, l) })
	}
}

// liesAboutTime are told of an emergency that was filed, acknowledged and answered.
func liesAboutTime(request string) []lie {
	lapsed := func(by func(h *hostile) string) func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
		return func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i != 2 {
				return
			}
			e.Envelope, e.Actor, e.State = nil, "spiffe://"+by(h)+"/hub/hub", liaisonv1.RequestState_REQUEST_STATE_LAPSED
			e.Clocks, e.Detail = nil, &liaisonv1.Event_Lapsed{Lapsed: &liaisonv1.Lapse{}}
			l.Actor, l.Type = e.GetActor(), "lapsed"
		}
	}
	longer := func(event int) func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
		return func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i == event {
				e.Clocks.ValidationDueTime.Seconds += 60 * 60
			}
		}
	}
	return []lie{
		{"an emergency that lapses before its time", request, forged(lapsed(func(h *hostile) string { return h.signer.Name() })), client.ErrTime},
		{"a step of the hub's by somebody else", request, forged(lapsed(func(*hostile) string { return "other.example" })), client.ErrSigner},
		{"another time to validate an emergency", request, forged(longer(0)), client.ErrTime},
		{"a validation that is put off", request, forged(longer(1)), client.ErrTime},
	}
}
