package scope

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// MaxReply is how many bytes any reply of a hub has at most.
const MaxReply = 1 << 20

// MaxContent is how many bytes one step says at most, and how many the content of one part
// of an answer has: what MaxReply leaves beside the certificates, checkpoints and proofs
// that come with it.
const MaxContent = 896 << 10

// CheckSize refuses what is larger than one step may say. It names the field that holds
// most of it, and what is largest in there. The path is that of the message in its call:
// "spec", or empty.
func CheckSize(said proto.Message, path string) error {
	size := proto.Size(said)
	if size <= MaxContent {
		return nil
	}
	if path != "" {
		path += "."
	}
	var c collector
	at, held, value, field := largest(said.ProtoReflect())
	c.add(Invalid, fmt.Sprintf("must be shorter: it holds %d bytes, and together with the rest %d; at most %d are taken, in any script", held, size, MaxContent), "%s", path+at)
	for field != nil && (field.IsList() || field.Message() != nil) {
		inner := at
		if field.IsList() {
			i := largestOf(value.List(), field)
			inner = fmt.Sprintf("%s[%d]", at, i)
			value = value.List().Get(i)
		}
		if field.Message() == nil {
			at = inner
			break
		}
		name, _, v, f := largest(value.Message())
		if f == nil {
			break
		}
		at, value, field = inner+"."+name, v, f
	}
	if first := c.Fields[0].Field; path+at != first {
		c.add(Invalid, "is the largest in it, or one of several: shorten them, or leave some out", "%s", path+at)
	}
	return c.err()
}

// largest returns the name of a message's largest field, its size, its value and itself.
func largest(m protoreflect.Message) (name string, size int, value protoreflect.Value, field protoreflect.FieldDescriptor) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		alone := m.New()
		alone.Set(f, v)
		if n := proto.Size(alone.Interface()); n > size {
			name, size, value, field = string(f.Name()), n, v, f
		}
		return true
	})
	return name, size, value, field
}

// largestOf returns the place of a list's largest element.
func largestOf(list protoreflect.List, field protoreflect.FieldDescriptor) (at int) {
	most := -1
	for i := range list.Len() {
		n := 0
		switch v := list.Get(i); {
		case field.Message() != nil:
			n = proto.Size(v.Message().Interface())
		case field.Kind() == protoreflect.StringKind || field.Kind() == protoreflect.BytesKind:
			n = len(v.String())
		}
		if n > most {
			most, at = n, i
		}
	}
	return at
}
