package scope

import (
	"slices"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Manifest returns what a part of an answer says without saying who: one entry
// for each outcome, in the answer's order. Events carry it in place of the answer.
func Manifest(a *liaisonv1.Answer, part int32) *liaisonv1.AnswerManifest {
	manifest := &liaisonv1.AnswerManifest{Part: part, Final: a.GetFinal(), Screening: a.GetScreening().GetResult()}
	for _, f := range a.GetFindings() {
		for _, o := range f.GetOutcomes() {
			entry := &liaisonv1.ManifestEntry{
				SelectorId: f.GetSelectorId(),
				Category:   o.GetCategory(),
				Outcome:    o.GetCode(),
				Ground:     o.GetGround().GetCode(),
				MessageIds: o.GetMessageIds(),
			}
			switch o.GetCode() {
			case liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED:
				entry.PartyCount = partiesWith(f, o.GetCategory())
			case liaisonv1.OutcomeCode_OUTCOME_CODE_AMBIGUOUS:
				entry.Count = o.GetCandidateCount()
			case liaisonv1.OutcomeCode_OUTCOME_CODE_EXISTS:
				entry.Count = o.GetExistingCount()
			}
			manifest.Entries = append(manifest.Entries, entry)
		}
	}
	return manifest
}

// CheckManifest refuses the manifest of a sealed answer, or of a part of one, as far as
// it shows that the answer says more than was asked, says it twice, or leaves
// something out: what CheckAnswer looks for and can be seen without knowing who was
// identified. Violations are told by the place that the finding has in the answer.
func CheckManifest(spec *liaisonv1.RequestSpec, answered []string, m *liaisonv1.AnswerManifest) error {
	return CheckAnswer(spec, answered, outline(m))
}

// outline returns an answer that says what a manifest shows.
func outline(m *liaisonv1.AnswerManifest) *liaisonv1.Answer {
	outline := &liaisonv1.Answer{Final: m.GetFinal()}
	var finding *liaisonv1.Finding
	for _, entry := range m.GetEntries() {
		if finding == nil || finding.GetSelectorId() != entry.GetSelectorId() {
			finding = &liaisonv1.Finding{SelectorId: entry.GetSelectorId()}
			outline.Findings = append(outline.Findings, finding)
		}
		finding.Outcomes = append(finding.Outcomes, &liaisonv1.Outcome{
			Category: entry.GetCategory(), Code: entry.GetOutcome(), MessageIds: entry.GetMessageIds(),
		})
	}
	return outline
}

// partiesWith counts the parties about which a finding has data of a category.
func partiesWith(f *liaisonv1.Finding, category liaisonv1.DataCategory) int32 {
	var count int32
	for _, p := range f.GetParties() {
		if slices.ContainsFunc(p.GetItems(), func(i *liaisonv1.DataItem) bool { return i.GetCategory() == category }) {
			count++
		}
	}
	return count
}
