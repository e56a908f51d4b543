package liaisonv1_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// choices tries enumerations: what is not chosen, what does not exist, and in
// lists what stands twice. Where other fields hang on a choice, relations tries it.
func choices() []try {
	var all []try
	for _, choice := range []struct {
		message, path string
		optional      bool
	}{
		{"RequestSpec", "kind", false},
		{"Threat", "kind", false},
		{"Calendar", "days", false},
		{"RequestLink", "relation", false},
		{"LegalBasis", "kind", false},
		{"LegalBasis", "approver_level", false},
		{"Ground", "code", false},
		{"FileHash", "algorithm", false},
		{"IpSessionSelector", "protocol", true},
		{"Outcome", "category", false},
		{"Outcome", "code", false},
		{"IdentifiedParty", "confidence", false},
		{"IdentifiedParty", "control", false},
		{"AccessItem", "protocol", true},
		{"AccessItem", "act", false},
		{"AccountChangeItem", "change", false},
		{"Organisation", "state", true},
		{"Organisation", "signature_policy", true},
		{"Organisation", "sealing_policy", true},
		{"BodyPart", "kind", false},
		{"BodyPartDigest", "kind", false},
		{"ListEventsRequest", "view", true},
		{"WatchEventsRequest", "view", true},
		{"HeldCategory", "category", false},
		{"ManifestEntry", "category", false},
		{"ManifestEntry", "outcome", false},
		{"AnswerStatement", "encoding", false},
		{"RequestFilter", "urgency", true},
		{"ListRequestsRequest", "order", true},
		{"Audit", "scope", false},
	} {
		add := func(name string, value any, rule string, at string) {
			all = append(all, try{name: choice.path + " " + name, message: choice.message, path: choice.path, value: value, rule: rule, at: at})
		}
		if choice.optional {
			add("not chosen", 0, "", "")
		} else {
			add("not chosen", 0, "required", "")
		}
		add("that does not exist", 999, "enum.defined_only", "")
	}
	for _, set := range []struct {
		message, path string
		least         bool
		one           string
	}{
		{"RequestSpec", "categories", true, "DATA_CATEGORY_DEVICE"},
		{"Narrowing", "categories", true, "DATA_CATEGORY_DEVICE"},
		{"Incident", "types", true, "INCIDENT_TYPE_SALE"},
		{"Incident", "leaked", true, "LEAKED_DATA_FULL_NAME"},
		{"Incident", "not_leaked", false, "LEAKED_DATA_PHOTOGRAPH"},
		{"Incident", "people", true, "PEOPLE_CATEGORY_CHILDREN"},
		{"Selector", "categories", false, "DATA_CATEGORY_DEVICE"},
		{"Selector", "roles", false, "PARTY_ROLE_SELLER"},
		{"IdentifiedParty", "roles", true, "PARTY_ROLE_SELLER"},
		{"IdentifiedParty", "bases", true, "ATTRIBUTION_BASIS_AUTHOR_RECORD"},
		{"IdentifiedParty", "not_held", false, "DATA_ITEM_KIND_EMAIL"},
		{"Screening", "professions", false, "PROTECTED_PROFESSION_CLERGY"},
		{"Capabilities", "selector_types", true, "SELECTOR_TYPE_ACCOUNT"},
		{"Capabilities", "kinds", true, "REQUEST_KIND_DISCLOSE"},
		{"Capabilities", "legal_bases", true, "LEGAL_BASIS_KIND_TREATY"},
		{"RequestFilter", "states", false, "REQUEST_STATE_FILED"},
		{"OversightFilter", "states", false, "REQUEST_STATE_FILED"},
		{"WorkingDays", "weekend", false, "WEEKDAY_FRIDAY"},
	} {
		add := func(name string, value any, rule, at string) {
			all = append(all, try{name: set.path + " " + name, message: set.message, path: set.path, value: value, rule: rule, at: at, also: true})
		}
		add("with one twice", []any{set.one, set.one}, "repeated.unique", "")
		add("with one that is not chosen", []any{set.one, 0}, "enum.not_in", set.path+"[1]")
		add("with one that does not exist", []any{set.one, 999}, "enum.defined_only", set.path+"[1]")
		if set.least {
			add("with none", nil, "repeated.min_items", "")
		}
		add("with one so often that there cannot be as many", slices.Repeat([]any{set.one}, 30), "repeated.max_items", "")
	}
	return all
}

// numbers tries the bounds of numbers: the last that fits on either side, and the
// first that does not.
func numbers() []try {
	var all []try
	const (
		maxMessage = 1000000000000000
		lastEvent  = "9223372036854775807"
		afterLast  = "9223372036854775808"
	)
	for _, number := range []struct {
		message, path string
		low, high     any // the outermost that fit; nil: there is no bound of the contract's own
		under, over   any // the first that do not
		rule          string
	}{
		{"MessageSelector", "ids[0]", 1, maxMessage, 0, maxMessage + 1, "int64.gte_lte"},
		{"Outcome", "message_ids[0]", 1, maxMessage, 0, maxMessage + 1, "int64.gte_lte"},
		{"PublicationItem", "message_id", 0, maxMessage, -1, maxMessage + 1, "int64.gte_lte"},
		{"Chat", "member_count", 0, nil, -1, nil, "int64.gte"},
		{"FileSelector", "size_bytes", 0, nil, -1, nil, "int64.gte"},
		{"Document", "size_bytes", 0, 1099511627776, -1, 1099511627777, "int64.gte_lte"},
		{"Document", "page_count", 0, 100000, -1, 100001, "int32.gte_lte"},
		{"Incident", "people_affected", 0, nil, -1, nil, "int64.gte"},
		{"Incident", "record_count", 0, nil, -1, nil, "int64.gte"},
		{"Incident", "published_time_accuracy", "0s", "31536000s", "-0.000000001s", "31536000.000000001s", "duration.gte_lte"},
		{"IpSessionSelector", "port", 0, 65535, nil, 65536, "uint32.lte"},
		{"IpSessionSelector", "accuracy", "0s", "3600s", "-0.000000001s", "3600.000000001s", "duration.gte_lte"},
		{"RegistrationItem", "port", 0, 65535, nil, 65536, "uint32.lte"},
		{"AccessItem", "port", 0, 65535, nil, 65536, "uint32.lte"},
		{"Capabilities", "max_selectors", 0, 500, -1, 501, "int32.gte_lte"},
		{"Agreement", "routine_days", 0, 90, -1, 91, "int32.gte_lte"},
		{"Agreement", "emergency_hours", 0, 48, -1, 49, "int32.gte_lte"},
		{"Opening", "part", 1, 500, -1, 501, "int32.gte_lte"},
		{"GetAnswerRequest", "after_part", 0, 500, -1, 501, "int32.gte_lte"},
		{"ListStatementsRequest", "skip", 0, nil, -1, nil, "int32.gte"},
		{"Genesis", "operators_required", 1, 2, 0, 3, "int32.gte_lte"},
		{"Predecessor", "known_size", nil, lastEvent, nil, afterLast, "uint64.lte"},
		{"Predecessor", "restored_size", 0, lastEvent, nil, nil, "uint64.lte"},
		{"Recall", "parts[0]", 1, 500, 0, nil, "int32.gte"},
		{"HeldCategory", "retention", "0s", "315360000s", "-1s", nil, "duration.gte"},
		{"ListAuthoritiesRequest", "page_size", 0, 100, -1, 101, "int32.gte_lte"},
		{"ListPlatformsRequest", "page_size", 0, 100, -1, 101, "int32.gte_lte"},
		{"ListRequestsRequest", "page_size", 0, 500, -1, 501, "int32.gte_lte"},
		{"ManifestEntry", "message_ids[0]", 1, maxMessage, 0, maxMessage + 1, "int64.gte_lte"},
		{"ManifestEntry", "party_count", 0, 500, -1, 501, "int32.gte_lte"},
		{"ManifestEntry", "count", 0, nil, -1, nil, "int64.gte"},
		{"AnswerManifest", "part", 1, 500, 0, 501, "int32.gte_lte"},
		{"Call", "known_size", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"GetInclusionProofRequest", "sequence", 1, lastEvent, 0, afterLast, "uint64.gte_lte"},
		{"GetInclusionProofRequest", "tree_size", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"GetConsistencyProofRequest", "from_size", 1, lastEvent, 0, afterLast, "uint64.gte_lte"},
		{"GetConsistencyProofRequest", "to_size", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"ListLeafHashesRequest", "after_sequence", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"ListLeafHashesRequest", "page_size", 0, 10000, -1, 10001, "int32.gte_lte"},
		{"ListEventsRequest", "page_size", 0, 1000, -1, 1001, "int32.gte_lte"},
		{"ListRequestMetadataRequest", "page_size", 0, 100, -1, 101, "int32.gte_lte"},
		{"ListEventMetadataRequest", "page_size", 0, 500, -1, 501, "int32.gte_lte"},
		{"ListEventMetadataRequest", "after_sequence", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"ListEventsRequest", "after_sequence", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"WatchEventsRequest", "after_sequence", 0, lastEvent, nil, afterLast, "uint64.lte"},
		{"WatchEventsRequest", "heartbeat_interval", "1s", "300s", "0.999999999s", "300.000000001s", "duration.gte_lte"},
	} {
		for _, bound := range []struct {
			value any
			rule  string
		}{{number.low, ""}, {number.high, ""}, {number.under, number.rule}, {number.over, number.rule}} {
			if bound.value != nil {
				all = append(all, try{name: fmt.Sprint(number.path, " ", bound.value), message: number.message, path: number.path, value: bound.value, rule: bound.rule})
			}
		}
	}
	messages := func(first, last int64) map[string]any { return map[string]any{"first_id": first, "last_id": last} }
	return append(all,
		try{name: "of one message", message: "MessageRange", path: whole, value: messages(5, 5)},
		try{name: "of 500 messages", message: "MessageRange", path: whole, value: messages(1, 500)},
		try{name: "of 501 messages", message: "MessageRange", path: whole, value: messages(1, 501), rule: "message_range.at_most_500", at: "."},
		try{name: "turned around", message: "MessageRange", path: whole, value: messages(6, 5), rule: "message_range.first_not_after_last", at: "."},
		try{name: "from before the first", message: "MessageRange", path: whole, value: messages(0, 5), rule: "int64.gte_lte", at: "first_id"},
		try{name: "up to the last there can be", message: "MessageRange", path: whole, value: messages(maxMessage, maxMessage)},
		try{name: "beyond the last there can be", message: "MessageRange", path: whole, value: messages(maxMessage, maxMessage+1), rule: "int64.gte_lte", at: "last_id"},
	)
}

// sizes tries how many there may be.
func sizes() []try {
	var all []try
	text := func(i int) any { return map[string]any{"language": fmt.Sprintf("x%c", 'a'+rune(i)), "text": "t"} }
	selector := func(i int) any {
		return map[string]any{"id": fmt.Sprint("s", i), "necessity": "n", "account": map[string]any{"id": "1"}}
	}
	ground := func(int) any { return map[string]any{"code": "GROUND_CODE_OTHER", "explanation": "e"} }
	uri := func(i int) any { return fmt.Sprint("https://t.example/", i) }
	id := func(i int) any { return fmt.Sprint("s", i) }
	number := func(i int) any { return i + 1 }
	name := func(int) any { return map[string]any{"value": "n"} }
	evidence := func(int) any {
		return map[string]any{"sha256": sha256Text, "title": "t", "media_type": "image/png"}
	}
	for _, size := range []struct {
		message, path string
		least, most   int
		element       func(int) any
	}{
		{"Incident", "titles", 1, 10, text},
		{"Incident", "descriptions", 0, 10, text},
		{"Incident", "links", 0, 50, uri},
		{"Incident", "evidence", 0, 50, evidence},
		{"RequestSpec", "selectors", 1, 500, selector},
		{"RequestSpec", "redress", 1, 10, text},
		{"RequestSpec", "links", 0, 50, func(int) any {
			return map[string]any{"relation": "REQUEST_RELATION_SAME_INCIDENT", "request": requestName}
		}},
		{"Narrowing", "selectors", 1, 500, selector},
		{"MessageSelector", "ids", 1, 500, number},
		{"FileSelector", "found_at", 0, 20, uri},
		{"FileSelector", "other_hashes", 0, 5, func(int) any {
			return map[string]any{"algorithm": "HASH_ALGORITHM_SHA1", "value": strings.Repeat("a", 40)}
		}},
		{"Answer", "findings", 1, 500, func(i int) any {
			return map[string]any{"selector_id": fmt.Sprint("s", i), "outcomes": []any{map[string]any{"category": "DATA_CATEGORY_DEVICE", "code": "OUTCOME_CODE_NOT_FOUND"}}}
		}},
		{"Outcome", "message_ids", 0, 500, number},
		{"Finding", "parties", 1, 500, func(int) any {
			return map[string]any{"no_account": map[string]any{}, "roles": []any{"PARTY_ROLE_SELLER"}, "bases": []any{"ATTRIBUTION_BASIS_AUTHOR_RECORD"}, "confidence": "CONFIDENCE_CONFIRMED", "control": "ACCOUNT_CONTROL_SOLE"}
		}},
		{"Finding", "outcomes", 1, 520, func(i int) any {
			return map[string]any{"category": "DATA_CATEGORY_SUBSCRIBER_IDENTITY", "code": "OUTCOME_CODE_IDENTIFIED", "message_ids": []any{i + 1}}
		}},
		{"IdentifiedParty", "items", 0, 1000, func(int) any {
			return map[string]any{"category": "DATA_CATEGORY_SUBSCRIBER_IDENTITY", "name": map[string]any{"full_name": "n"}}
		}},
		{"Account", "usernames", 0, 100, name},
		{"Account", "display_names", 0, 100, name},
		{"Clarification", "selector_ids", 0, 500, id},
		{"Objection", "selector_ids", 0, 500, id},
		{"Objection", "grounds", 1, 10, ground},
		{"Refusal", "grounds", 1, 10, ground},
		{"PreservationConfirmation", "nothing_held_selector_ids", 0, 500, id},
		{"Organisation", "display_names", 1, 20, text},
		{"Organisation", "contact_points", 0, 20, func(int) any { return map[string]any{"purpose": "p"} }},
		{"Capabilities", "platform_defined_types", 0, 50, func(i int) any {
			return map[string]any{"type": fmt.Sprint("t", i), "pattern": "p", "description": "d"}
		}},
		{"Capabilities", "categories", 1, 8, func(i int) any { return map[string]any{"category": i + 1} }},
		{"Capabilities", "languages", 1, 50, func(int) any { return "ar" }},
		{"AnswerManifest", "entries", 1, 20000, func(int) any {
			return map[string]any{"selector_id": "a", "category": "DATA_CATEGORY_DEVICE", "outcome": "OUTCOME_CODE_NOT_FOUND"}
		}},
		{"ManifestEntry", "message_ids", 0, 500, number},
		{"Recall", "parts", 1, 500, number},
		{"WorkingDays", "weekend", 0, 6, number},
		{"WorkingDays", "holidays", 0, 400, func(i int) any { return time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }},
		{"Platform", "agreements", 0, 1000, func(i int) any { return map[string]any{"authority": fmt.Sprint("authorities/a", i)} }},
		{"OversightBody", "oversees", 0, 1000, func(i int) any { return fmt.Sprint("authorities/a", i) }},
		{"RequestSpec", "answer_recipients", 0, 10, func(i int) any { return x25519(i) }},
		{"Organisation", "attachment_recipients", 0, 10, func(i int) any { return x25519(i) }},
		{"Envelope", "signatures", 1, 1, func(int) any { return map[string]any{"sig": "AAAA", "certificates": []any{"AAAA"}} }},
		{"EnvelopeSignature", "certificates", 1, 5, func(int) any { return "AAAA" }},
		{"Envelope", "parts", 0, 4, func(int) any { return map[string]any{"kind": 1, "salt": digestText, "content": "AAAA"} }},
		{"Statement", "parts", 0, 4, func(int) any { return map[string]any{"kind": 1, "sha256": digestText} }},
		{"Genesis", "operator_authorities", 1, 10, func(int) any { return "AAAA" }},
		{"Genesis", "laws", 0, 100, func(int) any { return map[string]any{"name": "law/a", "sha256": digestText} }},
	} {
		for n, rule := range map[int]string{size.least: "", size.most: "", size.least - 1: "repeated.min_items", size.most + 1: "repeated.max_items"} {
			if n < 0 || n > 8 && size.path == "categories" {
				continue
			}
			list := make([]any, n)
			for i := range list {
				list[i] = size.element(i)
			}
			at := ""
			switch size.message + "." + size.path {
			case "MessageSelector.ids":
				if n == 0 {
					rule, at = "message.oneof", "."
				}
			case "Finding.parties":
				if n == 0 {
					rule, at = "finding.parties_need_identified", "."
				}
			}
			all = append(all, try{name: fmt.Sprintf("%s of %d", size.path, n), message: size.message, path: size.path, value: list, rule: rule, at: at, also: size.path == "outcomes"})
		}
	}
	held := slices.Repeat([]any{map[string]any{"category": "DATA_CATEGORY_DEVICE"}}, 9)
	twice := []any{"a", "a"}
	return append(all,
		try{name: "nine categories, one of them nine times", message: "Capabilities", path: "categories", value: held, rule: "repeated.max_items", also: true},
		try{name: "selector_ids with one twice", message: "Clarification", path: "selector_ids", value: twice, rule: "repeated.unique"},
		try{name: "selector_ids with one twice", message: "Objection", path: "selector_ids", value: twice, rule: "repeated.unique"},
		try{name: "nothing_held with one twice", message: "PreservationConfirmation", path: "nothing_held_selector_ids", value: twice, rule: "repeated.unique"},
		try{name: "ids with one twice", message: "MessageSelector", path: "ids", value: []any{1, 1}, rule: "repeated.unique"},
		try{name: "message_ids with one twice", message: "Outcome", path: "message_ids", value: []any{1, 1}, rule: "repeated.unique"},
		try{name: "message_ids with one twice", message: "ManifestEntry", path: "message_ids", value: []any{1, 1}, rule: "repeated.unique"},
		try{name: "parts with one twice", message: "Recall", path: "parts", value: []any{1, 1}, rule: "repeated.unique"},
		try{name: "holidays with one twice", message: "WorkingDays", path: "holidays", value: []any{"2026-03-21", "2026-03-21"}, rule: "repeated.unique"},
		try{name: "holidays with one that is no date", message: "WorkingDays", path: "holidays[0]", value: "2026-13-01", rule: "string.pattern"},
		try{name: "holidays with one of another form", message: "WorkingDays", path: "holidays[0]", value: "21.3.2026", rule: "string.pattern"},
		try{name: "an agreement with nobody", message: "Agreement", path: "authority", rule: "required"},
		try{name: "an agreement with a platform", message: "Agreement", path: "authority", value: "platforms/messenger", rule: "string.pattern"},
		try{name: "two agreements with one authority", message: "Platform", path: "agreements", value: []any{
			map[string]any{"authority": "authorities/moc"}, map[string]any{"authority": "authorities/moc", "routine_days": 5},
		}, rule: "agreements.one_an_authority"},
		try{name: "oversees with one twice", message: "OversightBody", path: "oversees", value: []any{"platforms/a", "platforms/a"}, rule: "repeated.unique"},
		try{name: "answer_recipients with one twice", message: "RequestSpec", path: "answer_recipients", value: []any{x25519(0), x25519(0)}, rule: "repeated.unique"},
		try{name: "attachment_recipients with one twice", message: "Organisation", path: "attachment_recipients", value: []any{x25519(0), x25519(0)}, rule: "repeated.unique"},
	)
}
