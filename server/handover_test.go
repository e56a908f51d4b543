package server_test

import (
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// preserved files a request to preserve and has the platform confirm it.
func (h *hub) preserved(until time.Time, change ...func(*liaisonv1.RequestSpec)) string {
	h.t.Helper()
	name := h.approved(append([]func(*liaisonv1.RequestSpec){preserve(until)}, change...)...)
	must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	must(h.platform(agent).ConfirmPreservation(h.t.Context(), &liaisonv1.ConfirmPreservationRequest{Name: name, Form: &liaisonv1.ConfirmPreservationRequest_Confirmation{Confirmation: &liaisonv1.PreservationConfirmation{}}}))
	return name
}

// resting is a request to disclose what another had preserved.
func resting(preservation string) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) {
		s.Links = []*liaisonv1.RequestLink{{Relation: liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY, Request: preservation}}
	}
}

// TestWhatIsAskedForIsKeptUntilItIsAnswered: a preservation outlasts its period while a
// disclosure that rests on it is before the platform, over a restart too, and not longer.
func TestWhatIsAskedForIsKeptUntilItIsAnswered(t *testing.T) {
	day := 24 * time.Hour
	for _, test := range []struct {
		name string
		end  func(h *hub, disclosure string)
	}{
		{"answered", func(h *hub, disclosure string) {
			must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: disclosure, Acknowledgement: &liaisonv1.Acknowledgement{}}))
			if err := h.answer(disclosure, true, notFound("1"), notFound("2")); err != nil {
				h.t.Fatal(err)
			}
		}},
		{"withdrawn", func(h *hub, disclosure string) {
			must(h.authority(officer).WithdrawRequest(h.t.Context(), &liaisonv1.WithdrawRequestRequest{Name: disclosure, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}}))
		}},
		{"refused", func(h *hub, disclosure string) {
			must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: disclosure, Acknowledgement: &liaisonv1.Acknowledgement{}}))
			must(h.platform(agent).RefuseRequest(h.t.Context(), &liaisonv1.RefuseRequestRequest{Name: disclosure, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal()}}))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHub(t)
			kept := h.preserved(time.Now().Add(10 * day))
			filed := h.fileEvent(resting(kept))
			h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed") // the platform knows of nothing yet
			must(h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
			h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over")
			if got := h.get(kept).GetHandedOverTo(); len(got) != 1 || got[0] != filed.GetRequest() {
				t.Errorf("it was handed over to %v", got)
			}
			h.advance(15 * day)
			h.restart()
			h.becomes(filed.GetRequest(), "filed", "approved", "deadline_missed") // so that the hub has looked
			if state := h.get(kept).GetState(); state != liaisonv1.RequestState_REQUEST_STATE_PRESERVED {
				t.Errorf("it is %s while it is asked for", state)
			}
			test.end(h, filed.GetRequest())
			h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended", "expired")
		})
	}
}

// TestWhatWasAnsweredBeforeItsTimeIsKeptToItsEnd: the end of a disclosure does not end the
// period.
func TestWhatWasAnsweredBeforeItsTimeIsKeptToItsEnd(t *testing.T) {
	h := newHub(t)
	kept := h.preserved(time.Now().Add(240 * time.Hour))
	disclosure := h.file(emergency, resting(kept)) // before the platform at once
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: disclosure, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	if err := h.answer(disclosure, true, notFound("1"), notFound("2")); err != nil {
		t.Fatal(err)
	}
	h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended")
	// A wrong answer is to be answered again, of what is still kept.
	must(h.platform(agent).RecallAnswer(t.Context(), &liaisonv1.RecallAnswerRequest{Name: disclosure, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: &liaisonv1.Recall{Parts: []int32{1}, Reason: "another file"}}}))
	h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended", "handed_over")
	// The emergency is not validated: it lapses, and with it what rests on it.
	h.advance(49 * time.Hour)
	h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended", "handed_over", "hand_over_ended")
	h.advance(240 * time.Hour)
	h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended", "handed_over", "hand_over_ended", "expired")
}

// TestADisclosureRestsOnWhatIsPreserved: by the same authority, of the same platform, now, and
// on nothing that was not.
func TestADisclosureRestsOnWhatIsPreserved(t *testing.T) {
	h := newHub(t)
	until := time.Now().Add(240 * time.Hour)
	kept, unconfirmed, ended := h.preserved(until), h.approved(preserve(until)), h.preserved(time.Now().Add(time.Hour))
	drill := h.preserved(until, func(s *liaisonv1.RequestSpec) { s.Test = true })
	h.advance(2 * time.Hour)
	other := h.approved()
	for _, test := range []struct {
		name   string
		change []func(*liaisonv1.RequestSpec)
		field  string
	}{
		{"what is not confirmed", []func(*liaisonv1.RequestSpec){resting(unconfirmed)}, "spec.links[0].request"},
		{"what has ended", []func(*liaisonv1.RequestSpec){resting(ended)}, "spec.links[0].request"},
		{"another disclosure", []func(*liaisonv1.RequestSpec){resting(other)}, "spec.links[0].request"},
		{"what is not there", []func(*liaisonv1.RequestSpec){resting("requests/0192f0c1-0000-7000-8000-000000000000")}, "spec.links[0].request"},
		{"a drill on what is none", []func(*liaisonv1.RequestSpec){resting(kept), emergency, func(s *liaisonv1.RequestSpec) { s.Test = true }}, "spec.links[0].request"},
		{"what was preserved in a drill", []func(*liaisonv1.RequestSpec){resting(drill)}, "spec.links[0].request"},
		{"a preservation on a preservation", []func(*liaisonv1.RequestSpec){resting(kept), preserve(until)}, "spec.links[0].relation"},
		{"another account", []func(*liaisonv1.RequestSpec){resting(kept), func(s *liaisonv1.RequestSpec) {
			s.Selectors[1] = selector("2", "700100999")
		}}, "spec.selectors[1]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(test.change...)}})
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
			if fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations(); len(fields) == 0 || fields[0].GetField() != test.field {
				t.Errorf("the fields are %v, want %s", fields, test.field)
			}
		})
	}
	fewer := spec(resting(kept), func(s *liaisonv1.RequestSpec) { s.Selectors = s.GetSelectors()[:1] })
	must(h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: proto.CloneOf(fewer)}}))
}

// TestAPreservationIsHandedOverOnceAmongManyHubs.
func TestAPreservationIsHandedOverOnceAmongManyHubs(t *testing.T) {
	hubs := newReplicas(t, 3, newDatabase(t))
	kept := hubs[0].preserved(time.Now().Add(240 * time.Hour))
	filed := hubs[1].fileEvent(resting(kept))
	must(hubs[2].authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
	hubs[0].advance(24 * 15 * time.Hour)
	hubs[0].becomes(filed.GetRequest(), "filed", "approved", "deadline_missed")
	must(hubs[0].authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: filed.GetRequest(), Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}}))
	for _, h := range hubs {
		h.becomes(kept, "filed", "approved", "acknowledged", "preservation_confirmed", "handed_over", "hand_over_ended", "expired")
	}
}
