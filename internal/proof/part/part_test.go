package part_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/liaison-protocol/liaison/internal/proof/part"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	selectors = liaisonv1.BodyPartKind_BODY_PART_KIND_SELECTORS
	text      = liaisonv1.BodyPartKind_BODY_PART_KIND_TEXT
	authority = liaisonv1.BodyPartKind_BODY_PART_KIND_AUTHORITY
	platform  = liaisonv1.BodyPartKind_BODY_PART_KIND_PLATFORM
)

func salt() ([]byte, error) { return bytes.Repeat([]byte{7}, part.SaltSize), nil }

func filing() *liaisonv1.Statement {
	return &liaisonv1.Statement{
		Hub: "hub.example/1", Request: "requests/0199a000-0000-7000-8000-000000000000",
		Detail: &liaisonv1.Statement_Filed{Filed: &liaisonv1.RequestSpec{
			Platform: "platforms/messenger", Reference: "MOC-2026-00417", Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
			Necessity: "Who posted it.", Selectors: []*liaisonv1.Selector{{Id: "a"}, {Id: "b"}},
			Incident:   &liaisonv1.Incident{Consequences: "theft", RecordCount: 1200},
			LegalBasis: &liaisonv1.LegalBasis{Country: "IQ", OrderNumber: "88/2026"},
			Screening:  &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN},
		}},
	}
}

func split(t testing.TB, whole part.Whole) ([]byte, []*liaisonv1.BodyPart) {
	t.Helper()
	body, parts, err := part.Split(whole, salt)
	if err != nil {
		t.Fatal(err)
	}
	return body, parts
}

func encoded(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWhatIsSplitIsJoined, whatever lies in it, and what lies in a part is nowhere else.
func TestWhatIsSplitIsJoined(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		whole part.Whole
		kinds []liaisonv1.BodyPartKind
		core  []string // what the body still says
		apart []string // what the parts alone say
	}{
		"a filing": {
			filing(), []liaisonv1.BodyPartKind{selectors, text, authority},
			[]string{"hub.example/1", "platforms/messenger", "IQ"}, []string{"MOC-2026-00417", "Who posted it.", "theft", "88/2026"},
		},
		"an unsigned filing's event": {
			&liaisonv1.Event{Sequence: 2, Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: filing().GetFiled()}}},
			[]liaisonv1.BodyPartKind{selectors, text, authority}, []string{"platforms/messenger"}, []string{"Who posted it."},
		},
		"a delivery": {
			&liaisonv1.Event{Sequence: 3, Delivery: &liaisonv1.Delivery{Request: &liaisonv1.Request{Name: "requests/x", Spec: filing().GetFiled()}}},
			[]liaisonv1.BodyPartKind{selectors, text, authority}, []string{"requests/x"}, []string{"MOC-2026-00417", "Who posted it."},
		},
		"a platform's word": {
			&liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{PlatformReference: "T-1", Note: "received"}}},
			[]liaisonv1.BodyPartKind{platform}, nil, []string{"T-1", "received"},
		},
		"a step without content": {
			&liaisonv1.Event{Sequence: 9, Detail: &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{}}}, nil, nil, nil,
		},
		"nothing": {&liaisonv1.Statement{}, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := proto.Clone(test.whole)
			body, parts := split(t, test.whole)
			var kinds []liaisonv1.BodyPartKind
			var contents []byte
			for _, p := range parts {
				kinds, contents = append(kinds, p.GetKind()), append(contents, p.GetContent()...)
			}
			if diff := cmp.Diff(test.kinds, kinds); diff != "" {
				t.Errorf("its parts (-want +got)\n%s", diff)
			}
			for _, word := range test.core {
				if !bytes.Contains(body, []byte(word)) || bytes.Contains(contents, []byte(word)) {
					t.Errorf("%q is not in the body alone", word)
				}
			}
			for _, word := range test.apart {
				if bytes.Contains(body, []byte(word)) || !bytes.Contains(contents, []byte(word)) {
					t.Errorf("%q is not in a part alone", word)
				}
			}
			joined := test.whole.ProtoReflect().New().Interface().(part.Whole)
			if err := part.Join(joined, body, parts); err != nil {
				t.Fatal(err)
			}
			for _, m := range []proto.Message{joined, test.whole} {
				if diff := cmp.Diff(before, m, protocmp.Transform()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

// TestAPartCanBeWithheld, and what is left says everything else.
func TestAPartCanBeWithheld(t *testing.T) {
	t.Parallel()
	body, parts := split(t, filing())
	left := &liaisonv1.Statement{}
	withheld, err := part.JoinGiven(left, body, parts[1:])
	if err != nil || len(withheld) != 1 || withheld[0] != selectors {
		t.Fatalf("withheld are %v: %v", withheld, err)
	}
	want := filing()
	want.GetFiled().Selectors = nil
	if diff := cmp.Diff(want, left, protocmp.Transform()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := part.Join(&liaisonv1.Statement{}, body, parts[1:]); !errors.Is(err, part.ErrWithheld) {
		t.Errorf("as a whole it ends with %v", err)
	}
}

// TestWhatCouldBeReadInTwoWaysIsRefused, each with the error that says why.
func TestWhatCouldBeReadInTwoWaysIsRefused(t *testing.T) {
	t.Parallel()
	// withParts returns a body with the digests of these parts, whatever they hold.
	withParts := func(core *liaisonv1.Statement, parts ...*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		core = proto.CloneOf(core)
		for _, p := range parts {
			core.Parts = append(core.Parts, &liaisonv1.BodyPartDigest{Kind: p.GetKind(), Sha256: part.Digest(p)})
		}
		return encoded(t, core), parts
	}
	of := func(kind liaisonv1.BodyPartKind, s *liaisonv1.Statement, more ...byte) *liaisonv1.BodyPart {
		made, _ := salt()
		return &liaisonv1.BodyPart{Kind: kind, Salt: made, Content: append(encoded(t, s), more...)}
	}
	spec := func(s *liaisonv1.RequestSpec) *liaisonv1.Statement {
		return &liaisonv1.Statement{Detail: &liaisonv1.Statement_Filed{Filed: s}}
	}
	core := spec(&liaisonv1.RequestSpec{Platform: "platforms/messenger"})
	necessity := of(text, spec(&liaisonv1.RequestSpec{Necessity: "Who posted it."}))
	twice := append(encoded(t, core), encoded(t, spec(&liaisonv1.RequestSpec{Test: true}))...)
	unknown := protowire.AppendVarint(protowire.AppendTag(nil, 9999, protowire.VarintType), 1)
	for _, test := range []struct {
		name string
		make func() ([]byte, []*liaisonv1.BodyPart)
		want error // nil: it is taken
	}{
		{"a body and its part", func() ([]byte, []*liaisonv1.BodyPart) { return withParts(core, necessity) }, nil},
		{"a part that the body has no digest of", func() ([]byte, []*liaisonv1.BodyPart) {
			return encoded(t, core), []*liaisonv1.BodyPart{necessity}
		}, part.ErrUnnamed},
		{"a digest without its part", func() ([]byte, []*liaisonv1.BodyPart) {
			body, _ := withParts(core, necessity)
			return body, nil
		}, part.ErrWithheld},
		{"another part than the digest's", func() ([]byte, []*liaisonv1.BodyPart) {
			body, _ := withParts(core, necessity)
			return body, []*liaisonv1.BodyPart{of(text, spec(&liaisonv1.RequestSpec{Necessity: "Who read it."}))}
		}, part.ErrDigest},
		{"a salt that is short", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, &liaisonv1.BodyPart{Kind: text, Salt: []byte("salt"), Content: necessity.GetContent()})
		}, part.ErrSalt},
		{"two parts of one kind", func() ([]byte, []*liaisonv1.BodyPart) {
			body, parts := withParts(core, necessity)
			return body, append(parts, parts...)
		}, part.ErrOrder},
		{"two digests of one kind", func() ([]byte, []*liaisonv1.BodyPart) { return withParts(core, necessity, necessity) }, part.ErrOrder},
		{"parts in another order", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(authority, spec(&liaisonv1.RequestSpec{Reference: "1"})), necessity)
		}, part.ErrOrder},
		{"a kind that is none", func() ([]byte, []*liaisonv1.BodyPart) { return withParts(core, of(99, necessityOf(necessity))) }, part.ErrOrder},
		{"a part that holds nothing", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, spec(&liaisonv1.RequestSpec{})))
		}, part.ErrEmpty},
		{"a part of no bytes", func() ([]byte, []*liaisonv1.BodyPart) { return withParts(core, of(text, &liaisonv1.Statement{})) }, part.ErrEmpty},
		{"a part with a field of another part", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, spec(&liaisonv1.RequestSpec{Necessity: "Who posted it.", Reference: "1"})))
		}, part.ErrForeign},
		{"a part with a field of the body", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, spec(&liaisonv1.RequestSpec{Necessity: "Who posted it.", Test: true})))
		}, part.ErrForeign},
		{"a part with a field that nobody knows", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, necessityOf(necessity), unknown...))
		}, part.ErrForeign},
		{"a body with a field of a part", func() ([]byte, []*liaisonv1.BodyPart) {
			return encoded(t, spec(&liaisonv1.RequestSpec{Necessity: "Who posted it."})), nil
		}, part.ErrUncovered},
		{"a part within another detail", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{Note: "Who posted it."}}}))
		}, part.ErrPlace},
		{"a part within a message that the body does not hold", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, spec(&liaisonv1.RequestSpec{Threat: &liaisonv1.Threat{Statement: "a bomb"}})))
		}, part.ErrPlace},
		{"a part with a field twice", func() ([]byte, []*liaisonv1.BodyPart) {
			return withParts(core, of(text, necessityOf(necessity), necessity.GetContent()...))
		}, part.ErrTwice},
		{"a body with a message twice", func() ([]byte, []*liaisonv1.BodyPart) { return twice, nil }, part.ErrTwice},
		{"a body with two details", func() ([]byte, []*liaisonv1.BodyPart) {
			return append(encoded(t, core), encoded(t, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{}}})...), nil
		}, part.ErrTwice},
		{"a selector with its id twice", func() ([]byte, []*liaisonv1.BodyPart) {
			selector := append(encoded(t, &liaisonv1.Selector{Id: "a"}), encoded(t, &liaisonv1.Selector{Id: "b"})...)
			field := protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), selector)
			made, _ := salt()
			return withParts(core, &liaisonv1.BodyPart{Kind: selectors, Salt: made, Content: protowire.AppendBytes(protowire.AppendTag(nil, 10, protowire.BytesType), field)})
		}, part.ErrTwice},
		{"bytes of something else", func() ([]byte, []*liaisonv1.BodyPart) { return []byte{0xff, 0xff}, nil }, part.ErrMalformed},
		{"a body that was cut", func() ([]byte, []*liaisonv1.BodyPart) { return encoded(t, core)[:10], nil }, part.ErrMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body, parts := test.make()
			if err := part.Join(&liaisonv1.Statement{}, body, parts); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("it ends with %v, wanted %v", err, test.want)
			}
		})
	}
}

func necessityOf(p *liaisonv1.BodyPart) *liaisonv1.Statement {
	s := &liaisonv1.Statement{}
	if proto.Unmarshal(p.GetContent(), s) != nil {
		panic("it is no statement")
	}
	return s
}

// FuzzJoin holds whatever is taken to its one form.
func FuzzJoin(f *testing.F) {
	body, parts := split(f, filing())
	f.Add(body, parts[0].GetContent(), parts[1].GetContent())
	f.Add([]byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, core, first, second []byte) {
		made, _ := salt()
		s := &liaisonv1.Statement{}
		if proto.Unmarshal(core, s) != nil {
			return
		}
		s.Parts = nil
		given := []*liaisonv1.BodyPart{{Kind: selectors, Salt: made, Content: first}, {Kind: text, Salt: made, Content: second}}
		for _, p := range given {
			s.Parts = append(s.Parts, &liaisonv1.BodyPartDigest{Kind: p.GetKind(), Sha256: part.Digest(p)})
		}
		joined := &liaisonv1.Statement{}
		if part.Join(joined, encoded(t, s), given) != nil {
			return
		}
		_, again := split(t, joined)
		rejoined := &liaisonv1.Statement{}
		if len(again) > len(given) {
			t.Fatalf("it splits into %d parts", len(again))
		}
		body, again := split(t, joined)
		if err := part.Join(rejoined, body, again); err != nil || !proto.Equal(rejoined, joined) {
			t.Errorf("it is split and joined into something else: %v", err)
		}
	})
}

// TestTheContractIsCovered says what a field with personal data that lies in no part would
// keep from starting.
func TestTheContractIsCovered(t *testing.T) {
	t.Parallel()
	err := part.CheckCovered((&liaisonv1.Answer{}).ProtoReflect().Descriptor())
	if err == nil || !strings.Contains(err.Error(), "has debug_redact and belongs to no part") {
		t.Errorf("an answer, which is no body, is said to be covered: %v", err)
	}
	err = part.CheckCovered((&liaisonv1.GetTransparencyReportResponse{}).ProtoReflect().Descriptor())
	if err != nil {
		t.Errorf("what says nothing of anybody is not: %v", err)
	}
}
