// Package lifecycle is the law of Liaison: which step of a request's life may
// follow which, who may take it, and what becomes of the request. It is a value
// ([Request]), a table ([Rules]) and one function ([Apply]) that interprets it. It
// knows no clock, no network and no storage, so the same request and event give
// the same result wherever and whenever they are judged.
//
// A request is the fold of Apply over its events, starting from the zero Request:
//
//	r, err := lifecycle.Apply(lifecycle.Request{}, lifecycle.Event{
//		Step: lifecycle.StepFile, Role: lifecycle.Officer, Person: "moc.example/amal",
//		Kind: lifecycle.Disclose,
//	})
//
// What is not in the table is refused, and so is whatever is unknown: a step or
// role without a number, a person without a name, a state from a corrupt record.
//
// The package judges whether it is the moment for a step and whether the role and
// the person fit. That the actor belongs to the request's own authority or
// platform is the caller's check, as is hiding what [VisibleToPlatform] hides: a
// refusal names the state, and must not reach somebody who may not know of it.
package lifecycle

import "slices"

// checks are the conditions of a step in the order in which they are judged. The
// order decides which reason a refusal names: first whether this actor may ever do
// this, then whether now is the moment, then what is particular to the request.
var checks = []struct {
	reason Reason
	pass   func(*Rule, Request, Event) bool
}{
	{UnknownStep, func(row *Rule, _ Request, e Event) bool { return row.Step == e.Step }},
	{WrongRole, func(row *Rule, _ Request, e Event) bool { return slices.Contains(row.Roles, e.Role) }},
	{WrongState, func(row *Rule, r Request, _ Event) bool { return slices.Contains(row.From, r.State) }},
	{WrongKind, func(row *Rule, r Request, _ Event) bool { return slices.Contains(row.Kinds, r.Kind) }},
	{NotEmergency, func(row *Rule, r Request, _ Event) bool {
		return row.Urgency == AnyUrgency || r.Emergency == (row.Urgency == EmergencyOnly)
	}},
	{NoPerson, func(_ *Rule, _ Request, e Event) bool { return e.Person != "" }},
	// Where it is not known who filed, nobody can be shown to be somebody else.
	{SamePerson, func(row *Rule, r Request, e Event) bool {
		return !row.OtherPerson || r.FiledBy != "" && r.FiledBy != e.Person && (r.FiledKey == Key{} || r.FiledKey != e.Key)
	}},
	{AnsweredInPart, func(row *Rule, r Request, _ Event) bool { return !row.Unanswered || !r.AnsweredInPart }},
	{AlreadyDone, func(row *Rule, r Request, _ Event) bool { return row.Unless == NoMark || !r.has(row.Unless) }},
	{NothingPending, func(row *Rule, r Request, e Event) bool {
		return (row.Needs == NoMark || r.has(row.Needs)) &&
			(row.Grounds == AnyGrounds || e.Undecidable == (row.Grounds == UndecidableAmong))
	}},
	{ReviewPending, func(row *Rule, r Request, _ Event) bool { return !row.Suspended || !r.ReviewPending }},
}

// Apply judges the event e on the request r and returns what r becomes. If the
// step is not possible it returns r unchanged and a *[Refusal].
func Apply(r Request, e Event) (Request, error) {
	// A filing is judged by the request that it would bring into being.
	subject := r
	if e.Step == StepFile {
		subject = Request{State: r.State, Kind: e.Kind, Emergency: e.Emergency, FiledBy: e.Person, FiledKey: e.Key, Reviewed: e.Reviewed}
	}

	// Each check leaves the rows that pass it; where none is left, the rows that
	// were there before tell what would have been possible.
	rows := rules
	for _, check := range checks {
		kept := passing(rows, func(row *Rule) bool { return check.pass(row, subject, e) })
		if len(kept) == 0 {
			return r, refusal(check.reason, rows, subject, e)
		}
		rows = kept
	}

	next := subject.marked(rows[0].Sets, rows[0].SetsToo, rows[0].Clears)
	next.State = rows[0].To.Next(subject)
	if rows[0].To == becomes(Filed) {
		next.Reached, next.ReviewPending = true, next.Reviewed
	}
	return next, nil
}

// passing returns the rows that pass. The usual case, that all do, copies nothing.
func passing(rows []Rule, pass func(*Rule) bool) []Rule {
	first := 0
	for first < len(rows) && pass(&rows[first]) {
		first++
	}
	if first == len(rows) {
		return rows
	}
	kept := slices.Clone(rows[:first])
	for i := first + 1; i < len(rows); i++ {
		if pass(&rows[i]) {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

// mark is where a request remembers a mark; nil for none.
func (r *Request) mark(m Mark) *bool {
	switch m {
	case MarkReached:
		return &r.Reached
	case MarkAnsweredInPart:
		return &r.AnsweredInPart
	case MarkValidated:
		return &r.Validated
	case MarkExtended:
		return &r.Extended
	case MarkMoreTimeAsked:
		return &r.MoreTimeAsked
	case MarkAuthorityDeleted:
		return &r.AuthorityDeleted
	case MarkPlatformDeleted:
		return &r.PlatformDeleted
	case MarkRecallPending:
		return &r.RecallPending
	case MarkTold:
		return &r.Told
	case MarkRecallUndeleted:
		return &r.RecallUndeleted
	case MarkReviewPending:
		return &r.ReviewPending
	case MarkUndecidable:
		return &r.Undecidable
	case MarkUpheld:
		return &r.Upheld
	default:
		return nil
	}
}

// has says whether the mark is set.
func (r Request) has(m Mark) bool {
	set := r.mark(m)
	return set != nil && *set
}

// marked returns r with marks set and another one cleared.
func (r Request) marked(sets, too, clears Mark) Request {
	for _, mark := range []Mark{sets, too} {
		if set := r.mark(mark); set != nil {
			*set = true
		}
	}
	if cleared := r.mark(clears); cleared != nil {
		*cleared = false
	}
	return r
}

// Allowed lists the steps that somebody in the role may take on r now, in the
// order of their numbers. A step that is not for the person who filed is listed,
// since a colleague may take it.
func Allowed(r Request, role Role) []Step {
	// Longer than the filer's name, and therefore never the same.
	colleague := r.FiledBy + " colleague"
	var steps []Step
	for _, step := range Steps() {
		e := Event{Step: step, Role: role, Person: colleague, Kind: Disclose}
		if _, err := Apply(r, e); err == nil {
			steps = append(steps, step)
		}
	}
	return steps
}
