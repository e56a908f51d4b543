package liaisonv1_test

import (
	"fmt"
	"slices"
	"strings"
)

// Characters that decide how a text is shown, not what it says.
const (
	override  = "\u202e" // RIGHT-TO-LEFT OVERRIDE
	joiner    = "\u200d" // ZERO WIDTH JOINER
	newLine   = "\n"
	bell      = "\a"
	nextLine  = "\u0085"
	isolate   = "\u2066" // LEFT-TO-RIGHT ISOLATE
	arabMark  = "\u061c" // ARABIC LETTER MARK
	leftMark  = "\u200e" // LEFT-TO-RIGHT MARK
	byteOrder = "\ufeff" // ZERO WIDTH NO-BREAK SPACE
)

// long is a text of n characters, most of them of two bytes, so that characters
// are what is counted.
func long(n int) string { return strings.Repeat("ش", n-1) + "x" }

// texts tries what people write: its length in characters, and whether it is kept
// whatever it has in it (free text) or must be clean (names and references, which
// are read out of context).
func texts() []try {
	var all []try
	for _, text := range []struct {
		message, path   string
		most            int
		required, clean bool
	}{
		{"RequestSpec", "reference", 100, true, true},
		{"RequestSpec", "necessity", 10000, true, false},
		{"Threat", "statement", 4000, true, false},
		{"Incident", "leaked_details", 2000, false, false},
		{"Incident", "consequences", 10000, false, false},
		{"LegalBasis", "instrument", 300, true, false},
		{"LegalBasis", "article", 100, true, false},
		{"LegalBasis", "issuing_body", 300, true, true},
		{"LegalBasis", "order_number", 100, false, true},
		{"LegalBasis", "offence", 500, false, false},
		{"Silence", "reason", 4000, true, false},
		{"Silence", "legal_basis", 300, true, false},
		{"Silence", "approver", 300, true, true},
		{"Screening", "explanation", 4000, false, false},
		{"LocalizedText", "text", 10000, true, false},
		{"Document", "title", 300, true, true},
		{"Selector", "necessity", 4000, true, false},
		{"UsernameSelector", "username", 128, true, true},
		{"Chat", "username", 128, false, true},
		{"PlatformDefinedSelector", "value", 1000, true, false},
		{"Answer", "note", 10000, false, false},
		{"Finding", "note", 4000, false, false},
		{"IdentifiedParty", "note", 4000, false, false},
		{"DatedName", "value", 300, true, false},
		{"NameItem", "full_name", 300, true, false},
		{"AccountChangeItem", "before", 300, false, false},
		{"AccountChangeItem", "after", 300, false, false},
		{"DeviceItem", "model", 300, false, false},
		{"Ground", "explanation", 10000, true, false},
		{"ConflictOfLaw", "instrument", 300, true, false},
		{"ConflictOfLaw", "article", 100, true, false},
		{"ConflictOfLaw", "sanction", 1000, false, false},
		{"ConflictOfLaw", "connection", 1000, false, false},
		{"ConflictOfLaw", "applicability", 4000, true, false},
		{"ConflictOfLaw", "obligation", 4000, true, false},
		{"ReviewClearing", "note", 4000, false, false},
		{"ObjectionMaintenance", "position", 10000, true, false},
		{"DisputeDecision", "reasons", 10000, true, false},
		{"CourtRuling", "court", 300, true, true},
		{"CourtRuling", "order_number", 100, true, true},
		{"Approval", "note", 4000, false, false},
		{"Rejection", "reason", 4000, true, false},
		{"Withdrawal", "reason", 4000, true, false},
		{"Acknowledgement", "platform_reference", 100, false, true},
		{"Acknowledgement", "note", 4000, false, false},
		{"Clarification", "question", 10000, true, false},
		{"ClarificationReply", "text", 10000, true, false},
		{"Upholding", "reason", 10000, true, false},
		{"Amendment", "reason", 4000, false, false},
		{"PreservationConfirmation", "note", 4000, false, false},
		{"PreservationExtension", "reason", 4000, true, false},
		{"EmergencyValidation", "order_number", 100, false, true},
		{"EmergencyValidation", "note", 4000, false, false},
		{"ReceiptConfirmation", "note", 4000, false, false},
		{"MoreTime", "reason", 4000, true, false},
		{"MoreTimeGrant", "note", 4000, false, false},
		{"MoreTimeRefusal", "reason", 4000, true, false},
		{"DeletionAttestation", "note", 4000, false, false},
		{"Recall", "reason", 4000, true, false},
		{"RecallConfirmation", "note", 4000, false, false},
		{"Notice", "note", 4000, false, false},
		{"ContactPoint", "purpose", 100, true, false},
		{"ContactPoint", "hours", 100, false, false},
		{"Capabilities", "account_id_pattern", 200, false, false},
		{"PlatformDefinedType", "pattern", 200, true, false},
		{"PlatformDefinedType", "description", 1000, true, false},
		{"SuspendParticipantRequest", "reason", 1000, false, false},
		{"RequestFilter", "reference", 100, false, false},
		{"ListAuthoritiesRequest", "page_token", 200, false, false},
		{"ListPlatformsRequest", "page_token", 200, false, false},
		{"ListRequestsRequest", "page_token", 200, false, false},
		{"ListRequestMetadataRequest", "page_token", 200, false, false},
		{"Ground", "duplicate_of", 100, false, false},
	} {
		add := func(name string, value any, rule string) {
			all = append(all, try{name: text.path + " " + name, message: text.message, path: text.path, value: value, rule: rule})
		}
		if text.path == "duplicate_of" { // belongs to one ground alone
			for n, rule := range map[int]string{100: "", 101: "string.max_len"} {
				all = append(all, try{
					name: fmt.Sprintf("duplicate_of of %d characters", n), message: "Ground", path: whole, rule: rule, at: "duplicate_of",
					value: map[string]any{"code": "GROUND_CODE_DUPLICATE", "explanation": "e", "duplicate_of": long(n)},
				})
			}
			continue
		}
		if text.most < 1000 {
			add("as long as it may be", long(text.most), "")
			add("one character longer", long(text.most+1), "string.max_len")
		} else { // free text, bounded in bytes, so that every script meets the same bound
			add("as long as it may be", strings.Repeat("n", 2*text.most), "")
			add("as long in Arabic", strings.Repeat("ن", text.most), "")
			add("one letter longer", strings.Repeat("n", 2*text.most+1), "string.max_bytes")
			add("one letter longer in Arabic", strings.Repeat("ن", text.most+1), "string.max_bytes")
		}
		if text.required {
			add("empty", "", "required")
		}
		if !text.clean {
			add("of one emoji", "🕊", "")
			add("in three scripts, with an override and a joiner", "بڵاوبوونەوە "+override+"سجل"+joiner+" register"+newLine, "")
			continue
		}
		for name, mark := range map[string]string{
			"an override": override, "a new line": newLine, "a bell": bell, "a C1 control": nextLine, "an isolate": isolate,
			"an Arabic letter mark": arabMark, "a left-to-right mark": leftMark, "a byte-order mark": byteOrder,
		} {
			add("with "+name, "MOC"+mark+"1", "string.pattern")
			add("beginning with "+name, mark+"1", "string.pattern")
			add("ending with "+name, "1"+mark, "string.pattern")
		}
		add("in Arabic", "رقم٤١٧", "")
		add("with a joiner, which some scripts need", "می"+joiner+"خواهم", "")
	}
	return all
}

// formats tries what has a form of its own: what is just well formed, and what is
// just not.
func formats() []try {
	var all []try
	const lower = sha256Text
	upper, short := strings.ToUpper(lower), lower[1:]
	domain := strings.Repeat("a", 255)
	collection := func(name string) []string {
		return []string{"platforms", name + "/Moc", name + "/1moc", name + "/", name + "/a_b", name + "/a/b", "x" + name + "/a", name + "/" + strings.Repeat("a", 64), name + "/a\n", name + "/" + override + "a"}
	}
	for _, format := range []struct {
		message, path string
		good, bad     []string
		rule          string
	}{
		{"RequestSpec", "platform", []string{"platforms/a", "platforms/a-1", "platforms/" + strings.Repeat("a", 63)}, append(collection("platforms"), "authorities/moc"), "string.pattern"},
		{"AnswerStatement", "platform", []string{"platforms/a", "platforms/a-1", "platforms/" + strings.Repeat("a", 63)}, append(collection("platforms"), "authorities/moc"), "string.pattern"},
		{"GetPlatformRequest", "name", []string{"platforms/a"}, collection("platforms"), "string.pattern"},
		{"GetAuthorityRequest", "name", []string{"authorities/a"}, append(collection("authorities"), "platforms/a"), "string.pattern"},
		{"GetTransparencyReportRequest", "authority", []string{"", "authorities/a"}, append(collection("authorities"), "platforms/a"), "string.pattern"},
		{"GetTransparencyReportRequest", "platform", []string{"", "platforms/a"}, append(collection("platforms"), "authorities/a"), "string.pattern"},
		{"GetTransparencyReportRequest", "period", []string{"2026", "2026-01", "2026-12", "2026-Q1", "2026-Q4"}, []string{"1999", "26", "2026-00", "2026-13", "2026-1", "2026-Q0", "2026-Q5", "2026-q1", "2026-09-01", "2026-", "2026\n"}, "string.pattern"},
		{"SuspendParticipantRequest", "name", []string{"authorities/a", "platforms/a", "oversight/a"}, append(collection("oversight"), "hubs/a"), "string.pattern"},
		{"Organisation", "name", []string{"authorities/a", "platforms/a", "oversight/a"}, append(collection("oversight"), "hubs/a"), "string.pattern"},
		{"RequestFilter", "counterparty", []string{"", "authorities/a", "platforms/a"}, append(collection("authorities"), "oversight/a"), "string.pattern"},
		{"OversightFilter", "authority", []string{"", "authorities/a"}, append(collection("authorities"), "platforms/a"), "string.pattern"},
		{"OversightFilter", "platform", []string{"", "platforms/a"}, append(collection("platforms"), "authorities/a"), "string.pattern"},
		{"OversightBody", "oversees[0]", []string{"authorities/a", "platforms/a"}, append(collection("authorities"), "oversight/a"), "string.pattern"},
		{"Audit", "body", []string{"oversight/a"}, append(collection("oversight"), "authorities/a"), "string.pattern"},
		{"HandOver", "disclosure", nil, malformedRequests, "string.pattern"},
		{"HandOverEnd", "disclosure", nil, malformedRequests, "string.pattern"},
		{"GetRequestMetadataRequest", "name", nil, malformedRequests, "string.pattern"},
		{"ListEventMetadataRequest", "request", nil, malformedRequests, "string.pattern"},
		{"Organisation", "trust_domain", []string{"moc.example", "a_b-1", domain}, []string{"Moc.example", "moc.example/x", "moc example", domain + "a"}, "string.pattern"},
		{"Statement", "hub", []string{"hub.example", "hub.example/1", "hub.example/999999999", "a_b-1", domain[:240]}, []string{"Hub.example", "hub.example/x", "hub.example/0", "hub.example/01", "hub.example/", "hub.example:443", "hub example", "hub.example\n", "محور", domain[:241]}, "string.pattern"},
		{"Organisation", "country", []string{"", "IQ"}, []string{"iq", "I", "IRQ", "I1"}, "string.pattern"},
		{"LegalBasis", "country", []string{"IQ"}, []string{"iq", "I", "IRQ", "I1"}, "string.pattern"},
		{"ConflictOfLaw", "country", []string{"CH"}, []string{"ch", "C", "CHE"}, "string.pattern"},
		{"RequestSpec", "language", languages, malformedLanguages, "string.pattern"},
		{"LocalizedText", "language", languages, malformedLanguages, "string.pattern"},
		{"Document", "language", append(slices.Clone(languages), ""), malformedLanguages, "string.pattern"},
		{"Capabilities", "languages[0]", languages, malformedLanguages, "string.pattern"},
		{"RequestSpec", "language", nil, []string{"en-" + strings.Repeat("abcd-", 6) + "abc"}, "string.max_len"},
		{"LocalizedText", "language", nil, []string{"en-" + strings.Repeat("abcd-", 6) + "abc"}, "string.max_len"},
		{"Document", "language", nil, []string{"en-" + strings.Repeat("abcd-", 6) + "abc"}, "string.max_len"},
		{"Calendar", "time_zone", []string{"UTC", "Asia/Baghdad", "Etc/GMT+3", strings.Repeat("a", 64)}, []string{"Asia//Baghdad", "/Baghdad", "Asia/", "Asia Baghdad", "../etc"}, "string.pattern"},
		{"Calendar", "time_zone", nil, []string{strings.Repeat("a", 65)}, "string.max_len"},
		{"RequestLink", "request", nil, malformedRequests, "string.pattern"},
		{"Statement", "request", sevenths, append(slices.Clone(malformedRequests), otherVersions...), "string.pattern"},
		{"GetRequestRequest", "name", nil, malformedRequests, "string.pattern"},
		{"GetAnswerRequest", "name", nil, malformedRequests, "string.pattern"},
		{"ListStatementsRequest", "name", nil, malformedRequests, "string.pattern"},
		{"ListEventsRequest", "request", []string{""}, malformedRequests, "string.pattern"},
		{"WatchEventsRequest", "request", []string{""}, malformedRequests, "string.pattern"},
		{"Document", "sha256", []string{lower}, []string{upper, short, lower + "0", "g" + short}, "string.pattern"},
		{"FileSelector", "sha256", []string{lower}, []string{upper, short, lower + "0", "g" + short}, "string.pattern"},
		{"PublicationItem", "sha256", []string{"", lower}, []string{upper, short, lower + "0", "g" + short}, "string.pattern"},
		{"CanarySelector", "hmac_sha256", []string{lower}, []string{upper, short, lower + "0", "g" + short}, "string.pattern"},
		{"FileHash", "value", []string{lower[:32], lower + lower}, []string{lower[:31], lower + lower + "0", upper}, "string.pattern"},
		{"CanarySelector", "key_id", []string{"a", strings.Repeat("A", 64), "k.1_2-3"}, []string{"a b", strings.Repeat("A", 65), "ك"}, "string.pattern"},
		{"Document", "media_type", mediaTypes, malformedMediaTypes, "string.pattern"},
		{"FileSelector", "media_type", append(slices.Clone(mediaTypes), ""), malformedMediaTypes, "string.pattern"},
		{"Document", "media_type", nil, []string{"a/" + strings.Repeat("b", 126)}, "string.max_len"},
		{"FileSelector", "media_type", nil, []string{"a/" + strings.Repeat("b", 126)}, "string.max_len"},
		{"Selector", "id", selectorIDs, malformedSelectorIDs, "string.pattern"},
		{"Finding", "selector_id", selectorIDs, malformedSelectorIDs, "string.pattern"},
		{"ManifestEntry", "selector_id", selectorIDs, malformedSelectorIDs, "string.pattern"},
		{"Clarification", "selector_ids[0]", selectorIDs, append(slices.Clone(malformedSelectorIDs), ""), "string.pattern"},
		{"Objection", "selector_ids[0]", selectorIDs, append(slices.Clone(malformedSelectorIDs), ""), "string.pattern"},
		{"PreservationConfirmation", "nothing_held_selector_ids[0]", selectorIDs, append(slices.Clone(malformedSelectorIDs), ""), "string.pattern"},
		{"AccountSelector", "id", printable(128), unprintable(128), "string.pattern"},
		{"Account", "id", printable(128), unprintable(128), "string.pattern"},
		{"PlatformReportSelector", "id", printable(128), unprintable(128), "string.pattern"},
		{"Chat", "id", append(printable(128), ""), unprintable(128), "string.pattern"},
		{"BotSelector", "id", append(printable(128), ""), unprintable(128), "string.pattern"},
		{"DeviceSelector", "id", printable(256), unprintable(256), "string.pattern"},
		{"DeviceItem", "id", append(printable(256), ""), unprintable(256), "string.pattern"},
		{"BotSelector", "username", []string{"", "a.b_c-1", strings.Repeat("a", 128)}, []string{"@bot", "a b", "بوت", strings.Repeat("a", 129)}, "string.pattern"},
		{"UsernameSelector", "username", []string{"a", "a@b", "اسم"}, []string{"@a", "a b", "a\u00a0b", " a", "a\u2028"}, "string.pattern"},
		{"Chat", "username", []string{"", "a", "اسم"}, []string{"@a", "a b", "a\u00a0b", " a", "a\u2028"}, "string.pattern"},
		{"PaymentSelector", "scheme", []string{"iban", "btc-1", strings.Repeat("a", 32)}, []string{"IBAN", "a b", strings.Repeat("a", 33)}, "string.pattern"},
		{"PaymentItem", "scheme", []string{"iban", "btc-1", strings.Repeat("a", 32)}, []string{"IBAN", "a b", strings.Repeat("a", 33)}, "string.pattern"},
		{"PaymentSelector", "reference", []string{"a b", strings.Repeat("~", 256)}, []string{"é", "a\n", strings.Repeat("a", 257)}, "string.pattern"},
		{"PaymentItem", "reference", []string{"a b", strings.Repeat("~", 256)}, []string{"é", "a\n", strings.Repeat("a", 257)}, "string.pattern"},
		{"PlatformDefinedSelector", "type", []string{"a", "a_b-1", strings.Repeat("a", 64)}, []string{"A", "a b", strings.Repeat("a", 65)}, "string.pattern"},
		{"PlatformDefinedType", "type", []string{"a", "a_b-1", strings.Repeat("a", 64)}, []string{"A", "a b", strings.Repeat("a", 65)}, "string.pattern"},
		{"PhoneSelector", "number", phones, malformedPhones, "string.pattern"},
		{"ContactPoint", "phone", append(slices.Clone(phones), ""), malformedPhones, "string.pattern"},
		{"ContactPoint", "escalation_phone", append(slices.Clone(phones), ""), malformedPhones, "string.pattern"},
		{"EmailSelector", "address", []string{"a@b.example", "a+b@c.example"}, []string{"a", "a@", "@b.example", "a b@c.example", "a@b@c.example"}, "string.email"},
		{"ContactPoint", "email", []string{"", "a@b.example"}, []string{"a", "a@", "@b.example"}, "string.email"},
		{"IpSessionSelector", "address", addresses, malformedAddresses, "string.ip"},
		{"AccessItem", "address", addresses, malformedAddresses, "string.ip"},
		{"RegistrationItem", "address", append(slices.Clone(addresses), ""), malformedAddresses, "string.ip"},
		{"LinkSelector", "uri", uris, malformedURIs, "string.uri"},
		{"Incident", "links[0]", uris, malformedURIs, "string.uri"},
		{"FileSelector", "found_at[0]", uris, malformedURIs, "string.uri"},
		{"LinkSelector", "uri", []string{uriOf(2048)}, []string{uriOf(2049)}, "string.max_bytes"},
		{"Incident", "links[0]", []string{uriOf(2048)}, []string{uriOf(2049)}, "string.max_bytes"},
		{"FileSelector", "found_at[0]", []string{uriOf(2048)}, []string{uriOf(2049)}, "string.max_bytes"},
		{"Statement", "checkpoint", []string{"", strings.Repeat("a", 4000), strings.Repeat("ش", 2000)}, []string{strings.Repeat("a", 4001), strings.Repeat("ش", 2001)}, "string.max_bytes"},
		{"Envelope", "payload_type", nil, []string{"application/vnd.liaison.v1.RequestSpec+protobuf", "application/vnd.liaison.v1.Statement+json", "Application/vnd.liaison.v1.Statement+protobuf", "application/vnd.liaison.v1.Statement+protobuf "}, "string.const"},
		{"Organisation", "ca_certificates", []string{strings.Repeat("a", 100000)}, []string{strings.Repeat("a", 100001)}, "string.max_bytes"},
		{"Organisation", "revocation_lists", []string{"", strings.Repeat("a", 1000000)}, []string{strings.Repeat("a", 1000001)}, "string.max_bytes"},
		{"ImeiSelector", "imei", []string{"490154203237518", "000000000000000"}, []string{"49015420323751", "4901542032375180", "49015420323751x", "٤90154203237518"}, "string.pattern"},
		{"ImeiSelector", "imei", nil, []string{"490154203237519", "490154203237508", "490154203273518"}, "imei.luhn"},
	} {
		for _, value := range format.good {
			all = append(all, try{name: format.path + " " + shortened(value), message: format.message, path: format.path, value: value})
		}
		for _, value := range format.bad {
			all = append(all, try{name: format.path + " not " + shortened(value), message: format.message, path: format.path, value: value, rule: format.rule})
		}
	}
	return all
}

var (
	languages            = []string{"ar", "ckb", "en", "zh-Hant-TW", "de-1996", "en-" + strings.Repeat("abcd-", 6) + "ab"}
	malformedLanguages   = []string{"a", "ar_IQ", "ar-", "-ar", "عربي", "abcdefghi", "en--GB"}
	malformedRequests    = []string{"requests/", "requests/1", "00000000-0000-7000-8000-000000000000", requestName + "/", "requests/00000000-0000-7000-8000-00000000000G", "requests/0000000000007000800000000000000000", "requests/ABCDEF00-0000-7000-8000-000000000000"}
	sevenths             = []string{"requests/0199a000-0000-7000-8000-000000000000", "requests/0199a000-0000-7fff-9fff-ffffffffffff", "requests/0199a000-0000-7000-a000-000000000000", "requests/ffffffff-ffff-7fff-bfff-ffffffffffff"}
	otherVersions        = []string{"requests/0199a000-0000-4000-8000-000000000000", "requests/0199a000-0000-6000-8000-000000000000", "requests/0199a000-0000-8000-8000-000000000000", "requests/0199a000-0000-7000-7000-000000000000", "requests/0199a000-0000-7000-c000-000000000000", "requests/00000000-0000-0000-0000-000000000000", "requests/ffffffff-ffff-ffff-ffff-ffffffffffff", "requests/0199a000-0000-7000-8000-000000000000\n"}
	mediaTypes           = []string{"application/pdf", "image/svg+xml", "a/" + strings.Repeat("b", 125)}
	malformedMediaTypes  = []string{"pdf", "application/", "/pdf", "Application/PDF", "text/plain; charset=utf-8", "a/b/c"}
	selectorIDs          = []string{"1", "ip-3", "A._-9", strings.Repeat("a", 32)}
	malformedSelectorIDs = []string{"a b", "أ", "a/b", strings.Repeat("a", 33)}
	phones               = []string{"+447700900000", "+12345678", "+123456789012345"}
	malformedPhones      = []string{"447700900000", "+0447700900000", "+44 7700 900000", "+1234567", "+1234567890123456", "+44770090000x", "tel:+447700900000"}
	addresses            = []string{"203.0.113.77", "2001:db8:4::17", "::ffff:192.0.2.1"}
	malformedAddresses   = []string{"203.0.113", "203.0.113.256", "203.0.113.077", "2001:db8:::1", "203.0.113.0/24", "files.example", "203.0.113.77:80"}
	uris                 = []string{"https://t.example/1", "tg://resolve?domain=x", "https://t.example/%D8%A7"}
	malformedURIs        = []string{"t.example/1", "//t.example", "https://t.example/a b", "/path"}
)

func uriOf(bytes int) string {
	const start = "https://t.example/"
	return start + strings.Repeat("a", bytes-len(start))
}

func printable(most int) []string {
	return []string{"!", "~", "-1001777000123", strings.Repeat("a", most)}
}

func unprintable(most int) []string {
	return []string{"a b", " a", "a\n", "é", "a\x7f", strings.Repeat("a", most+1)}
}
