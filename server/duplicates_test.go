package server_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// about is a request about these usernames and nothing else.
func about(names ...string) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) {
		s.Selectors = nil
		for i, name := range names {
			s.Selectors = append(s.Selectors, &liaisonv1.Selector{
				Id: string(rune('a' + i)), Necessity: "It carried the file.", ObservedTime: s.GetIncident().GetDiscoveredTime(),
				Target: &liaisonv1.Selector_Username{Username: &liaisonv1.UsernameSelector{Username: name}},
			})
		}
	}
}

// looksUpNames has both platforms take usernames.
func (h *hub) looksUpNames() {
	h.updatePlatform(func(p *liaisonv1.Platform) {
		p.Capabilities.SelectorTypes = append(p.Capabilities.SelectorTypes, liaisonv1.SelectorType_SELECTOR_TYPE_USERNAME)
	})
}

func (h *hub) fileAs(id string, change ...func(*liaisonv1.RequestSpec)) *liaisonv1.Event {
	h.t.Helper()
	return eventOf(must(h.authority(id).FileRequest(h.t.Context(), &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(change...)}})))
}

func (h *hub) approve(e *liaisonv1.Event) *liaisonv1.Event {
	h.t.Helper()
	return eventOf(must(h.authority(approver).ApproveRequest(h.t.Context(), &liaisonv1.ApproveRequestRequest{Name: e.GetRequest(), Call: &liaisonv1.Call{IfMatch: e.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})))
}

func (h *hub) read(id, name string) *liaisonv1.Request {
	h.t.Helper()
	return must(h.requests(id).GetRequest(h.t.Context(), &liaisonv1.GetRequestRequest{Name: name})).GetRequest()
}

func duplicates(e *liaisonv1.Event) []string { return e.GetPolicy().GetDuplicateOfRequests() }

func wantNames(t *testing.T, what string, got []string, want ...*liaisonv1.Event) {
	t.Helper()
	names := []string{}
	for _, e := range want {
		names = append(names, e.GetRequest())
	}
	if !slices.Equal(got, names) && len(got)+len(names) > 0 {
		t.Errorf("%s: %v, wanted %v", what, got, names)
	}
}

// TestAskingTwiceIsFound: the same authority's earlier requests that have a selector in
// common are named, however it is written, and no others are.
func TestAskingTwiceIsFound(t *testing.T) {
	h := newHub(t)
	h.looksUpNames()
	first := h.fileAs(officer, about("Records_Demo", "other"))
	wantNames(t, "the first", duplicates(first))
	second := h.fileAs(officer, about("records_demo"))
	wantNames(t, "written otherwise", duplicates(second), first)
	third := h.fileAs(officer, about("new", "records_DEMO", "Other"))
	wantNames(t, "with two in common, each once", duplicates(third), first, second)
	wantNames(t, "as the request has it", h.read(officer, third.GetRequest()).GetDuplicateOfRequests(), first, second)
	wantNames(t, "another thing", duplicates(h.fileAs(officer, about("somebody"))))
	wantNames(t, "another kind", duplicates(h.fileAs(officer, about("records_demo"), kind(liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE))))
	drilled := h.fileAs(officer, about("records_demo"), drill)
	wantNames(t, "a drill", duplicates(drilled))
	wantNames(t, "a drill again", duplicates(h.fileAs(officer, about("records_demo"), drill)), drilled)
	must(h.authority(approver).RejectRequest(t.Context(), &liaisonv1.RejectRequestRequest{Name: first.GetRequest(), Rejection: &liaisonv1.Rejection{Reason: "No."}}))
	wantNames(t, "what was rejected, filed again", duplicates(h.fileAs(officer, about("other"))), first, third)
	// What an amendment took away is not asked any more.
	wide := h.fileAs(officer, about("kept", "dropped"))
	must(h.authority(officer).AmendRequest(t.Context(), &liaisonv1.AmendRequestRequest{
		Name: wide.GetRequest(), Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
			Selectors: wide.GetFiled().GetSpec().GetSelectors()[:1], Categories: spec().GetCategories(),
		}}},
	}))
	wantNames(t, "what was dropped", duplicates(h.fileAs(officer, about("dropped"))))
	wantNames(t, "what was kept", duplicates(h.fileAs(officer, about("kept"))), wide)

	h.restart()
	var all []*liaisonv1.Event
	for range 22 {
		all = append(all, h.fileAs(officer, about("often")))
	}
	wantNames(t, "the latest twenty", duplicates(h.fileAs(officer, about("often"))), all[2:]...)
}

// TestAPlatformLearnsOfNothingThatHasNotComeBeforeIt: what an event names that the platform
// sees, it knows already; drafts of the authority it never hears of.
func TestAPlatformLearnsOfNothingThatHasNotComeBeforeIt(t *testing.T) {
	h := newHub(t)
	h.looksUpNames()
	draft, shown := h.fileAs(officer, about("x")), h.fileAs(officer, about("x"))
	wantNames(t, "the authority sees its draft", duplicates(shown), draft)
	wantNames(t, "an approval, while the other is a draft", duplicates(h.approve(shown)))
	wantNames(t, "the platform", h.read(agent, shown.GetRequest()).GetDuplicateOfRequests())
	urgent := h.fileAs(officer, about("x"), emergency)
	wantNames(t, "an emergency", duplicates(urgent), shown)
	wantNames(t, "the platform, of the emergency", h.read(agent, urgent.GetRequest()).GetDuplicateOfRequests(), shown)
	// The draft is approved last: it names what came before the platform meanwhile.
	wantNames(t, "the approval of the draft", duplicates(h.approve(draft)), shown, urgent)
	wantNames(t, "the platform, of the draft", h.read(agent, draft.GetRequest()).GetDuplicateOfRequests(), shown, urgent)

	hidden := h.fileAs(officer, about("x"))
	for _, row := range must(h.store.Events(t.Context(), store.EventQuery{Party: must(resource.ParseOrganisation("platforms/messenger")), Limit: 100})) {
		e := must(record.DecodeStored(row.Body))
		if slices.Contains(duplicates(e), hidden.GetRequest()) || len(e.GetDelivery().GetRequest().GetDuplicateOfRequests()) > 0 {
			t.Errorf("event %d of the platform's feed names what it does not know", e.GetSequence())
		}
		if e.GetRequest() == shown.GetRequest() && slices.Contains(duplicates(e), draft.GetRequest()) {
			t.Error("the platform was told of the draft")
		}
	}
	wantNames(t, "the authority still sees all of its own", duplicates(hidden), draft, shown, urgent)
}

// TestAcrossAuthoritiesNothingIsRevealed: of two authorities that ask one platform for one
// person neither is told anything, and what comes back has the same form and length as if
// the other had never asked.
func TestAcrossAuthoritiesNothingIsRevealed(t *testing.T) {
	h := newHub(t)
	h.looksUpNames()
	h.fileAs(officer, about("shared-name"))
	h.fileAs(officer, about("shared-name"), emergency)
	office := h.authority(dpo)
	file := func(name string) *liaisonv1.Event {
		return eventOf(must(office.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(about(name))}})))
	}
	asked, alone := file("shared-name"), file("other--name")
	if asked.GetPolicy() != nil || alone.GetPolicy() != nil {
		t.Errorf("something is told: %v", asked.GetPolicy())
	}
	same := proto.CloneOf(asked)
	same.Request, same.Sequence, same.CreateTime, same.Etag = alone.GetRequest(), alone.GetSequence(), alone.GetCreateTime(), alone.GetEtag()
	same.Detail, same.Clocks = alone.GetDetail(), alone.GetClocks()
	if !proto.Equal(same, alone) {
		t.Errorf("the two answers differ in more than what was filed:\n%v\n%v", asked, alone)
	}
	a, b := h.read(dpo, asked.GetRequest()), h.read(dpo, alone.GetRequest())
	for _, r := range []*liaisonv1.Request{a, b} { // times of other lengths say nothing
		r.CreateTime, r.UpdateTime, r.Clocks, r.Etag = nil, nil, nil, ""
	}
	if len(a.GetDuplicateOfRequests()) > 0 || proto.Size(a) != proto.Size(b) {
		t.Errorf("the requests read %d and %d bytes", proto.Size(a), proto.Size(b))
	}
	_, err := h.requests(dpo).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: "requests/0199a000-0000-7000-8000-000000000000"})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
}

// TestWhatWasPurgedIsNoDuplicate: with a request its hashes go.
func TestWhatWasPurgedIsNoDuplicate(t *testing.T) {
	h := newHub(t)
	h.looksUpNames()
	gone := h.fileAs(officer, about("x"))
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: gone.GetRequest(), Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "Settled."}}}))
	wantNames(t, "before", duplicates(h.fileAs(officer, about("x"))), gone)
	h.advance(25 * time.Hour)
	h.retention = 24 * time.Hour
	h.restart()
	eventually(t, "it is purged", func() bool {
		return h.read(officer, gone.GetRequest()).GetState() == liaisonv1.RequestState_REQUEST_STATE_PURGED
	})
	if names := duplicates(h.fileAs(officer, about("x"))); slices.Contains(names, gone.GetRequest()) || len(names) != 1 {
		t.Errorf("after: %v", names)
	}
}

// TestReplicasFindTheSameDuplicates: every hub of an archive derives the same key.
func TestReplicasFindTheSameDuplicates(t *testing.T) {
	hubs := newReplicas(t, 2, newDatabase(t))
	first := hubs[0].fileEvent()
	wantNames(t, "at the other hub", duplicates(hubs[1].fileEvent()), first)
}
