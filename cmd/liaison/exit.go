package main

import (
	"errors"
	"fmt"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
)

// Exit codes, as the root command's help promises them.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitDenied      = 4
	exitNotNow      = 5
	exitUnavailable = 6
	exitDistrust    = 7
	exitInterrupted = 130
)

// errUsage is wrapped by what is wrong with the command line or an input.
var errUsage = errors.New("not valid")

// errNotNow is wrapped by what would work in another state of the request.
var errNotNow = errors.New("not now")

// usageError says what is wrong with the command line or an input.
type usageError struct{ err error }

func (u *usageError) Error() string   { return u.err.Error() }
func (u *usageError) Unwrap() []error { return []error{u.err, errUsage} }

func usage(format string, args ...any) error { return &usageError{terminal.Failure(format, args...)} }

func exitCode(err error) int {
	var e *client.Error
	var d *client.Distrust
	switch {
	case err == nil:
		return 0
	case errors.As(err, &d):
		return exitDistrust
	case errors.As(err, &e):
		return exitCodeOf(e.Code)
	case errors.Is(err, errUsage), errors.Is(err, client.ErrNoHubKey), errors.Is(err, client.ErrNoAnswerKeys):
		return exitUsage
	case errors.Is(err, errNotNow):
		return exitNotNow
	default:
		return exitFailure
	}
}

func exitCodeOf(code codes.Code) int {
	switch code {
	case codes.InvalidArgument, codes.AlreadyExists, codes.OutOfRange, codes.Unimplemented:
		return exitUsage
	case codes.NotFound:
		return exitNotFound
	case codes.PermissionDenied, codes.Unauthenticated:
		return exitDenied
	case codes.FailedPrecondition, codes.Aborted:
		return exitNotNow
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted:
		return exitUnavailable
	default:
		return exitFailure
	}
}

// classes say in a sentence what an exit code means, before what is said in English.
var classes = map[int]string{
	exitFailure:     "Something failed.",
	exitUsage:       "The command or its input is not valid.",
	exitNotFound:    "There is no such thing, or none that you may see.",
	exitDenied:      "You may not do this: your role, certificate or a suspension stands against it.",
	exitNotNow:      "Not now: the request's state does not allow it, or somebody changed the request.",
	exitUnavailable: "The hub cannot be reached or is busy. Try again.",
	exitDistrust:    "The hub, or the other side, is not to be trusted: a signature, a proof or a history does not hold.",
}

// explain tells a person what went wrong: the reason, in words, and every field.
func (a *app) explain(err error) {
	var e *client.Error
	var d *client.Distrust
	var broken *protovalidate.ValidationError
	english := a.Language == catalogue.English
	switch hub := errors.As(err, &e); {
	case english && hub:
		a.complain(terminal.Isolated(e.Error()))
	case hub && e.Localized != "":
		a.complain(a.Lines(terminal.Visible(e.Localized)))
		a.complete(terminal.Isolated(e.Error()))
	case hub:
		a.complain(a.Lines(a.Say(classes[exitCode(err)])))
		a.complete(terminal.Isolated(e.Error()))
	case errors.As(err, &d) && a.Language.Has(d.Kind.Error()) && !english:
		a.complain(a.Lines(a.Say(classes[exitDistrust])))
		a.complete(a.Lines(a.Language.Say(d.Kind.Error())))
		a.complete(terminal.Isolated(d.Error()))
	case errors.As(err, &broken) && !english:
		a.complain(a.Lines(a.Say(classes[exitCode(err)])))
		a.complete(terminal.VisibleLines(err.Error()))
		a.tellRules(broken.ToProto().GetViolations())
	case !a.HasWords(err):
		a.complain(a.Lines(a.Say(classes[exitCode(err)])))
		a.complete(terminal.VisibleLines(err.Error()))
	default:
		a.complain(a.Lines(a.Error(err)))
	}
	if e == nil {
		return
	}
	if len(e.Violations) > 1 || (len(e.Violations) == 1 && (!english || !strings.Contains(e.Message, e.Violations[0].Description))) {
		for _, v := range e.Violations {
			said := terminal.Isolated(v.Description)
			if text, ok := a.Language.Rule("", v.Description); ok { // the SDK's word for what it did not send
				said = a.Lines(terminal.Visible(text))
			}
			if v.Localized != "" && !english {
				said = a.Lines(terminal.Visible(v.Localized))
			}
			a.complete(terminal.Isolated(v.Field) + ": " + said)
		}
	}
	if e.RetryAfter > 0 {
		a.complete(a.Lines(a.Say("try again in %s", e.RetryAfter)))
	}
}

// mostRules is how many broken rules are told in another language than English.
const mostRules = 20

// tellRules tells which of the contract's rules an input breaks, as far as the person's
// language has a text for them.
func (a *app) tellRules(broken []*validate.Violation) {
	for _, v := range broken[:min(len(broken), mostRules)] {
		if said, ok := a.Language.Rule(v.GetRuleId(), v.GetMessage()); ok {
			a.complete(terminal.Isolated(protovalidate.FieldPathString(v.GetField())) + ": " + a.Lines(terminal.Visible(said)))
		}
	}
}

// complain says on standard error that something is wrong.
func (a *app) complain(what string) { fmt.Fprintln(a.stderr, "liaison: "+what) }

// complete says more about it.
func (a *app) complete(what string) {
	fmt.Fprintln(a.stderr, "  "+strings.ReplaceAll(what, "\n", "\n  "))
}
