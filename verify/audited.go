package verify

import (
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// checkAudited checks that an auditor's look at a request changes nothing of it, and that
// the auditor is of the body that it is said to be of, where this side knows that body. One
// that it does not know is taken at the hub's word: what it can do is to look, and a new
// body must not keep a platform from answering.
func (c *Case) checkAudited(e *liaisonv1.Event, actor identity.Caller) error {
	if e.GetEtag() != c.Request.GetEtag() || !proto.Equal(e.GetClocks(), c.Request.GetClocks()) || e.GetEnvelope() != nil {
		return distrust(e, ErrHistory, "that somebody looked has changed the request")
	}
	domain, body := actor.ID.TrustDomain().Name(), e.GetAudited().GetBody()
	if domain == c.verifier.HubName() {
		return distrust(e, ErrSigner, "its actor is of the hub, and no auditor")
	}
	for name, o := range c.verifier.known() {
		if (o.GetTrustDomain() == domain) != (name.String() == body) {
			return distrust(e, ErrSigner, "its actor is not of "+body)
		}
	}
	return nil
}
