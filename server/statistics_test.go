package server_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// nextMonth puts the hub's clock to some time into the next month, and returns that month.
func (h *hub) nextMonth(into time.Duration) time.Time {
	now := h.now().UTC()
	month := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	h.advance(month.Add(into).Sub(h.now()))
	return month
}

func (h *hub) report(period, authority, platform string) *liaisonv1.TransparencyReport {
	h.t.Helper()
	return must(h.statistics(auditor).GetTransparencyReport(h.t.Context(), &liaisonv1.GetTransparencyReportRequest{
		Period: period, Authority: authority, Platform: platform,
	})).GetReport()
}

func people(n int64) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) { s.Incident.PeopleAffected = n }
}

func (h *hub) answerWhole(name string) {
	h.t.Helper()
	must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	must(h.platform(agent).AnswerRequest(h.t.Context(), &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: &liaisonv1.Answer{
		Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{identified("1", "700100200", "+447700900123"), notFound("2")},
	}}}))
}

// aMonth plays a month: eleven routine requests, of which ten are answered after two days
// and one is refused; six emergencies, of which nobody validates any; a rejection; drills.
// It returns the month as its report is asked for, and a name of those answered.
func (h *hub) aMonth() (period, answered string) {
	h.t.Helper()
	ctx := h.t.Context()
	month := h.nextMonth(time.Hour)
	var names []string
	for range 10 {
		names = append(names, h.approved(people(100)))
	}
	refused := h.approved()
	for range 6 {
		h.file(emergency)
		h.answerWhole(h.file(emergency, drill))
	}
	rejected := h.file()
	must(h.authority(approver).RejectRequest(ctx, &liaisonv1.RejectRequestRequest{Name: rejected, Rejection: &liaisonv1.Rejection{Reason: "too wide"}}))
	h.file() // waits for approval, and does not count
	h.advance(47 * time.Hour)
	for _, name := range names {
		h.answerWhole(name)
	}
	must(h.platform(agent).AcknowledgeRequest(ctx, &liaisonv1.AcknowledgeRequestRequest{Name: refused, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	must(h.platform(agent).RefuseRequest(ctx, &liaisonv1.RefuseRequestRequest{Name: refused, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: refusal()}}))
	for _, name := range names[:5] {
		must(h.platform(agent).RecallAnswer(ctx, &liaisonv1.RecallAnswerRequest{Name: name, Form: &liaisonv1.RecallAnswerRequest_Recall{Recall: &liaisonv1.Recall{Parts: []int32{1}, Reason: "another account"}}}))
	}
	h.advance(2 * time.Hour)
	last := h.file(emergency) // whatever is due is done before it
	must(h.authority(officer).WithdrawRequest(ctx, &liaisonv1.WithdrawRequestRequest{Name: last, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}}))
	for _, name := range names[5:] {
		must(h.authority(officer).ConfirmReceipt(ctx, &liaisonv1.ConfirmReceiptRequest{Name: name, Confirmation: &liaisonv1.ReceiptConfirmation{}}))
	}
	return month.Format("2006-01"), names[9]
}

func shown(n int64) *liaisonv1.Count {
	return &liaisonv1.Count{Figure: &liaisonv1.Count_Value{Value: n}}
}

var suppressed = &liaisonv1.Count{Figure: &liaisonv1.Count_Suppressed{Suppressed: true}}

// TestTheReportOfAMonth over both engines: what is told, to whom, when, and that it is told
// the same when everything was purged.
func TestTheReportOfAMonth(t *testing.T) {
	for engine, newHub := range map[string]func(*testing.T) *hub{
		"sqlite": func(t *testing.T) *hub {
			path := filepath.Join(t.TempDir(), "hub.db")
			return newHubOver(t, func() store.Store { return must(sqlite.Open(t.Context(), path)) }, unlimited)
		},
		"postgres": func(t *testing.T) *hub {
			connection := newDatabase(t)
			return newHubOver(t, func() store.Store { return must(postgres.Open(t.Context(), connection)) }, unlimited)
		},
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			period, answered := h.aMonth()
			ask := &liaisonv1.GetTransparencyReportRequest{Period: period}
			_, err := h.statistics(auditor).GetTransparencyReport(t.Context(), ask)
			wantReason(t, err, codes.FailedPrecondition, "PERIOD_NOT_OVER")
			h.nextMonth(23 * time.Hour)
			_, err = h.statistics(auditor).GetTransparencyReport(t.Context(), ask)
			wantReason(t, err, codes.FailedPrecondition, "PERIOD_NOT_OVER")
			h.advance(time.Hour)

			report := h.report(period, "", "")
			h.checkReport(report)
			for _, id := range []string{officer, approver, dpo, agent, filehost, reviewer, operator} {
				got := must(h.statistics(id).GetTransparencyReport(t.Context(), ask)).GetReport()
				if diff := cmp.Diff(report, got, protocmp.Transform()); diff != "" {
					t.Errorf("%s is told something else:\n%s", id, diff)
				}
			}
			for name, parties := range map[string][2]string{
				"of the only authority": {"authorities/moc", ""}, "of the only platform": {"", "platforms/messenger"},
				"between the two": {"authorities/moc", "platforms/messenger"},
			} {
				got := h.report(period, parties[0], parties[1])
				got.Authority, got.Platform = "", ""
				if diff := cmp.Diff(report, got, protocmp.Transform()); diff != "" {
					t.Errorf("%s something else is told than of all:\n%s", name, diff)
				}
			}
			if other := h.report(period, "authorities/dpo", ""); !other.GetRequests().GetSuppressed() {
				t.Errorf("of another authority is told %v", other)
			}
			for _, parties := range [][2]string{{"authorities/nobody", ""}, {"", "platforms/nobody"}} {
				_, err := h.statistics(officer).GetTransparencyReport(t.Context(), &liaisonv1.GetTransparencyReportRequest{Period: period, Authority: parties[0], Platform: parties[1]})
				wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
			}

			h.retention = time.Hour
			h.restart()
			eventually(t, "the purge", func() bool { return h.get(answered).GetState() == liaisonv1.RequestState_REQUEST_STATE_PURGED })
			if diff := cmp.Diff(report, h.report(period, "", ""), protocmp.Transform()); diff != "" {
				t.Errorf("after the purge something else is told:\n%s", diff)
			}
		})
	}
}

// checkReport holds a report against what aMonth plays: eighteen or nineteen requests, the
// eleven routine ones and the rejected one in one count, the seven emergencies in another.
func (h *hub) checkReport(r *liaisonv1.TransparencyReport) {
	h.t.Helper()
	want := &liaisonv1.TransparencyReport{
		Period: r.GetPeriod(), StartTime: r.GetStartTime(), EndTime: r.GetEndTime(), Lot: 5,
		Requests: shown(15), Decided: shown(10),
		DeadlinesMissed: shown(5), EmergenciesValidated: suppressed, EmergenciesLapsed: shown(5), Recalls: shown(5),
		PeopleAffected: shown(1000), PartiesIdentified: shown(10),
		ByKind: []*liaisonv1.KindCount{
			{Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Count: shown(15)},
			{Kind: liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, Count: suppressed},
			{Kind: liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE, Count: suppressed},
		},
		ByUrgency: []*liaisonv1.UrgencyCount{
			{Urgency: liaisonv1.Urgency_URGENCY_ROUTINE, Count: shown(10)},
			{Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY, Count: shown(5)},
		},
		AnswerTimes: []*liaisonv1.AnswerTimes{
			{Urgency: liaisonv1.Urgency_URGENCY_ROUTINE, Answered: shown(10)},
			{Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY, Answered: suppressed},
		},
	}
	span := &liaisonv1.Span{Over: durationpb.New(24 * time.Hour), AtMost: durationpb.New(48 * time.Hour)}
	times := want.GetAnswerTimes()[0]
	times.Median, times.Percentile_90, times.WholeMedian, times.WholePercentile_90 = span, span, span, span
	for i := range int32(7) {
		basis := &liaisonv1.LegalBasisCount{LegalBasis: liaisonv1.LegalBasisKind(i + 1), Count: suppressed}
		if i == 0 {
			basis.Count = shown(15)
		}
		want.ByLegalBasis = append(want.ByLegalBasis, basis)
	}
	for i := range int32(5) {
		outcome := &liaisonv1.RequestOutcomeCount{Outcome: liaisonv1.RequestOutcome(i + 1), Count: suppressed}
		if i == 0 {
			outcome.Count = shown(10)
		}
		want.ByOutcome = append(want.ByOutcome, outcome)
	}
	for i := range int32(4) {
		result := &liaisonv1.ResultCount{Result: liaisonv1.AnswerResult(i + 1), Count: suppressed}
		if i == 0 {
			result.Count = shown(10)
		}
		want.ByResult = append(want.ByResult, result)
	}
	for i := range int32(22) {
		want.ByGround = append(want.ByGround, &liaisonv1.RequestGroundCount{Ground: liaisonv1.GroundCode(i + 1), Count: suppressed})
	}
	if diff := cmp.Diff(want, r, protocmp.Transform()); diff != "" {
		h.t.Errorf("the report says something else than happened (-want +got):\n%s", diff)
	}
}

// slowLists is an archive that lists nothing before it is freed, and counts the lists.
type slowLists struct {
	store.Store
	free  chan struct{}
	lists atomic.Int64
}

func (s *slowLists) Requests(ctx context.Context, q store.RequestQuery) ([]store.Request, error) {
	s.lists.Add(1)
	select {
	case <-s.free:
		return s.Store.Requests(ctx, q)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var longAgo = &liaisonv1.GetTransparencyReportRequest{Period: "2020"}

// TestACountThatNobodyWaitsForGoesOn: a report that takes longer than its caller has is
// there for whoever asks next, and nothing is counted twice.
func TestACountThatNobodyWaitsForGoesOn(t *testing.T) {
	h := newHub(t, server.Limits{CallDuration: 50 * time.Millisecond})
	slow := &slowLists{Store: h.store, free: make(chan struct{})}
	h.serveOver(t, slow)
	statistics := h.statistics(officer)
	_, err := statistics.GetTransparencyReport(t.Context(), longAgo)
	wantReason(t, err, codes.DeadlineExceeded, "DEADLINE_EXCEEDED")
	close(slow.free)
	eventually(t, "the report", func() bool {
		_, err := statistics.GetTransparencyReport(t.Context(), longAgo)
		return err == nil
	})
	must(statistics.GetTransparencyReport(t.Context(), longAgo))
	if n := slow.lists.Load(); n != 2 {
		t.Errorf("two authorities' requests were listed %d times", n)
	}
}

// TestAHubThatStopsCountsNoFurther.
func TestAHubThatStopsCountsNoFurther(t *testing.T) {
	h := newHub(t, server.Limits{CallDuration: 50 * time.Millisecond})
	h.serveOver(t, &slowLists{Store: h.store, free: make(chan struct{})})
	_, err := h.statistics(officer).GetTransparencyReport(t.Context(), longAgo)
	wantReason(t, err, codes.DeadlineExceeded, "DEADLINE_EXCEEDED")
	if err := h.server.Stop(t.Context()); err != nil { // it waits for the count
		t.Error(err)
	}
}

// TestADeliveryHoldsNoFigures: what an approval hands over is what it always was, or those
// who fold what was handed over before would find it changed.
func TestADeliveryHoldsNoFigures(t *testing.T) {
	h := newHub(t)
	name := h.approved()
	events := must(h.requests(agent).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name})).GetEvents()
	if delivered := events[0].GetDelivery().GetRequest(); delivered == nil || delivered.GetFigures() != nil {
		t.Errorf("the approval hands over %v", delivered)
	}
	if figures := h.get(name).GetFigures(); figures.GetBeginTime() == nil || !proto.Equal(figures.GetBeginTime(), figures.GetDeliveryTime()) {
		t.Errorf("behind it, its figures are %v", figures)
	}
}
