package scope

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The levels of approval, the highest first, as their numbers are.
const (
	highestLevel = liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE
	lowestLevel  = liaisonv1.ApproverLevel_APPROVER_LEVEL_SENIOR_OFFICER
)

// tiers are the tiers of the categories, by number, as the contract's options say.
var tiers = func() map[liaisonv1.DataCategory]liaisonv1.DataTier {
	all := make(map[liaisonv1.DataCategory]liaisonv1.DataTier)
	values := liaisonv1.DataCategory(0).Descriptor().Values()
	for i := range values.Len() {
		value := values.Get(i)
		if tier, ok := proto.GetExtension(value.Options(), liaisonv1.E_Tier).(liaisonv1.DataTier); ok {
			all[liaisonv1.DataCategory(value.Number())] = tier
		}
	}
	return all
}()

// TierOf returns the tier of a category: the highest for one that has none.
func TierOf(category liaisonv1.DataCategory) liaisonv1.DataTier {
	if tiers[category] == liaisonv1.DataTier_DATA_TIER_IDENTITY {
		return liaisonv1.DataTier_DATA_TIER_IDENTITY
	}
	return liaisonv1.DataTier_DATA_TIER_ACTIVITY
}

// LowestLevel returns the lowest level that may approve a request for data of a tier: by a
// country's policy, or by the contract's default where the policy is absent or does not
// name the tier.
func LowestLevel(policy *liaisonv1.CountryPolicy, tier liaisonv1.DataTier) liaisonv1.ApproverLevel {
	for _, l := range policy.GetLevels() {
		if l.GetTier() == tier && known(l.GetLowestLevel()) {
			return l.GetLowestLevel()
		}
	}
	if tier == liaisonv1.DataTier_DATA_TIER_IDENTITY {
		return liaisonv1.ApproverLevel_APPROVER_LEVEL_PROSECUTOR
	}
	return highestLevel
}

func known(level liaisonv1.ApproverLevel) bool {
	return level >= highestLevel && level <= lowestLevel
}

// LevelOf returns the level at which an authority's policy names an approver, by the SPIFFE
// ID: the lowest for one who is not named.
func LevelOf(policy *liaisonv1.FilingPolicy, id string) liaisonv1.ApproverLevel {
	name := id[strings.LastIndexByte(id, '/')+1:]
	for _, a := range policy.GetApprovers() {
		if (a.GetName() == id || a.GetName() == name) && known(a.GetLevel()) {
			return a.GetLevel()
		}
	}
	return lowestLevel
}

// LevelTooLow says that a request needs a higher level of approval for a category.
type LevelTooLow struct {
	Category liaisonv1.DataCategory
	Needed   liaisonv1.ApproverLevel
	Level    liaisonv1.ApproverLevel
	Claimed  bool // whether it is the level that the request claims, and not the approver's
}

// Error tells the category, the level needed, and what to do.
func (e *LevelTooLow) Error() string {
	category := strings.TrimPrefix(e.Category.String(), "DATA_CATEGORY_")
	needed, level := wordOf(e.Needed), wordOf(e.Level)
	if e.Claimed {
		return fmt.Sprintf("%s needs a decision of at least the level %s, and the request's legal basis has %s: seek fewer categories, or a decision of that level", category, needed, level)
	}
	return fmt.Sprintf("%s needs an approver of at least the level %s, and the directory has this one as %s: let an approver of that level decide, or amend the request to fewer categories", category, needed, level)
}

func wordOf(level liaisonv1.ApproverLevel) string {
	return strings.TrimPrefix(level.String(), "APPROVER_LEVEL_")
}

// CheckLevel refuses an approval, or a validation, of a request by somebody of a level that
// is too low for one of the categories sought, under the stricter of the policies; an
// absent policy is the contract's default. What the request claims is not asked.
func CheckLevel(spec *liaisonv1.RequestSpec, level liaisonv1.ApproverLevel, policies ...*liaisonv1.CountryPolicy) error {
	return checkLevel(spec, level, false, policies)
}

// CheckClaim refuses a request whose legal basis claims a decision of a level that is too
// low for one of the categories sought.
func CheckClaim(spec *liaisonv1.RequestSpec, policies ...*liaisonv1.CountryPolicy) error {
	return checkLevel(spec, spec.GetLegalBasis().GetApproverLevel(), true, policies)
}

func checkLevel(spec *liaisonv1.RequestSpec, level liaisonv1.ApproverLevel, claimed bool, policies []*liaisonv1.CountryPolicy) error {
	if len(policies) == 0 {
		policies = []*liaisonv1.CountryPolicy{nil}
	}
	highest := LevelTooLow{Needed: lowestLevel + 1, Level: level, Claimed: claimed}
	for _, category := range spec.GetCategories() {
		tier := TierOf(category)
		if kind := spec.GetKind(); kind == liaisonv1.RequestKind_REQUEST_KIND_PRESERVE || kind == liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE {
			tier = liaisonv1.DataTier_DATA_TIER_IDENTITY // nobody is named, and nothing said about anybody
		}
		for _, policy := range policies {
			if needed := LowestLevel(policy, tier); needed < highest.Needed {
				highest.Category, highest.Needed = category, needed
			}
		}
	}
	if !known(level) || level > highest.Needed {
		return &highest
	}
	return nil
}
