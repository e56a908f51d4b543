package scope

import (
	"fmt"
	"slices"
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// longestPeriod is how long a period an authority may ask about if its directory entry
// does not say.
const longestPeriod = 366 * 24 * time.Hour

// CheckPolicy refuses a filing that is beyond what the authority's directory entry lets
// it file. An absent policy is one that says nothing, which has bounds too.
func CheckPolicy(spec *liaisonv1.RequestSpec, policy *liaisonv1.FilingPolicy) error {
	var c collector
	most := int(policy.GetMaxSelectors())
	if most == 0 {
		most = maxSelectors
	}
	if len(spec.GetSelectors()) > most {
		c.add(OutsidePolicy, fmt.Sprintf("the authority may name at most %d in one request: name those that matter most, or split it", most), "spec.selectors")
	}
	longest := longestPeriod
	if policy.GetMaxPeriod() != nil {
		longest = policy.GetMaxPeriod().AsDuration()
	}
	switch period := spec.GetPeriod(); {
	case period != nil && period.GetEndTime().AsTime().Sub(period.GetStartTime().AsTime()) > longest:
		c.add(OutsidePolicy, fmt.Sprintf("the authority may ask about at most %s: shorten it", inWords(longest)), "spec.period")
	case period == nil && policy.GetMaxPeriod() != nil &&
		slices.Contains(spec.GetCategories(), liaisonv1.DataCategory_DATA_CATEGORY_ACCOUNT_HISTORY):
		c.add(OutsidePolicy, fmt.Sprintf("account history is sought, and the authority may ask about at most %s: name the period", inWords(longest)), "spec.period")
	}
	return c.err()
}

// inWords tells a duration in days where it is whole ones.
func inWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "1 day"
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	default:
		return d.String()
	}
}
