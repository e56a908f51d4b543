package validate

import (
	"fmt"
	"reflect"
	"slices"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// quick knows of most messages that break no rule that they break none, in a tenth of
// the time that protovalidate takes to say so. It is made of the same rules in the
// contract, and knows some of their kinds; where it meets another kind, or is not sure,
// it says nothing, and protovalidate decides. So it can never accept what protovalidate
// would refuse, which is held against it in the contract's own tests; and what is refused
// is always protovalidate's word.
type quick map[protoreflect.MessageDescriptor]*form

// form is what must hold of a message.
type form struct {
	known   bool // whether all of its rules are
	layout  *layout
	whole   []condition
	oneofs  []int // where those stand of which a field must be set
	fields  []fieldForm
	choices []choice
	instant bool // it is a time or a duration
}

// fieldForm is what must hold of a field, if anything has to.
type fieldForm struct {
	at     *place
	needed bool  // it must be set: it is required, or something is wrong with its zero
	holds  holds // of the value that is set; nil: nothing has to
}

// choice is what must hold of that field of a oneof which is set, by what holds it.
type choice struct {
	index  int
	fields map[reflect.Type]holds
}

// holds says that a value surely breaks no rule: that of a field, or a pointer to a message.
type holds func(value reflect.Value) bool

func never(reflect.Value) bool { return false }

// newQuick learns the rules of messages and of all that is in them.
func newQuick(messages []protoreflect.MessageDescriptor) (quick, error) {
	q := make(quick)
	for _, m := range messages {
		if _, err := q.learn(m); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// holds says that a message surely breaks no rule.
func (q quick) holds(m protoreflect.Message) bool {
	f, ok := q[m.Descriptor()]
	if !ok || !f.known {
		return false
	}
	this := reflect.ValueOf(m.Interface())
	return this.Type() == f.layout.pointer && f.holds(this)
}

func (f *form) holds(this reflect.Value) bool {
	if !f.known || this.IsNil() {
		return false
	}
	m := this.Elem()
	if m.Field(f.layout.unknown).Len() > 0 {
		return false
	}
	if f.instant {
		return valid(this)
	}
	for _, oneof := range f.oneofs {
		if m.Field(oneof).IsNil() {
			return false
		}
	}
	for i := range f.fields {
		field := &f.fields[i]
		value, set := field.at.get(this)
		if !set && field.needed || set && field.holds != nil && !field.holds(value) {
			return false
		}
	}
	for i := range f.choices {
		if !f.choices[i].holds(m) {
			return false
		}
	}
	for _, condition := range f.whole {
		if !condition.holds(this) {
			return false
		}
	}
	return true
}

func (c *choice) holds(m reflect.Value) bool {
	held := m.Field(c.index)
	if held.IsNil() {
		return true
	}
	held = held.Elem()
	holds, ok := c.fields[held.Type()]
	return ok && !held.IsNil() && (holds == nil || holds(held.Elem().Field(0)))
}

// valid says whether a time is one, or a duration.
func valid(m reflect.Value) bool {
	switch value := m.Interface().(type) {
	case *timestamppb.Timestamp:
		return value.CheckValid() == nil
	case *durationpb.Duration:
		return value.CheckValid() == nil
	default:
		return false
	}
}

// learn returns what must hold of a message.
func (q quick) learn(m protoreflect.MessageDescriptor) (*form, error) {
	if f, ok := q[m]; ok {
		return f, nil
	}
	f := &form{known: true}
	q[m] = f
	if f.layout, f.known = layoutOf(m); !f.known {
		return f, nil
	}
	switch m.FullName() {
	case "google.protobuf.Timestamp", "google.protobuf.Duration":
		f.instant = true
		return f, nil
	}
	if m.ParentFile().Package() != contract {
		f.known = false
		return f, nil
	}
	rules, err := protovalidate.ResolveMessageRules(m)
	if err != nil {
		return nil, err
	}
	f.known = !others(rules, "cel") && m.ExtensionRanges().Len() == 0
	for _, rule := range rules.GetCel() {
		c, ok := newCondition(rule.GetExpression(), subject{message: m})
		f.known = f.known && ok
		f.whole = append(f.whole, c)
	}
	for i := range m.Oneofs().Len() {
		rules, err := protovalidate.ResolveOneofRules(m.Oneofs().Get(i))
		if err != nil {
			return nil, err
		}
		if m.Oneofs().Get(i).IsSynthetic() {
			f.known = f.known && !rules.GetRequired()
			continue
		}
		if rules.GetRequired() {
			f.oneofs = append(f.oneofs, f.layout.oneofs[i])
		}
		f.choices = append(f.choices, choice{f.layout.oneofs[i], make(map[reflect.Type]holds)})
	}
	for i := range m.Fields().Len() {
		field, err := q.learnField(m.Fields().Get(i), &f.layout.places[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Fields().Get(i).FullName(), err)
		}
		switch {
		case field.at.wrapper != nil:
			f.known = f.known && !field.needed // the contract has none that a oneof leaves no choice
			choice := slices.IndexFunc(f.choices, func(c choice) bool { return c.index == field.at.index })
			f.choices[choice].fields[field.at.wrapper] = field.holds
		case field.needed || field.holds != nil:
			f.fields = append(f.fields, field)
		}
	}
	return f, nil
}

// learnField returns what must hold of a field.
func (q quick) learnField(field protoreflect.FieldDescriptor, at *place) (fieldForm, error) {
	f := fieldForm{at: at}
	rules, err := protovalidate.ResolveFieldRules(field)
	if err != nil {
		return f, err
	}
	optional := field.HasPresence() || rules.GetIgnore() == validate.Ignore_IGNORE_IF_ZERO_VALUE
	var all []holds
	if rules.GetIgnore() == validate.Ignore_IGNORE_ALWAYS {
		f.holds = never // the contract has none
		return f, nil
	}
	for _, rule := range rules.GetCel() {
		c, ok := newCondition(rule.GetExpression(), subject{field: field})
		if !ok {
			all = append(all, never)
			continue
		}
		all = append(all, c.holds)
	}
	switch {
	case others(rules, "required", "ignore", "cel", "string", "bytes", "enum", "int32", "int64", "uint32", "uint64", "duration", "repeated"), field.IsMap():
		all = append(all, never)
	case field.IsList():
		all = append(all, ofList(field, rules.GetRepeated())...)
		items, err := q.learnValue(field, rules.GetRepeated().GetItems())
		if err != nil {
			return f, err
		}
		if items != nil {
			all = append(all, ofItems(items))
		}
	default:
		one, err := q.learnValue(field, rules)
		if err != nil {
			return f, err
		}
		if one != nil {
			all = append(all, one)
		}
	}
	f.holds = together(all)
	f.needed = rules.GetRequired() || !optional && f.holds != nil && !f.holds(at.unset)
	return f, nil
}

// learnValue returns what must hold of a field's value, or of an item of its list.
func (q quick) learnValue(field protoreflect.FieldDescriptor, rules *validate.FieldRules) (holds, error) {
	var all []holds
	if field.IsList() && others(rules, "string", "bytes", "enum", "int32", "int64", "uint32", "uint64") {
		return never, nil
	}
	switch field.Kind() {
	case protoreflect.MessageKind:
		m, err := q.learn(field.Message())
		if err != nil {
			return nil, err
		}
		all = append(ofDuration(rules.GetDuration()), m.holds)
	case protoreflect.StringKind:
		all = ofText(rules.GetString())
	case protoreflect.BytesKind:
		all = ofBytes(rules.GetBytes())
	case protoreflect.EnumKind:
		all = ofEnum(field.Enum(), rules.GetEnum())
	case protoreflect.Int32Kind:
		all = ofNumber(rules.GetInt32(), reflect.Value.Int)
	case protoreflect.Int64Kind:
		all = ofNumber(rules.GetInt64(), reflect.Value.Int)
	case protoreflect.Uint32Kind:
		all = ofNumber(rules.GetUint32(), reflect.Value.Uint)
	case protoreflect.Uint64Kind:
		all = ofNumber(rules.GetUint64(), reflect.Value.Uint)
	case protoreflect.BoolKind:
	default:
		all = []holds{never}
	}
	if n := len(typesOf(rules)); n > 1 || n == 1 && typesOf(rules)[0] != kindOf(field) {
		all = append(all, never)
	}
	return together(all), nil
}

// together holds where all do; nil for none.
func together(all []holds) holds {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return func(value reflect.Value) bool {
		for _, one := range all {
			if !one(value) {
				return false
			}
		}
		return true
	}
}

// others says whether rules have any that are not named: of another kind, or unknown.
func others(rules protoreflect.ProtoMessage, names ...protoreflect.Name) (found bool) {
	m := rules.ProtoReflect()
	if len(m.GetUnknown()) > 0 {
		return true
	}
	m.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		found = field.IsExtension() || !slices.Contains(names, field.Name())
		return !found
	})
	return found
}

// typesOf returns of which types rules are, "string".
func typesOf(rules *validate.FieldRules) (types []protoreflect.Name) {
	m := rules.ProtoReflect()
	m.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if field.ContainingOneof() != nil {
			types = append(types, field.Name())
		}
		return true
	})
	return types
}

// kindOf returns of which type the rules of a field are.
func kindOf(field protoreflect.FieldDescriptor) protoreflect.Name {
	if m := field.Message(); m != nil && m.FullName() == "google.protobuf.Duration" {
		return "duration"
	}
	return protoreflect.Name(field.Kind().String())
}
