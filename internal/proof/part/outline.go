package part

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Outline says of a message which of its fields belong to parts, for implementations that
// have no descriptors at hand: the vectors carry it.
type Outline struct {
	Parts    map[string]string   `json:"parts,omitempty"`    // by a field's number, the part's kind
	Below    map[string]*Outline `json:"below,omitempty"`    // by a field's number, that of the message in it
	Repeated []int               `json:"repeated,omitempty"` // fields that may stand more than once
	Oneofs   [][]int             `json:"oneofs,omitempty"`   // fields of which one may stand
}

// OutlineOf returns the outline of an event or a statement.
func OutlineOf(whole Whole) *Outline {
	d := whole.ProtoReflect().Descriptor()
	return outlineOf(d, layoutOf(d))
}

func outlineOf(m protoreflect.MessageDescriptor, l *layout) *Outline {
	o := &Outline{Parts: make(map[string]string), Below: make(map[string]*Outline)}
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		number := strconv.Itoa(int(field.Number()))
		if field.Cardinality() == protoreflect.Repeated {
			o.Repeated = append(o.Repeated, int(field.Number()))
		}
		switch at := l.fields[field.Number()]; {
		case at.kind != 0:
			o.Parts[number] = at.kind.String()
		case at.below != nil:
			o.Below[number] = outlineOf(field.Message(), at.below)
		}
	}
	for i := range m.Oneofs().Len() {
		var numbers []int
		fields := m.Oneofs().Get(i).Fields()
		for j := range fields.Len() {
			numbers = append(numbers, int(fields.Get(j).Number()))
		}
		o.Oneofs = append(o.Oneofs, numbers)
	}
	return o
}
