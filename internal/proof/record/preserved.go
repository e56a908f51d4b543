package record

import (
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// PreservedBy returns the names of the preservations that a request to disclose rests on.
func PreservedBy(spec *liaisonv1.RequestSpec) []string {
	var names []string
	for _, link := range spec.GetLinks() {
		if link.GetRelation() == liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY {
			names = append(names, link.GetRequest())
		}
	}
	return names
}

// RestsOn says whether a request needs what it had preserved: it is before the platform,
// and neither answered nor over.
func RestsOn(r *liaisonv1.Request) bool {
	life := Life(r)
	return lifecycle.VisibleToPlatform(life) && life.State != lifecycle.Answered && !lifecycle.Terminal(life.State)
}
