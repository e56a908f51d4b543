package client_test

import (
	"crypto"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	hubsName      = "spiffe://hub.example/hub/hub"
	reviewersName = "spiffe://commissioner.example/reviewer/review.desk"
)

// underReview files an emergency that the commissioner reviews, and acknowledges it.
func underReview(t *testing.T, kit *liaisontest.Kit, reference string) (name string, officer *client.Authority, agent *client.Platform, reviewer *client.Reviewer) {
	t.Helper()
	officer, agent, reviewer = kit.Conn(t, "officer").Authority(), kit.Conn(t, "agent").Platform(), kit.Conn(t, "reviewer").Reviewer()
	spec := emergency(reference)
	spec.Reviewer = "oversight/commissioner"
	filed, err := officer.File(t.Context(), spec)
	if err == nil {
		_, err = agent.Acknowledge(t.Context(), filed.GetRequest(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest(), officer, agent, reviewer
}

// TestAHostileHubCannotReview: whether a reviewer has spoken, and what was decided, no hub can
// make up, keep back or hurry. One lie a row, told to a platform that reads the request first
// then, and would hand over by it.
func TestAHostileHubCannotReview(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	ctx := t.Context()
	done := func(_ *liaisonv1.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// 0 filed, 1 acknowledged, 2 cleared.
	cleared, _, _, reviewer := underReview(t, kit, "R-1")
	done(reviewer.Clear(ctx, cleared, nil))
	// 0 filed, 1 acknowledged, 2 a question.
	pending, _, agent, _ := underReview(t, kit, "R-2")
	done(agent.Ask(ctx, pending, &liaisonv1.Clarification{Question: "Which?"}))
	// 0 filed, 1 acknowledged, 2 objected by the reviewer, 3 a question.
	objected, _, agent, reviewer := underReview(t, kit, "R-3")
	done(reviewer.Object(ctx, objected, &liaisonv1.ReviewObjection{Grounds: pressGrounds(), SelectorIds: []string{exampleSpec().GetSelectors()[0].GetId()}}))
	done(agent.Ask(ctx, objected, &liaisonv1.Clarification{Question: "Which?"}))
	// 0 filed, 1 acknowledged, 2 objected, 3 upheld, 4 decided.
	decided, officer, agent, reviewer := underReview(t, kit, "R-4")
	done(agent.Object(ctx, decided, &liaisonv1.Objection{Grounds: pressGrounds()}))
	done(officer.Uphold(ctx, decided, &liaisonv1.Upholding{Reason: "It is needed."}))
	done(reviewer.Decide(ctx, decided, &liaisonv1.DisputeDecision{Outcome: liaisonv1.DecisionOutcome_DECISION_OUTCOME_OVERRULED, Reasons: "It was weighed."}))

	unsigned := func(place int) func(*hostile, int, *liaisonv1.Event, *ledger.Leaf) {
		return func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i != place {
				return
			}
			signed, err := statement.Decode(e.GetEnvelope())
			if err != nil {
				t.Error(err)
			}
			statement.SetDetail(e, signed)
			e.Envelope = nil
		}
	}
	// The platform's own certificate stands for whatever key a hub can come by.
	certificate := kit.Certificate("agent")
	chain, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	signer := envelope.Signer{Key: certificate.PrivateKey.(crypto.Signer), Chain: []*x509.Certificate{chain}}
	for _, test := range []lie{
		{"a clearing that nobody signed", cleared, forged(unsigned(2)), client.ErrUnsigned},
		{"a clearing in place of a question", pending, forged(func(_ *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 2 {
				e.Detail, e.State = &liaisonv1.Event_ReviewCleared{ReviewCleared: &liaisonv1.ReviewClearing{}}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
				e.Actor, l.Actor, l.Type = reviewersName, reviewersName, "review_cleared"
				e.GetClocks().ReviewEndTime, e.GetClocks().StopTime = nil, nil
			}
		}), client.ErrUnsigned},
		{"a clearing that another has signed", cleared, forged(func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i != 2 {
				return
			}
			signed, err := statement.Decode(e.GetEnvelope())
			if err != nil {
				t.Error(err)
			}
			opened, err := statement.Sign(signer, signed)
			if err != nil {
				t.Error(err)
				return
			}
			e.Envelope = opened.Envelope
		}), client.ErrSigner},
		{"a review that lapses before its time", pending, forged(func(_ *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 2 {
				e.Detail, e.State = &liaisonv1.Event_ReviewLapsed{ReviewLapsed: &liaisonv1.ReviewLapse{}}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
				e.Actor, e.ActorKeySha256, l.Actor, l.Type = hubsName, nil, hubsName, "review_lapsed"
				e.GetClocks().ReviewEndTime, e.GetClocks().StopTime = nil, nil
			}
		}), client.ErrTime},
		{"another time for the reviewer", pending, forged(func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i == 0 {
				e.GetClocks().GetReviewEndTime().Seconds -= 60 * 60
			}
		}), client.ErrTime},
		{"no time for the reviewer", pending, forged(func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) { e.GetClocks().ReviewEndTime = nil }), client.ErrTime},
		{"a reviewer's time that is moved later on", pending, forged(func(_ *hostile, i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i == 1 {
				e.GetClocks().GetReviewEndTime().Seconds -= 60 * 60
			}
		}), client.ErrTime},
		{"a reviewer's objection that is kept back", objected, func(_ *testing.T, _ *hostile, out *liaisonv1.ListEventsResponse) {
			out.Receipts = append(out.Receipts[:2], out.Receipts[3:]...)
		}, client.ErrHistory},
		{"a request of the reviewer's that is not in its feed", cleared, forged(func(_ *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 1 {
				e.Reviewer, l.ReviewerIndex = "", 0
			}
		}), client.ErrFeed},
		{"a decision that nobody signed", decided, forged(unsigned(4)), client.ErrUnsigned},
		{"a decision that was never asked for", cleared, forged(func(_ *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 2 {
				e.Envelope, l.Type = nil, "dispute_decided"
				e.Detail = &liaisonv1.Event_DisputeDecided{DisputeDecided: &liaisonv1.DisputeDecision{Outcome: liaisonv1.DecisionOutcome_DECISION_OUTCOME_OVERRULED, Reasons: "So."}}
			}
		}), client.ErrTime}, // the review would have ended with it
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(func(reply any) {
				if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
					test.lie(t, h, out)
				}
			})
			_, err := kit.Conn(t, "agent", h.option()).Platform().Get(t.Context(), test.of)
			caught(t, err, test.want)
		})
	}
}

func pressGrounds() []*liaisonv1.Ground {
	return []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION, Explanation: "To report is no offence."}}
}

func courtRuling() *liaisonv1.CourtRuling {
	return &liaisonv1.CourtRuling{
		Court: "Court of Appeal", OrderNumber: "3/2026", IssueTime: timestamppb.New(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)),
		Document: &liaisonv1.Document{Sha256: strings.Repeat("a", 64), Title: "Ruling", MediaType: "application/pdf"},
	}
}
