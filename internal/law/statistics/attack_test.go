package statistics

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// first and last are the months in which what the tests make happens.
const (
	first = Month(2026 * 12)
	last  = first + 15
)

// moment draws a time of these months.
func moment(t *rapid.T, name string) *timestamppb.Timestamp {
	days := rapid.IntRange(0, 15*30).Draw(t, name)
	return timestamppb.New(first.Start().Add(time.Duration(days) * day))
}

// figures draws a request's figures.
func figures(t *rapid.T) *liaisonv1.Figures {
	some := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) == 0 }
	began := moment(t, "begun")
	later := func(name string) *timestamppb.Timestamp {
		return timestamppb.New(began.AsTime().Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, name)) * time.Hour))
	}
	f := &liaisonv1.Figures{
		Kind:           liaisonv1.RequestKind(rapid.IntRange(1, 3).Draw(t, "kind")),
		Urgency:        liaisonv1.Urgency(rapid.IntRange(1, 2).Draw(t, "urgency")),
		LegalBasis:     liaisonv1.LegalBasisKind(rapid.IntRange(1, 3).Draw(t, "legal basis")),
		PeopleAffected: int64(rapid.IntRange(0, 3000).Draw(t, "people")),
		BeginTime:      began,
		DeliveryTime:   began,
	}
	if !some("open") {
		f.Outcome, f.OutcomeTime = liaisonv1.RequestOutcome(rapid.IntRange(1, 5).Draw(t, "outcome")), later("ended")
		if f.Outcome == liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED {
			f.AnswerTime, f.Result = f.OutcomeTime, liaisonv1.AnswerResult(rapid.IntRange(1, 4).Draw(t, "result"))
			if f.Result == liaisonv1.AnswerResult_ANSWER_RESULT_IDENTIFIED {
				f.Parties = []*liaisonv1.NamedParties{{Count: int64(rapid.IntRange(1, 4).Draw(t, "parties")), Time: f.AnswerTime}}
			}
		}
	}
	if some("against it") {
		f.Grounds = []*liaisonv1.NamedGround{{Code: liaisonv1.GroundCode(rapid.IntRange(1, 3).Draw(t, "ground")), Time: later("named")}}
	}
	if some("late") {
		f.MissTimes = []*timestamppb.Timestamp{later("missed")}
	}
	if some("wrong") {
		f.RecallTimes = []*timestamppb.Timestamp{later("recalled")}
	}
	if f.Urgency == liaisonv1.Urgency_URGENCY_EMERGENCY {
		if some("lapses") {
			f.LapseTime = later("lapsed")
		} else {
			f.ValidateTime = later("validated")
		}
	}
	return f
}

var (
	authorities = []string{"authorities/a", "authorities/b", "authorities/c"}
	platforms   = []string{"platforms/x", "platforms/y"}
)

// population draws requests and counts them.
func population(t *rapid.T) *Tally {
	tally := NewTally()
	for range rapid.IntRange(0, 60).Draw(t, "sorts of requests") {
		authority, platform := rapid.SampledFrom(authorities).Draw(t, "authority"), rapid.SampledFrom(platforms).Draw(t, "platform")
		f := figures(t)
		for range rapid.IntRange(1, 7).Draw(t, "of this sort") {
			tally.Count(authority, platform, f)
		}
	}
	return tally
}

// query is what a report can be asked for.
type query struct {
	period              Period
	authority, platform string
}

// queries are all that can be asked: every period of the grid, every authority and
// platform, and all of them.
func queries() (all []query) {
	var periods []Period
	for _, length := range []Month{1, 3, 12} {
		for from := first; from+length <= last+12; from += length {
			periods = append(periods, Period{From: from, Before: from + length})
		}
	}
	for _, period := range periods {
		for _, authority := range append([]string{""}, authorities...) {
			for _, platform := range append([]string{""}, platforms...) {
				all = append(all, query{period, authority, platform})
			}
		}
	}
	return all
}

// shown returns every count of a report by what it counts; a suppressed one as zero, as
// whoever adds up must take it.
func shown(r *liaisonv1.TransparencyReport) map[string]int64 {
	counts := map[string]int64{
		"requests": r.GetRequests().GetValue(), "decided": r.GetDecided().GetValue(), "missed": r.GetDeadlinesMissed().GetValue(),
		"validated": r.GetEmergenciesValidated().GetValue(), "lapsed": r.GetEmergenciesLapsed().GetValue(),
		"recalls": r.GetRecalls().GetValue(), "parties": r.GetPartiesIdentified().GetValue(),
	}
	for _, c := range r.GetByKind() {
		counts["kind "+c.GetKind().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetByUrgency() {
		counts["urgency "+c.GetUrgency().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetByLegalBasis() {
		counts["basis "+c.GetLegalBasis().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetByOutcome() {
		counts["outcome "+c.GetOutcome().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetByResult() {
		counts["result "+c.GetResult().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetByGround() {
		counts["ground "+c.GetGround().String()] = c.GetCount().GetValue()
	}
	for _, c := range r.GetAnswerTimes() {
		counts["answered "+c.GetUrgency().String()] = c.GetAnswered().GetValue()
	}
	return counts
}

// subtractions looks for a small count: it takes every two of the reports that a reader
// could hold against each other, and returns what differs by less than a lot and is not
// the same.
func subtractions(reports map[query]map[string]int64) (found []string) {
	for q, whole := range reports {
		for _, part := range partsOf(q) {
			smaller, ok := reports[part]
			if !ok || part == q {
				continue
			}
			for what, n := range whole {
				if rest := n - smaller[what]; rest != 0 && rest < Lot && rest > -Lot {
					found = append(found, fmt.Sprintf("%s: %v less %v leaves %d", what, q, part, rest))
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// partsOf returns reports that are parts of another: of a month or quarter of its period, of
// one authority, of one platform.
func partsOf(q query) (parts []query) {
	inner := []Period{q.period}
	if q.period.Before-q.period.From > 1 {
		for month := q.period.From; month < q.period.Before; month++ {
			inner = append(inner, Period{From: month, Before: month + 1})
		}
	}
	for quarter := q.period.From; q.period.Before-q.period.From == 12 && quarter < q.period.Before; quarter += 3 {
		inner = append(inner, Period{From: quarter, Before: quarter + 3})
	}
	as, ps := []string{q.authority}, []string{q.platform}
	if q.authority == "" {
		as = append(as, authorities...)
	}
	if q.platform == "" {
		ps = append(ps, platforms...)
	}
	for _, period := range inner {
		for _, authority := range as {
			for _, platform := range ps {
				parts = append(parts, query{period, authority, platform})
			}
		}
	}
	return parts
}

func reportsOf(r *Released) map[query]map[string]int64 {
	all := make(map[query]map[string]int64)
	for _, q := range queries() {
		all[q] = shown(r.Report(q.period, q.authority, q.platform))
	}
	return all
}

// TestNoSubtractionOfTwoReportsLeavesASmallCount takes all reports that can be had, and
// subtracts each from every other that it is a part of.
func TestNoSubtractionOfTwoReportsLeavesASmallCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reports := reportsOf(population(t).Release(last + 12))
		if found := subtractions(reports); len(found) > 0 {
			t.Fatalf("%d small counts are left, the first: %s", len(found), found[0])
		}
		for q, counts := range reports {
			for what, n := range counts {
				if n%Lot != 0 {
					t.Fatalf("%v tells %d %s, which is not in lots: several reports together would tell more", q, n, what)
				}
			}
		}
	})
}

// TestTheSubtractionFindsWhatIsOnlySuppressed shows that the attack is one: where small
// counts are suppressed alone, and totals told as they are, it finds them.
func TestTheSubtractionFindsWhatIsOnlySuppressed(t *testing.T) {
	t.Parallel()
	tally := NewTally()
	request := &liaisonv1.Figures{Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Urgency: liaisonv1.Urgency_URGENCY_ROUTINE, BeginTime: timestamppb.New(first.Start())}
	for range 9 {
		tally.Count(authorities[0], platforms[0], request)
	}
	for range 2 {
		tally.Count(authorities[1], platforms[0], request)
	}
	exact := &Released{months: make(map[Series]map[Month]*released)}
	for series, months := range tally.months {
		exact.months[series] = make(map[Month]*released)
		for month, c := range months {
			exact.months[series][month] = &released{cells: c.cells}
		}
	}
	reports := reportsOf(exact)
	for _, counts := range reports {
		maps.DeleteFunc(counts, func(_ string, n int64) bool { return n < Lot })
	}
	if found := subtractions(reports); len(found) == 0 {
		t.Error("nine of one authority and eleven of all do not give away the other's two")
	}
	if found := subtractions(reportsOf(tally.Release(last))); len(found) > 0 {
		t.Errorf("in lots they do: %s", found[0])
	}
}

// asIfTrue returns a tally of which what was released is the whole truth.
func asIfTrue(r *Released) *Tally {
	tally := NewTally()
	for series, months := range r.months {
		for month, of := range months {
			c := tally.of(series, month)
			c.cells = of.cells
			if of.people > 0 {
				c.people = pile{sum: of.people, most: (of.people + Lot - 1) / Lot, requests: Lot}
			}
			if of.parties > 0 {
				c.parties = pile{sum: of.parties, most: of.parties / Lot, requests: Lot}
			}
		}
	}
	return tally
}

// TestASuppressedCountMayBeAnySmallOne is the proof in the package's comment, tried. The
// attacker has every report there is and knows the method. For every number of requests
// below a lot, of any sort, between any two, in any month, there is a past with so many
// more of them that led to the very same reports. So nothing that is suppressed is
// determined, nor known to be within fewer than a lot of numbers.
func TestASuppressedCountMayBeAnySmallOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		published := population(t).Release(last + 12)
		sort := figures(t)
		sort.PeopleAffected = 0 // few requests say; those that do are told by five
		for _, named := range sort.GetParties() {
			named.Count = 1
		}
		authority, platform := rapid.SampledFrom(authorities).Draw(t, "whose"), rapid.SampledFrom(platforms).Draw(t, "to whom")
		for more := range Lot {
			past := asIfTrue(published)
			for range more {
				past.Count(authority, platform, sort)
			}
			if diff := cmp.Diff(whatIsTold(published), whatIsTold(past.Release(last+12))); diff != "" {
				t.Fatalf("%d more requests of one sort change what is released:\n%s", more, diff)
			}
		}
	})
}

// whatIsTold returns all reports, times and people with them.
func whatIsTold(r *Released) map[string]string {
	all := make(map[string]string)
	for series, months := range r.months {
		for month, of := range months {
			all[fmt.Sprint(series, Period{From: month, Before: month + 1})] = fmt.Sprint(*of)
		}
	}
	return all
}

// TestWhatIsReleasedIsNearlyWhatHappened bounds the price: between two, less than a lot of
// any count waits at the end, however many months there were, and parts add up.
func TestWhatIsReleasedIsNearlyWhatHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tally := population(t)
		out := tally.Release(last + 12)
		for series, months := range tally.months {
			var truth, told released
			for month, c := range months {
				truth.add(&released{cells: c.cells})
				if of := out.months[series][month]; of != nil {
					told.add(of)
				}
			}
			for what, run := range map[string][2]int{"requests": {ofKind, ofBasis}, "requests by basis": {ofBasis, ofEnd}, "decisions": {ofEnd, ofResult}, "emergencies": {validated, cells}} {
				if waits := truth.total(run[0], run[1]) - told.total(run[0], run[1]); waits < 0 || waits >= Lot {
					t.Fatalf("of %v, %d %s wait", series, waits, what)
				}
			}
			if told.total(ofKind, ofBasis) != told.total(ofBasis, ofEnd) {
				t.Fatalf("of %v, the kinds make up another total than the legal bases", series)
			}
			for what, run := range map[string][2]int{"results": {ofResult, ofNet}, "times": {ofNet, ofWhole}, "whole times": {ofWhole, ofGround}} {
				if told.total(run[0], run[1]) != told.cells[answered] {
					t.Fatalf("of %v, the %s make up %d and %d were answered", series, what, told.total(run[0], run[1]), told.cells[answered])
				}
			}
			if slices.Min(told.cells[:]) < 0 {
				t.Fatalf("of %v, a count is below zero", series)
			}
		}
	})
}

// TestWhatIsReleasedNeverChanges: later months add to it and take nothing back.
func TestWhatIsReleasedNeverChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tally := population(t)
		early, late := tally.Release(last-6), tally.Release(last+12)
		for series, months := range early.months {
			for month, of := range months {
				if diff := cmp.Diff(*of, *late.months[series][month], cmp.AllowUnexported(released{})); diff != "" {
					t.Fatalf("%v of month %d was told anew:\n%s", series, month, diff)
				}
			}
		}
	})
}
