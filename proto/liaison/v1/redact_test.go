package liaisonv1_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// open lists, by message, the text fields that need no debug_redact, with why. A
// new field of text is either marked in the contract or decided here.
var open = map[string]map[string]string{
	"a name, version, token or id of the protocol's own": {
		"Event": "request authority platform etag reviewer", "Request": "name authority etag answered_selectors barred_selectors reviewer_barred_selectors handed_over_to duplicate_of_requests",
		"RequestSummary": "name authority platform etag", "Call": "call_id if_match", "Recorded": "request etag", "RequestSpec": "platform reviewer", "RequestLink": "request",
		"Organisation": "name etag trust_domain", "Selector": "id", "Finding": "selector_id", "ManifestEntry": "selector_id",
		"Clarification": "selector_ids", "Objection": "selector_ids", "PreservationConfirmation": "nothing_held_selector_ids",
		"RequestFilter": "counterparty", "Audit": "body", "HandOver": "disclosure", "HandOverEnd": "disclosure",
		"OversightFilter": "authority platform", "ListEventMetadataRequest": "request", "RequestMetadata": "name authority platform reviewer",
		"EventMetadata": "type", "ListRequestMetadataRequest": "page_token", "ListRequestMetadataResponse": "next_page_token",
		"ListEventsRequest": "request", "WatchEventsRequest": "request",
		"Statement": "hub request", "ListStatementsRequest": "name", "AnswerStatement": "platform", "Envelope": "payload_type", "Agreement": "authority", "PairQuota": "platform", "PolicyRecord": "duplicate_of_requests",
		"ReviewObjection": "selector_ids", "DisputeDecision": "selector_ids", "ObjectionOnRecord": "selector_ids",
		"Authority":              "required_reviewer",
		"ListAuthoritiesRequest": "page_token", "ListAuthoritiesResponse": "next_page_token", "ListPlatformsRequest": "page_token",
		"ListPlatformsResponse": "next_page_token", "ListRequestsRequest": "page_token", "ListRequestsResponse": "next_page_token",
	},
	"a public key, or what the ledger proves, which everybody may see": {
		"RequestSpec": "answer_recipients", "Organisation": "attachment_recipients", "Receipt": "inclusion_proof checkpoint", "Heartbeat": "checkpoint",
		"GetRequestMetadataResponse": "checkpoint", "ListRequestMetadataResponse": "checkpoint", "ListEventMetadataResponse": "checkpoint",
		"EventMetadata":      "leaf_hash inclusion_proof",
		"ListEventsResponse": "checkpoint", "GetCheckpointResponse": "checkpoint witnessed_checkpoint verifier_key",
		"GetInclusionProofResponse": "leaf_hash hashes", "GetConsistencyProofResponse": "hashes edge", "ListLeafHashesResponse": "hashes",
		"Statement": "checkpoint", "LedgerGrowth": "leaf_hashes consistency_proof edge",
	},
	// Nobody reads the payload back from these. Who knows nearly all of it could test
	// guesses at the rest, as every reader of the events can.
	"a hash of what was signed, or a signature over it": {
		"EnvelopeSignature": "sig", "Delivery": "statement_sha256s", "BodyPartDigest": "sha256", "LawDigest": "sha256", "Request": "statement_sha256 filing_sha256 filed_key_sha256", "Statement": "previous_sha256",
		"Event":           "actor_key_sha256",
		"AnswerStatement": "filing_sha256 content_sha256",
	},
	"who did what when, and a salted hash: what the ledger keeps for ever": {"Record": "leaf", "DirectoryRecord": "leaf"},
	"what a ledger begins with, which everybody reads": {
		"Genesis": "ledger hub_key trust_domain operator_authorities", "LawDigest": "name", "DirectoryRecord": "public public_salt",
		"Predecessor": "ledger hub_key restored_root reason",
	},
	"whoever acts in office answers for it by name, in logs too": {
		"Event": "actor", "AnswerPart": "actor", "Request": "filed_by approved_by validated_by", "EnvelopeSignature": "certificates",
	},
	"a number under which an office keeps a matter": {
		"RequestSpec": "reference", "RequestSummary": "reference platform_reference", "Request": "platform_reference",
		"RequestFilter": "reference", "Acknowledgement": "platform_reference", "LegalBasis": "order_number",
		"EmergencyValidation": "order_number", "CourtRuling": "order_number", "Ground": "duplicate_of",
	},
	"the law and the offices that apply it": {
		"RequestMetadata": "country",
		"LegalBasis":      "country instrument article issuing_body offence", "Silence": "legal_basis",
		"ConflictOfLaw": "country instrument article sanction obligation", "CourtRuling": "court",
	},
	"public in the directory": {
		"OversightBody":       "oversees",
		"Organisation":        "country ca_certificates revocation_lists",
		"ContactPoint":        "purpose email phone hours escalation_phone",
		"Capabilities":        "account_id_pattern languages",
		"WorkingDays":         "holidays",
		"PlatformDefinedType": "type pattern description",
		"CountryPolicy":       "country etag", "GetCountryPolicyRequest": "country", "ApproverEntry": "name",
	},
	"asked and told of many requests at once": {
		"GetTransparencyReportRequest": "period authority platform", "TransparencyReport": "period authority platform",
	},
	"a code out of a list": {
		"RequestSpec": "language", "LocalizedText": "language", "Document": "language media_type", "FileSelector": "media_type",
		"Calendar": "time_zone", "PaymentItem": "scheme", "PaymentSelector": "scheme", "PlatformDefinedSelector": "type",
		"CanarySelector": "key_id",
	},
	"a hash of a file, or one that nobody without the key can test guesses against": {
		"Document": "sha256", "SealedFile": "sha256", "Attachment": "name", "FileSelector": "sha256", "FileHash": "value", "PublicationItem": "sha256", "CanarySelector": "hmac_sha256",
	},
}

// ofEveryCall are fields that the messages of all calls share.
var ofEveryCall = []string{"name", "etag"}

// TestTextIsRedactedUnlessDecidedOtherwise walks every field of text: whatever can
// say something about a person is marked, so that no debugging output shows it.
func TestTextIsRedactedUnlessDecidedOtherwise(t *testing.T) {
	decided := make(map[string]bool)
	for reason, messages := range open {
		for message, fields := range messages {
			for _, field := range strings.Fields(fields) {
				if decided[message+"."+field] {
					t.Errorf("%s.%s is decided twice, once as %s", message, field, reason)
				}
				decided[message+"."+field] = true
			}
		}
	}
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			for j := range m.Fields().Len() {
				field := m.Fields().Get(j)
				if field.Kind() != protoreflect.StringKind && field.Kind() != protoreflect.BytesKind {
					continue
				}
				name := string(m.Name()) + "." + string(field.Name())
				options, _ := field.Options().(*descriptorpb.FieldOptions)
				isOpen := decided[name] || strings.HasSuffix(string(m.Name()), "Request") && slices.Contains(ofEveryCall, string(field.Name()))
				delete(decided, name)
				switch {
				case options.GetDebugRedact() && isOpen:
					t.Errorf("%s is redacted: it needs no decision", name)
				case !options.GetDebugRedact() && !isOpen:
					t.Errorf("%s is neither redacted nor decided to need none", name)
				}
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(decided)) {
		t.Errorf("there is no %s to decide about", name)
	}
}
