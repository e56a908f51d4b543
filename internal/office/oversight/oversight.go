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

	stood time.Duration // for how long the platform's clock stood still
	last  *liaisonv1.Event
}

// add goes on with an event.
func (c *course) add(e *liaisonv1.Event) {
	m, at := c.m, e.GetCreateTime()
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Acknowledged:
		m.AcknowledgeTime = at
	case *liaisonv1.Event_ClarificationAsked:
		m.Clarifications++
	case *liaisonv1.Event_Upheld:
		m.Upholdings++
	case *liaisonv1.Event_Refused, *liaisonv1.Event_Answered, *liaisonv1.Event_PreservationConfirmed:
		m.AnswerTime = at
	case *liaisonv1.Event_AnswerRecalled:
		m.AnswerTime = nil // something is open again
	case *liaisonv1.Event_AnswerOpened:
		m.Openings++
	case *liaisonv1.Event_EmergencyValidated:
		m.ValidationTime = at
	case *liaisonv1.Event_DeadlineMissed:
		m.MissedDeadlines++
	case *liaisonv1.Event_MoreTimeGranted:
		m.MoreTimeGrants++
	case *liaisonv1.Event_DisputeDecided:
		c.addDecision(d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		c.addDecision(d.DisputeSustained)
	case *liaisonv1.Event_Audited:
		m.Accesses++
	}
	manifest := record.Answered(e)
	if manifest == nil || !slices.Contains(c.recalled, manifest.GetPart()) {
		c.addGrounds(record.Grounds(e))
		c.addAnswer(manifest)
	}
	c.stood += record.StoodStill(c.last.GetClocks(), e)
	c.addState(e)
	c.last = e
}

// addState counts what the state after an event says, whatever step led there.
func (c *course) addState(e *liaisonv1.Event) {
	switch over := isOver(e); {
	case over && !isOver(c.last):
		c.m.OverTime = e.GetCreateTime()
	case !over:
		c.m.OverTime = nil
	}
	const disputed = liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE
	if e.GetState() == disputed && c.last.GetState() != disputed {
		c.m.Disputes++
	}
}

// isOver reports whether a request is over after an event.
func isOver(e *liaisonv1.Event) bool {
	return e != nil && lifecycle.Terminal(lifecycle.State(e.GetState()))
}

// end works out what the last event decides.
func (c *course) end() {
	if stopped := c.last.GetClocks().GetStopTime(); stopped != nil {
		c.stood += c.last.GetCreateTime().AsTime().Sub(stopped.AsTime())
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

// addAnswer counts what a part of the answer says.
func (c *course) addAnswer(manifest *liaisonv1.AnswerManifest) {
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
	}
}

// addDecision counts a decision.
func (c *course) addDecision(d *liaisonv1.DisputeDecision) {
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

// addGrounds counts grounds by what they were named for.
func (c *course) addGrounds(named record.Named) {
	for _, code := range named.Codes {
		i := slices.IndexFunc(c.m.GetGrounds(), func(g *liaisonv1.GroundCount) bool { return g.GetUse() == named.Use && g.GetCode() == code })
		if i < 0 {
			c.m.Grounds = append(c.m.Grounds, &liaisonv1.GroundCount{Use: named.Use, Code: code})
			i = len(c.m.GetGrounds()) - 1
		}
		c.m.Grounds[i].Count++
	}
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
	if named := record.Grounds(e); named.Use != liaisonv1.GroundUse_GROUND_USE_WITHHELD {
		m.Grounds = named.Codes
	}
	return m
}
