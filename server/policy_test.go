package server_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// setPolicy changes what an authority may file.
func (h *hub) setPolicy(authority string, change func(*liaisonv1.FilingPolicy)) {
	h.t.Helper()
	d := h.directory(operator)
	entry := must(d.GetAuthority(h.t.Context(), &liaisonv1.GetAuthorityRequest{Name: authority})).GetAuthority()
	if entry.FilingPolicy == nil {
		entry.FilingPolicy = &liaisonv1.FilingPolicy{}
	}
	change(entry.FilingPolicy)
	must(d.UpdateParticipant(h.t.Context(), &liaisonv1.UpdateParticipantRequest{
		Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: entry},
	}))
}

// atNoon moves the hub's clock to noon by UTC, so that no midnight comes in between.
func (h *hub) atNoon() {
	h.t.Helper()
	now := h.now()
	h.advance(now.Truncate(24 * time.Hour).Add(36 * time.Hour).Sub(now))
}

func (h *hub) tryFiling(id string, change ...func(*liaisonv1.RequestSpec)) error {
	h.t.Helper()
	_, err := h.authority(id).FileRequest(h.t.Context(), &liaisonv1.FileRequestRequest{Spec: spec(change...), RequestId: newID()})
	return err
}

func drill(s *liaisonv1.RequestSpec) { s.Test = true }

func to(platform string) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) { s.Platform = platform }
}

// TestAnAuthorityIsHeldToItsCeilings: what is above them is refused at its field, with
// what may be asked, and the authority next to it is not concerned.
func TestAnAuthorityIsHeldToItsCeilings(t *testing.T) {
	h := newHub(t)
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.MaxSelectors, p.MaxPeriod = 2, durationpb.New(24*time.Hour)
	})
	during := func(d time.Duration) func(*liaisonv1.RequestSpec) {
		return func(s *liaisonv1.RequestSpec) {
			start := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
			s.Period = &liaisonv1.Period{StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(d))}
		}
	}
	three := func(s *liaisonv1.RequestSpec) { s.Selectors = append(s.Selectors, selector("3", "700100202")) }
	for _, test := range []struct {
		name  string
		about []func(*liaisonv1.RequestSpec)
		field string
	}{
		{"within both", []func(*liaisonv1.RequestSpec){during(24 * time.Hour)}, ""},
		{"a selector more", []func(*liaisonv1.RequestSpec){three}, "spec.selectors"},
		{"a second more", []func(*liaisonv1.RequestSpec){during(24*time.Hour + time.Second)}, "spec.period"},
		{"a selector more in an emergency", []func(*liaisonv1.RequestSpec){emergency, three}, "spec.selectors"},
		{"a selector more in a drill", []func(*liaisonv1.RequestSpec){drill, three}, "spec.selectors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := h.tryFiling(officer, test.about...)
			if test.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantReason(t, err, codes.InvalidArgument, "OUTSIDE_POLICY")
			fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations()
			if len(fields) != 1 || fields[0].GetField() != test.field || !strings.Contains(fields[0].GetDescription(), "at most") {
				t.Errorf("the field and the bound are not named: %v", fields)
			}
		})
	}
	if err := h.tryFiling(dpo, three); err != nil {
		t.Errorf("another authority is held to it: %v", err)
	}
}

// TestQuotasOfADay: what counts, what does not, and when it begins anew.
func TestQuotasOfADay(t *testing.T) {
	h := newHub(t)
	h.atNoon()
	accepted := func(id string, change ...func(*liaisonv1.RequestSpec)) {
		t.Helper()
		if err := h.tryFiling(id, change...); err != nil {
			t.Fatalf("refused: %v", err)
		}
	}
	usedUp := func(subject string, change ...func(*liaisonv1.RequestSpec)) {
		t.Helper()
		err := h.tryFiling(officer, change...)
		wantReason(t, err, codes.ResourceExhausted, "QUOTA_EXCEEDED")
		if broken := detail[*errdetails.QuotaFailure](t, err).GetViolations(); len(broken) != 1 || broken[0].GetSubject() != subject {
			t.Errorf("the quota is not named: %v", broken)
		}
		pause := detail[*errdetails.RetryInfo](t, err).GetRetryDelay().AsDuration()
		if left := h.now().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(h.now()); pause < left || pause > left+time.Minute {
			t.Errorf("it begins anew after %v, and it is told to wait %v", left, pause)
		}
	}
	accepted(officer) // before there is a quota nothing is counted
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.RequestsPerDay, p.EmergenciesPerDay = 3, 1
		p.PlatformQuotas = []*liaisonv1.PairQuota{{Platform: "platforms/messenger", RequestsPerDay: 2}}
	})

	call := &liaisonv1.FileRequestRequest{Spec: spec(), RequestId: newID()}
	client := h.authority(officer)
	for range 3 { // one call, repeated, is one filing
		must(client.FileRequest(t.Context(), call))
	}
	if err := h.tryFiling(officer, to("platforms/nobody")); err == nil { // what is refused does not count
		t.Fatal("a request to nobody was filed")
	}
	accepted(officer, drill)
	accepted(officer)
	usedUp("platforms/messenger")
	accepted(officer, to("platforms/filehost"))
	usedUp("authorities/moc", to("platforms/filehost"))
	accepted(officer, emergency) // which has a quota of its own
	usedUp("authorities/moc", emergency)
	accepted(officer, drill)
	accepted(dpo) // and so has everybody else
	must(client.FileRequest(t.Context(), call))

	h.restart()
	usedUp("authorities/moc")
	// A day is one of UTC: that a request names another zone moves nothing.
	usedUp("authorities/moc", func(s *liaisonv1.RequestSpec) { s.Calendar.TimeZone = "Pacific/Kiritimati" })
	h.advance(12*time.Hour - time.Minute)
	usedUp("authorities/moc")
	h.advance(time.Minute)
	accepted(officer)
	accepted(officer)
	usedUp("platforms/messenger")

	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.Reset() })
	accepted(officer)
}

// TestReplicasKeepOneQuota files three times as many as may be through three hubs at a
// time: exactly so many are accepted.
func TestReplicasKeepOneQuota(t *testing.T) {
	hubs := newReplicas(t, 3, newDatabase(t))
	hubs[0].atNoon()
	const most = 20
	hubs[0].setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.RequestsPerDay = most })
	for _, h := range hubs {
		eventually(t, "every hub knows the quota", func() bool {
			entry := must(h.directory(officer).GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"}))
			return entry.GetAuthority().GetFilingPolicy().GetRequestsPerDay() == most
		})
	}
	var accepted, refused atomic.Int64
	var filing sync.WaitGroup
	for i := range 12 {
		authority := hubs[i%len(hubs)].authority(officer)
		filing.Go(func() {
			for range 3 * most / 12 {
				_, err := authority.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Spec: spec(), RequestId: newID()})
				if err == nil {
					accepted.Add(1)
					continue
				}
				refused.Add(1)
				if reasonOf(t, err) != "QUOTA_EXCEEDED" {
					t.Errorf("refused: %v", err)
				}
			}
		})
	}
	filing.Wait()
	if accepted.Load() != most || refused.Load() != 2*most {
		t.Errorf("%d were accepted and %d refused, of a quota of %d", accepted.Load(), refused.Load(), most)
	}
	if head := must(hubs[2].store.Head(t.Context())); head.Seq != most {
		t.Errorf("%d are recorded", head.Seq)
	}
}
