package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func TestExitCode(t *testing.T) {
	of := func(code codes.Code) error { return fmt.Errorf("file: %w", &client.Error{Code: code}) }
	for _, c := range []struct {
		name string
		err  error
		want int
	}{
		{"nothing wrong", nil, 0},
		{"anything else", errors.New("disk full"), 1},
		{"a mistake on the command line", usage("no such flag"), 2},
		{"one that is wrapped", fmt.Errorf("read: %w", usage("no such file")), 2},
		{"not yet", fmt.Errorf("%w: wait", errNotNow), 5},
		{"InvalidArgument", of(codes.InvalidArgument), 2},
		{"AlreadyExists", of(codes.AlreadyExists), 2},
		{"OutOfRange", of(codes.OutOfRange), 2},
		{"Unimplemented", of(codes.Unimplemented), 2},
		{"NotFound", of(codes.NotFound), 3},
		{"PermissionDenied", of(codes.PermissionDenied), 4},
		{"Unauthenticated", of(codes.Unauthenticated), 4},
		{"FailedPrecondition", of(codes.FailedPrecondition), 5},
		{"Aborted", of(codes.Aborted), 5},
		{"Unavailable", of(codes.Unavailable), 6},
		{"DeadlineExceeded", of(codes.DeadlineExceeded), 6},
		{"ResourceExhausted", of(codes.ResourceExhausted), 6},
		{"Internal", of(codes.Internal), 1},
		{"DataLoss", of(codes.DataLoss), 1},
		{"Unknown", of(codes.Unknown), 1},
		{"what the hub says counts before where it was said", usage("dial: %w", of(codes.PermissionDenied)), 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := exitCode(c.err); got != c.want {
				t.Errorf("the exit code is %d, wanted %d", got, c.want)
			}
		})
	}
}

func TestUsageErrorsKeepTheirCause(t *testing.T) {
	cause := errors.New("cause")
	err := usage("read: %w", cause)
	if !errors.Is(err, cause) || !errors.Is(err, errUsage) {
		t.Errorf("%v is not both its cause and a usage error", err)
	}
}

// A person who interrupts is told apart from a failure, but a mistake on the command
// line stays one.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"in the middle of the demo", []string{"demo"}, exitInterrupted},
		{"with a mistake", []string{"authority", "list", "--nonsense"}, exitUsage},
		{"with nothing to interrupt", []string{"version"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if got := run(ctx, c.args, strings.NewReader(""), &out, &errs); got != c.want {
				t.Errorf("the exit code is %d, wanted %d: %s", got, c.want, errs.String())
			}
		})
	}
}

// What the hub says is shown so that it cannot disturb the terminal.
func TestExplain(t *testing.T) {
	for _, c := range []struct {
		name     string
		language string
		err      error
		want     string
	}{
		{"an error of its own", "", errors.New("first\nsecond\x1b[31m"), "liaison: first\nsecond<U+001B>[31m\n"},
		{
			"one of the hub, with a time", "",
			&client.Error{Code: codes.ResourceExhausted, Reason: liaisonv1.Reason_REASON_RATE_LIMITED, Message: "slow\x1b down\nliaison: done", RetryAfter: 2 * time.Second},
			"liaison: RATE_LIMITED: slow<U+001B> down<U+000A>liaison: done\n  try again in 2s\n",
		},
		{
			"every field", "",
			&client.Error{Code: codes.InvalidArgument, Reason: liaisonv1.Reason_REASON_FIELD_INVALID, Message: "two fields", Violations: []client.Violation{
				{Field: "spec.a", Description: "must\u202e be"}, {Field: "spec.b", Description: "is required"},
			}},
			"liaison: FIELD_INVALID: two fields\n  spec.a: must<U+202E> be\n  spec.b: is required\n",
		},
		{
			"the language asked for", "ar",
			&client.Error{Code: codes.NotFound, Reason: liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND, Message: "no such thing", Localized: "لا يوجد"},
			"liaison: RESOURCE_NOT_FOUND: no such thing\n  لا يوجد\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var errs bytes.Buffer
			a := &app{stderr: &errs, language: c.language}
			a.explain(c.err)
			if got := errs.String(); got != c.want {
				t.Errorf("it says\n%s\nwanted\n%s", got, c.want)
			}
		})
	}
}
