package lifecycle_test

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// person draws from so few people that the same one often comes again.
func person() *rapid.Generator[Person] {
	return rapid.SampledFrom([]Person{"amal", "bana", "chia"})
}

var table = Rules()

// possible draws an event that a row of the table has for the request's state, so
// that a life goes on; a person or kind that does not fit can still make it
// refused.
func possible(r Request) *rapid.Generator[Event] {
	var rows []Rule
	for _, row := range table {
		if slices.Contains(row.From, r.State) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return arbitrary()
	}
	return rapid.Custom(func(t *rapid.T) Event {
		row := rapid.SampledFrom(rows).Draw(t, "row")
		return Event{
			Step:      row.Step,
			Role:      rapid.SampledFrom(row.Roles).Draw(t, "role"),
			Person:    person().Draw(t, "person"),
			Key:       rapid.SampledFrom([]Key{{}, {1}, {2}}).Draw(t, "key"),
			Kind:      rapid.SampledFrom(Kinds()).Draw(t, "kind"),
			Emergency: rapid.Bool().Draw(t, "emergency"),
			Waived:    rapid.Bool().Draw(t, "waived"),

			Reviewed:    rapid.Bool().Draw(t, "reviewed"),
			Undecidable: rapid.Bool().Draw(t, "undecidable"),
		}
	})
}

// arbitrary draws any event, the nonsensical included.
func arbitrary() *rapid.Generator[Event] {
	return rapid.Custom(func(t *rapid.T) Event {
		return Event{
			Step:      Step(rapid.Byte().Draw(t, "step")),
			Role:      Role(rapid.Byte().Draw(t, "role")),
			Person:    Person(rapid.String().Draw(t, "person")),
			Kind:      Kind(rapid.Byte().Draw(t, "kind")),
			Emergency: rapid.Bool().Draw(t, "emergency"),
			Waived:    rapid.Bool().Draw(t, "waived"),

			Reviewed:    rapid.Bool().Draw(t, "reviewed"),
			Undecidable: rapid.Bool().Draw(t, "undecidable"),
		}
	})
}

// life lets a request live through drawn events and shows each accepted step to
// visit.
func life(t *rapid.T, visit func(before Request, e Event, after Request)) {
	var r Request
	for range rapid.IntRange(1, 30).Draw(t, "length") {
		e := rapid.OneOf(possible(r), arbitrary()).Draw(t, "event")
		next, err := Apply(r, e)
		if err == nil {
			visit(r, e, next)
		}
		r = next
	}
}

func TestNothingReachesThePlatformUnapproved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var filer Person
		var key Key
		var emergency, alone, approved bool
		life(t, func(before Request, e Event, after Request) {
			switch {
			case e.Step == StepFile:
				filer, key, emergency = e.Person, e.Key, e.Emergency
				alone = e.Waived && (e.Kind == Preserve || e.Kind == Existence)
			case e.Step == StepApprove:
				approved = e.Role == Approver && e.Person != filer && (key == Key{} || e.Key != key)
			}
			if VisibleToPlatform(after) != (emergency || alone || approved) {
				t.Fatalf("visible: %v, emergency: %v, filed alone: %v, approved: %v", VisibleToPlatform(after), emergency, alone, approved)
			}
			if e.Role.Side() == PlatformSide && !VisibleToPlatform(before) {
				t.Fatalf("the platform took step %s on a request that it cannot see", e.Step)
			}
		})
	})
}

func TestWhatIsKnownOfARequestIsNeverForgotten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		life(t, func(before Request, e Event, after Request) {
			if before.Reached && !after.Reached || before.AnsweredInPart && !after.AnsweredInPart ||
				before.Validated && !after.Validated || before.Extended && !after.Extended ||
				before.AuthorityDeleted && !after.AuthorityDeleted || before.PlatformDeleted && !after.PlatformDeleted {
				t.Fatalf("%s made %+v into %+v", e.Step, before, after)
			}
			if before.State != None && (before.Kind != after.Kind ||
				before.Emergency != after.Emergency || before.FiledBy != after.FiledBy) {
				t.Fatalf("%s changed what was filed: %+v became %+v", e.Step, before, after)
			}
		})
	})
}

func TestTheMarksMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		taken := map[Step]int{}
		life(t, func(_ Request, e Event, after Request) {
			taken[e.Step]++
			if after.AnsweredInPart != (taken[StepAnswerPart]+taken[StepAnswerFinal] > 0) ||
				after.Validated != (taken[StepValidateEmergency] > 0) ||
				after.Extended != (taken[StepExtendPreservation] > 0) {
				t.Fatalf("after %v: %+v", taken, after)
			}
			if taken[StepFile] > 1 || taken[StepValidateEmergency] > 1 || taken[StepExtendPreservation] > 1 {
				t.Fatalf("a step that is possible once was taken again: %v", taken)
			}
			if after.State == Refused && after.AnsweredInPart {
				t.Fatal("refused after a part was answered")
			}
			if after.State == Acknowledged && after.AnsweredInPart {
				t.Fatal("work resumed as if nothing had been answered")
			}
		})
	})
}

func TestEndedRequestsStayEnded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		life(t, func(before Request, e Event, after Request) {
			purged := e.Step == StepPurge && e.Role == Hub && before.State != Purged && after.State == Purged
			lapsed := e.Step == StepLapse && e.Role == Hub && after.State == Lapsed
			recalled := e.Step == StepRecall && before.State == Closed && after.State == PartiallyAnswered
			if Terminal(before.State) && after.State != before.State && !purged && !lapsed && !recalled {
				t.Fatalf("%s led from %s to %s", e.Step, before.State, after.State)
			}
		})
	})
}

func TestAnEmergencyThatNobodyVouchedForLapses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		life(t, func(before Request, e Event, after Request) {
			lapse := Event{Step: StepLapse, Role: Hub, Person: "hub"}
			lapsed, err := Apply(after, lapse)
			want := after.Emergency && !after.Validated && after.State != Withdrawn && after.State != Lapsed &&
				after.State != Purged && after.State != Expired
			if (err == nil) != want || err == nil && lapsed.State != Lapsed {
				t.Fatalf("%+v: %v", after, err)
			}
			harmless := e.Step == StepAttestDeletion || e.Step == StepConfirmRecall || e.Step == StepRecordNotice || e.Step == StepAudit
			if before.State == Lapsed && e.Role.Side() != HubSide && !harmless {
				t.Fatalf("%s was taken after the emergency lapsed", e.Step)
			}
		})
	})
}

// Whatever happens, nobody is handed anything while a review is pending or a dispute open,
// and only an independent body, a side against itself, or time ends either.
func TestNothingIsHandedOverBeforeItMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		life(t, func(before Request, e Event, after Request) {
			answers := e.Step == StepAnswerPart || e.Step == StepAnswerFinal
			if answers && (before.ReviewPending || before.State == InDispute || before.State == Objected) {
				t.Fatalf("%s was taken on %+v", e.Step, before)
			}
			if before.ReviewPending && !after.ReviewPending && e.Role != Reviewer && e.Step != StepReviewLapse {
				t.Fatalf("%s by %s ended the review", e.Step, e.Role)
			}
			if after.ReviewPending && (!after.Reviewed || !after.Reached) {
				t.Fatalf("a review is pending that nobody can make: %+v", after)
			}
			if before.State == InDispute && after.State != InDispute && e.Role == Agent && e.Step != StepDecide {
				t.Fatalf("the platform ended the dispute by %s", e.Step)
			}
			if before.State == InDispute && e.Role.Side() == AuthoritySide && (after.State == Acknowledged || after.State == PartiallyAnswered) &&
				e.Step != StepAmend && e.Step != StepSustain {
				t.Fatalf("the authority ended the dispute by %s", e.Step)
			}
		})
	})
}

func TestARefusalChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Request{
			State:          State(rapid.Byte().Draw(t, "state")),
			Kind:           Kind(rapid.Byte().Draw(t, "kind")),
			Emergency:      rapid.Bool().Draw(t, "emergency"),
			FiledBy:        Person(rapid.String().Draw(t, "filer")),
			Reached:        rapid.Bool().Draw(t, "reached"),
			AnsweredInPart: rapid.Bool().Draw(t, "answered in part"),
			Validated:      rapid.Bool().Draw(t, "validated"),
			Extended:       rapid.Bool().Draw(t, "extended"),

			MoreTimeAsked:    rapid.Bool().Draw(t, "more time asked"),
			AuthorityDeleted: rapid.Bool().Draw(t, "deleted by the authority"),
			PlatformDeleted:  rapid.Bool().Draw(t, "deleted by the platform"),
			RecallPending:    rapid.Bool().Draw(t, "recall pending"),
			Told:             rapid.Bool().Draw(t, "told"),

			Reviewed:      rapid.Bool().Draw(t, "reviewed"),
			ReviewPending: rapid.Bool().Draw(t, "review pending"),
			Undecidable:   rapid.Bool().Draw(t, "undecidable"),
			Upheld:        rapid.Bool().Draw(t, "upheld"),
		}
		e := rapid.OneOf(possible(r), arbitrary()).Draw(t, "event")
		if next, err := Apply(r, e); err != nil && next != r {
			t.Fatalf("%v, and %+v became %+v", err, r, next)
		}
	})
}

// Allowed promises: exactly the steps that some person in the role can take.
func TestAllowedIsWhatSomebodyCanDo(t *testing.T) {
	t.Parallel()
	for _, r := range requests() {
		if !r.Reached {
			continue // it decides what the platform sees, and no step
		}
		for _, role := range []Role{0, Officer, Approver, Agent, Reviewer, Auditor} {
			var want []Step
			for _, step := range Steps() {
				takes := func(p Person) bool {
					_, err := Apply(r, Event{Step: step, Role: role, Person: p, Kind: Existence})
					return err == nil
				}
				if takes("amal") || takes("bana") {
					want = append(want, step)
				}
			}
			if got := Allowed(r, role); !slices.Equal(got, want) {
				t.Fatalf("%+v as %s: got %v, want %v", r, role, got, want)
			}
		}
	}
}

// moves are the steps that the table has for a state, by the filer and, where that must be
// another, by a colleague.
var moves = func() func(State) []Event {
	var of [256][]Event
	for _, row := range table {
		for _, role := range row.Roles {
			e := Event{Step: row.Step, Role: role, Person: "amal", Key: keys["amal"]}
			if row.OtherPerson {
				e.Person, e.Key = "bana", keys["bana"]
			}
			variants := []Event{e}
			if row.Step == StepFile {
				variants = nil
				for _, kind := range Kinds() {
					for _, reviewed := range []bool{false, true} {
						e.Kind, e.Emergency, e.Reviewed = kind, row.Urgency == EmergencyOnly, reviewed
						variants = append(variants, e)
					}
				}
			}
			if row.Grounds == UndecidableAmong {
				variants[0].Undecidable = true
			}
			for _, from := range row.From {
				of[from] = append(of[from], variants...)
			}
		}
	}
	return func(s State) []Event { return of[s] }
}()

// reachable lists every request that some life leads to, filed by one person and
// followed by two, with the steps of one such life.
var reachable = sync.OnceValue(func() map[Request][]Event {
	lives := map[Request][]Event{{}: nil}
	for queue := []Request{{}}; len(queue) > 0; queue = queue[1:] {
		for _, e := range moves(queue[0].State) {
			next, err := Apply(queue[0], e)
			if _, known := lives[next]; err != nil || known {
				continue
			}
			lives[next] = append(slices.Clone(lives[queue[0]]), e)
			queue = append(queue, next)
		}
	}
	return lives
})

func TestEveryStateAndStepIsReachable(t *testing.T) {
	t.Parallel()
	states, steps := map[State]bool{}, map[Step]bool{}
	for r, life := range reachable() {
		states[r.State] = true
		for _, e := range life {
			steps[e.Step] = true
		}
		for _, role := range Roles() {
			for _, step := range Allowed(r, role) {
				steps[step] = true
			}
		}
	}
	for _, s := range States() {
		if !states[s] {
			t.Errorf("no life leads to %s", s)
		}
	}
	for _, s := range Steps() {
		if !steps[s] {
			t.Errorf("no life has the step %s", s)
		}
	}
}

func TestNoLiveRequestIsStuck(t *testing.T) {
	t.Parallel()
	for r, life := range reachable() {
		moves := 0
		for _, role := range Roles() {
			moves += len(Allowed(r, role))
		}
		if moves == 0 && !Terminal(r.State) {
			t.Errorf("nobody can do anything with %+v, reached by %v", r, life)
		}
	}
}

// situation is a case that at most one row may fit.
type situation struct {
	step      Step
	role      Role
	kind      Kind
	from      State
	emergency bool
	upheld    bool // against a ground that no party may decide on alone
	grounds   Grounds
	waiver    Waiver
}

// situations are the cases of a kind that a row fits. Of the marks only this tells rows apart
// that fit the same otherwise.
func situations(of situation, row Rule) (all []situation) {
	for _, undecidable := range []bool{false, true} {
		if row.Unless == MarkUndecidable && undecidable || row.Needs == MarkUndecidable && !undecidable {
			continue
		}
		for _, grounds := range []Grounds{DecidableOnly, UndecidableAmong} {
			if row.Grounds == AnyGrounds || row.Grounds == grounds {
				s := of
				s.upheld, s.grounds = undecidable, grounds
				for _, s.waiver = range []Waiver{NotWaived, WaivedOnly} {
					if row.Waiver == AnyWaiver || row.Waiver == s.waiver {
						all = append(all, s)
					}
				}
			}
		}
	}
	return all
}

// Two rows that fit the same case would make the table's order part of the law.
func TestNoTwoRulesFitTheSameCase(t *testing.T) {
	t.Parallel()
	seen := map[situation]bool{}
	for _, row := range Rules() {
		for _, role := range row.Roles {
			for _, kind := range row.Kinds {
				for _, from := range row.From {
					for _, emergency := range []bool{false, true} {
						if row.Urgency == RoutineOnly && emergency || row.Urgency == EmergencyOnly && !emergency {
							continue
						}
						for _, s := range situations(situation{step: row.Step, role: role, kind: kind, from: from, emergency: emergency}, row) {
							if seen[s] {
								t.Errorf("two rules fit %+v", s)
							}
							seen[s] = true
						}
					}
				}
			}
		}
	}
}

func TestRulesCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	table := Rules()
	table[0].Roles[0], table[0].Kinds[0], table[0].From[0] = Hub, 0, Closed
	table[1].Step = 0
	if again := Rules(); again[0].Roles[0] != Officer || again[0].Kinds[0] != Disclose ||
		again[0].From[0] != None || again[1].Step != StepFile {
		t.Errorf("the table was changed: %+v", again[:2])
	}
}

func TestTargetsLeadWhereTheySay(t *testing.T) {
	t.Parallel()
	for _, row := range Rules() {
		for _, from := range row.From {
			for _, inPart := range []bool{false, true} {
				next := row.To.Next(Request{State: from, AnsweredInPart: inPart})
				if !slices.Contains(row.To.States(from), next) {
					t.Errorf("%s from %s leads to %s, and States does not say so", row.Step, from, next)
				}
			}
		}
	}
}
