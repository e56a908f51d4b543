package record

import (
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Step returns an event's step on a request as the lifecycle judges it, but for who takes it.
func Step(r *liaisonv1.Request, e *liaisonv1.Event) lifecycle.Event {
	spec := r.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	return lifecycle.Event{
		Step:        StepOf(e),
		Kind:        lifecycle.Kind(spec.GetKind()),
		Emergency:   Emergency(spec),
		Reviewed:    spec.GetReviewer() != "",
		Waived:      e.GetPolicy().GetSecondPersonWaived(),
		Undecidable: slices.ContainsFunc(scope.Codes(e.GetObjected().GetGrounds()), scope.Undecidable),
	}
}

// review makes of next, which an event makes of before in all else, what it is as to the
// review, the objection, and what is barred.
func review(next, before *liaisonv1.Request, e *liaisonv1.Event) {
	delivered := e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED && (e.GetFiled() != nil || e.GetApproved() != nil)
	if delivered && next.GetSpec().GetReviewer() != "" {
		next.Review = liaisonv1.ReviewState_REVIEW_STATE_PENDING
	}
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_ReviewObjected:
		next.Review = liaisonv1.ReviewState_REVIEW_STATE_OBJECTED
		bar(next, d.ReviewObjected.GetSelectorIds())
		next.ReviewerBarredSelectors = d.ReviewObjected.GetSelectorIds() // it objects once
	case *liaisonv1.Event_ReviewRefused:
		next.Review = liaisonv1.ReviewState_REVIEW_STATE_OBJECTED
	case *liaisonv1.Event_ReviewCleared:
		next.Review = liaisonv1.ReviewState_REVIEW_STATE_CLEARED
	case *liaisonv1.Event_ReviewLapsed:
		next.Review = liaisonv1.ReviewState_REVIEW_STATE_LAPSED
	case *liaisonv1.Event_PartiallyAnswered:
		bar(next, scope.Withheld(d.PartiallyAnswered))
	case *liaisonv1.Event_Answered:
		bar(next, scope.Withheld(d.Answered))
	case *liaisonv1.Event_Objected:
		next.Objection = &liaisonv1.ObjectionOnRecord{
			Grounds: scope.Codes(d.Objected.GetGrounds()), SelectorIds: d.Objected.GetSelectorIds(), Proposal: d.Objected.GetProposal(),
			Upheld: before.GetObjection().GetUpheld(),
		}
	case *liaisonv1.Event_Upheld:
		if next.Objection == nil {
			next.Objection = &liaisonv1.ObjectionOnRecord{}
		}
		next.Objection.Upheld = true
	case *liaisonv1.Event_Amended:
		narrowed(next, before, d.Amended.GetNarrowing())
	case *liaisonv1.Event_ObjectionMaintained:
		settleObjection(next)
	case *liaisonv1.Event_DisputeDecided:
		if before.GetState() == liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE {
			settleObjection(next)
		}
		actor, err := identity.ParseID(e.GetActor())
		lift(next, scope.Lifted(before, err == nil && actor.Role == lifecycle.Reviewer))
		bar(next, d.DisputeDecided.GetSelectorIds())
		keepBarred(next)
	case *liaisonv1.Event_DisputeSustained:
		settleObjection(next)
		bar(next, idsOf(next.GetSpec()))
	}
}

// narrowed makes what is barred of a request that was narrowed. What the platform has
// objected to on a ground that protects people stays barred, unless the authority takes the
// platform at its word: about the smaller request that it proposes it raises nothing.
func narrowed(next, before *liaisonv1.Request, n *liaisonv1.Narrowing) {
	settleObjection(next)
	open := before.GetState() == liaisonv1.RequestState_REQUEST_STATE_OBJECTED || before.GetState() == liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE
	protects := slices.ContainsFunc(before.GetObjection().GetGrounds(), scope.Protects)
	if open && protects && !scope.WithinProposal(before.GetSpec(), before.GetObjection().GetProposal(), n) {
		bar(next, scope.ObjectedTo(before))
	}
	left := idsOf(next.GetSpec())
	next.BarredSelectors = slices.DeleteFunc(next.GetBarredSelectors(), func(id string) bool { return !slices.Contains(left, id) })
	keepBarred(next)
}

// keepBarred leaves of what the reviewer has barred what is barred still.
func keepBarred(next *liaisonv1.Request) {
	next.ReviewerBarredSelectors = slices.DeleteFunc(slices.Clone(next.GetReviewerBarredSelectors()), func(id string) bool {
		return !slices.Contains(next.GetBarredSelectors(), id)
	})
}

// settleObjection says that there is no upheld objection to maintain any more.
func settleObjection(next *liaisonv1.Request) {
	if next.GetObjection() != nil {
		next.Objection.Upheld = false
	}
}

// bar adds selectors to those that are barred.
func bar(next *liaisonv1.Request, ids []string) {
	for _, id := range ids {
		if !slices.Contains(next.GetBarredSelectors(), id) {
			next.BarredSelectors = append(next.BarredSelectors, id)
		}
	}
}

// lift takes selectors from those that are barred.
func lift(next *liaisonv1.Request, ids []string) {
	next.BarredSelectors = slices.DeleteFunc(slices.Clone(next.GetBarredSelectors()), func(id string) bool { return slices.Contains(ids, id) })
}

func idsOf(spec *liaisonv1.RequestSpec) []string {
	ids := make([]string, len(spec.GetSelectors()))
	for i, s := range spec.GetSelectors() {
		ids[i] = s.GetId()
	}
	return ids
}
