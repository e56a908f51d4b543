package scope_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// asked is what the answers below are held against: an account of which
// everything is asked; the administrators who acted on messages 10 to 19 of a
// channel; two messages of a group.
const asked = `
kind: REQUEST_KIND_DISCLOSE
categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY, DATA_CATEGORY_ACCESS_RECORDS]
period: {start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"}
selectors:
- {id: uploader, account: {id: "700100200"}}
- id: posts
  categories: [DATA_CATEGORY_ACCESS_RECORDS]
  roles: [PARTY_ROLE_ADMINISTRATOR, PARTY_ROLE_CHANNEL_OWNER]
  messages: {channel: {id: "-100177"}, range: {first_id: 10, last_id: 19}}
- id: talk
  categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY]
  messages: {group: {id: "-100288"}, ids: [7, 9]}
`

// The findings that answer it.
const (
	uploader = `
- selector_id: uploader
  outcomes:
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_IDENTIFIED}
  - {category: DATA_CATEGORY_ACCESS_RECORDS, code: OUTCOME_CODE_IDENTIFIED}
  parties:
  - account: {id: "700100200"}
    roles: [PARTY_ROLE_ORIGINAL_UPLOADER]
    items:
    - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, phone: {number: "+447700900200"}}
    - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, registration: {time: "2026-09-28T11:02:33Z"}}
    - {category: DATA_CATEGORY_ACCESS_RECORDS, access: {address: 203.0.113.77, time: "2026-10-01T20:00:00Z"}}
    - {category: DATA_CATEGORY_ACCESS_RECORDS, access: {address: 203.0.113.77, time: "2026-10-01T22:59:59Z"}}
    not_held: [DATA_ITEM_KIND_EMAIL, DATA_ITEM_KIND_ACCESS]`
	posts = `
- selector_id: posts
  outcomes:
  - {category: DATA_CATEGORY_ACCESS_RECORDS, code: OUTCOME_CODE_IDENTIFIED}
  - {category: DATA_CATEGORY_ACCESS_RECORDS, code: OUTCOME_CODE_RETENTION_EXPIRED, message_ids: [10, 19]}
  - {category: DATA_CATEGORY_ACCESS_RECORDS, code: OUTCOME_CODE_NOT_FOUND, message_ids: [11]}
  parties:
  - {account: {id: "1"}, roles: [PARTY_ROLE_ADMINISTRATOR]}`
	talk = `
- selector_id: talk
  outcomes:
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_NOT_FOUND}`
)

const inFull = "final: true\nfindings:" + uploader + posts + talk

func TestAnswerWithinWhatWasAsked(t *testing.T) {
	for name, test := range map[string]struct {
		answered []string
		answer   string
	}{
		"at once":                              {nil, inFull},
		"in part":                              {nil, "findings:" + posts},
		"in another order":                     {nil, "final: true\nfindings:" + talk + uploader + posts},
		"the rest of it":                       {[]string{"posts"}, "final: true\nfindings:" + talk + uploader},
		"in part, after a part":                {[]string{"posts"}, "findings:" + talk},
		"after a selector that is not there":   {[]string{"posts", "gone"}, "final: true\nfindings:" + talk + uploader},
		"withheld, on a ground":                {nil, "findings:" + strings.Replace(talk, "NOT_FOUND", "WITHHELD", 1)},
		"ambiguous":                            {nil, "findings:" + strings.Replace(talk, "NOT_FOUND", "AMBIGUOUS", 1)},
		"a single message, listed by its id":   {nil, "findings:" + talk + "\n  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_NOT_FOUND, message_ids: [9]}"},
		"a party in the other role asked":      {nil, "findings:" + strings.Replace(posts, "ADMINISTRATOR]", "CHANNEL_OWNER]", 1)},
		"in part, with all that is left asked": {[]string{"posts", "talk"}, "final: true\nfindings:" + uploader},
	} {
		t.Run(name, func(t *testing.T) {
			err := scope.CheckAnswer(read(t, asked, &liaisonv1.RequestSpec{}), test.answered, read(t, test.answer, &liaisonv1.Answer{}))
			wants(t, err, 0)
		})
	}
}

// TestAnswerToAnotherQuestion changes one thing of the full answer, or of what was
// asked, and names what must be found.
func TestAnswerToAnotherQuestion(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*liaisonv1.RequestSpec, *liaisonv1.Answer)
		earlier []string
		kind    scope.Kind
		fields  []string
	}{
		"to a selector that is not there": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) { a.Findings[1].SelectorId = "other" },
			kind:   scope.OutOfScope, fields: []string{"answer.findings[1].selector_id", "answer.findings"},
		},
		"to a selector that an earlier part answered": {
			earlier: []string{"talk"},
			kind:    scope.AlreadyAnswered, fields: []string{"answer.findings[2].selector_id"},
		},
		"to one selector twice": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) { a.Findings = append(a.Findings, a.Findings[2]) },
			kind:   scope.AlreadyAnswered, fields: []string{"answer.findings[3].selector_id"},
		},
		"final, with a selector left out": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) { a.Findings = a.Findings[:1] },
			kind:   scope.Incomplete, fields: []string{"answer.findings", "answer.findings"},
		},
		"not final, with nothing left": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) { a.Final = false },
			kind:   scope.Incomplete, fields: []string{"answer.final"},
		},
		"without an outcome for a category": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[0].Outcomes = a.Findings[0].Outcomes[:1]
			},
			kind: scope.Incomplete, fields: []string{"answer.findings[0].outcomes"},
		},
		"with outcomes for single messages alone": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[1].Outcomes = a.Findings[1].Outcomes[1:]
			},
			kind: scope.Incomplete, fields: []string{"answer.findings[1].outcomes"},
		},
		"with two outcomes for a category": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[2].Outcomes = append(a.Findings[2].Outcomes, a.Findings[2].Outcomes[0])
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[2].outcomes[1].category"},
		},
		"with an outcome for a category that the request did not ask": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[0].Outcomes = append(a.Findings[0].Outcomes, &liaisonv1.Outcome{
					Category: liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
				})
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[0].outcomes[2].category"},
		},
		"with an outcome for a category that the selector did not ask": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[2].Outcomes = append(a.Findings[2].Outcomes, &liaisonv1.Outcome{
					Category: liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
				})
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[2].outcomes[1].category"},
		},
		"by existence alone": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[2].Outcomes[0].Code = liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[2].outcomes[0].code"},
		},
		"with single messages of what is no selector of messages": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[0].Outcomes = append(a.Findings[0].Outcomes, &liaisonv1.Outcome{
					Category: liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND, MessageIds: []int64{1},
				})
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[0].outcomes[2].message_ids"},
		},
		"with messages before and after the range": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[1].Outcomes[1].MessageIds = []int64{9, 10, 20}
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[1].outcomes[1].message_ids[0]", "answer.findings[1].outcomes[1].message_ids[2]"},
		},
		"with a message between those listed": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[2].Outcomes = append(a.Findings[2].Outcomes, &liaisonv1.Outcome{
					Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_DELETED_BY_USER, MessageIds: []int64{8},
				})
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[2].outcomes[1].message_ids[0]"},
		},
		"with one message twice": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[1].Outcomes[2].MessageIds = []int64{11, 19}
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[1].outcomes[2].message_ids[1]"},
		},
		"with a role beside the one asked": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				p := a.Findings[1].Parties[0]
				p.Roles = append(p.Roles, liaisonv1.PartyRole_PARTY_ROLE_SELLER)
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[1].parties[0].roles[1]"},
		},
		"with an item of a category that was not asked": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings[0].Parties[0].Items[1].Category = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[0].parties[0].items[1].category"},
		},
		"saying that something is not held which was not asked": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				p := a.Findings[1].Parties[0]
				p.NotHeld = []liaisonv1.DataItemKind{liaisonv1.DataItemKind_DATA_ITEM_KIND_ACCESS, liaisonv1.DataItemKind_DATA_ITEM_KIND_PHONE}
			},
			kind: scope.OutOfScope, fields: []string{"answer.findings[1].parties[0].not_held[1]"},
		},
		"to a request to preserve": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Answer) {
				s.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
			},
			kind: scope.OutOfScope, fields: []string{"answer"},
		},
		"naming somebody where existence was asked": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Answer) {
				s.Kind = liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE
			},
			kind: scope.OutOfScope, fields: []string{
				"answer.findings[0].outcomes[0].code", "answer.findings[0].outcomes[1].code", "answer.findings[0].parties",
				"answer.findings[1].outcomes[0].code", "answer.findings[1].parties",
			},
		},
		"beside the question and incomplete: the worse stands for both": {
			change: func(_ *liaisonv1.RequestSpec, a *liaisonv1.Answer) {
				a.Findings = append(a.Findings[:1], a.Findings[0])
				a.Findings[0].Parties[0].Items[0].Category = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE
			},
			kind: scope.OutOfScope, fields: []string{
				"answer.findings[0].parties[0].items[0].category", "answer.findings[1].selector_id", "answer.findings", "answer.findings",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec, answer := read(t, asked, &liaisonv1.RequestSpec{}), read(t, inFull, &liaisonv1.Answer{})
			if test.change != nil {
				test.change(spec, answer)
			}
			wants(t, scope.CheckAnswer(spec, test.earlier, answer), test.kind, test.fields...)
		})
	}
}

func TestExistenceIsAnsweredWithoutNames(t *testing.T) {
	spec := read(t, `
kind: REQUEST_KIND_EXISTENCE
categories: [DATA_CATEGORY_CHANNEL_ROLES]
selectors: [{id: bot, bot: {username: lookup_demo_bot}}, {id: link, url: {uri: "https://files.example/x"}}]`, &liaisonv1.RequestSpec{})
	answer := read(t, `
final: true
findings:
- {selector_id: bot, outcomes: [{category: DATA_CATEGORY_CHANNEL_ROLES, code: OUTCOME_CODE_EXISTS, existing_count: 2}]}
- {selector_id: link, outcomes: [{category: DATA_CATEGORY_CHANNEL_ROLES, code: OUTCOME_CODE_NOT_FOUND}]}`, &liaisonv1.Answer{})
	wants(t, scope.CheckAnswer(spec, nil, answer), 0)
}

// TestDatedItems holds what bears the date of an act to the period, and lets
// through what describes whoever acted.
func TestDatedItems(t *testing.T) {
	const before, first, last, end = "2026-10-01T19:59:59.999999999Z", "2026-10-01T20:00:00Z", "2026-10-01T22:59:59.999999999Z", "2026-10-01T23:00:00Z"
	for kind, test := range map[string]struct {
		category, value string
		bound           bool
	}{
		"access":         {"ACCESS_RECORDS", `access: {address: 203.0.113.77, time: "TIME"}`, true},
		"one act":        {"IDENTIFYING_ACCESS", `access: {address: 203.0.113.77, time: "TIME"}`, true},
		"account change": {"ACCOUNT_HISTORY", `account_change: {time: "TIME", change: ACCOUNT_CHANGE_USERNAME}`, true},
		"publication":    {"PUBLICATION_RECORD", `publication: {time: "TIME"}`, true},
		"payment":        {"PAYMENT_REFERENCE", `payment: {scheme: btc, reference: x, time: "TIME"}`, true},
		"registration":   {"SUBSCRIBER_IDENTITY", `registration: {time: "TIME"}`, false},
		"validity":       {"SUBSCRIBER_IDENTITY", `phone: {number: "+447700900200"}, valid_from: "TIME"`, false},
	} {
		for at, inside := range map[string]bool{before: false, first: true, last: true, end: false} {
			for _, bounded := range []bool{true, false} {
				spec := read(t, "kind: REQUEST_KIND_DISCLOSE\ncategories: [DATA_CATEGORY_"+test.category+"]\nselectors: [{id: a}]", &liaisonv1.RequestSpec{})
				if bounded {
					spec.Period = read(t, `{start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"}`, &liaisonv1.Period{})
				}
				answer := read(t, `
final: true
findings:
- selector_id: a
  outcomes: [{category: DATA_CATEGORY_`+test.category+`, code: OUTCOME_CODE_IDENTIFIED}]
  parties: [{no_account: {}, items: [{category: DATA_CATEGORY_`+test.category+`, `+strings.Replace(test.value, "TIME", at, 1)+`}]}]`, &liaisonv1.Answer{})
				t.Run(kind+" at "+at, func(t *testing.T) {
					if bounded && test.bound && !inside {
						wants(t, scope.CheckAnswer(spec, nil, answer), scope.OutOfScope, "answer.findings[0].parties[0].items[0]")
					} else {
						wants(t, scope.CheckAnswer(spec, nil, answer), 0)
					}
				})
			}
		}
	}
	t.Run("a payment without a time is of no time", func(t *testing.T) {
		spec := read(t, "kind: REQUEST_KIND_DISCLOSE\ncategories: [DATA_CATEGORY_PAYMENT_REFERENCE]\nselectors: [{id: a}]\n"+
			`period: {start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"}`, &liaisonv1.RequestSpec{})
		answer := read(t, `
final: true
findings:
- selector_id: a
  outcomes: [{category: DATA_CATEGORY_PAYMENT_REFERENCE, code: OUTCOME_CODE_IDENTIFIED}]
  parties: [{no_account: {}, items: [{category: DATA_CATEGORY_PAYMENT_REFERENCE, payment: {scheme: btc, reference: x}}]}]`, &liaisonv1.Answer{})
		wants(t, scope.CheckAnswer(spec, nil, answer), 0)
	})
}

// TestItemsOfTheMessagesAndChatsAsked refuses publications and roles elsewhere.
func TestItemsOfTheMessagesAndChatsAsked(t *testing.T) {
	const (
		publication = "answer.findings[0].parties[0].items[0].publication.message_id"
		role        = "answer.findings[0].parties[0].items[0].chat_role"
	)
	for name, test := range map[string]struct{ selector, item, field string }{
		"a message of the range":                {`messages: {channel: {id: c}, range: {first_id: 3, last_id: 5}}`, `publication: {message_id: 5}`, ""},
		"a message beyond the range":            {`messages: {channel: {id: c}, range: {first_id: 3, last_id: 5}}`, `publication: {message_id: 6}`, publication},
		"a publication that is no message":      {`messages: {channel: {id: c}, ids: [3]}`, `publication: {sha256: aa}`, ""},
		"a message found by its file":           {`file: {sha256: aa}`, `publication: {message_id: 6}`, ""},
		"a role in the channel":                 {`channel: {id: c, username: old}`, `chat_role: {channel: {id: c, username: new}}`, ""},
		"a role in another channel":             {`channel: {id: c}`, `chat_role: {channel: {id: d}}`, role},
		"a role in another channel of the name": {`channel: {id: c, username: n}`, `chat_role: {channel: {id: d, username: n}}`, role},
		"a role in a group, known by name":      {`group: {username: n}`, `chat_role: {group: {id: c, username: n}}`, ""},
		"a role in a group of another name":     {`group: {username: n}`, `chat_role: {group: {id: c, username: m}}`, role},
		"a role in a group, id to name":         {`group: {id: c}`, `chat_role: {group: {username: m}}`, ""},
		"a role of the bot":                     {`bot: {username: b}`, `chat_role: {bot: {username: b}}`, ""},
		"a role of another bot":                 {`bot: {username: b}`, `chat_role: {bot: {username: c}}`, role},
		"a role where the messages are":         {`messages: {group: {id: c}, ids: [3]}`, `chat_role: {group: {id: c}}`, ""},
		"a role elsewhere than the messages":    {`messages: {group: {id: c}, ids: [3]}`, `chat_role: {group: {id: d}}`, role},
		"a role where the canary was seen":      {`canary: {bot: {username: b}}`, `chat_role: {bot: {username: b}}`, ""},
		"a role elsewhere than the canary":      {`canary: {channel: {id: c}}`, `chat_role: {bot: {id: b}}`, role},
		"a role found by an account":            {`account: {id: a}`, `chat_role: {channel: {id: d}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			const categories = "[DATA_CATEGORY_CHANNEL_ROLES, DATA_CATEGORY_PUBLICATION_RECORD]"
			category := "DATA_CATEGORY_CHANNEL_ROLES"
			if strings.HasPrefix(test.item, "publication") {
				category = "DATA_CATEGORY_PUBLICATION_RECORD"
			}
			spec := read(t, "kind: REQUEST_KIND_DISCLOSE\ncategories: "+categories+"\nselectors: [{id: a, "+test.selector+"}]", &liaisonv1.RequestSpec{})
			answer := read(t, `
final: true
findings:
- selector_id: a
  outcomes:
  - {category: DATA_CATEGORY_CHANNEL_ROLES, code: OUTCOME_CODE_IDENTIFIED}
  - {category: DATA_CATEGORY_PUBLICATION_RECORD, code: OUTCOME_CODE_IDENTIFIED}
  parties: [{account: {id: x}, items: [{category: `+category+", "+test.item+"}]}]", &liaisonv1.Answer{})
			if test.field == "" {
				wants(t, scope.CheckAnswer(spec, nil, answer), 0)
			} else {
				wants(t, scope.CheckAnswer(spec, nil, answer), scope.OutOfScope, test.field)
			}
		})
	}
}

// TestEveryKindOfItemHasItsCategory walks the contract: an item of each kind that
// can be said not to be held must be one that can be asked for.
func TestEveryKindOfItemHasItsCategory(t *testing.T) {
	kinds := liaisonv1.DataItemKind(0).Descriptor().Values()
	values := (&liaisonv1.DataItem{}).ProtoReflect().Descriptor().Oneofs().ByName("value").Fields()
	if kinds.Len() != values.Len()+1 {
		t.Errorf("%d kinds for %d values", kinds.Len()-1, values.Len())
	}
	spec := read(t, asked, &liaisonv1.RequestSpec{})
	spec.Categories = nil
	for c := range liaisonv1.DataCategory_name {
		if c != 0 {
			spec.Categories = append(spec.Categories, liaisonv1.DataCategory(c))
		}
	}
	for i := range kinds.Len() {
		kind := kinds.Get(i)
		if kind.Number() == 0 {
			continue
		}
		t.Run(string(kind.Name()), func(t *testing.T) {
			name := strings.ToLower(strings.TrimPrefix(string(kind.Name()), "DATA_ITEM_KIND_"))
			if values.ByName(protoreflect.Name(name)) == nil {
				t.Errorf("there is no DataItem.%s", name)
			}
			finding := &liaisonv1.Finding{SelectorId: "uploader", Parties: []*liaisonv1.IdentifiedParty{{
				NotHeld: []liaisonv1.DataItemKind{liaisonv1.DataItemKind(kind.Number())},
			}}}
			for _, c := range spec.GetCategories() {
				finding.Outcomes = append(finding.Outcomes, &liaisonv1.Outcome{Category: c, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED})
			}
			wants(t, scope.CheckAnswer(spec, nil, &liaisonv1.Answer{Findings: []*liaisonv1.Finding{finding}}), 0)
		})
	}
}

// TestViolationsQuoteNoData puts what must not travel in every place that a
// platform can fill in wrongly, and looks for it in what is said about it.
func TestViolationsQuoteNoData(t *testing.T) {
	const secret = "447700900999"
	spec, answer := read(t, asked, &liaisonv1.RequestSpec{}), read(t, inFull, &liaisonv1.Answer{})
	answer.Findings[0].Parties[0].Items[0].Category = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE
	answer.Findings[0].Parties[0].Items[0].GetPhone().Number = "+" + secret
	answer.Findings[1].SelectorId = secret
	answer.Findings[1].Note = secret
	answer.Findings[2].Outcomes[0].MessageIds = []int64{447700900999}
	if err := scope.CheckAnswer(spec, nil, answer); err == nil || strings.Contains(whole(err), secret) {
		t.Errorf("the error is missing or quotes data: %v", err)
	}
	if err := scope.CheckSelectorIDs(spec, []string{secret}, "clarification.selector_ids"); err == nil || strings.Contains(whole(err), secret) {
		t.Errorf("the error is missing or quotes data: %v", err)
	}
}

func TestManifestSaysWhatAndNotWho(t *testing.T) {
	answer := read(t, `
final: true
findings:
- selector_id: a
  outcomes:
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_IDENTIFIED, candidate_count: 9}
  - {category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_IDENTIFIED}
  parties:
  - {account: {id: "1"}, note: x, items: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY}, {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY}]}
  - {account: {id: "2"}, items: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY}, {category: DATA_CATEGORY_DEVICE}]}
  - {account: {id: "3"}}
- selector_id: b
  note: x
  outcomes:
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_AMBIGUOUS, candidate_count: 1900}
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_EXISTS, existing_count: 4}
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_WITHHELD, ground: {code: GROUND_CODE_PRESS_OR_EXPRESSION, explanation: x}, message_ids: [1]}`, &liaisonv1.Answer{})
	want := read(t, `
part: 3
final: true
entries:
- {selector_id: a, category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, outcome: OUTCOME_CODE_IDENTIFIED, party_count: 2}
- {selector_id: a, category: DATA_CATEGORY_DEVICE, outcome: OUTCOME_CODE_IDENTIFIED, party_count: 1}
- {selector_id: b, category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, outcome: OUTCOME_CODE_AMBIGUOUS, count: 1900}
- {selector_id: b, category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, outcome: OUTCOME_CODE_EXISTS, count: 4}
- {selector_id: b, category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, outcome: OUTCOME_CODE_WITHHELD, ground: GROUND_CODE_PRESS_OR_EXPRESSION, message_ids: [1]}`, &liaisonv1.AnswerManifest{})
	if got := scope.Manifest(answer, 3); !proto.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := scope.Manifest(nil, 1); !proto.Equal(got, &liaisonv1.AnswerManifest{Part: 1}) {
		t.Errorf("of nothing: %v", got)
	}
}
