package record_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestFiguresNameNobody: they outlive the content, and so hold nothing but numbers, words
// of enumerations and times.
func TestFiguresNameNobody(t *testing.T) {
	t.Parallel()
	var walk func(m protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		switch m.FullName() {
		case "google.protobuf.Timestamp", "google.protobuf.Duration":
			return
		}
		for i := range m.Fields().Len() {
			switch field := m.Fields().Get(i); field.Kind() {
			case protoreflect.MessageKind:
				walk(field.Message())
			case protoreflect.EnumKind, protoreflect.BoolKind, protoreflect.Int64Kind:
			default:
				t.Errorf("%s is a %s", field.FullName(), field.Kind())
			}
		}
	}
	walk((&liaisonv1.Figures{}).ProtoReflect().Descriptor())
}

// hour returns a time, so many hours after the story's begin.
func hour(n int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2026, 9, 7, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour))
}

// told is an event at an hour, with the state behind it, and the hour since which the clock
// of the answer then stands, if it does.
type told struct {
	at, stopped int
	state       liaisonv1.RequestState
	event       *liaisonv1.Event
}

func fold(from *liaisonv1.Request, events ...told) *liaisonv1.Request {
	for _, e := range events {
		e.event.CreateTime, e.event.State = hour(e.at), e.state
		e.event.Clocks = &liaisonv1.Clocks{}
		if e.stopped > 0 {
			e.event.Clocks.StopTime = hour(e.stopped)
		}
		from = record.Fold(from, e.event)
	}
	return from
}

const (
	awaiting     = liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL
	filed        = liaisonv1.RequestState_REQUEST_STATE_FILED
	acknowledged = liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
	asked        = liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED
	objected     = liaisonv1.RequestState_REQUEST_STATE_OBJECTED
	inPart       = liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED
	whole        = liaisonv1.RequestState_REQUEST_STATE_ANSWERED
	refused      = liaisonv1.RequestState_REQUEST_STATE_REFUSED
	withdrawn    = liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN
	lapsed       = liaisonv1.RequestState_REQUEST_STATE_LAPSED
	purged       = liaisonv1.RequestState_REQUEST_STATE_PURGED
)

func file(urgency liaisonv1.Urgency) *liaisonv1.Event {
	return &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: &liaisonv1.RequestSpec{
		Platform: "platforms/messenger", Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Urgency: urgency,
		LegalBasis: &liaisonv1.LegalBasis{Kind: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER},
		Incident:   &liaisonv1.Incident{PeopleAffected: 1200},
	}}}}
}

func approve() *liaisonv1.Event {
	return &liaisonv1.Event{Detail: &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{}}}
}

func refuse(codes ...liaisonv1.GroundCode) *liaisonv1.Event {
	refusal := &liaisonv1.Refusal{}
	for _, code := range codes {
		refusal.Grounds = append(refusal.Grounds, &liaisonv1.Ground{Code: code})
	}
	return &liaisonv1.Event{Detail: &liaisonv1.Event_Refused{Refused: refusal}}
}

func entry(selector string, code liaisonv1.OutcomeCode, parties int32) *liaisonv1.ManifestEntry {
	return &liaisonv1.ManifestEntry{SelectorId: selector, Outcome: code, PartyCount: parties}
}

// TestWhatIsCountedOfARequest tells stories and what the figures say in the end, besides
// what the filing says.
func TestWhatIsCountedOfARequest(t *testing.T) {
	t.Parallel()
	const routine, urgent = liaisonv1.Urgency_URGENCY_ROUTINE, liaisonv1.Urgency_URGENCY_EMERGENCY
	withheld := entry("2", liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD, 0)
	withheld.Ground = liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE
	for _, test := range []struct {
		name   string
		events []told
		want   *liaisonv1.Figures
	}{
		{
			"nobody has approved it",
			[]told{{0, 0, awaiting, file(routine)}}, nil,
		},
		{
			"somebody rejected it",
			[]told{{0, 0, awaiting, file(routine)}, {3, 0, withdrawn, &liaisonv1.Event{Detail: &liaisonv1.Event_Rejected{Rejected: &liaisonv1.Rejection{}}}}},
			&liaisonv1.Figures{BeginTime: hour(3), Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_REJECTED, OutcomeTime: hour(3)},
		},
		{
			"the platform waited five hours before it answered, in two parts",
			[]told{
				{0, 0, awaiting, file(routine)},
				{1, 0, filed, approve()},
				{2, 0, acknowledged, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}}}},
				{3, 3, asked, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationAsked{ClarificationAsked: &liaisonv1.Clarification{}}}},
				{8, 0, acknowledged, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationReplied{ClarificationReplied: &liaisonv1.ClarificationReply{}}}},
				{9, 0, inPart, &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{Part: 1, Entries: []*liaisonv1.ManifestEntry{
					withheld, entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED, 2), entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED, 3),
				}}}}},
				{11, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 2, Entries: []*liaisonv1.ManifestEntry{
					entry("3", liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND, 0),
				}}}}},
			},
			&liaisonv1.Figures{
				BeginTime: hour(1), DeliveryTime: hour(1), FirstAnswerTime: hour(9), AnswerTime: hour(11), Stopped: durationpb.New(5 * time.Hour),
				Result: liaisonv1.AnswerResult_ANSWER_RESULT_IDENTIFIED, Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, OutcomeTime: hour(11),
				Grounds: []*liaisonv1.NamedGround{{Code: liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE, Time: hour(9)}},
				Parties: []*liaisonv1.NamedParties{{Count: 3, Time: hour(9)}},
			},
		},
		{
			"an answer is recalled, and given again",
			[]told{
				{0, 0, filed, file(urgent)},
				{1, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 1, Entries: []*liaisonv1.ManifestEntry{entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS, 0)}}}}},
				{2, 0, filed, &liaisonv1.Event{Detail: &liaisonv1.Event_EmergencyValidated{EmergencyValidated: &liaisonv1.EmergencyValidation{}}}},
				{3, 0, acknowledged, &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerRecalled{AnswerRecalled: &liaisonv1.Recall{Parts: []int32{1}}}}},
				{12, 0, acknowledged, &liaisonv1.Event{Detail: &liaisonv1.Event_DeadlineMissed{DeadlineMissed: &liaisonv1.DeadlineMiss{}}}},
				{13, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 2, Entries: []*liaisonv1.ManifestEntry{entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_NO_DATA_HELD, 0)}}}}},
			},
			&liaisonv1.Figures{
				Urgency: urgent, BeginTime: hour(0), DeliveryTime: hour(0), FirstAnswerTime: hour(1), AnswerTime: hour(1),
				Result: liaisonv1.AnswerResult_ANSWER_RESULT_EXISTS, Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, OutcomeTime: hour(1),
				ValidateTime: hour(2), RecallTimes: []*timestamppb.Timestamp{hour(3)}, MissTimes: []*timestamppb.Timestamp{hour(12)},
			},
		},
		{
			"somebody is found when an answer is given again, which is what it came to no more",
			[]told{
				{0, 0, filed, file(routine)},
				{1, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 1, Entries: []*liaisonv1.ManifestEntry{entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_NO_DATA_HELD, 0)}}}}},
				{3, 0, inPart, &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerRecalled{AnswerRecalled: &liaisonv1.Recall{Parts: []int32{1}}}}},
				{900, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 2, Entries: []*liaisonv1.ManifestEntry{entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED, 2)}}}}},
			},
			&liaisonv1.Figures{
				BeginTime: hour(0), DeliveryTime: hour(0), FirstAnswerTime: hour(1), AnswerTime: hour(1),
				Result: liaisonv1.AnswerResult_ANSWER_RESULT_NOTHING, Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, OutcomeTime: hour(1),
				RecallTimes: []*timestamppb.Timestamp{hour(3)}, Parties: []*liaisonv1.NamedParties{{Count: 2, Time: hour(900)}},
			},
		},
		{
			"an objection's ground is named again in the refusal, and counts once",
			[]told{
				{0, 0, filed, file(routine)},
				{1, 1, objected, &liaisonv1.Event{Detail: &liaisonv1.Event_Objected{Objected: &liaisonv1.Objection{Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_INCOMPLETE}}}}}},
				{2, 0, refused, refuse(liaisonv1.GroundCode_GROUND_CODE_INCOMPLETE, liaisonv1.GroundCode_GROUND_CODE_OTHER)},
			},
			&liaisonv1.Figures{
				BeginTime: hour(0), DeliveryTime: hour(0), Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_REFUSED, OutcomeTime: hour(2), Stopped: durationpb.New(time.Hour),
				Grounds: []*liaisonv1.NamedGround{
					{Code: liaisonv1.GroundCode_GROUND_CODE_INCOMPLETE, Time: hour(1)}, {Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Time: hour(2)},
				},
			},
		},
		{
			"the reviewer objects to a selector, and then to all of it",
			[]told{
				{0, 0, filed, file(routine)},
				{1, 0, filed, &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewObjected{ReviewObjected: &liaisonv1.ReviewObjection{Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION}}}}}},
				{2, 0, refused, &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewRefused{ReviewRefused: &liaisonv1.ReviewObjection{Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_FUNDAMENTAL_RIGHTS}}}}}},
			},
			&liaisonv1.Figures{
				BeginTime: hour(0), DeliveryTime: hour(0), Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_REFUSED, OutcomeTime: hour(2),
				Grounds: []*liaisonv1.NamedGround{
					{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION, Time: hour(1)}, {Code: liaisonv1.GroundCode_GROUND_CODE_FUNDAMENTAL_RIGHTS, Time: hour(2)},
				},
			},
		},
		{
			"a dispute is sustained when a part was answered, which is all that there will be",
			[]told{
				{0, 0, filed, file(routine)},
				{1, 0, inPart, &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{Part: 1, Entries: []*liaisonv1.ManifestEntry{entry("1", liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS, 0)}}}}},
				{9, 0, whole, &liaisonv1.Event{Detail: &liaisonv1.Event_DisputeSustained{DisputeSustained: &liaisonv1.DisputeDecision{}}}},
			},
			&liaisonv1.Figures{
				BeginTime: hour(0), DeliveryTime: hour(0), FirstAnswerTime: hour(1), AnswerTime: hour(9),
				Result: liaisonv1.AnswerResult_ANSWER_RESULT_EXISTS, Outcome: liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, OutcomeTime: hour(9),
			},
		},
		{
			"an emergency lapses and is purged",
			[]told{
				{0, 0, filed, file(urgent)},
				{48, 0, lapsed, &liaisonv1.Event{Detail: &liaisonv1.Event_Lapsed{Lapsed: &liaisonv1.Lapse{}}}},
				{900, 0, purged, &liaisonv1.Event{Detail: &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}}}},
			},
			&liaisonv1.Figures{Urgency: urgent, BeginTime: hour(0), DeliveryTime: hour(0), LapseTime: hour(48)},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := fold(nil, test.events...)
			if test.want != nil {
				test.want.Kind, test.want.LegalBasis, test.want.PeopleAffected = liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, 1200
				if test.want.Urgency == 0 {
					test.want.Urgency = routine
				}
			}
			same(t, r.GetFigures(), test.want)
			body, err := proto.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			read, err := record.DecodeFigures(body)
			if err != nil {
				t.Fatal(err)
			}
			same(t, read, test.want)
		})
	}
}

func TestABrokenRequestHasNoFigures(t *testing.T) {
	t.Parallel()
	for _, body := range [][]byte{{0xff}, {0x0a, 0x20, 1}, {0xc2, 0x02, 0x02, 0xff, 0xff}, {0x0a, 0x01, 0xff}} {
		if f, err := record.DecodeFigures(body); err == nil {
			t.Errorf("%x has the figures %v", body, f)
		}
	}
}

// TestEveryTimeAmongTheFiguresIsSomeEvents plays an event of every step.
func TestEveryTimeAmongTheFiguresIsSomeEvents(t *testing.T) {
	t.Parallel()
	at := timestamppb.New(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	r := &liaisonv1.Request{DeliveryTime: at}
	play := func(e *liaisonv1.Event) {
		e.CreateTime = at
		r = record.Fold(r, e)
	}
	steps := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range steps.Len() {
		e := &liaisonv1.Event{State: liaisonv1.RequestState_REQUEST_STATE_FILED}
		e.ProtoReflect().Set(steps.Get(i), e.ProtoReflect().NewField(steps.Get(i)))
		switch d := e.GetDetail().(type) {
		case *liaisonv1.Event_Filed:
			d.Filed.Spec = &liaisonv1.RequestSpec{}
		case *liaisonv1.Event_Amended:
			d.Amended.Narrowing = &liaisonv1.Narrowing{}
		}
		play(e)
	}
	play(&liaisonv1.Event{State: liaisonv1.RequestState_REQUEST_STATE_ANSWERED})
	m := r.GetFigures().ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		if field := m.Descriptor().Fields().Get(i); field.Message() == at.ProtoReflect().Descriptor() && !m.Has(field) {
			t.Errorf("no event sets Figures.%s", field.Name())
		}
	}
}
