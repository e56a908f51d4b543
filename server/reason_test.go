package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// reasons has one way to meet each reason of the contract against a running hub.
var reasons = map[liaisonv1.Reason]struct {
	code    codes.Code
	provoke func(t *testing.T, h *hub) error
}{
	liaisonv1.Reason_REASON_FIELD_INVALID: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{
			Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(func(s *liaisonv1.RequestSpec) { s.Selectors[1].Necessity = "" })},
		})
		fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations()
		if len(fields) != 1 || fields[0].GetField() != "spec.selectors[1].necessity" {
			t.Errorf("the field is not named: %v", fields)
		}
		return err
	}},
	liaisonv1.Reason_REASON_LEDGER_BEHIND: {codes.Unavailable, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{
			Call: &liaisonv1.Call{KnownSize: 1_000_000}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()},
		})
		return err
	}},
	liaisonv1.Reason_REASON_PAGE_TOKEN_INVALID: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		_, err := h.requests(officer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{PageToken: "AAAA"})
		return err
	}},
	liaisonv1.Reason_REASON_CALL_ID_REUSED: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		call := &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}
		must(h.authority(officer).FileRequest(t.Context(), call))
		call.GetSpec().Necessity += " More."
		_, err := h.authority(officer).FileRequest(t.Context(), call)
		return err
	}},
	liaisonv1.Reason_REASON_SIGNATURE_REQUIRED: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		h.requireSignatures()
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
		return err
	}},
	liaisonv1.Reason_REASON_SEALING_REQUIRED: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		h.requireSealing(liaisonv1.SealingPolicy_SEALING_POLICY_REQUIRED)
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
		return err
	}},
	liaisonv1.Reason_REASON_SIGNATURE_INVALID: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		call := h.filing()
		call.GetSigned().Payload[7] ^= 1
		_, err := h.authority(officer).FileRequest(t.Context(), call)
		return err
	}},
	liaisonv1.Reason_REASON_STATEMENT_MISMATCH: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).FileRequest(t.Context(), h.filing(func(s *liaisonv1.Statement) { s.Hub = "other.example" }))
		if fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations(); len(fields) != 1 || fields[0].GetField() != "signed.payload.hub" {
			t.Errorf("the field is not named: %v", fields)
		}
		return err
	}},
	liaisonv1.Reason_REASON_REQUEST_EXISTS: {codes.AlreadyExists, func(t *testing.T, h *hub) error {
		call := h.filing()
		must(h.authority(officer).FileRequest(t.Context(), call))
		_, err := h.authority(officer).FileRequest(t.Context(), call)
		return err
	}},
	liaisonv1.Reason_REASON_ANSWER_ENCODING: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		_, recipient, err := sealed.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		name, _ := h.acknowledgedFor(recipient)
		return h.answer(name, true, notFound("1"), notFound("2"))
	}},
	liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(func(s *liaisonv1.RequestSpec) {
			s.Selectors[0].Target = &liaisonv1.Selector_Phone{Phone: &liaisonv1.PhoneSelector{Number: "+447700900200"}}
		})}})
		return err
	}},
	liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		return h.answer(h.acknowledged(), true, notFound("1"), notFound("2"), notFound("3"))
	}},
	liaisonv1.Reason_REASON_ANSWER_INCOMPLETE: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		return h.answer(h.acknowledged(), true, notFound("1"))
	}},
	liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		name := h.acknowledged()
		if err := h.answer(name, false, notFound("1")); err != nil {
			t.Fatal(err)
		}
		return h.answer(name, false, identified("1", "700100200", "+447700900200"))
	}},
	liaisonv1.Reason_REASON_AMENDMENT_WIDENS: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).AmendRequest(t.Context(), &liaisonv1.AmendRequestRequest{
			Name: h.acknowledged(), Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
				Selectors:  []*liaisonv1.Selector{selector("1", "700100999")},
				Categories: spec().GetCategories(),
			}}},
		})
		return err
	}},
	liaisonv1.Reason_REASON_CERTIFICATE_REFUSED: {codes.Unauthenticated, func(t *testing.T, h *hub) error {
		client := h.requests(agent)
		must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
		ca := h.cas["messenger.example"]
		overdue := must(ca.RevocationListAt(nil, 1, time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour), time.Now()))
		h.updateLists("platforms/messenger", string(pki.RevocationListPEM(overdue)))
		_, err := client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
		return err
	}},
	liaisonv1.Reason_REASON_PARTICIPANT_SUSPENDED: {codes.PermissionDenied, func(t *testing.T, h *hub) error {
		client := h.requests(agent)
		must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
		h.suspend("platforms/messenger")
		_, err := client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
		return err
	}},
	liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED: {codes.PermissionDenied, func(t *testing.T, h *hub) error {
		_, err := h.requests(auditor).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: h.file()})
		return err
	}},
	liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND: {codes.NotFound, func(t *testing.T, h *hub) error {
		_, err := h.requests(officer).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: "requests/0199a000-0000-7000-8000-000000000000"})
		info := detail[*errdetails.ResourceInfo](t, err)
		if info.GetResourceType() != "liaison.v1.Request" || info.GetResourceName() == "" {
			t.Errorf("the resource is not named: %v", info)
		}
		return err
	}},
	liaisonv1.Reason_REASON_COUNTERPARTY_SUSPENDED: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		filed := h.fileEvent()
		h.suspend("platforms/messenger")
		_, err := h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
		return err
	}},
	liaisonv1.Reason_REASON_STATE_FORBIDS_STEP: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).ConfirmReceipt(t.Context(), &liaisonv1.ConfirmReceiptRequest{Name: h.acknowledged(), Confirmation: &liaisonv1.ReceiptConfirmation{}})
		broken := detail[*errdetails.PreconditionFailure](t, err).GetViolations()
		if len(broken) != 1 || broken[0].GetSubject() != "ACKNOWLEDGED" {
			t.Errorf("the state is not told: %v", broken)
		}
		return err
	}},
	liaisonv1.Reason_REASON_SAME_PERSON: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		filed := h.fileEvent()
		_, err := h.authority("moc.example/approver/amal.hassan").ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{
			Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}},
		})
		return err
	}},
	liaisonv1.Reason_REASON_KIND_FORBIDS_STEP: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		_, err := h.platform(agent).ConfirmPreservation(t.Context(), &liaisonv1.ConfirmPreservationRequest{Name: h.acknowledged(), Form: &liaisonv1.ConfirmPreservationRequest_Confirmation{Confirmation: &liaisonv1.PreservationConfirmation{}}})
		return err
	}},
	liaisonv1.Reason_REASON_STEP_ALREADY_DONE: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		call := &liaisonv1.ValidateEmergencyRequest{Name: h.acknowledged(), Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}
		must(h.authority(approver).ValidateEmergency(t.Context(), call))
		_, err := h.authority(approver).ValidateEmergency(t.Context(), call)
		return err
	}},
	liaisonv1.Reason_REASON_ALREADY_ANSWERED_IN_PART: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		name := h.acknowledged()
		if err := h.answer(name, false, notFound("1")); err != nil {
			t.Fatal(err)
		}
		must(h.platform(agent).AskClarification(t.Context(), &liaisonv1.AskClarificationRequest{
			Name: name, Clarification: &liaisonv1.Clarification{Question: "And the other?"},
		}))
		_, err := h.platform(agent).RefuseRequest(t.Context(), &liaisonv1.RefuseRequestRequest{Name: name, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal()}})
		return err
	}},
	liaisonv1.Reason_REASON_NOT_AN_EMERGENCY: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		filed := h.fileEvent()
		client := h.authority(approver)
		must(client.ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
		_, err := client.ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: filed.GetRequest(), Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}})
		return err
	}},
	liaisonv1.Reason_REASON_ETAG_MISMATCH: {codes.Aborted, func(t *testing.T, h *hub) error {
		filed := h.fileEvent()
		client := h.authority(officer)
		must(client.AmendRequest(t.Context(), &liaisonv1.AmendRequestRequest{
			Name: filed.GetRequest(), Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
				Selectors: spec().GetSelectors()[:1], Categories: spec().GetCategories(),
			}}},
		}))
		_, err := h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
		return err
	}},
	liaisonv1.Reason_REASON_PARTICIPANT_EXISTS: {codes.AlreadyExists, func(t *testing.T, h *hub) error {
		_, err := h.directory(operator).RegisterParticipant(t.Context(), h.entry("dpo.example", "authorities/other"))
		return err
	}},
	liaisonv1.Reason_REASON_RATE_LIMITED: {codes.ResourceExhausted, func(t *testing.T, h *hub) error {
		client := h.requests(agent)
		for range 100 {
			if _, err := client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}); err != nil {
				if detail[*errdetails.RetryInfo](t, err).GetRetryDelay().AsDuration() <= 0 {
					t.Error("no pause is named")
				}
				detail[*errdetails.QuotaFailure](t, err)
				must(h.requests(filehost).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})) // another's calls go on
				return err
			}
		}
		return nil
	}},
	liaisonv1.Reason_REASON_TOO_MANY_STREAMS: {codes.ResourceExhausted, func(t *testing.T, h *hub) error {
		h.watchFrom(agent, 0)
		s := must(h.requests(agent).WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{}))
		_, err := s.Recv()
		return err
	}},
	liaisonv1.Reason_REASON_METHOD_UNKNOWN: {codes.Unimplemented, func(t *testing.T, h *hub) error {
		return h.dial(officer).Invoke(t.Context(), "/liaison.v1.AuthorityService/Subpoena",
			&liaisonv1.GetRequestRequest{}, &liaisonv1.GetRequestResponse{})
	}},
	liaisonv1.Reason_REASON_HUB_STOPPING: {codes.Unavailable, func(t *testing.T, h *hub) error {
		s, _ := h.watchFrom(agent, 0)
		go h.server.Stop(context.WithoutCancel(t.Context()))
		_, err := s.Recv()
		return err
	}},
	liaisonv1.Reason_REASON_ATTACHMENT_INCOMPLETE: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		f := newFile([]byte("sealed"))
		_, err := h.download(agent, f.of(h.file(emergency, listing(f))), 0)
		return err
	}},
	liaisonv1.Reason_REASON_NOTHING_PENDING: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		_, err := h.authority(officer).GrantMoreTime(t.Context(), &liaisonv1.GrantMoreTimeRequest{Name: h.acknowledged(), Grant: &liaisonv1.MoreTimeGrant{}})
		return err
	}},
	liaisonv1.Reason_REASON_PERIOD_NOT_OVER: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		_, err := h.statistics(operator).GetTransparencyReport(t.Context(), &liaisonv1.GetTransparencyReportRequest{Period: h.now().UTC().Format("2006")})
		return err
	}},
	liaisonv1.Reason_REASON_OUTSIDE_POLICY: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.MaxSelectors = 1 })
		return h.tryFiling(officer)
	}},
	liaisonv1.Reason_REASON_QUOTA_EXCEEDED: {codes.ResourceExhausted, func(t *testing.T, h *hub) error {
		h.atNoon()
		h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.RequestsPerDay = 1 })
		h.file()
		return h.tryFiling(officer)
	}},
	liaisonv1.Reason_REASON_APPROVAL_LEVEL_TOO_LOW: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		filed := h.fileEvent()
		_, err := h.authority("moc.example/approver/somebody").ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
		return err
	}},
	liaisonv1.Reason_REASON_ARCHIVE_UNAVAILABLE: {codes.Unavailable, func(t *testing.T, h *hub) error {
		h.serveOver(t, away{h.store})
		_, err := h.requests(officer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
		return err
	}},
	liaisonv1.Reason_REASON_DEADLINE_EXCEEDED: {codes.DeadlineExceeded, func(t *testing.T, h *hub) error {
		client := h.authority(officer)
		release := h.holdUp()
		defer release()
		_, err := client.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
		return err
	}},
	liaisonv1.Reason_REASON_INTERNAL_FAULT: {codes.Internal, func(t *testing.T, h *hub) error {
		client := h.requests(officer)
		must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
		h.store.Close() // the disk is gone
		_, err := client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
		return err
	}},
	liaisonv1.Reason_REASON_REVIEW_PENDING: {codes.FailedPrecondition, func(t *testing.T, h *hub) error {
		return h.answer(h.underReview(), true, notFound("1"), notFound("2"))
	}},
	liaisonv1.Reason_REASON_SELECTOR_BARRED: {codes.InvalidArgument, func(t *testing.T, h *hub) error {
		name := h.underReview()
		must(h.review(reviewer).ObjectAsReviewer(t.Context(), &liaisonv1.ObjectAsReviewerRequest{
			Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(press), SelectorIds: []string{"2"}}},
		}))
		return h.answer(name, true, notFound("1"), notFound("2"))
	}},
}

// TestEveryReasonIsMet provokes each reason of the contract, and fails if one was
// added that nobody can meet.
func TestEveryReasonIsMet(t *testing.T) {
	values := liaisonv1.Reason_REASON_UNSPECIFIED.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		reason := liaisonv1.Reason(values.Get(i).Number())
		word := string(values.Get(i).Name())[len("REASON_"):]
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			if reason == liaisonv1.Reason_REASON_CANCELLED {
				return // see TestACancelledCallIsLoggedAsSuch
			}
			way, ok := reasons[reason]
			if !ok {
				t.Fatal("no way is known to meet this reason")
			}
			limits := server.Limits{}
			switch reason {
			case liaisonv1.Reason_REASON_RATE_LIMITED:
				limits = server.Limits{CallsPerSecond: 0.01, CallBurst: 5}
			case liaisonv1.Reason_REASON_TOO_MANY_STREAMS:
				limits = server.Limits{StreamsPerOrganisation: 1}
			case liaisonv1.Reason_REASON_DEADLINE_EXCEEDED:
				limits = server.Limits{CallDuration: 200 * time.Millisecond}
			}
			h := newHub(t, limits)
			wantReason(t, way.provoke(t, h), way.code, word)
		})
	}
}

// holdUp keeps the archive from taking anything until release is called.
func (h *hub) holdUp() (release func()) {
	h.t.Helper()
	held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- h.store.Write(context.Background(), func(store.Tx) error {
			close(held)
			<-free
			return errors.New("nothing is written")
		})
	}()
	<-held
	return func() {
		close(free)
		<-done
	}
}

// TestACancelledCallIsLoggedAsSuch: a caller that gives up never reads how the hub
// ended its call, so that CANCELLED is met in the hub's log alone.
func TestACancelledCallIsLoggedAsSuch(t *testing.T) {
	h := newHub(t)
	client := h.authority(officer)
	must(client.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}))
	release := h.holdUp()
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.FileRequest(ctx, &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
	if status.Code(err) != codes.DeadlineExceeded {
		t.Fatalf("the call did not wait: %v", err)
	}
	eventually(t, "the hub logs that the call ended", func() bool {
		log := h.log.String()
		return strings.Contains(log, "grpc.code=Canceled") || strings.Contains(log, "grpc.code=DeadlineExceeded")
	})
}

func (h *hub) answer(name string, final bool, findings ...*liaisonv1.Finding) error {
	h.t.Helper()
	_, err := h.platform(agent).AnswerRequest(h.t.Context(), &liaisonv1.AnswerRequestRequest{
		Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Screening: noneProtected, Final: final, Findings: findings}},
	})
	return err
}

func (h *hub) suspend(name string) {
	h.t.Helper()
	must(h.directory(operator).SuspendParticipant(h.t.Context(), &liaisonv1.SuspendParticipantRequest{Name: name, Reason: "a test"}))
}

// updateLists gives a platform's entry new revocation lists.
func (h *hub) updateLists(name, lists string) {
	h.t.Helper()
	client := h.directory(operator)
	platform := must(client.GetPlatform(h.t.Context(), &liaisonv1.GetPlatformRequest{Name: name})).GetPlatform()
	platform.Organisation.RevocationLists = lists
	must(client.UpdateParticipant(h.t.Context(), &liaisonv1.UpdateParticipantRequest{
		Participant: &liaisonv1.UpdateParticipantRequest_Platform{Platform: platform},
	}))
}

func refusal() *liaisonv1.Refusal {
	return &liaisonv1.Refusal{Grounds: []*liaisonv1.Ground{{
		Code: liaisonv1.GroundCode_GROUND_CODE_SERVICE_NOT_COVERED, Explanation: "Another service.",
	}}}
}

func TestErrorsAreToldInTheCallersLanguage(t *testing.T) {
	h := newHub(t)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "accept-language", "ckb")
	_, err := h.requests(officer).GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: "requests/0199a000-0000-7000-8000-000000000000"})
	if locale := detail[*errdetails.LocalizedMessage](t, err).GetLocale(); locale != "ckb" {
		t.Errorf("told in %q", locale)
	}
}

func TestABrokenRuleIsToldInTheCallersLanguage(t *testing.T) {
	h := newHub(t)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "accept-language", "ckb")
	_, err := h.requests(officer).GetRequest(ctx, &liaisonv1.GetRequestRequest{})
	fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations()
	if got := fields[0].GetLocalizedMessage(); got.GetLocale() != "ckb" || got.GetMessage() != "ئەم خانەیە پێویستە" {
		t.Errorf("%s: told as %v", fields[0].GetField(), got)
	}
}

func TestABrokenRuleNeverQuotesWhatWasSent(t *testing.T) {
	h := newHub(t)
	const secret = "Karim of 12 Rose Lane"
	_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(func(s *liaisonv1.RequestSpec) {
		s.Reference = secret + "\x07"
		s.Selectors[0].Target = &liaisonv1.Selector_Phone{Phone: &liaisonv1.PhoneSelector{Number: secret}}
		s.LegalBasis.Country = secret
		s.LegalBasis.ExpireTime = timestamppb.New(time.Unix(0, 0))
	})}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	whole := status.Convert(err).Proto().String() + h.log.String()
	for _, part := range []string{"Karim", "Rose Lane"} {
		if strings.Contains(whole, part) {
			t.Errorf("the error or the log quotes what was sent")
		}
	}
}
