package client_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// approvedBy is a copy of moc's policy in which Judge Karim Aziz has a level.
func approvedBy(level liaisonv1.ApproverLevel) client.Policies {
	return client.Policies{Filing: map[string]*liaisonv1.FilingPolicy{"authorities/moc": {
		Approvers: []*liaisonv1.ApproverEntry{{Name: "karim.aziz", Level: level}},
	}}}
}

// TestAPlatformHoldsTheApproverAgainstItsOwnCopy: a hub that lets somebody approve who may
// not is found out by a platform that knows better by itself, and by no other.
func TestAPlatformHoldsTheApproverAgainstItsOwnCopy(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer, judge := kit.Conn(t, "officer").Authority(), kit.Conn(t, "approver").Authority()
	filed, err := officer.File(t.Context(), exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := judge.Approve(t.Context(), filed.GetRequest(), nil, client.IfMatch(filed.GetEtag())); err != nil {
		t.Fatal(err)
	}
	identity := func(level liaisonv1.ApproverLevel) map[string]*liaisonv1.CountryPolicy {
		return map[string]*liaisonv1.CountryPolicy{"IQ": {Country: "IQ", Levels: []*liaisonv1.TierLevel{
			{Tier: liaisonv1.DataTier_DATA_TIER_IDENTITY, LowestLevel: level}, {Tier: liaisonv1.DataTier_DATA_TIER_ACTIVITY, LowestLevel: level},
		}}}
	}
	const head, judgeLevel = liaisonv1.ApproverLevel_APPROVER_LEVEL_HEAD_OF_AUTHORITY, liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE
	withLaw := func(p client.Policies, law map[string]*liaisonv1.CountryPolicy) client.Policies {
		p.Countries = law
		return p
	}
	for _, test := range []struct {
		name  string
		knows client.Policies
		finds bool
	}{
		{"it knows him as a judge", approvedBy(judgeLevel), false},
		{"it knows nothing", client.Policies{}, false},
		{"it knows him as the head of the authority", approvedBy(head), true},
		{"it does not know him", client.Policies{Filing: map[string]*liaisonv1.FilingPolicy{"authorities/moc": {}}}, true},
		{"it knows of another authority", client.Policies{Filing: map[string]*liaisonv1.FilingPolicy{"authorities/dpo": {}}}, false},
		{"it knows of a law by which the head suffices", withLaw(approvedBy(head), identity(head)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := kit.Conn(t, "agent", client.WithPolicies(test.knows)).Platform().Get(t.Context(), filed.GetRequest())
			if test.finds {
				caught(t, err, client.ErrUnapproved)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.GetApproverLevel() != judgeLevel {
				t.Errorf("it reads the level %s", r.GetApproverLevel())
			}
		})
	}
	// What is over is not judged by what changes afterwards.
	if _, err := officer.Withdraw(t.Context(), filed.GetRequest(), &liaisonv1.Withdrawal{Reason: "Settled."}); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Conn(t, "agent", client.WithPolicies(approvedBy(head))).Platform().Get(t.Context(), filed.GetRequest()); err != nil {
		t.Errorf("what is over cannot be read any more: %v", err)
	}
}

// TestAPlatformTakesNothingFiledAloneUnlessItKnowsBetter: that one officer may file alone
// the hub's word does not settle.
func TestAPlatformTakesNothingFiledAloneUnlessItKnowsBetter(t *testing.T) {
	t.Parallel()
	const preserve, existence = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE
	kit := liaisontest.New(t)
	directory := liaisonv1.NewDirectoryServiceClient(kit.Conn(t, "operator").Unverified())
	entry, err := directory.GetAuthority(t.Context(), &liaisonv1.GetAuthorityRequest{Name: "authorities/moc"})
	if err != nil {
		t.Fatal(err)
	}
	entry.Authority.FilingPolicy.SingleOfficerKinds = []liaisonv1.RequestKind{existence}
	if _, err := directory.UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{
		Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: entry.GetAuthority()},
	}); err != nil {
		t.Fatal(err)
	}
	spec := exampleSpec()
	spec.Kind = existence
	officer := kit.Conn(t, "officer").Authority()
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	// The authority's own side reads it as it is.
	if r, err := officer.Get(t.Context(), filed.GetRequest()); err != nil || !r.GetSecondPersonWaived() {
		t.Errorf("the officer reads %v, %v", r.GetSecondPersonWaived(), err)
	}
	knowing := func(kinds ...liaisonv1.RequestKind) client.Policies {
		return client.Policies{Filing: map[string]*liaisonv1.FilingPolicy{"authorities/moc": {SingleOfficerKinds: kinds}}}
	}
	for _, test := range []struct {
		name  string
		knows client.Policies
		finds bool
	}{
		{"it knows nothing", client.Policies{}, true},
		{"it knows of four eyes for everything", knowing(), true},
		{"it knows of another kind", knowing(preserve), true},
		{"it knows of this kind", knowing(preserve, existence), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := kit.Conn(t, "agent", client.WithPolicies(test.knows)).Platform().Get(t.Context(), filed.GetRequest())
			if test.finds {
				caught(t, err, client.ErrUnapproved)
				return
			}
			if err != nil || !r.GetSecondPersonWaived() {
				t.Errorf("%v, %v", r.GetSecondPersonWaived(), err)
			}
		})
	}
}

// TestWhatIsFiledIsNormalisedBeforeItIsSigned: a number that people write otherwise is filed,
// and signed, as the contract asks for it; asking for it again is found, and it is answered
// and narrowed as if it had been written so.
func TestWhatIsFiledIsNormalisedBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := kit.Conn(t, "officer").Authority()
	asking := func(numbers ...string) *liaisonv1.RequestSpec {
		spec := exampleSpec()
		spec.Selectors = nil
		for i, number := range numbers {
			spec.Selectors = append(spec.Selectors, &liaisonv1.Selector{
				Id: fmt.Sprint(i), Necessity: "It sold the file.", Target: &liaisonv1.Selector_Phone{Phone: &liaisonv1.PhoneSelector{Number: number}},
			})
		}
		return spec
	}
	first, err := officer.File(t.Context(), asking("+447700900123"))
	if err != nil {
		t.Fatal(err)
	}
	written := asking("0044 7700 900123", "+44 (0)7700 900124")
	second, err := officer.File(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	if got := written.GetSelectors()[0].GetPhone().GetNumber(); got != "0044 7700 900123" {
		t.Errorf("the caller's own message was changed to %q", got)
	}
	for i, want := range []string{"+447700900123", "+447700900124"} {
		if got := second.GetFiled().GetSpec().GetSelectors()[i].GetPhone().GetNumber(); got != want {
			t.Errorf("filed was %q", got)
		}
	}
	if names := second.GetPolicy().GetDuplicateOfRequests(); len(names) != 1 || names[0] != first.GetRequest() {
		t.Errorf("the duplicates are %v", names)
	}
	read, err := officer.Get(t.Context(), second.GetRequest())
	if err != nil || len(read.GetDuplicateOfRequests()) != 1 {
		t.Errorf("read: %v, %v", read.GetDuplicateOfRequests(), err)
	}
	if _, err := officer.Amend(t.Context(), second.GetRequest(), &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
		Selectors: written.GetSelectors()[:1], Categories: written.GetCategories(),
	}}); err != nil {
		t.Errorf("an amendment in the same writing: %v", err)
	}
	if _, err := officer.File(t.Context(), asking("07700 900123")); !errors.Is(err, client.ErrFieldInvalid) {
		t.Errorf("a number without its country: %v", err)
	}

	// Approved, it comes before the platform, whose software checks all of it: the first
	// request is still a draft, of which it is told nothing.
	judge := kit.Conn(t, "approver").Authority()
	approve := func(name string) *liaisonv1.Event {
		r, err := judge.Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		e, err := judge.Approve(t.Context(), name, nil, client.IfMatch(r.GetEtag()))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	approve(second.GetRequest())
	platform := kit.Conn(t, "agent").Platform()
	if r, err := platform.Get(t.Context(), second.GetRequest()); err != nil || len(r.GetDuplicateOfRequests()) > 0 {
		t.Errorf("the platform reads %v, %v", r.GetDuplicateOfRequests(), err)
	}
	approve(first.GetRequest())
	if r, err := platform.Get(t.Context(), first.GetRequest()); err != nil || len(r.GetDuplicateOfRequests()) != 1 {
		t.Errorf("the platform reads %v, %v", r.GetDuplicateOfRequests(), err)
	}
	if _, err := officer.Get(t.Context(), second.GetRequest()); err != nil {
		t.Errorf("the authority's own story does not hold: %v", err)
	}
}
