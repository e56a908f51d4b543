package scope

import (
	"slices"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Manifest returns what a part of an answer says without saying who: one entry
// for each outcome, in the answer's order. Events carry it in place of the answer.
func Manifest(a *liaisonv1.Answer, part int32) *liaisonv1.AnswerManifest {
	manifest := &liaisonv1.AnswerManifest{Part: part, Final: a.GetFinal()}
	for _, f := range a.GetFindings() {
		for _, o := range f.GetOutcomes() {
			entry := &liaisonv1.ManifestEntry{
				SelectorId: f.GetSelectorId(),
				Category:   o.GetCategory(),
				Outcome:    o.GetCode(),
				Ground:     o.GetGround().GetCode(),
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
