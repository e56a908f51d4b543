package scope_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// envelope is the part of a valid request that narrowing does not touch.
const envelope = `
platform: platforms/messenger
reference: MOC-2026-00417
kind: REQUEST_KIND_DISCLOSE
urgency: URGENCY_ROUTINE
incident:
  titles: [{language: en, text: Voter register published}]
  types: [INCIDENT_TYPE_PUBLICATION]
  discovered_time: "2026-10-02T06:40:00Z"
  leaked: [LEAKED_DATA_FULL_NAME]
  people: [PEOPLE_CATEGORY_VOTERS]
legal_basis:
  kind: LEGAL_BASIS_KIND_COURT_ORDER
  country: IQ
  instrument: Personal Data Protection Act
  article: 17(2)
  issuing_body: Investigating Court
  approver_level: APPROVER_LEVEL_JUDGE
  order_number: 88/2026
  issue_time: "2026-10-03T00:00:00Z"
necessity: The upload is the offence.
screening: {result: SCREENING_RESULT_NONE_KNOWN}
confidentiality: {user_may_be_told: true}
redress: [{language: en, text: The Investigating Court hears complaints.}]
calendar: {time_zone: Asia/Baghdad, days: DAY_KIND_WORKING}
language: en
`

// atom is the smallest thing that a request can ask for: of one selector, one
// message, one category of data about a party in one role, dated in one second.
type atom struct {
	selector string
	message  int64
	category liaisonv1.DataCategory
	role     liaisonv1.PartyRole
	second   int64
}

// The universe is small, so that a request is the set of its atoms and one set
// can be held against another, element by element: nothing of the rules is used.
const (
	messagesThereAre = 8
	secondsThereAre  = 5
)

var (
	categoriesThereAre = []liaisonv1.DataCategory{1, 4, 5}
	rolesThereAre      = []liaisonv1.PartyRole{1, 4, 5}
)

func atoms(spec *liaisonv1.RequestSpec) map[atom]bool {
	all := make(map[atom]bool)
	for _, s := range spec.GetSelectors() {
		for message := int64(0); message <= messagesThereAre; message++ {
			if m := s.GetMessages(); m != nil {
				r := m.GetRange()
				inRange := r != nil && r.GetFirstId() <= message && message <= r.GetLastId()
				if !inRange && !slices.Contains(m.GetIds(), message) {
					continue
				}
			} else if message != 0 {
				continue
			}
			for _, category := range categoriesThereAre {
				if !slices.Contains(spec.GetCategories(), category) || len(s.GetCategories()) > 0 && !slices.Contains(s.GetCategories(), category) {
					continue
				}
				for _, role := range rolesThereAre {
					if len(s.GetRoles()) > 0 && !slices.Contains(s.GetRoles(), role) {
						continue
					}
					for second := int64(0); second < secondsThereAre; second++ {
						if p := spec.GetPeriod(); p != nil && (second < p.GetStartTime().GetSeconds() || second >= p.GetEndTime().GetSeconds()) {
							continue
						}
						all[atom{s.GetId() + "/" + s.GetNecessity() + "/" + s.GetAccount().GetId() + s.GetMessages().GetGroup().GetId(), message, category, role, second}] = true
					}
				}
			}
		}
	}
	return all
}

// some draws a part of what there is, in its order, of at least a given size.
func some[T any](t *rapid.T, from []T, least int, label string) []T {
	for {
		var part []T
		for i, v := range from {
			if rapid.Bool().Draw(t, fmt.Sprint(label, i)) {
				part = append(part, v)
			}
		}
		if len(part) >= least {
			return part
		}
		if least >= len(from) {
			return slices.Clone(from)
		}
	}
}

func drawSelector(t *rapid.T, id string, categories []liaisonv1.DataCategory) *liaisonv1.Selector {
	s := &liaisonv1.Selector{Id: id, Necessity: rapid.SampledFrom([]string{"n", "n", "n", "m"}).Draw(t, "necessity")}
	if rapid.Bool().Draw(t, "own categories") {
		s.Categories = some(t, categories, 0, "category")
	}
	if rapid.Bool().Draw(t, "own roles") {
		s.Roles = some(t, rolesThereAre, 0, "role")
	}
	place := rapid.SampledFrom([]string{"g", "g", "g", "h"}).Draw(t, "place")
	switch rapid.SampledFrom([]string{"account", "range", "ids"}).Draw(t, "target") {
	case "account":
		s.Target = &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: place}}
	case "range":
		first := rapid.Int64Range(1, messagesThereAre).Draw(t, "first")
		last := rapid.Int64Range(first, messagesThereAre).Draw(t, "last")
		s.Target = &liaisonv1.Selector_Messages{Messages: &liaisonv1.MessageSelector{
			Chat: &liaisonv1.MessageSelector_Group{Group: &liaisonv1.Chat{Id: place}}, Range: &liaisonv1.MessageRange{FirstId: first, LastId: last},
		}}
	case "ids":
		ids := some(t, []int64{1, 2, 3, 4, 5, 6, 7, 8}, 1, "message")
		s.Target = &liaisonv1.Selector_Messages{Messages: &liaisonv1.MessageSelector{
			Chat: &liaisonv1.MessageSelector_Group{Group: &liaisonv1.Chat{Id: place}}, Ids: ids,
		}}
	}
	return s
}

func drawPeriod(t *rapid.T) *liaisonv1.Period {
	start := rapid.Int64Range(0, secondsThereAre-1).Draw(t, "start")
	end := rapid.Int64Range(start+1, secondsThereAre).Draw(t, "end")
	return &liaisonv1.Period{StartTime: timestamppb.New(time.Unix(start, 0)), EndTime: timestamppb.New(time.Unix(end, 0))}
}

// drawNarrowing draws something near the request: each part of it is kept, made
// less, or made anew, so that both what narrows and what does not come up.
func drawNarrowing(t *rapid.T, spec *liaisonv1.RequestSpec) *liaisonv1.Narrowing {
	n := unchanged(spec)
	kept := n.Selectors[:0:0]
	for _, s := range n.GetSelectors() {
		switch rapid.SampledFrom([]string{"keep", "keep", "drop", "anew", "less", "less"}).Draw(t, "selector") {
		case "drop":
			continue
		case "anew":
			s = drawSelector(t, s.GetId(), categoriesThereAre)
		case "less":
			if len(s.GetCategories()) > 1 {
				s.Categories = s.GetCategories()[1:]
			}
			if len(s.GetRoles()) > 1 {
				s.Roles = s.GetRoles()[1:]
			}
			if r := s.GetMessages().GetRange(); r != nil && r.GetFirstId() < r.GetLastId() {
				r.FirstId++
			}
		}
		kept = append(kept, s)
	}
	if rapid.IntRange(0, 9).Draw(t, "another") == 0 {
		kept = append(kept, drawSelector(t, "another", categoriesThereAre))
	}
	n.Selectors = kept
	switch rapid.SampledFrom([]string{"keep", "keep", "less", "anew"}).Draw(t, "categories") {
	case "less":
		n.Categories = some(t, n.GetCategories(), 1, "of the request's categories")
	case "anew":
		n.Categories = some(t, categoriesThereAre, 1, "of all categories")
	}
	switch rapid.SampledFrom([]string{"keep", "keep", "anew", "none"}).Draw(t, "period") {
	case "anew":
		n.Period = drawPeriod(t)
	case "none":
		n.Period = nil
	}
	return n
}

// drawTaking draws a narrowing that takes away and does nothing else.
func drawTaking(t *rapid.T, spec *liaisonv1.RequestSpec, answered []string) *liaisonv1.Narrowing {
	n := unchanged(spec)
	n.Categories = some(t, n.GetCategories(), 1, "of the request's categories")
	n.Selectors = slices.DeleteFunc(n.Selectors, func(s *liaisonv1.Selector) bool {
		if !slices.Contains(answered, s.GetId()) && rapid.IntRange(0, 3).Draw(t, "drop") == 0 {
			return true
		}
		if own := s.GetCategories(); len(own) > 0 {
			s.Categories = slices.DeleteFunc(own, func(c liaisonv1.DataCategory) bool { return !slices.Contains(n.Categories, c) })
			if len(s.Categories) == 0 {
				return true
			}
			s.Categories = some(t, s.Categories, 1, "of the selector's categories")
		}
		if len(s.GetRoles()) > 0 {
			s.Roles = some(t, s.Roles, 1, "of the selector's roles")
		}
		if m := s.GetMessages(); m.GetRange() != nil {
			m.Range.FirstId = rapid.Int64Range(m.Range.FirstId, m.Range.LastId).Draw(t, "first")
			m.Range.LastId = rapid.Int64Range(m.Range.FirstId, m.Range.LastId).Draw(t, "last")
		} else if m != nil {
			m.Ids = some(t, m.Ids, 1, "of the messages")
		}
		return false
	})
	if p := n.GetPeriod(); p != nil {
		p.StartTime.Seconds = rapid.Int64Range(p.StartTime.Seconds, p.EndTime.Seconds-1).Draw(t, "start")
		p.EndTime.Seconds = rapid.Int64Range(p.StartTime.Seconds+1, p.EndTime.Seconds).Draw(t, "end")
	}
	return n
}

// keepsItsAnswers reports whether a narrowing has every answered selector, and one
// that is not.
func keepsItsAnswers(n *liaisonv1.Narrowing, answered []string) bool {
	kept := 0
	for _, s := range n.GetSelectors() {
		if slices.Contains(answered, s.GetId()) {
			kept++
		}
	}
	return kept == len(answered) && len(n.GetSelectors()) > kept
}

// TestAcceptedNarrowingsAskForASubset holds the rules against sets: whatever is
// accepted asks for nothing that was not asked before, is still a valid request,
// and has every answered selector in it; and whatever takes something away and
// does nothing else is accepted.
func TestAcceptedNarrowingsAskForASubset(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		spec := read(t, envelope, &liaisonv1.RequestSpec{})
		spec.Categories = some(t, categoriesThereAre, 1, "category")
		for _, id := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "selectors")] {
			spec.Selectors = append(spec.Selectors, drawSelector(t, id, spec.GetCategories()))
		}
		if slices.Contains(spec.GetCategories(), 4) || rapid.Bool().Draw(t, "bounded") {
			spec.Period = drawPeriod(t)
		}
		if err := validator.Validate(spec); err != nil {
			t.Fatalf("the request drawn is not valid: %v", err)
		}
		answered := some(t, []string{"a", "b", "c"}[:len(spec.GetSelectors())-1], 0, "answered")
		takes := rapid.Bool().Draw(t, "takes away alone")
		var n *liaisonv1.Narrowing
		if takes {
			n = drawTaking(t, spec, answered)
		} else {
			n = drawNarrowing(t, spec)
		}
		if validator.Validate(n) != nil {
			return // the contract refuses it by itself
		}

		before := proto.CloneOf(spec)
		err := scope.CheckNarrowing(spec, answered, n)
		narrowed := scope.Narrow(spec, n)
		if !proto.Equal(spec, before) {
			t.Fatal("the request changed")
		}
		wide, narrow := atoms(spec), atoms(narrowed)
		if err != nil {
			refused++
			var v *scope.Violations
			if !errors.As(err, &v) || v.Kind != scope.Widens || len(v.Fields) == 0 {
				t.Fatalf("refused with %v", err)
			}
			if takes && keepsItsAnswers(n, answered) && len(narrow) < len(wide) {
				t.Fatalf("took away and was refused: %v\nbefore: %v\nnarrowing: %v", err, spec, n)
			}
			return
		}
		accepted++
		for a := range narrow {
			if !wide[a] {
				t.Fatalf("asks for %+v, which was not asked\nbefore: %v\nafter: %v", a, spec, narrowed)
			}
		}
		if err := validator.Validate(narrowed); err != nil {
			t.Fatalf("the narrowed request is not valid: %v", err)
		}
		if scope.CheckSelectorIDs(narrowed, answered, "answered") != nil {
			t.Fatal("a selector that was answered is gone")
		}
		if scope.CheckNarrowing(narrowed, answered, unchanged(narrowed)) == nil {
			t.Fatal("what takes nothing away was accepted")
		}
	})
	t.Logf("%d accepted, %d refused", accepted, refused)
	if accepted == 0 || refused == 0 {
		t.Errorf("%d accepted and %d refused: the property was not tried", accepted, refused)
	}
}
