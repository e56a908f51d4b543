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
	Suspended   bool    // not while the reviewer may still object
	Grounds     Grounds // with which grounds
	Unless      Mark    // not once this is set
	Needs       Mark    // only while this is set
	Sets        Mark    // what is remembered of it beside the state
	SetsToo     Mark    // what else is
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

// Grounds says to objections with which grounds a rule applies.
type Grounds uint8

// The grounds.
const (
	AnyGrounds       Grounds = iota
	DecidableOnly            // the parties may settle all of them
	UndecidableAmong         // there is one that no party may decide on alone
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
	MarkReviewPending
	MarkUndecidable
	MarkUpheld
	MarkRecallUndeleted
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
	refusing
)

var (
	stays      = Target{move: staying}
	backToWork = Target{move: returning}
	// refusedAsFar is Refused, unless a part has been answered: then the platform withholds
	// what is left finding by finding.
	refusedAsFar = Target{move: refusing}
)

func becomes(s State) Target { return Target{becoming, s} }

// Next returns the state that r moves to.
func (t Target) Next(r Request) State {
	switch {
	case t.move == becoming:
		return t.state
	case (t.move == returning || t.move == refusing) && r.AnsweredInPart:
		return PartiallyAnswered
	case t.move == returning:
		return Acknowledged
	case t.move == refusing:
		return Refused
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
	// standing are the states in which the platform cannot go on by itself.
	standing = slices.Concat(waiting, []State{InDispute})
	// reviewable are the states in which a review can be pending: nothing was handed over.
	reviewable = []State{Filed, Acknowledged, ClarificationNeeded, Objected, InDispute, Preserved}
	// given are the states in which there is an answer, or a part of one.
	given = []State{PartiallyAnswered, Answered, Closed}
	// unpurged are the states of requests that can have come before the platform, and that
	// something is left of.
	unpurged = []State{
		Filed, Acknowledged, ClarificationNeeded, Objected, PartiallyAnswered, Answered,
		Preserved, Refused, Withdrawn, Closed, Lapsed, Expired, InDispute,
	}
	// vouchable are the states in which somebody may have to vouch for an emergency: also
	// where it has gone on or ended.
	vouchable = []State{
		Filed, Acknowledged, ClarificationNeeded, Objected, PartiallyAnswered,
		Answered, Preserved, Refused, Closed, InDispute,
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
			PartiallyAnswered, Preserved, InDispute,
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
		Step: StepObject, Roles: []Role{Agent}, Kinds: anyKind, Grounds: DecidableOnly, Clears: MarkUndecidable,
		From: atWork, To: becomes(Objected),
		Note: "names grounds",
	},
	{
		Step: StepObject, Roles: []Role{Agent}, Kinds: anyKind, Grounds: UndecidableAmong, Sets: MarkUndecidable,
		From: atWork, To: becomes(Objected),
		Note: "names grounds, among them privilege, press or conflict of law",
	},
	{
		Step: StepUphold, Roles: []Role{Officer, Approver}, Kinds: anyKind, Unless: MarkUndecidable, Sets: MarkUpheld,
		From: []State{Objected}, To: backToWork,
	},
	{
		// No party may decide alone, so that nobody has to maintain the objection.
		Step: StepUphold, Roles: []Role{Officer, Approver}, Kinds: anyKind, Needs: MarkUndecidable, Sets: MarkUpheld,
		From: []State{Objected}, To: becomes(InDispute),
	},
	{
		Step: StepAmend, Roles: []Role{Officer}, Kinds: anyKind, Clears: MarkUpheld,
		From: []State{AwaitingApproval, Filed, Acknowledged, PartiallyAnswered}, To: stays,
		Note: "narrows the request, never widens it",
	},
	{
		Step: StepAmend, Roles: []Role{Officer}, Kinds: anyKind, Clears: MarkUpheld,
		From: standing, To: backToWork,
		Note: "narrows the request, never widens it",
	},
	{
		Step: StepRefuse, Roles: []Role{Agent}, Kinds: anyKind, Unanswered: true,
		From: []State{Acknowledged, ClarificationNeeded, Objected}, To: becomes(Refused),
		Note: "names a ground",
	},
	{
		Step: StepAnswerPart, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkAnsweredInPart, Suspended: true,
		From: atWork, To: becomes(PartiallyAnswered),
	},
	{
		// The mark counts where the answer is recalled.
		Step: StepAnswerFinal, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkAnsweredInPart, Suspended: true,
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
		Note: "at the end of the period, and not while it is handed over",
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
		From: slices.Concat(toAnswer, standing), To: stays, Needs: MarkMoreTimeAsked, Clears: MarkMoreTimeAsked,
	},
	{
		Step: StepDeclineMoreTime, Roles: []Role{Officer, Approver}, Kinds: anyKind,
		From: slices.Concat(toAnswer, standing), To: stays, Needs: MarkMoreTimeAsked, Clears: MarkMoreTimeAsked,
	},
	{
		Step: StepAttestDeletion, Roles: []Role{Officer}, Kinds: anyKind,
		From: []State{Withdrawn, Lapsed}, To: stays, Needs: MarkReached, Unless: MarkAuthorityDeleted, Sets: MarkAuthorityDeleted,
	},
	{
		Step: StepAttestDeletion, Roles: []Role{Agent}, Kinds: anyKind,
		From: []State{Withdrawn, Lapsed}, To: stays, Needs: MarkReached, Unless: MarkPlatformDeleted, Sets: MarkPlatformDeleted,
		Clears: MarkRecallUndeleted,
	},
	{
		// The authority's word on what was recalled is the confirmation of the recall.
		Step: StepAttestDeletion, Roles: []Role{Agent}, Kinds: answerable, Needs: MarkRecallUndeleted, Clears: MarkRecallUndeleted,
		From: slices.Concat(given, standing), To: stays,
	},
	{
		Step: StepOpen, Roles: []Role{Officer}, Kinds: answerable, Needs: MarkAnsweredInPart,
		From: slices.Concat(given, standing), To: stays,
	},
	{
		// What was recalled is to be answered again, so that no request is closed over a
		// wrong answer.
		Step: StepRecall, Roles: []Role{Agent}, Kinds: answerable, Sets: MarkRecallPending, SetsToo: MarkRecallUndeleted,
		From: given, To: becomes(PartiallyAnswered),
	},
	{
		Step: StepRecall, Roles: []Role{Agent}, Kinds: answerable, Needs: MarkAnsweredInPart, Sets: MarkRecallPending, SetsToo: MarkRecallUndeleted,
		From: standing, To: stays,
	},
	{
		Step: StepConfirmRecall, Roles: []Role{Officer}, Kinds: answerable, Needs: MarkRecallPending, Clears: MarkRecallPending,
		From: slices.Concat(given, standing, []State{Withdrawn, Lapsed}), To: stays,
	},
	{
		Step: StepEndNoticeDelay, Roles: []Role{Hub}, Kinds: anyKind, Needs: MarkReached,
		From: unpurged, To: stays,
		Note: "when the time has passed that the request names",
	},
	{
		Step: StepRecordNotice, Roles: []Role{Agent}, Kinds: anyKind, Needs: MarkReached, Unless: MarkTold, Sets: MarkTold,
		From: unpurged, To: stays,
		Note: "from the time on that the request names",
	},
	{
		Step: StepReviewObject, Roles: []Role{Reviewer}, Kinds: anyKind, Needs: MarkReviewPending, Clears: MarkReviewPending,
		From: reviewable, To: stays,
		Note: "names grounds and selectors",
	},
	{
		Step: StepReviewRefuse, Roles: []Role{Reviewer}, Kinds: anyKind, Needs: MarkReviewPending, Clears: MarkReviewPending,
		From: reviewable, To: becomes(Refused),
		Note: "names grounds",
	},
	{
		Step: StepReviewClear, Roles: []Role{Reviewer}, Kinds: anyKind, Needs: MarkReviewPending, Clears: MarkReviewPending,
		From: reviewable, To: stays,
	},
	{
		Step: StepReviewLapse, Roles: []Role{Hub}, Kinds: anyKind, Needs: MarkReviewPending, Clears: MarkReviewPending,
		From: reviewable, To: stays,
		Note: "ten days after it came before the platform, 96 hours for an emergency",
	},
	{
		Step: StepMaintain, Roles: []Role{Agent}, Kinds: anyKind, Needs: MarkUpheld, Clears: MarkUpheld,
		From: atWork, To: becomes(InDispute),
	},
	{
		// The platform's position is on record beside the authority's.
		Step: StepMaintain, Roles: []Role{Agent}, Kinds: anyKind, Needs: MarkUpheld, Clears: MarkUpheld,
		From: []State{InDispute}, To: stays,
	},
	{
		// Whoever is no independent body records what went against its own side.
		Step: StepDecide, Roles: []Role{Reviewer, Agent}, Kinds: anyKind, Clears: MarkUpheld,
		From: []State{InDispute}, To: backToWork,
		Note: "the reviewer, or the platform with a court's ruling",
	},
	{
		Step: StepDecide, Roles: []Role{Reviewer, Agent}, Kinds: answerable,
		From: slices.Concat([]State{Acknowledged}, given), To: stays,
		Note: "while selectors are barred; the reviewer, or the platform with a court's ruling",
	},
	{
		Step: StepSustain, Roles: []Role{Reviewer, Officer, Approver}, Kinds: anyKind, Clears: MarkUpheld,
		From: []State{InDispute}, To: refusedAsFar,
		Note: "the reviewer, or the authority with a court's ruling",
	},
	{
		// Of what was purged the ledger alone tells.
		Step: StepAudit, Roles: []Role{Auditor}, Kinds: anyKind, Needs: MarkReached,
		From: unpurged, To: stays,
		Note: "of a body that oversees a party; it changes nothing",
	},
	{
		Step: StepHandOver, Roles: []Role{Hub}, Kinds: []Kind{Preserve},
		From: []State{Preserved}, To: stays,
		Note: "when a disclosure that rests on it comes before the platform",
	},
	{
		Step: StepEndHandOver, Roles: []Role{Hub}, Kinds: []Kind{Preserve},
		From: []State{Preserved}, To: stays,
		Note: "when the disclosure is answered or over",
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
