package validate

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// layout says where the fields of a message stand in the struct that protoc-gen-go makes of
// it. To read them there takes a third of the time that the messages' own reflection
// takes, which makes values of lists and looks up types on the way.
type layout struct {
	pointer reflect.Type // to the struct
	unknown int          // where the fields stand that nobody knows
	places  []place      // of the fields, by their indexes
	oneofs  []int        // where the oneofs stand, by theirs; those that are made for an optional field are -1
}

// place is where a field of a message stands.
type place struct {
	index    int
	wrapper  reflect.Type  // a oneof's field: what holds it while it is the one that is set
	optional bool          // a pointer leads to it, which is nil where it is not set
	unset    reflect.Value // what it reads as where it is not set; a message's is never written to
}

var layouts sync.Map // those that were asked for, *layout, by the message's descriptor

// layoutOf returns the layout of a message, unless its struct is not as expected.
func layoutOf(m protoreflect.MessageDescriptor) (*layout, bool) {
	if known, ok := layouts.Load(m); ok {
		l, _ := known.(*layout)
		return l, l != nil
	}
	l, ok := newLayout(m)
	layouts.Store(m, l) // nil if there is none
	return l, ok
}

func newLayout(m protoreflect.MessageDescriptor) (*layout, bool) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(m.FullName())
	if err != nil || found.Descriptor() != m {
		return nil, false
	}
	l := &layout{pointer: reflect.TypeOf(found.Zero().Interface())}
	if l.pointer.Kind() != reflect.Pointer || l.pointer.Elem().Kind() != reflect.Struct {
		return nil, false
	}
	unknown, ok := l.pointer.Elem().FieldByName("unknownFields")
	if !ok || unknown.Type.Kind() != reflect.Slice || len(unknown.Index) != 1 {
		return nil, false
	}
	l.unknown = unknown.Index[0]
	for i := range m.Oneofs().Len() {
		oneof := m.Oneofs().Get(i)
		at, ok := -1, oneof.IsSynthetic()
		for n := 0; n < l.pointer.Elem().NumField() && !ok; n++ {
			if l.pointer.Elem().Field(n).Tag.Get("protobuf_oneof") == string(oneof.Name()) {
				at, ok = n, true
			}
		}
		if !ok {
			return nil, false
		}
		l.oneofs = append(l.oneofs, at)
	}
	for i := range m.Fields().Len() {
		p, ok := l.place(m.Fields().Get(i), found)
		if !ok {
			return nil, false
		}
		l.places = append(l.places, p)
	}
	return l, true
}

// place finds a field in the struct.
func (l *layout) place(f protoreflect.FieldDescriptor, of protoreflect.MessageType) (p place, ok bool) {
	var kind reflect.Type
	if oneof := f.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
		p.index = l.oneofs[oneof.Index()]
		sample := of.New()
		sample.Set(f, sample.NewField(f))
		held := reflect.ValueOf(sample.Interface()).Elem().Field(p.index).Elem()
		if held.Kind() != reflect.Pointer || held.Elem().Kind() != reflect.Struct || held.Elem().NumField() != 1 {
			return p, false
		}
		p.wrapper, kind = held.Type(), held.Elem().Field(0).Type()
	} else {
		number := strconv.Itoa(int(f.Number()))
		for n := range l.pointer.Elem().NumField() {
			field := l.pointer.Elem().Field(n)
			if parts := strings.Split(field.Tag.Get("protobuf"), ","); len(parts) > 1 && parts[1] == number {
				p.index, kind = n, field.Type
			}
		}
		if kind == nil {
			return p, false
		}
		if kind.Kind() == reflect.Pointer && f.Message() == nil {
			p.optional, kind = true, kind.Elem()
		}
	}
	p.unset = reflect.Zero(kind)
	switch {
	case f.IsMap():
		return p, kind.Kind() == reflect.Map
	case f.IsList():
		return p, kind.Kind() == reflect.Slice && isKind(kind.Elem(), f)
	case f.Message() != nil && kind.Kind() == reflect.Pointer:
		p.unset = reflect.New(kind.Elem())
	}
	return p, isKind(kind, f)
}

// isKind says whether a type is what protoc-gen-go makes of a field's.
func isKind(t reflect.Type, f protoreflect.FieldDescriptor) bool {
	switch f.Kind() {
	case protoreflect.MessageKind:
		found, err := protoregistry.GlobalTypes.FindMessageByName(f.Message().FullName())
		return err == nil && t == reflect.TypeOf(found.Zero().Interface())
	case protoreflect.BytesKind:
		return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	case protoreflect.StringKind:
		return t.Kind() == reflect.String
	case protoreflect.BoolKind:
		return t.Kind() == reflect.Bool
	case protoreflect.EnumKind, protoreflect.Int32Kind:
		return t.Kind() == reflect.Int32
	case protoreflect.Int64Kind:
		return t.Kind() == reflect.Int64
	case protoreflect.Uint32Kind:
		return t.Kind() == reflect.Uint32
	case protoreflect.Uint64Kind:
		return t.Kind() == reflect.Uint64
	default:
		return false
	}
}

// get returns a field of a message, and whether it is set. What it returns is not to be
// changed.
func (p *place) get(message reflect.Value) (value reflect.Value, set bool) {
	if message.IsNil() {
		return p.unset, false
	}
	value = message.Elem().Field(p.index)
	switch {
	case p.wrapper != nil:
		if value = value.Elem(); !value.IsValid() || value.Type() != p.wrapper || value.IsNil() {
			return p.unset, false
		}
		return value.Elem().Field(0), true
	case p.optional:
		if value.IsNil() {
			return p.unset, false
		}
		return value.Elem(), true
	}
	switch value.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return value, value.Len() > 0
	case reflect.Pointer:
		if value.IsNil() {
			return p.unset, false
		}
		return value, true
	default:
		return value, !value.IsZero()
	}
}
