package liaisonv1_test

import (
	"encoding/json"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"sigs.k8s.io/yaml"
)

const (
	sha256Text = "9f2c3f6d2d0c7a5f3fd3b6c0a9a1d3f4f51e3cbe34d3a1a76df8bb8f9c0f3c11"
	spec       = "spec: " + requestSpec
)

// requestSpec is a whole request in one line of YAML.
const requestSpec = `{platform: platforms/messenger, reference: MOC-2026-00417, kind: REQUEST_KIND_DISCLOSE,
  urgency: URGENCY_EMERGENCY, threat: {kind: THREAT_KIND_LIFE, statement: s}, incident: ` + incident + `,
  selectors: [{id: a, necessity: x, account: {id: "700100200"}}, {id: b, necessity: x, categories: [DATA_CATEGORY_DEVICE], phone: {number: "+447700900200"}}],
  categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY, DATA_CATEGORY_ACCESS_RECORDS, DATA_CATEGORY_DEVICE],
  period: {start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"},
  legal_basis: ` + legalBasis + `, necessity: x, screening: {result: SCREENING_RESULT_NONE_KNOWN},
  confidentiality: {user_may_be_told: true}, redress: [{language: ar, text: x}, {language: en, text: x}],
  calendar: {time_zone: Asia/Baghdad, days: DAY_KIND_WORKING}, language: ar,
  links: [{relation: REQUEST_RELATION_SAME_INCIDENT, request: requests/00000000-0000-7000-8000-000000000000}]}`

const incident = `{titles: [{language: ar, text: x}, {language: en, text: x}], descriptions: [{language: ar, text: x}, {language: en, text: x}],
  types: [INCIDENT_TYPE_PUBLICATION], discovered_time: "2026-10-02T06:40:00Z", published_time: "2026-10-01T21:15:00Z",
  published_time_accuracy: 300s, leaked: [LEAKED_DATA_FULL_NAME], not_leaked: [LEAKED_DATA_PHOTOGRAPH], people: [PEOPLE_CATEGORY_VOTERS],
  people_affected: 1340000, record_count: 1340000, links: ["https://t.example/1"], evidence: [` + document + `]}`

const legalBasis = `{kind: LEGAL_BASIS_KIND_COURT_ORDER, country: IQ, instrument: i, article: "17(2)", issuing_body: Investigating Court,
  approver_level: APPROVER_LEVEL_JUDGE, order_number: 88/2026, issue_time: "2026-10-03T00:00:00Z", expire_time: "2027-10-03T00:00:00Z",
  signed_order: ` + document + `, offence: o}`

const document = `{sha256: ` + sha256Text + `, title: t, media_type: application/pdf, size_bytes: 1, page_count: 3, language: ar}`

const finding = `{selector_id: a, outcomes: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_IDENTIFIED}], parties: [` + party + `]}`

const party = `{account: {id: "1"}, roles: [PARTY_ROLE_ORIGINAL_UPLOADER], bases: [ATTRIBUTION_BASIS_UPLOAD_SESSION_LOG], confidence: CONFIDENCE_CONFIRMED,
  control: ACCOUNT_CONTROL_SOLE, items: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, name: {full_name: x}}], not_held: [DATA_ITEM_KIND_EMAIL]}`

const organisation = `{name: platforms/messenger, display_names: [{language: ar, text: x}, {language: en, text: x}], country: IQ,
  trust_domain: messenger.example, ca_certificates: PEM,
  contact_points: [{purpose: emergencies, email: a@messenger.example, phone: "+447700900001", hours: h, escalation_phone: "+447700900002"}]}`

const capabilities = `{selector_types: [SELECTOR_TYPE_ACCOUNT], platform_defined_types: [{type: gift, pattern: p, description: d}], account_id_pattern: a,
  categories: [{category: DATA_CATEGORY_DEVICE, retention: 86400s}], kinds: [REQUEST_KIND_DISCLOSE], languages: [ar, en], max_selectors: 500,
  legal_bases: [LEGAL_BASIS_KIND_COURT_ORDER]}`

// digestText is 32 bytes in base64.
const digestText = `AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=`

const signature = `{sig: AAAA, certificates: [AAAA]}`

const envelope = `{payload_type: application/vnd.liaison.v1.Statement+protobuf, payload: AAAA, signatures: [` + signature + `]}`

const manifest = `{part: 1, final: true, screening: SCREENING_RESULT_NONE_KNOWN, entries: [{selector_id: a, category: DATA_CATEGORY_DEVICE, outcome: OUTCOME_CODE_IDENTIFIED, party_count: 1}]}`

const decision = `{outcome: DECISION_OUTCOME_SUSTAINED_IN_PART, selector_ids: [a], reasons: r,
  ruling: {court: Court of Appeal, order_number: 3/2026, issue_time: "2026-10-03T00:00:00Z", document: ` + document + `}}`

const narrowing = `{selectors: [{id: a, necessity: x, account: {id: "700100200"}}], categories: [DATA_CATEGORY_DEVICE]}`

// requestName is how the calls below name a request.
const requestName = `requests/00000000-0000-7000-8000-000000000000`

// valid has a message of every type that has rules, each as the contract wants it.
// The rules are tried on these, with one thing changed at a time.
var valid = map[string]string{
	"RequestSpec":     requestSpec,
	"Incident":        incident,
	"LegalBasis":      legalBasis,
	"Document":        document,
	"LocalizedText":   `{language: ckb-Arab-IQ, text: x}`,
	"Period":          `{start_time: "2026-10-01T20:00:00Z", end_time: "2026-10-01T23:00:00Z"}`,
	"Threat":          `{kind: THREAT_KIND_LIFE, statement: s}`,
	"Calendar":        `{time_zone: America/Argentina/Buenos_Aires, days: DAY_KIND_CALENDAR}`,
	"RequestLink":     `{relation: REQUEST_RELATION_PRESERVED_BY, request: ` + requestName + `}`,
	"Preservation":    `{start_time: "2026-09-10T00:00:00Z", end_time: "2026-11-09T00:00:00Z"}`,
	"Confidentiality": `{silence: {reason: r, legal_basis: l, approver: a, end_time: "2026-11-02T00:00:00Z"}}`,
	"Silence":         `{reason: r, legal_basis: l, approver: a, end_time: "2026-11-02T00:00:00Z"}`,
	"Screening":       `{result: SCREENING_RESULT_KNOWN, professions: [PROTECTED_PROFESSION_JOURNALIST], explanation: e}`,
	"Narrowing":       narrowing,

	"Selector":                `{id: a, necessity: x, observed_time: "2026-08-30T10:00:00Z", categories: [DATA_CATEGORY_DEVICE], roles: [PARTY_ROLE_SELLER], username: {username: u}}`,
	"AccountSelector":         `{id: "700100200"}`,
	"UsernameSelector":        `{username: records_demo}`,
	"Chat":                    `{id: "-1001777000123", username: records_dump_77, member_count: 41000}`,
	"BotSelector":             `{id: "1", username: lookup_demo_bot}`,
	"MessageSelector":         `{channel: {id: c}, ids: [1, 2]}`,
	"MessageRange":            `{first_id: 4181, last_id: 4190}`,
	"LinkSelector":            `{uri: "https://files.filehost.example/d/Zk3"}`,
	"FileSelector":            `{sha256: ` + sha256Text + `, size_bytes: 214000000, media_type: application/zip, found_at: ["https://files.filehost.example/d/Zk3"], other_hashes: [{algorithm: HASH_ALGORITHM_MD5, value: 0123456789abcdef0123456789abcdef}]}`,
	"FileHash":                `{algorithm: HASH_ALGORITHM_BLAKE3, value: ` + sha256Text + `}`,
	"IpSessionSelector":       `{address: 198.51.100.7, port: 40211, protocol: TRANSPORT_PROTOCOL_TCP, time: "2026-09-02T10:00:00Z", accuracy: 1s}`,
	"PhoneSelector":           `{number: "+447700900200"}`,
	"EmailSelector":           `{address: a@b.example}`,
	"DeviceSelector":          `{id: d}`,
	"ImeiSelector":            `{imei: "490154203237518"}`,
	"PaymentSelector":         `{scheme: btc, reference: a b}`,
	"PlatformReportSelector":  `{id: r}`,
	"CanarySelector":          `{hmac_sha256: ` + sha256Text + `, key_id: k, bot: {username: lookup_demo_bot}}`,
	"PlatformDefinedSelector": `{type: gift, value: v}`,

	"Answer":            `{final: true, screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [` + finding + `]}`,
	"Finding":           finding,
	"Outcome":           `{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_NOT_FOUND, message_ids: [1]}`,
	"IdentifiedParty":   party,
	"Account":           `{id: "1", usernames: [{value: a}], display_names: [{value: a}]}`,
	"DatedName":         `{value: a, valid_from: "2026-08-30T10:00:00Z", valid_until: "2026-09-12T00:00:00Z"}`,
	"DataItem":          `{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, valid_from: "2026-08-30T10:00:00Z", valid_until: "2026-09-12T00:00:00Z", name: {full_name: x}}`,
	"NameItem":          `{full_name: x, verified: true}`,
	"RegistrationItem":  `{time: "2026-09-28T11:02:33Z", address: "2001:db8:4::17", port: 1}`,
	"AccessItem":        `{address: 203.0.113.77, port: 51544, protocol: TRANSPORT_PROTOCOL_TCP, time: "2026-10-01T21:14:52Z", act: ACCESS_ACT_UPLOAD}`,
	"AccountChangeItem": `{time: "2026-09-12T00:00:00Z", change: ACCOUNT_CHANGE_USERNAME, before: a, after: b}`,
	"DeviceItem":        `{id: d, model: m}`,
	"ChatRoleItem":      `{channel: {id: c}, role: PARTY_ROLE_CHANNEL_OWNER}`,
	"PublicationItem":   `{time: "2026-10-01T21:14:52Z", message_id: 4181, sha256: ` + sha256Text + `}`,
	"PaymentItem":       `{scheme: btc, reference: a b}`,
	"Ground":            `{code: GROUND_CODE_IMMUNITY_OR_PRIVILEGE, explanation: e, profession: PROTECTED_PROFESSION_LAWYER}`,
	"ConflictOfLaw":     `{country: CH, instrument: i, article: "271", sanction: s, connection: c, applicability: a, obligation: o}`,

	"Filing":                     `{` + spec + `}`,
	"Approval":                   `{note: x}`,
	"Rejection":                  `{reason: r}`,
	"Withdrawal":                 `{reason: r}`,
	"Acknowledgement":            `{platform_reference: MSG-1, note: x}`,
	"Clarification":              `{question: q, selector_ids: [a]}`,
	"ClarificationReply":         `{text: t}`,
	"Objection":                  `{grounds: [{code: GROUND_CODE_OTHER, explanation: e}], selector_ids: [a], proposal: ` + narrowing + `}`,
	"Upholding":                  `{reason: r}`,
	"Amendment":                  `{narrowing: ` + narrowing + `, reason: r}`,
	"Refusal":                    `{grounds: [{code: GROUND_CODE_OTHER, explanation: e}]}`,
	"PreservationConfirmation":   `{nothing_held_selector_ids: [a], note: x}`,
	"MoreTime":                   `{until_time: "2026-12-09T00:00:00Z", reason: r}`,
	"MoreTimeGrant":              `{note: x}`,
	"MoreTimeRefusal":            `{reason: r}`,
	"DeletionAttestation":        `{note: x}`,
	"Opening":                    `{part: 1}`,
	"Recall":                     `{parts: [1, 2], reason: r}`,
	"RecallConfirmation":         `{note: x}`,
	"Notice":                     `{note: x}`,
	"WorkingDays":                `{weekend: [WEEKDAY_FRIDAY], holidays: ["2026-03-21"]}`,
	"Agreement":                  `{authority: authorities/moc, routine_days: 5, emergency_hours: 2}`,
	"PreservationExtension":      `{end_time: "2026-12-09T00:00:00Z", reason: r}`,
	"EmergencyValidation":        `{order_number: 91/2026, note: x}`,
	"Audit":                      `{body: oversight/commissioner, scope: AUDIT_SCOPE_LIST}`,
	"HandOver":                   `{disclosure: ` + requestName + `}`,
	"HandOverEnd":                `{disclosure: ` + requestName + `}`,
	"ReceiptConfirmation":        `{note: x}`,
	"FilingPolicy":               `{max_selectors: 50, max_period: 2592000s, requests_per_day: 10, emergencies_per_day: 2, single_officer_kinds: [REQUEST_KIND_PRESERVE], platform_quotas: [{platform: platforms/messenger, requests_per_day: 5}]}`,
	"ApproverEntry":              `{name: karim.aziz, level: APPROVER_LEVEL_JUDGE}`,
	"CountryPolicy":              `{country: IQ, levels: [{tier: DATA_TIER_IDENTITY, lowest_level: APPROVER_LEVEL_PROSECUTOR}]}`,
	"TierLevel":                  `{tier: DATA_TIER_ACTIVITY, lowest_level: APPROVER_LEVEL_JUDGE}`,
	"GetCountryPolicyRequest":    `{country: IQ}`,
	"UpdateCountryPolicyRequest": `{policy: {country: IQ}}`,
	"PairQuota":                  `{platform: platforms/messenger, requests_per_day: 5, emergencies_per_day: 1}`,

	"ReviewObjection":      `{grounds: [{code: GROUND_CODE_OTHER, explanation: e}], selector_ids: [a]}`,
	"ReviewClearing":       `{note: x}`,
	"ObjectionMaintenance": `{position: p}`,
	"DisputeDecision":      decision,
	"CourtRuling":          `{court: Court of Appeal, order_number: 3/2026, issue_time: "2026-10-03T00:00:00Z", document: ` + document + `}`,

	"Envelope":          envelope,
	"EnvelopeSignature": signature,
	"Statement":         `{hub: hub.example, request: ` + requestName + `, sign_time: "2026-10-03T00:00:00Z", previous_sha256: ` + digestText + `, checkpoint: c, approved: {}}`,
	"AnswerStatement":   `{platform: platforms/messenger, filing_sha256: ` + digestText + `, manifest: ` + manifest + `, encoding: ANSWER_ENCODING_AGE, content_sha256: ` + digestText + `}`,
	"AnswerManifest":    manifest,
	"BodyPart":          `{kind: BODY_PART_KIND_TEXT, salt: ` + digestText + `, content: AAAA}`,
	"BodyPartDigest":    `{kind: BODY_PART_KIND_TEXT, sha256: ` + digestText + `}`,
	"Genesis":           `{ledger: hub.example/1, hub_key: hub.example/1+a+b, trust_domain: hub.example, create_time: "2026-10-03T00:00:00Z", operator_authorities: [AAAA], operators_required: 1}`,
	"LawDigest":         `{name: law/eu-epo, sha256: ` + digestText + `}`,
	"Predecessor":       `{ledger: hub.example/1, hub_key: k, restored_size: 1, restored_root: ` + digestText + `, known_size: "9223372036854775807", reason: r}`,
	"ManifestEntry":     `{selector_id: a, category: DATA_CATEGORY_DEVICE, outcome: OUTCOME_CODE_IDENTIFIED, party_count: 1, message_ids: [1]}`,
	"ClearAnswer":       `{answer: {screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [` + finding + `]}, salt: ` + digestText + `}`,
	"SealedAnswer":      `{answer: {screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [` + finding + `]}, padding: AAAA}`,

	"Organisation":        organisation,
	"ContactPoint":        `{purpose: legal, email: a@b.example, phone: "+447700900001", hours: h, escalation_phone: "+447700900002"}`,
	"Authority":           `{organisation: {name: authorities/moc, display_names: [{language: en, text: x}], trust_domain: moc.example, ca_certificates: PEM}}`,
	"Platform":            `{organisation: ` + organisation + `, capabilities: ` + capabilities + `}`,
	"OversightBody":       `{organisation: {name: oversight/commissioner, display_names: [{language: en, text: x}], trust_domain: c.example, ca_certificates: PEM}, oversees: [authorities/moc]}`,
	"Capabilities":        capabilities,
	"PlatformDefinedType": `{type: gift, pattern: p, description: d}`,
	"HeldCategory":        `{category: DATA_CATEGORY_DEVICE}`,

	"RegisterParticipantRequest": `{oversight_body: {organisation: {name: oversight/c, display_names: [{language: en, text: x}], trust_domain: c.example, ca_certificates: PEM}}}`,
	"UpdateParticipantRequest":   `{oversight_body: {organisation: {name: oversight/c, display_names: [{language: en, text: x}], trust_domain: c.example, ca_certificates: PEM}}}`,
	"SuspendParticipantRequest":  `{name: oversight/c, reason: r}`,
	"GetAuthorityRequest":        `{name: authorities/moc}`,
	"GetPlatformRequest":         `{name: platforms/messenger}`,
	"ListAuthoritiesRequest":     `{page_size: 100, page_token: t}`,
	"ListPlatformsRequest":       `{page_size: 100, page_token: t}`,
	"GetRequestRequest":          `{name: ` + requestName + `}`,
	"GetAnswerRequest":           `{name: ` + requestName + `}`,
	"ListStatementsRequest":      `{name: ` + requestName + `}`,
	"ListRequestsRequest":        `{filter: {}, order: REQUEST_ORDER_NEWEST_FIRST, page_size: 500, page_token: t}`,
	"GetRequestMetadataRequest":  `{name: ` + requestName + `}`,
	"ListRequestMetadataRequest": `{filter: {}, page_size: 100, page_token: t}`,
	"ListEventMetadataRequest":   `{request: ` + requestName + `, after_sequence: 7, page_size: 500}`,
	"OversightFilter":            `{authority: authorities/moc, platform: platforms/messenger, states: [REQUEST_STATE_FILED], created_from: "2026-10-01T00:00:00Z", created_before: "2026-11-01T00:00:00Z"}`,
	"RequestFilter":              `{states: [REQUEST_STATE_FILED], counterparty: platforms/messenger, reference: r, urgency: URGENCY_ROUTINE, created_from: "2026-10-01T00:00:00Z", created_before: "2026-11-01T00:00:00Z"}`,
	"ListEventsRequest":          `{request: ` + requestName + `, after_sequence: 1, page_size: 1000}`,
	"WatchEventsRequest":         `{request: ` + requestName + `, after_sequence: 1, heartbeat_interval: 30s}`,

	"GetTransparencyReportRequest": `{period: "2026-09", authority: authorities/moc, platform: platforms/messenger}`,

	"GetInclusionProofRequest":   `{sequence: 1}`,
	"GetConsistencyProofRequest": `{from_size: 1}`,
	"ListLeafHashesRequest":      `{after_sequence: 1, page_size: 10000}`,
	"SealedFile":                 sealedFile,
	"GetAttachmentRequest":       `{name: ` + attachmentName + `}`,
	"UploadAttachmentRequest":    `{name: ` + attachmentName + `, offset: 4294967296, data: AAAA}`,
	"DownloadAttachmentRequest":  `{name: ` + attachmentName + `, offset: 4294967296}`,

	"Call":                    `{call_id: 0199a000-0000-7000-8000-000000000000, if_match: e, known_size: 7}`,
	"GetOversightBodyRequest": `{name: oversight/commissioner}`,
}

// init adds what takes a step: a call, and what each says, as it is valid by itself.
func init() {
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			if m := f.Messages().Get(i); takesStep(m) {
				valid[string(m.Name())] = stepCall(m, said(m).TextName()+": "+inline(valid[string(said(m).Message().Name())]))
			}
		}
	})
}

// takesStep says whether a message is what a method that takes a step is called with.
func takesStep(m protoreflect.MessageDescriptor) bool { return m.Fields().ByName("call") != nil }

// said is the field of such a message that says what the step is.
func said(m protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	for i := range m.Fields().Len() {
		if field := m.Fields().Get(i); field.Message() != nil && field.Name() != "call" && field.Name() != "signed" {
			return field
		}
	}
	return nil
}

// stepCall is such a message with a form.
func stepCall(m protoreflect.MessageDescriptor, form string) string {
	call := "call: {call_id: 0199a000-0000-7000-8000-000000000000"
	if m.Fields().ByName("name") != nil {
		call = "name: " + requestName + ", " + call + ", if_match: e"
	}
	if form != "" {
		form = ", " + form
	}
	return "{" + call + "}" + form + "}"
}

// tree is the valid message of a type as a tree to change.
func tree(t testing.TB, message string) map[string]any {
	t.Helper()
	text, ok := valid[message]
	if !ok {
		t.Fatalf("there is no valid %s to start from", message)
	}
	var root map[string]any
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("%s: %v", message, err)
	}
	return root
}

// build turns a tree into a message of the contract.
func build(t testing.TB, message string, root map[string]any) proto.Message {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("liaison.v1." + message))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	m := kind.New().Interface()
	if err := protojson.Unmarshal(text, m); err != nil {
		t.Fatalf("%s: %v", message, err)
	}
	return m
}
