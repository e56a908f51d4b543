package scope_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestGroundsThatNoPartyDecidesOn walks the contract: which grounds protect people, and which
// no party may decide on alone.
func TestGroundsThatNoPartyDecidesOn(t *testing.T) {
	var protects, undecidable []string
	for number, word := range liaisonv1.GroundCode_name {
		if scope.Protects(liaisonv1.GroundCode(number)) {
			protects = append(protects, word)
		}
		if scope.Undecidable(liaisonv1.GroundCode(number)) {
			undecidable = append(undecidable, word)
		}
	}
	slices.Sort(protects)
	slices.Sort(undecidable)
	if want := []string{"GROUND_CODE_IMMUNITY_OR_PRIVILEGE", "GROUND_CODE_PRESS_OR_EXPRESSION"}; !slices.Equal(protects, want) {
		t.Errorf("%v protect people, wanted %v", protects, want)
	}
	if want := []string{"GROUND_CODE_CONFLICT_OF_LAW", "GROUND_CODE_IMMUNITY_OR_PRIVILEGE", "GROUND_CODE_PRESS_OR_EXPRESSION"}; !slices.Equal(undecidable, want) {
		t.Errorf("no party decides on %v, wanted %v", undecidable, want)
	}
}

// TestOfWhatIsBarredNothingIsHandedOver holds an answer, and its manifest, against what is
// barred.
func TestOfWhatIsBarredNothingIsHandedOver(t *testing.T) {
	answer := read(t, `findings:
- selector_id: a
  outcomes: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_NOT_FOUND}]
- selector_id: b
  outcomes:
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_WITHHELD, ground: {code: GROUND_CODE_PRESS_OR_EXPRESSION, explanation: x}}
  - {category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_IDENTIFIED, message_ids: [1]}
- selector_id: c
  outcomes: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY, code: OUTCOME_CODE_WITHHELD, ground: {code: GROUND_CODE_OTHER, explanation: x}}]`, &liaisonv1.Answer{})
	manifest := scope.Manifest(answer, 1)
	for _, test := range []struct {
		name   string
		barred []string
		fields []string
	}{
		{"nothing is barred", nil, nil},
		{"what is withheld", []string{"c"}, nil},
		{"what was not found, which tells something too", []string{"a"}, []string{"answer.findings[0].outcomes[0].code"}},
		{"what is withheld but for one message", []string{"b"}, []string{"answer.findings[1].outcomes[1].code"}},
		{"what the answer is not about", []string{"d"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for form, err := range map[string]error{"answer": scope.CheckBarred(test.barred, answer), "manifest": scope.CheckBarredManifest(test.barred, manifest)} {
				var fields []string
				if err != nil {
					violations := err.(*scope.Violations)
					if violations.Kind != scope.Barred {
						t.Errorf("the %s is refused as %s", form, violations.Kind)
					}
					for _, v := range violations.Fields {
						fields = append(fields, v.Field)
					}
				}
				if !slices.Equal(fields, test.fields) {
					t.Errorf("of the %s %v are refused, wanted %v", form, fields, test.fields)
				}
			}
		})
	}
	if got := scope.Withheld(manifest); !slices.Equal(got, []string{"b"}) {
		t.Errorf("withheld to protect somebody are %v", got)
	}
}

// TestWithinAProposal: the platform is taken at its word for what it proposes, and less.
func TestWithinAProposal(t *testing.T) {
	spec := load(t, "04-too-broad/request.yaml", &liaisonv1.RequestSpec{})
	proposal := load(t, "04-too-broad/objection.yaml", &liaisonv1.Objection{}).GetProposal()
	less, more := proto.CloneOf(proposal), proto.CloneOf(proposal)
	less.GetSelectors()[0].GetMessages().Ids = less.GetSelectors()[0].GetMessages().GetIds()[:2]
	more.GetSelectors()[0].GetMessages().Ids = append(more.GetSelectors()[0].GetMessages().GetIds(), 12001)
	for _, test := range []struct {
		name               string
		proposal, narrowed *liaisonv1.Narrowing
		within             bool
	}{
		{"what is proposed", proposal, proto.CloneOf(proposal), true},
		{"less", proposal, less, true},
		{"more", proposal, more, false},
		{"without a proposal", nil, proposal, false},
	} {
		if got := scope.WithinProposal(spec, test.proposal, test.narrowed); got != test.within {
			t.Errorf("%s: %t, wanted %t", test.name, got, test.within)
		}
	}
}

// TestWhatADecisionIsAbout: in a dispute the objection's selectors that are still asked, and
// otherwise what is barred.
func TestWhatADecisionIsAbout(t *testing.T) {
	request := func(state liaisonv1.RequestState, objected ...string) *liaisonv1.Request {
		return &liaisonv1.Request{
			State: state, BarredSelectors: []string{"c"}, Objection: &liaisonv1.ObjectionOnRecord{SelectorIds: objected},
			Spec: &liaisonv1.RequestSpec{Selectors: []*liaisonv1.Selector{{Id: "a"}, {Id: "b"}, {Id: "c"}}},
		}
	}
	dispute, work := liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
	ruling := &liaisonv1.CourtRuling{Court: "Court of Appeal"}
	reviewed := request(work)
	reviewed.BarredSelectors, reviewed.ReviewerBarredSelectors = []string{"a", "c"}, []string{"c"}
	for _, test := range []struct {
		name        string
		request     *liaisonv1.Request
		decision    *liaisonv1.DisputeDecision
		independent bool
		about       []string
		taken       bool
	}{
		{"an objection to the whole", request(dispute), &liaisonv1.DisputeDecision{SelectorIds: []string{"a"}}, true, []string{"a", "b", "c"}, true},
		{"an objection to one", request(dispute, "b", "gone"), &liaisonv1.DisputeDecision{SelectorIds: []string{"b"}}, true, []string{"b"}, true},
		{"a decision of something else", request(dispute, "b"), &liaisonv1.DisputeDecision{SelectorIds: []string{"a"}}, true, []string{"b"}, false},
		{"what is barred", request(work, "b"), &liaisonv1.DisputeDecision{}, true, []string{"c"}, true},
		{"what the reviewer barred, too", reviewed, &liaisonv1.DisputeDecision{SelectorIds: []string{"c"}}, true, []string{"a", "c"}, true},
		{"a party's, of what the reviewer barred", reviewed, &liaisonv1.DisputeDecision{Ruling: ruling, SelectorIds: []string{"c"}}, false, []string{"a"}, false},
		{"a party's, by a ruling", request(dispute), &liaisonv1.DisputeDecision{Ruling: ruling}, false, []string{"a", "b", "c"}, true},
		{"a party's, by itself", request(dispute), &liaisonv1.DisputeDecision{}, false, []string{"a", "b", "c"}, false},
	} {
		if got := scope.DecidedOn(test.request, test.independent); !slices.Equal(got, test.about) {
			t.Errorf("%s: it is about %v, wanted %v", test.name, got, test.about)
		}
		if err := scope.CheckDecision(test.request, test.decision, test.independent); (err == nil) != test.taken {
			t.Errorf("%s: %v, wanted taken: %t", test.name, err, test.taken)
		}
	}
}
