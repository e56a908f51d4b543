package directory

import (
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// participant returns whom the registry is to admit for an entry.
func participant(o *liaisonv1.Organisation) (identity.Participant, error) {
	name, err := resource.ParseOrganisation(o.GetName())
	if err != nil {
		return identity.Participant{}, err
	}
	return identity.ParseParticipant(name, o.GetTrustDomain(), []byte(o.GetCaCertificates()), []byte(o.GetRevocationLists()), !active(o))
}
