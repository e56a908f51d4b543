package lifecycle

import "slices"

// Rule is one row of the table: who may take a step, when, and what the state
// becomes. A step may have several rows; at most one of them fits a given request
// and event.
type Rule struct {
	Step  Step
	Roles []Role  // who may take it
	Kinds []Kind  // for which kinds of request
	From  []State // in which states
	To    Target  // what the state becomes

	Urgency     Urgency // whether the row is for emergencies, for others, or for both
	OtherPerson bool    // not for the person who filed the request
	Unanswered  bool    // not once a part has been answered
	Once        bool    // not if what the step sets is set already
	Sets        Mark    // what is remembered of it beside the state

	// Note is a condition in words that is judged elsewhere, since it concerns the
	// content of the request and not its life.
	Note string
}

// Urgency says to which requests a rule applies.
type Urgency uint8

// The urgencies.
const (
	AnyUrgency Urgency = iota
	RoutineOnly
	EmergencyOnly
)

// Mark is a fact that a step leaves in a [Request] beside its state.
type Mark uint8

// The marks.
const (
	NoMark Mark = iota
	MarkAnsweredInPart
	MarkValidated
	MarkExtended
)

// Target is what a step makes of the state: a certain state; the same state as
// before; or back to work, which is PartiallyAnswered if a part has been answered
// and Acknowledged if not.
type Target struct {
	move  move
	state State
}

type move uint8

const (
	staying move = iota
	returning
	becoming
)

var (
	stays      = Target{move: staying}
	backToWork = Target{move: returning}
)

func becomes(s State) Target { return Target{becoming, s} }

// Next returns the state that r moves to.
func (t Target) Next(r Request) State {
	switch {
	case t.move == becoming:
		return t.state
	case t.move == returning && r.AnsweredInPart:
		return PartiallyAnswered
	case t.move == returning:
		return Acknowledged
	default:
		return r.State
	}
}

// States lists the states that the target may lead to from the given one.
func (t Target) States(from State) []State {
	return slices.Compact([]State{
		t.Next(Request{State: from}),
		t.Next(Request{State: from, AnsweredInPart: true}),
	})
}

var (
	anyKind    = Kinds()
	answerable = []Kind{Disclose, Existence}
	atWork     = []State{Acknowledged, PartiallyAnswered}
)

// rules is the law of the protocol. Apply, Allowed and the documentation only
// interpret it.
var rules = []Rule{
	{
		Step: StepFile, Roles: []Role{Officer}, Kinds: anyKind, Urgency: RoutineOnly,
		From: []State{None}, To: becomes(AwaitingApproval),
	},
	{
		Step: StepFile, Roles: []Role{Officer}, Kinds: anyKind, Urgency: EmergencyOnly,
		From: []State{None}, To: becomes(Filed),
		Note: "a second person must validate it afterwards",
	},
	{
		Step: StepApprove, Roles: []Role{Approver}, Kinds: anyKind, OtherPerson: true,
		From: []State{AwaitingApproval}, To: becomes(Filed),
	},
	{
		Step: StepReject, Roles: []Role{Approver}, Kinds: anyKind, OtherPerson: true,
		From: []State{AwaitingApproval}, To: becomes(Withdrawn),
	},
	{
		Step: StepWithdraw, Roles: []Role{Officer, Approver}, Kinds: anyKind,
		From: []State{
			AwaitingApproval, Filed, Acknowledged, ClarificationNeeded, Objected,
			PartiallyAnswered, Preserved,
		},
		To: becomes(Withdrawn),
	},
	{
		Step: StepAcknowledge, Roles: []Role{Agent}, Kinds: anyKind,
		From: []State{Filed}, To: becomes(Acknowledged),
	},
	{
		Step: StepAskClarification, Roles: []Role{Agent}, Kinds: anyKind,
		From: atWork, To: becomes(ClarificationNeeded),
	},
	{
		Step: StepReply, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{ClarificationNeeded}, To: backToWork,
	},
	{
		Step: StepObject, Roles: []Role{Agent}, Kinds: anyKind,
		From: atWork, To: becomes(Objected),
		Note: "names a ground",
	},
	{
		Step: StepUphold, Roles: []Role{Officer, Approver}, Kinds: anyKind,
		From: []State{Objected}, To: backToWork,
	},
	{
		Step: StepAmend, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{AwaitingApproval, Filed, Acknowledged, PartiallyAnswered}, To: stays,
		Note: "narrows the request, never widens it",
	},
	{
		Step: StepAmend, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{ClarificationNeeded, Objected}, To: backToWork,
		Note: "narrows the request, never widens it",
	},
	{
		// What remains after a partial answer is withheld finding by finding, so
		// that a refusal never casts doubt on what was already answered.
		Step: StepRefuse, Roles: []Role{Agent}, Kinds: anyKind, Unanswered: true,
		From: []State{Acknowledged, ClarificationNeeded, Objected}, To: becomes(Refused),
		Note: "names a ground",
	},
	{
		Step: StepAnswerPart, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkAnsweredInPart,
		From: atWork, To: becomes(PartiallyAnswered),
	},
	{
		Step: StepAnswerFinal, Roles: []Role{Agent}, Kinds: answerable,
		From: atWork, To: becomes(Answered),
	},
	{
		Step: StepConfirmPreservation, Roles: []Role{Agent}, Kinds: []Kind{Preserve},
		From: []State{Acknowledged}, To: becomes(Preserved),
	},
	{
		Step: StepExtendPreservation, Roles: []Role{Officer}, Kinds: []Kind{Preserve},
		From: []State{Preserved}, To: stays, Once: true, Sets: MarkExtended,
	},
	{
		// Also where the request has gone on or ended: the duty to validate stays.
		Step: StepValidateEmergency, Roles: []Role{Approver}, Kinds: anyKind,
		Urgency: EmergencyOnly, OtherPerson: true,
		From: []State{
			Filed, Acknowledged, ClarificationNeeded, Objected, PartiallyAnswered,
			Answered, Preserved, Refused, Closed,
		},
		To: stays, Once: true, Sets: MarkValidated,
	},
	{
		Step: StepConfirmReceipt, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{Answered}, To: becomes(Closed),
	},
	{
		Step: StepPurge, Roles: []Role{Hub}, Kinds: anyKind,
		From: []State{Refused, Withdrawn, Closed}, To: becomes(Purged),
		Note: "over for as long as the hub keeps requests",
	},
}

// Rules returns a copy of the table, in the order of the steps.
func Rules() []Rule {
	table := slices.Clone(rules)
	for i := range table {
		row := &table[i]
		row.Roles = slices.Clone(row.Roles)
		row.Kinds = slices.Clone(row.Kinds)
		row.From = slices.Clone(row.From)
	}
	return table
}
