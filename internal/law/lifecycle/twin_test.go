package lifecycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// none is a key that is not known; keys are those of people, two of whom have one.
var (
	none = Key{}
	keys = map[Person]Key{"amal": {1}, "bana": {2}, "chia": {1}}
)

// accepted is the reason that the twin gives where it refuses nothing.
const accepted Reason = 0

// twin is the state machine once more, slow to read and hard to get wrong: one
// case per step, each condition spelled out, no table. Where the table and the
// twin differ, one of them breaks the protocol.
func twin(r Request, e Event) (Request, Reason) {
	knownKind := r.Kind == Disclose || r.Kind == Preserve || r.Kind == Existence
	answerable := r.Kind == Disclose || r.Kind == Existence
	is := func(states ...State) bool { return slices.Contains(states, r.State) }
	resumed := Acknowledged
	if r.AnsweredInPart {
		resumed = PartiallyAnswered
	}
	next := r

	switch e.Step {
	case StepFile:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(None):
			return r, WrongState
		case e.Kind < 1 || e.Kind > 3:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case e.Emergency:
			// Whoever files an emergency files it alone, and another person validates it.
			return Request{State: Filed, Kind: e.Kind, Emergency: true, FiledBy: e.Person, FiledKey: e.Key, Reached: true, Reviewed: e.Reviewed, ReviewPending: e.Reviewed}, accepted
		case e.Waived && e.Kind == Disclose:
			return r, SecondPersonNeeded
		case e.Waived:
			return Request{State: Filed, Kind: e.Kind, FiledBy: e.Person, FiledKey: e.Key, Reached: true, Reviewed: e.Reviewed, ReviewPending: e.Reviewed}, accepted
		default:
			return Request{State: AwaitingApproval, Kind: e.Kind, FiledBy: e.Person, FiledKey: e.Key, Reviewed: e.Reviewed}, accepted
		}

	case StepApprove, StepReject:
		switch {
		case e.Role != Approver:
			return r, WrongRole
		case !is(AwaitingApproval):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case r.FiledBy == "", e.Person == r.FiledBy, r.FiledKey != none && e.Key == r.FiledKey:
			return r, SamePerson
		}
		if e.Step == StepReject {
			next.State = Withdrawn
			return next, accepted
		}
		next.State, next.Reached, next.ReviewPending = Filed, true, r.Reviewed
		return next, accepted

	case StepWithdraw:
		switch {
		case e.Role != Officer && e.Role != Approver:
			return r, WrongRole
		case is(None, Answered, Refused, Withdrawn, Closed, Purged, Lapsed, Expired, InDispute+1):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Withdrawn
		return next, accepted

	case StepAcknowledge:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Filed):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Acknowledged
		return next, accepted

	case StepAskClarification, StepObject:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Acknowledged, PartiallyAnswered):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = ClarificationNeeded
		if e.Step == StepObject {
			next.State, next.Undecidable = Objected, e.Undecidable
		}
		return next, accepted

	case StepReply:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(ClarificationNeeded):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = resumed
		return next, accepted

	case StepUphold:
		switch {
		case e.Role != Officer && e.Role != Approver:
			return r, WrongRole
		case !is(Objected):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State, next.Upheld = resumed, true
		if r.Undecidable {
			next.State = InDispute
		}
		return next, accepted

	case StepAmend:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(AwaitingApproval, Filed, Acknowledged, PartiallyAnswered, ClarificationNeeded, Objected, InDispute):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		if is(ClarificationNeeded, Objected, InDispute) {
			next.State = resumed
		}
		next.Upheld = false
		return next, accepted

	case StepRefuse:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Acknowledged, ClarificationNeeded, Objected):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case r.AnsweredInPart:
			return r, AnsweredInPart
		}
		next.State = Refused
		return next, accepted

	case StepAnswerPart, StepAnswerFinal:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Acknowledged, PartiallyAnswered):
			return r, WrongState
		case !answerable:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case r.ReviewPending:
			return r, ReviewPending
		}
		next.State, next.AnsweredInPart = Answered, true
		if e.Step == StepAnswerPart {
			next.State = PartiallyAnswered
		}
		return next, accepted

	case StepConfirmPreservation:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Acknowledged):
			return r, WrongState
		case r.Kind != Preserve:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Preserved
		return next, accepted

	case StepExtendPreservation:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(Preserved):
			return r, WrongState
		case r.Kind != Preserve:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case r.Extended:
			return r, AlreadyDone
		}
		next.Extended = true
		return next, accepted

	case StepValidateEmergency:
		switch {
		case e.Role != Approver:
			return r, WrongRole
		case is(None, AwaitingApproval, Withdrawn, Purged, Lapsed, Expired, InDispute+1):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case !r.Emergency:
			return r, NotEmergency
		case e.Person == "":
			return r, NoPerson
		case r.FiledBy == "", e.Person == r.FiledBy, r.FiledKey != none && e.Key == r.FiledKey:
			return r, SamePerson
		case r.Validated:
			return r, AlreadyDone
		}
		next.Validated = true
		return next, accepted

	case StepConfirmReceipt:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(Answered):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Closed
		return next, accepted

	case StepPurge:
		switch {
		case e.Role != Hub:
			return r, WrongRole
		case !is(Refused, Withdrawn, Closed, Lapsed, Expired):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Purged
		return next, accepted

	case StepLapse:
		switch {
		case e.Role != Hub:
			return r, WrongRole
		case is(None, AwaitingApproval, Withdrawn, Purged, Lapsed, Expired, InDispute+1):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case !r.Emergency:
			return r, NotEmergency
		case e.Person == "":
			return r, NoPerson
		case r.Validated:
			return r, AlreadyDone
		}
		next.State = Lapsed
		return next, accepted

	case StepExpire:
		switch {
		case e.Role != Hub:
			return r, WrongRole
		case !is(Preserved):
			return r, WrongState
		case r.Kind != Preserve:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State = Expired
		return next, accepted

	case StepWarn, StepMiss:
		switch {
		case e.Role != Hub:
			return r, WrongRole
		case !is(Filed, Acknowledged, PartiallyAnswered):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		return next, accepted

	case StepAskMoreTime:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Filed, Acknowledged, PartiallyAnswered):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case r.MoreTimeAsked:
			return r, AlreadyDone
		}
		next.MoreTimeAsked = true
		return next, accepted

	case StepGrantMoreTime, StepDeclineMoreTime:
		switch {
		case e.Role != Officer && e.Role != Approver:
			return r, WrongRole
		case !is(Filed, Acknowledged, ClarificationNeeded, Objected, InDispute, PartiallyAnswered):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.MoreTimeAsked:
			return r, NothingPending
		}
		next.MoreTimeAsked = false
		return next, accepted

	case StepAttestDeletion:
		recalled := e.Role == Agent && is(PartiallyAnswered, Answered, Closed, ClarificationNeeded, Objected, InDispute)
		switch {
		case e.Role != Officer && e.Role != Agent:
			return r, WrongRole
		case recalled && !answerable:
			return r, WrongKind
		case recalled && e.Person == "":
			return r, NoPerson
		case recalled && !r.RecallUndeleted:
			return r, NothingPending
		case recalled:
			next.RecallUndeleted = false
			return next, accepted
		case !is(Withdrawn, Lapsed):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case e.Role == Officer && r.AuthorityDeleted, e.Role == Agent && r.PlatformDeleted:
			return r, AlreadyDone
		case !r.Reached:
			return r, NothingPending
		}
		if e.Role == Officer {
			next.AuthorityDeleted = true
		} else {
			next.PlatformDeleted, next.RecallUndeleted = true, false
		}
		return next, accepted

	case StepOpen, StepRecall:
		role := Officer
		if e.Step == StepRecall {
			role = Agent
		}
		switch {
		case e.Role != role:
			return r, WrongRole
		case !is(PartiallyAnswered, Answered, Closed, ClarificationNeeded, Objected, InDispute):
			return r, WrongState
		case !answerable:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.AnsweredInPart && (e.Step == StepOpen || is(ClarificationNeeded, Objected, InDispute)):
			return r, NothingPending
		}
		if e.Step == StepRecall {
			next.RecallPending, next.RecallUndeleted = true, true
			if is(Answered, Closed) {
				next.State = PartiallyAnswered
			}
		}
		return next, accepted

	case StepConfirmRecall:
		switch {
		case e.Role != Officer:
			return r, WrongRole
		case !is(PartiallyAnswered, Answered, Closed, ClarificationNeeded, Objected, InDispute, Withdrawn, Lapsed):
			return r, WrongState
		case !answerable:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.RecallPending:
			return r, NothingPending
		}
		next.RecallPending = false
		return next, accepted

	case StepEndNoticeDelay, StepRecordNotice:
		role := Hub
		if e.Step == StepRecordNotice {
			role = Agent
		}
		switch {
		case e.Role != role:
			return r, WrongRole
		case is(None, AwaitingApproval, Purged, InDispute+1):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case e.Step == StepRecordNotice && r.Told:
			return r, AlreadyDone
		case !r.Reached:
			return r, NothingPending
		}
		if e.Step == StepRecordNotice {
			next.Told = true
		}
		return next, accepted

	case StepAudit:
		switch {
		case e.Role != Auditor:
			return r, WrongRole
		case is(None, AwaitingApproval, Purged, InDispute+1):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.Reached:
			return r, NothingPending
		}
		return r, accepted

	case StepHandOver, StepEndHandOver:
		switch {
		case e.Role != Hub:
			return r, WrongRole
		case !is(Preserved):
			return r, WrongState
		case r.Kind != Preserve:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		return r, accepted

	case StepReviewObject, StepReviewRefuse, StepReviewClear, StepReviewLapse:
		role := Reviewer
		if e.Step == StepReviewLapse {
			role = Hub
		}
		switch {
		case e.Role != role:
			return r, WrongRole
		case !is(Filed, Acknowledged, ClarificationNeeded, Objected, InDispute, Preserved):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.ReviewPending:
			return r, NothingPending
		}
		next.ReviewPending = false
		if e.Step == StepReviewRefuse {
			next.State = Refused
		}
		return next, accepted

	case StepMaintain:
		switch {
		case e.Role != Agent:
			return r, WrongRole
		case !is(Acknowledged, PartiallyAnswered, InDispute):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		case !r.Upheld:
			return r, NothingPending
		}
		next.State, next.Upheld = InDispute, false
		return next, accepted

	case StepDecide:
		switch {
		case e.Role != Reviewer && e.Role != Agent:
			return r, WrongRole
		case !is(InDispute, Acknowledged, PartiallyAnswered, Answered, Closed):
			return r, WrongState
		case is(InDispute) && !knownKind, !is(InDispute) && !answerable:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		if is(InDispute) {
			next.State, next.Upheld = resumed, false
		}
		return next, accepted

	case StepSustain:
		switch {
		case e.Role != Reviewer && e.Role != Officer && e.Role != Approver:
			return r, WrongRole
		case !is(InDispute):
			return r, WrongState
		case !knownKind:
			return r, WrongKind
		case e.Person == "":
			return r, NoPerson
		}
		next.State, next.Upheld = Refused, false
		if r.AnsweredInPart {
			next.State = PartiallyAnswered
		}
		return next, accepted

	default:
		return r, UnknownStep
	}
}

// withUnknown adds to all the values that there are zero and one past the last, so that the
// unknown ones are tried too.
func withUnknown[N ~uint8](all []N) []N {
	return append(append([]N{0}, all...), slices.Max(all)+1)
}

// sample is how many requests are tried with -short: one of eleven, so that each state and
// kind is among them.
func sample(all []Request) []Request {
	var some []Request
	for i := 0; i < len(all); i += 11 {
		some = append(some, all[i])
	}
	return some
}

// requests lists every value that a Request can have, the impossible ones
// included, with one filer or none. The marks that single steps alone look at vary one at
// a time, with all others set and with none.
func requests() []Request {
	var all []Request
	for _, state := range withUnknown(States()) {
		for _, kind := range withUnknown(Kinds()) {
			for _, filer := range []Person{"", "amal"} {
				for flags := range 352 {
					alone := flags >> 5
					if others := flags & 31; alone != 0 && others != 0 && others != 31 {
						continue
					}
					all = append(all, Request{
						State: state, Kind: kind, FiledBy: filer, FiledKey: keys[filer],
						Emergency:      flags&1 != 0,
						Reached:        flags&2 != 0,
						AnsweredInPart: flags&4 != 0,
						Validated:      flags&8 != 0,
						Extended:       flags&16 != 0,

						MoreTimeAsked:    alone == 1,
						AuthorityDeleted: alone == 2,
						PlatformDeleted:  alone == 3,
						RecallPending:    alone == 4,
						Told:             alone == 5,

						RecallUndeleted: alone == 10,

						Reviewed:      alone == 6 || alone == 7,
						ReviewPending: alone == 6,
						Undecidable:   alone == 8,
						Upheld:        alone == 8 || alone == 9,
					})
				}
			}
		}
	}
	if testing.Short() {
		return sample(all)
	}
	return all
}

// events lists every event of a step, by nobody, by the filer, by a colleague, and by one who
// has the filer's key.
func events(step Step) []Event {
	waivers := []bool{false, true}
	kinds, urgencies, reviewed, grounds := withUnknown(Kinds()), []bool{false, true}, []bool{false, true}, []bool{true}
	if step != StepFile {
		// Only a filing carries them; what another step carries is tried once.
		waivers = []bool{true}
		kinds, urgencies, reviewed = []Kind{Preserve}, []bool{true}, []bool{true}
	}
	if step == StepObject { // which alone has grounds that count
		grounds = []bool{false, true}
	}
	var all []Event
	for _, role := range withUnknown(Roles()) {
		for _, person := range []Person{"", "amal", "bana", "chia"} {
			for _, kind := range kinds {
				for _, emergency := range urgencies {
					for _, named := range reviewed {
						for _, undecidable := range grounds {
							for _, waived := range waivers {
								all = append(all, Event{
									Step: step, Role: role, Person: person, Key: keys[person], Kind: kind, Emergency: emergency,
									Reviewed: named, Undecidable: undecidable, Waived: waived,
								})
							}
						}
					}
				}
			}
		}
	}
	return all
}

// filings lists what can be filed by whom on requests of every state and kind that have no
// mark. Of a request that is there a filing looks at the state alone: that no other value
// changes anything is tried on all of them, with every filing of one officer.
func filings(r Request) []Event {
	unmarked := Request{State: r.State, Kind: r.Kind, FiledBy: r.FiledBy, FiledKey: r.FiledKey}
	if r == unmarked {
		return everyFiling
	}
	return officersFilings
}

var (
	everyFiling     = events(StepFile)
	officersFilings = slices.DeleteFunc(events(StepFile), func(e Event) bool { return e.Role != Officer || e.Person != "amal" })
)

func TestApplyAgreesWithItsTwinEverywhere(t *testing.T) {
	t.Parallel()
	all := requests()
	for _, step := range withUnknown(Steps()) {
		t.Run(step.String(), func(t *testing.T) {
			t.Parallel()
			steps := events(step)
			for _, r := range all {
				if step == StepFile {
					steps = filings(r)
				}
				for _, e := range steps {
					want, wantReason := twin(r, e)
					got, err := Apply(r, e)
					if reason := reasonOf(t, err); got != want || reason != wantReason {
						t.Fatalf("Apply(%+v, %+v)\n got %+v, %v\nwant %+v, %v", r, e, got, err, want, wantReason)
					}
				}
			}
		})
	}
}

// reasonOf returns the reason of a refusal, and accepted for no error. Apply gives
// refusals unwrapped, and no other error.
func reasonOf(t interface{ Fatalf(string, ...any) }, err error) Reason {
	if err == nil {
		return accepted
	}
	refusal, ok := err.(*Refusal)
	if !ok {
		t.Fatalf("%v is a %T, not a *Refusal", err, err)
	}
	return refusal.Reason
}

func TestARefusalNamesWhereTheStepIsPossible(t *testing.T) {
	t.Parallel()
	for _, step := range Steps() {
		for _, role := range Roles() {
			var want []State
			refused := map[State]*Refusal{}
			for _, state := range append([]State{None}, States()...) {
				r := Request{State: state, Kind: Disclose, FiledBy: "amal"}
				_, err := Apply(r, Event{Step: step, Role: role, Person: "bana", Kind: Disclose})
				var refusal *Refusal
				switch errors.As(err, &refusal); {
				case refusal == nil || refusal.Reason > WrongState:
					want = append(want, state)
				case refusal.Reason == WrongState:
					refused[state] = refusal
				}
			}
			for state, refusal := range refused {
				if diff := cmp.Diff(want, refusal.From); diff != "" {
					t.Errorf("%s as %s in %s (-want +got):\n%s", step, role, state, diff)
				}
			}
		}
	}
}
