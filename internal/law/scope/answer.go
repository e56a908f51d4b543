package scope

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// CheckAnswer refuses an answer, or a part of one, that says more than was asked,
// says it twice, or leaves something out. Answered holds the selectors that
// earlier parts have dealt with.
//
//   - Each finding is for a selector of the request that has none yet, and has
//     exactly one outcome for each category asked of it. Outcomes for single
//     messages come on top, for messages that the selector denotes.
//   - What a finding discloses is of a category asked, and so is what it says is
//     not held. Where the selector names roles, a party has these and no others.
//   - What bears the date of an act (an access, a change of the account, a
//     publication, a payment) lies in the period asked. Registration and the times
//     for which a name or a number held are no acts: they describe whoever acted
//     and usually lie before it.
//   - Publications are of messages, and roles in chats, that the selector denotes,
//     where it denotes such.
//   - A request for existence names nobody. A request to disclose is not answered
//     by existence alone: what is there and is not handed over is withheld, on a
//     ground. A request to preserve has no answer.
//   - The part after which every selector has its finding is the final one, and
//     no other is: nothing could be added to it.
func CheckAnswer(spec *liaisonv1.RequestSpec, answered []string, a *liaisonv1.Answer) error {
	var c collector
	if spec.GetKind() == liaisonv1.RequestKind_REQUEST_KIND_PRESERVE {
		c.add(OutOfScope, "a request to preserve is confirmed, not answered", "answer")
		return c.err()
	}
	selectors := make(map[string]*liaisonv1.Selector, len(spec.GetSelectors()))
	for _, s := range spec.GetSelectors() {
		selectors[s.GetId()] = s
	}
	done := make(map[string]bool, len(selectors))
	for _, id := range answered {
		done[id] = true
	}
	for i, f := range a.GetFindings() {
		id := f.GetSelectorId()
		selector, known := selectors[id]
		switch {
		case !known:
			c.add(OutOfScope, noSuchSelector, "answer.findings[%d].selector_id", i)
		case done[id]:
			c.add(AlreadyAnswered, "the selector is answered already", "answer.findings[%d].selector_id", i)
		default:
			done[id] = true
			question{spec, selector, categoriesOf(selector, spec.GetCategories())}.check(&c, i, f)
		}
	}
	open := slices.DeleteFunc(slices.Clone(spec.GetSelectors()), func(s *liaisonv1.Selector) bool { return done[s.GetId()] })
	switch {
	case a.GetFinal():
		for _, s := range open {
			c.add(Incomplete, fmt.Sprintf("no part of the answer has a finding for selector %q", s.GetId()), "answer.findings")
		}
	case len(open) == 0:
		c.add(Incomplete, "must be true: with this part every selector is answered, and no other can follow", "answer.final")
	}
	return c.err()
}

// question is what was asked of one selector.
type question struct {
	spec       *liaisonv1.RequestSpec
	selector   *liaisonv1.Selector
	categories []liaisonv1.DataCategory
}

// check holds the answer's finding of index i against the question.
func (q question) check(c *collector, i int, f *liaisonv1.Finding) {
	q.checkOutcomes(c, i, f.GetOutcomes())
	if q.spec.GetKind() == liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE && len(f.GetParties()) > 0 {
		c.add(OutOfScope, "a request for existence names nobody", "answer.findings[%d].parties", i)
	}
	for j, p := range f.GetParties() {
		q.checkParty(c, i, j, p)
	}
}

// checkOutcomes looks for one outcome a category, and further ones for single
// messages alone.
func (q question) checkOutcomes(c *collector, i int, outcomes []*liaisonv1.Outcome) {
	type single struct {
		category liaisonv1.DataCategory
		message  int64
	}
	whole := make(map[liaisonv1.DataCategory]bool)
	singles := make(map[single]bool)
	for j, o := range outcomes {
		category := o.GetCategory()
		if !slices.Contains(q.categories, category) {
			c.add(OutOfScope, "the category was not asked for this selector", "answer.findings[%d].outcomes[%d].category", i, j)
		}
		if problem := q.unfit(o.GetCode()); problem != "" {
			c.add(OutOfScope, problem, "answer.findings[%d].outcomes[%d].code", i, j)
		}
		if len(o.GetMessageIds()) == 0 {
			if whole[category] {
				c.add(OutOfScope, "there may be one outcome a category, besides outcomes for single messages", "answer.findings[%d].outcomes[%d].category", i, j)
			}
			whole[category] = true
			continue
		}
		messages := q.selector.GetMessages()
		if messages == nil {
			c.add(OutOfScope, "the selector does not denote messages", "answer.findings[%d].outcomes[%d].message_ids", i, j)
			continue
		}
		for k, id := range o.GetMessageIds() {
			switch key := (single{category, id}); {
			case !denotes(messages, id):
				c.add(OutOfScope, "the selector does not denote this message", "answer.findings[%d].outcomes[%d].message_ids[%d]", i, j, k)
			case singles[key]:
				c.add(OutOfScope, "the message has an outcome for this category already", "answer.findings[%d].outcomes[%d].message_ids[%d]", i, j, k)
			default:
				singles[key] = true
			}
		}
	}
	for _, category := range q.categories {
		if !whole[category] {
			c.add(Incomplete, fmt.Sprintf("selector %q lacks an outcome for %s", q.selector.GetId(), category), "answer.findings[%d].outcomes", i)
		}
	}
}

// unfit returns why an outcome does not answer this kind of request, or nothing.
func (q question) unfit(code liaisonv1.OutcomeCode) string {
	switch existence := q.spec.GetKind() == liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE; {
	case existence && code == liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED:
		return "a request for existence names nobody"
	case !existence && code == liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS:
		return "a request to disclose needs to know who: what is not handed over is withheld, on a ground"
	default:
		return ""
	}
}

// checkParty looks for roles and data that were not asked.
func (q question) checkParty(c *collector, i, j int, p *liaisonv1.IdentifiedParty) {
	if sought := q.selector.GetRoles(); len(sought) > 0 {
		for k, role := range p.GetRoles() {
			if !slices.Contains(sought, role) {
				c.add(OutOfScope, "the role was not asked for this selector", "answer.findings[%d].parties[%d].roles[%d]", i, j, k)
			}
		}
	}
	for k, item := range p.GetItems() {
		if !slices.Contains(q.categories, item.GetCategory()) {
			c.add(OutOfScope, "the category was not asked for this selector", "answer.findings[%d].parties[%d].items[%d].category", i, j, k)
		}
		if at := timeOfAct(item); at != nil && !q.covers(at) {
			c.add(OutOfScope, "lies outside of the period asked", "answer.findings[%d].parties[%d].items[%d]", i, j, k)
		}
		if id := item.GetPublication().GetMessageId(); id != 0 && q.selector.GetMessages() != nil && !denotes(q.selector.GetMessages(), id) {
			c.add(OutOfScope, "the selector does not denote this message", "answer.findings[%d].parties[%d].items[%d].publication.message_id", i, j, k)
		}
		if role := item.GetChatRole(); role != nil && !chatOf(q.selector).mayBe(chatOfRole(role)) {
			c.add(OutOfScope, "the selector does not denote this chat", "answer.findings[%d].parties[%d].items[%d].chat_role", i, j, k)
		}
	}
	for k, kind := range p.GetNotHeld() {
		if !slices.ContainsFunc(categoriesOfKind[kind], func(d liaisonv1.DataCategory) bool { return slices.Contains(q.categories, d) }) {
			c.add(OutOfScope, "data of this kind was not asked for this selector", "answer.findings[%d].parties[%d].not_held[%d]", i, j, k)
		}
	}
}

// covers reports whether a time lies in the period asked, if there is one.
func (q question) covers(at *timestamppb.Timestamp) bool {
	p := q.spec.GetPeriod()
	return p == nil || !at.AsTime().Before(p.GetStartTime().AsTime()) && at.AsTime().Before(p.GetEndTime().AsTime())
}

// timeOfAct returns when what an item tells of was done, or nil if it tells of no
// act or does not say when.
func timeOfAct(item *liaisonv1.DataItem) *timestamppb.Timestamp {
	switch value := item.GetValue().(type) {
	case *liaisonv1.DataItem_Access:
		return value.Access.GetTime()
	case *liaisonv1.DataItem_AccountChange:
		return value.AccountChange.GetTime()
	case *liaisonv1.DataItem_Publication:
		return value.Publication.GetTime()
	case *liaisonv1.DataItem_Payment:
		return value.Payment.GetTime()
	default:
		return nil
	}
}

// categoriesOfKind are the categories under which data of a kind can be asked for.
var categoriesOfKind = map[liaisonv1.DataItemKind][]liaisonv1.DataCategory{
	liaisonv1.DataItemKind_DATA_ITEM_KIND_NAME:           {liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_PHONE:          {liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_EMAIL:          {liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_REGISTRATION:   {liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_ACCESS:         {liaisonv1.DataCategory_DATA_CATEGORY_IDENTIFYING_ACCESS, liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_ACCOUNT_CHANGE: {liaisonv1.DataCategory_DATA_CATEGORY_ACCOUNT_HISTORY},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_DEVICE:         {liaisonv1.DataCategory_DATA_CATEGORY_DEVICE},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_CHAT_ROLE:      {liaisonv1.DataCategory_DATA_CATEGORY_CHANNEL_ROLES},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_PUBLICATION:    {liaisonv1.DataCategory_DATA_CATEGORY_PUBLICATION_RECORD},
	liaisonv1.DataItemKind_DATA_ITEM_KIND_PAYMENT:        {liaisonv1.DataCategory_DATA_CATEGORY_PAYMENT_REFERENCE},
}
