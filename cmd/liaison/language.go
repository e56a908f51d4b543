package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
)

// speaks returns the language to speak: that of --language, before the flags are read
// since reading them may already fail; else of LIAISON_LANGUAGE; else of the locale.
func speaks(args []string, getenv func(string) string) catalogue.Language {
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--language=")
		switch {
		case arg == "--":
			args = nil
		case arg == "--language" && i+1 < len(args):
			value, ok = args[i+1], true
		}
		if l, known := catalogue.Parse(value); ok && known {
			return l
		}
		if args == nil {
			break
		}
	}
	if l, known := catalogue.Parse(getenv("LIAISON_LANGUAGE")); known {
		return l
	}
	return catalogue.Locale(getenv)
}

// phrase is a text whose key is said later, in the language of whom it is said to.
type phrase struct {
	key  string
	args []any
}

// String says it in English.
func (p phrase) String() string { return fmt.Sprintf(p.key, p.args...) }

// say returns a text of the catalogue in the person's language. Arguments that are
// texts are other people's: they are made harmless.
func (a *app) say(key string, args ...any) string {
	safe := make([]any, len(args))
	for i, arg := range args {
		safe[i] = a.argument(arg)
	}
	return a.speaks.Say(key, safe...)
}

// argument makes an argument harmless.
func (a *app) argument(arg any) any {
	switch v := arg.(type) {
	case nil:
		return ""
	case shown:
		return v
	case phrase:
		return shown(a.say(v.key, v.args...))
	case error:
		return shown(a.words(v))
	case string:
		return a.quote(v)
	case []string:
		return a.quote(strings.Join(v, ", "))
	case int, int32, int64, uint, uint32, uint64, float64, []byte:
		return v
	default:
		return a.quote(fmt.Sprint(v))
	}
}

// shown is text that is harmless already.
type shown string

// quoted is text to be made harmless where it is put in.
type quoted struct {
	text    string
	isolate func(string) string
}

func (a *app) quote(text string) quoted { return quoted{text, a.isolated} }

// isolated is the function isolated, for a text that stands within a sentence of this
// program: in one that runs from right to left, whatever is not of it is isolated.
func (a *app) isolated(text string) string {
	if shown := isolated(text); !a.speaks.RightToLeft() || shown == "" || isIsolate(shown) {
		return shown
	}
	return firstStrong + visible(text) + endIsolate
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

// lines returns what was said as lines to print.
func (a *app) lines(said string) string {
	if a.speaks.RightToLeft() {
		return prose(said)
	}
	return said
}

// tell prints a text of the catalogue, in a line of its own.
func (a *app) tell(key string, args ...any) error {
	_, err := fmt.Fprintln(a.stdout, a.lines(a.say(key, args...)))
	return err
}

// remark is tell for standard error.
func (a *app) remark(key string, args ...any) {
	fmt.Fprintln(a.stderr, a.lines(a.say(key, args...)))
}

// word returns the word of an enumeration's value: the contract's without its prefix,
// or the catalogue's, whose key is the value's name.
func (a *app) word(value protoreflect.Enum) string {
	enum := value.Descriptor()
	name := strconv.Itoa(int(value.Number()))
	if v := enum.Values().ByNumber(value.Number()); v != nil {
		name = string(v.Name())
	}
	if a.speaks.Has(name) {
		return a.speaks.Say(name)
	}
	return strings.TrimPrefix(name, strings.TrimSuffix(string(enum.Values().Get(0).Name()), "UNSPECIFIED"))
}

// failed is an error with a text of the catalogue.
type failed struct {
	phrase
	err error // in English
}

// inCatalogue is the key, which tells nobody which of its arguments is a cause.
func (f *failed) inCatalogue() string { return strings.ReplaceAll(f.key, "%w", "%v") }

func (f *failed) Error() string { return f.err.Error() }
func (f *failed) Unwrap() error { return f.err }

// failure is fmt.Errorf for an error that a person is told in their language.
func failure(format string, args ...any) error {
	return &failed{phrase{format, args}, fmt.Errorf(format, args...)}
}

// words tells an error in the person's language as far as the command knows the words;
// what was said below the command stays in English.
func (a *app) words(err error) string {
	switch e := err.(type) {
	case *usageError:
		return a.words(e.err)
	case *failed:
		return a.say(e.inCatalogue(), e.args...)
	case *pflag.NotExistError:
		return a.ofFlag(e)
	case *pflag.ValueRequiredError:
		return a.say("flag needs an argument: %s", "--"+e.GetSpecifiedName())
	case *pflag.InvalidValueError:
		return a.say("%q is not a value for %s", e.GetValue(), "--"+e.GetFlag().Name)
	case *client.Error:
		if a.speaks != catalogue.English && e.Localized != "" {
			return a.isolated(e.Localized)
		}
	case interface{ Unwrap() []error }:
		var all []string
		for _, each := range e.Unwrap() {
			all = append(all, a.words(each))
		}
		return strings.Join(all, "\n")
	}
	if text := err.Error(); a.speaks.Has(text) {
		return a.speaks.Say(text)
	}
	return a.isolatedLines(err.Error())
}

func (a *app) ofFlag(e *pflag.NotExistError) string {
	if e.GetSpecifiedShortnames() != "" {
		return a.say("unknown flag: %s", "-"+e.GetSpecifiedName())
	}
	return a.say("unknown flag: %s", "--"+e.GetSpecifiedName())
}

// isolatedLines is isolated for a text whose line breaks stay.
func (a *app) isolatedLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = a.isolated(line)
	}
	return strings.Join(lines, "\n")
}

// inEnglish says whether an error says something that the catalogue does not.
func (a *app) inEnglish(err error) bool {
	key := err.Error()
	if known := (*failed)(nil); errors.As(err, &known) {
		key = known.inCatalogue()
	}
	return a.speaks != catalogue.English && !a.speaks.Has(key)
}
