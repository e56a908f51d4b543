package lifecycle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// Stored numbers and words of the contract: a change here breaks every archive
// and every other implementation. What is new comes to them.
func TestNumbersAndWordsNeverChange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		got, want []string
	}{
		{"states", numbered(States()), []string{
			"1 AWAITING_APPROVAL", "2 FILED", "3 ACKNOWLEDGED", "4 CLARIFICATION_NEEDED",
			"5 OBJECTED", "6 PARTIALLY_ANSWERED", "7 ANSWERED", "8 PRESERVED", "9 REFUSED",
			"10 WITHDRAWN", "11 CLOSED", "12 PURGED", "13 LAPSED", "14 EXPIRED",
			"15 IN_DISPUTE",
		}},
		{"steps", numbered(Steps()), []string{
			"1 FILED", "2 APPROVED", "3 REJECTED", "4 WITHDRAWN", "5 ACKNOWLEDGED",
			"6 CLARIFICATION_ASKED", "7 CLARIFICATION_REPLIED", "8 OBJECTED", "9 UPHELD",
			"10 AMENDED", "11 REFUSED", "12 PARTIALLY_ANSWERED", "13 ANSWERED",
			"14 PRESERVATION_CONFIRMED", "15 PRESERVATION_EXTENDED", "16 EMERGENCY_VALIDATED",
			"17 RECEIPT_CONFIRMED", "18 PURGED", "19 LAPSED", "20 EXPIRED", "21 DEADLINE_NEAR",
			"22 DEADLINE_MISSED", "23 MORE_TIME_ASKED", "24 MORE_TIME_GRANTED", "25 MORE_TIME_DECLINED",
			"26 DELETION_ATTESTED", "27 ANSWER_OPENED", "28 ANSWER_RECALLED", "29 RECALL_CONFIRMED",
			"30 NOTICE_DELAY_ENDED", "31 NOTICE_RECORDED", "32 REVIEW_OBJECTED", "33 REVIEW_REFUSED",
			"34 REVIEW_CLEARED", "35 REVIEW_LAPSED", "36 OBJECTION_MAINTAINED", "37 DISPUTE_DECIDED", "38 DISPUTE_SUSTAINED",
			"42 AUDITED", "43 HANDED_OVER", "44 HAND_OVER_ENDED",
		}},
		{"kinds", numbered(Kinds()), []string{"1 DISCLOSE", "2 PRESERVE", "3 EXISTENCE"}},
		{"roles", numbered(Roles()), []string{
			"1 officer", "2 approver", "3 agent", "4 reviewer", "5 auditor", "6 operator", "7 hub",
		}},
		{"reasons", numbered(Reasons()), []string{
			"1 UNKNOWN_STEP", "2 WRONG_ROLE", "3 WRONG_STATE", "4 WRONG_KIND", "5 NOT_EMERGENCY",
			"6 NO_PERSON", "7 SAME_PERSON", "8 ANSWERED_IN_PART", "9 ALREADY_DONE",
			"10 NOTHING_PENDING", "11 REVIEW_PENDING", "12 SECOND_PERSON_NEEDED",
		}},
	} {
		for _, line := range test.want {
			if !slices.Contains(test.got, line) {
				t.Errorf("%s: %s is not what it was", test.name, line)
			}
		}
	}
}

func TestEveryNumberHasItsOwnWord(t *testing.T) {
	t.Parallel()
	for _, lines := range [][]string{numbered(States()), numbered(Steps()), numbered(Kinds()), numbered(Roles()), numbered(Reasons())} {
		seen := make(map[string]bool)
		for _, line := range lines {
			_, word, _ := strings.Cut(line, " ")
			if word == "" || seen[word] {
				t.Errorf("%s has no word of its own", line)
			}
			seen[word] = true
		}
	}
	for _, step := range Steps() {
		if step.Verb() == "" || strings.HasPrefix(step.Verb(), "Step(") {
			t.Errorf("%s has no verb", step)
		}
	}
}

func numbered[V interface {
	~uint8
	fmt.Stringer
}](values []V) []string {
	var lines []string
	for _, v := range values {
		lines = append(lines, fmt.Sprintf("%d %s", uint8(v), v))
	}
	return lines
}

func TestUnknownNumbersShowThemselves(t *testing.T) {
	t.Parallel()
	for value, want := range map[fmt.Stringer]string{
		None: "NONE", State(99): "State(99)", Kind(0): "Kind(0)", Step(99): "Step(99)",
		Role(0): "Role(0)", Side(0): "Side(0)", Reason(99): "Reason(99)",
	} {
		if got := value.String(); got != want {
			t.Errorf("%T: got %q, want %q", value, got, want)
		}
	}
}

func TestEachRoleStandsOnOneSide(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, role := range append(Roles(), 0, Hub+1) {
		got[role.String()] = role.Side().String()
	}
	want := map[string]string{
		"officer": "authority", "approver": "authority", "agent": "platform",
		"reviewer": "oversight", "auditor": "oversight", "operator": "hub", "hub": "hub",
		"Role(0)": "Side(0)", "Role(8)": "Side(0)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseRole(f *testing.F) {
	for _, role := range Roles() {
		f.Add(role.String())
	}
	for _, text := range []string{"", "Officer", "officer ", "root", "Role(0)", "approver\x00"} {
		f.Add(text)
	}
	words := map[string]bool{
		"officer": true, "approver": true, "agent": true, "reviewer": true,
		"auditor": true, "operator": true, "hub": true,
	}
	f.Fuzz(func(t *testing.T, text string) {
		role, ok := ParseRole(text)
		if ok != words[text] {
			t.Fatalf("ParseRole(%q) = %v, %v", text, role, ok)
		}
		if ok && role.String() != text {
			t.Fatalf("ParseRole(%q) = %v", text, role)
		}
		if !ok && role != 0 {
			t.Fatalf("ParseRole(%q) = %v without being one", text, role)
		}
	})
}
