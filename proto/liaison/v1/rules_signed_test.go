package liaisonv1_test

import (
	"encoding/base64"
	"fmt"
	"strings"

	"buf.build/go/protovalidate"
	"filippo.io/age"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"sigs.k8s.io/yaml"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// signed tries what is signed, sealed and receipted, as far as the other tables have
// no place for it.
func signed() []try {
	var all []try
	for _, row := range []struct{ message, name, text, rule, at string }{
		{"Envelope", "a signature that is none", envelopeWith("signatures: [{certificates: [AAAA]}]"), "required", "signatures[0].sig"},
		{"Envelope", "a signature that is nobody's", envelopeWith("signatures: [{sig: AAAA}]"), "repeated.min_items", "signatures[0].certificates"},

		{"Statement", "that files", statementWith("filed: " + requestSpec), "", ""},
		{"Statement", "that approves with a remark", statementWith("approved: {note: x}"), "", ""},
		{"Statement", "that amends", statementWith("amended: {narrowing: " + narrowing + ", reason: r}"), "", ""},
		{"Statement", "that objects", statementWith("objected: {grounds: [{code: GROUND_CODE_OTHER, explanation: e}]}"), "", ""},
		{"Statement", "that refuses", statementWith("refused: {grounds: [{code: GROUND_CODE_OTHER, explanation: e}]}"), "", ""},
		{"Statement", "that answers", statementWith("answered: " + valid["AnswerStatement"]), "", ""},
		{"Statement", "that validates", statementWith("emergency_validated: " + valid["EmergencyValidation"]), "", ""},
		{"Statement", "that upholds", statementWith("upheld: {reason: r}"), "", ""},
		{"Statement", "that withdraws", statementWith("withdrawn: {reason: r}"), "", ""},
		{"Statement", "that says that somebody was told", statementWith("notice_recorded: {}"), "", ""},
		{"Statement", "that opens", statementWith("answer_opened: {part: 1}"), "", ""},
		{"Statement", "that recalls", statementWith("answer_recalled: {parts: [1], reason: r}"), "", ""},
		{"Statement", "that confirms a recall", statementWith("recall_confirmed: {}"), "", ""},
		{"Statement", "that attests deletion", statementWith("deletion_attested: {}"), "", ""},
		{"Statement", "that confirms preservation", statementWith("preservation_confirmed: {}"), "", ""},
		{"Statement", "that extends preservation", statementWith("preservation_extended: " + valid["PreservationExtension"]), "", ""},
		{"Statement", "that upholds without a reason", statementWith("upheld: {}"), "required", "upheld.reason"},
		{"Statement", "that withdraws without a reason", statementWith("withdrawn: {}"), "required", "withdrawn.reason"},
		{"Statement", "that opens nothing", statementWith("answer_opened: {}"), "required", "answer_opened.part"},
		{"Statement", "that recalls without a reason", statementWith("answer_recalled: {parts: [1]}"), "required", "answer_recalled.reason"},
		{"Statement", "that extends to no end", statementWith("preservation_extended: {reason: r}"), "required", "preservation_extended.end_time"},
		{"Statement", "that files what could not be filed unsigned", statementWith("filed: " + inline(specWith("necessity: null"))), "required", "filed.necessity"},
		{"Statement", "that amends nothing", statementWith("amended: {}"), "required", "amended.narrowing"},
		{"Statement", "that objects on no ground", statementWith("objected: {}"), "repeated.min_items", "objected.grounds"},
		{"Statement", "that refuses on no ground", statementWith("refused: {}"), "repeated.min_items", "refused.grounds"},
		{"Statement", "that answers with nothing in particular", statementWith("answered: " + inline(with(valid["AnswerStatement"], "manifest: {part: 1, screening: SCREENING_RESULT_NONE_KNOWN}"))), "repeated.min_items", "answered.manifest.entries"},
		{"Statement", "after no other, and by who has seen no checkpoint", with(valid["Statement"], "previous_sha256: null\ncheckpoint: null"), "", ""},

		{"AnswerStatement", "an answer in clear", with(valid["AnswerStatement"], "encoding: ANSWER_ENCODING_PLAIN"), "", ""},
		{"AnswerStatement", "an answer to what was filed unsigned", with(valid["AnswerStatement"], "filing_sha256: null"), "", ""},
		{"AnswerManifest", "an entry about no selector", `{part: 1, screening: SCREENING_RESULT_NONE_KNOWN, entries: [{category: DATA_CATEGORY_DEVICE, outcome: OUTCOME_CODE_NOT_FOUND}]}`, "required", "entries[0].selector_id"},
		{"ManifestEntry", "a ground that does not exist", with(valid["ManifestEntry"], "ground: 999"), "enum.defined_only", "ground"},
		{"SealedAnswer", "unpadded", `{answer: {screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [` + finding + `]}}`, "", ""},
		{"SealedAnswer", "an answer without findings", `{answer: {screening: {result: SCREENING_RESULT_NONE_KNOWN}}}`, "repeated.min_items", "answer.findings"},

		{"ClearAnswer", "without an answer", with(valid["ClearAnswer"], "answer: null"), "required", "answer"},
		{"ClearAnswer", "without salt", with(valid["ClearAnswer"], "salt: null"), "required", "salt"},
		{"ClearAnswer", "with a short salt", with(valid["ClearAnswer"], "salt: AAAA"), "bytes.len", "salt"},
		{"ManifestEntry", "withheld on a ground", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_WITHHELD, ground: GROUND_CODE_OTHER}`, "", ""},
		{"ManifestEntry", "withheld without a ground", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_WITHHELD}`, "entry.withheld_needs_ground", "."},
		{"ManifestEntry", "a ground for nothing withheld", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_NOT_FOUND, ground: GROUND_CODE_OTHER}`, "entry.withheld_needs_ground", "."},
		{"ManifestEntry", "parties where nobody is identified", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_NOT_FOUND, party_count: 1}`, "entry.party_count", "."},
		{"ManifestEntry", "ambiguous between two", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_AMBIGUOUS, count: 2}`, "", ""},
		{"ManifestEntry", "ambiguous between one", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_AMBIGUOUS, count: 1}`, "entry.count", "."},
		{"ManifestEntry", "so many that exist", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_EXISTS, count: 7}`, "", ""},
		{"ManifestEntry", "a count of what was not found", `{selector_id: a, category: 1, outcome: OUTCOME_CODE_NOT_FOUND, count: 7}`, "entry.count", "."},
		{"GetInclusionProofRequest", "of an event beyond the tree", `{sequence: 5, tree_size: 4}`, "inclusion.sequence_within_tree", "."},
		{"GetInclusionProofRequest", "of the last event in a tree", `{sequence: 5, tree_size: 5}`, "", ""},
		{"GetInclusionProofRequest", "of an event that nobody names", `{tree_size: 5}`, "uint64.gte_lte", "sequence"},
		{"GetConsistencyProofRequest", "from a size to itself", `{from_size: 5, to_size: 5}`, "", ""},
		{"GetConsistencyProofRequest", "from a size to as many as there are", `{from_size: 5}`, "", ""},
		{"GetConsistencyProofRequest", "turned around", `{from_size: 6, to_size: 5}`, "consistency.from_not_after_to", "."},
		{"GetConsistencyProofRequest", "from nothing", `{to_size: 5}`, "uint64.gte_lte", "from_size"},
		{"RequestFilter", "what was purged", `{states: [REQUEST_STATE_PURGED]}`, "", ""},
	} {
		all = append(all, rowTry(row.message, row.name, row.text, row.rule, row.at))
	}
	all = append(all, blobs()...)
	all = append(all, recipients()...)
	all = append(all, beginnings()...)
	return append(all, forms()...)
}

// blobs tries how many bytes there may be.
func blobs() []try {
	var all []try
	for _, blob := range []struct {
		message, path string
		good, bad     []int
		rule          string
	}{
		{"Envelope", "payload", []int{1, 1000000}, []int{1000001}, "bytes.max_len"},
		{"BodyPart", "content", []int{1, 1000000}, []int{1000001}, "bytes.max_len"},
		{"BodyPart", "content", nil, []int{0}, "required"},
		{"BodyPart", "salt", []int{32}, []int{31, 33}, "bytes.len"},
		{"BodyPart", "salt", nil, []int{0}, "required"},
		{"BodyPartDigest", "sha256", []int{32}, []int{31, 33}, "bytes.len"},
		{"BodyPartDigest", "sha256", nil, []int{0}, "required"},
		{"LawDigest", "sha256", []int{32}, []int{31, 33}, "bytes.len"},
		{"LawDigest", "sha256", nil, []int{0}, "required"},
		{"Predecessor", "restored_root", []int{32}, []int{31, 33}, "bytes.len"},
		{"Predecessor", "restored_root", nil, []int{0}, "required"},
		{"Genesis", "operator_authorities[0]", []int{1, 10000}, []int{10001}, "bytes.max_len"},
		{"Genesis", "operator_authorities[0]", nil, []int{0}, "bytes.min_len"},
		{"EnvelopeSignature", "sig", []int{1, 256}, []int{257}, "bytes.max_len"},
		{"EnvelopeSignature", "certificates[0]", []int{1, 10000}, []int{10001}, "bytes.max_len"},
		{"EnvelopeSignature", "certificates[0]", nil, []int{0}, "bytes.min_len"},
		{"Statement", "previous_sha256", []int{0, 32}, []int{1, 31, 33, 64}, "bytes.len"},
		{"AnswerStatement", "filing_sha256", []int{0, 32}, []int{1, 31, 33, 64}, "bytes.len"},
		{"AnswerStatement", "content_sha256", []int{32}, []int{1, 31, 33, 64}, "bytes.len"},
		{"AnswerStatement", "content_sha256", nil, []int{0}, "required"},
	} {
		for _, n := range blob.good {
			all = append(all, try{name: fmt.Sprintf("%s of %d bytes", blob.path, n), message: blob.message, path: blob.path, value: raw(n)})
		}
		for _, n := range blob.bad {
			all = append(all, try{name: fmt.Sprintf("%s of %d bytes", blob.path, n), message: blob.message, path: blob.path, value: raw(n), rule: blob.rule})
		}
	}
	return all
}

// beginnings tries what a ledger is called, and how its genesis hangs together.
func beginnings() []try {
	var all []try
	for _, at := range []struct{ message, path string }{{"Genesis", "ledger"}, {"Predecessor", "ledger"}} {
		for _, bad := range []string{"hub.example", "hub.example/0", "hub.example/01", "hub.example/1/2", "Hub.example/1", "hub.example/1\n"} {
			all = append(all, try{name: at.path + " " + bad, message: at.message, path: at.path, value: bad, rule: "string.pattern", also: true})
		}
		all = append(all, try{name: at.path + " absent", message: at.message, path: at.path, rule: "required", also: true})
	}
	for _, message := range []string{"Genesis", "Predecessor"} {
		all = append(all,
			try{name: "hub_key absent", message: message, path: "hub_key", rule: "required", also: true},
			try{name: "hub_key too long", message: message, path: "hub_key", value: "hub.example/1+" + strings.Repeat("k", 500), rule: "string.max_bytes"},
		)
	}
	return append(all,
		try{name: "hub_key of another", message: "Genesis", path: "hub_key", value: "hub.example/2+a+b", rule: "genesis.named_by_its_key", at: "."},
		try{name: "trust_domain with a port", message: "Genesis", path: "trust_domain", value: "hub.example:1", rule: "string.pattern"},
		try{name: "a law that is none", message: "LawDigest", path: "name", value: "eu-epo", rule: "string.pattern"},
		try{name: "a reason too long", message: "Predecessor", path: "reason", value: strings.Repeat("r", 2001), rule: "string.max_bytes"},
		try{name: "more restored than a ledger can have", message: "Predecessor", path: "restored_size", value: "9223372036854775808", rule: "uint64.lte", also: true},
		try{name: "more restored than known", message: "Predecessor", path: whole, value: map[string]any{
			"ledger": "hub.example/1", "hub_key": "k", "restored_size": 2, "known_size": 1, "restored_root": raw(32), "reason": "r",
		}, rule: "predecessor.restored_within_known", at: "."},
	)
}

// recipients tries whom answers and attachments are sealed to.
func recipients() []try {
	return append(recipientsOf("RequestSpec", "answer_recipients"), recipientsOf("Organisation", "attachment_recipients")...)
}

func recipientsOf(message, path string) []try {
	made, err := age.GenerateHybridIdentity()
	if err != nil {
		panic(err)
	}
	x25519s, hybrids := []any{}, []any{}
	for i := range 10 {
		x25519s, hybrids = append(x25519s, x25519(i)), append(hybrids, hybrid(i))
	}
	// The example of the age specification.
	const specified = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	first, kinds := path+"[0]", path+".of_one_kind"
	var all []try
	for _, row := range []struct {
		name     string
		value    []any
		rule, at string
	}{
		{"X25519", []any{specified}, "", ""},
		{"hybrid", []any{made.Recipient().String()}, "", ""},
		{"ten X25519", x25519s, "", ""},
		{"ten hybrid", hybrids, "", ""},
		{"one X25519 before hybrid ones", []any{x25519(0), hybrid(0), hybrid(1)}, kinds, ""},
		{"one X25519 behind hybrid ones", []any{hybrid(0), hybrid(1), x25519(0)}, kinds, ""},
		{"one hybrid behind X25519 ones", []any{x25519(0), x25519(1), hybrid(0)}, kinds, ""},
		{"X25519 that begins as if it were hybrid", []any{"age1pq" + strings.Repeat("q", 56), x25519(0)}, "", ""},
		{"hybrid, one character longer", []any{hybrid(0).(string) + "q"}, "string.max_len", first},
		{"empty", []any{""}, "string.pattern", first},
		{"nothing but the beginning", []any{"age1"}, "string.pattern", first},
		{"nothing but the beginning of a hybrid one", []any{"age1pq1"}, "string.pattern", first},
		{"a secret key", []any{"AGE-SECRET-KEY-1" + strings.Repeat("Q", 58)}, "string.pattern", first},
		{"a secret key in lower case", []any{"age-secret-key-1" + strings.Repeat("q", 58)}, "string.pattern", first},
		{"in upper case", []any{strings.ToUpper(specified)}, "string.pattern", first},
		{"of a plugin", []any{"age1yubikey1" + strings.Repeat("q", 53)}, "string.pattern", first},
		{"of an SSH key", []any{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"}, "string.pattern", first},
		{"with a letter that Bech32 lacks", []any{strings.Replace(specified, "z", "b", 1)}, "string.pattern", first},
		{"with a new line", []any{specified + "\n"}, "string.pattern", first},
		{"two in one", []any{specified + "," + specified}, "string.pattern", first},
	} {
		all = append(all, try{name: path + ": " + row.name, message: message, path: path, value: row.value, rule: row.rule, at: row.at})
	}
	for i, letter := range "1bio" {
		text := "age1" + strings.Repeat("q", 57) + string(letter)
		all = append(all, try{name: fmt.Sprint(path, ": ending with letter ", i, " of those that Bech32 lacks"), message: message, path: path, value: []any{text}, rule: "string.pattern", at: first})
	}
	return all
}

// forms tries that a step comes signed or not, wherever it can be signed, and says something
// where it has to. That it cannot come both ways is a oneof's to say.
func forms() []try {
	var all []try
	add := func(name string, m protoreflect.MessageDescriptor, form, rule, at string, also bool) {
		all = append(all, try{
			name: name, message: string(m.Name()), path: whole, value: fieldsOf(stepCall(m, form)), rule: rule, at: at, also: also,
		})
	}
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			if !takesStep(m) {
				continue
			}
			content := ""
			if m.Fields().ByName("content") != nil {
				content = ", content: AAAA"
			}
			if m.Fields().ByName("signed") == nil {
				rule := "required"
				if protovalidate.Validate(dynamicpb.NewMessage(said(m).Message())) == nil {
					rule = "" // what may be empty may be absent
				}
				add("nothing said", m, "", rule, said(m).TextName(), false)
				continue
			}
			add("signed", m, "signed: "+envelope+content, "", "", false)
			add("neither form", m, "", "required", "form", false)
			add("an envelope of something else", m, "signed: "+envelopeWith("payload_type: text/plain")+content, "string.const", "signed.payload_type", false)
			add("an empty envelope", m, "signed: {}"+content, "required", "signed.payload", true)
		}
	})

	const itsContent = "answer.content_with_signed"
	answer := (&liaisonv1.AnswerRequestRequest{}).ProtoReflect().Descriptor()
	given := "answer: {screening: {result: SCREENING_RESULT_NONE_KNOWN}, findings: [" + finding + "]}"
	add("signed with as much content as there may be", answer, "signed: "+envelope+", content: "+raw(917504), "", "", false)
	add("signed with a byte more", answer, "signed: "+envelope+", content: "+raw(3000001), "bytes.max_len", "content", false)
	add("signed without content", answer, "signed: "+envelope, itsContent, ".", false)
	add("unsigned with content", answer, given+", content: AAAA", itsContent, ".", false)
	add("content alone, with no form", answer, "content: AAAA", "required", "form", true)
	add("content alone, with no signature", answer, "content: AAAA", itsContent, ".", true)
	return all
}

// raw is so many bytes in base64.
func raw(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }

// bech32 are the letters of which recipients are made.
const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// x25519 and hybrid are texts in the form of recipients, another for each number up
// to 31. They are nobody's.
func x25519(i int) any { return "age1" + strings.Repeat(bech32[i:i+1], 58) }
func hybrid(i int) any { return "age1pq1" + strings.Repeat(bech32[i:i+1], 1952) }

func envelopeWith(fields string) string { return inline(with(envelope, fields)) }

// statementWith is the valid statement with another step.
func statementWith(step string) string { return with(valid["Statement"], "approved: null\n"+step) }

// inline is a message so written that it can stand in another.
func inline(text string) string {
	out, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		panic(err)
	}
	return string(out)
}

func fieldsOf(text string) map[string]any {
	var fields map[string]any
	if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
		panic(err)
	}
	return fields
}
