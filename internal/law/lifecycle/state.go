package lifecycle

import (
	"fmt"
	"slices"
)

// State is where a request stands. The numbers are stored and equal those of the
// contract's enumeration: they never change.
type State uint8

// The states of a request.
const (
	// None is before the request was filed: it waits for an officer.
	None State = iota
	// AwaitingApproval waits for an approver of the authority, who is another
	// person than the one who filed. The platform does not know of the request.
	AwaitingApproval
	// Filed has reached the platform and waits for its agent to acknowledge it.
	Filed
	// Acknowledged waits for the platform's agent to do what was asked, to ask
	// back, to object or to refuse.
	Acknowledged
	// ClarificationNeeded waits for the authority's officer to reply or to amend.
	ClarificationNeeded
	// Objected waits for the authority to uphold, amend or withdraw the request.
	Objected
	// PartiallyAnswered waits for the platform's agent to answer the rest.
	PartiallyAnswered
	// Answered waits for the authority's officer to confirm receipt.
	Answered
	// Preserved waits for nobody: the platform keeps the data until the period
	// ends. The authority may extend it once, or withdraw.
	Preserved
	// Refused has ended: the platform named a ground. It waits for nobody.
	Refused
	// Withdrawn has ended: the authority rejected or withdrew the request. It
	// waits for nobody.
	Withdrawn
	// Closed has ended: the authority has the answer. It waits for nobody.
	Closed
	// Purged had ended, and its content was deleted. It waits for nobody.
	Purged
	// Lapsed has ended: it was an emergency that nobody validated in time. Both sides
	// are to delete what they have of it, and to attest that they did.
	Lapsed
	// Expired has ended: it was to be preserved until a time that has passed.
	Expired
	// InDispute waits for a court or the reviewer to decide between the platform's objection
	// and the authority's upholding.
	InDispute
)

var stateWords = []string{
	None:                "NONE",
	AwaitingApproval:    "AWAITING_APPROVAL",
	Filed:               "FILED",
	Acknowledged:        "ACKNOWLEDGED",
	ClarificationNeeded: "CLARIFICATION_NEEDED",
	Objected:            "OBJECTED",
	PartiallyAnswered:   "PARTIALLY_ANSWERED",
	Answered:            "ANSWERED",
	Preserved:           "PRESERVED",
	Refused:             "REFUSED",
	Withdrawn:           "WITHDRAWN",
	Closed:              "CLOSED",
	Purged:              "PURGED",
	Lapsed:              "LAPSED",
	Expired:             "EXPIRED",
	InDispute:           "IN_DISPUTE",
}

// String returns the contract's word without its prefix, such as
// "AWAITING_APPROVAL"; None, which the contract leaves unspecified, is "NONE".
func (s State) String() string { return word(stateWords, s, "State") }

// States lists the states in which a filed request can stand, in the order of
// their numbers. None is not among them.
func States() []State { return numbered[State](stateWords) }

// ended are the states that no step of a party's leads out of, but for the recall of an
// answer that was wrong.
var ended = []State{Refused, Withdrawn, Closed, Purged, Lapsed, Expired}

// Terminal reports whether a request in state s has ended: no step of a party's leads
// out of it, but for the recall of a wrong answer. An emergency may still have to be validated, or else lapses, and what was
// withdrawn or lapsed still has to be deleted.
func Terminal(s State) bool { return slices.Contains(ended, s) }

// word returns the word of n, or the type's name and the number if it has none,
// so that a number from a corrupt record can be told from every real value.
func word[N ~uint8](words []string, n N, name string) string {
	if int(n) < len(words) && words[n] != "" {
		return words[n]
	}
	return fmt.Sprintf("%s(%d)", name, uint8(n))
}

// numbered lists the values that have a word, leaving out zero. Numbers may have gaps.
func numbered[N ~uint8](words []string) []N {
	list := make([]N, 0, len(words)-1)
	for n, word := range words {
		if n > 0 && word != "" { // numbers may have gaps
			list = append(list, N(n))
		}
	}
	return list
}
