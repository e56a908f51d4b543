package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// protection is of what an auditor is shown what guards whoever is asked about.
func protection(m *liaisonv1.RequestMetadata) *liaisonv1.RequestMetadata {
	return &liaisonv1.RequestMetadata{
		State: m.GetState(), Reviewer: m.GetReviewer(), Review: m.GetReview(), Disputes: m.GetDisputes(), Decisions: m.GetDecisions(),
		BarredSelectors: m.GetBarredSelectors(), PlatformScreening: m.GetPlatformScreening(), SecondPersonWaived: m.GetSecondPersonWaived(),
		Duplicates: m.GetDuplicates(), Grounds: m.GetGrounds(), AnswerTime: m.GetAnswerTime(),
	}
}

func TestAnAuditorIsShownReviewsAndDisputes(t *testing.T) {
	const (
		byObjection = liaisonv1.GroundUse_GROUND_USE_OBJECTION
		byReview    = liaisonv1.GroundUse_GROUND_USE_REVIEW
		pending     = liaisonv1.ReviewState_REVIEW_STATE_PENDING
		cleared     = liaisonv1.ReviewState_REVIEW_STATE_CLEARED
		objected    = liaisonv1.ReviewState_REVIEW_STATE_OBJECTED
		refused     = liaisonv1.RequestState_REQUEST_STATE_REFUSED
		working     = liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
	)
	h := newHub(t)
	ctx := t.Context()
	clear := func(name string) {
		must(h.review(reviewer).ClearRequest(ctx, &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: &liaisonv1.ReviewClearing{}}}))
	}
	object := func(name string, selectors ...string) {
		must(h.review(reviewer).ObjectAsReviewer(ctx, &liaisonv1.ObjectAsReviewerRequest{Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: &liaisonv1.ReviewObjection{Grounds: grounds(press), SelectorIds: selectors}}}))
	}
	earlier := int32(0) // requests, about the same
	for _, test := range []struct {
		name string
		do   func(name string)
		want *liaisonv1.RequestMetadata
	}{
		{"the reviewer may object still", func(string) {}, &liaisonv1.RequestMetadata{State: working, Review: pending}},
		{"the reviewer has cleared it", clear, &liaisonv1.RequestMetadata{State: working, Review: cleared}},
		{"the reviewer objects in part", func(name string) { object(name, "2") }, &liaisonv1.RequestMetadata{
			State: working, Review: objected, BarredSelectors: 1, Grounds: []*liaisonv1.GroundCount{{Use: byReview, Code: press, Count: 1}},
		}},
		{"the reviewer objects to the whole", func(name string) { object(name) }, &liaisonv1.RequestMetadata{
			State: refused, Review: objected, Grounds: []*liaisonv1.GroundCount{{Use: byReview, Code: press, Count: 1}},
		}},
		{"a dispute waits for a decision", func(name string) { clear(name); h.disputed(name, excess) }, &liaisonv1.RequestMetadata{
			State: inDispute, Review: cleared, Disputes: 1, Grounds: []*liaisonv1.GroundCount{{Use: byObjection, Code: excess, Count: 1}},
		}},
		{"the reviewer decides, then a court", func(name string) {
			clear(name)
			h.disputed(name, press)
			must(h.review(reviewer).DecideDispute(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: decision(sustainedInPart, "2")}}))
			h.disputed(name, press)
			must(h.authority(approver).RecordCourtDecision(ctx, &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: ruled(decision(sustained))}}))
		}, &liaisonv1.RequestMetadata{
			State: refused, Review: cleared, Disputes: 2, BarredSelectors: 2,
			Decisions: []*liaisonv1.DecisionCount{{Outcome: sustainedInPart, Count: 1}, {Outcome: sustained, ByCourt: true, Count: 1}},
			Grounds:   []*liaisonv1.GroundCount{{Use: byObjection, Code: press, Count: 2}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := h.underReview()
			test.do(name)
			got := h.shown(name)
			test.want.Reviewer = "oversight/commissioner"
			test.want.Duplicates = earlier
			earlier++
			if diff := cmp.Diff(test.want, protection(got), protocmp.Transform()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, secret := range []string{"As it is", "It is needed", "It is not", "It was weighed", "Court of Appeal", "3/2026", "Ruling"} {
				if text := protojson.Format(got); strings.Contains(text, secret) {
					t.Errorf("it shows %q", secret)
				}
			}
		})
	}
}

// TestAnAuditorIsShownWhatNobodyElseLookedAt: that one officer filed it alone, and how often
// the same was asked before, in numbers.
func TestAnAuditorIsShownWhatNobodyElseLookedAt(t *testing.T) {
	h := newHub(t)
	preserve := kind(liaisonv1.RequestKind_REQUEST_KIND_PRESERVE)
	h.setPolicy("authorities/moc", func(p *liaisonv1.FilingPolicy) {
		p.SingleOfficerKinds = []liaisonv1.RequestKind{liaisonv1.RequestKind_REQUEST_KIND_PRESERVE}
	})
	first, second := h.fileEvent(preserve).GetRequest(), h.fileEvent(preserve).GetRequest()
	urgent := h.file(emergency)
	for _, test := range []struct {
		name, request string
		want          *liaisonv1.RequestMetadata
	}{
		{"filed alone", first, &liaisonv1.RequestMetadata{SecondPersonWaived: true}},
		{"filed alone and again", second, &liaisonv1.RequestMetadata{SecondPersonWaived: true, Duplicates: 1}},
		{"an emergency of another kind", urgent, &liaisonv1.RequestMetadata{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := h.shown(test.request)
			test.want.State = liaisonv1.RequestState_REQUEST_STATE_FILED
			if diff := cmp.Diff(test.want, protection(got), protocmp.Transform()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
