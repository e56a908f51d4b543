package validate

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"buf.build/go/protovalidate"
	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// request returns a valid request.
func request(t testing.TB) *liaisonv1.RequestSpec {
	t.Helper()
	const path = "02-hospital-emergency/request.yaml"
	text, err := cases.Files.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spec := &liaisonv1.RequestSpec{}
	if err := (protoyaml.UnmarshalOptions{Path: path}).Unmarshal(text, spec); err != nil {
		t.Fatal(err)
	}
	return spec
}

// largest returns a valid request with as many selectors as there may be.
func largest(t testing.TB) *liaisonv1.RequestSpec {
	t.Helper()
	spec := request(t)
	one := spec.GetSelectors()[0]
	spec.Selectors = make([]*liaisonv1.Selector, 500)
	for i := range spec.GetSelectors() {
		spec.Selectors[i] = proto.CloneOf(one)
		spec.Selectors[i].Id = fmt.Sprint("s", i)
	}
	return spec
}

// broken returns what is wrong with a message, as "path: rule" each.
func broken(t testing.TB, m proto.Message) []string {
	t.Helper()
	err := Check(m)
	if err == nil {
		return nil
	}
	var invalid *protovalidate.ValidationError
	if !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	var all []string
	for _, v := range invalid.Violations {
		all = append(all, protovalidate.FieldPathString(v.Proto.GetField())+": "+v.Proto.GetRuleId())
	}
	return all
}

func TestAValidRequestIsAccepted(t *testing.T) {
	for name, spec := range map[string]*liaisonv1.RequestSpec{"of a case": request(t), "of 500 selectors": largest(t)} {
		if got := broken(t, spec); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestAFieldThatIsNotKnownIsRefusedAnywhere puts such a field into each message of a
// request in turn.
func TestAFieldThatIsNotKnownIsRefusedAnywhere(t *testing.T) {
	spec := request(t)
	tried := 0
	each(spec.ProtoReflect(), "", func(m protoreflect.Message, path string) {
		tried++
		m.SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, protowire.MaxValidNumber, protowire.VarintType), 1))
		if got := broken(t, spec); !slices.Equal(got, []string{path + ": unknown_field"}) {
			t.Errorf("in %s: %q", path, got)
		}
		m.SetUnknown(nil)
	})
	if tried < 20 || Check(spec) != nil {
		t.Errorf("%d messages were tried", tried)
	}
}

// TestATimeThatCannotBeIsRefusedAnywhere takes each time and duration of a request out of
// its bounds in turn.
func TestATimeThatCannotBeIsRefusedAnywhere(t *testing.T) {
	spec := request(t)
	tried := 0
	each(spec.ProtoReflect(), "", func(m protoreflect.Message, path string) {
		var nanos *int32
		switch value := m.Interface().(type) {
		case *timestamppb.Timestamp:
			nanos = &value.Nanos
		case *durationpb.Duration:
			nanos = &value.Nanos
		default:
			return
		}
		tried++
		was := *nanos
		*nanos = 1e9
		if got := broken(t, spec); !slices.Equal(got, []string{path + ": impossible_time"}) {
			t.Errorf("%s: %q", path, got)
		}
		*nanos = was
	})
	if tried < 5 || Check(spec) != nil {
		t.Errorf("%d times were tried", tried)
	}
}

// each calls f with a message and every message in it, and with the path of each.
func each(m protoreflect.Message, path string, f func(protoreflect.Message, string)) {
	f(m, path)
	if path != "" {
		path += "."
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				each(value.List().Get(i).Message(), fmt.Sprintf("%s%s[%d]", path, field.Name(), i), f)
			}
		default:
			each(value.Message(), path+string(field.Name()), f)
		}
		return true
	})
}

// TestAListThatIsTooLongIsRefusedBeforeAnythingInItIsLookedAt has lists of empty messages,
// each of which breaks several rules, and of which rules on the whole list speak.
func TestAListThatIsTooLongIsRefusedBeforeAnythingInItIsLookedAt(t *testing.T) {
	const many = 32 << 10 // empty messages take 2 bytes each: as many as 64 KiB hold
	empty := &liaisonv1.Finding{Outcomes: make([]*liaisonv1.Outcome, many)}
	for i := range empty.Outcomes {
		empty.Outcomes[i] = &liaisonv1.Outcome{}
	}
	for _, test := range []struct {
		name string
		m    proto.Message
		want string
	}{
		{"selectors", &liaisonv1.RequestSpec{Selectors: slices.Repeat([]*liaisonv1.Selector{{}}, many)}, "selectors: repeated.max_items"},
		{"selectors of a call", &liaisonv1.Filing{Spec: &liaisonv1.RequestSpec{Selectors: slices.Repeat([]*liaisonv1.Selector{{}}, many)}}, "spec.selectors: repeated.max_items"},
		{"one too many", &liaisonv1.RequestSpec{Selectors: slices.Repeat([]*liaisonv1.Selector{{}}, 501)}, "selectors: repeated.max_items"},
		{"outcomes in a finding", &liaisonv1.Answer{Findings: []*liaisonv1.Finding{{}, empty}}, "findings[1].outcomes: repeated.max_items"},
		{"numbers", &liaisonv1.MessageSelector{Ids: make([]int64, many)}, "ids: repeated.max_items"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := broken(t, test.m); !slices.Equal(got, []string{test.want}) {
				t.Errorf("%d violations, the first %q", len(got), got[0])
			}
		})
	}
}

// TestAMessageOfManyPartsIsToldTheFirstRuleThatItBreaks stays within every list's bound,
// and breaks rules in thousands of places.
func TestAMessageOfManyPartsIsToldTheFirstRuleThatItBreaks(t *testing.T) {
	answer := func(parties int) *liaisonv1.Answer {
		party := &liaisonv1.IdentifiedParty{Items: slices.Repeat([]*liaisonv1.DataItem{{}}, 1000)}
		return &liaisonv1.Answer{Findings: []*liaisonv1.Finding{{Parties: slices.Repeat([]*liaisonv1.IdentifiedParty{party}, parties)}}}
	}
	if got := broken(t, answer(33)); len(got) != 1 {
		t.Errorf("%d violations", len(got))
	}
	if got := broken(t, answer(1)); len(got) < 1000 {
		t.Errorf("a small message is told %d violations of at least 1000", len(got))
	}
}

// TestARequestOfManySelectorsIsToldEveryRuleThatItBreaks keeps tellAll above what people
// send in good faith.
func TestARequestOfManySelectorsIsToldEveryRuleThatItBreaks(t *testing.T) {
	spec := largest(t)
	spec.Selectors[0].Necessity, spec.Selectors[499].Necessity = "", ""
	want := []string{"selectors[0].necessity: required", "selectors[499].necessity: required"}
	if got := broken(t, spec); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, test := range []struct {
		name string
		m    proto.Message
	}{{"case 2", request(b)}, {"500 selectors", largest(b)}} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Check(test.m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
