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
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
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

// What the hub says is shown so that it cannot disturb the terminal, and in the person's
// language as far as there are words for it.
func TestExplain(t *testing.T) {
	invalid := &client.Error{
		Code: codes.InvalidArgument, Reason: liaisonv1.Reason_REASON_FIELD_INVALID, Message: "two fields", Localized: "بعض ما أُدخل يخالف",
		Violations: []client.Violation{
			{Field: "spec.a", Description: "must\u202e be", Localized: "هذا الحقل مطلوب"}, {Field: "spec.b", Description: "is required"},
		},
	}
	slow := &client.Error{Code: codes.ResourceExhausted, Reason: liaisonv1.Reason_REASON_RATE_LIMITED, Message: "slow\x1b down\nliaison: done", RetryAfter: 2 * time.Second}
	for _, c := range []struct {
		name   string
		speaks catalogue.Language
		err    error
		want   string
	}{
		{"an error of its own", "en", errors.New("first\nsecond\x1b[31m"), "liaison: first\nsecond<U+001B>[31m\n"},
		{"one of the hub, with a time", "en", slow, "liaison: RATE_LIMITED: slow<U+001B> down<U+000A>liaison: done\n  try again in 2s\n"},
		{"every field", "en", invalid, "liaison: FIELD_INVALID: two fields\n  spec.a: must<U+202E> be\n  spec.b: is required\n"},
		{
			"of another's text in Arabic", "en", usage("there is no state %q", "حالة"),
			"liaison: there is no state \u2068\"حالة\"\u2069\n",
		},
		{
			"in Arabic", "ar", usage("--state: there is no state %q", "A\u202eB"),
			"liaison: \u2067\u2068--state\u2069: لا توجد حالة \u2068\"A\\u202eB\"\u2069\u2069\n",
		},
		{
			"in Kurdish, with what was said below", "ckb", usage("%w: make a key with --name first", errors.New("open x: no such file")),
			"liaison: \u2067\u2068open x: no such file\u2069: یەکەم جار کلیلێک بە \u2068--name\u2069 دروست بکە\u2069\n",
		},
		{
			"what nobody has words for, in Kurdish", "ckb", errors.New("disk full\x1b"),
			"liaison: \u2067شتێک سەری نەگرت.\u2069\n  disk full<U+001B>\n",
		},
		{
			"of the hub, in Arabic", "ar", invalid,
			"liaison: \u2067بعض ما أُدخل يخالف\u2069\n  FIELD_INVALID: two fields\n" +
				"  spec.a: \u2067هذا الحقل مطلوب\u2069\n  spec.b: is required\n",
		},
		{
			"of a hub without the language", "ar", slow,
			"liaison: \u2067تعذّر الوصول إلى المركز أو هو مشغول. أعد المحاولة.\u2069\n" +
				"  RATE_LIMITED: slow<U+001B> down<U+000A>liaison: done\n  \u2067أعد المحاولة بعد \u20682s\u2069\u2069\n",
		},
		{
			"not to be trusted, in Kurdish", "ckb", &client.Distrust{Kind: client.ErrForked, Sequence: 7},
			"liaison: \u2067متمانە بە ناوەندەکە یان لایەنی بەرامبەر ناکرێت: واژۆیەک، بەڵگەیەک یان مێژوویەک دروست نییە.\u2069\n" +
				"  \u2067دەفتەری ناوەندەکە دوو مێژووی جیاواز دەگێڕێتەوە\u2069\n  not to be trusted: the hub's ledger tells two histories (event 7)\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var errs bytes.Buffer
			a := newApp(c.speaks)
			a.stderr = &errs
			a.explain(c.err)
			if got := errs.String(); got != c.want {
				t.Errorf("it says\n%s\nwanted\n%s\n%+q\n%+q", got, c.want, got, c.want)
			}
		})
	}
}
