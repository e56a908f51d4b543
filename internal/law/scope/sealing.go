package scope

import liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"

// RequiresSealing says whether every answer to an authority with this entry must be sealed.
func RequiresSealing(authority *liaisonv1.Organisation) bool {
	return authority.GetSealingPolicy() != liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL
}

// InClear says whether a request asks for an answer that the hub can read. One to preserve
// is answered with no data.
func InClear(spec *liaisonv1.RequestSpec) bool {
	return len(spec.GetAnswerRecipients()) == 0 && spec.GetKind() != liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
}
