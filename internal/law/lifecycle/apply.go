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

// rulesOf are the rows of each step.
var rulesOf = func() (of [256][]Rule) {
	for _, row := range rules {
		of[row.Step] = append(of[row.Step], row)
	}
	return of
}()

// refuses returns why the row does not fit, and zero where it does. The conditions are
// judged in the order of their reasons, which decides which reason a refusal names: first
// whether this actor may ever do this, then whether now is the moment, then what is
// particular to the request.
func (row *Rule) refuses(r *Request, e *Event) Reason {
	switch {
	case !slices.Contains(row.Roles, e.Role):
		return WrongRole
	case !slices.Contains(row.From, r.State):
		return WrongState
	case !slices.Contains(row.Kinds, r.Kind):
		return WrongKind
	case row.Urgency != AnyUrgency && r.Emergency != (row.Urgency == EmergencyOnly):
		return NotEmergency
	case e.Person == "":
		return NoPerson
	// Where it is not known who filed, nobody can be shown to be somebody else.
	case row.OtherPerson && (r.FiledBy == "" || r.FiledBy == e.Person || r.FiledKey != Key{} && r.FiledKey == e.Key):
		return SamePerson
	case row.Unanswered && r.AnsweredInPart:
		return AnsweredInPart
	case r.has(row.Unless):
		return AlreadyDone
	case row.Needs != NoMark && !r.has(row.Needs),
		row.Grounds != AnyGrounds && e.Undecidable != (row.Grounds == UndecidableAmong):
		return NothingPending
	case row.Suspended && r.ReviewPending:
		return ReviewPending
	case row.Waiver != AnyWaiver && e.Waived != (row.Waiver == WaivedOnly):
		return SecondPersonNeeded
	default:
		return 0
	}
}

// Apply judges the event e on the request r and returns what r becomes. If the
// step is not possible it returns r unchanged and a *[Refusal].
func Apply(r Request, e Event) (Request, error) {
	subject := subjectOf(r, e)
	row, reason := fitting(&subject, &e)
	if row == nil {
		return r, refusal(reason, &subject, &e)
	}
	next := subject.marked(row.Sets, row.SetsToo, row.Clears)
	next.State = row.To.Next(subject)
	if row.To == becomes(Filed) {
		next.Reached, next.ReviewPending = true, next.Reviewed
	}
	return next, nil
}

// subjectOf is the request that an event is judged on: a filing by the one that it would
// bring into being.
func subjectOf(r Request, e Event) Request {
	if e.Step == StepFile {
		return Request{State: r.State, Kind: e.Kind, Emergency: e.Emergency, FiledBy: e.Person, FiledKey: e.Key, Reviewed: e.Reviewed}
	}
	return r
}

// fitting returns the row that fits. Where none does, it returns the reason of those that
// came furthest: they tell what would have been possible.
func fitting(r *Request, e *Event) (*Rule, Reason) {
	furthest := UnknownStep
	rows := rulesOf[e.Step]
	for i := range rows {
		reason := rows[i].refuses(r, e)
		if reason == 0 {
			return &rows[i], 0
		}
		furthest = max(furthest, reason)
	}
	return nil, furthest
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
func (r *Request) has(m Mark) bool {
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
		subject := subjectOf(r, e)
		if row, _ := fitting(&subject, &e); row != nil {
			steps = append(steps, step)
		}
	}
	return steps
}
