package scope_test

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestADisclosureAsksForNoMoreThanWasPreserved: of the same selectors, by whatever words, in
// the same categories, or for less.
func TestADisclosureAsksForNoMoreThanWasPreserved(t *testing.T) {
	account := func(id string) *liaisonv1.Selector {
		return &liaisonv1.Selector{Id: "1", Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: id}}}
	}
	messages := func(ids ...int64) *liaisonv1.Selector {
		return &liaisonv1.Selector{Id: "2", Target: &liaisonv1.Selector_Messages{Messages: &liaisonv1.MessageSelector{Ids: ids}}}
	}
	preserved := &liaisonv1.RequestSpec{
		Selectors: []*liaisonv1.Selector{account("700100200"), messages(1, 2, 3)},
		Categories: []liaisonv1.DataCategory{
			liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS,
		},
	}
	preserved.Selectors[1].Categories = preserved.GetCategories()[:1]
	for _, test := range []struct {
		name   string
		change func(s *liaisonv1.RequestSpec)
		field  string // empty: accepted
	}{
		{"the same", func(*liaisonv1.RequestSpec) {}, ""},
		{"for another reason, under another id", func(s *liaisonv1.RequestSpec) {
			s.Selectors[0].Id, s.Selectors[0].Necessity = "uploader", "The order names it."
		}, ""},
		{"fewer selectors", func(s *liaisonv1.RequestSpec) { s.Selectors = s.GetSelectors()[:1] }, ""},
		{"fewer messages", func(s *liaisonv1.RequestSpec) { s.Selectors[1].GetMessages().Ids = []int64{2} }, ""},
		{"fewer categories", func(s *liaisonv1.RequestSpec) {
			s.Selectors, s.Categories = s.GetSelectors()[:1], s.GetCategories()[1:]
		}, ""},
		{"another account", func(s *liaisonv1.RequestSpec) { s.Selectors[0] = account("700100999") }, "spec.selectors[0]"},
		{"another message", func(s *liaisonv1.RequestSpec) { s.Selectors[1].GetMessages().Ids = []int64{2, 4} }, "spec.selectors[1]"},
		{"another category", func(s *liaisonv1.RequestSpec) {
			s.Categories = append(s.Categories, liaisonv1.DataCategory_DATA_CATEGORY_DEVICE)
		}, "spec.selectors[0].categories"},
		{"a category that was preserved of another selector", func(s *liaisonv1.RequestSpec) { s.Selectors[1].Categories = nil }, "spec.selectors[1].categories"},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := proto.CloneOf(preserved)
			test.change(spec)
			err := scope.CheckPreserved(spec, preserved)
			var violations *scope.Violations
			if errors.As(err, &violations) != (test.field != "") || violations != nil && violations.Fields[0].Field != test.field {
				t.Errorf("%v, want %q", err, test.field)
			}
		})
	}
}
