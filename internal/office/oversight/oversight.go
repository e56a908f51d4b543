// Package oversight makes of a request and its events what an auditor may know of it:
// how it was conducted, never whom it is about. What it returns has no field for a
// selector, an identity or a text of anybody's.
package oversight

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Request returns how a request was conducted: the request as its events have left it.
func Request(r *liaisonv1.Request, events []*liaisonv1.Event) *liaisonv1.RequestMetadata {
	spec := r.GetSpec()
	m := &liaisonv1.RequestMetadata{
		Name:                  r.GetName(),
		Authority:             r.GetAuthority(),
		Platform:              spec.GetPlatform(),
		Kind:                  spec.GetKind(),
		Urgency:               spec.GetUrgency(),
		Test:                  spec.GetTest(),
		State:                 r.GetState(),
		Threat:                spec.GetThreat().GetKind(),
		Categories:            spec.GetCategories(),
		Selectors:             selectors(spec),
		LegalBasis:            spec.GetLegalBasis().GetKind(),
		Country:               spec.GetLegalBasis().GetCountry(),
		ApproverLevel:         spec.GetLegalBasis().GetApproverLevel(),
		Screening:             spec.GetScreening().GetResult(),
		Professions:           spec.GetScreening().GetProfessions(),
		Sealed:                len(spec.GetAnswerRecipients()) > 0,
		AnswerParts:           r.GetAnswerParts(),
		RecalledParts:         int32(len(r.GetRecalledParts())),
		RecallUnconfirmed:     r.GetRecallUnconfirmed(),
		RecallUndeleted:       r.GetRecallUndeleted(),
		Amendments:            r.GetAmendments(),
		CreateTime:            r.GetCreateTime(),
		DeliveryTime:          r.GetDeliveryTime(),
		Clocks:                r.GetClocks(),
		UserMayBeTold:         spec.GetConfidentiality().GetUserMayBeTold(),
		ConfidentialUntil:     spec.GetConfidentiality().GetSilence().GetEndTime(),
		ToldTime:              r.GetToldTime(),
		AuthorityDeletionTime: r.GetAuthorityDeletionTime(),
		PlatformDeletionTime:  r.GetPlatformDeletionTime(),
		PreservedUntil:        r.GetPreservedUntil(),
		PreservationExtended:  r.GetPreservationExtended(),
		Reviewer:              spec.GetReviewer(),
		Review:                r.GetReview(),
		BarredSelectors:       int32(len(r.GetBarredSelectors())),
		SecondPersonWaived:    r.GetSecondPersonWaived(),
		Duplicates:            int32(len(r.GetDuplicateOfRequests())),
	}
	c := course{m: m, recalled: r.GetRecalledParts()}
	for _, e := range events {
		c.add(e)
	}
	c.end()
	return proto.CloneOf(m) // nothing of the request is shared with who is shown this
}

// selectors counts the selectors of each type, in the order of the types.
func selectors(spec *liaisonv1.RequestSpec) []*liaisonv1.SelectorCount {
	var counts []*liaisonv1.SelectorCount
	for _, s := range spec.GetSelectors() {
		kind := scope.SelectorTypeOf(s)
		i := slices.IndexFunc(counts, func(c *liaisonv1.SelectorCount) bool { return c.GetType() == kind })
		if i < 0 {
			counts = append(counts, &liaisonv1.SelectorCount{Type: kind})
			i = len(counts) - 1
		}
		counts[i].Count++
	}
	slices.SortFunc(counts, func(a, b *liaisonv1.SelectorCount) int { return int(a.GetType()) - int(b.GetType()) })
	return counts
}

// course is what events add up to.
type course struct {
	m        *liaisonv1.RequestMetadata
	recalled []int32 // parts of the answer

	stopped time.Time // since when the platform's clock stands; zero while it does not
	stood   time.Duration
	last    time.Time
	ended   bool

	disputed bool // after the event before
}

// add goes on with an event.
func (c *course) add(e *liaisonv1.Event) {
	m, at := c.m, e.GetCreateTime()
	c.last = at.AsTime()
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Acknowledged:
		m.AcknowledgeTime = at
	case *liaisonv1.Event_ClarificationAsked:
		m.Clarifications++
	case *liaisonv1.Event_Objected:
		c.name(liaisonv1.GroundUse_GROUND_USE_OBJECTION, codes(d.Objected.GetGrounds())...)
	case *liaisonv1.Event_Upheld:
		m.Upholdings++
	case *liaisonv1.Event_Refused:
		m.AnswerTime = at
		c.name(liaisonv1.GroundUse_GROUND_USE_REFUSAL, codes(d.Refused.GetGrounds())...)
	case *liaisonv1.Event_PartiallyAnswered:
		c.answer(d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		m.AnswerTime = at
		c.answer(d.Answered)
	case *liaisonv1.Event_AnswerRecalled:
		m.AnswerTime = nil // something is open again
	case *liaisonv1.Event_AnswerOpened:
		m.Openings++
	case *liaisonv1.Event_PreservationConfirmed:
		m.AnswerTime = at
	case *liaisonv1.Event_EmergencyValidated:
		m.ValidationTime = at
	case *liaisonv1.Event_DeadlineMissed:
		m.MissedDeadlines++
	case *liaisonv1.Event_MoreTimeGranted:
		m.MoreTimeGrants++
	case *liaisonv1.Event_ReviewObjected:
		c.name(liaisonv1.GroundUse_GROUND_USE_REVIEW, codes(d.ReviewObjected.GetGrounds())...)
	case *liaisonv1.Event_ReviewRefused:
		c.name(liaisonv1.GroundUse_GROUND_USE_REVIEW, codes(d.ReviewRefused.GetGrounds())...)
	case *liaisonv1.Event_DisputeDecided:
		c.decide(d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		c.decide(d.DisputeSustained)
	case *liaisonv1.Event_Audited:
		m.Accesses++
	}
	switch ended := lifecycle.Terminal(lifecycle.State(e.GetState())); {
	case ended && !c.ended:
		m.OverTime = at
	case !ended:
		m.OverTime = nil
	}
	c.ended = lifecycle.Terminal(lifecycle.State(e.GetState()))
	disputed := e.GetState() == liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE
	if disputed && !c.disputed {
		m.Disputes++
	}
	c.disputed = disputed
	c.clock(e)
}

// clock follows the platform's clock.
func (c *course) clock(e *liaisonv1.Event) {
	switch stop := e.GetClocks().GetStopTime(); {
	case stop != nil && c.stopped.IsZero():
		c.stopped = e.GetCreateTime().AsTime()
	case stop == nil && !c.stopped.IsZero():
		c.stood += e.GetCreateTime().AsTime().Sub(c.stopped)
		c.stopped = time.Time{}
	}
}

// end works out what the last event decides.
func (c *course) end() {
	if !c.stopped.IsZero() {
		c.stood += c.last.Sub(c.stopped)
	}
	c.m.StoppedFor = durationpb.New(c.stood)
	c.m.AcknowledgedAfter = since(c.m.GetDeliveryTime(), c.m.GetAcknowledgeTime())
	c.m.AnsweredAfter = since(c.m.GetDeliveryTime(), c.m.GetAnswerTime())
}

// since returns the time from one moment to another, nil where one of them never was.
func since(from, to *timestamppb.Timestamp) *durationpb.Duration {
	if from == nil || to == nil {
		return nil
	}
	return durationpb.New(to.AsTime().Sub(from.AsTime()))
}

// answer counts what a part of the answer says, unless it was recalled.
func (c *course) answer(manifest *liaisonv1.AnswerManifest) {
	if slices.Contains(c.recalled, manifest.GetPart()) {
		return
	}
	// The enumeration's order is that of what was found: known is more than none known.
	c.m.PlatformScreening = max(c.m.GetPlatformScreening(), manifest.GetScreening())
	for _, entry := range manifest.GetEntries() {
		i := slices.IndexFunc(c.m.GetOutcomes(), func(o *liaisonv1.OutcomeCount) bool {
			return o.GetCategory() == entry.GetCategory() && o.GetOutcome() == entry.GetOutcome()
		})
		if i < 0 {
			c.m.Outcomes = append(c.m.Outcomes, &liaisonv1.OutcomeCount{Category: entry.GetCategory(), Outcome: entry.GetOutcome()})
			i = len(c.m.GetOutcomes()) - 1
		}
		c.m.Outcomes[i].Count++
		c.m.Outcomes[i].Parties += entry.GetPartyCount()
		if ground := entry.GetGround(); ground != liaisonv1.GroundCode_GROUND_CODE_UNSPECIFIED {
			c.name(liaisonv1.GroundUse_GROUND_USE_WITHHELD, ground)
		}
	}
}

// decide counts a decision.
func (c *course) decide(d *liaisonv1.DisputeDecision) {
	byCourt := d.GetRuling() != nil
	i := slices.IndexFunc(c.m.GetDecisions(), func(n *liaisonv1.DecisionCount) bool {
		return n.GetOutcome() == d.GetOutcome() && n.GetByCourt() == byCourt
	})
	if i < 0 {
		c.m.Decisions = append(c.m.Decisions, &liaisonv1.DecisionCount{Outcome: d.GetOutcome(), ByCourt: byCourt})
		i = len(c.m.GetDecisions()) - 1
	}
	c.m.Decisions[i].Count++
}

// name counts grounds.
func (c *course) name(use liaisonv1.GroundUse, grounds ...liaisonv1.GroundCode) {
	for _, code := range grounds {
		i := slices.IndexFunc(c.m.GetGrounds(), func(g *liaisonv1.GroundCount) bool { return g.GetUse() == use && g.GetCode() == code })
		if i < 0 {
			c.m.Grounds = append(c.m.Grounds, &liaisonv1.GroundCount{Use: use, Code: code})
			i = len(c.m.GetGrounds()) - 1
		}
		c.m.Grounds[i].Count++
	}
}

func codes(grounds []*liaisonv1.Ground) []liaisonv1.GroundCode {
	all := make([]liaisonv1.GroundCode, len(grounds))
	for i, ground := range grounds {
		all[i] = ground.GetCode()
	}
	return all
}

// Event returns what is known of an event without what it says, but for what proves it.
func Event(e *liaisonv1.Event) *liaisonv1.EventMetadata {
	m := &liaisonv1.EventMetadata{
		Sequence:    e.GetSequence(),
		CreateTime:  e.GetCreateTime(),
		Type:        record.Type(e),
		State:       e.GetState(),
		BySignature: e.GetEnvelope() != nil,
	}
	if actor, err := identity.ParseID(e.GetActor()); err == nil {
		m.Role = liaisonv1.Role(actor.Role)
	}
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Objected:
		m.Grounds = codes(d.Objected.GetGrounds())
	case *liaisonv1.Event_Refused:
		m.Grounds = codes(d.Refused.GetGrounds())
	case *liaisonv1.Event_ReviewObjected:
		m.Grounds = codes(d.ReviewObjected.GetGrounds())
	case *liaisonv1.Event_ReviewRefused:
		m.Grounds = codes(d.ReviewRefused.GetGrounds())
	}
	return m
}
