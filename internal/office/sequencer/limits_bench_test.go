package sequencer_test

import (
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// BenchmarkLimits is what the limits of an authority cost a filing with one selector beside
// the archive: its ceilings, the level that it claims, and the hash of its selector.
func BenchmarkLimits(b *testing.B) {
	d := newDesk(&testing.T{})
	defer d.sequencer.Close()
	authority := must(resource.ParseOrganisation("authorities/moc"))
	spec := filing("MOC-1").Event.GetFiled().GetSpec()
	spec.Selectors = []*liaisonv1.Selector{{Target: &liaisonv1.Selector_Phone{Phone: &liaisonv1.PhoneSelector{Number: "+447700900123"}}}}
	spec.Categories = []liaisonv1.DataCategory{liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY}
	spec.LegalBasis = &liaisonv1.LegalBasis{ApproverLevel: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE}
	policy := &liaisonv1.FilingPolicy{}
	b.ReportAllocs()
	for b.Loop() {
		if err := scope.CheckPolicy(spec, policy); err != nil {
			b.Fatal(err)
		}
		if err := scope.CheckClaim(spec, nil); err != nil {
			b.Fatal(err)
		}
		if len(sequencer.SelectorHashes(d.sequencer, authority, spec)) != 1 {
			b.Fatal("no hash")
		}
	}
}
