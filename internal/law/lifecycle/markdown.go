package lifecycle

import (
	"fmt"
	"slices"
	"strings"
)

// Markdown renders the table for the documentation: what each step asks for and
// leads to, and then, for each step, who may take it in which state. It depends on the
// table alone, so that the documentation can be checked against it.
func Markdown() string {
	var b strings.Builder
	b.WriteString("Each step leaves the event that is named below it. " +
		"What is not in this table is refused.\n\n")
	writeRow(&b, "Step", "Who", "From", "Becomes", "Conditions")
	writeRow(&b, "---", "---", "---", "---", "---")
	for _, row := range rules {
		writeRow(&b,
			fmt.Sprintf("%s<br>`%s`", row.Step.Verb(), row.Step),
			list(row.Roles),
			stateList(row.From),
			row.To.String(),
			conditions(row))
	}

	b.WriteString("\nWho may take each step in which state, under the conditions above. " +
		"In the states marked \"ended\" the request does not change its state any more.\n\n")
	states := append([]State{None}, States()...)
	header, rule := []string{"Step"}, []string{"---"}
	for _, state := range states {
		name := stateName(state)
		if Terminal(state) {
			name += " (ended)"
		}
		header, rule = append(header, name), append(rule, "---")
	}
	writeRow(&b, header...)
	writeRow(&b, rule...)
	for _, step := range Steps() {
		cells := []string{step.Verb()}
		for _, state := range states {
			cells = append(cells, rolesIn(state, step))
		}
		writeRow(&b, cells...)
	}
	return b.String()
}

func writeRow(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// rolesIn names who may take the step in the state; a dash if nobody may.
func rolesIn(state State, step Step) string {
	var roles []Role
	for _, row := range rules {
		if row.Step == step && slices.Contains(row.From, state) {
			roles = append(roles, row.Roles...)
		}
	}
	if len(roles) == 0 {
		return "–"
	}
	return list(distinct(roles))
}

// String describes the target in words and in Markdown.
func (t Target) String() string {
	switch t.move {
	case becoming:
		return stateName(t.state)
	case refusing:
		return fmt.Sprintf("%s, or %s once a part has been answered", stateName(Refused), stateName(PartiallyAnswered))
	case returning:
		return fmt.Sprintf("%s, or %s once a part has been answered",
			stateName(Acknowledged), stateName(PartiallyAnswered))
	default:
		return "stays as it is"
	}
}

// conditions says in words what a row asks for beside role and state.
func conditions(row Rule) string {
	var all []string
	if len(row.Kinds) < len(Kinds()) {
		all = append(all, "only for kind "+strings.ReplaceAll(list(row.Kinds), ", ", " or "))
	}
	switch row.Urgency {
	case RoutineOnly:
		all = append(all, "not an emergency")
	case EmergencyOnly:
		all = append(all, "only an emergency")
	case AnyUrgency:
	}
	switch row.Waiver {
	case NotWaived:
		all = append(all, "unless the authority's policy lets one person file it")
	case WaivedOnly:
		all = append(all, "only where the authority's policy lets one person file it")
	case AnyWaiver:
	}
	if row.OtherPerson {
		all = append(all, "another person, with another key, than the one who filed")
	}
	if row.Unanswered {
		all = append(all, "only while no part has been answered")
	}
	if row.Suspended {
		all = append(all, "not while the reviewer may still object")
	}
	switch {
	case row.Unless == NoMark:
	case row.Unless == row.Sets && row.Sets != MarkMoreTimeAsked:
		all = append(all, "only once")
	default:
		all = append(all, "not "+markWords[row.Unless])
	}
	if row.Needs != NoMark {
		all = append(all, "only "+markWords[row.Needs])
	}
	if row.Note != "" {
		all = append(all, row.Note)
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, "; ")
}

func stateName(s State) string {
	if s == None {
		return "not yet filed"
	}
	return "`" + s.String() + "`"
}

func stateList(states []State) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = stateName(s)
	}
	return strings.Join(names, ", ")
}

// markWords say in words when a mark is set.
var markWords = map[Mark]string{
	MarkValidated:       "once somebody has validated it",
	MarkReached:         "if it came before the platform",
	MarkAnsweredInPart:  "once a part has been answered",
	MarkRecallUndeleted: "while what was recalled is not attested to be deleted",
	MarkRecallPending:   "while a recall is not confirmed",
	MarkMoreTimeAsked:   "while a word on a wish for more time is awaited",
	MarkReviewPending:   "while the review is pending",
	MarkUndecidable:     "where a ground is one that no party may decide on alone",
	MarkUpheld:          "after the authority has upheld it, and before it is maintained, decided or narrowed",
}
