package scope_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "write the files of the case of 500 numbers anew")

// bulkParts is, for each part of the answer to 500 numbers, how many were
// identified, not found, without data held, and past their retention.
var bulkParts = [][4]int{{63, 24, 12, 1}, {62, 24, 12, 2}, {62, 24, 12, 2}, {62, 24, 12, 2}, {62, 24, 12, 2}}

// TestCaseOfFiveHundredNumbers makes the files of the case, which nobody would
// write by hand, and holds them against those that are there. `go test -run
// FiveHundred -update` writes them.
func TestCaseOfFiveHundredNumbers(t *testing.T) {
	files := map[string]string{"request.yaml": bulkRequest()}
	first := 0
	for i, part := range bulkParts {
		files[fmt.Sprintf("answer-%d.yaml", i+1)] = bulkAnswer(first, part, i == len(bulkParts)-1)
		first += part[0] + part[1] + part[2] + part[3]
	}
	if first != 500 {
		t.Fatalf("the parts are about %d numbers", first)
	}
	for name, want := range files {
		path := filepath.Join(casesDir, "06-bulk-selectors", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not what it is made of (%v): run with -update", name, err)
		}
	}

	spec := load(t, "06-bulk-selectors/request.yaml", &liaisonv1.RequestSpec{})
	if n := len(spec.GetSelectors()); n != 500 || spec.GetSelectors()[0].GetPhone().GetNumber() != "+447700900000" || spec.GetSelectors()[499].GetPhone().GetNumber() != "+447700900499" {
		t.Errorf("%d numbers, from %v to %v", n, spec.GetSelectors()[0], spec.GetSelectors()[n-1])
	}
	largest, hashes := int64(0), make(map[string]bool)
	for _, d := range spec.GetIncident().GetEvidence() {
		largest = max(largest, d.GetSizeBytes())
		hashes[d.GetSha256()] = true
	}
	if len(hashes) != 10 || largest != 180_000_000 {
		t.Errorf("%d documents, the largest of %d bytes", len(hashes), largest)
	}
}

func bulkRequest() string {
	var b strings.Builder
	b.WriteString(`# 500 numbers and ten documents. Made by internal/law/scope/bulk_test.go.
platform: platforms/messenger
reference: DPO-2026-0140
kind: REQUEST_KIND_DISCLOSE
urgency: URGENCY_ROUTINE
incident:
  titles:
    - { language: ar, text: "بيع أجزاء من قاعدة بيانات مصرفية مسربة" }
    - { language: en, text: "Slices of a leaked bank database sold" }
  types: [INCIDENT_TYPE_SALE]
  discovered_time: "2026-10-12T07:00:00Z"
  leaked: [LEAKED_DATA_FINANCIAL]
  people: [PEOPLE_CATEGORY_CUSTOMERS]
  evidence:
`)
	for i := range 10 {
		size := 2_000_000 * (i + 1)
		if i == 9 {
			size = 180_000_000
		}
		fmt.Fprintf(&b, "    - { sha256: %x, title: \"Offers, part %d\", media_type: application/zip, size_bytes: %d }\n",
			sha256.Sum256(fmt.Appendf(nil, "evidence %d", i+1)), i+1, size)
	}
	b.WriteString("selectors:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "  - { id: n%03d, necessity: \"This number sold a slice.\", roles: [PARTY_ROLE_SELLER], phone: { number: \"+447700900%03d\" } }\n", i, i)
	}
	b.WriteString(`categories: [DATA_CATEGORY_SUBSCRIBER_IDENTITY]
legal_basis:
  kind: LEGAL_BASIS_KIND_DATA_PROTECTION_POWER
  country: IQ
  instrument: Personal Data Protection Act
  article: "31(1)"
  issuing_body: Data Protection Office
  approver_level: APPROVER_LEVEL_JUDGE
  order_number: DPO-D-2026-50
  issue_time: "2026-10-13T00:00:00Z"
necessity: Each of these numbers sold a slice of the database. Who bought is not sought.
screening: { result: SCREENING_RESULT_NONE_KNOWN }
confidentiality: { user_may_be_told: true }
redress:
  - { language: en, text: "Whoever is concerned can object to this request before the Data Protection Office." }
calendar: { time_zone: Asia/Baghdad, days: DAY_KIND_WORKING }
language: en
`)
	return b.String()
}

func bulkAnswer(first int, part [4]int, final bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# A part of the answer to 500 numbers. Made by internal/law/scope/bulk_test.go.\nfinal: %v\nscreening:\n  result: SCREENING_RESULT_NONE_KNOWN\nfindings:\n", final)
	for i, code := range []string{"IDENTIFIED", "NOT_FOUND", "NO_DATA_HELD", "RETENTION_EXPIRED"} {
		for range part[i] {
			fmt.Fprintf(&b, "  - selector_id: n%03d\n    outcomes: [{ category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_%s }]\n", first, code)
			if code == "IDENTIFIED" {
				fmt.Fprintf(&b, "    parties: [{ account: { id: \"600600%03d\" }, roles: [PARTY_ROLE_SELLER], bases: [ATTRIBUTION_BASIS_AUTHOR_RECORD], confidence: CONFIDENCE_CONFIRMED, control: ACCOUNT_CONTROL_SOLE, items: [{ category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, phone: { number: \"+447700900%03d\" } }] }]\n", first, first)
			}
			first++
		}
	}
	return b.String()
}
