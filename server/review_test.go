package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/calendar"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (h *hub) review(id string) liaisonv1.ReviewServiceClient {
	return liaisonv1.NewReviewServiceClient(h.dial(id))
}

func reviewed(s *liaisonv1.RequestSpec) { s.Reviewer = "oversight/commissioner" }

// underReview files a request that the commissioner reviews, and acknowledges it.
func (h *hub) underReview(change ...func(*liaisonv1.RequestSpec)) string {
	h.t.Helper()
	name := h.approved(append([]func(*liaisonv1.RequestSpec){reviewed}, change...)...)
	h.acknowledge(name)
	return name
}

func (h *hub) acknowledge(name string) {
	h.t.Helper()
	must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
}

func grounds(codes ...liaisonv1.GroundCode) []*liaisonv1.Ground {
	var all []*liaisonv1.Ground
	for _, code := range codes {
		all = append(all, &liaisonv1.Ground{Code: code, Explanation: "As it is."})
	}
	return all
}

const (
	press  = liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION
	excess = liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE
)

// disputed objects to a request and has the objection upheld; one on a ground that the
// parties may settle is also maintained.
func (h *hub) disputed(name string, code liaisonv1.GroundCode, selectors ...string) {
	h.t.Helper()
	ctx := h.t.Context()
	must(h.platform(agent).ObjectToRequest(ctx, &liaisonv1.ObjectToRequestRequest{Name: name, Form: &liaisonv1.ObjectToRequestRequest_Objection{Objection: &liaisonv1.Objection{Grounds: grounds(code), SelectorIds: selectors}}}))
	upheld := must(h.authority(officer).UpholdRequest(ctx, &liaisonv1.UpholdRequestRequest{Name: name, Form: &liaisonv1.UpholdRequestRequest_Upholding{Upholding: &liaisonv1.Upholding{Reason: "It is needed."}}}))
	if upheld.GetState() != inDispute {
		maintained := must(h.platform(agent).MaintainObjection(ctx, &liaisonv1.MaintainObjectionRequest{Name: name, Form: &liaisonv1.MaintainObjectionRequest_Maintenance{Maintenance: &liaisonv1.ObjectionMaintenance{Position: "It is not."}}}))
		if maintained.GetState() != inDispute {
			h.t.Fatalf("after the objection was maintained the request is %s", maintained.GetState())
		}
	}
}

const (
	inDispute       = liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE
	overruled       = liaisonv1.DecisionOutcome_DECISION_OUTCOME_OVERRULED
	sustained       = liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED
	sustainedInPart = liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED_IN_PART
)

func decision(outcome liaisonv1.DecisionOutcome, selectors ...string) *liaisonv1.DisputeDecision {
	return &liaisonv1.DisputeDecision{Outcome: outcome, SelectorIds: selectors, Reasons: "It was weighed."}
}

func ruled(d *liaisonv1.DisputeDecision) *liaisonv1.DisputeDecision {
	d.Ruling = &liaisonv1.CourtRuling{
		Court: "Court of Appeal", OrderNumber: "3/2026", IssueTime: timestamppb.New(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)),
		Document: &liaisonv1.Document{Sha256: strings.Repeat("a", 64), Title: "Ruling", MediaType: "application/pdf"},
	}
	return d
}

func withheld(selector string, code liaisonv1.GroundCode) *liaisonv1.Finding {
	return &liaisonv1.Finding{SelectorId: selector, Outcomes: []*liaisonv1.Outcome{{
		Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
		Code:     liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD, Ground: grounds(code)[0],
	}}}
}

func TestNothingIsHandedOverWhileTheReviewerMayObject(t *testing.T) {
	h := newHub(t)
	name := h.underReview()
	delivered := h.get(name)
	days := must(calendar.Every("Asia/Baghdad"))
	end := days.After(delivered.GetDeliveryTime().AsTime(), 10)
	clocks := delivered.GetClocks()
	if !clocks.GetReviewEndTime().AsTime().Equal(end) || clocks.GetStopTime() == nil {
		t.Fatalf("the reviewer has until %v, wanted %v; the clock of the answer stands since %v", clocks.GetReviewEndTime().AsTime(), end, clocks.GetStopTime())
	}
	err := h.answer(name, true, notFound("1"), notFound("2"))
	wantReason(t, err, codes.FailedPrecondition, "REVIEW_PENDING")
	if text := detail[*errdetails.PreconditionFailure](t, err).GetViolations()[0].GetDescription(); !strings.Contains(text, end.Format(time.RFC3339)) {
		t.Errorf("it does not say until when: %s", text)
	}
	// Everything else goes on, and time does not run against the platform.
	must(h.platform(agent).AskClarification(t.Context(), &liaisonv1.AskClarificationRequest{Name: name, Clarification: &liaisonv1.Clarification{Question: "Which?"}}))
	must(h.authority(officer).ReplyToClarification(t.Context(), &liaisonv1.ReplyToClarificationRequest{Name: name, Reply: &liaisonv1.ClarificationReply{Text: "Both."}}))
	h.advance(9 * 24 * time.Hour)
	wantReason(t, h.answer(name, true, notFound("1"), notFound("2")), codes.FailedPrecondition, "REVIEW_PENDING")
	h.advance(2 * 24 * time.Hour)
	h.becomes(name, "filed", "approved", "acknowledged", "clarification_asked", "clarification_replied", "review_lapsed")
	lapsed := h.get(name)
	if lapsed.GetReview() != liaisonv1.ReviewState_REVIEW_STATE_LAPSED || lapsed.GetClocks().GetReviewEndTime() != nil || lapsed.GetClocks().GetStopTime() != nil {
		t.Errorf("after its time the review is %s, with the clocks %v", lapsed.GetReview(), lapsed.GetClocks())
	}
	if due := lapsed.GetClocks().GetAnswerDueTime().AsTime(); !due.After(clocks.GetAnswerDueTime().AsTime().Add(9 * 24 * time.Hour)) {
		t.Errorf("the time to answer ran while nothing could be handed over: it is due at %v", due)
	}
	_, err = h.review(reviewer).ClearRequest(t.Context(), &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}})
	wantReason(t, err, codes.FailedPrecondition, "NOTHING_PENDING")
	if err := h.answer(name, true, notFound("1"), notFound("2")); err != nil {
		t.Errorf("after the review has lapsed: %v", err)
	}
	if got := h.types(reviewer, name); got != "approved acknowledged clarification_asked clarification_replied review_lapsed answered" {
		t.Errorf("the reviewer reads %s", got)
	}
	h.verify(officer)
	h.verify(agent)
	h.verify(reviewer)
}

func TestAReviewerHas96HoursInAnEmergency(t *testing.T) {
	h := newHub(t)
	filed := h.fileEvent(emergency, reviewed)
	name := filed.GetRequest()
	h.acknowledge(name)
	if got := h.get(name).GetClocks().GetReviewEndTime().AsTime().Sub(filed.GetCreateTime().AsTime()); got != 96*time.Hour {
		t.Errorf("the reviewer has %v", got)
	}
	must(h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}))
	h.advance(95 * time.Hour)
	wantReason(t, h.answer(name, true, notFound("1"), notFound("2")), codes.FailedPrecondition, "REVIEW_PENDING")
	h.advance(2 * time.Hour)
	h.becomes(name, "filed", "acknowledged", "emergency_validated", "review_lapsed")
}

func TestAReviewerClearsObjectsInPartAndRefuses(t *testing.T) {
	h := newHub(t)
	t.Run("clears", func(t *testing.T) {
		name := h.underReview()
		must(h.review(reviewer).ClearRequest(t.Context(), &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}}))
		if got := h.get(name).GetReview(); got != liaisonv1.ReviewState_REVIEW_STATE_CLEARED {
			t.Errorf("the review is %s", got)
		}
		if err := h.answer(name, true, notFound("1"), notFound("2")); err != nil {
			t.Error(err)
		}
	})
	t.Run("objects in part", func(t *testing.T) {
		name := h.underReview()
		must(h.review(reviewer).ObjectAsReviewer(t.Context(), &liaisonv1.ObjectAsReviewerRequest{
			Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(excess), SelectorIds: []string{"2"}}},
		}))
		if got := h.get(name).GetBarredSelectors(); !slices.Equal(got, []string{"2"}) {
			t.Fatalf("barred are %v", got)
		}
		wantReason(t, h.answer(name, true, notFound("1"), notFound("2")), codes.InvalidArgument, "SELECTOR_BARRED")
		if err := h.answer(name, true, notFound("1"), withheld("2", excess)); err != nil {
			t.Error(err)
		}
	})
	t.Run("of what is not there", func(t *testing.T) {
		_, err := h.review(reviewer).ObjectAsReviewer(t.Context(), &liaisonv1.ObjectAsReviewerRequest{
			Name: h.underReview(), Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(excess), SelectorIds: []string{"3"}}},
		})
		wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	})
	t.Run("refuses", func(t *testing.T) {
		name := h.underReview()
		out := must(h.review(reviewer).ObjectAsReviewer(t.Context(), &liaisonv1.ObjectAsReviewerRequest{
			Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(press)}},
		}))
		if out.GetState() != liaisonv1.RequestState_REQUEST_STATE_REFUSED || eventOf(out).GetReviewRefused() == nil {
			t.Errorf("the request is %s by %v", out.GetState(), eventOf(out))
		}
	})
}

// TestAReviewerSeesWhatNamesItAndNeverAnAnswer: what a body is not named in does not exist
// for it, nor does what is not before the platform yet.
func TestAReviewerSeesWhatNamesItAndNeverAnAnswer(t *testing.T) {
	h := newHub(t)
	mine, another, draft := h.underReview(), h.approved(), h.file(reviewed)
	get := func(id, name string) error {
		_, err := h.requests(id).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: name})
		return err
	}
	if err := get(reviewer, mine); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{another, draft} {
		wantReason(t, get(reviewer, name), codes.NotFound, "RESOURCE_NOT_FOUND")
		_, err := h.review(reviewer).ClearRequest(t.Context(), &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}})
		wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
	}
	listed := must(h.requests(reviewer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{
		Filter: &liaisonv1.RequestFilter{Counterparty: "platforms/messenger"},
	}))
	if len(listed.GetRequests()) != 1 || listed.GetRequests()[0].GetName() != mine {
		t.Errorf("the reviewer's list has %v", listed.GetRequests())
	}
	for _, id := range []string{reviewer, auditor} {
		_, err := h.requests(id).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: mine})
		wantReason(t, err, codes.PermissionDenied, "ROLE_NOT_ALLOWED")
	}
	for _, id := range []string{officer, agent, auditor} {
		_, err := h.review(id).ClearRequest(t.Context(), &liaisonv1.ClearRequestRequest{Name: mine, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}})
		wantReason(t, err, codes.PermissionDenied, "ROLE_NOT_ALLOWED")
	}
}

func TestAFilingNamesTheReviewerThatItsAuthorityNeeds(t *testing.T) {
	h := newHub(t)
	file := func(change ...func(*liaisonv1.RequestSpec)) error {
		_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(change...)}})
		return err
	}
	for _, name := range []string{"oversight/nobody", "oversight/commissioner-2"} {
		err := file(func(s *liaisonv1.RequestSpec) { s.Reviewer = name })
		wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	}
	client := h.directory(operator)
	authority := must(client.GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})).GetAuthority()
	authority.RequiredReviewer = "oversight/commissioner"
	must(client.UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: authority}}))
	err := file()
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	violation := detail[*errdetails.BadRequest](t, err).GetFieldViolations()[0]
	if violation.GetField() != "spec.reviewer" || !strings.Contains(violation.GetDescription(), "oversight/commissioner") {
		t.Errorf("the field and the remedy are not named: %v", violation)
	}
	if err := file(reviewed); err != nil {
		t.Error(err)
	}
	h.suspend("oversight/commissioner")
	wantReason(t, file(reviewed), codes.InvalidArgument, "FIELD_INVALID")
	entry := must(client.GetOversightBody(t.Context(), &liaisonv1.GetOversightBodyRequest{Name: "oversight/commissioner"})).GetOversightBody()
	if entry.GetOrganisation().GetState() != liaisonv1.ParticipantState_PARTICIPANT_STATE_SUSPENDED {
		t.Errorf("the body's entry is %v", entry)
	}
}

// TestADisputeWaitsForADecision plays each way out of a dispute.
func TestADisputeWaitsForADecision(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	for _, test := range []struct {
		name   string
		ground liaisonv1.GroundCode
		about  []string
		decide func(name string) (*liaisonv1.Recorded, error)
		state  liaisonv1.RequestState
		barred []string
	}{
		{"the reviewer overrules", excess, nil, func(name string) (*liaisonv1.Recorded, error) {
			return h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(overruled)}})
		}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, nil},
		{"the reviewer sustains in part", press, nil, func(name string) (*liaisonv1.Recorded, error) {
			return h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(sustainedInPart, "2")}})
		}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, []string{"2"}},
		{"the reviewer sustains", press, []string{"1"}, func(name string) (*liaisonv1.Recorded, error) {
			return h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(sustained)}})
		}, liaisonv1.RequestState_REQUEST_STATE_REFUSED, []string{"1", "2"}},
		{"the authority admits a court's decision", excess, nil, func(name string) (*liaisonv1.Recorded, error) {
			return h.authority(approver).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: ruled(decision(sustained))}})
		}, liaisonv1.RequestState_REQUEST_STATE_REFUSED, []string{"1", "2"}},
		{"the platform accepts a court's decision", press, nil, func(name string) (*liaisonv1.Recorded, error) {
			return h.platform(agent).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: ruled(decision(overruled))}})
		}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, nil},
		{"the authority narrows", press, []string{"1", "2"}, func(name string) (*liaisonv1.Recorded, error) {
			return h.authority(officer).AmendRequest(ctx, &liaisonv1.AmendRequestRequest{Name: name, Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
				Selectors: spec().Selectors[:1], Categories: spec().Categories,
			}}}})
		}, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, []string{"1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := h.underReview()
			must(h.review(reviewer).ClearRequest(ctx, &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}}))
			h.disputed(name, test.ground, test.about...)
			if clocks := h.get(name).GetClocks(); clocks.GetStopTime() == nil {
				t.Errorf("the clock of the answer runs in a dispute: %v", clocks)
			}
			wantReason(t, h.answer(name, true, notFound("1"), notFound("2")), codes.FailedPrecondition, "STATE_FORBIDS_STEP")
			_, err := h.authority(officer).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(sustained)}})
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID") // it has no ruling
			_, err = h.platform(agent).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: ruled(decision(sustained))}})
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID") // it went against the authority
			event, err := test.decide(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := h.get(name).GetBarredSelectors(); event.GetState() != test.state || !slices.Equal(got, test.barred) {
				t.Errorf("the request is %s, and barred are %v", event.GetState(), got)
			}
			if test.state != liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED {
				return
			}
			_, err = h.platform(agent).MaintainObjection(ctx, &liaisonv1.MaintainObjectionRequest{Name: name, Form: &liaisonv1.MaintainObjectionRequest_Maintenance{Maintenance: &liaisonv1.ObjectionMaintenance{Position: "Still."}}})
			wantReason(t, err, codes.FailedPrecondition, "NOTHING_PENDING")
		})
	}
}

// TestAProtectedSelectorIsBarredUntilADecision: what a platform withholds to protect somebody
// stays withheld, whatever the two parties do, until an independent body or a court lifts it.
func TestAProtectedSelectorIsBarredUntilADecision(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	name := h.underReview()
	must(h.review(reviewer).ClearRequest(ctx, &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}}))
	give := func(result liaisonv1.ScreeningResult, findings ...*liaisonv1.Finding) error {
		screening := &liaisonv1.Screening{Result: result}
		if result == liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN {
			screening.Professions = []liaisonv1.ProtectedProfession{liaisonv1.ProtectedProfession_PROTECTED_PROFESSION_JOURNALIST}
			screening.Explanation = "Who reported the leak."
		}
		_, err := h.platform(agent).AnswerRequest(ctx, &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Final: true, Screening: screening, Findings: findings}}})
		return err
	}
	known, none := liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN, liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN
	wantReason(t, give(known, notFound("1"), notFound("2")), codes.InvalidArgument, "FIELD_INVALID")
	wantReason(t, give(none, notFound("1"), withheld("2", press)), codes.InvalidArgument, "FIELD_INVALID")
	if err := give(known, notFound("1"), withheld("2", press)); err != nil {
		t.Fatal(err)
	}
	if got := h.get(name).GetBarredSelectors(); !slices.Equal(got, []string{"2"}) {
		t.Fatalf("barred are %v", got)
	}
	must(h.platform(agent).RecallAnswer(ctx, &liaisonv1.RecallAnswerRequest{Name: name, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: &liaisonv1.Recall{Parts: []int32{1}, Reason: "To give it anew."}}}))
	wantReason(t, give(none, notFound("1"), identified("2", "700100201", "+447700900201")), codes.InvalidArgument, "SELECTOR_BARRED")
	_, err := h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(sustainedInPart, "1")}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID") // nobody asks about it
	must(h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(overruled)}}))
	if err := give(none, notFound("1"), identified("2", "700100201", "+447700900201")); err != nil {
		t.Errorf("after the bar was lifted: %v", err)
	}
	_, err = h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(overruled)}})
	wantReason(t, err, codes.FailedPrecondition, "NOTHING_PENDING")
}

// TestAPlatformDoesNotLiftWhatTheReviewerBarred by its own word on a court's decision, neither
// as it is nor by way of a dispute about the same selector: the reviewer does.
func TestAPlatformDoesNotLiftWhatTheReviewerBarred(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	name := h.underReview()
	must(h.review(reviewer).ObjectAsReviewer(ctx, &liaisonv1.ObjectAsReviewerRequest{
		Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(press), SelectorIds: []string{"2"}}},
	}))
	accept := func() error {
		_, err := h.platform(agent).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: ruled(decision(overruled))}})
		return err
	}
	wantReason(t, accept(), codes.FailedPrecondition, "NOTHING_PENDING")
	h.disputed(name, press, "2")
	if err := accept(); err != nil { // which settles the platform's own objection
		t.Fatal(err)
	}
	found := []*liaisonv1.Finding{notFound("1"), identified("2", "700100201", "+447700900201")}
	wantReason(t, h.answer(name, true, found...), codes.InvalidArgument, "SELECTOR_BARRED")
	must(h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(overruled)}}))
	if err := h.answer(name, true, found...); err != nil {
		t.Errorf("after the reviewer has decided: %v", err)
	}
}

// TestTakingThePlatformAtItsWordBarsNothing: about the smaller request that it proposes, a
// platform raises no ground.
func TestTakingThePlatformAtItsWordBarsNothing(t *testing.T) {
	h := newHub(t)
	ctx := t.Context()
	smaller := &liaisonv1.Narrowing{Selectors: spec().Selectors[:1], Categories: spec().Categories}
	for _, test := range []struct {
		name     string
		proposal *liaisonv1.Narrowing
		barred   []string
	}{
		{"as proposed", smaller, nil},
		{"without a proposal", nil, []string{"1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := h.acknowledged()
			must(h.platform(agent).ObjectToRequest(ctx, &liaisonv1.ObjectToRequestRequest{Name: name, Form: &liaisonv1.ObjectToRequestRequest_Objection{Objection: &liaisonv1.Objection{Grounds: grounds(press), Proposal: test.proposal}}}))
			must(h.authority(officer).AmendRequest(ctx, &liaisonv1.AmendRequestRequest{Name: name, Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: proto.CloneOf(smaller)}}}))
			if got := h.get(name).GetBarredSelectors(); !slices.Equal(got, test.barred) {
				t.Errorf("barred are %v, wanted %v", got, test.barred)
			}
		})
	}
}

// TestADisputeDoesNotKeepAnEmergency: nobody validated it, and it lapses like any other.
func TestADisputeDoesNotKeepAnEmergency(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	h.disputed(name, press)
	h.advance(49 * time.Hour)
	h.becomes(name, "filed", "acknowledged", "objected", "upheld", "lapsed")
}
