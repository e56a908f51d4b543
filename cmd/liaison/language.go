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
	"github.com/liaison-protocol/liaison/internal/catalogue"
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
		return quoted(v)
	case []string:
		return quoted(strings.Join(v, ", "))
	case int, int32, int64, uint, uint32, uint64, float64, []byte:
		return v
	default:
		return quoted(fmt.Sprint(v))
	}
}

// shown is text that is harmless already.
type shown string

// quoted is text to be made harmless where it is put in.
type quoted string

// Format implements fmt.Formatter.
func (q quoted) Format(f fmt.State, verb rune) {
	text := string(q)
	if precision, ok := f.Precision(); ok && len(text) > precision {
		text = text[:precision]
	}
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, isolated(text)) // into the text that is being made
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
		return a.say(strings.ReplaceAll(e.key, "%w", "%v"), e.args...)
	case *pflag.NotExistError:
		return a.ofFlag(e)
	case *pflag.ValueRequiredError:
		return a.say("flag needs an argument: %s", "--"+e.GetSpecifiedName())
	case *pflag.InvalidValueError:
		return a.say("%q is not a value for %s", e.GetValue(), "--"+e.GetFlag().Name)
	case *client.Error:
		if a.speaks != catalogue.English && e.Localized != "" {
			return isolated(e.Localized)
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
	return isolatedLines(err.Error())
}

func (a *app) ofFlag(e *pflag.NotExistError) string {
	if e.GetSpecifiedShortnames() != "" {
		return a.say("unknown flag: %s", "-"+e.GetSpecifiedName())
	}
	return a.say("unknown flag: %s", "--"+e.GetSpecifiedName())
}

// isolatedLines is isolated for a text whose line breaks are this program's own.
func isolatedLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = isolated(line)
	}
	return strings.Join(lines, "\n")
}

// inEnglish says whether an error says something that the catalogue does not.
func (a *app) inEnglish(err error) bool {
	var known *failed
	return a.speaks != catalogue.English && !errors.As(err, &known) && !a.speaks.Has(err.Error())
}
