package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestARequestIsFiledApprovedAnsweredAndClosed plays the main story with a
// question in between, and looks at every step from both sides.
func TestARequestIsFiledApprovedAnsweredAndClosed(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	filed := h.fileEvent()
	name := filed.GetRequest()
	get := func(id string) (*liaisonv1.Request, error) {
		out, err := h.requests(id).GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: name})
		return out.GetRequest(), err
	}

	// Before the second pair of eyes the platform knows nothing.
	_, err := get(agent)
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
	request := must(get(approver))
	if diff := cmp.Diff(spec(), request.GetSpec(), protocmp.Transform()); diff != "" {
		t.Errorf("the approver reads something else than was filed:\n%s", diff)
	}

	must(h.authority(approver).ApproveRequest(ctx, &liaisonv1.ApproveRequestRequest{Name: name, Call: &liaisonv1.Call{IfMatch: request.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
	request = must(get(agent))
	if diff := cmp.Diff(spec(), request.GetSpec(), protocmp.Transform()); diff != "" {
		t.Errorf("the platform reads something else than was filed:\n%s", diff)
	}
	platform := h.platform(agent)
	must(platform.AcknowledgeRequest(ctx, &liaisonv1.AcknowledgeRequestRequest{
		Name: name, Acknowledgement: &liaisonv1.Acknowledgement{PlatformReference: "M-1"},
	}))
	must(platform.AskClarification(ctx, &liaisonv1.AskClarificationRequest{
		Name: name, Clarification: &liaisonv1.Clarification{Question: "Both?", SelectorIds: []string{"1"}},
	}))
	must(h.authority(officer).ReplyToClarification(ctx, &liaisonv1.ReplyToClarificationRequest{
		Name: name, Reply: &liaisonv1.ClarificationReply{Text: "نعم"},
	}))
	part := &liaisonv1.Answer{Screening: noneProtected, Findings: []*liaisonv1.Finding{identified("1", "700100200", "+447700900200")}}
	final := &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{notFound("2")}}
	must(platform.AnswerRequest(ctx, &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: part}}))
	must(platform.AnswerRequest(ctx, &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: final}}))

	given := must(h.requests(agent).GetAnswer(ctx, &liaisonv1.GetAnswerRequest{Name: name}))
	if len(given.GetParts()) != 2 {
		t.Fatalf("the answer has %d parts, wanted 2", len(given.GetParts()))
	}
	for i, want := range []*liaisonv1.Answer{part, final} {
		opened := h.openPart(name, int32(i)+1)
		if diff := cmp.Diff(opened, given.GetParts()[i], protocmp.Transform()); diff != "" {
			t.Errorf("part %d is another than was given:\n%s", i+1, diff)
		}
		if diff := cmp.Diff(want, opened.GetAnswer(), protocmp.Transform()); diff != "" {
			t.Errorf("part %d reads differently from what was answered:\n%s", i+1, diff)
		}
	}
	must(h.authority(officer).ConfirmReceipt(ctx, &liaisonv1.ConfirmReceiptRequest{Name: name, Confirmation: &liaisonv1.ReceiptConfirmation{}}))

	events := func(id string) []string {
		out := must(h.requests(id).ListEvents(ctx, &liaisonv1.ListEventsRequest{Request: name}))
		var states []string
		for _, e := range out.GetEvents() {
			states = append(states, strings.TrimPrefix(e.GetState().String(), "REQUEST_STATE_"))
			if strings.Contains(e.String(), "447700900200") {
				t.Errorf("the event %d says who was identified", e.GetSequence())
			}
		}
		return states
	}
	whole := []string{"AWAITING_APPROVAL", "FILED", "ACKNOWLEDGED", "CLARIFICATION_NEEDED", "ACKNOWLEDGED", "PARTIALLY_ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED", "CLOSED"}
	if diff := cmp.Diff(whole, events(officer)); diff != "" {
		t.Errorf("the authority's history:\n%s", diff)
	}
	if diff := cmp.Diff(whole[1:], events(agent)); diff != "" {
		t.Errorf("the platform's history begins when it came before it:\n%s", diff)
	}
	request = must(get(officer))
	if request.GetState() != liaisonv1.RequestState_REQUEST_STATE_CLOSED || request.GetPlatformReference() != "M-1" || request.GetAnswerParts() != 2 {
		t.Errorf("the request ends as %v", request)
	}

	// Nothing of all this is in the log but who called what.
	for _, secret := range []string{"700100200", "447700900200", "نشر", "Both?", "نعم", "88/2026"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log holds content of the request")
		}
	}
	if !strings.Contains(h.log.String(), "spiffe://moc.example/officer/amal.hassan") {
		t.Error("the log does not say who called")
	}
}

// TestAHubRestartsWhereItStopped closes everything and opens it again.
func TestAHubRestartsWhereItStopped(t *testing.T) {
	h := newHub(t)
	call := &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}
	first := eventOf(must(h.authority(officer).FileRequest(t.Context(), call)))
	h.restart()
	again := eventOf(must(h.authority(officer).FileRequest(t.Context(), call)))
	if diff := cmp.Diff(first, again, protocmp.Transform()); diff != "" {
		t.Errorf("the same call again gives another answer:\n%s", diff)
	}
	next := h.fileEvent()
	if next.GetSequence() != first.GetSequence()+1 || next.GetCreateTime().AsTime().Before(first.GetCreateTime().AsTime()) {
		t.Errorf("event %d came after event %d", next.GetSequence(), first.GetSequence())
	}
}

// TestTheOtherSidesRequestsDoNotExist reads, lists, watches and steps as
// organisations that are not parties.
func TestTheOtherSidesRequestsDoNotExist(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	name := h.acknowledged()
	for _, id := range []string{dpo, filehost} {
		_, err := h.requests(id).GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: name})
		wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		_, err = h.requests(id).ListStatements(ctx, &liaisonv1.ListStatementsRequest{Name: name})
		wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		if id == filehost {
			_, err = h.requests(id).GetAnswer(ctx, &liaisonv1.GetAnswerRequest{Name: name})
			wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		}
		_, err = h.requests(id).ListEvents(ctx, &liaisonv1.ListEventsRequest{Request: name})
		wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		stream := must(h.requests(id).WatchEvents(ctx, &liaisonv1.WatchEventsRequest{Request: name}))
		_, err = stream.Recv()
		wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		if n := len(must(h.requests(id).ListRequests(ctx, &liaisonv1.ListRequestsRequest{})).GetRequests()); n != 0 {
			t.Errorf("%s lists %d requests that are not its own", id, n)
		}
		if n := len(must(h.requests(id).ListEvents(ctx, &liaisonv1.ListEventsRequest{})).GetEvents()); n != 0 {
			t.Errorf("%s lists %d events that are not its own", id, n)
		}
	}
	_, err := h.authority(dpo).WithdrawRequest(ctx, &liaisonv1.WithdrawRequestRequest{
		Name: name, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "not mine"}},
	})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
	_, err = h.platform(filehost).AnswerRequest(ctx, &liaisonv1.AnswerRequestRequest{
		Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{notFound("1"), notFound("2")}}},
	})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
}
