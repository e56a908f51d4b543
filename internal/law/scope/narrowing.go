package scope

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// NarrowingPath is where CheckNarrowing says that the narrowing stands: in the
// call that amends. For a proposal in an objection, see Violations.Moved.
const NarrowingPath = "amendment.narrowing"

// CheckNarrowing refuses a narrowing that would ask for anything which the request
// does not ask for as it stands, or that takes nothing away. Answered holds the
// selectors that parts of the answer have dealt with.
//
// A selector is the former one of the same id: its target, necessity and time of
// observation are untouched, except that a selector of messages may denote fewer
// of them. A selector without categories of its own asks for all of the
// request's, one without roles for whoever it denotes: naming some narrows, naming
// none where some were named widens. A period may be set where there was none.
//
// What was answered stays answered: such a selector stays, and with it at least
// one that is not answered yet, since otherwise nothing would be left by which the
// answer could ever become final.
func CheckNarrowing(spec *liaisonv1.RequestSpec, answered []string, n *liaisonv1.Narrowing) error {
	var c collector
	former := make(map[string]*liaisonv1.Selector, len(spec.GetSelectors()))
	for _, s := range spec.GetSelectors() {
		former[s.GetId()] = s
	}
	narrower := len(n.GetCategories()) < len(spec.GetCategories())
	kept := make(map[string]bool, len(n.GetSelectors()))
	for i, s := range n.GetSelectors() {
		before, known := former[s.GetId()]
		switch {
		case !known:
			c.add(Widens, noSuchSelector, NarrowingPath+".selectors[%d].id", i)
		case kept[s.GetId()]:
			c.add(Widens, "the selector stands here already", NarrowingPath+".selectors[%d].id", i)
		default:
			kept[s.GetId()] = true
			pair := change{spec, n, before, s}
			pair.check(&c, i)
			narrower = narrower || pair.narrows()
		}
	}
	narrower = narrower || len(kept) < len(former)
	checkKept(&c, spec, answered, kept)
	for i, category := range n.GetCategories() {
		if !slices.Contains(spec.GetCategories(), category) {
			c.add(Widens, "the request does not ask for this category", NarrowingPath+".categories[%d]", i)
		}
	}
	switch before, after := spec.GetPeriod(), n.GetPeriod(); {
	case before == nil && after == nil:
	case before == nil:
		narrower = true
	case !within(before, after):
		c.add(Widens, "must lie within the request's period, which cannot be taken away", NarrowingPath+".period")
	default:
		narrower = narrower || !within(after, before)
	}
	if c.Kind == 0 && !narrower {
		c.add(Widens, "takes nothing away", NarrowingPath)
	}
	return c.err()
}

// checkKept refuses to take away what was answered, or everything else.
func checkKept(c *collector, spec *liaisonv1.RequestSpec, answered []string, kept map[string]bool) {
	open := false
	for _, s := range spec.GetSelectors() {
		id := s.GetId()
		switch isAnswered := slices.Contains(answered, id); {
		case isAnswered && !kept[id]:
			c.add(Widens, fmt.Sprintf("selector %q is answered and must stay", id), NarrowingPath+".selectors")
		case !isAnswered && kept[id]:
			open = true
		}
	}
	if !open && len(kept) > 0 {
		c.add(Widens, "a selector that is not answered yet must stay", NarrowingPath+".selectors")
	}
}

// change is a selector before and after a narrowing.
type change struct {
	spec          *liaisonv1.RequestSpec
	narrowing     *liaisonv1.Narrowing
	before, after *liaisonv1.Selector
}

// categories returns what is asked of the selector before and after.
func (p change) categories() (before, after []liaisonv1.DataCategory) {
	return categoriesOf(p.before, p.spec.GetCategories()), categoriesOf(p.after, p.narrowing.GetCategories())
}

// check refuses a selector that is not the former one or less of it. It stands at
// index i of the narrowing.
func (p change) check(c *collector, i int) {
	if p.after.GetNecessity() != p.before.GetNecessity() {
		c.add(Widens, "must stay as it is", NarrowingPath+".selectors[%d].necessity", i)
	}
	if !proto.Equal(p.after.GetObservedTime(), p.before.GetObservedTime()) {
		c.add(Widens, "must stay as it is", NarrowingPath+".selectors[%d].observed_time", i)
	}
	for j, category := range p.after.GetCategories() {
		if !slices.Contains(p.narrowing.GetCategories(), category) {
			c.add(Widens, "must be among the categories that stay", NarrowingPath+".selectors[%d].categories[%d]", i, j)
		}
	}
	if before, after := p.categories(); !containsAll(before, after) {
		c.add(Widens, "asks for categories that were not asked for this selector", NarrowingPath+".selectors[%d].categories", i)
	}
	switch before, after := p.before.GetRoles(), p.after.GetRoles(); {
	case len(before) > 0 && len(after) == 0:
		c.add(Widens, "must name the roles that stay: none stands for all", NarrowingPath+".selectors[%d].roles", i)
	case len(before) > 0 && !containsAll(before, after):
		c.add(Widens, "asks for roles that were not asked for this selector", NarrowingPath+".selectors[%d].roles", i)
	}
	switch before, after := p.before.GetMessages(), p.after.GetMessages(); {
	case before == nil || after == nil:
		if !sameTarget(p.before, p.after) {
			c.add(Widens, "must denote what it denotes", NarrowingPath+".selectors[%d]", i)
		}
	case !sameChat(before, after):
		c.add(Widens, "must stay in the same channel, group or bot", NarrowingPath+".selectors[%d].messages", i)
	case !messagesWithin(before, after):
		c.add(Widens, "must denote none but messages that it denotes", NarrowingPath+".selectors[%d].messages", i)
	}
}

// narrows reports whether less is asked of the selector than before. It counts on
// check having found nothing.
func (p change) narrows() bool {
	before, after := p.categories()
	return len(after) < len(before) ||
		!containsAll(p.after.GetRoles(), p.before.GetRoles()) ||
		len(p.before.GetRoles()) == 0 && len(p.after.GetRoles()) > 0 ||
		p.after.GetMessages() != nil && denoted(p.after.GetMessages()) < denoted(p.before.GetMessages())
}

// sameTarget reports whether two selectors denote the same by the same words.
func sameTarget(a, b *liaisonv1.Selector) bool {
	return proto.Equal(&liaisonv1.Selector{Target: a.GetTarget()}, &liaisonv1.Selector{Target: b.GetTarget()})
}

// sameChat reports whether two selectors are of messages in one chat.
func sameChat(a, b *liaisonv1.MessageSelector) bool {
	return proto.Equal(&liaisonv1.MessageSelector{Chat: a.GetChat()}, &liaisonv1.MessageSelector{Chat: b.GetChat()})
}

// messagesWithin reports whether every message that part denotes, whole does too.
func messagesWithin(whole, part *liaisonv1.MessageSelector) bool {
	r := part.GetRange()
	if r == nil {
		return !slices.ContainsFunc(part.GetIds(), func(id int64) bool { return !denotes(whole, id) })
	}
	if whole.GetRange() != nil {
		return r.GetFirstId() <= r.GetLastId() && denotes(whole, r.GetFirstId()) && denotes(whole, r.GetLastId())
	}
	// A range of more messages than there are ids cannot lie within them; what is
	// left to walk is short.
	if uint64(r.GetLastId()-r.GetFirstId()) >= uint64(len(whole.GetIds())) {
		return false
	}
	for id := r.GetFirstId(); id <= r.GetLastId(); id++ {
		if !denotes(whole, id) {
			return false
		}
	}
	return true
}

// within reports whether part is a period that lies in whole.
func within(whole, part *liaisonv1.Period) bool {
	return part != nil &&
		!part.GetStartTime().AsTime().Before(whole.GetStartTime().AsTime()) &&
		!part.GetEndTime().AsTime().After(whole.GetEndTime().AsTime())
}

// Narrow returns the request as it stands after a narrowing that CheckNarrowing
// has accepted. The spec given is left as it is.
func Narrow(spec *liaisonv1.RequestSpec, n *liaisonv1.Narrowing) *liaisonv1.RequestSpec {
	after, narrowing := proto.CloneOf(spec), proto.CloneOf(n)
	after.Selectors = narrowing.GetSelectors()
	after.Categories = narrowing.GetCategories()
	after.Period = narrowing.GetPeriod()
	return after
}
