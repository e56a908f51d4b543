package scope_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// whole is everything that an error of this package says.
func whole(err error) string {
	var v *scope.Violations
	errors.As(err, &v)
	text := err.Error()
	for _, f := range v.Fields {
		text += "\n" + f.Field + ": " + f.Description
	}
	return text
}

func TestErrorTellsTheFirstAndHowMany(t *testing.T) {
	for want, v := range map[string]*scope.Violations{
		"answer incomplete":                                  {Kind: scope.Incomplete},
		"selector already answered: a: b":                    {Kind: scope.AlreadyAnswered, Fields: []scope.Violation{{Field: "a", Description: "b"}}},
		"answer out of scope: a: b (and 1 more)":             {Kind: scope.OutOfScope, Fields: []scope.Violation{{Field: "a", Description: "b"}, {}}},
		"not a narrowing: a: b (and 2 more)":                 {Kind: scope.Widens, Fields: []scope.Violation{{Field: "a", Description: "b"}, {}, {}}},
		"outside the platform's capabilities: a: b":          {Kind: scope.OutsideCapabilities, Fields: []scope.Violation{{Field: "a", Description: "b"}}},
		"field invalid: clarification.selector_ids[0]: gone": {Kind: scope.Invalid, Fields: []scope.Violation{{Field: "clarification.selector_ids[0]", Description: "gone"}}},
		"unknown violation":                                  {},
	} {
		if got := v.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestViolationsMoveToAnotherCall(t *testing.T) {
	v := &scope.Violations{Kind: scope.Widens, Fields: []scope.Violation{
		{Field: scope.NarrowingPath + ".selectors[2].id", Description: "x"}, {Field: scope.NarrowingPath, Description: "y"}, {Field: "etag", Description: "z"},
	}}
	moved := v.Moved(scope.NarrowingPath, "objection.proposal")
	wants(t, moved, scope.Widens, "objection.proposal.selectors[2].id", "objection.proposal", "etag")
	if v.Fields[0].Field != "amendment.narrowing.selectors[2].id" || moved.Fields[0].Description != "x" {
		t.Errorf("the original changed, or the copy lost something: %v, %v", v, moved)
	}
}

// TestViolationsAreCapped makes an answer wrong in more ways than anybody reads.
func TestViolationsAreCapped(t *testing.T) {
	spec := &liaisonv1.RequestSpec{}
	for i := range 2 * scope.MaxViolations {
		spec.Selectors = append(spec.Selectors, &liaisonv1.Selector{Id: fmt.Sprint(i)})
	}
	err := scope.CheckAnswer(spec, nil, &liaisonv1.Answer{Final: true})
	var v *scope.Violations
	if !errors.As(err, &v) || v.Kind != scope.Incomplete || len(v.Fields) != scope.MaxViolations {
		t.Fatalf("got %d violations", len(v.Fields))
	}
	if !strings.HasPrefix(v.Error(), `answer incomplete: answer.findings: no part of the answer has a finding for selector "0"`) {
		t.Error(v)
	}
}

func TestSelectorIDs(t *testing.T) {
	spec := &liaisonv1.RequestSpec{Selectors: []*liaisonv1.Selector{{Id: "1"}, {Id: "2"}}}
	for name, test := range map[string]struct {
		ids    []string
		fields []string
	}{
		"none: the whole request": {nil, nil},
		"all":                     {[]string{"2", "1"}, nil},
		"some that are not there": {[]string{"3", "1", ""}, []string{"objection.selector_ids[0]", "objection.selector_ids[2]"}},
	} {
		t.Run(name, func(t *testing.T) {
			kind := scope.Kind(0)
			if test.fields != nil {
				kind = scope.Invalid
			}
			wants(t, scope.CheckSelectorIDs(spec, test.ids, "objection.selector_ids"), kind, test.fields...)
		})
	}
}

func TestPreservationExtension(t *testing.T) {
	current := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		by   time.Duration
		fits bool
	}{
		"earlier":             {-time.Nanosecond, false},
		"not at all":          {0, false},
		"by a nanosecond":     {time.Nanosecond, true},
		"by 30 days":          {30 * 24 * time.Hour, true},
		"by more than a hair": {30*24*time.Hour + time.Nanosecond, false},
		"by a year":           {365 * 24 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := scope.CheckPreservationExtension(current, current.Add(test.by))
			if test.fits {
				wants(t, err, 0)
			} else {
				wants(t, err, scope.Invalid, "extension.end_time")
			}
		})
	}
}
