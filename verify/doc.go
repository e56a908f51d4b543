// Package verify is what a party checks by itself of what a hub, and the other side, say:
// records go in, a Case or a *Distrust comes out. It opens no connection; package client
// does, and checks with it everything that it returns.
//
// A Verifier is made of what a party knows by another way than the hub: the hub's key, the
// organisations whose certification authorities it trusts, its own copy of the policies.
//
//	v, err := verify.New(verify.Config{
//		HubKey: "hub.example+c74f20a3+…", Side: verify.Authority, TrustDomain: "moc.example",
//		Organisations: organisations,
//	})
//	...
//	c, err := v.Case(ctx, "requests/0198…", history)
//
// Then each event of the case is in the hub's ledger, which goes on from what was seen
// before; each could follow the one before it, by the lifecycle's own table; each is
// signed by somebody who may speak for the organisation, over what stood there before;
// nothing is missing. What does not hold is a *Distrust, which says what it is about and,
// where the hub signed two things that cannot both be true, has both.
//
// The package is unstable: its names may change until evidence, files that hold a case
// with all its proofs, is built on it.
package verify
