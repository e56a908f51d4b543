package liaisonv1_test

import "strings"

// reviews tries what belongs to a review, a dispute and the screening of answers.
func reviews() []try {
	var all []try
	const none = "screening: {result: SCREENING_RESULT_NONE_KNOWN}"
	known := "screening: " + inline(valid["Screening"])
	withheld := func(code string) string {
		return "findings: [{selector_id: a, outcomes: [{category: DATA_CATEGORY_DEVICE, code: OUTCOME_CODE_WITHHELD, ground: {code: " + code +
			", explanation: e, profession: PROTECTED_PROFESSION_LAWYER}}]}]"
	}
	entry := func(code string) string {
		return "entries: [{selector_id: a, category: DATA_CATEGORY_DEVICE, outcome: OUTCOME_CODE_WITHHELD, ground: " + code + "}]"
	}
	const protects, differs, differsShown = "GROUND_CODE_IMMUNITY_OR_PRIVILEGE", "answer.screening_known_withholds", "manifest.screening_known_withholds"
	for _, row := range []struct{ message, name, text, rule, at string }{
		{"Answer", "without a screening", "{findings: [" + finding + "]}", "required", "screening"},
		{"Answer", "a screening without a result", "{screening: {}, findings: [" + finding + "]}", "required", "screening.result"},
		{"Answer", "protected people known, and withheld", "{" + known + ", " + withheld(protects) + "}", "", ""},
		{"Answer", "a journalist known, and withheld", "{" + known + ", " + withheld("GROUND_CODE_PRESS_OR_EXPRESSION") + "}", "", ""},
		{"Answer", "protected people known, and nobody withheld", "{" + known + ", findings: [" + finding + "]}", differs, "."},
		{"Answer", "protected people known, and withheld for another reason", "{" + known + ", " + withheld("GROUND_CODE_OTHER") + "}", differs, "."},
		{"Answer", "none known, and one withheld", "{" + none + ", " + withheld(protects) + "}", differs, "."},
		{"Answer", "none known, and one withheld for another reason", "{" + none + ", " + withheld("GROUND_CODE_OTHER") + "}", "", ""},
		{"AnswerManifest", "without a screening", with(manifest, "screening: null"), "required", "screening"},
		{"AnswerManifest", "a result that does not exist", with(manifest, "screening: 9"), "enum.defined_only", "screening"},
		{"AnswerManifest", "protected people known, and withheld", "{part: 1, screening: SCREENING_RESULT_KNOWN, " + entry(protects) + "}", "", ""},
		{"AnswerManifest", "protected people known, and nobody withheld", with(manifest, "screening: SCREENING_RESULT_KNOWN"), differsShown, "."},
		{"AnswerManifest", "none known, and one withheld", "{part: 1, screening: SCREENING_RESULT_NONE_KNOWN, " + entry(protects) + "}", differsShown, "."},

		{"ReviewObjection", "to the whole", "{grounds: [{code: GROUND_CODE_OTHER, explanation: e}]}", "", ""},
		{"ReviewObjection", "a selector's id that is none", "{grounds: [{code: GROUND_CODE_OTHER, explanation: e}], selector_ids: [\"a b\"]}", "string.pattern", "selector_ids[0]"},
		{"ReviewObjection", "one selector twice", "{grounds: [{code: GROUND_CODE_OTHER, explanation: e}], selector_ids: [a, a]}", "repeated.unique", "selector_ids"},
		{"ReviewClearing", "without a remark", "{}", "", ""},
		{"DisputeDecision", "an objection overruled", "{outcome: DECISION_OUTCOME_OVERRULED, reasons: r}", "", ""},
		{"DisputeDecision", "an objection sustained", "{outcome: DECISION_OUTCOME_SUSTAINED, reasons: r}", "", ""},
		{"DisputeDecision", "an objection sustained in part, and not for what", "{outcome: DECISION_OUTCOME_SUSTAINED_IN_PART, reasons: r}", "dispute_decision.in_part", "."},
		{"DisputeDecision", "an objection overruled for some", "{outcome: DECISION_OUTCOME_OVERRULED, selector_ids: [a], reasons: r}", "dispute_decision.in_part", "."},
		{"DisputeDecision", "no outcome", "{reasons: r}", "required", "outcome"},
		{"DisputeDecision", "an outcome that does not exist", "{outcome: 9, reasons: r}", "enum.defined_only", "outcome"},
		{"DisputeDecision", "a selector's id that is none", with(decision, `selector_ids: ["a b"]`), "string.pattern", "selector_ids[0]"},
		{"DisputeDecision", "one selector twice", with(decision, "selector_ids: [a, a]"), "repeated.unique", "selector_ids"},
		{"CourtRuling", "of no time", with(valid["CourtRuling"], "issue_time: null"), "required", "issue_time"},
		{"CourtRuling", "without the ruling itself", with(valid["CourtRuling"], "document: null"), "required", "document"},
		{"GetOversightBodyRequest", "of nobody", "{}", "required", "name"},

		{"Statement", "that objects as reviewer", statementWith("review_objected: " + valid["ReviewObjection"]), "", ""},
		{"Statement", "that clears", statementWith("review_cleared: {}"), "", ""},
		{"Statement", "that decides", statementWith("dispute_decided: " + inline(decision)), "", ""},
		{"Statement", "that maintains", statementWith("objection_maintained: {position: p}"), "", ""},
		{"Statement", "that maintains nothing", statementWith("objection_maintained: {}"), "required", "objection_maintained.position"},
	} {
		all = append(all, rowTry(row.message, row.name, row.text, row.rule, row.at))
	}
	selectors := func(n int) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = "s" + strings.Repeat("x", i%30) + string(rune('a'+i/30))
		}
		return list
	}
	for _, message := range []string{"ReviewObjection", "DisputeDecision"} {
		all = append(all,
			try{name: "500 selectors", message: message, path: "selector_ids", value: selectors(500)},
			try{name: "501 selectors", message: message, path: "selector_ids", value: selectors(501), rule: "repeated.max_items"})
	}
	for n, rule := range map[int]string{0: "repeated.min_items", 1: "", 10: "", 11: "repeated.max_items"} {
		list := make([]any, n)
		for i := range list {
			list[i] = map[string]any{"code": "GROUND_CODE_OTHER", "explanation": "e"}
		}
		all = append(all, try{name: "so many grounds", message: "ReviewObjection", path: "grounds", value: list, rule: rule})
	}
	for _, body := range []struct{ message, path string }{{"RequestSpec", "reviewer"}, {"Authority", "required_reviewer"}, {"GetOversightBodyRequest", "name"}} {
		all = append(all,
			try{name: "an oversight body", message: body.message, path: body.path, value: "oversight/commissioner"},
			try{name: "an authority", message: body.message, path: body.path, value: "authorities/moc", rule: "string.pattern"},
			try{name: "a body in capitals", message: body.message, path: body.path, value: "oversight/Commissioner", rule: "string.pattern"})
	}
	return all
}
