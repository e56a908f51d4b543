package scope_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestCeilingsOfAnAuthority: what is on the ceiling passes, what is above it is refused
// at its field, and a directory entry without a policy has ceilings too.
func TestCeilingsOfAnAuthority(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	asking := func(selectors int, period time.Duration, categories ...liaisonv1.DataCategory) *liaisonv1.RequestSpec {
		s := &liaisonv1.RequestSpec{Categories: append(categories, liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY)}
		for range selectors {
			s.Selectors = append(s.Selectors, &liaisonv1.Selector{})
		}
		if period != 0 {
			s.Period = &liaisonv1.Period{StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(period))}
		}
		return s
	}
	few := &liaisonv1.FilingPolicy{MaxSelectors: 3}
	short := &liaisonv1.FilingPolicy{MaxPeriod: durationpb.New(30 * day)}
	hours := &liaisonv1.FilingPolicy{MaxPeriod: durationpb.New(90 * time.Minute)}
	const history = liaisonv1.DataCategory_DATA_CATEGORY_ACCOUNT_HISTORY
	const tooMany = "the authority may name at most 3 in one request: name those that matter most, or split it"
	for _, test := range []struct {
		name   string
		spec   *liaisonv1.RequestSpec
		policy *liaisonv1.FilingPolicy
		want   []scope.Violation
	}{
		{"as many selectors as may be", asking(3, 0), few, nil},
		{"one more", asking(4, 0), few, []scope.Violation{{Field: "spec.selectors", Description: tooMany}}},
		{"five hundred without a policy", asking(500, 0), nil, nil},
		{"one more without a policy", asking(501, 0), &liaisonv1.FilingPolicy{}, []scope.Violation{{Field: "spec.selectors", Description: "the authority may name at most 500 in one request: name those that matter most, or split it"}}},
		{"as long a period as may be", asking(1, 30*day), short, nil},
		{"a second more", asking(1, 30*day+time.Second), short, []scope.Violation{{Field: "spec.period", Description: "the authority may ask about at most 30 days: shorten it"}}},
		{"a bound that is not whole days", asking(1, 2*time.Hour), hours, []scope.Violation{{Field: "spec.period", Description: "the authority may ask about at most 1h30m0s: shorten it"}}},
		{"a leap year without a policy", asking(1, 366*day), nil, nil},
		{"more without a policy", asking(1, 366*day+time.Nanosecond), nil, []scope.Violation{{Field: "spec.period", Description: "the authority may ask about at most 366 days: shorten it"}}},
		{"account history without a period, under a ceiling", asking(1, 0, history), short, []scope.Violation{{Field: "spec.period", Description: "account history is sought, and the authority may ask about at most 30 days: name the period"}}},
		{"account history with a period", asking(1, day, history), short, nil},
		{"account history without a ceiling of the authority's own", asking(1, 0, history), few, nil},
		{"who it was, without a period", asking(1, 0), short, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			checkPolicy(t, test.spec, test.policy, test.want)
		})
	}
}

func checkPolicy(t *testing.T, spec *liaisonv1.RequestSpec, policy *liaisonv1.FilingPolicy, want []scope.Violation) {
	t.Helper()
	err := scope.CheckPolicy(spec, policy)
	if want == nil {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	var v *scope.Violations
	if !errors.As(err, &v) || v.Kind != scope.OutsidePolicy || !slices.Equal(v.Fields, want) {
		t.Errorf("got  %v\nwant %v", err, want)
	}
}
