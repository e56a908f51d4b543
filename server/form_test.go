package server_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestACallIsReadInOneWay: a decoder takes the last of two forms, names or identifiers, and
// another the first. A call that has two on the wire takes no step.
func TestACallIsReadInOneWay(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	name := h.file()
	withdrawal := &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}
	for _, test := range []struct {
		name          string
		first, second *liaisonv1.WithdrawRequestRequest
	}{
		{
			"a signed form and an unsigned one",
			&liaisonv1.WithdrawRequestRequest{Name: name, Form: &liaisonv1.WithdrawRequestRequest_Signed{Signed: &liaisonv1.Envelope{}}},
			&liaisonv1.WithdrawRequestRequest{Form: withdrawal},
		},
		{
			"two names",
			&liaisonv1.WithdrawRequestRequest{Name: "requests/0199aaaa-0000-7000-8000-000000000000", Form: withdrawal},
			&liaisonv1.WithdrawRequestRequest{Name: name},
		},
		{
			"two parts of one form",
			&liaisonv1.WithdrawRequestRequest{Name: name, Form: withdrawal},
			&liaisonv1.WithdrawRequestRequest{Form: withdrawal},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.first.ProtoReflect().SetUnknown(must(proto.Marshal(test.second))) // goes onto the wire after what is known
			_, err := h.authority(officer).WithdrawRequest(t.Context(), test.first)
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
			if field := fieldOf(err); field != "withdrawal" {
				t.Errorf("the field is %q", field)
			}
			if state := h.get(name).GetState(); state != liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL {
				t.Errorf("it is %s", state)
			}
		})
	}
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: name, Form: withdrawal}))
}

// TestAStepThatMaySayNothingIsTakenByItsName: without a remark a step is still that step, and
// the same call as with an empty one.
func TestAStepThatMaySayNothingIsTakenByItsName(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	name := h.approved()
	const id = "0199aaaa-0000-7000-8000-000000000001"
	first := must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Call: &liaisonv1.Call{CallId: id}}))
	again := must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{
		Name: name, Call: &liaisonv1.Call{CallId: id}, Acknowledgement: &liaisonv1.Acknowledgement{},
	}))
	if first.GetState() != liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED || again.GetSequence() != first.GetSequence() {
		t.Errorf("%v, and again %v", first, again)
	}
	_, err := h.authority(officer).GrantMoreTime(t.Context(), &liaisonv1.GrantMoreTimeRequest{Name: name})
	wantReason(t, err, codes.FailedPrecondition, "NOTHING_PENDING")
	_, err = h.authority(officer).ConfirmReceipt(t.Context(), &liaisonv1.ConfirmReceiptRequest{Name: name})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")
	_, err = h.platform(agent).AskClarification(t.Context(), &liaisonv1.AskClarificationRequest{Name: name})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	_, err = h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: name})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
}
