package liaisonv1_test

import (
	"encoding/base64"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// signed tries what is signed, sealed and receipted.
func signed() []try {
	raw := func(n int) any { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	var all []try
	add := func(message, path string, value any, rule string) {
		all = append(all, try{name: fmt.Sprint(path, " ", shortened(value), " ", rule), message: message, path: path, value: value, rule: rule})
	}
	for _, required := range []string{
		"Envelope.payload_type", "Envelope.payload", "EnvelopeSignature.sig", "Statement.hub", "Statement.request", "Statement.sign_time",
		"AnswerStatement.platform", "AnswerStatement.manifest", "AnswerStatement.encoding", "AnswerStatement.content_sha256",
		"ManifestEntry.selector_id", "ManifestEntry.category", "ManifestEntry.outcome", "SealedAnswer.answer",
	} {
		message, field, _ := strings.Cut(required, ".")
		add(message, field, nil, "required")
	}
	all = append(all, try{name: "without a step", message: "Statement", path: "approved", rule: "required", at: "detail"})

	add("Envelope", "payload_type", "application/vnd.liaison.v1.RequestSpec+protobuf", "string.const")
	add("Envelope", "payload", raw(1_000_000), "")
	add("Envelope", "payload", raw(1_000_001), "bytes.max_len")
	one := map[string]any{"sig": "AAAA", "certificates": []any{"AAAA"}}
	add("Envelope", "signatures", []any{}, "repeated.min_items")
	add("Envelope", "signatures", []any{one, one}, "repeated.max_items")
	add("EnvelopeSignature", "sig", raw(256), "")
	add("EnvelopeSignature", "sig", raw(257), "bytes.max_len")
	add("EnvelopeSignature", "certificates", []any{}, "repeated.min_items")
	add("EnvelopeSignature", "certificates", []any{"AAAA", "AAAA", "AAAA", "AAAA", "AAAA"}, "")
	add("EnvelopeSignature", "certificates", []any{"AAAA", "AAAA", "AAAA", "AAAA", "AAAA", "AAAA"}, "repeated.max_items")
	add("EnvelopeSignature", "certificates[0]", "", "bytes.min_len")
	add("EnvelopeSignature", "certificates[0]", raw(10_000), "")
	add("EnvelopeSignature", "certificates[0]", raw(10_001), "bytes.max_len")

	add("Statement", "hub", "hub.example/", "string.pattern")
	add("Statement", "hub", "Hub.example", "string.pattern")
	add("Statement", "request", "requests/00000000-0000-4000-8000-000000000000", "string.pattern") // of another version
	add("Statement", "request", "requests/00000000-0000-7000-c000-000000000000", "string.pattern") // of another variant
	add("Statement", "previous_sha256", nil, "")
	for _, field := range []struct{ message, path, rule string }{
		{"Statement", "previous_sha256", "statement.previous_sha256"},
		{"AnswerStatement", "filing_sha256", "answer_statement.filing_sha256"},
		{"AnswerStatement", "content_sha256", "bytes.len"},
	} {
		add(field.message, field.path, raw(31), field.rule)
		add(field.message, field.path, raw(33), field.rule)
	}
	add("AnswerStatement", "filing_sha256", nil, "")
	add("Statement", "checkpoint", strings.Repeat("x", 4000), "")
	add("Statement", "checkpoint", strings.Repeat("x", 4001), "string.max_bytes")
	add("AnswerStatement", "platform", "authorities/moc", "string.pattern")
	add("AnswerStatement", "encoding", 0, "required")
	add("AnswerStatement", "encoding", 999, "enum.defined_only")

	add("AnswerManifest", "part", 0, "int32.gte_lte")
	add("AnswerManifest", "part", 500, "")
	add("AnswerManifest", "part", 501, "int32.gte_lte")
	entry := map[string]any{"selector_id": "a", "category": "DATA_CATEGORY_DEVICE", "outcome": "OUTCOME_CODE_NOT_FOUND"}
	entries := func(n int) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = entry
		}
		return list
	}
	add("AnswerManifest", "entries", entries(0), "repeated.min_items")
	add("AnswerManifest", "entries", entries(20_000), "")
	add("AnswerManifest", "entries", entries(20_001), "repeated.max_items")
	add("ManifestEntry", "selector_id", "+44 7700 900200", "string.pattern")
	add("ManifestEntry", "category", 999, "enum.defined_only")
	add("ManifestEntry", "outcome", 999, "enum.defined_only")
	add("ManifestEntry", "ground", 999, "enum.defined_only")
	add("ManifestEntry", "party_count", -1, "int32.gte_lte")
	add("ManifestEntry", "party_count", 500, "")
	add("ManifestEntry", "party_count", 501, "int32.gte_lte")
	add("ManifestEntry", "count", 0, "")
	add("ManifestEntry", "count", -1, "int64.gte")
	add("ManifestEntry", "message_ids[0]", 0, "int64.gte_lte")
	add("ManifestEntry", "message_ids", []any{1, 1}, "repeated.unique")
	numbers := make([]any, 501)
	for i := range numbers {
		numbers[i] = i + 1
	}
	add("ManifestEntry", "message_ids", numbers[:500], "")
	add("ManifestEntry", "message_ids", numbers, "repeated.max_items")

	add("GetInclusionProofRequest", "sequence", 0, "uint64.gte_lte")
	add("GetInclusionProofRequest", "sequence", "9223372036854775808", "uint64.gte_lte")
	add("GetInclusionProofRequest", "tree_size", "9223372036854775808", "uint64.lte")
	add("GetConsistencyProofRequest", "from_size", 0, "uint64.gte_lte")
	add("GetConsistencyProofRequest", "to_size", 0, "")
	add("GetConsistencyProofRequest", "to_size", "9223372036854775808", "uint64.lte")
	all = append(all, try{name: "turned around", message: "GetConsistencyProofRequest", path: "from_size", value: 2, rule: "consistency.from_not_after_to", at: "."})
	add("ListLeafHashesRequest", "after_sequence", "9223372036854775808", "uint64.lte")
	add("ListLeafHashesRequest", "page_size", -1, "int32.gte_lte")
	add("ListLeafHashesRequest", "page_size", 10_001, "int32.gte_lte")
	add("Organisation", "signature_policy", 999, "enum.defined_only")

	add("AnswerRequestRequest", "answer", nil, "answer.signed_or_not")
	all[len(all)-1].at = "."
	return append(append(all, recipients()...), forms()...)
}

// recipients tries whom an answer is sealed to.
func recipients() []try {
	x25519 := func(c string) any { return "age1" + strings.Repeat(c, 58) }
	hybrid := func(c string) any { return "age1pq1" + strings.Repeat(c, 1952) }
	var ten []any
	for _, c := range strings.Split("q p z r y 9 x 8 g f", " ") {
		ten = append(ten, x25519(c))
	}
	of := func(name string, value []any, rule, at string) try {
		return try{name: "recipients: " + name, message: "RequestSpec", path: "answer_recipients", value: value, rule: rule, at: at}
	}
	return []try{
		of("X25519", []any{x25519("q")}, "", ""),
		of("hybrid", []any{hybrid("q"), hybrid("p")}, "", ""),
		of("ten", ten, "", ""),
		of("eleven", append(ten, x25519("2")), "repeated.max_items", ""),
		of("one twice", []any{x25519("q"), x25519("q")}, "repeated.unique", ""),
		of("of two kinds", []any{x25519("q"), hybrid("q")}, "answer_recipients.of_one_kind", ""),
		of("a secret key", []any{"AGE-SECRET-KEY-1QQQ"}, "string.pattern", "answer_recipients[0]"),
		of("one that is too long", []any{"age1pq1" + strings.Repeat("q", 1953)}, "string.max_len", "answer_recipients[0]"),
	}
}

// forms tries that a step comes signed or not, and not both.
func forms() []try {
	var e any
	if err := yaml.Unmarshal([]byte(envelope), &e); err != nil {
		panic(err)
	}
	var all []try
	for _, step := range []struct{ message, field, rule string }{
		{"FileRequestRequest", "spec", "file.signed_or_not"},
		{"AmendRequestRequest", "amendment", "amend.signed_or_not"},
		{"ObjectToRequestRequest", "objection", "object.signed_or_not"},
		{"RefuseRequestRequest", "refusal", "refuse.signed_or_not"},
	} {
		all = append(all,
			try{name: "neither form", message: step.message, path: step.field, rule: step.rule, at: "."},
			try{name: "both forms", message: step.message, path: "signed", value: e, rule: step.rule, at: "."},
		)
	}
	named := func(fields map[string]any) map[string]any {
		fields["name"] = requestName
		return fields
	}
	return append(all,
		try{name: "signed", message: "FileRequestRequest", path: whole, value: map[string]any{"signed": e}},
		try{name: "signed", message: "RefuseRequestRequest", path: whole, value: named(map[string]any{"signed": e})},
		try{name: "signed", message: "ApproveRequestRequest", path: "signed", value: e},
		try{name: "both forms", message: "ApproveRequestRequest", path: whole, value: named(map[string]any{"etag": "e", "signed": e, "approval": map[string]any{}}), rule: "approve.signed_or_not", at: "."},
		try{name: "signed", message: "AnswerRequestRequest", path: whole, value: named(map[string]any{"signed": e, "content": "AAAA"})},
		try{name: "signed without content", message: "AnswerRequestRequest", path: whole, value: named(map[string]any{"signed": e}), rule: "answer.content_with_signed", at: "."},
		try{name: "content in clear and typed", message: "AnswerRequestRequest", path: "content", value: "AAAA", rule: "answer.content_with_signed", at: "."},
		try{
			name: "too much content", message: "AnswerRequestRequest", path: whole, rule: "bytes.max_len", at: "content",
			value: named(map[string]any{"signed": e, "content": base64.StdEncoding.EncodeToString(make([]byte, 3_000_001))}),
		},
	)
}
