package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// lived files an emergency that lives through every step that can be signed and that an
// emergency has, but for those before an approval, and returns its name.
func lived(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	officer, approver := kit.Conn(t, "officer").Authority(), kit.Conn(t, "approver").Authority()
	agent := kit.Conn(t, "agent").Platform()
	name := emergencies(t, kit, 1)[0]
	part := func() error {
		_, err := agent.Answer(t.Context(), name, &liaisonv1.Answer{Screening: client.NoneProtected(), Findings: []*liaisonv1.Finding{notFound(exampleSpec().GetSelectors()[0])}})
		return err
	}
	steps := []func() error{
		func() error { _, err := agent.Acknowledge(t.Context(), name, nil); return err },
		func() error { _, err := approver.ValidateEmergency(t.Context(), name, nil); return err },
		part,
		func() error { _, err := officer.Open(t.Context(), name); return err },
		func() error {
			_, err := agent.Recall(t.Context(), name, &liaisonv1.Recall{Parts: []int32{1}, Reason: "another account"})
			return err
		},
		func() error { _, err := officer.ConfirmRecall(t.Context(), name, nil); return err },
		func() error {
			_, err := agent.Object(t.Context(), name, &liaisonv1.Objection{Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Explanation: "unclear"}}})
			return err
		},
		func() error {
			_, err := officer.Uphold(t.Context(), name, &liaisonv1.Upholding{Reason: "it is clear"})
			return err
		},
		func() error {
			_, err := agent.Maintain(t.Context(), name, &liaisonv1.ObjectionMaintenance{Position: "it is not"})
			return err
		},
		func() error {
			_, err := officer.Withdraw(t.Context(), name, &liaisonv1.Withdrawal{Reason: "settled"})
			return err
		},
		func() error { _, err := officer.AttestDeletion(t.Context(), name, nil); return err },
		func() error { _, err := agent.AttestDeletion(t.Context(), name, nil); return err },
		func() error { _, err := agent.RecordNotice(t.Context(), name, nil); return err },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	return name
}

// reviewed files requests that a reviewer clears, objects to, and decides on.
func reviewed(t *testing.T, kit *liaisontest.Kit) []string {
	t.Helper()
	cleared, _, _, reviewer := underReview(t, kit, "H-CLEARED")
	if _, err := reviewer.Clear(t.Context(), cleared, nil); err != nil {
		t.Fatal(err)
	}
	objected, _, _, reviewer := underReview(t, kit, "H-OBJECTED")
	if _, err := reviewer.Object(t.Context(), objected, &liaisonv1.ReviewObjection{Grounds: pressGrounds()}); err != nil {
		t.Fatal(err)
	}
	decided, officer, agent, reviewer := underReview(t, kit, "H-DECIDED")
	if _, err := agent.Object(t.Context(), decided, &liaisonv1.Objection{Grounds: pressGrounds()}); err != nil {
		t.Fatal(err)
	}
	if _, err := officer.Uphold(t.Context(), decided, &liaisonv1.Upholding{Reason: "It is needed."}); err != nil {
		t.Fatal(err)
	}
	if _, err := reviewer.Decide(t.Context(), decided, &liaisonv1.DisputeDecision{
		Outcome: liaisonv1.DecisionOutcome_DECISION_OUTCOME_OVERRULED, Reasons: "It was weighed.",
	}); err != nil {
		t.Fatal(err)
	}
	return []string{cleared, objected, decided}
}

// kept files a request to preserve that is confirmed and extended.
func kept(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	officer, agent := kit.Conn(t, "officer").Authority(), kit.Conn(t, "agent").Platform()
	spec, now := emergency("H-KEPT"), time.Now()
	spec.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
	spec.Preservation = &liaisonv1.Preservation{StartTime: timestamppb.New(now), EndTime: timestamppb.New(now.Add(60 * 24 * time.Hour))}
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agent.Acknowledge(t.Context(), filed.GetRequest(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := agent.ConfirmPreservation(t.Context(), filed.GetRequest(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := officer.ExtendPreservation(t.Context(), filed.GetRequest(), &liaisonv1.PreservationExtension{
		EndTime: timestamppb.New(now.Add(90 * 24 * time.Hour)), Reason: "the court sits in December",
	}); err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest()
}

// TestAHubMakesNoStepUp: whatever people sign, a hub that records it in somebody's name
// without a signature is found out by the other side, and by their own. It tries with each
// kind of statement that the contract has.
func TestAHubMakesNoStepUp(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	tried := map[protoreflect.Name]bool{"filed": true, "approved": true, "amended": true, "refused": true} // elsewhere
	for _, name := range append(reviewed(t, kit), lived(t, kit), kept(t, kit)) {
		page, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, "officer").Unverified()).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name, View: records})
		if err != nil {
			t.Fatal(err)
		}
		for at, receipt := range page.GetReceipts() {
			recorded, err := record.Decode(receipt.GetRecord())
			if err != nil || at == 0 || recorded.GetEnvelope() == nil {
				continue
			}
			signed, err := statement.Decode(recorded.GetEnvelope())
			if err != nil {
				t.Fatal(err)
			}
			kind := signed.ProtoReflect().WhichOneof(signed.ProtoReflect().Descriptor().Oneofs().ByName("detail")).Name()
			tried[kind] = true
			for _, reader := range []string{"officer", "agent"} {
				t.Run(string(kind)+", read by the "+reader, func(t *testing.T) {
					h := newHostile(t, kit)
					h.lie(func(reply any) {
						out, ok := reply.(*liaisonv1.ListEventsResponse)
						if !ok {
							return
						}
						h.forge(t, out, func(i int, e *liaisonv1.Event, _ *ledger.Leaf) {
							if i == at {
								statement.SetDetail(e, signed)
								e.Envelope = nil
							}
						})
					})
					conn := kit.Conn(t, reader, h.option())
					if reader == "officer" {
						_, err = conn.Authority().Get(t.Context(), name)
					} else {
						_, err = conn.Platform().Get(t.Context(), name)
					}
					caught(t, err, client.ErrUnsigned)
				})
			}
		}
	}
	details := (&liaisonv1.Statement{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range details.Len() {
		if !tried[details.Get(i).Name()] {
			t.Errorf("nothing makes %s up", details.Get(i).Name())
		}
	}
}

// TestTheKeyThatFiledDoesNotValidate: the second pair of eyes over an emergency is another
// one, whatever a hub lets through.
func TestTheKeyThatFiledDoesNotValidate(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signing := func(who string) *client.Authority {
		return kit.Conn(t, who, client.WithSigner(key, kit.Issue(who, key.Public()))).Authority()
	}
	filed, err := signing("officer").File(t.Context(), emergency("H-KEY"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signing("approver").ValidateEmergency(t.Context(), filed.GetRequest(), nil); err != nil {
		t.Fatal(err)
	}
	_, err = kit.Conn(t, "agent").Platform().Get(t.Context(), filed.GetRequest())
	caught(t, err, client.ErrSigner)
}

// TestAStepIsSignedAnewWhereAnotherCameBetween: both sides sign at the same time, each
// about the last statement that it has read. What is not meant for one version alone is
// signed again on what is there then.
func TestAStepIsSignedAnewWhereAnotherCameBetween(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	approver := kit.Conn(t, "approver").Authority()
	name := emergencies(t, kit, 1)[0]
	between := true
	agent := kit.Conn(t, "agent", instead(func(in, _ any) bool {
		if _, ok := in.(*liaisonv1.AnswerRequestRequest); ok && between {
			between = false
			if _, err := approver.ValidateEmergency(t.Context(), name, nil); err != nil {
				t.Error(err)
			}
		}
		return false
	})).Platform()
	if _, err := agent.Acknowledge(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	answer := &liaisonv1.Answer{Screening: client.NoneProtected(), Findings: []*liaisonv1.Finding{notFound(exampleSpec().GetSelectors()[0])}}
	if _, err := agent.Answer(t.Context(), name, answer); err != nil || between {
		t.Errorf("with a validation in between: %v", err)
	}
	if request, err := agent.Get(t.Context(), name); err != nil || request.GetValidatedBy() == "" || request.GetAnswerParts() != 1 {
		t.Errorf("%v: validated by %q, %d parts", err, request.GetValidatedBy(), request.GetAnswerParts())
	}
}
