package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/store"
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

// Waives says whether one officer of an authority may file a request of a kind alone.
func (d *Directory) Waives(authority resource.Organisation, kind liaisonv1.RequestKind) bool {
	return slices.Contains(d.policy(authority).GetSingleOfficerKinds(), kind)
}

// CheckApprover refuses that somebody approves or validates a request whose level is too
// low for it. It returns the level at which the authority has registered the SPIFFE ID: the
// lowest for one that it has not.
func (d *Directory) CheckApprover(authority resource.Organisation, spec *liaisonv1.RequestSpec, id string) (liaisonv1.ApproverLevel, error) {
	level := scope.LevelOf(d.policy(authority), id)
	return level, scope.CheckLevel(spec, level, d.laws(authority, spec)...)
}

// laws returns the policies that hold for a request: that of the country whose law it names
// and that of the authority's own, nil for one without.
func (d *Directory) laws(authority resource.Organisation, spec *liaisonv1.RequestSpec) []*liaisonv1.CountryPolicy {
	named := spec.GetLegalBasis().GetCountry()
	laws := []*liaisonv1.CountryPolicy{d.law(named)}
	if o, err := d.Organisation(authority); err == nil && o.GetCountry() != "" && o.GetCountry() != named {
		laws = append(laws, d.law(o.GetCountry()))
	}
	return laws
}

// law returns a country's own policy; nil if it has none.
func (d *Directory) law(country string) *liaisonv1.CountryPolicy {
	name, err := resource.Country(country)
	if err != nil {
		return nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.policies[name]
}

// CountryPolicy returns what is in force in a country, with every tier named.
func (d *Directory) CountryPolicy(country string) *liaisonv1.CountryPolicy {
	law := d.law(country)
	policy := &liaisonv1.CountryPolicy{Country: country, Etag: law.GetEtag(), UpdateTime: law.GetUpdateTime()}
	tiers := liaisonv1.DataTier(0).Descriptor().Values()
	for i := 1; i < tiers.Len(); i++ {
		tier := liaisonv1.DataTier(tiers.Get(i).Number())
		policy.Levels = append(policy.Levels, &liaisonv1.TierLevel{Tier: tier, LowestLevel: scope.LowestLevel(law, tier)})
	}
	return policy
}

// CountryPolicies returns those that countries have, ordered by country.
func (d *Directory) CountryPolicies() []*liaisonv1.CountryPolicy {
	d.mu.RLock()
	defer d.mu.RUnlock()
	policies := make([]*liaisonv1.CountryPolicy, 0, len(d.policies))
	for _, policy := range d.policies {
		policies = append(policies, policy)
	}
	slices.SortFunc(policies, func(a, b *liaisonv1.CountryPolicy) int { return strings.Compare(a.GetCountry(), b.GetCountry()) })
	return policies
}

// UpdateCountryPolicy replaces a country's policy, whose etag must be the current one:
// empty where there is none.
func (d *Directory) UpdateCountryPolicy(ctx context.Context, policy *liaisonv1.CountryPolicy) (*liaisonv1.CountryPolicy, error) {
	name, err := resource.Country(policy.GetCountry())
	if err != nil {
		return nil, err
	}
	d.write.Lock()
	defer d.write.Unlock()
	if _, err := d.refresh(ctx); err != nil { // another process may have written
		return nil, err
	}
	if policy.GetEtag() != d.law(policy.GetCountry()).GetEtag() {
		return nil, ErrETag
	}
	next := proto.CloneOf(policy)
	next.Etag, next.UpdateTime = "", timestamppb.New(d.now())
	body, err := proto.Marshal(next)
	if err != nil {
		return nil, fmt.Errorf("encode the policy of %s: %w", name, err)
	}
	d.mu.RLock()
	version := d.versions[name]
	d.mu.RUnlock()
	err = d.store.Write(ctx, func(tx store.Tx) error {
		_, err := tx.PutParticipant(ctx, store.Participant{Name: name, Version: version, Body: body})
		return err
	})
	switch {
	case errors.Is(err, store.ErrVersion):
		return nil, ErrETag
	case err != nil:
		return nil, fmt.Errorf("store the policy of %s: %w", name, err)
	}
	if _, err := d.refresh(ctx); err != nil {
		return nil, err
	}
	return d.law(policy.GetCountry()), nil
}

// readPolicy reads a country's policy as it is stored.
func readPolicy(row store.Participant) (*liaisonv1.CountryPolicy, error) {
	policy := &liaisonv1.CountryPolicy{}
	if err := proto.Unmarshal(row.Body, policy); err != nil {
		return nil, fmt.Errorf("decode the policy of %s: %w", row.Name, err)
	}
	policy.Etag = etag(row.Version)
	return policy, nil
}
