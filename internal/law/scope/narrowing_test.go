package scope_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// stands is what the narrowings below start from.
const stands = `
categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY, DATA_CATEGORY_ACCESS_RECORDS, DATA_CATEGORY_DEVICE]
period: {start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"}
selectors:
- {id: name, necessity: n, observed_time: "2026-08-30T10:00:00Z", username: {username: records_demo}}
- id: posts
  necessity: n
  categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY, DATA_CATEGORY_DEVICE]
  roles: [PARTY_ROLE_ADMINISTRATOR, PARTY_ROLE_CHANNEL_OWNER]
  messages: {channel: {id: c, member_count: 41000}, range: {first_id: 10, last_id: 19}}
- {id: talk, necessity: n, messages: {group: {id: g}, ids: [7, 8, 9, 11]}}
`

// unchanged is the narrowing that keeps everything.
func unchanged(spec *liaisonv1.RequestSpec) *liaisonv1.Narrowing {
	s := proto.CloneOf(spec)
	return &liaisonv1.Narrowing{Selectors: s.GetSelectors(), Categories: s.GetCategories(), Period: s.GetPeriod()}
}

func TestNarrowing(t *testing.T) {
	const (
		identity = liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY
		records  = liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS
		device   = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE
		payment  = liaisonv1.DataCategory_DATA_CATEGORY_PAYMENT_REFERENCE
		admin    = liaisonv1.PartyRole_PARTY_ROLE_ADMINISTRATOR
		seller   = liaisonv1.PartyRole_PARTY_ROLE_SELLER
	)
	const path = scope.NarrowingPath
	messages := func(first, last int64) func(n *liaisonv1.Narrowing) {
		return func(n *liaisonv1.Narrowing) {
			n.Selectors[1].GetMessages().Range = &liaisonv1.MessageRange{FirstId: first, LastId: last}
		}
	}
	listed := func(selector int, ids ...int64) func(n *liaisonv1.Narrowing) {
		return func(n *liaisonv1.Narrowing) {
			n.Selectors[selector].GetMessages().Range = nil
			n.Selectors[selector].GetMessages().Ids = ids
		}
	}
	ranged := func(first, last int64) func(n *liaisonv1.Narrowing) {
		return func(n *liaisonv1.Narrowing) {
			n.Selectors[2].GetMessages().Ids = nil
			n.Selectors[2].GetMessages().Range = &liaisonv1.MessageRange{FirstId: first, LastId: last}
		}
	}
	period := func(start, end time.Duration) func(n *liaisonv1.Narrowing) {
		return func(n *liaisonv1.Narrowing) {
			n.Period = &liaisonv1.Period{
				StartTime: timestamppb.New(n.GetPeriod().GetStartTime().AsTime().Add(start)),
				EndTime:   timestamppb.New(n.GetPeriod().GetEndTime().AsTime().Add(end)),
			}
		}
	}
	for name, test := range map[string]struct {
		before   func(*liaisonv1.RequestSpec)
		answered []string
		change   func(*liaisonv1.Narrowing)
		fields   []string // none: it narrows
	}{
		"takes nothing away": {change: func(*liaisonv1.Narrowing) {}, fields: []string{path}},
		"is empty": {change: func(n *liaisonv1.Narrowing) { n.Reset() },
			fields: []string{path + ".period"}},

		"takes a selector away": {change: func(n *liaisonv1.Narrowing) { n.Selectors = n.Selectors[1:] }},
		"only changes the order": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[0], n.Selectors[1] = n.Selectors[1], n.Selectors[0]
		}, fields: []string{path}},
		"adds a selector": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors = append(n.Selectors[1:], &liaisonv1.Selector{Id: "new"})
		}, fields: []string{path + ".selectors[2].id"}},
		"has a selector twice": {change: func(n *liaisonv1.Narrowing) { n.Selectors[1] = n.Selectors[0] },
			fields: []string{path + ".selectors[1].id"}},
		"changes a necessity": {change: func(n *liaisonv1.Narrowing) { n.Selectors[0].Necessity = "m" },
			fields: []string{path + ".selectors[0].necessity"}},
		"changes a time of observation": {change: func(n *liaisonv1.Narrowing) { n.Selectors[0].ObservedTime.Seconds++ },
			fields: []string{path + ".selectors[0].observed_time"}},
		"takes a time of observation away": {change: func(n *liaisonv1.Narrowing) { n.Selectors[0].ObservedTime = nil },
			fields: []string{path + ".selectors[0].observed_time"}},
		"adds a time of observation": {change: func(n *liaisonv1.Narrowing) { n.Selectors[1].ObservedTime = timestamppb.New(time.Unix(1, 0)) },
			fields: []string{path + ".selectors[1].observed_time"}},
		"changes a target": {change: func(n *liaisonv1.Narrowing) { n.Selectors[0].GetUsername().Username = "other" },
			fields: []string{path + ".selectors[0]"}},
		"changes a target's type": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[0].Target = &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: "records_demo"}}
		}, fields: []string{path + ".selectors[0]"}},
		"turns messages into their channel": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Target = &liaisonv1.Selector_Channel{Channel: n.Selectors[1].GetMessages().GetChannel()}
		}, fields: []string{path + ".selectors[1]"}},
		"turns a name into messages": {change: func(n *liaisonv1.Narrowing) { n.Selectors[0].Target = n.Selectors[1].Target },
			fields: []string{path + ".selectors[0]"}},

		"takes the first messages away":     {change: messages(11, 19)},
		"takes the last messages away":      {change: messages(10, 18)},
		"adds a message before":             {change: messages(9, 18), fields: []string{path + ".selectors[1].messages"}},
		"adds a message behind":             {change: messages(11, 20), fields: []string{path + ".selectors[1].messages"}},
		"turns a range around":              {change: messages(19, 10), fields: []string{path + ".selectors[1].messages"}},
		"lists some of a range":             {change: listed(1, 10, 19)},
		"lists all of a range":              {change: listed(1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19), fields: []string{path}},
		"lists one beyond a range":          {change: listed(1, 10, 20), fields: []string{path + ".selectors[1].messages"}},
		"lists fewer":                       {change: listed(2, 7, 11)},
		"lists others":                      {change: listed(2, 7, 10), fields: []string{path + ".selectors[2].messages"}},
		"is a range of those listed":        {change: ranged(7, 9)},
		"is a range across a gap":           {change: ranged(8, 11), fields: []string{path + ".selectors[2].messages"}},
		"is a range longer than the list":   {change: ranged(7, 11), fields: []string{path + ".selectors[2].messages"}},
		"is a range without an end":         {change: ranged(math.MinInt64, math.MaxInt64), fields: []string{path + ".selectors[2].messages"}},
		"is a range turned around":          {change: ranged(9, 7), fields: []string{path + ".selectors[2].messages"}},
		"goes to another chat for messages": {change: func(n *liaisonv1.Narrowing) { n.Selectors[1].GetMessages().GetChannel().Id = "d" }, fields: []string{path + ".selectors[1].messages"}},
		"changes how many a chat has":       {change: func(n *liaisonv1.Narrowing) { n.Selectors[1].GetMessages().GetChannel().MemberCount = 1 }, fields: []string{path + ".selectors[1].messages"}},

		"names categories for a selector that had all": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[0].Categories = []liaisonv1.DataCategory{identity}
		}},
		"names all categories for a selector that had all": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[0].Categories = []liaisonv1.DataCategory{device, records, identity}
		}, fields: []string{path}},
		"names fewer categories for a selector": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Categories = []liaisonv1.DataCategory{device}
		}},
		"adds a category to a selector": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Categories = append(n.Selectors[1].Categories, records)
		}, fields: []string{path + ".selectors[1].categories"}},
		"takes a selector's own categories away, and so asks for all": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Categories = nil
		}, fields: []string{path + ".selectors[1].categories"}},
		"takes a selector's own categories away where they are all that stays": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Categories = nil
			n.Categories = []liaisonv1.DataCategory{identity, device}
		}},
		"takes a category away": {change: func(n *liaisonv1.Narrowing) {
			n.Categories = []liaisonv1.DataCategory{identity, device}
		}},
		"takes a category away that a selector keeps": {change: func(n *liaisonv1.Narrowing) {
			n.Categories = []liaisonv1.DataCategory{identity, records}
		}, fields: []string{path + ".selectors[1].categories[1]"}},
		"adds a category": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors = n.Selectors[1:2]
			n.Categories = append(n.Categories, payment)
		}, fields: []string{path + ".categories[3]"}},

		"names roles for a selector that had none": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[2].Roles = []liaisonv1.PartyRole{seller}
		}},
		"names fewer roles": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Roles = []liaisonv1.PartyRole{admin}
		}},
		"names another role": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Roles = []liaisonv1.PartyRole{admin, seller}
		}, fields: []string{path + ".selectors[1].roles"}},
		"names no roles where there were some": {change: func(n *liaisonv1.Narrowing) {
			n.Selectors[1].Roles = nil
		}, fields: []string{path + ".selectors[1].roles"}},

		"begins later":          {change: period(time.Nanosecond, 0)},
		"ends earlier":          {change: period(0, -time.Nanosecond)},
		"begins earlier":        {change: period(-time.Nanosecond, -time.Hour), fields: []string{path + ".period"}},
		"ends later":            {change: period(time.Hour, time.Nanosecond), fields: []string{path + ".period"}},
		"takes the period away": {change: func(n *liaisonv1.Narrowing) { n.Period = nil }, fields: []string{path + ".period"}},
		"has no period where there was none": {
			before: func(s *liaisonv1.RequestSpec) { s.Period = nil },
			change: func(n *liaisonv1.Narrowing) { n.Selectors = n.Selectors[:1] },
		},
		"sets a period where there was none": {
			before: func(s *liaisonv1.RequestSpec) { s.Period = nil },
			change: func(n *liaisonv1.Narrowing) {
				n.Period = &liaisonv1.Period{StartTime: timestamppb.New(time.Unix(1, 0)), EndTime: timestamppb.New(time.Unix(2, 0))}
			},
		},

		"keeps what was answered": {answered: []string{"name"}, change: func(n *liaisonv1.Narrowing) { n.Selectors = n.Selectors[:2] }},
		"takes away what was answered": {answered: []string{"name", "posts"}, change: func(n *liaisonv1.Narrowing) { n.Selectors = n.Selectors[1:] },
			fields: []string{path + ".selectors"}},
		"leaves nothing to answer": {answered: []string{"name", "posts"}, change: func(n *liaisonv1.Narrowing) { n.Selectors = n.Selectors[:2] },
			fields: []string{path + ".selectors"}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := read(t, stands, &liaisonv1.RequestSpec{})
			if test.before != nil {
				test.before(spec)
			}
			n := unchanged(spec)
			test.change(n)
			kind := scope.Kind(0)
			if test.fields != nil {
				kind = scope.Widens
			}
			wants(t, scope.CheckNarrowing(spec, test.answered, n), kind, test.fields...)
		})
	}
}

// TestNarrowLeavesBothAsTheyAre lets nobody who keeps a spec see it change.
func TestNarrowLeavesBothAsTheyAre(t *testing.T) {
	spec := read(t, "reference: MOC-1\n"+stands, &liaisonv1.RequestSpec{})
	n := unchanged(spec)
	n.Selectors, n.Categories = n.Selectors[:1], n.Categories[:2]
	specBefore, narrowingBefore := proto.CloneOf(spec), proto.CloneOf(n)

	after := scope.Narrow(spec, n)
	if after.GetReference() != "MOC-1" || len(after.GetSelectors()) != 1 || len(after.GetCategories()) != 2 || !proto.Equal(after.GetPeriod(), spec.GetPeriod()) {
		t.Errorf("the narrowed request is %v", after)
	}
	after.Selectors[0].Necessity, after.Categories[0], after.Period.StartTime.Seconds = "changed", 8, 1
	if !proto.Equal(spec, specBefore) || !proto.Equal(n, narrowingBefore) {
		t.Error("what it was made from changed with it")
	}
}

// TestAProposalOfTheLargestSizeIsHeld compares as much as the contract lets in: 500
// selectors of 500 messages each.
func TestAProposalOfTheLargestSizeIsHeld(t *testing.T) {
	spec := &liaisonv1.RequestSpec{Categories: []liaisonv1.DataCategory{1}}
	for i := range 500 {
		m := &liaisonv1.MessageSelector{Chat: &liaisonv1.MessageSelector_Group{Group: &liaisonv1.Chat{Id: "g"}}}
		for id := range int64(500) {
			m.Ids = append(m.Ids, id+1)
		}
		spec.Selectors = append(spec.Selectors, &liaisonv1.Selector{Id: fmt.Sprint(i), Target: &liaisonv1.Selector_Messages{Messages: m}})
	}
	n := unchanged(spec)
	wants(t, scope.CheckNarrowing(spec, nil, n), scope.Widens, scope.NarrowingPath)
	n.Selectors[499].GetMessages().Ids = n.Selectors[499].GetMessages().Ids[1:]
	wants(t, scope.CheckNarrowing(spec, nil, n), 0)
}
