package directory

import (
	"github.com/liaison-protocol/liaison/internal/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// policy returns what an authority may file; nil where its entry does not say.
func (d *Directory) policy(authority resource.Organisation) *liaisonv1.FilingPolicy {
	entry, err := d.Entry(authority)
	if err != nil {
		return nil
	}
	return entry.GetAuthority().GetFilingPolicy()
}

// Quotas returns how many requests an authority may file in one day: in all, and with one
// platform. Zero stands for no quota. Emergencies have their own.
func (d *Directory) Quotas(authority resource.Organisation, platform string, emergency bool) (all, pair int) {
	policy := d.policy(authority)
	quota := &liaisonv1.PairQuota{}
	for _, q := range policy.GetPlatformQuotas() {
		if q.GetPlatform() == platform {
			quota = q
		}
	}
	if emergency {
		return int(policy.GetEmergenciesPerDay()), int(quota.GetEmergenciesPerDay())
	}
	return int(policy.GetRequestsPerDay()), int(quota.GetRequestsPerDay())
}
