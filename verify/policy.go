package verify

import (
	"cmp"
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Policies are what a side knows by itself of who may approve what: by authority,
// "authorities/moc", and by country, "IQ".
//
// A platform that has an authority's filing policy takes up no request of it that was
// approved, or validated, at too low a level by that policy, under its own copy of the
// country's policy, or the contract's default without one. Of an authority without a copy
// the hub's word counts for the level, and nothing is taken up that one officer filed alone.
type Policies struct {
	Filing    map[string]*liaisonv1.FilingPolicy
	Countries map[string]*liaisonv1.CountryPolicy
}

// checkPolicies holds a request that a platform still has to deal with against its own copy
// of the policies. What is over is not judged by what may have changed since.
func (c *Case) checkPolicies() error {
	r := c.Request
	if c.verifier.side != Platform || lifecycle.Terminal(lifecycle.State(r.GetState())) {
		return nil
	}
	policy, kept := c.verifier.policies.Filing[r.GetAuthority()]
	if r.GetSecondPersonWaived() && !slices.Contains(policy.GetSingleOfficerKinds(), r.GetSpec().GetKind()) {
		return &Distrust{
			Kind: ErrUnapproved, Request: r.GetName(),
			Detail: "one officer filed it alone, and no policy kept here says that " + r.GetAuthority() + " may: keep its policy with 'liaison trust policy', or WithPolicies, after it was confirmed by another way",
		}
	}
	by := cmp.Or(r.GetValidatedBy(), r.GetApprovedBy())
	if !kept || by == "" {
		return nil
	}
	laws := []*liaisonv1.CountryPolicy{c.verifier.policies.Countries[r.GetSpec().GetLegalBasis().GetCountry()]}
	if o, err := c.verifier.organisation(r.GetAuthority()); err == nil && o.GetCountry() != "" {
		laws = append(laws, c.verifier.policies.Countries[o.GetCountry()])
	}
	if err := scope.CheckLevel(r.GetSpec(), scope.LevelOf(policy, by), laws...); err != nil {
		return &Distrust{Kind: ErrUnapproved, Request: r.GetName(), Detail: err.Error()}
	}
	return nil
}
