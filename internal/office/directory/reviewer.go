package directory

import (
	"fmt"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// checkReviewer refuses a filing of an authority that does not name the reviewer that the
// authority's entry requires, or names one that does not take part.
func (d *Directory) checkReviewer(authority resource.Organisation, spec *liaisonv1.RequestSpec) error {
	entry, err := d.Entry(authority)
	if err != nil {
		return err
	}
	required, named := entry.GetAuthority().GetRequiredReviewer(), spec.GetReviewer()
	if required != "" && named != required {
		return invalid("spec.reviewer", fmt.Sprintf("must be %s: the authority's directory entry requires it; name it and file again", required))
	}
	if named == "" {
		return nil
	}
	reviewer, err := resource.ParseOrganisation(named)
	if err == nil {
		var organisation *liaisonv1.Organisation
		if organisation, err = d.Organisation(reviewer); err == nil && active(organisation) {
			return nil
		}
	}
	return invalid("spec.reviewer", "must be an oversight body that takes part: name one that does, and file again")
}
