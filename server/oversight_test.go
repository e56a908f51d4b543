package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// shown is how one request was conducted, as the auditor is shown it.
func (h *hub) shown(name string) *liaisonv1.RequestMetadata {
	h.t.Helper()
	return must(h.oversight(auditor).GetRequestMetadata(h.t.Context(), &liaisonv1.GetRequestMetadataRequest{Name: name})).GetRequest()
}

// TestAnAuditorIsShownHowARequestWasConducted, and nothing that says whom it is about.
func TestAnAuditorIsShownHowARequestWasConducted(t *testing.T) {
	h := newHub(t)
	name := h.file(emergency, func(s *liaisonv1.RequestSpec) {
		s.Confidentiality = &liaisonv1.Confidentiality{Telling: &liaisonv1.Confidentiality_Silence{Silence: &liaisonv1.Silence{Reason: "The rest is at stake.", LegalBasis: "article 12", Approver: "the judge", EndTime: timestamppb.New(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))}}}
	})
	h.advance(time.Hour)
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{PlatformReference: "MSG-77"}}))
	must(h.platform(agent).ObjectToRequest(t.Context(), &liaisonv1.ObjectToRequestRequest{Name: name, Form: &liaisonv1.ObjectToRequestRequest_Objection{Objection: &liaisonv1.Objection{
		Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Explanation: "Account 700100200 is ours."}},
	}}}))
	h.advance(time.Hour)
	must(h.authority(officer).UpholdRequest(t.Context(), &liaisonv1.UpholdRequestRequest{Name: name, Form: &liaisonv1.UpholdRequestRequest_Upholding{Upholding: &liaisonv1.Upholding{Reason: "It is not."}}}))
	withheld := &liaisonv1.Finding{SelectorId: "2", Outcomes: []*liaisonv1.Outcome{{
		Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD,
		Ground: &liaisonv1.Ground{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION, Explanation: "A journalist."},
	}}}
	must(h.platform(agent).AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{
		Screening: noneProtected, Findings: []*liaisonv1.Finding{identified("1", "700100200", "+447700900123")},
	}}}))
	must(h.platform(agent).RecallAnswer(t.Context(), &liaisonv1.RecallAnswerRequest{Name: name, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: &liaisonv1.Recall{Parts: []int32{1}, Reason: "Another account."}}}))
	must(h.platform(agent).AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{
		Final: true, Findings: []*liaisonv1.Finding{identified("1", "700100201", "+447700900124"), withheld},
		Screening: &liaisonv1.Screening{
			Result:      liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN,
			Professions: []liaisonv1.ProtectedProfession{liaisonv1.ProtectedProfession_PROTECTED_PROFESSION_JOURNALIST}, Explanation: "A journalist.",
		},
	}}}))
	must(h.authority(officer).OpenAnswer(t.Context(), &liaisonv1.OpenAnswerRequest{Name: name, Form: &liaisonv1.OpenAnswerRequest_Opening{Opening: &liaisonv1.Opening{Part: 2}}}))
	must(h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}))

	got := h.shown(name)
	const identity = liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY
	want := &liaisonv1.RequestMetadata{
		Name: name, Authority: "authorities/moc", Platform: "platforms/messenger",
		Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
		State: liaisonv1.RequestState_REQUEST_STATE_ANSWERED, Threat: liaisonv1.ThreatKind_THREAT_KIND_LIFE,
		Categories: []liaisonv1.DataCategory{identity},
		Selectors:  []*liaisonv1.SelectorCount{{Type: liaisonv1.SelectorType_SELECTOR_TYPE_ACCOUNT, Count: 2}},
		LegalBasis: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, Country: "IQ",
		ApproverLevel: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE, Screening: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN,
		AnswerParts: 2, RecalledParts: 1, RecallUnconfirmed: true, RecallUndeleted: true, Openings: 1, Upholdings: 1, Accesses: 1,
		Outcomes: []*liaisonv1.OutcomeCount{
			{Category: identity, Outcome: liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED, Count: 1, Parties: 1},
			{Category: identity, Outcome: liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD, Count: 1},
		},
		BarredSelectors: 1, PlatformScreening: liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN,
		Grounds: []*liaisonv1.GroundCount{
			{Use: liaisonv1.GroundUse_GROUND_USE_OBJECTION, Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Count: 1},
			{Use: liaisonv1.GroundUse_GROUND_USE_WITHHELD, Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION, Count: 1},
		},
		ConfidentialUntil: timestamppb.New(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)),
	}
	minutes := func(d *durationpb.Duration) time.Duration { return d.AsDuration().Round(time.Minute) }
	if a, b, c := minutes(got.GetAcknowledgedAfter()), minutes(got.GetAnsweredAfter()), minutes(got.GetStoppedFor()); a != time.Hour || b != 2*time.Hour || c != time.Hour {
		t.Errorf("acknowledged after %v, answered after %v, stopped for %v", a, b, c)
	}
	if got.GetValidationTime() == nil || got.GetAnswerTime() == nil || got.GetOverTime() != nil || got.GetClocks().GetNoticeTime() == nil {
		t.Errorf("its times are %v", got)
	}
	if access := got.GetAccess(); access.GetType() != "audited" || access.GetRole() != liaisonv1.Role_ROLE_AUDITOR || len(access.GetLeafHash()) != tlog.HashSize {
		t.Errorf("the access is %v", access)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(), protocmp.IgnoreFields(got, "access", "clocks", "create_time", "delivery_time",
		"acknowledge_time", "answer_time", "validation_time", "acknowledged_after", "answered_after", "stopped_for")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	// Whatever people wrote or were called is nowhere in any of the three.
	listed := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{}))
	events := must(h.oversight(auditor).ListEventMetadata(t.Context(), &liaisonv1.ListEventMetadataRequest{Request: name}))
	for _, m := range []proto.Message{got, listed, events} {
		text := protojson.Format(m)
		for _, secret := range []string{"700100", "4477009", "MOC-2026", "88/2026", "MSG-77", "نشر", "amal", "karim", "worker", "ournalist", "Act", "Court", "upload", "article 12", "stake"} {
			if strings.Contains(text, secret) {
				t.Errorf("%T shows %q", m, secret)
			}
		}
	}
	_, err := h.requests(auditor).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name})
	wantReason(t, err, codes.PermissionDenied, "ROLE_NOT_ALLOWED")
}

// TestEachAccessIsOnRecordAndDisturbsNobody: both parties see it, and nothing that they have
// read, or that is due, is another afterwards.
func TestEachAccessIsOnRecordAndDisturbsNobody(t *testing.T) {
	h := newHub(t)
	name := h.approved()
	before := h.get(name)
	h.advance(time.Hour)
	h.shown(name)
	must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{}))
	must(h.oversight(auditor).ListEventMetadata(t.Context(), &liaisonv1.ListEventMetadataRequest{Request: name}))
	h.becomes(name, "filed", "approved", "audited", "audited", "audited")
	if diff := cmp.Diff(before, h.get(name), protocmp.Transform()); diff != "" {
		t.Errorf("that somebody looked has changed the request:\n%s", diff)
	}
	var scopes []liaisonv1.AuditScope
	for _, e := range must(h.requests(agent).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name})).GetEvents() {
		if e.GetAudited() != nil {
			scopes = append(scopes, e.GetAudited().GetScope())
			if e.GetActor() != "spiffe://"+auditor || e.GetAudited().GetBody() != "oversight/commissioner" {
				t.Errorf("it was %s of %s", e.GetActor(), e.GetAudited().GetBody())
			}
		}
	}
	if want := []liaisonv1.AuditScope{liaisonv1.AuditScope_AUDIT_SCOPE_REQUEST, liaisonv1.AuditScope_AUDIT_SCOPE_LIST, liaisonv1.AuditScope_AUDIT_SCOPE_EVENTS}; !slices.Equal(scopes, want) {
		t.Errorf("the platform sees %v", scopes)
	}
	// What was read before is still what is there.
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Call: &liaisonv1.Call{IfMatch: before.GetEtag()}, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	h.advance(24 * 12 * time.Hour)
	h.becomes(name, "filed", "approved", "audited", "audited", "audited", "acknowledged", "deadline_missed")
}

// TestAnAccessPostponesNoPurge, and what was purged is not shown any more.
func TestAnAccessPostponesNoPurge(t *testing.T) {
	h := newHub(t)
	h.retention = 30 * 24 * time.Hour
	h.restart()
	name := h.approved()
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: name, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}}))
	h.advance(29 * 24 * time.Hour)
	if over := h.shown(name); over.GetOverTime() == nil || over.GetState() != liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN {
		t.Errorf("it is %v", over)
	}
	h.advance(25 * time.Hour)
	h.restart()
	eventually(t, "it is purged", func() bool { return h.get(name).GetState() == liaisonv1.RequestState_REQUEST_STATE_PURGED })
	_, err := h.oversight(auditor).GetRequestMetadata(t.Context(), &liaisonv1.GetRequestMetadataRequest{Name: name})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
	if listed := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{})).GetRequests(); len(listed) != 0 {
		t.Errorf("%d requests are listed", len(listed))
	}
}

// TestWhatAnAuditorMayNotSeeDoesNotExist, and asking for it leaves nothing.
func TestWhatAnAuditorMayNotSeeDoesNotExist(t *testing.T) {
	h := newHub(t)
	waiting := h.file()
	rejected := h.file()
	must(h.authority(approver).RejectRequest(t.Context(), &liaisonv1.RejectRequestRequest{Name: rejected, Rejection: &liaisonv1.Rejection{Reason: "no"}}))
	others := must(h.authority(dpo).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}})).GetRequest()
	head := must(h.store.Head(t.Context())).Seq
	for _, hidden := range []struct{ what, name string }{
		{"a request that waits for its approval", waiting},
		{"one that never came before the platform", rejected},
		{"one between two whom the body does not oversee", others},
		{"one that is not there", "requests/0192f0c1-0000-7000-8000-000000000000"},
	} {
		t.Run(hidden.what, func(t *testing.T) {
			_, err := h.oversight(auditor).GetRequestMetadata(t.Context(), &liaisonv1.GetRequestMetadataRequest{Name: hidden.name})
			wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
			_, err = h.oversight(auditor).ListEventMetadata(t.Context(), &liaisonv1.ListEventMetadataRequest{Request: hidden.name})
			wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
		})
	}
	if listed := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{})).GetRequests(); len(listed) != 0 {
		t.Errorf("%d requests are listed", len(listed))
	}
	// Nor is there a page to go on with that would count them.
	for _, filter := range []*liaisonv1.OversightFilter{nil, {States: []liaisonv1.RequestState{liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL}}} {
		if out := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{Filter: filter, PageSize: 1})); out.GetNextPageToken() != "" {
			t.Errorf("there is another page of %v", filter)
		}
	}
	if now := must(h.store.Head(t.Context())).Seq; now != head {
		t.Errorf("it has left %d events", now-head)
	}

	visible := h.approved()
	h.shown(visible)
	h.oversees() // nobody any more
	_, err := h.oversight(auditor).GetRequestMetadata(t.Context(), &liaisonv1.GetRequestMetadataRequest{Name: visible})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
	h.oversees("platforms/messenger") // by the other party
	if got := h.shown(others); got.GetAuthority() != "authorities/dpo" {
		t.Errorf("it is %v", got)
	}
}

// oversees changes whom the commissioner oversees.
func (h *hub) oversees(names ...string) {
	h.t.Helper()
	entry := h.entry("commissioner.example", "oversight/commissioner")
	body := entry.GetOversightBody()
	body.Oversees = names
	for version := 1; ; version++ { // nobody reads an oversight body's entry over the contract
		body.Organisation.Etag = fmt.Sprint(version)
		if _, err := h.directory(operator).UpdateParticipant(h.t.Context(), &liaisonv1.UpdateParticipantRequest{
			Participant: &liaisonv1.UpdateParticipantRequest_OversightBody{OversightBody: body},
		}); err == nil || version > 9 {
			if err != nil {
				h.t.Fatal(err)
			}
			return
		}
	}
}

// TestAListIsShownPageByPage: in the order of filing, of either party once, and each request
// that is shown is on record, and no other.
func TestAListIsShownPageByPage(t *testing.T) {
	h := newHub(t)
	h.oversees("authorities/moc", "authorities/dpo", "platforms/messenger")
	var want []string
	for i := range 7 {
		if i == 3 {
			h.file() // nobody outside knows of it
		}
		want = append(want, h.approved())
	}
	theirs := must(h.authority(dpo).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}})).GetRequest()
	list := func(filter *liaisonv1.OversightFilter, size int32) (names []string) {
		t.Helper()
		in := &liaisonv1.ListRequestMetadataRequest{Filter: filter, PageSize: size}
		for {
			out := must(h.oversight(auditor).ListRequestMetadata(t.Context(), in))
			for _, m := range out.GetRequests() {
				names = append(names, m.GetName())
			}
			if in.PageToken = out.GetNextPageToken(); in.PageToken == "" {
				return names
			}
		}
	}
	if got := list(nil, 2); !slices.Equal(got, append(slices.Clone(want), theirs)) {
		t.Errorf("it lists %v", got)
	}
	h.becomes(want[0], "filed", "approved", "audited")
	if got := list(&liaisonv1.OversightFilter{Authority: "authorities/dpo"}, 1); !slices.Equal(got, []string{theirs}) {
		t.Errorf("of one authority it lists %v", got)
	}
	if got := list(&liaisonv1.OversightFilter{Platform: "platforms/filehost"}, 1); len(got) != 0 {
		t.Errorf("of another platform it lists %v", got)
	}
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: want[4], Acknowledgement: &liaisonv1.Acknowledgement{}}))
	if got := list(&liaisonv1.OversightFilter{States: []liaisonv1.RequestState{liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED}}, 0); !slices.Equal(got, want[4:5]) {
		t.Errorf("of one state it lists %v", got)
	}
	h.becomes(want[0], "filed", "approved", "audited") // what was not shown is not on record

	first := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{PageSize: 1}))
	_, err := h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{
		Filter: &liaisonv1.OversightFilter{Authority: "authorities/moc"}, PageToken: first.GetNextPageToken(),
	})
	wantReason(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
}

// TestEventsAreProvedWithoutWhatTheySay: each is a leaf of the ledger at its place, as the
// party that has the leaf can show.
func TestEventsAreProvedWithoutWhatTheySay(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	_, public, err := ledger.ParseSigner(ledgerSecret)
	if err != nil {
		t.Fatal(err)
	}
	verifier := must(ledger.ParseVerifier(public))
	var shown []*liaisonv1.EventMetadata
	in := &liaisonv1.ListEventMetadataRequest{Request: name, PageSize: 1}
	for more := true; more; {
		out := must(h.oversight(auditor).ListEventMetadata(t.Context(), in))
		checkpoint := must(ledger.OpenCheckpoint([]byte(out.GetCheckpoint()), verifier))
		for _, e := range out.GetEvents() {
			if err := ledger.CheckInclusion(checkpoint, e.GetSequence(), tlog.Hash(e.GetLeafHash()), must(ledger.ProofFrom(e.GetInclusionProof()))); err != nil {
				t.Errorf("event %d: %v", e.GetSequence(), err)
			}
			in.AfterSequence = e.GetSequence()
		}
		shown, more = append(shown, out.GetEvents()...), out.GetMore()
	}
	theirs := must(h.requests(officer).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name, View: liaisonv1.EventView_EVENT_VIEW_RECORDS}))
	if len(shown) < 3 || len(shown) > len(theirs.GetReceipts()) {
		t.Fatalf("%d events are shown, of %d", len(shown), len(theirs.GetReceipts()))
	}
	for i, e := range shown {
		leaf := must(ledger.ParseLeaf(theirs.GetReceipts()[i].GetRecord().GetLeaf()))
		if hash := leaf.Hash(); string(hash[:]) != string(e.GetLeafHash()) || leaf.Type != e.GetType() || !leaf.Time.Equal(e.GetCreateTime().AsTime()) {
			t.Errorf("event %d is %v, and its leaf %v", e.GetSequence(), e, leaf)
		}
	}
}

// TestAnAuditorIsShownOnlySoMuchAtATime: each access is an event of the parties.
func TestAnAuditorIsShownOnlySoMuchAtATime(t *testing.T) {
	h := newHub(t)
	h.limits.AccessesPerSecond, h.limits.AccessBurst = 1.0/3600, 3
	h.restart()
	for range 4 {
		h.approved()
	}
	_, err := h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{PageSize: 4})
	wantReason(t, err, codes.ResourceExhausted, "RATE_LIMITED")
	page := must(h.oversight(auditor).ListRequestMetadata(t.Context(), &liaisonv1.ListRequestMetadataRequest{PageSize: 3})).GetRequests()
	_, err = h.oversight(auditor).GetRequestMetadata(t.Context(), &liaisonv1.GetRequestMetadataRequest{Name: page[0].GetName()})
	wantReason(t, err, codes.ResourceExhausted, "RATE_LIMITED")
	h.becomes(page[0].GetName(), "filed", "approved", "audited")
}
