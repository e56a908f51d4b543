package statistics

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// fewest is how many answers percentiles are told of at least.
const fewest = 2 * Lot

// Report tells what was released of a period, of an authority, a platform or both; of all
// where they are empty.
func (r *Released) Report(p Period, authority, platform string) *liaisonv1.TransparencyReport {
	routine, emergency := r.sum(p, authority, platform)
	all := routine
	all.add(&emergency)
	out := &liaisonv1.TransparencyReport{
		Period:               p.String(),
		StartTime:            timestamppb.New(p.From.Start()),
		EndTime:              timestamppb.New(p.Before.Start()),
		Authority:            authority,
		Platform:             platform,
		Lot:                  Lot,
		Requests:             count(all.total(ofKind, ofBasis)),
		Decided:              count(all.total(ofEnd, ofResult)),
		DeadlinesMissed:      count(all.cells[missed]),
		EmergenciesValidated: count(all.cells[validated]),
		EmergenciesLapsed:    count(all.cells[lapsed]),
		Recalls:              count(all.cells[recalled]),
		PeopleAffected:       count(all.people),
		PartiesIdentified:    count(all.parties),
		ByUrgency: []*liaisonv1.UrgencyCount{
			{Urgency: liaisonv1.Urgency_URGENCY_ROUTINE, Count: count(routine.total(ofKind, ofBasis))},
			{Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY, Count: count(emergency.total(ofKind, ofBasis))},
		},
		AnswerTimes: []*liaisonv1.AnswerTimes{
			routine.times(liaisonv1.Urgency_URGENCY_ROUTINE),
			emergency.times(liaisonv1.Urgency_URGENCY_EMERGENCY),
		},
	}
	for i := range kindCells {
		if told(i, all.cells[ofKind+i]) {
			out.ByKind = append(out.ByKind, &liaisonv1.KindCount{Kind: liaisonv1.RequestKind(i), Count: count(all.cells[ofKind+i])})
		}
	}
	for i := range basisCells {
		if told(i, all.cells[ofBasis+i]) {
			out.ByLegalBasis = append(out.ByLegalBasis, &liaisonv1.LegalBasisCount{LegalBasis: liaisonv1.LegalBasisKind(i), Count: count(all.cells[ofBasis+i])})
		}
	}
	for i := range endCells {
		if told(i, all.cells[ofEnd+i]) {
			out.ByOutcome = append(out.ByOutcome, &liaisonv1.RequestOutcomeCount{Outcome: liaisonv1.RequestOutcome(i), Count: count(all.cells[ofEnd+i])})
		}
	}
	for i := range resultCells {
		if told(i, all.cells[ofResult+i]) {
			out.ByResult = append(out.ByResult, &liaisonv1.ResultCount{Result: liaisonv1.AnswerResult(i), Count: count(all.cells[ofResult+i])})
		}
	}
	for i := range groundCells {
		if told(i, all.cells[ofGround+i]) {
			out.ByGround = append(out.ByGround, &liaisonv1.RequestGroundCount{Ground: liaisonv1.GroundCode(i), Count: count(all.cells[ofGround+i])})
		}
	}
	return out
}

// told says whether an enumeration's value has a row: all but "unspecified", which has one
// where there is something to tell.
func told(number int, n int64) bool { return number > 0 || n > 0 }

func count(n int64) *liaisonv1.Count {
	if n == 0 {
		return &liaisonv1.Count{Figure: &liaisonv1.Count_Suppressed{Suppressed: true}}
	}
	return &liaisonv1.Count{Figure: &liaisonv1.Count_Value{Value: n}}
}

// total adds up cells.
func (r *released) total(from, before int) (n int64) {
	for _, cell := range r.cells[from:before] {
		n += cell
	}
	return n
}

// times tells how long answers took.
func (r *released) times(urgency liaisonv1.Urgency) *liaisonv1.AnswerTimes {
	out := &liaisonv1.AnswerTimes{Urgency: urgency, Answered: count(r.cells[answered])}
	net, whole := r.cells[ofNet:ofWhole], r.cells[ofWhole:ofGround]
	if r.cells[answered] < fewest {
		return out
	}
	out.Median, out.Percentile_90 = percentile(net, 50), percentile(net, 90)
	out.WholeMedian, out.WholePercentile_90 = percentile(whole, 50), percentile(whole, 90)
	return out
}

// percentile returns the class that a percentile lies in: the first up to which are so
// many of a hundred.
func percentile(of []int64, hundredths int64) *liaisonv1.Span {
	var all, passed int64
	for _, n := range of {
		all += n
	}
	for i, n := range of {
		if passed += n; passed*100 < all*hundredths {
			continue
		}
		span := &liaisonv1.Span{Over: durationpb.New(time.Duration(0))}
		if i > 0 {
			span.Over = durationpb.New(class[i-1])
		}
		if i < len(class) {
			span.AtMost = durationpb.New(class[i])
		}
		return span
	}
	return nil
}
