package scope

import (
	"slices"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Protects says whether a ground protects people for what they do: nothing of a selector
// about which it is raised is handed over until an independent decision.
func Protects(code liaisonv1.GroundCode) bool {
	return code == liaisonv1.GroundCode_GROUND_CODE_IMMUNITY_OR_PRIVILEGE ||
		code == liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION
}

// Undecidable says whether a ground is one that no party may decide on alone: those that
// protect people, and a conflict of law, which is a court's to weigh (Regulation (EU)
// 2023/1543 article 17(3)).
func Undecidable(code liaisonv1.GroundCode) bool {
	return Protects(code) || code == liaisonv1.GroundCode_GROUND_CODE_CONFLICT_OF_LAW
}

// Codes returns the codes of grounds.
func Codes(grounds []*liaisonv1.Ground) []liaisonv1.GroundCode {
	codes := make([]liaisonv1.GroundCode, len(grounds))
	for i, g := range grounds {
		codes[i] = g.GetCode()
	}
	return codes
}

// CheckBarred refuses an answer, or a part of one, that does anything but withhold what a
// selector points at of which nothing may be handed over.
func CheckBarred(barred []string, a *liaisonv1.Answer) error {
	var c collector
	for i, f := range a.GetFindings() {
		if !slices.Contains(barred, f.GetSelectorId()) {
			continue
		}
		for j, o := range f.GetOutcomes() {
			if o.GetCode() != liaisonv1.OutcomeCode_OUTCOME_CODE_WITHHELD {
				c.add(Barred, "must be OUTCOME_CODE_WITHHELD: a ground that protects people was raised about the selector, and no independent decision has lifted it",
					"answer.findings[%d].outcomes[%d].code", i, j)
			}
		}
	}
	return c.err()
}

// CheckBarredManifest is CheckBarred for what the manifest of a sealed answer shows.
func CheckBarredManifest(barred []string, m *liaisonv1.AnswerManifest) error {
	return CheckBarred(barred, outline(m))
}

// Withheld returns the selectors about which a part of an answer raises a ground that
// protects people.
func Withheld(m *liaisonv1.AnswerManifest) []string {
	var ids []string
	for _, entry := range m.GetEntries() {
		if Protects(entry.GetGround()) && !slices.Contains(ids, entry.GetSelectorId()) {
			ids = append(ids, entry.GetSelectorId())
		}
	}
	return ids
}

// WithinProposal says whether a narrowing asks for no more than the smaller request that an
// objection proposes.
func WithinProposal(spec *liaisonv1.RequestSpec, proposal, n *liaisonv1.Narrowing) bool {
	if proposal == nil {
		return false
	}
	proposed := Narrow(spec, proposal)
	// The narrowing asks for something else than the proposal only by asking for less.
	return proto.Equal(proposed, Narrow(spec, n)) || CheckNarrowing(proposed, nil, n) == nil
}

// DecidedOn returns the selectors that a decision about a request is about: in a dispute
// those of the objection, otherwise those that are barred and that whoever decides can lift
// the bar on.
func DecidedOn(r *liaisonv1.Request, independent bool) []string {
	if r.GetState() != liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE {
		return liftable(r, r.GetBarredSelectors(), independent)
	}
	return ObjectedTo(r)
}

// Lifted returns the selectors on which a decision that overrules lifts the bar.
func Lifted(r *liaisonv1.Request, independent bool) []string {
	return liftable(r, DecidedOn(r, independent), independent)
}

// liftable leaves out what the reviewer has barred, unless it is the reviewer who decides: a
// party admits what went against itself, and cannot admit what went against another.
func liftable(r *liaisonv1.Request, ids []string, independent bool) []string {
	if independent {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(r.GetReviewerBarredSelectors(), id) })
}

// ObjectedTo returns the selectors that the platform's last objection is about, as far as
// the request has them still.
func ObjectedTo(r *liaisonv1.Request) []string {
	named := r.GetObjection().GetSelectorIds()
	var ids []string
	for _, s := range r.GetSpec().GetSelectors() {
		if len(named) == 0 || slices.Contains(named, s.GetId()) {
			ids = append(ids, s.GetId())
		}
	}
	return ids
}

// CheckDecision refuses a decision that is about something else than there is to decide, or
// that a party records without the ruling that it rests on.
func CheckDecision(r *liaisonv1.Request, d *liaisonv1.DisputeDecision, independent bool) error {
	var c collector
	about := DecidedOn(r, independent)
	for i, id := range d.GetSelectorIds() {
		if !slices.Contains(about, id) {
			c.add(Invalid, "must be a selector that the decision is about", "decision.selector_ids[%d]", i)
		}
	}
	if d.GetRuling() == nil && !independent {
		c.add(Invalid, "is required: a party records what a court has decided", "decision.ruling")
	}
	return c.err()
}
