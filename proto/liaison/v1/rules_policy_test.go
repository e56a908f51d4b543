package liaisonv1_test

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// policies tries what says how much an authority may file.
func policies() []try {
	all := []try{
		{name: "as many selectors as there can be", message: "FilingPolicy", path: "max_selectors", value: 500},
		{name: "one selector more", message: "FilingPolicy", path: "max_selectors", value: 501, rule: "int32.gte_lte"},
		{name: "fewer selectors than none", message: "FilingPolicy", path: "max_selectors", value: -1, rule: "int32.gte_lte"},
		{name: "no period of its own", message: "FilingPolicy", path: "max_period"},
		{name: "a period of ten years", message: "FilingPolicy", path: "max_period", value: "316224000s"},
		{name: "a longer period", message: "FilingPolicy", path: "max_period", value: "316224001s", rule: "duration.gt_lte"},
		{name: "a period of nothing", message: "FilingPolicy", path: "max_period", value: "0s", rule: "duration.gt_lte"},
		{name: "two quotas for one platform", message: "FilingPolicy", path: "platform_quotas", value: []any{
			map[string]any{"platform": "platforms/messenger"}, map[string]any{"platform": "platforms/messenger"},
		}, rule: "platform_quotas.one_a_platform"},
		{name: "two entries for one approver", message: "FilingPolicy", path: "approvers", value: []any{
			map[string]any{"name": "karim.aziz", "level": "APPROVER_LEVEL_JUDGE"}, map[string]any{"name": "karim.aziz", "level": "APPROVER_LEVEL_PROSECUTOR"},
		}, rule: "approvers.one_a_name"},
		{name: "by the whole ID", message: "ApproverEntry", path: "name", value: "spiffe://moc.example/approver/karim.aziz"},
		{name: "without a name", message: "ApproverEntry", path: "name", rule: "required"},
		{name: "by an ID that is no approver's", message: "ApproverEntry", path: "name", value: "spiffe://moc.example/officer/karim.aziz", rule: "string.pattern"},
		{name: "by a name as people write it", message: "ApproverEntry", path: "name", value: "Karim Aziz", rule: "string.pattern"},
		{name: "without a level", message: "ApproverEntry", path: "level", rule: "required"},
		{name: "of a level that there is not", message: "ApproverEntry", path: "level", value: 6, rule: "enum.defined_only"},
		{name: "both kinds that one officer can file", message: "FilingPolicy", path: "single_officer_kinds", value: []any{"REQUEST_KIND_PRESERVE", "REQUEST_KIND_EXISTENCE"}},
		{name: "a disclosure by one officer", message: "FilingPolicy", path: "single_officer_kinds[0]", value: "REQUEST_KIND_DISCLOSE", rule: "enum.in"},
		{name: "a kind that there is not", message: "FilingPolicy", path: "single_officer_kinds[0]", value: 4, rule: "enum.in", also: true},
		{name: "a kind that there is not, as none of the contract's", message: "FilingPolicy", path: "single_officer_kinds[0]", value: 4, rule: "enum.defined_only", also: true},
		{name: "one kind twice", message: "FilingPolicy", path: "single_officer_kinds", value: []any{"REQUEST_KIND_PRESERVE", "REQUEST_KIND_PRESERVE"}, rule: "repeated.unique"},
		{name: "three kinds", message: "FilingPolicy", path: "single_officer_kinds", value: []any{"REQUEST_KIND_PRESERVE", "REQUEST_KIND_EXISTENCE", "REQUEST_KIND_PRESERVE"}, rule: "repeated.max_items", also: true},
		{name: "of no country", message: "CountryPolicy", path: "country", rule: "required"},
		{name: "of a country in small letters", message: "CountryPolicy", path: "country", value: "iq", rule: "string.pattern"},
		{name: "that says nothing", message: "CountryPolicy", path: "levels"},
		{name: "with an etag of 64 characters", message: "CountryPolicy", path: "etag", value: long(64)},
		{name: "with an etag of 65 characters", message: "CountryPolicy", path: "etag", value: long(65), rule: "string.max_len"},
		{name: "with two levels for one tier", message: "CountryPolicy", path: "levels", value: []any{
			map[string]any{"tier": "DATA_TIER_IDENTITY", "lowest_level": "APPROVER_LEVEL_JUDGE"}, map[string]any{"tier": "DATA_TIER_IDENTITY", "lowest_level": "APPROVER_LEVEL_PROSECUTOR"},
		}, rule: "levels.one_a_tier"},
		{name: "of no tier", message: "TierLevel", path: "tier", rule: "required"},
		{name: "of a tier that there is not", message: "TierLevel", path: "tier", value: 3, rule: "enum.defined_only"},
		{name: "without a level", message: "TierLevel", path: "lowest_level", rule: "required"},
		{name: "of a level that there is not", message: "TierLevel", path: "lowest_level", value: 6, rule: "enum.defined_only"},
		{name: "of no country", message: "GetCountryPolicyRequest", path: "country", rule: "required"},
		{name: "of a country in small letters", message: "GetCountryPolicyRequest", path: "country", value: "iq", rule: "string.pattern"},
		{name: "of nothing", message: "UpdateCountryPolicyRequest", path: "policy", rule: "required"},
		{name: "for nobody", message: "PairQuota", path: "platform", rule: "required"},
		{name: "for an authority", message: "PairQuota", path: "platform", value: "authorities/moc", rule: "string.pattern"},
	}
	for _, message := range []string{"FilingPolicy", "PairQuota"} {
		for _, field := range []string{"requests_per_day", "emergencies_per_day"} {
			all = append(all,
				try{name: field + " not bounded", message: message, path: field, value: 0},
				try{name: field + " below none", message: message, path: field, value: -1, rule: "int32.gte"})
		}
	}
	// An administrative order alone carries the lowest tier, of which the contract's options
	// say what is in it.
	categories := liaisonv1.DataCategory(0).Descriptor().Values()
	for i := 1; i < categories.Len(); i++ {
		rule := "spec.administrative_order_alone"
		if proto.GetExtension(categories.Get(i).Options(), liaisonv1.E_Tier) == liaisonv1.DataTier_DATA_TIER_IDENTITY {
			rule = ""
		}
		at := ""
		if rule != "" {
			at = "."
		}
		all = append(all, rowTry("RequestSpec", "an administrative order alone for "+string(categories.Get(i).Name()),
			specWith("selectors: [{id: a, necessity: x, account: {id: x}}]\nlegal_basis: "+orderAlone+"\ncategories: ["+string(categories.Get(i).Name())+"]"), rule, at))
	}
	quotas := make([]any, 1001)
	for i := range quotas {
		quotas[i] = map[string]any{"platform": fmt.Sprintf("platforms/p%d", i)}
	}
	approvers := make([]any, 1001)
	for i := range approvers {
		approvers[i] = map[string]any{"name": fmt.Sprint("a", i), "level": "APPROVER_LEVEL_JUDGE"}
	}
	levels := make([]any, 11)
	for i := range levels {
		levels[i] = map[string]any{"tier": 1, "lowest_level": 1}
	}
	return append(all,
		try{name: "a thousand approvers", message: "FilingPolicy", path: "approvers", value: approvers[:1000]},
		try{name: "one approver more", message: "FilingPolicy", path: "approvers", value: approvers, rule: "repeated.max_items"},
		try{name: "more levels than there can be tiers", message: "CountryPolicy", path: "levels", value: levels, rule: "repeated.max_items", also: true},
		try{name: "a thousand quotas", message: "FilingPolicy", path: "platform_quotas", value: quotas[:1000]},
		try{name: "one quota more", message: "FilingPolicy", path: "platform_quotas", value: quotas, rule: "repeated.max_items"})
}

const orderAlone = `{kind: LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER, country: IQ, instrument: i, article: a, issuing_body: b,
  approver_level: APPROVER_LEVEL_JUDGE, order_number: "1", issue_time: "2026-10-03T00:00:00Z"}`
