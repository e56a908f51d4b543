package server_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// references lists page by page and returns the references in the order in which
// they came. Between pages it calls between.
func (h *hub) references(id string, in *liaisonv1.ListRequestsRequest, between func()) []string {
	h.t.Helper()
	client := h.requests(id)
	var found []string
	for {
		out := must(client.ListRequests(h.t.Context(), in))
		for _, r := range out.GetRequests() {
			found = append(found, r.GetReference())
		}
		if out.GetNextPageToken() == "" {
			return found
		}
		in.PageToken = out.GetNextPageToken()
		if between != nil {
			between()
		}
	}
}

func TestPagesNeitherSkipNorRepeatWhileOthersAreFiled(t *testing.T) {
	h := newHub(t)
	named := func(i int) func(*liaisonv1.RequestSpec) {
		return func(s *liaisonv1.RequestSpec) { s.Reference = fmt.Sprintf("R-%02d", i) }
	}
	var first []string
	for i := range 7 {
		h.file(named(i))
		first = append(first, fmt.Sprintf("R-%02d", i))
	}
	n := 7
	more := func() { h.file(named(n)); n++ }

	got := h.references(officer, &liaisonv1.ListRequestsRequest{PageSize: 2}, more)
	if diff := cmp.Diff(first, got[:7]); diff != "" {
		t.Errorf("oldest first:\n%s", diff)
	}
	for i := 1; i < len(got); i++ {
		if got[i] <= got[i-1] {
			t.Errorf("%s comes after %s", got[i], got[i-1])
		}
	}
	before := n
	got = h.references(officer, &liaisonv1.ListRequestsRequest{PageSize: 2, Order: liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST}, more)
	if len(got) != before {
		t.Errorf("newest first came %d requests, there were %d at the start", len(got), before)
	}
	for i := range got {
		if want := fmt.Sprintf("R-%02d", before-1-i); got[i] != want {
			t.Errorf("newest first, place %d is %s, wanted %s", i, got[i], want)
		}
	}
}

func TestAListIsFiltered(t *testing.T) {
	h := newHub(t)
	start := time.Now()
	set := func(reference, platform string) func(*liaisonv1.RequestSpec) {
		return func(s *liaisonv1.RequestSpec) { s.Reference, s.Platform = reference, platform }
	}
	h.file(set("a", "platforms/messenger"))
	h.file(set("b", "platforms/filehost"))
	h.file(set("c", "platforms/messenger"), emergency)
	acknowledged := h.acknowledged(set("d", "platforms/messenger"))
	later := timestamppb.New(time.Now().Add(time.Hour))

	for _, test := range []struct {
		name   string
		id     string
		filter *liaisonv1.RequestFilter
		want   []string
	}{
		{"nothing", officer, nil, []string{"a", "b", "c", "d"}},
		{"state", officer, &liaisonv1.RequestFilter{States: []liaisonv1.RequestState{liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL}}, []string{"a", "b"}},
		{"states", officer, &liaisonv1.RequestFilter{States: []liaisonv1.RequestState{liaisonv1.RequestState_REQUEST_STATE_FILED, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED}}, []string{"c", "d"}},
		{"counterparty", officer, &liaisonv1.RequestFilter{Counterparty: "platforms/filehost"}, []string{"b"}},
		{"reference", officer, &liaisonv1.RequestFilter{Reference: "c"}, []string{"c"}},
		{"order number", officer, &liaisonv1.RequestFilter{Reference: "88/2026"}, []string{"a", "b", "c", "d"}},
		{"urgency", officer, &liaisonv1.RequestFilter{Urgency: liaisonv1.Urgency_URGENCY_ROUTINE}, []string{"a", "b"}},
		{"from", officer, &liaisonv1.RequestFilter{CreatedFrom: timestamppb.New(start.Add(-time.Minute))}, []string{"a", "b", "c", "d"}},
		{"from later", officer, &liaisonv1.RequestFilter{CreatedFrom: later}, nil},
		{"before", officer, &liaisonv1.RequestFilter{CreatedBefore: later}, []string{"a", "b", "c", "d"}},
		{"all at once", officer, &liaisonv1.RequestFilter{
			States:       []liaisonv1.RequestState{liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED},
			Counterparty: "platforms/messenger", Reference: "d", Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
			CreatedFrom: timestamppb.New(start.Add(-time.Minute)), CreatedBefore: later,
		}, []string{"d"}},
		{"the platform's own", agent, nil, []string{"c", "d"}},
		{"the platform's counterparty", agent, &liaisonv1.RequestFilter{Counterparty: "authorities/dpo"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, h.references(test.id, &liaisonv1.ListRequestsRequest{Filter: test.filter}, nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if acknowledged == "" {
		t.Error("the acknowledged request has no name")
	}
}

func TestAPageTokenBelongsToItsListing(t *testing.T) {
	h := newHub(t)
	h.file(emergency)
	h.file(emergency)
	first := must(h.requests(officer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{PageSize: 1}))
	token := first.GetNextPageToken()
	for _, test := range []struct {
		name string
		id   string
		in   *liaisonv1.ListRequestsRequest
	}{
		{"another order", officer, &liaisonv1.ListRequestsRequest{Order: liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST}},
		{"another filter", officer, &liaisonv1.ListRequestsRequest{Filter: &liaisonv1.RequestFilter{Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY}}},
		{"another organisation", agent, &liaisonv1.ListRequestsRequest{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.in.PageToken = token
			_, err := h.requests(test.id).ListRequests(t.Context(), test.in)
			wantReason(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
		})
	}
}
