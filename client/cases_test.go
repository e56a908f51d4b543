package client_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"buf.build/go/protoyaml"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// load reads a message of the example cases.
func load[M any, P interface {
	*M
	proto.Message
}](t *testing.T, path string) P {
	t.Helper()
	text, err := cases.Files.ReadFile("" + path + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	message := P(new(M))
	if err := (protoyaml.UnmarshalOptions{Path: path}).Unmarshal(text, message); err != nil {
		t.Fatal(err)
	}
	return message
}

// play is one case while it is played. Every step is read back at the other side
// and compared with the file that it came from.
type play struct {
	t                 *testing.T
	kit               *liaisontest.Kit
	folder            string
	officer, approver *client.Authority
	platform          *client.Platform
	name              string // the request's
	answers           int
}

func newPlay(t *testing.T, folder, officer, approver, agent string) *play {
	t.Helper()
	kit := liaisontest.New(t)
	return &play{
		t: t, kit: kit, folder: folder,
		officer:  kit.Conn(t, officer).Authority(),
		approver: kit.Conn(t, approver).Authority(),
		platform: kit.Conn(t, agent).Platform(),
	}
}

// moc plays a case between the ministry and the messenger.
func moc(t *testing.T, folder string) *play {
	t.Helper()
	return newPlay(t, folder, "officer", "approver", "agent")
}

// dpo plays a case between the data-protection office and a platform.
func dpo(t *testing.T, folder, agent string) *play {
	t.Helper()
	return newPlay(t, folder, "dpo-officer", "dpo-approver", agent)
}

func (p *play) path(file string) string { return p.folder + "/" + file }

// took checks that a step led to a state and that its detail reads the same at both
// ends.
func (p *play) took(event *liaisonv1.Event, err error) func(want liaisonv1.RequestState) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", p.folder, err)
	}
	p.name = event.GetRequest()
	return func(want liaisonv1.RequestState) {
		p.t.Helper()
		if event.GetState() != want {
			p.t.Fatalf("%s: the request is %s, wanted %s", p.folder, event.GetState(), want)
		}
		for _, reader := range []requestReader{p.officer, p.platform} {
			for read, err := range reader.Events(p.t.Context(), p.name, event.GetSequence()-1) {
				if err != nil && errors.Is(err, client.ErrNotFound) && want == liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL {
					break // the platform, before it came before it
				}
				if err != nil {
					p.t.Fatalf("%s: %v", p.folder, err)
				}
				if diff := cmp.Diff(event, read, protocmp.Transform()); diff != "" {
					p.t.Errorf("%s: an event reads differently:\n%s", p.folder, diff)
				}
				break
			}
		}
	}
}

// file files a request and, unless it is an emergency, has it approved.
func (p *play) file(file string) {
	p.t.Helper()
	p.fileSpec(load[liaisonv1.RequestSpec](p.t, p.path(file)))
}

func (p *play) fileSpec(spec *liaisonv1.RequestSpec) {
	p.t.Helper()
	ctx := p.t.Context()
	event, err := p.officer.File(ctx, spec)
	if spec.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY {
		p.took(event, err)(liaisonv1.RequestState_REQUEST_STATE_FILED)
	} else {
		p.took(event, err)(liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL)
		p.took(p.approver.Approve(ctx, event.GetRequest(), nil, client.IfMatch(event.GetEtag())))(liaisonv1.RequestState_REQUEST_STATE_FILED)
	}
	request, err := p.platform.Get(ctx, p.name)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(request.GetSpec().GetAnswerRecipients()) != 1 && spec.GetKind() != liaisonv1.RequestKind_REQUEST_KIND_PRESERVE {
		p.t.Errorf("%s: the answer is not asked to be sealed", p.folder)
	}
	if diff := cmp.Diff(spec, request.GetSpec(), protocmp.Transform(), protocmp.IgnoreFields(spec, "answer_recipients")); diff != "" {
		p.t.Errorf("%s: the platform reads something else than was filed:\n%s", p.folder, diff)
	}
	p.took(p.platform.Acknowledge(ctx, p.name, &liaisonv1.Acknowledgement{PlatformReference: "P-" + spec.GetReference()}))(
		liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED)
	p.answers = 0
}

// answer gives an answer and reads it back as the officer.
func (p *play) answer(file string) {
	p.t.Helper()
	p.giveAnswer(load[liaisonv1.Answer](p.t, p.path(file)))
}

func (p *play) giveAnswer(answer *liaisonv1.Answer) {
	p.t.Helper()
	state := liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED
	if answer.GetFinal() {
		state = liaisonv1.RequestState_REQUEST_STATE_ANSWERED
	}
	p.took(p.platform.Answer(p.t.Context(), p.name, answer))(state)
	p.answers++
	parts, err := p.officer.Open(p.t.Context(), p.name)
	if err != nil || len(parts) != p.answers {
		p.t.Fatalf("%s: %d parts are read, wanted %d: %v", p.folder, len(parts), p.answers, err)
	}
	if diff := cmp.Diff(answer, parts[p.answers-1].GetAnswer(), protocmp.Transform()); diff != "" {
		p.t.Errorf("%s: the officer reads something else than was answered:\n%s", p.folder, diff)
	}
}

func (p *play) receipt() {
	p.t.Helper()
	p.took(p.officer.ConfirmReceipt(p.t.Context(), p.name, nil))(liaisonv1.RequestState_REQUEST_STATE_CLOSED)
}

// nothingLeaked fails if the hub's log quotes anything that a case says.
func (p *play) nothingLeaked(secrets ...string) {
	p.t.Helper()
	for _, secret := range secrets {
		if strings.Contains(p.kit.Log(), secret) {
			p.t.Errorf("%s: the hub's log quotes the case", p.folder)
		}
	}
}

func TestCase01VoterRegister(t *testing.T) {
	t.Parallel()
	p := moc(t, "01-voter-register")
	p.file("request")
	p.took(p.platform.Ask(t.Context(), p.name, load[liaisonv1.Clarification](t, p.path("clarification"))))(
		liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED)
	p.took(p.officer.Reply(t.Context(), p.name, load[liaisonv1.ClarificationReply](t, p.path("reply"))))(
		liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED)
	p.answer("answer-partial")
	p.answer("answer-final")
	p.receipt()
	p.nothingLeaked("700100200", "+447700900200", "dumper_one", "203.0.113.77", "نشر", "records_dump_77", "were deleted")
}

func TestCase02HospitalEmergency(t *testing.T) {
	t.Parallel()
	p := moc(t, "02-hospital-emergency")
	p.file("request")
	p.kit.Advance(40 * time.Minute)
	p.answer("answer-partial")
	p.kit.Advance(2*time.Hour + 20*time.Minute)
	p.answer("answer-final")
	p.withheld(liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION) // the journalist
	p.kit.Advance(6*time.Hour + 25*time.Minute)
	p.took(p.approver.ValidateEmergency(t.Context(), p.name, load[liaisonv1.EmergencyValidation](t, p.path("validation"))))(
		liaisonv1.RequestState_REQUEST_STATE_ANSWERED)
	p.receipt()
	p.kit.Advance(48 * time.Hour)
	if _, err := p.officer.Open(t.Context(), p.name); err != nil {
		t.Errorf("after it was validated: %v", err)
	}
	p.nothingLeaked("700300400", "t-9911-health", "journalist")
}

// TestCase02NobodyValidates is the variant: it lapses, whatever was answered and received.
// Nothing is served any more, and each side confirms to the other that it has deleted what it had.
func TestCase02NobodyValidates(t *testing.T) {
	t.Parallel()
	p := moc(t, "02-hospital-emergency")
	p.file("request")
	p.answer("answer-partial") // and opened
	p.answer("answer-final")
	p.receipt()
	p.kit.Advance(49 * time.Hour)
	_, tooLate := p.approver.ValidateEmergency(t.Context(), p.name, load[liaisonv1.EmergencyValidation](t, p.path("validation")))
	_, opened := p.officer.Open(t.Context(), p.name)
	_, given := p.platform.Given(t.Context(), p.name)
	for what, err := range map[string]error{"a validation": tooLate, "an opening": opened, "the platform's own reading": given} {
		if !errors.Is(err, client.ErrStateForbidsStep) {
			t.Errorf("%s after 49 hours: %v", what, err)
		}
	}
	p.deleted(liaisonv1.RequestState_REQUEST_STATE_LAPSED)
	p.both("FILED ACKNOWLEDGED PARTIALLY_ANSWERED ANSWER_OPENED ANSWERED ANSWER_OPENED ANSWER_OPENED RECEIPT_CONFIRMED LAPSED DELETION_ATTESTED DELETION_ATTESTED")
}

// withheld fails unless the last part of the answer withholds something on a ground, and the
// authority reads it.
func (p *play) withheld(ground liaisonv1.GroundCode) {
	p.t.Helper()
	parts, err := p.officer.Open(p.t.Context(), p.name)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, finding := range parts[len(parts)-1].GetAnswer().GetFindings() {
		for _, outcome := range finding.GetOutcomes() {
			if outcome.GetGround().GetCode() == ground {
				return
			}
		}
	}
	p.t.Errorf("%s: nothing is withheld for %s", p.folder, ground)
}

// deleted has both sides attest that they have deleted what they had, each once and where the
// other sees it.
func (p *play) deleted(state liaisonv1.RequestState) {
	p.t.Helper()
	ctx := p.t.Context()
	p.took(p.officer.AttestDeletion(ctx, p.name, &liaisonv1.DeletionAttestation{Note: "Both copies are gone."}))(state)
	p.took(p.platform.AttestDeletion(ctx, p.name, nil))(state)
	for side, reader := range map[string]requestReader{"authority": p.officer, "platform": p.platform} {
		request, err := reader.Get(ctx, p.name)
		if err != nil || request.GetAuthorityDeletionTime() == nil || request.GetPlatformDeletionTime() == nil {
			p.t.Errorf("%s: the %s reads of deletions at %v and %v: %v", p.folder, side, request.GetAuthorityDeletionTime(), request.GetPlatformDeletionTime(), err)
		}
	}
	if _, err := p.officer.AttestDeletion(ctx, p.name, nil); err == nil {
		p.t.Errorf("%s: it is attested twice", p.folder)
	}
}

// both fails unless both sides read these types of events, the platform from the one on by
// which the request came before it.
func (p *play) both(want string) {
	p.t.Helper()
	for side, reader := range map[string]requestReader{"authority": p.officer, "platform": p.platform} {
		var types []string
		for e, err := range reader.Events(p.t.Context(), p.name, 0) {
			if err != nil {
				p.t.Fatal(err)
			}
			types = append(types, strings.ToUpper(record.Type(e)))
		}
		if got := strings.Join(types, " "); got != want && (side != "platform" || "FILED "+got != want) {
			p.t.Errorf("%s: the %s reads %s", p.folder, side, got)
		}
	}
}

func TestCase03PreserveFirst(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	p := dpo(t, "03-preserve-first", "filehost-agent")
	preserve, extension := load[liaisonv1.RequestSpec](t, p.path("preserve")), load[liaisonv1.PreservationExtension](t, p.path("extension"))
	// The case is of other days, and a hub takes only what is still to end: its first day is today.
	moved := time.Since(preserve.GetPreservation().GetStartTime().AsTime())
	for _, at := range []*timestamppb.Timestamp{preserve.GetPreservation().GetStartTime(), preserve.GetPreservation().GetEndTime(), extension.GetEndTime()} {
		at.Seconds += int64(moved / time.Second)
	}
	p.fileSpec(preserve)
	preserved := p.name
	p.kit.Advance(day)
	p.took(p.platform.ConfirmPreservation(t.Context(), p.name, load[liaisonv1.PreservationConfirmation](t, p.path("confirmation"))))(
		liaisonv1.RequestState_REQUEST_STATE_PRESERVED)
	p.kit.Advance(50 * day)
	p.took(p.officer.ExtendPreservation(t.Context(), p.name, extension))(liaisonv1.RequestState_REQUEST_STATE_PRESERVED)
	request, err := p.platform.Get(t.Context(), preserved)
	if err != nil || !request.GetPreservedUntil().AsTime().Equal(extension.GetEndTime().AsTime()) {
		t.Errorf("it is preserved until %v: %v", request.GetPreservedUntil().AsTime(), err)
	}
	if _, err := p.officer.ExtendPreservation(t.Context(), preserved, extension); err == nil {
		t.Error("it is extended twice")
	}

	p.kit.Advance(20 * day) // past its first period: the 71st day
	disclose := load[liaisonv1.RequestSpec](t, p.path("disclose"))
	for _, link := range disclose.GetLinks() {
		link.Request = preserved // known only now
	}
	p.fileSpec(disclose)
	for side, reader := range map[string]requestReader{"authority": p.officer, "platform": p.platform} {
		request, err := reader.Get(t.Context(), preserved)
		if err != nil || !slices.Equal(request.GetHandedOverTo(), []string{p.name}) {
			t.Errorf("the %s reads that it was handed over to %v: %v", side, request.GetHandedOverTo(), err)
		}
	}
	p.answer("answer")
	p.receipt()
	p.name = preserved
	p.both("FILED APPROVED ACKNOWLEDGED PRESERVATION_CONFIRMED PRESERVATION_EXTENDED HANDED_OVER HAND_OVER_ENDED")
}

func TestCase04TooBroad(t *testing.T) {
	t.Parallel()
	p := moc(t, "04-too-broad")
	p.file("request")
	p.took(p.platform.Object(t.Context(), p.name, load[liaisonv1.Objection](t, p.path("objection"))))(
		liaisonv1.RequestState_REQUEST_STATE_OBJECTED)
	p.took(p.officer.Amend(t.Context(), p.name, load[liaisonv1.Amendment](t, p.path("amendment"))))(
		liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED)
	p.answer("answer")
	p.receipt()
}

// TestCase04Upheld is the variant: the authority upholds the whole range, the platform
// maintains its objection, and the reviewer refuses in part.
func TestCase04Upheld(t *testing.T) {
	t.Parallel()
	p := moc(t, "04-too-broad")
	reviewer := p.kit.Conn(t, "reviewer").Reviewer()
	p.file("request-reviewed")
	if _, err := p.platform.Answer(t.Context(), p.name, load[liaisonv1.Answer](t, p.path("answer-in-part"))); !errors.Is(err, client.ErrReviewPending) {
		t.Errorf("while the reviewer may object still: %v", err)
	}
	p.took(p.platform.Object(t.Context(), p.name, load[liaisonv1.Objection](t, p.path("objection-reviewed"))))(
		liaisonv1.RequestState_REQUEST_STATE_OBJECTED)
	p.took(p.officer.Uphold(t.Context(), p.name, load[liaisonv1.Upholding](t, p.path("upholding"))))(
		liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE)
	p.took(p.platform.Maintain(t.Context(), p.name, load[liaisonv1.ObjectionMaintenance](t, p.path("maintenance"))))(
		liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE)
	p.took(reviewer.Clear(t.Context(), p.name, nil))(liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE) // of all but the dispute
	p.took(reviewer.Decide(t.Context(), p.name, load[liaisonv1.DisputeDecision](t, p.path("decision"))))(
		liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED)
	for _, reader := range []requestReader{p.officer, p.platform, reviewer} {
		request, err := reader.Get(t.Context(), p.name)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"before", "between", "after", "end"}; !slices.Equal(request.GetBarredSelectors(), want) {
			t.Errorf("barred are %v, wanted %v", request.GetBarredSelectors(), want)
		}
	}
	whole := load[liaisonv1.Answer](t, p.path("answer-in-part"))
	for _, f := range whole.GetFindings()[1:] { // which the reviewer has refused
		for _, o := range f.GetOutcomes() {
			o.Code, o.Ground = liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND, nil
		}
	}
	whole.Screening = client.NoneProtected()
	if _, err := p.platform.Answer(t.Context(), p.name, whole); !errors.Is(err, client.ErrSelectorBarred) {
		t.Errorf("an answer about what the reviewer has refused: %v", err)
	}
	p.answer("answer-in-part")
	p.receipt()
	for _, err := range reviewer.Events(t.Context(), p.name, 0) {
		if err != nil {
			t.Error(err)
		}
	}
	p.nothingLeaked("700500040", "+447700900540")
}

func TestCase06BulkSelectors(t *testing.T) {
	t.Parallel()
	p := dpo(t, "06-bulk-selectors", "agent")
	spec := load[liaisonv1.RequestSpec](t, p.path("request"))
	spools := p.sealEvidence(spec)
	p.fileSpec(spec)
	p.moveEvidence(spec, spools)
	for _, part := range []string{"answer-1", "answer-2", "answer-3", "answer-4", "answer-5"} {
		p.answer(part)
	}
	parts, err := p.officer.Open(t.Context(), p.name)
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[liaisonv1.OutcomeCode]int)
	for _, part := range parts {
		for _, finding := range part.GetAnswer().GetFindings() {
			counts[finding.GetOutcomes()[0].GetCode()]++
		}
	}
	want := map[liaisonv1.OutcomeCode]int{
		liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED:        311,
		liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND:         120,
		liaisonv1.OutcomeCode_OUTCOME_CODE_NO_DATA_HELD:      60,
		liaisonv1.OutcomeCode_OUTCOME_CODE_RETENTION_EXPIRED: 9,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("the outcomes do not add up:\n%s", diff)
	}
	p.receipt()
	p.nothingLeaked("+447700900000", "447700900499")
}

func TestCase07Withdrawn(t *testing.T) {
	t.Parallel()
	p := moc(t, "07-withdrawn")
	p.file("request")
	p.answer("answer-partial")
	p.took(p.officer.Withdraw(t.Context(), p.name, load[liaisonv1.Withdrawal](t, p.path("withdrawal"))))(
		liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN)
	if _, err := p.platform.Answer(t.Context(), p.name, load[liaisonv1.Answer](t, p.path("answer"))); !errors.Is(err, client.ErrStateForbidsStep) {
		t.Errorf("the answer that came too late: %v", err)
	}
	if _, err := p.officer.Open(t.Context(), p.name); !errors.Is(err, client.ErrStateForbidsStep) {
		t.Errorf("what was disclosed is still served: %v", err)
	}
	p.deleted(liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN)
	p.both("FILED APPROVED ACKNOWLEDGED PARTIALLY_ANSWERED ANSWER_OPENED WITHDRAWN DELETION_ATTESTED DELETION_ATTESTED")
}

func TestCase08Drill(t *testing.T) {
	t.Parallel()
	p := moc(t, "08-drill")
	p.file("request")
	p.answer("answer")
	p.receipt()
	for summary, err := range p.officer.List(t.Context(), nil, 0) {
		if err != nil || !summary.GetTest() {
			t.Errorf("the list does not say that it is a test: %v, %v", summary, err)
		}
	}
	for event, err := range p.platform.Events(t.Context(), p.name, 0) {
		if err != nil || !event.GetTest() {
			t.Errorf("the event %d does not say that it is a test: %v", event.GetSequence(), err)
		}
	}
	files, err := cases.Files.ReadDir("08-drill")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, file := range files {
		name, ok := strings.CutPrefix(file.Name(), "refused-")
		if !ok {
			continue
		}
		refused++
		t.Run(name, func(t *testing.T) {
			spec := load[liaisonv1.RequestSpec](t, p.path(strings.TrimSuffix(file.Name(), ".yaml")))
			// The SDK does not send it; whoever does is refused by the hub.
			if _, err := p.officer.File(t.Context(), spec); !errors.Is(err, client.ErrFieldInvalid) {
				t.Errorf("filed by the SDK: %v", err)
			}
			raw := liaisonv1.NewAuthorityServiceClient(p.kit.Conn(t, "officer").Unverified())
			if _, err := raw.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec}}); !errors.Is(err, client.ErrFieldInvalid) {
				t.Errorf("filed past the SDK: %v", err)
			}
		})
	}
	if refused == 0 {
		t.Error("no refused variant was tried")
	}
}

func TestCase09NotTheHolderNow(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"09-handle-changed-hands", "09-hijacked"} {
		t.Run(folder, func(t *testing.T) {
			p := moc(t, folder)
			p.file("request")
			p.answer("answer")
			p.receipt()
		})
	}
	t.Run("09-behind-one-address", func(t *testing.T) {
		p := moc(t, "09-behind-one-address")
		p.file("request")
		p.answer("answer")
		p.receipt()
		p.file("request-with-port")
		p.answer("answer-with-port")
		p.receipt()
	})
}

// TestCase09WrongAccount: what was wrong is not served any more, and answered again.
func TestCase09WrongAccount(t *testing.T) {
	t.Parallel()
	p := moc(t, "09-wrong-account")
	p.file("request")
	p.answer("answer")
	p.receipt()
	p.kit.Advance(5 * 24 * time.Hour)
	p.took(p.platform.Recall(t.Context(), p.name, load[liaisonv1.Recall](t, p.path("recall"))))(liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED)
	if parts, err := p.officer.Open(t.Context(), p.name); err != nil || len(parts) != 0 {
		t.Errorf("of what was recalled %d parts are opened: %v", len(parts), err)
	}
	p.took(p.officer.ConfirmRecall(t.Context(), p.name, load[liaisonv1.RecallConfirmation](t, p.path("stopped"))))(
		liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED)
	p.took(p.platform.AttestDeletion(t.Context(), p.name, nil))(liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED)
	for side, reader := range map[string]requestReader{"authority": p.officer, "platform": p.platform} {
		if request, err := reader.Get(t.Context(), p.name); err != nil || request.GetRecallUnconfirmed() || request.GetRecallUndeleted() {
			t.Errorf("the %s reads that the recall is not done with: %v", side, err)
		}
	}
	if _, err := p.platform.AttestDeletion(t.Context(), p.name, nil); err == nil {
		t.Error("what was recalled once is deleted twice")
	}
	p.answers = 0
	p.answer("answer-corrected")
	p.receipt()
	var opened []int32
	for e, err := range p.platform.Events(t.Context(), p.name, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if part := e.GetAnswerOpened().GetPart(); part != 0 {
			opened = append(opened, part)
		}
	}
	if !slices.Equal(opened, []int32{1, 2}) {
		t.Errorf("the platform sees that parts %v were opened", opened)
	}
}

func TestCase10ExistenceAndCanary(t *testing.T) {
	t.Parallel()
	p := dpo(t, "10-existence-and-canary", "agent")
	p.file("existence")
	p.answer("answer-existence")
	p.receipt()
	p.file("disclose")
	var invalid *protovalidate.ValidationError
	refused := load[liaisonv1.Answer](t, p.path("answer-refused"))
	if err := protovalidate.Validate(refused); !errors.As(err, &invalid) {
		t.Errorf("the contract takes a weak basis for more than it carries: %v", err)
	}
	if _, err := p.platform.Answer(t.Context(), p.name, refused); !errors.Is(err, client.ErrFieldInvalid) {
		t.Errorf("the SDK sends it: %v", err)
	}
	p.answer("answer")
	p.receipt()
}
