package sequencer

import (
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// fold returns the request as it is after the event. It is a function of these two
// alone: whoever folds a request's events from the first on arrives at what the
// hub has stored. The request that it is given is not changed.
func fold(r *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.Request {
	next := &liaisonv1.Request{}
	if r != nil {
		next = proto.CloneOf(r)
	}
	next.State = e.GetState()
	next.Etag = e.GetEtag()
	next.UpdateTime = e.GetCreateTime()

	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		next.Name = e.GetRequest()
		next.Authority = e.GetAuthority()
		next.Spec = d.Filed.GetSpec()
		next.FiledBy = e.GetActor()
		next.CreateTime = e.GetCreateTime()
		if e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED {
			next.DeliveryTime = e.GetCreateTime()
		}
	case *liaisonv1.Event_Approved:
		next.ApprovedBy = e.GetActor()
		next.DeliveryTime = e.GetCreateTime()
	case *liaisonv1.Event_Acknowledged:
		next.PlatformReference = d.Acknowledged.GetPlatformReference()
	case *liaisonv1.Event_Amended:
		next.Spec = scope.Narrow(next.GetSpec(), d.Amended.GetNarrowing())
		next.Amendments++
	case *liaisonv1.Event_PartiallyAnswered:
		answer(next, d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		answer(next, d.Answered)
	case *liaisonv1.Event_PreservationConfirmed:
		next.PreservedUntil = next.GetSpec().GetPreservation().GetEndTime()
	case *liaisonv1.Event_PreservationExtended:
		next.PreservedUntil = d.PreservationExtended.GetEndTime()
		next.PreservationExtended = true
	case *liaisonv1.Event_EmergencyValidated:
		next.ValidatedBy = e.GetActor()
	}
	return next
}

// answer records which selectors a part of the answer has dealt with.
func answer(r *liaisonv1.Request, m *liaisonv1.AnswerManifest) {
	r.AnswerParts = m.GetPart()
	for _, entry := range m.GetEntries() {
		// A selector's entries stand together, so that the last one added tells.
		if n := len(r.AnsweredSelectors); n == 0 || r.AnsweredSelectors[n-1] != entry.GetSelectorId() {
			r.AnsweredSelectors = append(r.AnsweredSelectors, entry.GetSelectorId())
		}
	}
}

// life returns what the lifecycle needs to know of a request.
func life(r *liaisonv1.Request) lifecycle.Request {
	if r == nil {
		return lifecycle.Request{}
	}
	return lifecycle.Request{
		State:          lifecycle.State(r.GetState()),
		Kind:           lifecycle.Kind(r.GetSpec().GetKind()),
		Emergency:      emergency(r.GetSpec()),
		FiledBy:        personOf(r.GetFiledBy()),
		Reached:        r.GetDeliveryTime() != nil,
		AnsweredInPart: r.GetAnswerParts() > 0,
		Validated:      r.GetValidatedBy() != "",
		Extended:       r.GetPreservationExtended(),
	}
}

func emergency(spec *liaisonv1.RequestSpec) bool {
	return spec.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY
}
