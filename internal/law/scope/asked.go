package scope

import (
	"fmt"
	"slices"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// categoriesOf returns the categories asked for a selector: its own, or the
// request's where it has none.
func categoriesOf(s *liaisonv1.Selector, ofRequest []liaisonv1.DataCategory) []liaisonv1.DataCategory {
	if own := s.GetCategories(); len(own) > 0 {
		return own
	}
	return ofRequest
}

// denotes reports whether a selector of messages denotes the message with this id.
func denotes(m *liaisonv1.MessageSelector, id int64) bool {
	if r := m.GetRange(); r != nil {
		return r.GetFirstId() <= id && id <= r.GetLastId()
	}
	return slices.Contains(m.GetIds(), id)
}

// denoted returns how many messages a selector denotes.
func denoted(m *liaisonv1.MessageSelector) uint64 {
	if r := m.GetRange(); r != nil {
		return uint64(r.GetLastId()-r.GetFirstId()) + 1
	}
	return uint64(len(m.GetIds()))
}

// containsAll reports whether every element of part is in whole.
func containsAll[T comparable](whole, part []T) bool {
	return !slices.ContainsFunc(part, func(v T) bool { return !slices.Contains(whole, v) })
}

// CheckSelectorIDs refuses ids that are none of the request's selectors: what a
// question, an objection or a confirmation is about must be there. Field is the
// path of the ids in the call.
func CheckSelectorIDs(spec *liaisonv1.RequestSpec, ids []string, field string) error {
	known := make(map[string]bool, len(spec.GetSelectors()))
	for _, s := range spec.GetSelectors() {
		known[s.GetId()] = true
	}
	var c collector
	for i, id := range ids {
		if !known[id] {
			c.add(Invalid, noSuchSelector, "%s", fmt.Sprintf("%s[%d]", field, i))
		}
	}
	return c.err()
}

// noSuchSelector does not repeat the id: what is none of the request's ids may be
// anything, a person's number included.
const noSuchSelector = "the request has no selector with this id"
