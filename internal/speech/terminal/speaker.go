// Package terminal prints what Liaison says to a person at a terminal, in the person's
// language, so that nothing that somebody else wrote can disturb it.
//
// Titles, reasons, names and errors come from other organisations. Printed as they are
// they could move the cursor, turn the order of a line round, or look like another text.
// Two rules keep that out:
//
//   - Every text of others goes through [Visible], which shows a control character as
//     <U+001B>, and [Isolated], which puts text of the other direction into a Unicode
//     isolate (UAX 9), so that it cannot reorder its neighbours.
//   - Every line of this program in a language that runs from right to left goes through
//     [Speaker.Lines], which makes it an isolate of that direction, with Latin words in
//     isolates of their own. The line then reads the same whichever way a terminal takes
//     lines.
//
// A [Speaker] does the first by itself with each argument of a text: mark a text that is
// harmless already as [Safe]. Tables ([Speaker.Table]) keep their columns in the same order
// in every language, and events ([Speaker.Event]) tell which step was taken and by whom.
// Texts themselves are in package catalogue.
package terminal

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
)

// Speaker says texts of the catalogue in a person's language.
type Speaker struct {
	Language catalogue.Language

	// Cause says kinds of errors that this package does not know, such as a flag's or the
	// hub's; known is false for all others. It may be nil.
	Cause func(error) (said string, known bool)
}

// Say returns a text of the catalogue in the person's language. Arguments that are
// texts are other people's: they are made harmless, unless they are Safe.
func (s Speaker) Say(key string, args ...any) string {
	harmless := make([]any, len(args))
	for i, arg := range args {
		harmless[i] = s.argument(arg)
	}
	return s.Language.Say(key, harmless...)
}

// Safe is text that is harmless already.
type Safe string

// Phrase is a text of the catalogue that is said later, in the language of its hearer.
type Phrase struct {
	Key  string
	Args []any
}

// String says it in English.
func (p Phrase) String() string { return fmt.Sprintf(p.Key, p.Args...) }

// argument makes an argument harmless.
func (s Speaker) argument(arg any) any {
	switch v := arg.(type) {
	case nil:
		return ""
	case Safe:
		return v
	case Phrase:
		return Safe(s.Say(v.Key, v.Args...))
	case error:
		return Safe(s.Error(v))
	case string:
		return quoted{v, s.Isolated}
	case []string:
		return quoted{strings.Join(v, ", "), s.Isolated}
	case int, int32, int64, uint, uint32, uint64, float64, []byte:
		return v
	default:
		return quoted{fmt.Sprint(v), s.Isolated}
	}
}

// quoted is text of others, which is made harmless when it is put into a sentence.
type quoted struct {
	text    string
	isolate func(string) string
}

// Format implements fmt.Formatter.
func (q quoted) Format(f fmt.State, verb rune) {
	text := q.text
	if precision, ok := f.Precision(); ok && len(text) > precision {
		text = text[:precision]
	}
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, q.isolate(text)) // into the text that is being made
}

// Isolated is the function Isolated for a text within a sentence of this program: in a
// sentence that runs from right to left every text of others is isolated.
func (s Speaker) Isolated(text string) string {
	if isolated := Isolated(text); !s.Language.RightToLeft() || isolated == "" || beginsIsolate(isolated) {
		return isolated
	}
	return firstStrong + Visible(text) + endIsolate
}

// IsolatedLines is Isolated for a text whose line breaks stay.
func (s Speaker) IsolatedLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = s.Isolated(line)
	}
	return strings.Join(lines, "\n")
}

// Lines returns what was said as lines to print.
func (s Speaker) Lines(said string) string {
	if s.Language.RightToLeft() {
		return prose(said)
	}
	return said
}

// Word returns the word of an enumeration's value: the catalogue's, whose key is the
// value's name, or else the contract's without its prefix.
func (s Speaker) Word(value protoreflect.Enum) string {
	enum := value.Descriptor()
	name := strconv.Itoa(int(value.Number()))
	if v := enum.Values().ByNumber(value.Number()); v != nil {
		name = string(v.Name())
	}
	if s.Language.Has(name) {
		return s.Language.Say(name)
	}
	return strings.TrimPrefix(name, strings.TrimSuffix(string(enum.Values().Get(0).Name()), "UNSPECIFIED"))
}

// failure is an error with a text of the catalogue.
type failure struct {
	Phrase
	err error // in English
}

// Failure is fmt.Errorf for an error that is said to a person: its format is a key of the
// catalogue.
func Failure(format string, args ...any) error {
	return &failure{Phrase{format, args}, fmt.Errorf(format, args...)}
}

// key is the catalogue's key, which does not say which argument is a cause.
func (f *failure) key() string { return strings.ReplaceAll(f.Key, "%w", "%v") }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// Error says an error in the person's language, as far as the catalogue has its words; the
// rest stays in English.
func (s Speaker) Error(err error) string {
	if s.Cause != nil {
		if said, known := s.Cause(err); known {
			return said
		}
	}
	switch e := err.(type) {
	case *failure:
		return s.Say(e.key(), e.Args...)
	case interface{ Unwrap() []error }:
		var all []string
		for _, each := range e.Unwrap() {
			all = append(all, s.Error(each))
		}
		return strings.Join(all, "\n")
	}
	if text := err.Error(); s.Language.Has(text) {
		return s.Language.Say(text)
	}
	return s.IsolatedLines(err.Error())
}

// HasWords reports whether the catalogue has the words of an error in the person's
// language.
func (s Speaker) HasWords(err error) bool {
	key := err.Error()
	if f := (*failure)(nil); errors.As(err, &f) {
		key = f.key()
	}
	return s.Language == catalogue.English || s.Language.Has(key)
}
