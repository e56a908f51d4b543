package liaisonv1_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func asViolations(err error, target **protovalidate.ValidationError) bool {
	return errors.As(err, target)
}

// try is one thing changed about a valid message: the field at a path has another
// value, or none. Rule is what must be broken; without one, the message must stay
// valid: that is how a bound's inner side is tried.
type try struct {
	name    string
	message string
	path    string
	value   any // nil: the field is taken away
	rule    string
	at      string // where the violation stands, if not at path; "." for the message
	also    bool   // whether the change breaks other rules too, as it must
}

// whole, as a try's path, replaces the whole message.
const whole = "whole"

// TestRules tries every rule of the contract: what is just within it passes, and
// what is just beyond it is refused at the field and by the rule expected, and hub and
// SDK say the same of both. In the end no rule may be left that nothing broke. Each is
// told in every language.
func TestRules(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	for message := range valid {
		m := build(t, message, tree(t, message))
		if err := validator.Validate(m); err != nil {
			t.Errorf("the %s to start from is not valid: %v", message, err)
		}
		sameVerdict(t, validator, m)
	}
	broken := make(map[string]bool)
	for _, try := range slices.Concat(texts(), formats(), choices(), numbers(), sizes(), requirements(), calls(), relations(), signed(), attachments(), policies(), reviews()) {
		// What these hold depends on their parts together.
		together := try.message == "ManifestEntry" || strings.Contains(try.path, "_recipients") || strings.Contains(try.at, "_recipients")
		try.also = try.rule != "" && (try.also || together)
		t.Run(try.message+"/"+try.name, func(t *testing.T) {
			root := tree(t, try.message)
			if try.path == whole {
				root, _ = try.value.(map[string]any)
			} else {
				put(t, root, try.path, try.value)
			}
			want := []string{}
			if try.rule != "" {
				at := try.path
				switch try.at {
				case "":
				case ".":
					at = ""
				default:
					at = try.at
				}
				want = append(want, at+": "+try.rule)
			}
			m := build(t, try.message, root)
			sameVerdict(t, validator, m)
			if got := violations(t, validator, m, broken); !slices.Equal(got, want) && (!try.also || !slices.Contains(got, want[0])) {
				t.Errorf("%s is %s\ngot  %q\nwant %q", try.path, shortened(try.value), got, want)
			}
		})
	}
	for _, rule := range slices.Sorted(maps.Keys(rules())) {
		if !broken[rule] {
			t.Errorf("nothing here breaks %s", rule)
		}
	}
}

// violations returns what is wrong with a message, as "path: rule" each, and
// notes which rules were broken.
func violations(t *testing.T, validator protovalidate.Validator, m proto.Message, broken map[string]bool) []string {
	t.Helper()
	var failed *protovalidate.ValidationError
	if err := validator.Validate(m); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	list := []string{}
	if failed == nil {
		return list
	}
	for _, v := range failed.Violations {
		rule := v.Proto.GetRuleId()
		list = append(list, protovalidate.FieldPathString(v.Proto.GetField())+": "+rule)
		broken[rule] = true
		broken[string(m.ProtoReflect().Descriptor().Name())+": "+rule] = true
		for _, l := range catalogue.Languages()[1:] {
			if _, ok := l.Rule(rule, v.Proto.GetMessage()); !ok {
				t.Errorf("%s has no text for %s: %s", l, rule, v.Proto.GetMessage())
			}
		}
		if elements := v.Proto.GetField().GetElements(); len(elements) > 0 {
			rule = strings.TrimSuffix(rule, "_empty") // how some rules call it when nothing is there
			broken[keyOf(m.ProtoReflect().Descriptor(), elements, rule)] = true
		}
	}
	return list
}

// keyOf returns the key of a rule of the field, or of the oneof, at the end of a path.
func keyOf(m protoreflect.MessageDescriptor, path []*validate.FieldPathElement, rule string) string {
	for _, element := range path[:len(path)-1] {
		m = m.Fields().ByName(protoreflect.Name(element.GetFieldName())).Message()
	}
	name := protoreflect.Name(path[len(path)-1].GetFieldName())
	if f := m.Fields().ByName(name); f != nil {
		return key(f, rule)
	}
	return string(name) + " " + rule
}

func key(f protoreflect.FieldDescriptor, rule string) string {
	return fmt.Sprintf("%s.%s: %s", f.ContainingMessage().Name(), f.Name(), rule)
}

// rules walks the contract for every rule in it.
func rules() map[string]bool {
	all := make(map[string]bool)
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			m := f.Messages().Get(i)
			ofMessage, _ := proto.GetExtension(m.Options(), validate.E_Message).(*validate.MessageRules)
			for _, cel := range ofMessage.GetCel() {
				all[cel.GetId()] = true
			}
			if len(ofMessage.GetOneof()) > 0 {
				all[string(m.Name())+": message.oneof"] = true
			}
			for j := range m.Oneofs().Len() {
				if of, _ := proto.GetExtension(m.Oneofs().Get(j).Options(), validate.E_Oneof).(*validate.OneofRules); of.GetRequired() {
					all[string(m.Oneofs().Get(j).Name())+" required"] = true
				}
			}
			for j := range m.Fields().Len() {
				field := m.Fields().Get(j)
				of, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules)
				for _, rule := range ofField(of) {
					all[key(field, rule)] = true
				}
			}
		}
	})
	return all
}

// ofField returns the ids of a field's rules.
func ofField(of *validate.FieldRules) []string {
	var ids []string
	if of.GetRequired() {
		ids = append(ids, "required")
	}
	for _, cel := range of.GetCel() {
		ids = append(ids, cel.GetId())
	}
	if of.GetRepeated().GetItems() != nil {
		ids = append(ids, ofField(of.GetRepeated().GetItems())...)
	}
	kind := of.ProtoReflect().WhichOneof(of.ProtoReflect().Descriptor().Oneofs().ByName("type"))
	if kind == nil {
		return ids
	}
	names := make(map[string]bool)
	of.ProtoReflect().Get(kind).Message().Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		names[string(f.Name())] = true
		return true
	})
	delete(names, "items")
	if names["gt"] && names["lte"] {
		delete(names, "gt")
		delete(names, "lte")
		names["gt_lte"] = true
	}
	if names["gte"] && names["lte"] {
		delete(names, "gte")
		delete(names, "lte")
		names["gte_lte"] = true
	}
	for name := range names {
		ids = append(ids, string(kind.Name())+"."+name)
	}
	return ids
}

// put sets the value at a path such as "selectors[0].phone.number"; nil takes the
// field away.
func put(t *testing.T, root map[string]any, path string, value any) {
	t.Helper()
	steps := strings.Split(strings.NewReplacer("[", ".[", "]", "").Replace(path), ".")
	var at any = root
	for i, step := range steps {
		last := i == len(steps)-1
		if index, ok := strings.CutPrefix(step, "["); ok {
			n, err := strconv.Atoi(index)
			list, isList := at.([]any)
			if err != nil || !isList || n >= len(list) {
				t.Fatalf("%s: no element %s", path, index)
			}
			if last {
				list[n] = value
			}
			at = list[n]
			continue
		}
		fields, ok := at.(map[string]any)
		switch {
		case !ok:
			t.Fatalf("%s: %s is in nothing", path, step)
		case last && value == nil:
			delete(fields, step)
		case last:
			fields[step] = value
		case fields[step] == nil:
			fields[step] = map[string]any{}
		}
		at = fields[step]
	}
}

func shortened(value any) string {
	text := fmt.Sprintf("%q", fmt.Sprint(value))
	if len(text) > 80 {
		return fmt.Sprintf("%s… (%d bytes)", text[:80], len(text))
	}
	return text
}

// TestRulesTakeNoLongerThanTheMessageIsLong checks messages that nobody means well
// with. A rule that held each element against each other would take minutes here.
func TestRulesTakeNoLongerThanTheMessageIsLong(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	many := 50000
	if testing.Short() {
		many = 5000
	}
	categories := slices.Repeat([]liaisonv1.DataCategory{8}, many)
	outcomes := slices.Repeat([]*liaisonv1.Outcome{{Category: 1, Code: 3}}, many/5)
	items := slices.Repeat([]*liaisonv1.DataItem{{Category: 1}}, 1000)
	for name, m := range map[string]proto.Message{
		"one selector of many categories": &liaisonv1.RequestSpec{
			Categories: append(slices.Clone(categories), 1),
			Selectors:  []*liaisonv1.Selector{{Categories: slices.Repeat([]liaisonv1.DataCategory{1}, many)}},
		},
		"many kinds of data leaked and not": &liaisonv1.Incident{
			Leaked: slices.Repeat([]liaisonv1.LeakedData{1}, many), NotLeaked: slices.Repeat([]liaisonv1.LeakedData{2}, many),
		},
		"many outcomes and items": &liaisonv1.Finding{
			Outcomes: append(slices.Clone(outcomes), &liaisonv1.Outcome{Category: 1, Code: 1}),
			Parties:  []*liaisonv1.IdentifiedParty{{Items: items}},
		},
		"as many outcomes and items as there may be": &liaisonv1.Finding{
			Outcomes: append(slices.Clone(outcomes[:519]), &liaisonv1.Outcome{Category: 1, Code: 1}),
			Parties:  slices.Repeat([]*liaisonv1.IdentifiedParty{{Items: items}}, 20),
		},
		"many selectors": &liaisonv1.RequestSpec{Selectors: slices.Repeat([]*liaisonv1.Selector{{Id: "a"}}, many/10)},
		"many findings":  &liaisonv1.Answer{Findings: slices.Repeat([]*liaisonv1.Finding{{SelectorId: "a"}}, many/10)},
		"a manifest without end": &liaisonv1.AnswerStatement{
			Manifest: &liaisonv1.AnswerManifest{Entries: slices.Repeat([]*liaisonv1.ManifestEntry{{SelectorId: "a"}}, many)},
		},
		"an entry of many messages": &liaisonv1.ManifestEntry{MessageIds: slices.Repeat([]int64{1}, many)},
		"many recipients":           &liaisonv1.RequestSpec{AnswerRecipients: append(slices.Repeat([]string{"age1q"}, many), "age1pq1q")},
		"a recipient without end":   &liaisonv1.RequestSpec{AnswerRecipients: []string{"age1" + strings.Repeat("q", 1<<20)}},
		"a hub without end":         &liaisonv1.Statement{Hub: strings.Repeat("a", 1<<20)},
		"many certificates":         &liaisonv1.EnvelopeSignature{Certificates: make([][]byte, many)},
		"many signatures":           &liaisonv1.Envelope{Signatures: slices.Repeat([]*liaisonv1.EnvelopeSignature{{}}, many)},
		"many messages":             &liaisonv1.MessageSelector{Ids: slices.Repeat([]int64{1}, many)},
		"a necessity without end":   &liaisonv1.RequestSpec{Necessity: strings.Repeat("ش", 1<<20)},
		"a reference without end":   &liaisonv1.RequestSpec{Reference: strings.Repeat("ش", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			var failed *protovalidate.ValidationError
			if err := validator.Validate(m); !errors.As(err, &failed) {
				t.Errorf("not refused: %v", err)
			}
		})
	}
}

// FuzzRules feeds the validator whatever parses: it must say yes or no.
func FuzzRules(f *testing.F) {
	validator, err := protovalidate.New()
	if err != nil {
		f.Fatal(err)
	}
	for _, message := range []string{"RequestSpec", "Answer", "Statement", "AnswerRequestRequest"} {
		raw, err := proto.Marshal(build(f, message, tree(f, message)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, m := range []proto.Message{&liaisonv1.RequestSpec{}, &liaisonv1.Answer{}, &liaisonv1.Statement{}, &liaisonv1.AnswerRequestRequest{}} {
			if proto.Unmarshal(raw, m) != nil {
				continue
			}
			var failed *protovalidate.ValidationError
			if err := validator.Validate(m); err != nil && !errors.As(err, &failed) {
				t.Errorf("neither valid nor invalid: %v in %s", err, protojson.Format(m))
			}
		}
	})
}
