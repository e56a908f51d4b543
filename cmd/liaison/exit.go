package main

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/client"
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

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

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

// explain tells a person what went wrong: the reason, in words, and every field.
func (a *app) explain(err error) {
	var e *client.Error
	if !errors.As(err, &e) {
		fmt.Fprintln(a.stderr, "liaison: "+visibleLines(err.Error()))
		return
	}
	fmt.Fprintln(a.stderr, "liaison: "+visible(e.Error()))
	if a.language != "" && e.Localized != "" {
		fmt.Fprintln(a.stderr, "  "+visible(e.Localized))
	}
	if len(e.Violations) > 1 || (len(e.Violations) == 1 && !strings.Contains(e.Message, e.Violations[0].Description)) {
		for _, v := range e.Violations {
			fmt.Fprintf(a.stderr, "  %s: %s\n", visible(v.Field), visible(v.Description))
		}
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(a.stderr, "  try again in %s\n", e.RetryAfter)
	}
}
