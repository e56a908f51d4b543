package report

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEveryCountHasARow of those that a report has beside its tables.
func TestEveryCountHasARow(t *testing.T) {
	r := &liaisonv1.TransparencyReport{}
	for i := range r.ProtoReflect().Descriptor().Fields().Len() {
		field, count := r.ProtoReflect().Descriptor().Fields().Get(i), &liaisonv1.Count{}
		if field.Message() != count.ProtoReflect().Descriptor() {
			continue
		}
		r.ProtoReflect().Set(field, protoreflect.ValueOfMessage(count.ProtoReflect()))
		if !slices.ContainsFunc(glance(r).rows, func(row row) bool { return row.count == count }) {
			t.Errorf("%s has no row", field.Name())
		}
		if !quarter(t).ProtoReflect().Has(field) {
			t.Errorf("testdata/report.json has no %s", field.Name())
		}
	}
}
