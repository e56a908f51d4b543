package directory

import (
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// Oversees returns the authorities and platforms that a body oversees: nobody, unless its
// entry names them.
func (d *Directory) Oversees(body resource.Organisation) []resource.Organisation {
	entry, err := d.Entry(body)
	if err != nil {
		return nil
	}
	var overseen []resource.Organisation
	for _, name := range entry.GetOversightBody().GetOversees() {
		o, err := resource.ParseOrganisation(name)
		if err == nil && o.Collection() != resource.Oversight && !slices.Contains(overseen, o) {
			overseen = append(overseen, o)
		}
	}
	return overseen
}
