// Package scope holds one message against another: an answer against what was
// asked, an amendment against what stood before, a filing against what the
// platform holds. What a message must be by itself stands in the contract; what
// it must be in view of another one stands here, once, for the hub, which refuses
// what breaks a rule, and for the SDK, which does not send it.
//
// The functions are pure and read messages alone. They expect messages that keep
// the contract's own rules, but refuse others rather than fail on them. What they
// say names fields and the request's own selector ids and never quotes a value, so
// that it may stand in an error or a log.
package scope

import (
	"fmt"
	"strings"
)

// Kind says what is wrong, and so what the caller can do about it. Where several
// things are wrong with an answer, the one that is worse stands for all.
type Kind int

// The kinds of violation, the worse one later among those of one check.
const (
	// Incomplete: an answer leaves something that was asked without an outcome.
	Incomplete Kind = iota + 1
	// AlreadyAnswered: an earlier part, or this one, has answered the selector.
	AlreadyAnswered
	// OutOfScope: an answer says more than was asked, or something else.
	OutOfScope
	// Widens: a narrowing asks for more than stood before, or takes nothing away.
	Widens
	// OutsideCapabilities: a filing asks what the platform does not hold or accept.
	OutsideCapabilities
	// OutsidePolicy: a filing is beyond what the authority may file.
	OutsidePolicy
	// Invalid: a field breaks a rule that one message alone cannot show.
	Invalid
	// Barred: an answer does not withhold what nothing may be handed over of.
	Barred
)

// String returns what is wrong in a few words.
func (k Kind) String() string {
	switch k {
	case Incomplete:
		return "answer incomplete"
	case AlreadyAnswered:
		return "selector already answered"
	case OutOfScope:
		return "answer out of scope"
	case Widens:
		return "not a narrowing"
	case OutsideCapabilities:
		return "outside the platform's capabilities"
	case OutsidePolicy:
		return "outside the authority's policy"
	case Invalid:
		return "field invalid"
	case Barred:
		return "selector barred"
	default:
		return "unknown violation"
	}
}

// Violation is one rule that one field breaks.
type Violation struct {
	// Field is the field's path in the call's message, such as
	// "answer.findings[3].parties[0].items[2]".
	Field string
	// Description says what the field must be.
	Description string
}

// MaxViolations is how many violations a check tells of. A caller who has more
// will find the rest once these are mended.
const MaxViolations = 100

// Violations is every way in which one message does not fit another: what each
// Check of this package returns if it returns an error.
type Violations struct {
	// Kind is what is wrong on the whole.
	Kind Kind
	// Fields are the violations, in the order of the message's fields: at least
	// one and at most MaxViolations.
	Fields []Violation
}

// Error tells the kind, the first violation and how many there are. It quotes no
// value.
func (v *Violations) Error() string {
	if len(v.Fields) == 0 {
		return v.Kind.String()
	}
	first := v.Fields[0]
	text := fmt.Sprintf("%s: %s: %s", v.Kind, first.Field, first.Description)
	if more := len(v.Fields) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Moved returns the same violations with the paths that begin with from beginning
// with to instead: for a message that stands elsewhere in another call, as a
// narrowing does in an objection.
func (v *Violations) Moved(from, to string) *Violations {
	moved := &Violations{Kind: v.Kind, Fields: make([]Violation, len(v.Fields))}
	for i, violation := range v.Fields {
		if rest, ok := strings.CutPrefix(violation.Field, from); ok {
			violation.Field = to + rest
		}
		moved.Fields[i] = violation
	}
	return moved
}

// collector gathers violations. Its zero value is ready to use.
type collector struct{ Violations }

// add notes that the field at a path breaks a rule.
func (c *collector) add(kind Kind, description, path string, indices ...any) {
	c.Kind = max(c.Kind, kind)
	if len(c.Fields) < MaxViolations {
		c.Fields = append(c.Fields, Violation{Field: fmt.Sprintf(path, indices...), Description: description})
	}
}

// err returns what was noted, or nil.
func (c *collector) err() error {
	if c.Kind == 0 {
		return nil
	}
	return &c.Violations
}
