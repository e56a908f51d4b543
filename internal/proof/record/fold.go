package record

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Fold returns the request as it is after the event. It is a function of these two
// alone: whoever folds a request's events from the first on arrives at what the
// hub has stored, and so does a platform that begins with the event by which the
// request came before it. The request that it is given is not changed.
//
// What it makes of a filing and its amendments must stay what it is: approvals that were
// recorded hold such a request, and platforms compare.
func Fold(r *liaisonv1.Request, e *liaisonv1.Event) *liaisonv1.Request {
	next := &liaisonv1.Request{}
	switch {
	case r != nil:
		next = proto.CloneOf(r)
	case e.GetDelivery() != nil:
		next = proto.CloneOf(e.GetDelivery().GetRequest())
	}
	if e.GetAudited() != nil {
		return next // that somebody looked changes nothing
	}
	next.State = e.GetState()
	next.Etag = e.GetEtag()
	next.UpdateTime = e.GetCreateTime()
	next.Clocks = e.GetClocks()
	if e.GetEnvelope() != nil {
		next.StatementSha256 = statement.Digest(e.GetEnvelope())
	}

	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		next.Name = e.GetRequest()
		next.Authority = e.GetAuthority()
		next.Spec = d.Filed.GetSpec()
		next.FiledBy = e.GetActor()
		next.FiledKeySha256 = e.GetActorKeySha256()
		next.CreateTime = e.GetCreateTime()
		next.FilingSha256 = next.GetStatementSha256()
		next.DuplicateOfRequests = e.GetPolicy().GetDuplicateOfRequests()
		next.SecondPersonWaived = e.GetPolicy().GetSecondPersonWaived()
		if e.GetState() == liaisonv1.RequestState_REQUEST_STATE_FILED {
			next.DeliveryTime = e.GetCreateTime()
		}
	case *liaisonv1.Event_Approved:
		next.ApprovedBy = e.GetActor()
		next.DuplicateOfRequests = e.GetPolicy().GetDuplicateOfRequests()
		next.ApproverLevel = e.GetPolicy().GetApproverLevel()
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
		next.ApproverLevel = e.GetPolicy().GetApproverLevel()
	case *liaisonv1.Event_MoreTimeAsked:
		next.MoreTimeAsked = d.MoreTimeAsked.GetUntilTime()
	case *liaisonv1.Event_MoreTimeGranted, *liaisonv1.Event_MoreTimeDeclined:
		next.MoreTimeAsked = nil
	case *liaisonv1.Event_DeletionAttested:
		if actor, err := identity.ParseID(e.GetActor()); err == nil && actor.Role.Side() == lifecycle.PlatformSide {
			next.RecallUndeleted = false
			if state := lifecycle.State(e.GetState()); state == lifecycle.Withdrawn || state == lifecycle.Lapsed {
				next.PlatformDeletionTime = orAt(d.DeletionAttested.GetDeleteTime(), e)
			}
		} else {
			next.AuthorityDeletionTime = orAt(d.DeletionAttested.GetDeleteTime(), e)
		}
	case *liaisonv1.Event_AnswerRecalled:
		recall(next, d.AnswerRecalled.GetParts())
	case *liaisonv1.Event_RecallConfirmed:
		next.RecallUnconfirmed = false
	case *liaisonv1.Event_NoticeRecorded:
		next.ToldTime = orAt(d.NoticeRecorded.GetTellTime(), e)
	case *liaisonv1.Event_HandedOver:
		next.HandedOverTo = append(without(next.GetHandedOverTo(), d.HandedOver.GetDisclosure()), d.HandedOver.GetDisclosure())
	case *liaisonv1.Event_HandOverEnded:
		next.HandedOverTo = without(next.GetHandedOverTo(), d.HandOverEnded.GetDisclosure())
	case *liaisonv1.Event_Rejected, *liaisonv1.Event_Withdrawn, *liaisonv1.Event_Refused, *liaisonv1.Event_ClarificationAsked,
		*liaisonv1.Event_ClarificationReplied, *liaisonv1.Event_ReceiptConfirmed, *liaisonv1.Event_AnswerOpened, *liaisonv1.Event_DeadlineNear,
		*liaisonv1.Event_DeadlineMissed:
		// State and clocks are all that changes.
	case *liaisonv1.Event_Objected, *liaisonv1.Event_Upheld, *liaisonv1.Event_ReviewObjected, *liaisonv1.Event_ReviewRefused,
		*liaisonv1.Event_ReviewCleared, *liaisonv1.Event_ObjectionMaintained, *liaisonv1.Event_DisputeDecided, *liaisonv1.Event_DisputeSustained:
		// review sees to it.
	case *liaisonv1.Event_Audited:
		// Nothing changes.
	}
	next.Figures = countFigures(r, next, e)
	if e.GetPurged() != nil {
		next = purged(next)
	}
	review(next, r, e)
	return next
}

// without returns the names but for one.
func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
}

// orAt returns the time that a step names, or else the one at which it was taken.
func orAt(named *timestamppb.Timestamp, e *liaisonv1.Event) *timestamppb.Timestamp {
	if named == nil {
		return e.GetCreateTime()
	}
	return named
}

// purged keeps of a request what says nothing of its content, and so its figures.
func purged(r *liaisonv1.Request) *liaisonv1.Request {
	return &liaisonv1.Request{
		Name:      r.GetName(),
		Authority: r.GetAuthority(),
		Spec: &liaisonv1.RequestSpec{
			Platform: r.GetSpec().GetPlatform(),
			Kind:     r.GetSpec().GetKind(),
			Urgency:  r.GetSpec().GetUrgency(),
			Test:     r.GetSpec().GetTest(),
			Reviewer: r.GetSpec().GetReviewer(),
		},
		State:        r.GetState(),
		Etag:         r.GetEtag(),
		CreateTime:   r.GetCreateTime(),
		UpdateTime:   r.GetUpdateTime(),
		DeliveryTime: r.GetDeliveryTime(),
		FiledBy:      r.GetFiledBy(),
		ApprovedBy:   r.GetApprovedBy(),
		ValidatedBy:  r.GetValidatedBy(),

		AuthorityDeletionTime: r.GetAuthorityDeletionTime(),
		PlatformDeletionTime:  r.GetPlatformDeletionTime(),
		FiledKeySha256:        r.GetFiledKeySha256(),
		RecallUnconfirmed:     r.GetRecallUnconfirmed(),
		RecallUndeleted:       r.GetRecallUndeleted(),
		ToldTime:              r.GetToldTime(),
		Review:                r.GetReview(),
		Figures:               r.GetFigures(),
		ApproverLevel:         r.GetApproverLevel(),
		SecondPersonWaived:    r.GetSecondPersonWaived(),
	}
}

// answer records which selectors a part of the answer has dealt with.
func answer(r *liaisonv1.Request, m *liaisonv1.AnswerManifest) {
	r.AnswerParts = m.GetPart()
	for _, entry := range m.GetEntries() {
		// A selector's entries stand together, so that the last one added tells.
		if n := len(r.AnsweredSelectors); n == 0 || r.AnsweredSelectors[n-1] != entry.GetSelectorId() {
			r.AnsweredSelectors = append(r.AnsweredSelectors, entry.GetSelectorId())
			r.AnsweredInParts = append(r.AnsweredInParts, m.GetPart())
		}
	}
}

// recall takes parts of the answer back: what they dealt with is open again.
func recall(r *liaisonv1.Request, parts []int32) {
	r.RecalledParts = append(r.RecalledParts, parts...)
	r.RecallUnconfirmed, r.RecallUndeleted = true, true
	selectors, in := r.AnsweredSelectors, r.AnsweredInParts
	r.AnsweredSelectors, r.AnsweredInParts = nil, nil
	for i, selector := range selectors {
		if !slices.Contains(parts, in[i]) {
			r.AnsweredSelectors, r.AnsweredInParts = append(r.AnsweredSelectors, selector), append(r.AnsweredInParts, in[i])
		}
	}
}
