package liaisonv1_test

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"sigs.k8s.io/yaml"
)

// requirements tries what must be there.
func requirements() []try {
	var all []try
	for _, required := range []string{
		"RequestSpec.platform", "RequestSpec.incident", "RequestSpec.legal_basis", "RequestSpec.screening", "RequestSpec.confidentiality",
		"RequestSpec.calendar", "RequestSpec.language", "Incident.discovered_time", "LegalBasis.country", "LocalizedText.language",
		"Period.start_time", "Period.end_time", "Preservation.start_time", "Preservation.end_time", "Calendar.time_zone", "RequestLink.request",
		"Silence.reason", "Silence.legal_basis", "Silence.approver", "Silence.end_time",
		"Document.sha256", "Document.media_type", "Selector.id", "AccountSelector.id", "LinkSelector.uri", "FileSelector.sha256", "FileHash.value",
		"IpSessionSelector.address", "IpSessionSelector.time", "IpSessionSelector.accuracy", "PhoneSelector.number", "EmailSelector.address",
		"DeviceSelector.id", "ImeiSelector.imei", "PaymentSelector.scheme", "PaymentSelector.reference", "PlatformReportSelector.id",
		"CanarySelector.hmac_sha256", "CanarySelector.key_id", "PlatformDefinedSelector.type", "Finding.selector_id", "Account.id",
		"RegistrationItem.time", "AccessItem.address", "AccessItem.time", "AccountChangeItem.time", "PublicationItem.time", "PaymentItem.scheme",
		"PaymentItem.reference", "ConflictOfLaw.country", "Filing.spec", "Amendment.narrowing", "PreservationExtension.end_time", "MoreTime.until_time",
		"Organisation.name", "Organisation.trust_domain", "Organisation.ca_certificates", "Authority.organisation", "Platform.organisation",
		"Platform.capabilities", "OversightBody.organisation", "PlatformDefinedType.type", "GetAuthorityRequest.name", "GetPlatformRequest.name",
		"GetRequestRequest.name", "GetAnswerRequest.name", "ListStatementsRequest.name", "Opening.part",
		"Genesis.trust_domain", "Genesis.create_time", "LawDigest.name", "Predecessor.reason",
		"Audit.body", "HandOver.disclosure", "HandOverEnd.disclosure", "GetRequestMetadataRequest.name", "ListEventMetadataRequest.request", "SuspendParticipantRequest.name",
		"GetTransparencyReportRequest.period",
		"Envelope.payload_type", "Envelope.payload", "EnvelopeSignature.sig", "Statement.hub", "Statement.request", "Statement.sign_time",
		"AnswerStatement.platform", "AnswerStatement.manifest", "AnswerStatement.content_sha256", "ManifestEntry.selector_id", "SealedAnswer.answer",
	} {
		message, field, _ := strings.Cut(required, ".")
		all = append(all, try{name: field + " absent", message: message, path: field, rule: "required"})
	}
	// Times whose order with another time cannot be told without them.
	for i, t := range all {
		if t.message == "Preservation" || t.path == "organisation" {
			all[i].also = true
		}
	}
	for _, choice := range []struct{ message, oneof, field string }{
		{"Selector", "target", "username"},
		{"MessageSelector", "chat", "channel"},
		{"CanarySelector", "seen_in", "bot"},
		{"IdentifiedParty", "subject", "account"},
		{"DataItem", "value", "name"},
		{"ChatRoleItem", "chat", "channel"},
		{"RegisterParticipantRequest", "participant", "oversight_body"},
		{"UpdateParticipantRequest", "participant", "oversight_body"},
		{"Statement", "detail", "approved"},
	} {
		all = append(all, try{name: "without a " + choice.oneof, message: choice.message, path: choice.field, rule: "required", at: choice.oneof})
	}
	return all
}

// calls tries what all calls that take a step share: the request's name, which call it
// is, and what it says.
func calls() []try {
	all := []try{
		{name: "no call_id", message: "Call", path: "call_id", value: ""},
		{name: "a call_id that is no UUID", message: "Call", path: "call_id", value: "1", rule: "string.uuid"},
		{name: "no if_match", message: "Call", path: "if_match", value: ""},
		{name: "an if_match of 64 characters", message: "Call", path: "if_match", value: long(64)},
		{name: "an if_match of 65 characters", message: "Call", path: "if_match", value: long(65), rule: "string.max_len"},
		{name: "no known_size", message: "Call", path: "known_size"},
		{name: "no if_match: what is approved is what was read", message: "ApproveRequestRequest", path: "call.if_match", rule: "approve.if_match", at: "call"},
		{name: "no call: what is approved is what was read", message: "ApproveRequestRequest", path: "call", rule: "required"},
		{name: "an if_match of what is not there yet", message: "FileRequestRequest", path: "call.if_match", value: "e", rule: "file.if_match", at: "call"},
		{name: "an etag of 64 characters", message: "Organisation", path: "etag", value: long(64)},
		{name: "an etag of 65 characters", message: "Organisation", path: "etag", value: long(65), rule: "string.max_len"},
		{name: "an etag of 64 characters", message: "SuspendParticipantRequest", path: "etag", value: long(64)},
		{name: "an etag of 65 characters", message: "SuspendParticipantRequest", path: "etag", value: long(65), rule: "string.max_len"},
	}
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			message := string(m.Name())
			if !takesStep(m) {
				continue
			}
			if message != "ApproveRequestRequest" {
				all = append(all, try{name: "no call", message: message, path: "call"})
			}
			if m.Fields().ByName("name") == nil {
				continue
			}
			all = append(all, try{name: "no name", message: message, path: "name", rule: "required"})
			for _, bad := range malformedRequests {
				all = append(all, try{name: "a name like " + bad, message: message, path: "name", value: bad, rule: "string.pattern"})
			}
		}
	})
	return all
}

// relations tries the rules about several fields: each row is a whole message.
func relations() []try {
	var all []try
	for _, row := range []struct{ message, name, text, rule, at string }{
		{"Selector", "a username without observed_time", `{id: a, necessity: x, username: {username: u}}`, "selector.username_needs_observed_time", "."},
		{"Selector", "an account without observed_time", `{id: a, necessity: x, account: {id: "1"}}`, "", ""},
		{"Chat", "neither id nor username", `{member_count: 1}`, "chat.id_or_username", "."},
		{"Chat", "an id alone", `{id: "1"}`, "", ""},
		{"Chat", "a username alone", `{username: a}`, "", ""},
		{"BotSelector", "neither id nor username", `{}`, "bot.id_or_username", "."},
		{"BotSelector", "an id alone", `{id: "1"}`, "", ""},
		{"MessageSelector", "both range and ids", `{group: {id: g}, ids: [1], range: {first_id: 1, last_id: 2}}`, "message.oneof", "."},
		{"MessageSelector", "neither range nor ids", `{group: {id: g}}`, "message.oneof", "."},
		{"MessageSelector", "a range", `{bot: {id: b}, range: {first_id: 1, last_id: 2}}`, "", ""},
		{"IpSessionSelector", "without a port", `{address: 198.51.100.7, time: "2026-09-02T10:00:00Z", accuracy: 60s}`, "", ""},

		{"RequestSpec", "one selector id twice", specWith("selectors: [{id: a, necessity: x, account: {id: x}}, {id: a, necessity: x, account: {id: z}}]"), "spec.selector_ids_unique", "."},
		{"RequestSpec", "a selector that asks for more than the request", specWith("categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY]"), "spec.selector_categories_within_categories", "."},
		{"RequestSpec", "access records without a period", specWith("period: null"), "spec.access_records_need_period", "."},
		{"RequestSpec", "no access records and no period", specWith("period: null\ncategories: [DATA_CATEGORY_DEVICE]"), "", ""},
		{"RequestSpec", "an emergency without a threat", specWith("threat: null"), "spec.emergency_needs_threat", "."},
		{"RequestSpec", "a threat without an emergency", specWith("urgency: URGENCY_ROUTINE"), "spec.emergency_needs_threat", "."},
		{"RequestSpec", "a threat without an urgency", specWith("urgency: 0\nthreat: null"), "required", "urgency"},
		{"RequestSpec", "an urgency that does not exist", specWith("urgency: 9\nthreat: null"), "enum.defined_only", "urgency"},
		{"RequestSpec", "routine", specWith("urgency: URGENCY_ROUTINE\nthreat: null"), "", ""},
		{"RequestSpec", "to preserve without saying until when", specWith("kind: REQUEST_KIND_PRESERVE"), "spec.preserve_until", "."},
		{"RequestSpec", "to disclose with a preservation", specWith(`preservation: {start_time: "2026-09-10T00:00:00Z", end_time: "2026-10-10T00:00:00Z"}`), "spec.preserve_until", "."},
		{"RequestSpec", "to preserve", specWith(`kind: REQUEST_KIND_PRESERVE` + "\n" + `preservation: {start_time: "2026-09-10T00:00:00Z", end_time: "2026-10-10T00:00:00Z"}`), "", ""},
		{"RequestSpec", "redress twice in one language", specWith("redress: [{language: ar, text: a}, {language: ar, text: b}]"), "redress.one_a_language", "redress"},
		{"Period", "that ends when it begins", `{start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T20:00:00Z"}`, "period.start_before_end", "."},
		{"Period", "that ends before it begins", `{start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T19:59:59.999999999Z"}`, "period.start_before_end", "."},
		{"Period", "of a nanosecond", `{start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T20:00:00.000000001Z"}`, "", ""},
		{"Preservation", "of 60 days", `{start_time: "2026-09-10T00:00:00Z", end_time: "2026-11-09T00:00:00Z"}`, "", ""},
		{"Preservation", "of a nanosecond more", `{start_time: "2026-09-10T00:00:00Z", end_time: "2026-11-09T00:00:00.000000001Z"}`, "preservation.at_most_60_days", "."},
		{"Preservation", "of no time", `{start_time: "2026-09-10T00:00:00Z", end_time: "2026-09-10T00:00:00Z"}`, "preservation.at_most_60_days", "."},
		{"Preservation", "turned around", `{start_time: "2026-09-10T00:00:00Z", end_time: "2026-09-09T00:00:00Z"}`, "preservation.at_most_60_days", "."},
		{"Narrowing", "one selector id twice", `{categories: [DATA_CATEGORY_DEVICE], selectors: [{id: a, necessity: x, account: {id: x}}, {id: a, necessity: x, account: {id: x}}]}`, "narrowing.selector_ids_unique", "."},

		{"Incident", "titles twice in one language", incidentWith("titles: [{language: ar, text: a}, {language: ar, text: b}]"), "titles.one_a_language", "titles"},
		{"Incident", "a title of 500 characters", incidentWith("titles: [{language: ar, text: " + long(500) + "}]"), "", ""},
		{"Incident", "a title of 501 characters", incidentWith("titles: [{language: ar, text: " + long(501) + "}]"), "titles.one_a_language", "titles"},
		{"Incident", "a title with an override, in free text", incidentWith("titles: [{language: en, text: \"a" + override + "b" + joiner + "🕊\"}]"), "", ""},
		{"Incident", "descriptions twice in one language", incidentWith("descriptions: [{language: ar, text: a}, {language: ar, text: b}]"), "descriptions.one_a_language", "descriptions"},
		{"Incident", "the same leaked and not", incidentWith("not_leaked: [LEAKED_DATA_PHOTOGRAPH, LEAKED_DATA_FULL_NAME]"), "incident.leaked_or_not", "."},
		{"Incident", "something else leaked, unsaid", incidentWith("leaked: [LEAKED_DATA_OTHER]"), "incident.other_needs_details", "."},
		{"Incident", "something else leaked, said", incidentWith("leaked: [LEAKED_DATA_OTHER]\nleaked_details: d"), "", ""},

		{"LegalBasis", "an order without a number", basisWith("order_number: null"), "legal_basis.order_number", "."},
		{"LegalBasis", "an order without a date", basisWith("issue_time: null"), "legal_basis.order_number", "."},
		{"LegalBasis", "an emergency statute without either", basisWith("kind: LEGAL_BASIS_KIND_EMERGENCY_STATUTE\norder_number: null\nissue_time: null"), "", ""},
		{"LegalBasis", "expired when it was issued", basisWith(`expire_time: "2026-10-03T00:00:00Z"`), "legal_basis.issued_before_expiry", "."},
		{"LegalBasis", "that does not expire", basisWith("expire_time: null"), "", ""},

		{"Confidentiality", "openness", `{user_may_be_told: true}`, "", ""},
		{"Confidentiality", "neither openness nor silence", `{}`, "required", "telling"},
		{"Confidentiality", "openness denied without silence", `{user_may_be_told: false}`, "bool.const", "user_may_be_told"},
		{"Screening", "known, without a profession", `{result: SCREENING_RESULT_KNOWN, explanation: e}`, "screening.known_names_professions", "."},
		{"Screening", "known, without an explanation", `{result: SCREENING_RESULT_KNOWN, professions: [PROTECTED_PROFESSION_DOCTOR]}`, "screening.known_names_professions", "."},
		{"Screening", "none known, with a profession", `{result: SCREENING_RESULT_NONE_KNOWN, professions: [PROTECTED_PROFESSION_DOCTOR]}`, "screening.known_names_professions", "."},
		{"Screening", "none known, and how that was looked into", `{result: SCREENING_RESULT_NONE_KNOWN, explanation: e}`, "", ""},
		{"Screening", "not asked", `{}`, "required", "result"},
		{"Screening", "a result that does not exist", `{result: 9}`, "enum.defined_only", "result"},

		{"Ground", "a conflict of law without the law", `{code: GROUND_CODE_CONFLICT_OF_LAW, explanation: e}`, "ground.conflict_of_law_fields", "."},
		{"Ground", "a law without a conflict", `{code: GROUND_CODE_OTHER, explanation: e, conflict: {country: CH, instrument: i, article: a, applicability: a, obligation: o}}`, "ground.conflict_of_law_fields", "."},
		{"Ground", "a conflict of law", `{code: GROUND_CODE_CONFLICT_OF_LAW, explanation: e, conflict: {country: CH, instrument: i, article: a, applicability: a, obligation: o}}`, "", ""},
		{"Ground", "a privilege that is nobody's", `{code: GROUND_CODE_IMMUNITY_OR_PRIVILEGE, explanation: e}`, "ground.privilege_whose", "."},
		{"Ground", "press freedom", `{code: GROUND_CODE_PRESS_OR_EXPRESSION, explanation: e, profession: PROTECTED_PROFESSION_JOURNALIST}`, "", ""},
		{"Ground", "a profession that does not exist", `{code: GROUND_CODE_OTHER, explanation: e, profession: 99}`, "enum.defined_only", "profession"},
		{"Ground", "a duplicate of nothing", `{code: GROUND_CODE_DUPLICATE, explanation: e}`, "ground.duplicate_of_what", "."},
		{"Ground", "something that is no duplicate", `{code: GROUND_CODE_OTHER, explanation: e, duplicate_of: x}`, "ground.duplicate_of_what", "."},

		{"Answer", "two findings for a selector", `{screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [` + finding + `, ` + finding + `]}`, "answer.one_finding_a_selector", "."},
		{"Finding", "two outcomes for a category", `{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NOT_FOUND}, {category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NO_DATA_HELD}]}`, "finding.one_outcome_a_category", "."},
		{"Finding", "an outcome for a category and one for a message of it", `{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NOT_FOUND}, {category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NO_DATA_HELD, message_ids: [1]}]}`, "", ""},
		{"Finding", "somebody identified whom nobody names", `{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_IDENTIFIED}]}`, "finding.parties_need_identified", "."},
		{"Finding", "somebody named whom nobody identified", `{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NOT_FOUND}], parties: [` + strings.Replace(party, "items: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, name: {full_name: x}}], ", "", 1) + `]}`, "finding.parties_need_identified", "."},
		{"Finding", "data of a category in which nobody was identified", `{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_IDENTIFIED}, {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_NO_DATA_HELD}], parties: [` + party + `]}`, "finding.items_need_identified", "."},
	} {
		all = append(all, rowTry(row.message, row.name, row.text, row.rule, row.at))
	}
	return append(all, outcomes()...)
}

// outcomes tries which fields go with which outcome, how sure an attribution may
// be, and which data belongs to which category.
func outcomes() []try {
	var all []try
	own := map[string]string{
		"WITHHELD": "ground: {code: GROUND_CODE_OTHER, explanation: e}", "AMBIGUOUS": "candidate_count: 2",
		"EXISTS": "existing_count: 1", "DELETED_BY_USER": `deleted_time: "2026-08-30T00:00:00Z"`,
	}
	rule := map[string]string{
		"WITHHELD": "outcome.withheld_needs_ground", "AMBIGUOUS": "outcome.ambiguous_needs_candidates",
		"EXISTS": "outcome.exists_count", "DELETED_BY_USER": "outcome.deleted_time",
	}
	for _, code := range []string{"IDENTIFIED", "EXISTS", "NOT_FOUND", "AMBIGUOUS", "NO_DATA_HELD", "RETENTION_EXPIRED", "DELETED_BY_USER", "OUT_OF_SERVICE_SCOPE", "WITHHELD"} {
		start := "{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_" + code + ", "
		all = append(all, rowTry("Outcome", code+" with what belongs to it", start+own[code]+"}", "", ""))
		if own[code] != "" && code != "EXISTS" {
			all = append(all, rowTry("Outcome", code+" without what belongs to it", start+"}", rule[code], "."))
		}
		for other, field := range own {
			if other != code {
				text := start + field
				if own[code] != "" {
					text += ", " + own[code]
				}
				all = append(all, rowTry("Outcome", code+" with what belongs to "+other, text+"}", rule[other], "."))
			}
		}
	}
	start := "{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_"
	all = append(all,
		rowTry("Outcome", "there is such data, and how much is not told", start+"EXISTS}", "", ""),
		rowTry("Outcome", "ambiguous between one", start+"AMBIGUOUS, candidate_count: 1}", "outcome.ambiguous_needs_candidates", "."),
		rowTry("Outcome", "ambiguous between 1,900", start+"AMBIGUOUS, candidate_count: 1900}", "", ""),
		try{name: "fewer than none", message: "Outcome", path: "existing_count", value: -1, rule: "int64.gte", also: true},
		try{name: "candidates fewer than none", message: "Outcome", path: "candidate_count", value: -1, rule: "int64.gte", also: true},
	)
	for basis, weak := range map[string]bool{
		"AUTHOR_RECORD": false, "UPLOAD_SESSION_LOG": false, "ADMIN_ACTION_LOG": false, "BOT_TOKEN_OWNERSHIP": false, "FORWARD_ORIGIN": false,
		"HASH_FIRST_SIGHT": false, "PAYMENT_RECORD": false, "SAME_DEVICE": true, "SAME_ADDRESS_WINDOW": true, "SELF_DECLARED": true, "STATISTICAL_INFERENCE": true,
	} {
		for _, confidence := range []string{"CONFIRMED", "PROBABLE", "POSSIBLE"} {
			refused := ""
			if weak && confidence != "POSSIBLE" {
				refused = "party.weak_bases_cap_confidence"
			}
			sure := "{no_account: {}, roles: [PARTY_ROLE_UNKNOWN], control: ACCOUNT_CONTROL_UNKNOWN, confidence: CONFIDENCE_" + confidence
			all = append(all,
				rowTry("IdentifiedParty", confidence+" by "+basis+" alone", sure+", bases: [ATTRIBUTION_BASIS_"+basis+"]}", refused, "."),
				rowTry("IdentifiedParty", confidence+" by all weak bases beside "+basis, sure+", bases: ["+strings.Join(withOthers(basis), ", ")+"]}", refused, "."))
		}
	}
	const when = `time: "2026-10-01T21:14:52Z"`
	for value, fits := range map[string][]int{
		"name: {full_name: x}": {1}, "phone: {number: '+447700900200'}": {1}, "email: {address: a@b.example}": {1}, "registration: {" + when + "}": {1},
		"access: {address: 203.0.113.77, act: ACCESS_ACT_LOGIN, " + when + "}": {2, 4}, "account_change: {change: ACCOUNT_CHANGE_PHONE, " + when + "}": {3},
		"device: {model: m}": {5}, "chat_role: {role: PARTY_ROLE_BOT_OPERATOR, bot: {username: b}}": {6}, "publication: {" + when + "}": {7},
		"payment: {scheme: btc, reference: r}": {8},
	} {
		kind, _, _ := strings.Cut(value, ":")
		for category := 1; category <= 8; category++ {
			refused := "item.value_fits_category"
			for _, fit := range fits {
				if fit == category {
					refused = ""
				}
			}
			all = append(all, rowTry("DataItem", fmt.Sprintf("%s in category %d", kind, category), fmt.Sprintf("{category: %d, %s}", category, value), refused, "."))
		}
	}
	const unordered = `valid_from: "2026-09-12T00:00:00Z", valid_until: "2026-09-12T00:00:00Z"`
	return append(all,
		try{name: "category not chosen", message: "DataItem", path: "category", value: 0, rule: "required", also: true},
		try{name: "category that does not exist", message: "DataItem", path: "category", value: 99, rule: "enum.defined_only", also: true},
		rowTry("DataItem", "that ends when it begins", `{category: 5, device: {id: d}, `+unordered+`}`, "item.from_before_until", "."),
		rowTry("DatedName", "that ends when it begins", `{value: a, `+unordered+`}`, "dated_name.from_before_until", "."),
		rowTry("DeviceItem", "neither id nor model", `{}`, "device.something", "."),
		rowTry("DeviceItem", "a model alone", `{model: m}`, "", ""),
		rowTry("ChatRoleItem", "a seller's", `{channel: {id: c}, role: PARTY_ROLE_SELLER}`, "enum.in", "role"),
		rowTry("ChatRoleItem", "an administrator's", `{group: {id: c}, role: PARTY_ROLE_ADMINISTRATOR}`, "", ""),

		rowTry("Authority", "with a platform's name", strings.Replace(valid["Authority"], "authorities/", "platforms/", 1), "authority.name", "."),
		rowTry("Platform", "with an oversight body's name", strings.Replace(valid["Platform"], "platforms/", "oversight/", 1), "platform.name", "."),
		rowTry("OversightBody", "with an authority's name", strings.Replace(valid["OversightBody"], "oversight/", "authorities/", 1), "oversight.name", "."),
		try{name: "two names in one language", message: "Organisation", path: "display_names[1].language", value: "ar", rule: "display_names.clean", at: "display_names"},
		try{name: "a name of 300 characters", message: "Organisation", path: "display_names[1].text", value: long(300)},
		try{name: "a name of 301 characters", message: "Organisation", path: "display_names[1].text", value: long(301), rule: "display_names.clean", at: "display_names"},
		try{name: "a name with an override", message: "Organisation", path: "display_names[1].text", value: "a" + override, rule: "display_names.clean", at: "display_names"},
		try{name: "a name with a new line", message: "Organisation", path: "display_names[1].text", value: "a\nb", rule: "display_names.clean", at: "display_names"},
		rowTry("Capabilities", "one category twice", capabilitiesWith("categories: [{category: 5}, {category: 5, retention: 1s}]"), "categories.unique", "categories"),
		rowTry("Capabilities", "one type twice", capabilitiesWith("platform_defined_types: [{type: a, pattern: p, description: d}, {type: a, pattern: q, description: d}]"), "platform_defined_types.unique", "platform_defined_types"),
		rowTry("SuspendParticipantRequest", "suspend without a reason", `{name: oversight/c}`, "suspend.reason", "."),
		rowTry("SuspendParticipantRequest", "resume without a reason", `{name: oversight/c, resume: true}`, "", ""),
		rowTry("RequestFilter", "from and before the same time", `{created_from: "2026-10-01T00:00:00Z", created_before: "2026-10-01T00:00:00Z"}`, "filter.time_order", "."),
		rowTry("OversightFilter", "from and before the same time", `{created_from: "2026-10-01T00:00:00Z", created_before: "2026-10-01T00:00:00Z"}`, "oversight_filter.time_order", "."),
		rowTry("OversightFilter", "before a time", `{created_before: "2026-10-01T00:00:00Z"}`, "", ""),
		rowTry("RequestFilter", "from a time on", `{created_from: "2026-10-01T00:00:00Z"}`, "", ""),
	)
}

// withOthers is a basis beside all those that are weak.
func withOthers(basis string) []string {
	all := []string{"ATTRIBUTION_BASIS_" + basis}
	for _, weak := range []string{"SAME_DEVICE", "SAME_ADDRESS_WINDOW", "SELF_DECLARED", "STATISTICAL_INFERENCE"} {
		if weak != basis {
			all = append(all, "ATTRIBUTION_BASIS_"+weak)
		}
	}
	return all
}

// rowTry is a whole message in YAML.
func rowTry(message, name, text, rule, at string) try {
	var root map[string]any
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		panic(fmt.Sprintf("%s %s: %v", message, name, err))
	}
	return try{name: name, message: message, path: whole, value: root, rule: rule, at: at}
}

// with is the valid message in one text with the fields of another instead; null
// takes one away.
func with(text, fields string) string {
	var root, changed map[string]any
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		panic(err)
	}
	if err := yaml.Unmarshal([]byte(fields), &changed); err != nil {
		panic(err)
	}
	for name, value := range changed {
		if value == nil {
			delete(root, name)
		} else {
			root[name] = value
		}
	}
	out, err := yaml.Marshal(root)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func specWith(fields string) string         { return with(requestSpec, fields) }
func incidentWith(fields string) string     { return with(incident, fields) }
func basisWith(fields string) string        { return with(legalBasis, fields) }
func capabilitiesWith(fields string) string { return with(capabilities, fields) }
