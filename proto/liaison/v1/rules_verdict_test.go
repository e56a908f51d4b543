package liaisonv1_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/validate"
)

// sameVerdict fails unless hub and SDK accept a message exactly when protovalidate does.
// They refuse one thing more: a time that cannot be.
func sameVerdict(t interface {
	Helper()
	Errorf(format string, args ...any)
}, validator protovalidate.Validator, m proto.Message) {
	t.Helper()
	want, got := validator.Validate(m), validate.Check(m)
	if want == nil && !everyTimeIsOne(m.ProtoReflect()) {
		want = errors.New("a time is none")
	}
	if (got == nil) != (want == nil) {
		t.Errorf("protovalidate says %v, and the hub %v, of %s", want, got, shortened(protojson.Format(m)))
	}
}

// everyTimeIsOne says whether all times and durations in a message are such.
func everyTimeIsOne(m protoreflect.Message) bool {
	good := true
	m.Range(func(f protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		each := []protoreflect.Message{}
		switch {
		case f.Message() == nil:
		case f.IsList():
			for i := range value.List().Len() {
				each = append(each, value.List().Get(i).Message())
			}
		default:
			each = append(each, value.Message())
		}
		for _, m := range each {
			if c, ok := m.Interface().(interface{ CheckValid() error }); ok && c.CheckValid() != nil {
				good = false
			}
			good = good && everyTimeIsOne(m)
		}
		return good
	})
	return good
}

// TestTheHubAcceptsWhatTheRulesAcceptOfAnything holds the hub's verdict against
// protovalidate's on messages that are valid but for a few random changes anywhere in them.
// TestRules does so on every example.
func TestTheHubAcceptsWhatTheRulesAcceptOfAnything(t *testing.T) {
	validator, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(valid))
	for message := range valid {
		names = append(names, message)
	}
	slices.Sort(names)
	begin := make(map[string]proto.Message)
	for _, name := range names {
		begin[name] = build(t, name, tree(t, name))
	}
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := proto.Clone(begin[rapid.SampledFrom(names).Draw(t, "message")])
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			change(t, m.ProtoReflect())
		}
		sameVerdict(t, validator, m)
		if validator.Validate(m) == nil {
			accepted++
		} else {
			refused++
		}
	})
	if accepted == 0 || refused == 0 {
		t.Errorf("%d messages were valid and %d were not: that tries one side alone", accepted, refused)
	}
}

// change changes one field somewhere in a message.
func change(t *rapid.T, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	if fields.Len() == 0 {
		return
	}
	f := fields.Get(rapid.IntRange(0, fields.Len()-1).Draw(t, "field"))
	deeper := m.Has(f) && f.Message() != nil && rapid.IntRange(0, 3).Draw(t, "deeper") > 0
	switch {
	case deeper && f.IsList():
		list := m.Mutable(f).List()
		change(t, list.Get(rapid.IntRange(0, list.Len()-1).Draw(t, "item")).Message())
	case deeper:
		change(t, m.Mutable(f).Message())
	case rapid.IntRange(0, 3).Draw(t, "away") == 0:
		m.Clear(f)
	case f.IsList():
		list := m.Mutable(f).List()
		times := rapid.SampledFrom([]int{1, 1, 1, 2, 20}).Draw(t, "times")
		for range times {
			if list.Len() > 0 && rapid.Bool().Draw(t, "again") {
				list.Append(list.Get(0))
			} else {
				list.Append(item(t, f, list.NewElement))
			}
		}
	default:
		m.Set(f, item(t, f, func() protoreflect.Value { return m.NewField(f) }))
	}
}

// item is a value for a field: any of those at whose edges rules are.
func item(t *rapid.T, f protoreflect.FieldDescriptor, empty func() protoreflect.Value) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(t, "bool"))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(rapid.IntRange(-1, f.Enum().Values().Len()+1).Draw(t, "enum")))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(rapid.OneOf(rapid.Int32(), rapid.Int32Range(-1, 70000)).Draw(t, "number"))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1, 1000)).Draw(t, "number"))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 70000)).Draw(t, "number"))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 1000)).Draw(t, "number"))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(rapid.OneOf(rapid.SampledFrom(edges), rapid.StringN(0, 20, 80)).Draw(t, "text"))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(make([]byte, rapid.SampledFrom([]int{0, 1, 16, 31, 32, 33, 64, 4096, 65536}).Draw(t, "bytes")))
	case protoreflect.MessageKind:
		switch f.Message().FullName() {
		case "google.protobuf.Timestamp":
			return protoreflect.ValueOfMessage((&timestamppb.Timestamp{
				Seconds: rapid.OneOf(rapid.Int64Range(1790000000, 1800000000), rapid.Int64Range(-62135596802, 253402300801)).Draw(t, "seconds"),
				Nanos:   rapid.SampledFrom([]int32{0, 1, 999999999, 1000000000, -1}).Draw(t, "nanos"),
			}).ProtoReflect())
		case "google.protobuf.Duration":
			return protoreflect.ValueOfMessage((&durationpb.Duration{
				Seconds: rapid.SampledFrom([]int64{-1, 0, 1, 300, 3600, 86400, 86401, 31536000, 315576000000, 315576000001}).Draw(t, "seconds"),
				Nanos:   rapid.SampledFrom([]int32{0, 0, 1, -1, 1000000000}).Draw(t, "nanos"),
			}).ProtoReflect())
		}
		made := empty()
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			change(t, made.Message())
		}
		return made
	default:
		t.Fatalf("%s is of a kind for which there is no value here", f.FullName())
		return protoreflect.Value{}
	}
}

// edges are texts that rules are about, and such as only look like them.
var edges = []string{
	"", "a", "b", "A", "1", "x", " ", "a b", "a\n", "a\u200eb", "سلام", "\ufeff", "ar", "en", "ckb-Arab-IQ", "IQ", "iq",
	"authorities/moc", "platforms/messenger", "oversight/board", "platforms/", "platforms/Messenger",
	requestName, requestName + "/attachments/" + sha256Text, "requests/00000000-0000-4000-8000-000000000000", "00000000-0000-7000-8000-000000000000", "{00000000-0000-7000-8000-000000000000}",
	sha256Text, strings.ToUpper(sha256Text), sha256Text[1:], "+447700900000", "447700900000", "+0447700900000",
	"192.0.2.1", "192.0.2.256", "192.0.2.01", "2001:db8::1", "2001:db8::1%eth0", "::ffff:192.0.2.1", "2001:DB8::1", "[2001:db8::1]", ":",
	"a@example.com", "a@", "@a", "a@example.com ", "a@-example.com", "a@example..com", "a.@example.com", "\"a\"@example.com",
	"https://t.example/1", "https://t.example", "https://t.example:443/1?q=%41#f", "https://t.example/%zz", "https://[2001:db8::1]/", "t.example/1", "https://", "https://t.example/a b", "ftp://t.example", "https://a.-b/",
	"application/pdf", "application/", "Asia/Baghdad", "Asia/", "2026-02-29", "2026-13-01",
	"age1" + strings.Repeat("q", 58), "age1pq1" + strings.Repeat("q", 1952), "age1b" + strings.Repeat("q", 57),
	"490154203237518", "490154203237519", strings.Repeat("a", 32), strings.Repeat("a", 33), strings.Repeat("a", 64), strings.Repeat("a", 65),
	strings.Repeat("ش", 200), strings.Repeat("ش", 201), strings.Repeat("ش", 300), strings.Repeat("ش", 500), strings.Repeat("ش", 1000), strings.Repeat("a", 2000), strings.Repeat("a", 2001), strings.Repeat("a", 4001), strings.Repeat("a", 10001),
}
