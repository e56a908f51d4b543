package validate

import (
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestFieldsAreReadAsTheirMessageHasThem sets each field of each message of the contract
// through the message's own reflection, and reads it, and those beside it, from the struct.
func TestFieldsAreReadAsTheirMessageHasThem(t *testing.T) {
	tried := 0
	for _, descriptor := range messages() {
		l, ok := layoutOf(descriptor)
		if !ok {
			t.Errorf("%s: its struct is not known", descriptor.Name())
			continue
		}
		found, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
		if err != nil {
			t.Fatal(err)
		}
		sameFields(t, l, found.New())
		for i := range descriptor.Fields().Len() {
			f := descriptor.Fields().Get(i)
			m := found.New()
			if f.IsList() {
				m.Mutable(f).List().Append(something(f, m.Mutable(f).List().NewElement))
			} else {
				m.Set(f, something(f, func() protoreflect.Value { return m.NewField(f) }))
			}
			sameFields(t, l, m)
			tried++
		}
	}
	if tried < 500 {
		t.Errorf("%d fields were tried", tried)
	}
}

// something is a value that is not a field's zero.
func something(f protoreflect.FieldDescriptor, empty func() protoreflect.Value) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(-7)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(-1 << 40)
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(7)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1 << 63)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("text")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte("bytes"))
	default:
		return empty()
	}
}

// sameFields holds what is read from the struct of a message against its reflection.
func sameFields(t *testing.T, l *layout, m protoreflect.Message) {
	t.Helper()
	this := reflect.ValueOf(m.Interface())
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		value, set := l.places[i].get(this)
		if set != m.Has(f) {
			t.Errorf("%s: set: %v", f.FullName(), set)
			continue
		}
		want, single := m.Get(f), !f.IsList()
		same := true
		switch {
		case f.IsList():
			same = value.Len() == want.List().Len()
			if single = same && value.Len() == 1; single {
				value, want = value.Index(0), want.List().Get(0)
			}
		case f.Message() != nil && !set:
			single, same = false, value.Type() == reflect.TypeOf(want.Message().Interface()) && !value.IsNil()
		}
		if !same || single && !sameValue(f, value, want) {
			t.Errorf("%s: %v is read, and it is %v", f.FullName(), value, want)
		}
	}
}

func sameValue(f protoreflect.FieldDescriptor, value reflect.Value, want protoreflect.Value) bool {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return value.Bool() == want.Bool()
	case protoreflect.EnumKind:
		return value.Int() == int64(want.Enum())
	case protoreflect.Int32Kind, protoreflect.Int64Kind:
		return value.Int() == want.Int()
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		return value.Uint() == want.Uint()
	case protoreflect.StringKind:
		return value.String() == want.String()
	case protoreflect.BytesKind:
		return string(value.Bytes()) == string(want.Bytes())
	default:
		return value.Interface() == any(want.Message().Interface())
	}
}

// TestWhatNoMessageHoldsIsNotAcceptedQuickly has structs that no encoding decodes to, and a
// message whose fields stand in no struct.
func TestWhatNoMessageHoldsIsNotAcceptedQuickly(t *testing.T) {
	q, err := newQuick(messages())
	if err != nil {
		t.Fatal(err)
	}
	made := func(change func(*liaisonv1.RequestSpec)) proto.Message {
		spec := read(t, "02-hospital-emergency/request.yaml")
		change(spec)
		return spec
	}
	foreign := dynamicpb.NewMessage((&liaisonv1.RequestSpec{}).ProtoReflect().Descriptor())
	body, err := proto.Marshal(made(func(*liaisonv1.RequestSpec) {}))
	if err != nil {
		t.Fatal(err)
	}
	if err := proto.Unmarshal(body, foreign); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]proto.Message{
		"a selector is nil":        made(func(s *liaisonv1.RequestSpec) { s.Selectors = append(s.Selectors, nil) }),
		"a target is nil":          made(func(s *liaisonv1.RequestSpec) { s.Selectors[0].Target = (*liaisonv1.Selector_Account)(nil) }),
		"what a target has is nil": made(func(s *liaisonv1.RequestSpec) { s.Selectors[0].Target = &liaisonv1.Selector_Account{} }),
		"no message":               (*liaisonv1.RequestSpec)(nil),
		"not of its own struct":    foreign,
	} {
		t.Run(name, func(t *testing.T) {
			if q.holds(m.ProtoReflect()) {
				t.Error("it is accepted")
			}
		})
	}
}
