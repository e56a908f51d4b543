package statistics

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// mostPeople is the most people that can be affected: a request that says more is not
// believed, since one alone would make every total worthless.
const mostPeople = 10_000_000_000

// Count counts a request. A drill does not count, and neither does nothing.
func (t *Tally) Count(authority, platform string, f *liaisonv1.Figures) {
	if f == nil || f.GetTest() {
		return
	}
	series := Series{Authority: authority, Platform: platform, Emergency: f.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY}
	at := func(when *timestamppb.Timestamp) *counts { return t.of(series, MonthOf(when.AsTime())) }

	began := at(f.GetBeginTime())
	began.cells[ofKind+within(int(f.GetKind()), kindCells)]++
	began.cells[ofBasis+within(int(f.GetLegalBasis()), basisCells)]++
	if n := f.GetPeopleAffected(); n > 0 && n <= mostPeople {
		began.people.add(pile{sum: n, most: n, requests: 1})
	}
	if f.GetOutcomeTime() != nil {
		ended := at(f.GetOutcomeTime())
		ended.cells[ofEnd+within(int(f.GetOutcome()), endCells)]++
		if f.GetOutcome() == liaisonv1.RequestOutcome_REQUEST_OUTCOME_ANSWERED {
			whole, net := took(f)
			ended.cells[ofResult+within(int(f.GetResult()), resultCells)]++
			ended.cells[ofNet+classOf(net)]++
			ended.cells[ofWhole+classOf(whole)]++
		}
	}
	for _, g := range f.GetGrounds() {
		at(g.GetTime()).cells[ofGround+within(int(g.GetCode()), groundCells)]++
	}
	for _, when := range f.GetMissTimes() {
		at(when).cells[missed]++
	}
	for _, when := range f.GetRecallTimes() {
		at(when).cells[recalled]++
	}
	if f.GetValidateTime() != nil {
		at(f.GetValidateTime()).cells[validated]++
	}
	if f.GetLapseTime() != nil {
		at(f.GetLapseTime()).cells[lapsed]++
	}
	t.countParties(series, f)
}

// countParties counts the parties that the answers to a request named, once for each month
// in which any were.
func (t *Tally) countParties(series Series, f *liaisonv1.Figures) {
	in := make(map[Month]int64)
	for _, named := range f.GetParties() {
		in[MonthOf(named.GetTime().AsTime())] += named.GetCount()
	}
	for month, n := range in {
		t.of(series, month).parties.add(pile{sum: n, most: n, requests: 1})
	}
}

// within returns n, or zero, "unspecified", for what is no number of the enumeration.
func within(n, size int) int {
	if n < 0 || n >= size {
		return 0
	}
	return n
}

// took returns how long it took to answer a request whole, from when it came before the
// platform: all in all, and without the time in which the platform waited for the
// authority.
func took(f *liaisonv1.Figures) (whole, net time.Duration) {
	whole = max(0, f.GetAnswerTime().AsTime().Sub(f.GetDeliveryTime().AsTime()))
	return whole, max(0, whole-f.GetStopped().AsDuration())
}
