package lifecycle

// State is where a request stands. The numbers are stored and equal those of the
// contract's enumeration: they never change.
type State uint8

// The states of a request.
const (
	None State = iota // before it was filed
	AwaitingApproval
	Filed
	Acknowledged
	ClarificationNeeded
	Objected
	PartiallyAnswered
	Answered
	Preserved
	Refused
	Withdrawn
	Closed
)
