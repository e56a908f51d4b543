package liaisonv1_test

import (
	"path"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestEveryFileSaysItsPackageInEveryLanguage holds the options to the contract itself:
// buf's managed mode would give each of those who generate code from it other packages.
func TestEveryFileSaysItsPackageInEveryLanguage(t *testing.T) {
	files(func(f protoreflect.FileDescriptor) {
		outer := camel(strings.TrimSuffix(path.Base(f.Path()), ".proto")) + "Proto"
		want := &descriptorpb.FileOptions{
			GoPackage:            proto.String("github.com/liaison-protocol/liaison/proto/liaison/v1;liaisonv1"),
			JavaPackage:          proto.String("io.github.liaisonprotocol.liaison.v1"),
			JavaMultipleFiles:    proto.Bool(true),
			JavaOuterClassname:   proto.String(outer),
			CsharpNamespace:      proto.String("Liaison.V1"),
			ObjcClassPrefix:      proto.String("LIA"),
			PhpNamespace:         proto.String(`Liaison\V1`),
			PhpMetadataNamespace: proto.String(`Liaison\V1\GPBMetadata`),
			RubyPackage:          proto.String("Liaison::V1"),
		}
		if got := f.Options(); !proto.Equal(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", f.Path(), got, want)
		}
		if f.Messages().ByName(protoreflect.Name(outer)) != nil || f.Enums().ByName(protoreflect.Name(outer)) != nil {
			t.Errorf("%s: a type is called like Java's class for the file, %s", f.Path(), outer)
		}
	})
}

// TestNoTwoNamesCollideInAnyLanguage generates, for each message, the names that protoc's
// plugins for Java, C# and Objective-C make of its fields and oneofs. Where two are the
// same, protoc renames them by number, or what it makes does not compile.
func TestNoTwoNamesCollideInAnyLanguage(t *testing.T) {
	files(func(f protoreflect.FileDescriptor) {
		for i := range f.Messages().Len() {
			noCollision(t, f.Messages().Get(i))
		}
	})
}

func noCollision(t *testing.T, m protoreflect.MessageDescriptor) {
	t.Helper()
	for language, name := range generators {
		for _, collision := range collisions(m, name) {
			t.Errorf("%s: %s in %s", m.FullName(), collision, language)
		}
	}
	for i := range m.Messages().Len() {
		noCollision(t, m.Messages().Get(i))
	}
}

// collisions returns the names that two fields or oneofs of a message share. A name that
// every message has, such as Java's getClass, the plugins step around by themselves.
func collisions(m protoreflect.MessageDescriptor, name generator) (found []string) {
	owners := make(map[string]protoreflect.Name)
	claim := func(owner protoreflect.Name, names []string) {
		for _, n := range names {
			if other, ok := owners[n]; ok && other != owner {
				found = append(found, string(owner)+" and "+string(other)+" are both "+n)
			}
			owners[n] = owner
		}
	}
	for i := range m.Fields().Len() {
		claim(m.Fields().Get(i).Name(), name.field(m.Fields().Get(i)))
	}
	for i := range m.Oneofs().Len() {
		if one := m.Oneofs().Get(i); !one.IsSynthetic() {
			claim(one.Name(), name.oneof(one))
		}
	}
	return found
}

// generator says which names a language's plugin makes.
type generator struct {
	field func(protoreflect.FieldDescriptor) []string
	oneof func(protoreflect.OneofDescriptor) []string
}

var generators = map[string]generator{
	"Java": {
		field: func(f protoreflect.FieldDescriptor) []string {
			get := "get" + camel(string(f.Name()))
			names := []string{get}
			also := func(suffixes ...string) {
				for _, suffix := range suffixes {
					names = append(names, get+suffix)
				}
			}
			if f.IsList() {
				also("List", "Count")
			}
			switch f.Kind() {
			case protoreflect.StringKind:
				also("Bytes")
			case protoreflect.EnumKind:
				also("Value")
				if f.IsList() {
					also("ValueList")
				}
			case protoreflect.MessageKind:
				also("Builder", "OrBuilder")
				if f.IsList() {
					also("BuilderList", "OrBuilderList")
				}
			}
			return names
		},
		oneof: func(o protoreflect.OneofDescriptor) []string {
			return []string{"get" + camel(string(o.Name())) + "Case"}
		},
	},
	"C#": {
		field: func(f protoreflect.FieldDescriptor) []string {
			name := camel(string(f.Name()))
			names := []string{name, name + "FieldNumber"}
			if f.ContainingOneof() != nil || f.HasPresence() && f.Message() == nil {
				names = append(names, "Has"+name, "Clear"+name)
			}
			return names
		},
		oneof: func(o protoreflect.OneofDescriptor) []string {
			name := camel(string(o.Name()))
			return []string{name + "Case", name + "OneofCase", "Clear" + name}
		},
	},
	"Objective-C": {
		field: func(f protoreflect.FieldDescriptor) []string {
			name := lower(camel(string(f.Name())))
			switch {
			case f.IsList():
				return []string{name + "Array", name + "Array_Count"}
			case f.HasPresence() && f.ContainingOneof() == nil:
				return []string{name, "has" + camel(string(f.Name()))}
			default:
				return []string{name}
			}
		},
		oneof: func(o protoreflect.OneofDescriptor) []string {
			return []string{lower(camel(string(o.Name()))) + "OneOfCase"}
		},
	},
}

// camel returns a snake_case name in PascalCase.
func camel(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// TestACollisionIsFound shows that the rules above find what they are for.
func TestACollisionIsFound(t *testing.T) {
	const repeated, optional = descriptorpb.FieldDescriptorProto_LABEL_REPEATED, descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
	const text, number = descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_INT64
	type field struct {
		name  string
		label descriptorpb.FieldDescriptorProto_Label
		kind  descriptorpb.FieldDescriptorProto_Type
	}
	for _, test := range []struct {
		name     string
		language string
		fields   []field
		collides bool
	}{
		{"a list and its count", "Java", []field{{"people", repeated, number}, {"people_count", optional, number}}, true},
		{"a list and another of that name", "Java", []field{{"people", repeated, number}, {"people_list", optional, number}}, true},
		{"a text and its bytes", "Java", []field{{"name", optional, text}, {"name_bytes", optional, number}}, true},
		{"a number and bytes", "Java", []field{{"name", optional, number}, {"name_bytes", optional, number}}, false},
		{"one value and a count", "Java", []field{{"people", optional, number}, {"people_count", optional, number}}, false},
		{"two words and one", "C#", []field{{"sha_256", optional, text}, {"sha256", optional, text}}, true},
		{"a list and its array", "Objective-C", []field{{"people", repeated, number}, {"people_array", optional, number}}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			message := &descriptorpb.DescriptorProto{Name: proto.String("M")}
			for i, f := range test.fields {
				message.Field = append(message.Field, &descriptorpb.FieldDescriptorProto{
					Name: proto.String(f.name), Number: proto.Int32(int32(i + 1)), Label: f.label.Enum(), Type: f.kind.Enum(),
				})
			}
			file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
				Name: proto.String("m.proto"), Syntax: proto.String("proto3"), MessageType: []*descriptorpb.DescriptorProto{message},
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			found := collisions(file.Messages().Get(0), generators[test.language])
			if (len(found) > 0) != test.collides {
				t.Errorf("collisions: %q", found)
			}
		})
	}
}
