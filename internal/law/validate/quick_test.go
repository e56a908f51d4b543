package validate

import (
	"io/fs"
	"math"
	"reflect"
	"strings"
	"testing"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// messages are all of the contract.
func messages() (all []protoreflect.MessageDescriptor) {
	protoregistry.GlobalFiles.RangeFilesByPackage(contract, func(f protoreflect.FileDescriptor) bool {
		for i := range f.Messages().Len() {
			all = append(all, f.Messages().Get(i))
		}
		return true
	})
	return all
}

// TestWhatIsNotKnownQuickly lists the messages of which protovalidate alone decides, so
// that a rule which makes a filing slow does not come unnoticed.
func TestWhatIsNotKnownQuickly(t *testing.T) {
	slow := map[protoreflect.FullName]bool{
		"liaison.v1.Finding": true, // which items an outcome allows
	}
	q, err := newQuick(messages())
	if err != nil {
		t.Fatal(err)
	}
	for m, form := range q {
		if form.known == slow[m.FullName()] {
			t.Errorf("%s: its rules are known quickly: %v", m.FullName(), form.known)
		}
	}
}

func TestTheCasesAreAcceptedQuickly(t *testing.T) {
	q, err := newQuick(messages())
	if err != nil {
		t.Fatal(err)
	}
	paths, err := fs.Glob(cases.Files, "*/request.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			spec := read(t, path)
			if !q.holds(spec.ProtoReflect()) {
				t.Error("protovalidate is asked")
			}
			spec.Language = strings.Repeat("x", 100)
			if q.holds(spec.ProtoReflect()) {
				t.Error("a language without end is accepted")
			}
		})
	}
}

func read(t testing.TB, path string) *liaisonv1.RequestSpec {
	t.Helper()
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

// TestWhatIsUnknownIsNeverAcceptedQuickly puts a field that nobody knows into each
// message of a request in turn.
func TestWhatIsUnknownIsNeverAcceptedQuickly(t *testing.T) {
	q, err := newQuick(messages())
	if err != nil {
		t.Fatal(err)
	}
	spec := read(t, "02-hospital-emergency/request.yaml")
	tried := 0
	each(spec.ProtoReflect(), func(m protoreflect.Message) {
		tried++
		m.SetUnknown([]byte{0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01})
		if q.holds(spec.ProtoReflect()) {
			t.Errorf("a %s with an unknown field is accepted", m.Descriptor().Name())
		}
		m.SetUnknown(nil)
	})
	if tried < 20 || !q.holds(spec.ProtoReflect()) {
		t.Errorf("%d messages were tried", tried)
	}
}

// each calls f with a message and every message in it.
func each(m protoreflect.Message, f func(protoreflect.Message)) {
	f(m)
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				each(value.List().Get(i).Message(), f)
			}
		default:
			each(value.Message(), f)
		}
		return true
	})
}

func TestAPatternMatchesAsItsRegularExpressionDoes(t *testing.T) {
	texts := []string{"", "a", "ab", "aab", "b", "ba", "aaaa", "a-b", "a-b-c", "-", "é", "سلام", "a\n", "\xff", "a\u200eb", "authorities/a", "authorities/", "platforms/a"}
	for _, pattern := range []string{
		`^a*b$`, `^a+$`, `^a?$`, `^a{2,3}$`, `^(a|ab)$`, `^(ab|a)b?$`, `^a*ab$`, `^[a-z]{1,8}(-[a-z]{1,8})*$`, `^([a-z]{2,8})?$`,
		`^[^\p{Cc}\x{200E}]*$`, `^[^a]$`, `a`, `^a`, `^(authorities|platforms)/[a-z]{1,2}$`, `(?i)^A$`, `^.$`, `^$`, `^(a*)*$`, `^(|a)*$`,
	} {
		m, err := newMatcher(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if got, want := m.matches(text), m.exact.MatchString(text); got != want {
				t.Errorf("%s on %q: %v, wanted %v", pattern, text, got, want)
			}
		}
	}
}

// TestANumberThatWrapsAroundIsNotBelieved subtracts what CEL cannot.
func TestANumberThatWrapsAroundIsNotBelieved(t *testing.T) {
	m := &liaisonv1.MessageRange{FirstId: math.MinInt64, LastId: math.MaxInt64}
	c, known := newCondition("this.last_id - this.first_id < 500", subject{message: m.ProtoReflect().Descriptor()})
	if !known {
		t.Fatal("it is not known")
	}
	if c.holds(reflect.ValueOf(m)) {
		t.Error("a range of all numbers is one of fewer than 500")
	}
	m.FirstId = math.MaxInt64 - 499
	if !c.holds(reflect.ValueOf(m)) {
		t.Error("a range of 500 numbers is refused")
	}
}

// TestWhatIsNotThereIsNotBelieved reads on from a message that is not set.
func TestWhatIsNotThereIsNotBelieved(t *testing.T) {
	m := &liaisonv1.RequestSpec{}
	for _, expression := range []string{"this.period.start_time <= this.period.end_time", "this.calendar.time_zone == ''", "!(this.calendar.time_zone != '')"} {
		c, known := newCondition(expression, subject{message: m.ProtoReflect().Descriptor()})
		if !known {
			t.Fatalf("%s is not known", expression)
		}
		if c.holds(reflect.ValueOf(m)) {
			t.Errorf("%s holds", expression)
		}
	}
}

// TestWhatIsNotKnownIsSaid has expressions that are none, or of which something is not
// known here.
func TestWhatIsNotKnownIsSaid(t *testing.T) {
	for _, expression := range []string{
		"this.", "this", "this.reference", "this.nothing == 1", "that.kind == 1", "this.kind + 1", "this.kind + 1 == 2", "this.kind == 'a'",
		"this.selectors.all(s, s)", "this.selectors.map(s, s.id)", "this.selectors.unique()", "this.reference.matches('[')",
		"this.reference.matches(this.language)", "this.period", "this.kind in this.selectors", "this.kind in ['a']", "duration('x') < duration('1s')",
		"this.selectors.exists_one(s, s.id == '')", "[1].all(x, x == 1)", "this.reference == 'a' ? 1 : 2", "this.selectors[0].id == ''",
	} {
		if _, known := newCondition(expression, subject{message: (&liaisonv1.RequestSpec{}).ProtoReflect().Descriptor()}); known {
			t.Errorf("%s is known", expression)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	spec := read(b, "02-hospital-emergency/request.yaml")
	v, err := New()
	if err != nil {
		b.Fatal(err)
	}
	for name, check := range map[string]func(proto.Message) error{
		"quick":         func(m proto.Message) error { return v.Validate(m) },
		"protovalidate": func(m proto.Message) error { return v.(*messageValidator).compiled.Validate(m) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := check(spec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
