package part

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// reading looks at a body or a part as it is written, before it is decoded: a decoder
// passes over what stands twice.
type reading struct {
	kind   liaisonv1.BodyPartKind // of the part; zero for the body
	strict bool                   // fields that the contract does not have are refused
	found  bool                   // a field of the part
	places map[string]bool        // the messages in which fields of parts may stand
}

// read looks at a message that fields of parts may stand in. The place is where it stands
// in the whole.
func (r *reading) read(b []byte, m protoreflect.MessageDescriptor, l *layout, place string) error {
	return fieldsOf(b, m, func(field protoreflect.FieldDescriptor, value []byte) error {
		if field == nil {
			if r.strict {
				return ErrForeign
			}
			return nil
		}
		switch at := l.fields[field.Number()]; {
		case at.kind != 0 && r.kind == 0:
			return ErrUncovered
		case at.kind != 0 && at.kind == r.kind:
			r.found = true
			return readOnce(field, value)
		case at.below != nil:
			below := fmt.Sprintf("%s.%d", place, field.Number())
			if r.places == nil {
				r.places = make(map[string]bool)
			}
			r.places[below] = true
			return r.read(value, field.Message(), at.below, below)
		case r.kind != 0:
			return ErrForeign
		default:
			return readOnce(field, value)
		}
	})
}

// Once refuses an encoded message in which a singular field or a oneof stands twice, or in a
// message within it: one reader would take the first of them, and another the last.
func Once(b []byte, m protoreflect.MessageDescriptor) error { return fieldsOf(b, m, readOnce) }

// readOnce looks at a field that stands whole where it stands.
func readOnce(field protoreflect.FieldDescriptor, value []byte) error {
	if field == nil || field.Message() == nil {
		return nil
	}
	return fieldsOf(value, field.Message(), readOnce)
}

// fieldsOf calls each for every field of an encoded message, with a message's, string's or
// bytes' value, and refuses fields that stand twice. A field that the contract does not
// have, or not of that type, is none.
func fieldsOf(b []byte, m protoreflect.MessageDescriptor, each func(protoreflect.FieldDescriptor, []byte) error) error {
	var seen [4]uint64 // by the fields' indexes; there are no more than 256
	for len(b) > 0 {
		number, wire, n := protowire.ConsumeTag(b)
		if n < 0 {
			return ErrMalformed
		}
		b = b[n:]
		field := m.Fields().ByNumber(number)
		if field != nil && !fits(field, wire) {
			field = nil
		}
		if field != nil && field.Cardinality() != protoreflect.Repeated {
			at := field.Index()
			if oneof := field.ContainingOneof(); oneof != nil {
				at = oneof.Fields().Get(0).Index()
			}
			if seen[at/64]&(1<<(at%64)) != 0 {
				return ErrTwice
			}
			seen[at/64] |= 1 << (at % 64)
		}
		n = protowire.ConsumeFieldValue(number, wire, b)
		if n < 0 {
			return ErrMalformed
		}
		var value []byte
		if wire == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(b)
		}
		b = b[n:]
		if err := each(field, value); err != nil {
			return err
		}
	}
	return nil
}

// fits says whether a field is written with a wire type. A list of numbers is written
// packed, or one by one.
func fits(field protoreflect.FieldDescriptor, wire protowire.Type) bool {
	var own protowire.Type
	switch field.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return wire == protowire.BytesType
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		own = protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		own = protowire.Fixed64Type
	case protoreflect.GroupKind:
		return false
	default:
		own = protowire.VarintType
	}
	return wire == own || field.Cardinality() == protoreflect.Repeated && wire == protowire.BytesType
}
