package client_test

import (
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// disclosing files an emergency that asks for what a request had preserved.
func disclosing(t *testing.T, kit *liaisontest.Kit, preservation string) string {
	t.Helper()
	spec := emergency("H-DISCLOSED")
	if preservation != "" {
		spec.Links = []*liaisonv1.RequestLink{{Relation: liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY, Request: preservation}}
	}
	filed, err := kit.Conn(t, "officer").Authority().File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest()
}

// TestAHubHandsNothingOverByItself: what a hub says a preservation was handed over to, or
// needed for no more, is looked up there.
func TestAHubHandsNothingOverByItself(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	done, bystander := kept(t, kit), disclosing(t, kit, "")
	disclosure := disclosing(t, kit, done)
	agent := kit.Conn(t, "agent").Platform()
	if request, err := agent.Get(t.Context(), done); err != nil || len(request.GetHandedOverTo()) != 1 {
		t.Fatalf("it was handed over to %v: %v", request.GetHandedOverTo(), err)
	}
	if _, err := kit.Conn(t, "officer").Authority().Withdraw(t.Context(), disclosure, &liaisonv1.Withdrawal{Reason: "settled"}); err != nil {
		t.Fatal(err)
	}
	if request, err := agent.Get(t.Context(), done); err != nil || len(request.GetHandedOverTo()) != 0 {
		t.Fatalf("it is handed over to %v: %v", request.GetHandedOverTo(), err)
	}
	live := kept(t, kit)
	disclosing(t, kit, live)
	for _, test := range []struct {
		name string
		of   string
		lie  func(e *liaisonv1.Event, l *ledger.Leaf)
		want error
	}{
		{"to a request that does not ask for it", live, func(e *liaisonv1.Event, _ *ledger.Leaf) {
			if e.GetHandedOver() != nil {
				e.GetHandedOver().Disclosure = bystander
			}
		}, client.ErrHistory},
		{"the end of what goes on", live, func(e *liaisonv1.Event, l *ledger.Leaf) {
			if d := e.GetHandedOver().GetDisclosure(); d != "" {
				e.Detail, l.Type = &liaisonv1.Event_HandOverEnded{HandOverEnded: &liaisonv1.HandOverEnd{Disclosure: d}}, "hand_over_ended"
			}
		}, client.ErrHistory},
		{"again what is over", done, func(e *liaisonv1.Event, l *ledger.Leaf) {
			if d := e.GetHandOverEnded().GetDisclosure(); d != "" {
				e.Detail, l.Type = &liaisonv1.Event_HandedOver{HandedOver: &liaisonv1.HandOver{Disclosure: d}}, "handed_over"
			}
		}, client.ErrHistory},
		{"expired while it is asked for", done, func(e *liaisonv1.Event, l *ledger.Leaf) {
			if e.GetHandOverEnded() != nil {
				e.Detail, l.Type, e.State = &liaisonv1.Event_Expired{Expired: &liaisonv1.Expiry{}}, "expired", liaisonv1.RequestState_REQUEST_STATE_EXPIRED
			}
		}, client.ErrTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			var first *liaisonv1.ListEventsResponse
			h.lie(func(reply any) {
				out, ok := reply.(*liaisonv1.ListEventsResponse)
				if !ok {
					return
				}
				if len(out.GetReceipts()) > 0 && requestOf(out) != test.of {
					// The other request's events are true, in the ledger that was made up.
					h.join(t, out, first)
					return
				}
				h.forge(t, out, func(_ int, e *liaisonv1.Event, l *ledger.Leaf) { test.lie(e, l) })
				first = proto.CloneOf(out)
			})
			_, err := kit.Conn(t, "agent", h.option()).Platform().Get(t.Context(), test.of)
			caught(t, err, test.want)
		})
	}
}

// TestAHubCannotKeepAHandingOverBack: whoever reads a disclosure finds out that what it rests
// on was not handed over, and so would be let expire.
func TestAHubCannotKeepAHandingOverBack(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	preservation := kept(t, kit)
	disclosure := disclosing(t, kit, preservation)
	for _, profile := range []string{"officer", "agent"} {
		h := newHostile(t, kit)
		h.lie(func(reply any) {
			out, ok := reply.(*liaisonv1.ListEventsResponse)
			if !ok || requestOf(out) != preservation {
				return
			}
			out.Receipts = out.GetReceipts()[:len(out.GetReceipts())-1]
		})
		conn := kit.Conn(t, profile, h.option())
		var err error
		if profile == "agent" {
			_, err = conn.Platform().Get(t.Context(), disclosure)
		} else {
			_, err = conn.Authority().Get(t.Context(), disclosure)
		}
		caught(t, err, client.ErrHistory)
	}
}

// join proves true events in the ledger that was forged last.
func (h *hostile) join(t *testing.T, out, forged *liaisonv1.ListEventsResponse) {
	t.Helper()
	out.Checkpoint = forged.GetCheckpoint()
	checkpoint, err := ledger.OpenCheckpoint([]byte(out.GetCheckpoint()), h.verifier(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, receipt := range out.GetReceipts() {
		leaf, err := ledger.ParseLeaf(receipt.GetRecord().GetLeaf())
		if err != nil {
			t.Fatal(err)
		}
		receipt.InclusionProof = h.proof(t, checkpoint.Size, int64(leaf.Sequence)-1)
	}
}

func (h *hostile) verifier(t *testing.T) note.Verifier {
	t.Helper()
	verifier, err := ledger.ParseVerifier(h.kit.HubKey())
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func (h *hostile) proof(t *testing.T, size, leaf int64) [][]byte {
	t.Helper()
	proof, err := tlog.ProveRecord(size, leaf, h.forged)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Bytes(proof)
}
