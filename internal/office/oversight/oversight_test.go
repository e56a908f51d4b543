package oversight_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/office/oversight"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var begin = time.Date(2026, 11, 3, 22, 5, 0, 0, time.UTC)

// step is an event so many hours after the filing, after which the request stands in a state
// and its platform's clock stands still since an hour, or runs.
func step(hour int, state liaisonv1.RequestState, stopped int, detail *liaisonv1.Event) *liaisonv1.Event {
	e := &liaisonv1.Event{Detail: detail.GetDetail(), State: state, CreateTime: timestamppb.New(begin.Add(time.Duration(hour) * time.Hour))}
	if stopped >= 0 {
		e.Clocks = &liaisonv1.Clocks{StopTime: timestamppb.New(begin.Add(time.Duration(stopped) * time.Hour))}
	}
	return e
}

const (
	filed    = liaisonv1.RequestState_REQUEST_STATE_FILED
	working  = liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
	asked    = liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED
	partly   = liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED
	answered = liaisonv1.RequestState_REQUEST_STATE_ANSWERED
	closed   = liaisonv1.RequestState_REQUEST_STATE_CLOSED
	gone     = liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN
	running  = -1
)

func TestTimesAreThoseOfTheEvents(t *testing.T) {
	filing := step(0, filed, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: &liaisonv1.RequestSpec{}}}})
	taken := step(1, working, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{}})
	question := step(2, asked, 2, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationAsked{}})
	reply := step(5, working, running, &liaisonv1.Event{Detail: &liaisonv1.Event_ClarificationReplied{}})
	answer := step(8, answered, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 1}}})
	receipt := step(9, closed, running, &liaisonv1.Event{Detail: &liaisonv1.Event_ReceiptConfirmed{}})
	recall := step(20, partly, running, &liaisonv1.Event{Detail: &liaisonv1.Event_AnswerRecalled{AnswerRecalled: &liaisonv1.Recall{Parts: []int32{1}}}})
	for _, test := range []struct {
		name                   string
		events                 []*liaisonv1.Event
		acknowledged, answered time.Duration // zero: never
		stopped                time.Duration
		over                   int // hours; zero: it is not
	}{
		{"nobody has taken it", []*liaisonv1.Event{filing}, 0, 0, 0, 0},
		{"its clock stands still", []*liaisonv1.Event{filing, taken, question, step(4, asked, 2, &liaisonv1.Event{Detail: &liaisonv1.Event_Audited{}})}, time.Hour, 0, 2 * time.Hour, 0},
		{"its clock goes on", []*liaisonv1.Event{filing, taken, question, reply}, time.Hour, 0, 3 * time.Hour, 0},
		{"withdrawn while it stands", []*liaisonv1.Event{filing, taken, question, step(6, gone, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Withdrawn{}})}, time.Hour, 0, 4 * time.Hour, 6},
		{"answered and received", []*liaisonv1.Event{filing, taken, answer, receipt}, time.Hour, 8 * time.Hour, 0, 9},
		{"looked at afterwards", []*liaisonv1.Event{filing, taken, answer, receipt, step(15, closed, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Audited{}})}, time.Hour, 8 * time.Hour, 0, 9},
		{"recalled when it was closed", []*liaisonv1.Event{filing, taken, answer, receipt, recall}, time.Hour, 0, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var request *liaisonv1.Request
			for _, e := range test.events {
				request = record.Fold(request, e)
			}
			m := oversight.Request(request, test.events)
			if got := m.GetAcknowledgedAfter().AsDuration(); got != test.acknowledged {
				t.Errorf("acknowledged after %v, want %v", got, test.acknowledged)
			}
			if got := m.GetAnsweredAfter().AsDuration(); got != test.answered {
				t.Errorf("answered after %v, want %v", got, test.answered)
			}
			if got := m.GetStoppedFor().AsDuration(); got != test.stopped {
				t.Errorf("stopped for %v, want %v", got, test.stopped)
			}
			want := begin.Add(time.Duration(test.over) * time.Hour)
			if over := m.GetOverTime(); (over != nil) != (test.over != 0) || over != nil && !over.AsTime().Equal(want) {
				t.Errorf("over at %v, want %v", over.AsTime(), want)
			}
		})
	}
}

func TestThePlatformsScreeningIsThatOfThePartsThatStand(t *testing.T) {
	const (
		none  = liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN
		known = liaisonv1.ScreeningResult_SCREENING_RESULT_KNOWN
	)
	part := func(n int32, result liaisonv1.ScreeningResult) *liaisonv1.Event {
		return &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{Part: n, Screening: result}}}
	}
	for _, test := range []struct {
		name     string
		recalled []int32
		parts    []*liaisonv1.Event
		want     liaisonv1.ScreeningResult
	}{
		{"nothing was answered", nil, nil, liaisonv1.ScreeningResult_SCREENING_RESULT_UNSPECIFIED},
		{"one part knows of somebody, the next does not", nil, []*liaisonv1.Event{part(1, known), part(2, none)}, known},
		{"the part that knew was recalled", []int32{1}, []*liaisonv1.Event{part(1, known), part(2, none)}, none},
		{"all was recalled", []int32{1}, []*liaisonv1.Event{part(1, known)}, liaisonv1.ScreeningResult_SCREENING_RESULT_UNSPECIFIED},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := oversight.Request(&liaisonv1.Request{RecalledParts: test.recalled}, test.parts).GetPlatformScreening(); got != test.want {
				t.Errorf("it is %s", got)
			}
		})
	}
}

func TestAReviewersGroundsAreKnownOfItsEvents(t *testing.T) {
	why := &liaisonv1.ReviewObjection{Grounds: []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION, Explanation: "A source."}}}
	for name, e := range map[string]*liaisonv1.Event{
		"in part":      {Detail: &liaisonv1.Event_ReviewObjected{ReviewObjected: why}},
		"to the whole": {Detail: &liaisonv1.Event_ReviewRefused{ReviewRefused: why}},
	} {
		if got := oversight.Event(e).GetGrounds(); len(got) != 1 || got[0] != liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestStatisticsAndOversightCountTheSame: for how long the platform had to wait, and which
// grounds were named.
func TestStatisticsAndOversightCountTheSame(t *testing.T) {
	ground := func(code liaisonv1.GroundCode) []*liaisonv1.Ground { return []*liaisonv1.Ground{{Code: code}} }
	events := []*liaisonv1.Event{
		step(0, filed, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: &liaisonv1.RequestSpec{}}}}),
		step(1, liaisonv1.RequestState_REQUEST_STATE_OBJECTED, 1, &liaisonv1.Event{Detail: &liaisonv1.Event_Objected{Objected: &liaisonv1.Objection{Grounds: ground(liaisonv1.GroundCode_GROUND_CODE_INCOMPLETE)}}}),
		step(3, liaisonv1.RequestState_REQUEST_STATE_OBJECTED, 3, &liaisonv1.Event{Detail: &liaisonv1.Event_MoreTimeGranted{}}),
		step(6, working, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Upheld{}}),
		step(7, working, running, &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewObjected{ReviewObjected: &liaisonv1.ReviewObjection{Grounds: ground(liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION)}}}),
		step(9, answered, running, &liaisonv1.Event{Detail: &liaisonv1.Event_Answered{Answered: &liaisonv1.AnswerManifest{Part: 1, Entries: []*liaisonv1.ManifestEntry{
			{SelectorId: "1", Outcome: liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD, Ground: liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE},
		}}}}),
	}
	var request *liaisonv1.Request
	for _, e := range events {
		request = record.Fold(request, e)
	}
	m, f := oversight.Request(request, events), request.GetFigures()
	if got, want := m.GetStoppedFor().AsDuration(), f.GetStopped().AsDuration(); got != want || got != 5*time.Hour {
		t.Errorf("the clock stood for %v, and for %v in the statistics", got, want)
	}
	if len(m.GetGrounds()) != 3 || len(f.GetGrounds()) != 3 {
		t.Fatalf("%v are named, and %v in the statistics", m.GetGrounds(), f.GetGrounds())
	}
	for i, ground := range f.GetGrounds() {
		if other := m.GetGrounds()[i].GetCode(); other != ground.GetCode() {
			t.Errorf("ground %d is %s, and %s in the statistics", i, other, ground.GetCode())
		}
	}
}

// TestEveryNumberIsOfTheRequestOrSomeEvents plays an event of every step: a number that says
// how often something happened counts one of them.
func TestEveryNumberIsOfTheRequestOrSomeEvents(t *testing.T) {
	r := &liaisonv1.Request{
		AnswerParts: 1, RecalledParts: []int32{1}, Amendments: 1, BarredSelectors: []string{"1"}, DuplicateOfRequests: []string{"requests/1"},
	}
	var events []*liaisonv1.Event
	steps := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range steps.Len() {
		e := step(i, working, running, &liaisonv1.Event{})
		e.ProtoReflect().Set(steps.Get(i), e.ProtoReflect().NewField(steps.Get(i)))
		events = append(events, e)
	}
	events = append(events, step(steps.Len(), liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE, running, &liaisonv1.Event{}))
	m := oversight.Request(r, events).ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		if field := m.Descriptor().Fields().Get(i); field.Kind() == protoreflect.Int32Kind && !m.Has(field) {
			t.Errorf("nothing counts RequestMetadata.%s", field.Name())
		}
	}
}
