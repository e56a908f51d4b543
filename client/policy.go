package client

import "github.com/liaison-protocol/liaison/verify"

// Policies are what a side knows by itself of who may approve what.
type Policies = verify.Policies

// WithPolicies holds requests against one's own copy of the directory's policies, as they
// were told by another way than the hub. A platform that has an authority's filing policy
// takes up no request of it that was approved, or validated, at too low a level by that
// policy, under its own copy of the country's policy, or the contract's default without
// one. Of an authority without a copy the hub's word counts for the level, and nothing is
// taken up that one officer filed alone.
func WithPolicies(p Policies) Option { return func(d *dialing) { d.policies = p } }
