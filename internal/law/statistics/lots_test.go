package statistics

import (
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestLots is what becomes of a total's parts, month by month.
func TestLots(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		months, want [][]int64
	}{
		{"too few are not told", [][]int64{{4, 0}}, [][]int64{{0, 0}}},
		{"five are a lot", [][]int64{{5, 0}}, [][]int64{{5, 0}}},
		{"what is over waits", [][]int64{{7, 0}, {3, 0}, {4, 0}}, [][]int64{{5, 0}, {5, 0}, {0, 0}}},
		{"few and few are told together, by one of the parts", [][]int64{{3, 2}}, [][]int64{{5, 0}}},
		{"and the other part is not forgotten", [][]int64{{3, 2}, {2, 3}}, [][]int64{{5, 0}, {0, 5}}},
		{"a part that has a lot is told before others", [][]int64{{1, 6}}, [][]int64{{0, 5}}},
		{"a part that was told too early waits longer", [][]int64{{3, 2}, {5, 0}}, [][]int64{{5, 0}, {5, 0}}},
		{"many", [][]int64{{503, 1001}}, [][]int64{{500, 1000}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := waiting{cells: make([]int64, 2)}
			for i, month := range test.months {
				for j, n := range month {
					w.cells[j] += n
				}
				got := w.award(w.full())
				for j := range got {
					got[j] *= Lot
				}
				if !slices.Equal(got, test.want[i]) {
					t.Errorf("month %d: %v, want %v", i+1, got, test.want[i])
				}
			}
		})
	}
}

// TestTurns: of parts that are alike, each gets the lot that they fill together as often.
func TestTurns(t *testing.T) {
	t.Parallel()
	w := waiting{cells: make([]int64, 5)}
	told := make([]int64, 5)
	for range 50 {
		for i := range w.cells {
			w.cells[i]++
		}
		for i, n := range w.award(w.full()) {
			told[i] += n
		}
	}
	if !slices.Equal(told, []int64{10, 10, 10, 10, 10}) {
		t.Errorf("the lots went %v", told)
	}
}

func TestPiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		amounts          []int64
		people, parties  int64
		waitingOfParties int64
	}{
		{"of four requests", []int64{10, 10, 10, 10}, 0, 0, 40},
		{"of five", []int64{10, 10, 10, 10, 13}, 53, 50, 3},
		{"of which one makes up nearly all", []int64{1, 1, 1, 1, 1000}, 0, 0, 1004},
		{"of which one makes up four fifths", []int64{5, 5, 5, 5, 80}, 100, 100, 0},
		{"of many people", []int64{1_234_567, 1_000_000, 1_000_000, 1_000_000, 1_000_000}, 5_200_000, 5_234_565, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var p pile
			for _, n := range test.amounts {
				p.add(pile{sum: n, most: n, requests: 1})
			}
			q := p
			if got := p.roundly(); got != test.people {
				t.Errorf("people: %d, want %d", got, test.people)
			}
			if got := q.inLots(); got != test.parties || q.sum != test.waitingOfParties {
				t.Errorf("parties: %d, and %d wait, want %d and %d", got, q.sum, test.parties, test.waitingOfParties)
			}
		})
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-09": "2026-09-01 2026-10-01", "2026-12": "2026-12-01 2027-01-01", "2026-Q1": "2026-01-01 2026-04-01",
		"2026-Q4": "2026-10-01 2027-01-01", "2026": "2026-01-01 2027-01-01",
	} {
		p, err := ParsePeriod(text)
		if got := p.From.Start().Format(time.DateOnly) + " " + p.Before.Start().Format(time.DateOnly); err != nil || got != want || p.String() != text {
			t.Errorf("%s is %s, and written %s: %v", text, got, p, err)
		}
	}
	for _, text := range []string{"", "26-09", "2026-9", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-q1", "2026-09-01", "1999", "2026-", "abcd"} {
		if p, err := ParsePeriod(text); !errors.Is(err, ErrPeriod) {
			t.Errorf("%q is taken for %s", text, p)
		}
	}
}

// TestAMonthIsToldADayAfterItsEnd.
func TestAMonthIsToldADayAfterItsEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]Month{-time.Second: 2026*12 + 8, day - time.Nanosecond: 2026*12 + 8, day: 2026*12 + 9} {
		if got := Told(end.Add(after)); got != want {
			t.Errorf("%v after September, everything before %s is told", after, got.Start())
		}
	}
}

// request is one that came before its platform on a day of September.
func request(on int, change ...func(*liaisonv1.Figures)) *liaisonv1.Figures {
	at := timestamppb.New(time.Date(2026, 9, on, 8, 0, 0, 0, time.UTC))
	f := &liaisonv1.Figures{
		Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Urgency: liaisonv1.Urgency_URGENCY_ROUTINE,
		LegalBasis: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, BeginTime: at, DeliveryTime: at,
	}
	for _, c := range change {
		c(f)
	}
	return f
}

func answeredAfter(whole, stopped time.Duration) func(*liaisonv1.Figures) {
	return func(f *liaisonv1.Figures) {
		f.AnswerTime = timestamppb.New(f.GetDeliveryTime().AsTime().Add(whole))
		f.Stopped = durationpb.New(stopped)
		f.Outcome, f.OutcomeTime = liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED, f.AnswerTime
		f.Result = liaisonv1.AnswerResult_ANSWER_RESULT_NOTHING
	}
}

func september(t *Tally) *liaisonv1.TransparencyReport {
	period, _ := ParsePeriod("2026-09")
	return t.Release(period.Before).Report(period, "", "")
}

// TestTimesToAnswer: nine are answered in a day and a half, one in twelve days, four of
// which the platform waited.
func TestTimesToAnswer(t *testing.T) {
	t.Parallel()
	tally := NewTally()
	for range 10 {
		tally.Count("authorities/a", "platforms/x", request(1, answeredAfter(36*time.Hour, 0)))
	}
	for range 5 {
		tally.Count("authorities/a", "platforms/x", request(1, answeredAfter(12*day, 4*day)))
	}
	times := september(tally).GetAnswerTimes()[0]
	for _, test := range []struct {
		name         string
		span         *liaisonv1.Span
		over, atMost time.Duration
	}{
		{"median", times.GetMedian(), day, 2 * day},
		{"90th percentile", times.GetPercentile_90(), 7 * day, 8 * day},
		{"whole median", times.GetWholeMedian(), day, 2 * day},
		{"whole 90th percentile", times.GetWholePercentile_90(), 10 * day, 12 * day},
	} {
		if test.span.GetOver().AsDuration() != test.over || test.span.GetAtMost().AsDuration() != test.atMost {
			t.Errorf("%s: %v", test.name, test.span)
		}
	}
	few := NewTally()
	for range 9 {
		few.Count("authorities/a", "platforms/x", request(1, answeredAfter(time.Hour, 0)))
	}
	if times := september(few).GetAnswerTimes()[0]; times.GetMedian() != nil || times.GetAnswered().GetValue() != 5 {
		t.Errorf("of nine answers is told %v", times)
	}
	late := NewTally()
	for range 10 {
		late.Count("authorities/a", "platforms/x", request(1, answeredAfter(400*day, 0)))
	}
	period, _ := ParsePeriod("2027-10")
	if times := late.Release(period.Before).Report(period, "", "").GetAnswerTimes()[0]; times.GetMedian().GetOver().AsDuration() != 90*day || times.GetMedian().GetAtMost() != nil {
		t.Errorf("of answers after a year is told %v", times)
	}
}

// TestWhatDoesNotCount are drills, requests without figures, and numbers that nobody believes.
func TestWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	tally := NewTally()
	for range 10 {
		tally.Count("authorities/a", "platforms/x", request(1, func(f *liaisonv1.Figures) { f.Test = true }))
		tally.Count("authorities/a", "platforms/x", nil)
	}
	if len(tally.months) > 0 {
		t.Error("a drill counts")
	}
	for range 10 {
		tally.Count("authorities/a", "platforms/x", request(1, func(f *liaisonv1.Figures) { f.PeopleAffected = 1 << 62 }))
	}
	if got := september(tally); !got.GetPeopleAffected().GetSuppressed() || got.GetRequests().GetValue() != 10 {
		t.Errorf("more people than there are count: %v", got)
	}
}

// TestEveryNumberOfTheContractHasACell fails where an enumeration grew and the cells did not.
func TestEveryNumberOfTheContractHasACell(t *testing.T) {
	t.Parallel()
	for name, sizes := range map[string][2]int{
		"RequestKind":    {kindCells, liaisonv1.RequestKind(0).Descriptor().Values().Len()},
		"LegalBasisKind": {basisCells, liaisonv1.LegalBasisKind(0).Descriptor().Values().Len()},
		"RequestOutcome": {endCells, liaisonv1.RequestOutcome(0).Descriptor().Values().Len()},
		"AnswerResult":   {resultCells, liaisonv1.AnswerResult(0).Descriptor().Values().Len()},
		"GroundCode":     {groundCells, liaisonv1.GroundCode(0).Descriptor().Values().Len()},
	} {
		if sizes[0] != sizes[1] {
			t.Errorf("%s has %d numbers and %d cells", name, sizes[1], sizes[0])
		}
	}
	covered := 0
	for _, b := range blocks {
		if b.from != covered {
			t.Errorf("a block begins at cell %d and the one before ends at %d", b.from, covered)
		}
		covered = b.before
	}
	if covered != cells {
		t.Errorf("%d of %d cells are released", covered, cells)
	}
}
