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
	_, err := h.authority(id).FileRequest(h.t.Context(), &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(change...)}})
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

	call := &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}
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

	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.RequestsPerDay, p.EmergenciesPerDay, p.PlatformQuotas = 0, 0, nil })
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
				_, err := authority.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
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

// setLaw changes by whom at least requests are approved in a country.
func (h *hub) setLaw(country string, identity, activity liaisonv1.ApproverLevel) {
	h.t.Helper()
	d := h.directory(operator)
	policy := must(d.GetCountryPolicy(h.t.Context(), &liaisonv1.GetCountryPolicyRequest{Country: country})).GetPolicy()
	policy.Levels = []*liaisonv1.TierLevel{
		{Tier: liaisonv1.DataTier_DATA_TIER_IDENTITY, LowestLevel: identity},
		{Tier: liaisonv1.DataTier_DATA_TIER_ACTIVITY, LowestLevel: activity},
	}
	must(d.UpdateCountryPolicy(h.t.Context(), &liaisonv1.UpdateCountryPolicyRequest{Policy: policy}))
}

// The levels of the tests.
const (
	judge           = liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE
	levelProsecutor = liaisonv1.ApproverLevel_APPROVER_LEVEL_PROSECUTOR
	head            = liaisonv1.ApproverLevel_APPROVER_LEVEL_HEAD_OF_AUTHORITY
)

// activity seeks what only a judge may have sought.
func activity(s *liaisonv1.RequestSpec) {
	s.Categories = append(s.Categories, liaisonv1.DataCategory_DATA_CATEGORY_DEVICE)
}

// holdsDevices has Messenger hold what activity seeks.
func (h *hub) holdsDevices() {
	h.updatePlatform(func(p *liaisonv1.Platform) {
		p.Capabilities.Categories = append(p.Capabilities.Categories, &liaisonv1.HeldCategory{Category: liaisonv1.DataCategory_DATA_CATEGORY_DEVICE})
	})
}

// wantLevel fails unless err says which category needs which level.
func wantLevel(t *testing.T, err error, category liaisonv1.DataCategory, needed liaisonv1.ApproverLevel) {
	t.Helper()
	wantReason(t, err, codes.FailedPrecondition, "APPROVAL_LEVEL_TOO_LOW")
	broken := detail[*errdetails.PreconditionFailure](t, err).GetViolations()
	if len(broken) != 1 || broken[0].GetSubject() != category.String() ||
		!strings.Contains(broken[0].GetDescription(), strings.TrimPrefix(needed.String(), "APPROVER_LEVEL_")) {
		t.Errorf("the category and the level needed are not told: %v", broken)
	}
}

// TestADeeperTierNeedsAHigherApprover: what a request claims of its legal basis is held
// against the law at filing, and who approves it against the directory, whatever it claims.
func TestADeeperTierNeedsAHigherApprover(t *testing.T) {
	const device, identity = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY
	h := newHub(t)
	h.holdsDevices()
	const prosecutor, clerk = "moc.example/approver/prosecutor.one", "moc.example/approver/clerk"
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.Approvers = append(p.Approvers, &liaisonv1.ApproverEntry{Name: "spiffe://" + prosecutor, Level: levelProsecutor})
	})
	claiming := func(level liaisonv1.ApproverLevel) func(*liaisonv1.RequestSpec) {
		return func(s *liaisonv1.RequestSpec) { s.LegalBasis.ApproverLevel = level }
	}
	wantLevel(t, h.tryFiling(officer, claiming(head)), identity, levelProsecutor)
	err := h.tryFiling(officer, activity, claiming(levelProsecutor))
	wantLevel(t, err, device, judge)
	if fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations(); len(fields) != 1 || fields[0].GetField() != "spec.legal_basis.approver_level" {
		t.Errorf("the field is not named: %v", fields)
	}

	// The request claims a judge's decision, and that is not what counts.
	approve := func(id string, e *liaisonv1.Event) (*liaisonv1.Event, error) {
		out, err := h.authority(id).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: e.GetRequest(), Call: &liaisonv1.Call{IfMatch: e.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
		if err != nil {
			return nil, err
		}
		return eventOf(out), nil
	}
	deep := h.fileEvent(activity)
	_, err = approve(clerk, deep)
	wantLevel(t, err, device, judge)
	_, err = approve(prosecutor, deep)
	wantLevel(t, err, device, judge)
	if _, err := h.requests(agent).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: deep.GetRequest()}); err == nil {
		t.Error("it came before the platform")
	}
	// Anybody of the approvers may still stop it; or it is amended to what the prosecutor may approve.
	amended := eventOf(must(h.authority(officer).AmendRequest(t.Context(), &liaisonv1.AmendRequestRequest{
		Name: deep.GetRequest(), Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
			Selectors: spec().GetSelectors(), Categories: []liaisonv1.DataCategory{identity},
		}}},
	})))
	_, err = approve(clerk, amended)
	wantLevel(t, err, identity, levelProsecutor)
	approved := must(approve(prosecutor, amended))
	if approved.GetPolicy().GetApproverLevel() != levelProsecutor {
		t.Errorf("the event has the level %s", approved.GetPolicy().GetApproverLevel())
	}
	if got := must(h.requests(agent).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: deep.GetRequest()})).GetRequest().GetApproverLevel(); got != levelProsecutor {
		t.Errorf("the platform reads the level %s", got)
	}
	must(h.authority(clerk).RejectRequest(t.Context(), &liaisonv1.RejectRequestRequest{
		Name: h.file(activity), Rejection: &liaisonv1.Rejection{Reason: "Not needed."},
	}))
}

// TestAnEmergencyIsValidatedByWhoMayApproveIt: a validation of too low a level is none, and
// the emergency lapses.
func TestAnEmergencyIsValidatedByWhoMayApproveIt(t *testing.T) {
	h := newHub(t)
	h.holdsDevices()
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.Approvers = append(p.Approvers, &liaisonv1.ApproverEntry{Name: "prosecutor.one", Level: levelProsecutor})
	})
	validate := func(id, name string) error {
		_, err := h.authority(id).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}})
		return err
	}
	deep, shallow, lapsing := h.file(emergency, activity), h.file(emergency), h.file(emergency, activity)
	wantLevel(t, validate("moc.example/approver/prosecutor.one", deep), liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, judge)
	if err := validate("moc.example/approver/prosecutor.one", shallow); err != nil {
		t.Error(err)
	}
	if err := validate(approver, deep); err != nil {
		t.Error(err)
	}
	if got := h.get(deep); got.GetApproverLevel() != judge || got.GetValidatedBy() == "" {
		t.Errorf("it was validated at the level %s", got.GetApproverLevel())
	}
	wantLevel(t, validate("moc.example/approver/prosecutor.one", lapsing), liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, judge)
	h.advance(48 * time.Hour)
	eventually(t, "it lapses", func() bool { return h.get(lapsing).GetState() == liaisonv1.RequestState_REQUEST_STATE_LAPSED })
}

// TestTheLawOfACountry: a country's policy goes before the default, the stricter one holds
// of two, and each is changed as it was read.
func TestTheLawOfACountry(t *testing.T) {
	h := newHub(t)
	read := func(id, country string) *liaisonv1.CountryPolicy {
		return must(h.directory(id).GetCountryPolicy(t.Context(), &liaisonv1.GetCountryPolicyRequest{Country: country})).GetPolicy()
	}
	for _, id := range []string{officer, agent, auditor} {
		policy := read(id, "IQ")
		if len(policy.GetLevels()) != 2 || policy.GetLevels()[0].GetLowestLevel() != levelProsecutor || policy.GetLevels()[1].GetLowestLevel() != judge || policy.GetEtag() != "" {
			t.Errorf("by default: %v", policy)
		}
	}
	claiming := func(country string) func(*liaisonv1.RequestSpec) {
		return func(s *liaisonv1.RequestSpec) {
			s.LegalBasis.ApproverLevel, s.LegalBasis.Country = head, country
		}
	}
	wantLevel(t, h.tryFiling(officer, claiming("IQ")), liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, levelProsecutor)
	h.setLaw("IQ", head, judge)
	if err := h.tryFiling(officer, claiming("IQ")); err != nil {
		t.Error(err)
	}
	// To name another country's law, or to have no policy there, makes it no easier.
	wantLevel(t, h.tryFiling(officer, claiming("SE")), liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, levelProsecutor)

	policy := read(officer, "IQ")
	if policy.GetEtag() == "" || policy.GetUpdateTime() == nil || policy.GetLevels()[0].GetLowestLevel() != head {
		t.Errorf("the policy reads %v", policy)
	}
	h.setLaw("SE", judge, judge)
	policies := must(h.directory(agent).ListCountryPolicies(t.Context(), &liaisonv1.ListCountryPoliciesRequest{})).GetPolicies()
	if len(policies) != 2 || policies[0].GetCountry() != "IQ" || policies[1].GetCountry() != "SE" {
		t.Errorf("the list: %v", policies)
	}
	h.restart()
	if got := read(agent, "IQ"); got.GetEtag() != policy.GetEtag() || got.GetLevels()[0].GetLowestLevel() != head {
		t.Errorf("after a restart: %v", got)
	}
	d := h.directory(operator)
	for _, etag := range []string{"", "zz"} {
		stale := read(operator, "IQ")
		stale.Etag = etag
		_, err := d.UpdateCountryPolicy(t.Context(), &liaisonv1.UpdateCountryPolicyRequest{Policy: stale})
		wantReason(t, err, codes.Aborted, "ETAG_MISMATCH")
	}
	// An authority's own country counts beside the one that it names.
	entry := must(d.GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})).GetAuthority()
	entry.Organisation.Country = "SE"
	must(d.UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: entry}}))
	wantLevel(t, h.tryFiling(officer, claiming("IQ")), liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, judge)
	// None of this is a participant.
	if list := must(d.ListAuthorities(t.Context(), &liaisonv1.ListAuthoritiesRequest{})).GetAuthorities(); len(list) != 2 {
		t.Errorf("there are %d authorities", len(list))
	}
}

// kind is a request of another kind than a disclosure.
func kind(k liaisonv1.RequestKind) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) {
		s.Kind = k
		if k == liaisonv1.RequestKind_REQUEST_KIND_PRESERVE {
			start := time.Now().Truncate(time.Second)
			s.Preservation = &liaisonv1.Preservation{StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(30 * 24 * time.Hour))}
		}
	}
}

// TestFourEyesByKind: what an authority's policy lets one officer file comes before the
// platform at once, and both sides read by whom it was not approved. All else waits for a
// second person: other kinds, other authorities, and the same kind once the policy is gone.
func TestFourEyesByKind(t *testing.T) {
	const disclose, preserve, existence = liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE
	h := newHub(t)
	waits := func(e *liaisonv1.Event) {
		t.Helper()
		_, err := h.requests(agent).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: e.GetRequest()})
		if e.GetState() != liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL || e.GetPolicy().GetSecondPersonWaived() || err == nil {
			t.Errorf("it waits for nobody: %s, %v", e.GetState(), e.GetPolicy())
		}
	}
	waits(h.fileEvent(kind(preserve)))
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.SingleOfficerKinds = []liaisonv1.RequestKind{preserve} })
	alone := h.fileEvent(kind(preserve))
	if alone.GetState() != liaisonv1.RequestState_REQUEST_STATE_FILED || !alone.GetPolicy().GetSecondPersonWaived() {
		t.Errorf("filed alone: %s, %v", alone.GetState(), alone.GetPolicy())
	}
	read := must(h.requests(agent).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: alone.GetRequest()})).GetRequest()
	if !read.GetSecondPersonWaived() || read.GetApprovedBy() != "" || read.GetDeliveryTime() == nil || read.GetClocks().GetAnswerDueTime() == nil {
		t.Errorf("the platform reads %v", read)
	}
	_, err := h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: alone.GetRequest(), Call: &liaisonv1.Call{IfMatch: alone.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")

	waits(h.fileEvent(kind(existence)))
	waits(h.fileEvent(kind(disclose)))
	waits(eventOf(must(h.authority(dpo).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(kind(preserve))}}))))
	// An emergency is validated by a second person, whatever its kind.
	urgent := h.fileEvent(emergency, kind(preserve))
	if urgent.GetPolicy().GetSecondPersonWaived() || urgent.GetClocks().GetValidationDueTime() == nil {
		t.Errorf("an emergency is filed alone: %v", urgent)
	}
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) { p.SingleOfficerKinds = nil })
	waits(h.fileEvent(kind(preserve)))

	d := h.directory(operator)
	entry := must(d.GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})).GetAuthority()
	entry.FilingPolicy.SingleOfficerKinds = []liaisonv1.RequestKind{disclose}
	_, err = d.UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: entry}})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// TestWhoApprovesIsNotToldToEverybody: approvers are people, and named to those alone who
// need to know them.
func TestWhoApprovesIsNotToldToEverybody(t *testing.T) {
	h := newHub(t)
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.Approvers = []*liaisonv1.ApproverEntry{{Name: "karim.aziz", Level: judge}}
	})
	for _, test := range []struct {
		id    string
		named bool
	}{{officer, true}, {approver, true}, {agent, true}, {operator, true}, {dpo, false}, {auditor, false}, {reviewer, false}} {
		t.Run(test.id, func(t *testing.T) {
			one := must(h.directory(test.id).GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})).GetAuthority()
			listed := must(h.directory(test.id).ListAuthorities(t.Context(), &liaisonv1.ListAuthoritiesRequest{})).GetAuthorities()
			for _, a := range append(listed, one) {
				if a.GetOrganisation().GetName() == "authorities/moc" && (len(a.GetFilingPolicy().GetApprovers()) > 0) != test.named {
					t.Errorf("the approvers are %v", a.GetFilingPolicy().GetApprovers())
				}
			}
		})
	}
	// What was left out was so of an answer, and not of the directory.
	if one := must(h.directory(operator).GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})); len(one.GetAuthority().GetFilingPolicy().GetApprovers()) != 1 {
		t.Error("the directory has lost its approvers")
	}
}
