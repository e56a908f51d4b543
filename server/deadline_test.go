package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// types are those of a request's events, as one party reads them.
func (h *hub) types(id, name string) string {
	h.t.Helper()
	out, err := h.requests(id).ListEvents(h.t.Context(), &liaisonv1.ListEventsRequest{Request: name})
	if err != nil {
		h.t.Fatal(err)
	}
	var types []string
	for _, e := range out.GetEvents() {
		types = append(types, record.Type(e))
	}
	return strings.Join(types, " ")
}

// becomes waits until both parties read a request's events so.
func (h *hub) becomes(name string, types ...string) {
	h.t.Helper()
	want := strings.Join(types, " ")
	eventually(h.t, want, func() bool { return h.types(officer, name) == want })
	if got := h.types(agent, name); got != want && !strings.HasSuffix(want, got) {
		h.t.Errorf("the platform reads %s, the authority %s", got, want)
	}
}

// openPart opens a part of the answer as the officer.
func (h *hub) openPart(name string, part int32) *liaisonv1.AnswerPart {
	h.t.Helper()
	return must(h.authority(officer).OpenAnswer(h.t.Context(), &liaisonv1.OpenAnswerRequest{
		Name: name, Form: &liaisonv1.OpenAnswerRequest_Opening{Opening: &liaisonv1.Opening{Part: part}},
	})).GetPart()
}

func (h *hub) get(name string) *liaisonv1.Request {
	h.t.Helper()
	out, err := h.requests(officer).GetRequest(h.t.Context(), &liaisonv1.GetRequestRequest{Name: name})
	if err != nil {
		h.t.Fatal(err)
	}
	return out.GetRequest()
}

// approved files a routine request and has it approved.
func (h *hub) approved(change ...func(*liaisonv1.RequestSpec)) string {
	h.t.Helper()
	filed := h.fileEvent(change...)
	must(h.authority(approver).ApproveRequest(h.t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
	return filed.GetRequest()
}

func TestAnEmergencyThatNobodyValidatesLapses(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	must(h.platform(agent).AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Screening: noneProtected,
		Final: true, Findings: []*liaisonv1.Finding{identified("1", "700100200", "+447700900123"), notFound("2")},
	}}}))
	must(h.authority(officer).ConfirmReceipt(t.Context(), &liaisonv1.ConfirmReceiptRequest{Name: name, Confirmation: &liaisonv1.ReceiptConfirmation{}}))
	if got := h.get(name).GetClocks().GetValidationDueTime().AsTime().Sub(h.get(name).GetCreateTime().AsTime()); got != 48*time.Hour {
		t.Errorf("it is to be validated within %v", got)
	}

	h.advance(47 * time.Hour)
	must(h.requests(agent).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name}))
	h.advance(2 * time.Hour)
	_, err := h.requests(agent).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP") // without waiting for anything
	h.becomes(name, "filed", "acknowledged", "answered", "receipt_confirmed", "lapsed")
	lapsed := h.get(name)
	if lapsed.GetState() != liaisonv1.RequestState_REQUEST_STATE_LAPSED || lapsed.GetClocks() != nil {
		t.Errorf("it is %s, with %v", lapsed.GetState(), lapsed.GetClocks())
	}
	_, err = h.requests(agent).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")
	_, err = h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")

	must(h.authority(officer).AttestDeletion(t.Context(), &liaisonv1.AttestDeletionRequest{Name: name, Form: &liaisonv1.AttestDeletionRequest_Attestation{Attestation: &liaisonv1.DeletionAttestation{}}}))
	must(h.platform(agent).AttestDeletion(t.Context(), &liaisonv1.AttestDeletionRequest{Name: name, Form: &liaisonv1.AttestDeletionRequest_Attestation{Attestation: &liaisonv1.DeletionAttestation{}}}))
	_, err = h.platform(agent).AttestDeletion(t.Context(), &liaisonv1.AttestDeletionRequest{Name: name, Form: &liaisonv1.AttestDeletionRequest_Attestation{Attestation: &liaisonv1.DeletionAttestation{}}})
	wantReason(t, err, codes.FailedPrecondition, "STEP_ALREADY_DONE")
	h.becomes(name, "filed", "acknowledged", "answered", "receipt_confirmed", "lapsed", "deletion_attested", "deletion_attested")
	if r := h.get(name); r.GetAuthorityDeletionTime() == nil || r.GetPlatformDeletionTime() == nil {
		t.Errorf("who has deleted is not told: %v, %v", r.GetAuthorityDeletionTime(), r.GetPlatformDeletionTime())
	}
}

func TestAValidatedEmergencyDoesNotLapse(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	must(h.platform(agent).RefuseRequest(t.Context(), &liaisonv1.RefuseRequestRequest{Name: name, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal()}}))
	h.advance(47 * time.Hour)
	must(h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}))
	h.advance(1000 * time.Hour)
	other := h.file(emergency) // what is due is done before it by the time that it is
	h.advance(49 * time.Hour)
	h.becomes(other, "filed", "lapsed")
	h.becomes(name, "filed", "acknowledged", "refused", "emergency_validated")
}

func TestAPlatformIsWarnedAndThenLate(t *testing.T) {
	h := newHub(t)
	name := h.file(emergency)
	h.advance(6*time.Hour + 30*time.Minute)
	h.becomes(name, "filed", "deadline_near")
	h.advance(2 * time.Hour)
	h.becomes(name, "filed", "deadline_near", "deadline_missed")
	late := h.get(name)
	if due := late.GetClocks().GetAnswerDueTime().AsTime(); due.Sub(late.GetCreateTime().AsTime()) != 8*time.Hour || !late.GetClocks().GetMissedTime().AsTime().Equal(due) {
		t.Errorf("its clocks are %v", late.GetClocks())
	}
	// It is late, and not too late.
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: name, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}}))
	if clocks := h.get(name).GetClocks(); clocks.GetAnswerDueTime() != nil || clocks.GetMissedTime() == nil {
		t.Errorf("after the withdrawal its clocks are %v", clocks)
	}
	h.becomes(name, "filed", "deadline_near", "deadline_missed", "acknowledged", "withdrawn")
}

func TestWhatCameDueWhileNoHubRanIsDone(t *testing.T) {
	h := newHub(t)
	routine, urgent := h.approved(), h.file(emergency)
	h.advance(24 * 12 * time.Hour)
	h.restart()
	h.becomes(routine, "filed", "approved", "deadline_missed")
	h.becomes(urgent, "filed", "lapsed")
}

// TestNobodyGetsInBeforeADeadlineThatIsOver, however late the hub is.
func TestNobodyGetsInBeforeADeadlineThatIsOver(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	release := h.holdUp()
	h.advance(49 * time.Hour)
	answered := make(chan error, 1)
	platform := h.platform(agent)
	go func() {
		_, err := platform.AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Screening: noneProtected,
			Final: true, Findings: []*liaisonv1.Finding{notFound("1"), notFound("2")},
		}}})
		answered <- err
	}()
	release()
	wantReason(t, <-answered, codes.FailedPrecondition, "STATE_FORBIDS_STEP")
	h.becomes(name, "filed", "acknowledged", "lapsed")
}

func TestTheClockStandsWhileTheAuthorityOwesAReply(t *testing.T) {
	h := newHub(t)
	name := h.approved()
	before := h.get(name).GetClocks().GetAnswerDueTime().AsTime()
	must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	must(h.platform(agent).AskClarification(t.Context(), &liaisonv1.AskClarificationRequest{Name: name, Clarification: &liaisonv1.Clarification{Question: "Which?"}}))
	if h.get(name).GetClocks().GetStopTime() == nil {
		t.Error("it runs")
	}
	h.advance(24 * 30 * time.Hour)
	must(h.authority(officer).ReplyToClarification(t.Context(), &liaisonv1.ReplyToClarificationRequest{Name: name, Reply: &liaisonv1.ClarificationReply{Text: "All."}}))
	after := h.get(name).GetClocks()
	if later := after.GetAnswerDueTime().AsTime().Sub(before); after.GetStopTime() != nil || (later-24*30*time.Hour).Abs() > time.Minute {
		t.Errorf("it goes on %v later, with %v", later, after)
	}
	h.becomes(name, "filed", "approved", "acknowledged", "clarification_asked", "clarification_replied")
}

func TestMoreTimeIsAskedForAndGranted(t *testing.T) {
	h := newHub(t)
	name := h.approved()
	due := h.get(name).GetClocks().GetAnswerDueTime().AsTime()
	ask := func(until time.Time) error {
		_, err := h.platform(agent).AskMoreTime(t.Context(), &liaisonv1.AskMoreTimeRequest{Name: name, MoreTime: &liaisonv1.MoreTime{
			UntilTime: timestamppb.New(until), Reason: "The logs are in the archive.",
		}})
		return err
	}
	wantReason(t, ask(due), codes.InvalidArgument, "FIELD_INVALID")
	wantReason(t, ask(due.Add(91*24*time.Hour)), codes.InvalidArgument, "FIELD_INVALID")
	if err := ask(due.Add(24 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	wantReason(t, ask(due.Add(48*time.Hour)), codes.FailedPrecondition, "STEP_ALREADY_DONE")
	must(h.authority(approver).DeclineMoreTime(t.Context(), &liaisonv1.DeclineMoreTimeRequest{Name: name, Refusal: &liaisonv1.MoreTimeRefusal{Reason: "The trial is next week."}}))
	if got := h.get(name).GetClocks().GetAnswerDueTime().AsTime(); !got.Equal(due) {
		t.Errorf("declined, it is due at %v instead of %v", got, due)
	}
	if err := ask(due.Add(72 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	must(h.authority(officer).GrantMoreTime(t.Context(), &liaisonv1.GrantMoreTimeRequest{Name: name, Grant: &liaisonv1.MoreTimeGrant{}}))
	if got := h.get(name); !got.GetClocks().GetAnswerDueTime().AsTime().Equal(due.Add(72*time.Hour)) || got.GetMoreTimeAsked() != nil {
		t.Errorf("granted, it is due at %v instead of %v", got.GetClocks(), due.Add(72*time.Hour))
	}
}

func preserve(until time.Time) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) {
		s.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
		s.Preservation = &liaisonv1.Preservation{StartTime: timestamppb.New(until.Add(-24 * time.Hour)), EndTime: timestamppb.New(until)}
	}
}

func TestAPreservationEndsWithItsPeriod(t *testing.T) {
	h := newHub(t)
	until := time.Now().Add(50 * time.Hour)
	extended, ended := h.approved(preserve(until)), h.approved(preserve(until))
	for _, name := range []string{extended, ended} {
		must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
		must(h.platform(agent).ConfirmPreservation(t.Context(), &liaisonv1.ConfirmPreservationRequest{Name: name, Form: &liaisonv1.ConfirmPreservationRequest_Confirmation{Confirmation: &liaisonv1.PreservationConfirmation{}}}))
	}
	must(h.authority(officer).ExtendPreservation(t.Context(), &liaisonv1.ExtendPreservationRequest{
		Name: extended, Form: &liaisonv1.ExtendPreservationRequest_Extension{Extension: &liaisonv1.PreservationExtension{EndTime: timestamppb.New(until.Add(24 * time.Hour)), Reason: "The order is on its way."}},
	}))
	h.advance(51 * time.Hour)
	h.becomes(ended, "filed", "approved", "acknowledged", "preservation_confirmed", "expired")
	if state := h.get(extended).GetState(); state != liaisonv1.RequestState_REQUEST_STATE_PRESERVED {
		t.Errorf("what was extended is %s", state)
	}
	_, err := h.authority(officer).ExtendPreservation(t.Context(), &liaisonv1.ExtendPreservationRequest{
		Name: ended, Form: &liaisonv1.ExtendPreservationRequest_Extension{Extension: &liaisonv1.PreservationExtension{EndTime: timestamppb.New(until.Add(24 * time.Hour)), Reason: "Too late."}},
	})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")
	h.advance(24 * time.Hour)
	h.becomes(extended, "filed", "approved", "acknowledged", "preservation_confirmed", "preservation_extended", "expired")
}

// TestDaysAreThoseOfTheCalendarAndTheAgreement: nine o'clock of a Wednesday in Baghdad, where
// Messenger rests on Fridays and Saturdays.
func TestDaysAreThoseOfTheCalendarAndTheAgreement(t *testing.T) {
	h := newHub(t)
	start := time.Now().Add(24 * time.Hour) // a later day: the hub's clock must not run behind certificates
	for start.Weekday() != time.Wednesday {
		start = start.Add(24 * time.Hour)
	}
	wednesday := time.Date(start.Year(), start.Month(), start.Day(), 6, 0, 0, 0, time.UTC)
	h.advance(time.Until(wednesday))
	baghdad := must(time.LoadLocation("Asia/Baghdad"))
	day := func(n int) time.Time {
		return time.Date(wednesday.Year(), wednesday.Month(), wednesday.Day()+n, 0, 0, 0, 0, baghdad)
	}
	h.updatePlatform(func(p *liaisonv1.Platform) {
		p.WorkingDays = &liaisonv1.WorkingDays{
			Weekend:  []liaisonv1.Weekday{liaisonv1.Weekday_WEEKDAY_FRIDAY, liaisonv1.Weekday_WEEKDAY_SATURDAY},
			Holidays: []string{day(5).Format(time.DateOnly)}, // a Monday
		}
		p.Agreements = []*liaisonv1.Agreement{{Authority: "authorities/moc", RoutineDays: 3, EmergencyHours: 2}}
	})
	working := func(s *liaisonv1.RequestSpec) { s.Calendar.Days = liaisonv1.DayKind_DAY_KIND_WORKING }
	due := func(name string) time.Time { return h.get(name).GetClocks().GetAnswerDueTime().AsTime() }
	if got := due(h.approved()); !got.Equal(day(4)) {
		t.Errorf("three days end at %v, want %v", got, day(4))
	}
	// Thursday, Sunday, and Tuesday after the holiday.
	if got := due(h.approved(working)); !got.Equal(day(7)) {
		t.Errorf("three working days end at %v, want %v", got, day(7))
	}
	urgent := h.get(h.file(emergency, working))
	if got := urgent.GetClocks().GetAnswerDueTime().AsTime().Sub(urgent.GetCreateTime().AsTime()); got != 2*time.Hour {
		t.Errorf("an emergency is due after %v", got)
	}

	_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(func(s *liaisonv1.RequestSpec) { s.Calendar.TimeZone = "Asia/Atlantis" })}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	platform := must(h.directory(operator).GetPlatform(t.Context(), &liaisonv1.GetPlatformRequest{Name: "platforms/messenger"})).GetPlatform()
	platform.WorkingDays.Holidays = []string{"2026-02-30"}
	_, err = h.directory(operator).UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{Participant: &liaisonv1.UpdateParticipantRequest_Platform{Platform: platform}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// updatePlatform changes Messenger's directory entry.
func (h *hub) updatePlatform(change func(*liaisonv1.Platform)) {
	h.t.Helper()
	client := h.directory(operator)
	platform := must(client.GetPlatform(h.t.Context(), &liaisonv1.GetPlatformRequest{Name: "platforms/messenger"})).GetPlatform()
	change(platform)
	must(client.UpdateParticipant(h.t.Context(), &liaisonv1.UpdateParticipantRequest{Participant: &liaisonv1.UpdateParticipantRequest_Platform{Platform: platform}}))
}

// TestOneOfManyHubsDoesWhatIsDue: three hubs look at once, and each step is taken once.
func TestOneOfManyHubsDoesWhatIsDue(t *testing.T) {
	hubs := newReplicas(t, 3, newDatabase(t))
	var names []string
	for i := range 30 {
		names = append(names, hubs[i%3].file(emergency))
	}
	hubs[0].advance(7 * time.Hour)
	for _, name := range names {
		hubs[0].becomes(name, "filed", "deadline_near")
	}
	hubs[0].advance(42 * time.Hour)
	for i, name := range names {
		hubs[i%3].becomes(name, "filed", "deadline_near", "lapsed")
	}
	if audit := hubs[0].verify(officer); audit.Events != 90 {
		t.Errorf("the ledger has %d events of it", audit.Events)
	}
}

func TestARecalledAnswerIsGoneAndAnsweredAgain(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged()
	answer := func(final bool, findings ...*liaisonv1.Finding) {
		t.Helper()
		must(h.platform(agent).AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{Screening: noneProtected, Final: final, Findings: findings}}}))
	}
	answer(false, identified("1", "700100200", "+447700900123"))
	answer(true, notFound("2"))
	h.openPart(name, 1)
	h.openPart(name, 2)
	must(h.authority(officer).ConfirmReceipt(t.Context(), &liaisonv1.ConfirmReceiptRequest{Name: name, Confirmation: &liaisonv1.ReceiptConfirmation{}}))
	recall := func(parts ...int32) error {
		_, err := h.platform(agent).RecallAnswer(t.Context(), &liaisonv1.RecallAnswerRequest{Name: name, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: &liaisonv1.Recall{Parts: parts, Reason: "It names the wrong account."}}})
		return err
	}
	wantReason(t, recall(3), codes.InvalidArgument, "FIELD_INVALID")
	if err := recall(1); err != nil {
		t.Fatal(err)
	}
	wantReason(t, recall(1), codes.InvalidArgument, "FIELD_INVALID")
	_, err := h.authority(officer).OpenAnswer(t.Context(), &liaisonv1.OpenAnswerRequest{Name: name, Form: &liaisonv1.OpenAnswerRequest_Opening{Opening: &liaisonv1.Opening{Part: 1}}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")

	parts := must(h.requests(agent).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name})).GetParts()
	if len(parts) != 1 || parts[0].GetAnswer().GetFindings()[0].GetSelectorId() != "2" {
		t.Errorf("of the answer is left %d parts", len(parts))
	}
	r := h.get(name)
	if r.GetState() != liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED || !slices.Equal(r.GetAnsweredSelectors(), []string{"2"}) || !r.GetRecallUnconfirmed() || r.GetClocks().GetAnswerDueTime() == nil {
		t.Errorf("the request is %s, answered %q, unconfirmed %v, %v", r.GetState(), r.GetAnsweredSelectors(), r.GetRecallUnconfirmed(), r.GetClocks())
	}
	must(h.authority(officer).ConfirmRecall(t.Context(), &liaisonv1.ConfirmRecallRequest{Name: name, Form: &liaisonv1.ConfirmRecallRequest_Confirmation{Confirmation: &liaisonv1.RecallConfirmation{}}}))
	answer(true, identified("1", "600200111", "+447700900124"))
	parts = must(h.requests(agent).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: name})).GetParts()
	if len(parts) != 2 || parts[1].GetAnswer().GetFindings()[0].GetParties()[0].GetAccount().GetId() != "600200111" {
		t.Errorf("of the answer there are %d parts", len(parts))
	}
	h.becomes(name, "filed", "acknowledged", "partially_answered", "answered", "answer_opened", "answer_opened", "receipt_confirmed", "answer_recalled", "recall_confirmed", "answered")
}

func TestThePersonIsToldWhenTheDelayEnds(t *testing.T) {
	h := newHub(t)
	name := h.acknowledged(func(s *liaisonv1.RequestSpec) {
		s.Confidentiality = &liaisonv1.Confidentiality{Telling: &liaisonv1.Confidentiality_Silence{Silence: &liaisonv1.Silence{
			Reason: "The upload goes on.", LegalBasis: "Personal Data Protection Act, article 19", Approver: "Investigating Court",
			EndTime: timestamppb.New(time.Now().Add(30 * time.Hour)),
		}}}
	})
	tell := func() error {
		_, err := h.platform(agent).RecordNotice(t.Context(), &liaisonv1.RecordNoticeRequest{Name: name, Form: &liaisonv1.RecordNoticeRequest_Notice{Notice: &liaisonv1.Notice{}}})
		return err
	}
	must(h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}))
	must(h.platform(agent).RefuseRequest(t.Context(), &liaisonv1.RefuseRequestRequest{Name: name, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal()}}))
	wantReason(t, tell(), codes.InvalidArgument, "FIELD_INVALID")
	h.advance(31 * time.Hour)
	h.becomes(name, "filed", "acknowledged", "emergency_validated", "refused", "notice_delay_ended")
	if err := tell(); err != nil {
		t.Fatal(err)
	}
	wantReason(t, tell(), codes.FailedPrecondition, "STEP_ALREADY_DONE")
	if h.get(name).GetToldTime() == nil {
		t.Error("when the person was told is not shown")
	}
}
