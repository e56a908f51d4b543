package scope

import (
	"slices"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// CheckPreserved holds a request to disclose against the preservation that it rests on:
// what was not preserved is not asked as if it had been. Its error is a *Violations that
// names fields of spec.
func CheckPreserved(spec, preserved *liaisonv1.RequestSpec) error {
	c := &collector{}
	for i, s := range spec.GetSelectors() {
		was := slices.IndexFunc(preserved.GetSelectors(), func(other *liaisonv1.Selector) bool { return denotesNoMore(other, s) })
		if was < 0 {
			c.add(Invalid, "must denote what a selector of the preservation denotes, or fewer messages", "spec.selectors[%d]", i)
			continue
		}
		kept := categoriesOf(preserved.GetSelectors()[was], preserved.GetCategories())
		if !containsAll(kept, categoriesOf(s, spec.GetCategories())) {
			c.add(Invalid, "must be sought in no other categories than were preserved", "spec.selectors[%d].categories", i)
		}
	}
	return c.err()
}

// denotesNoMore reports whether a selector denotes what another does, or fewer messages.
func denotesNoMore(whole, part *liaisonv1.Selector) bool {
	if all, some := whole.GetMessages(), part.GetMessages(); all != nil && some != nil {
		return sameChat(all, some) && messagesWithin(all, some)
	}
	return sameTarget(whole, part)
}
