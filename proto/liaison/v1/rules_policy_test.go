package liaisonv1_test

import "fmt"

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
	quotas := make([]any, 1001)
	for i := range quotas {
		quotas[i] = map[string]any{"platform": fmt.Sprintf("platforms/p%d", i)}
	}
	return append(all,
		try{name: "a thousand quotas", message: "FilingPolicy", path: "platform_quotas", value: quotas[:1000]},
		try{name: "one quota more", message: "FilingPolicy", path: "platform_quotas", value: quotas, rule: "repeated.max_items"})
}
