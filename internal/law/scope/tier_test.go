package scope_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The levels and categories of the tests, as the contract numbers them.
const (
	judge, prosecutor, body, head, senior = liaisonv1.ApproverLevel(1), liaisonv1.ApproverLevel(2), liaisonv1.ApproverLevel(3), liaisonv1.ApproverLevel(4), liaisonv1.ApproverLevel(5)
	whoItWas, access                      = liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, liaisonv1.DataCategory_DATA_CATEGORY_ACCESS_RECORDS
	disclose, preserve, existence         = liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE
)

// TestEveryCategoryHasATier: a category that is added without one would need a judge, and
// is told of here.
func TestEveryCategoryHasATier(t *testing.T) {
	t.Parallel()
	values := liaisonv1.DataCategory(0).Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		category := liaisonv1.DataCategory(values.Get(i).Number())
		want := liaisonv1.DataTier_DATA_TIER_ACTIVITY
		if category == whoItWas || category == liaisonv1.DataCategory_DATA_CATEGORY_IDENTIFYING_ACCESS {
			want = liaisonv1.DataTier_DATA_TIER_IDENTITY
		}
		if got := scope.TierOf(category); got != want {
			t.Errorf("%s is in %s, wanted %s", category, got, want)
		}
		if !strings.Contains(values.Get(i).Options().(interface{ String() string }).String(), "tier") {
			t.Errorf("the contract does not say in which tier %s is", category)
		}
	}
	if scope.TierOf(99) != liaisonv1.DataTier_DATA_TIER_ACTIVITY {
		t.Error("a category that nobody knows is in the lowest tier")
	}
}

func levels(identity, activity liaisonv1.ApproverLevel) *liaisonv1.CountryPolicy {
	p := &liaisonv1.CountryPolicy{}
	for tier, level := range map[liaisonv1.DataTier]liaisonv1.ApproverLevel{
		liaisonv1.DataTier_DATA_TIER_IDENTITY: identity, liaisonv1.DataTier_DATA_TIER_ACTIVITY: activity,
	} {
		if level != 0 {
			p.Levels = append(p.Levels, &liaisonv1.TierLevel{Tier: tier, LowestLevel: level})
		}
	}
	return p
}

// TestWhoMayApproveWhat goes through kinds, categories, policies and levels: of the levels
// exactly those from the highest down to the needed one pass.
func TestWhoMayApproveWhat(t *testing.T) {
	t.Parallel()
	type policies = []*liaisonv1.CountryPolicy
	for _, test := range []struct {
		name       string
		kind       liaisonv1.RequestKind
		categories []liaisonv1.DataCategory
		policies   policies
		needed     liaisonv1.ApproverLevel
		category   liaisonv1.DataCategory
	}{
		{"identity by default", disclose, []liaisonv1.DataCategory{whoItWas}, nil, prosecutor, whoItWas},
		{"identity in a country without a policy", disclose, []liaisonv1.DataCategory{whoItWas}, policies{nil}, prosecutor, whoItWas},
		{"activity by default", disclose, []liaisonv1.DataCategory{whoItWas, access}, nil, judge, access},
		{"the order says nothing", disclose, []liaisonv1.DataCategory{access, whoItWas}, nil, judge, access},
		{"a policy that names one tier", disclose, []liaisonv1.DataCategory{whoItWas, access}, policies{levels(head, 0)}, judge, access},
		{"a laxer policy", disclose, []liaisonv1.DataCategory{whoItWas, access}, policies{levels(head, body)}, body, access},
		{"a stricter policy", disclose, []liaisonv1.DataCategory{whoItWas}, policies{levels(judge, 0)}, judge, whoItWas},
		{"of two policies the stricter", disclose, []liaisonv1.DataCategory{whoItWas}, policies{levels(senior, senior), nil}, prosecutor, whoItWas},
		{"of two policies the stricter, the other way round", disclose, []liaisonv1.DataCategory{whoItWas}, policies{levels(body, 0), levels(head, 0)}, body, whoItWas},
		{"a policy with a level that nobody knows", disclose, []liaisonv1.DataCategory{whoItWas}, policies{levels(99, 0)}, prosecutor, whoItWas},
		{"preserving activity", preserve, []liaisonv1.DataCategory{access}, nil, prosecutor, access},
		{"asking whether there is activity", existence, []liaisonv1.DataCategory{access}, nil, prosecutor, access},
		{"a kind that nobody knows", 0, []liaisonv1.DataCategory{access}, policies{levels(judge, judge)}, judge, access},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for level := liaisonv1.ApproverLevel(0); level <= 6; level++ {
				spec := &liaisonv1.RequestSpec{Kind: test.kind, Categories: test.categories, LegalBasis: &liaisonv1.LegalBasis{ApproverLevel: level}}
				for _, claimed := range []bool{false, true} {
					err := scope.CheckLevel(spec, level, test.policies...)
					if claimed {
						err = scope.CheckClaim(spec, test.policies...)
					}
					if level >= judge && level <= test.needed {
						if err != nil {
							t.Errorf("%s is refused: %v", level, err)
						}
						continue
					}
					var low *scope.LevelTooLow
					if !errors.As(err, &low) || low.Level != level || low.Claimed != claimed {
						t.Fatalf("%s: %v", level, err)
					}
					if low.Category != test.category || low.Needed != test.needed || !strings.Contains(low.Error(), "at least the level") {
						t.Errorf("%s: %v, wanted a need of %s", level, err, test.needed)
					}
				}
			}
		})
	}
}

func TestTheLevelOfAnApprover(t *testing.T) {
	t.Parallel()
	policy := &liaisonv1.FilingPolicy{Approvers: []*liaisonv1.ApproverEntry{
		{Name: "karim.aziz", Level: judge},
		{Name: "spiffe://moc.example/approver/sana.karim", Level: prosecutor},
		{Name: "broken", Level: 99},
	}}
	for id, want := range map[string]liaisonv1.ApproverLevel{
		"spiffe://moc.example/approver/karim.aziz":   judge,
		"spiffe://moc.example/approver/sana.karim":   prosecutor,
		"spiffe://other.example/approver/sana.karim": senior,
		"spiffe://moc.example/approver/aziz":         senior,
		"spiffe://moc.example/approver/x.karim.aziz": senior,
		"spiffe://moc.example/approver/broken":       senior,
		"spiffe://moc.example/approver/amal.hassan":  senior,
		"": senior,
	} {
		if got := scope.LevelOf(policy, id); got != want {
			t.Errorf("%q has the level %s, wanted %s", id, got, want)
		}
	}
	if got := scope.LevelOf(nil, "spiffe://moc.example/approver/karim.aziz"); got != senior {
		t.Errorf("without a policy the level is %s", got)
	}
}
