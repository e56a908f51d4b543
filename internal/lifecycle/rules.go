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
	Waiver      Waiver  // whether the row is for what one person may file alone
	OtherPerson bool    // not for the person who filed the request
	Unanswered  bool    // not once a part has been answered
	Unless      Mark    // not once this is set
	Needs       Mark    // only while this is set
	Sets        Mark    // what is remembered of it beside the state
	Clears      Mark    // what is not to be remembered any more

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

// Waiver says for which filings a rule is.
type Waiver uint8

// The waivers.
const (
	AnyWaiver  Waiver = iota
	NotWaived         // a second person has to approve it
	WaivedOnly        // the authority's policy lets one person file it
)

// Mark is a fact that a step leaves in a [Request] beside its state.
type Mark uint8

// The marks.
const (
	NoMark Mark = iota
	MarkReached
	MarkAnsweredInPart
	MarkValidated
	MarkExtended
	MarkMoreTimeAsked
	MarkAuthorityDeleted
	MarkPlatformDeleted
	MarkRecallPending
	MarkTold
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
	// toAnswer are the states in which the platform's clock runs.
	toAnswer = []State{Filed, Acknowledged, PartiallyAnswered}
	// waiting are the states in which the authority owes the platform a word.
	waiting = []State{ClarificationNeeded, Objected}
	// given are the states in which there is an answer, or a part of one.
	given = []State{PartiallyAnswered, Answered, Closed}
	// unpurged are the states of requests that can have come before the platform, and that
	// something is left of.
	unpurged = []State{
		Filed, Acknowledged, ClarificationNeeded, Objected, PartiallyAnswered, Answered,
		Preserved, Refused, Withdrawn, Closed, Lapsed, Expired,
	}
	// vouchable are the states in which somebody may have to vouch for an emergency: also
	// where it has gone on or ended.
	vouchable = []State{
		Filed, Acknowledged, ClarificationNeeded, Objected, PartiallyAnswered,
		Answered, Preserved, Refused, Closed,
	}
)

// rules is the law of the protocol. Apply, Allowed and the documentation only
// interpret it.
var rules = []Rule{
	{
		Step: StepFile, Roles: []Role{Officer}, Kinds: anyKind, Urgency: RoutineOnly,
		Waiver: NotWaived,
		From:   []State{None}, To: becomes(AwaitingApproval),
	},
	{
		// Never a disclosure: whoever names somebody does not do it alone.
		Step: StepFile, Roles: []Role{Officer}, Kinds: []Kind{Preserve, Existence}, Urgency: RoutineOnly,
		Waiver: WaivedOnly,
		From:   []State{None}, To: becomes(Filed),
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
		From: waiting, To: backToWork,
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
		// The mark counts where the answer is recalled.
		Step: StepAnswerFinal, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkAnsweredInPart,
		From: atWork, To: becomes(Answered),
	},
	{
		Step: StepConfirmPreservation, Roles: []Role{Agent}, Kinds: []Kind{Preserve},
		From: []State{Acknowledged}, To: becomes(Preserved),
	},
	{
		Step: StepExtendPreservation, Roles: []Role{Officer}, Kinds: []Kind{Preserve},
		From: []State{Preserved}, To: stays, Unless: MarkExtended, Sets: MarkExtended,
	},
	{
		Step: StepValidateEmergency, Roles: []Role{Approver}, Kinds: anyKind,
		Urgency: EmergencyOnly, OtherPerson: true,
		From: vouchable, To: stays, Unless: MarkValidated, Sets: MarkValidated,
	},
	{
		Step: StepConfirmReceipt, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{Answered}, To: becomes(Closed),
	},
	{
		Step: StepPurge, Roles: []Role{Hub}, Kinds: anyKind,
		From: []State{Refused, Withdrawn, Closed, Lapsed, Expired}, To: becomes(Purged),
		Note: "over for as long as the hub keeps requests",
	},
	{
		Step: StepLapse, Roles: []Role{Hub}, Kinds: anyKind, Urgency: EmergencyOnly, Unless: MarkValidated,
		From: vouchable, To: becomes(Lapsed),
		Note: "48 hours after it was filed",
	},
	{
		Step: StepExpire, Roles: []Role{Hub}, Kinds: []Kind{Preserve},
		From: []State{Preserved}, To: becomes(Expired),
		Note: "at the end of the period",
	},
	{
		Step: StepWarn, Roles: []Role{Hub}, Kinds: anyKind,
		From: toAnswer, To: stays,
		Note: "after four fifths of the time to answer",
	},
	{
		Step: StepMiss, Roles: []Role{Hub}, Kinds: anyKind,
		From: toAnswer, To: stays,
		Note: "at the end of the time to answer",
	},
	{
		Step: StepAskMoreTime, Roles: []Role{Agent}, Kinds: anyKind,
		From: toAnswer, To: stays, Unless: MarkMoreTimeAsked, Sets: MarkMoreTimeAsked,
	},
	{
		Step: StepGrantMoreTime, Roles: []Role{Officer, Approver}, Kinds: anyKind,
		From: slices.Concat(toAnswer, waiting), To: stays, Needs: MarkMoreTimeAsked, Clears: MarkMoreTimeAsked,
	},
	{
		Step: StepDeclineMoreTime, Roles: []Role{Officer, Approver}, Kinds: anyKind,
		From: slices.Concat(toAnswer, waiting), To: stays, Needs: MarkMoreTimeAsked, Clears: MarkMoreTimeAsked,
	},
	{
		Step: StepAttestDeletion, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{Withdrawn, Lapsed}, To: stays, Needs: MarkReached, Unless: MarkAuthorityDeleted, Sets: MarkAuthorityDeleted,
	},
	{
		Step: StepAttestDeletion, Roles: []Role{Agent}, Kinds: anyKind,
		From: []State{Withdrawn, Lapsed}, To: stays, Needs: MarkReached, Unless: MarkPlatformDeleted, Sets: MarkPlatformDeleted,
	},
	{
		Step: StepOpen, Roles: []Role{Officer}, Kinds: answerable, Needs: MarkAnsweredInPart,
		From: slices.Concat(given, waiting), To: stays,
	},
	{
		// What was recalled is to be answered again, so that no request is closed over a
		// wrong answer.
		Step: StepRecall, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkRecallPending,
		From: given, To: becomes(PartiallyAnswered),
	},
	{
		Step: StepRecall, Roles: []Role{Agent}, Kinds: answerable, Needs: MarkAnsweredInPart, Sets: MarkRecallPending,
		From: waiting, To: stays,
	},
	{
		Step: StepConfirmRecall, Roles: []Role{Officer}, Kinds: answerable, Needs: MarkRecallPending, Clears: MarkRecallPending,
		From: slices.Concat(given, waiting, []State{Withdrawn, Lapsed}), To: stays,
	},
	{
		Step: StepEndNoticeDelay, Roles: []Role{Hub}, Kinds: anyKind, Needs: MarkReached,
		From: unpurged, To: stays,
		Note: "when the time has passed that the request names",
	},
	{
		Step: StepNotify, Roles: []Role{Agent}, Kinds: anyKind, Needs: MarkReached, Unless: MarkTold, Sets: MarkTold,
		From: unpurged, To: stays,
		Note: "from the time on that the request names",
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

// From lists the states in which somebody may take the step, in the order of their numbers.
func From(step Step) []State {
	var from []State
	for _, row := range rules {
		if row.Step == step {
			from = append(from, row.From...)
		}
	}
	return distinct(from)
}
