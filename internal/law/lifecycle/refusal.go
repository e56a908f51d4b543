package lifecycle

import (
	"fmt"
	"slices"
	"strings"
)

// Reason is why a step is refused.
type Reason uint8

// The reasons, in the order in which they are looked for: a refusal names the
// first that applies.
const (
	UnknownStep        Reason = iota + 1 // there is no such step
	WrongRole                            // the step is not for this role
	WrongState                           // the step does not follow from this state
	WrongKind                            // the step is not for this kind of request
	NotEmergency                         // the step is for emergencies alone
	NoPerson                             // it is not known who takes the step
	SamePerson                           // the step needs another person than the filer
	AnsweredInPart                       // a part has been answered: too late to refuse the whole
	AlreadyDone                          // the step can be taken once, and was
	NothingPending                       // what the step is about was not asked, is decided, or never was
	ReviewPending                        // nothing is handed over while the reviewer may still object
	SecondPersonNeeded                   // a request of this kind is never filed by one person alone
)

var reasonWords = []string{
	UnknownStep:        "UNKNOWN_STEP",
	WrongRole:          "WRONG_ROLE",
	WrongState:         "WRONG_STATE",
	WrongKind:          "WRONG_KIND",
	NotEmergency:       "NOT_EMERGENCY",
	NoPerson:           "NO_PERSON",
	SamePerson:         "SAME_PERSON",
	AnsweredInPart:     "ANSWERED_IN_PART",
	AlreadyDone:        "ALREADY_DONE",
	NothingPending:     "NOTHING_PENDING",
	ReviewPending:      "REVIEW_PENDING",
	SecondPersonNeeded: "SECOND_PERSON_NEEDED",
}

// String returns the reason in upper snake case, such as "WRONG_STATE".
func (r Reason) String() string { return word(reasonWords, r, "Reason") }

// Reasons lists the reasons in the order of their numbers.
func Reasons() []Reason { return numbered[Reason](reasonWords) }

// Refusal is the error of [Apply]: the step was not taken, and nothing changed.
// It names no person.
type Refusal struct {
	Reason Reason
	Step   Step
	State  State // of the request, when the step was tried
	Role   Role  // in which the step was tried
	Kind   Kind  // of the request

	// What would have been possible. Each is set only for the reason it explains.
	Roles []Role  // WrongRole: who may take the step
	From  []State // WrongState: where this role may take it
	Kinds []Kind  // WrongKind: for which kinds it is possible in this state
}

// refusal explains why no row fits, by those that fail for no reason before this one.
func refusal(reason Reason, r *Request, e *Event) *Refusal {
	why := &Refusal{Reason: reason, Step: e.Step, State: r.State, Role: e.Role, Kind: r.Kind}
	if reason > WrongKind {
		return why
	}
	rows := rulesOf[e.Step]
	for i := range rows {
		row := &rows[i]
		if row.refuses(r, e) != reason {
			continue
		}
		switch reason {
		case WrongRole:
			why.Roles = append(why.Roles, row.Roles...)
		case WrongState:
			why.From = append(why.From, row.From...)
		case WrongKind:
			why.Kinds = append(why.Kinds, row.Kinds...)
		default:
		}
	}
	why.Roles = distinct(why.Roles)
	why.From = distinct(why.From)
	why.Kinds = distinct(why.Kinds)
	return why
}

// distinct sorts the values, in place, and drops repeated ones.
func distinct[N ~uint8](values []N) []N {
	slices.Sort(values)
	return slices.Compact(values)
}

// Error says which step was refused in which state, why, and what to do instead.
func (r *Refusal) Error() string {
	cannot := fmt.Sprintf("cannot %s%s", r.Step.Verb(), r.where())
	switch r.Reason {
	case WrongRole:
		return fmt.Sprintf("cannot %s as %s%s; possible for %s", r.Step.Verb(), r.Role, r.where(), list(r.Roles))
	case WrongState:
		if r.Step == StepFile {
			return cannot + ": a request is filed once; file a new one"
		}
		return fmt.Sprintf("%s; possible from %s", cannot, list(r.From))
	case WrongKind:
		return fmt.Sprintf("%s: the request is of kind %s; possible for %s", cannot, r.Kind, list(r.Kinds))
	case NotEmergency:
		return cannot + ": the request was not filed as an emergency; there is nothing to validate"
	case NoPerson:
		return cannot + ": it is not known who takes this step; name the person"
	case SamePerson:
		return cannot + ": the person who filed the request, or the key, cannot take this step; ask another " + r.Role.String()
	case AnsweredInPart:
		return cannot + ": a part has been answered; withhold the rest finding by finding in the final answer"
	case AlreadyDone:
		if r.Step == StepAskMoreTime {
			return cannot + ": a word on the last wish is still awaited"
		}
		return cannot + ": it can be done once, and was done already"
	case SecondPersonNeeded:
		return fmt.Sprintf("%s: a request of kind %s needs a second person", cannot, r.Kind)
	case NothingPending:
		switch r.Step {
		case StepAttestDeletion:
			return cannot + ": there is nothing to delete; it never came before the platform, or nothing was recalled"
		case StepOpen, StepRecall:
			return cannot + ": nothing was answered yet"
		case StepRecordNotice, StepEndNoticeDelay, StepAudit:
			return cannot + ": it never came before the platform"
		case StepReviewObject, StepReviewRefuse, StepReviewClear, StepReviewLapse:
			return cannot + ": no review is pending"
		case StepMaintain:
			return cannot + ": there is no objection that the authority has upheld the request against, and that was neither maintained nor decided since"
		case StepDecide:
			return cannot + ": no selector is barred"
		default:
		}
		return cannot + ": nobody asks for it, or it is decided already"
	case ReviewPending:
		return cannot + ": the reviewer may object still; everything but handing over goes on"
	default:
		return fmt.Sprintf("there is no step with the number %d; use one of the contract's", uint8(r.Step))
	}
}

// where names the state in a sentence.
func (r *Refusal) where() string {
	switch {
	case r.State == None && r.Step == StepFile:
		return ""
	case r.State == None:
		return " before the request is filed"
	case Terminal(r.State):
		return fmt.Sprintf(" in %s, where the request has ended", r.State)
	default:
		return " in " + r.State.String()
	}
}

// list joins words with commas.
func list[W fmt.Stringer](words []W) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.String()
	}
	return strings.Join(texts, ", ")
}
