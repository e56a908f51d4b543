package validate

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
)

func ofList(field protoreflect.FieldDescriptor, rules *validate.RepeatedRules) (all []holds) {
	if others(rules, "min_items", "max_items", "unique", "items") {
		return []holds{never}
	}
	least, most := rules.GetMinItems(), uint64(1<<62)
	if rules.HasMaxItems() {
		most = rules.GetMaxItems()
	}
	if rules.HasMinItems() || rules.HasMaxItems() {
		all = append(all, func(value reflect.Value) bool {
			n := uint64(value.Len())
			return n >= least && n <= most
		})
	}
	if !rules.GetUnique() {
		return all
	}
	switch field.Kind() {
	case protoreflect.StringKind:
		return append(all, func(value reflect.Value) bool { return differ(value, reflect.Value.String) })
	case protoreflect.EnumKind, protoreflect.Int32Kind, protoreflect.Int64Kind:
		return append(all, func(value reflect.Value) bool { return differ(value, reflect.Value.Int) })
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		return append(all, func(value reflect.Value) bool { return differ(value, reflect.Value.Uint) })
	default:
		return []holds{never}
	}
}

// differ says that a list's items surely differ.
func differ[K comparable](list reflect.Value, read func(reflect.Value) K) bool {
	var seen set[K]
	for i := range list.Len() {
		if !seen.add(read(list.Index(i))) {
			return false
		}
	}
	return true
}

// set is of what was seen. Few are compared each with each, which is sooner done than to
// look them up.
type set[K comparable] struct {
	few  [16]K
	n    int
	many map[K]struct{}
}

// add says whether the key was not there.
func (s *set[K]) add(k K) bool {
	if s.many != nil {
		before := len(s.many)
		s.many[k] = struct{}{}
		return len(s.many) > before
	}
	if slices.Contains(s.few[:s.n], k) {
		return false
	}
	if s.n < len(s.few) {
		s.few[s.n] = k
		s.n++
		return true
	}
	s.many = make(map[K]struct{}, 4*len(s.few))
	for _, before := range s.few {
		s.many[before] = struct{}{}
	}
	s.many[k] = struct{}{}
	return true
}

func ofItems(item holds) holds {
	return func(value reflect.Value) bool {
		for i := range value.Len() {
			if !item(value.Index(i)) {
				return false
			}
		}
		return true
	}
}

// Surely well formed texts, by far not all.
const (
	uuidForm  = `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`
	uriForm   = `^(https://|http://)[a-z0-9]+([.-][a-z0-9]+)*(/[A-Za-z0-9._~-]*)*$`
	emailForm = `^[A-Za-z0-9._+-]+@[A-Za-z0-9]{1,63}([.][A-Za-z0-9]{1,63})*$`
)

func ofText(rules *validate.StringRules) (all []holds) {
	if others(rules, "min_len", "max_len", "len", "min_bytes", "max_bytes", "len_bytes", "pattern", "const", "uuid", "uri", "email", "ip") {
		return []holds{never}
	}
	of := func(text func(string) bool) {
		all = append(all, func(value reflect.Value) bool { return text(value.String()) })
	}
	pattern := func(pattern string) {
		m, err := newMatcher(pattern)
		if err != nil {
			all = append(all, never)
			return
		}
		of(m.matches)
	}
	least, most := rules.GetMinLen(), uint64(1<<62)
	if rules.HasMaxLen() {
		most = rules.GetMaxLen()
	}
	if rules.HasLen() {
		least, most = max(least, rules.GetLen()), min(most, rules.GetLen())
	}
	if least > 0 || most < 1<<62 {
		of(func(text string) bool {
			if n := uint64(len(text)); n <= most && least == 0 {
				return true // it has no more characters than bytes
			}
			n := uint64(utf8.RuneCountInString(text))
			return n >= least && n <= most
		})
	}
	leastBytes, mostBytes := rules.GetMinBytes(), uint64(1<<62)
	if rules.HasMaxBytes() {
		mostBytes = rules.GetMaxBytes()
	}
	if rules.HasLenBytes() {
		leastBytes, mostBytes = max(leastBytes, rules.GetLenBytes()), min(mostBytes, rules.GetLenBytes())
	}
	if leastBytes > 0 || mostBytes < 1<<62 {
		of(func(text string) bool { return uint64(len(text)) >= leastBytes && uint64(len(text)) <= mostBytes })
	}
	if rules.HasPattern() {
		pattern(rules.GetPattern())
	}
	if rules.HasConst() {
		constant := rules.GetConst()
		of(func(text string) bool { return text == constant })
	}
	if rules.GetUuid() {
		pattern(uuidForm)
	}
	if rules.GetUri() {
		pattern(uriForm)
	}
	if rules.GetEmail() {
		pattern(emailForm)
	}
	if rules.GetIp() {
		of(func(text string) bool {
			address, err := netip.ParseAddr(text)
			return err == nil && address.Zone() == "" && (address.Is4() || !strings.Contains(text, "."))
		})
	}
	return all
}

func ofBytes(rules *validate.BytesRules) (all []holds) {
	if others(rules, "len", "min_len", "max_len") {
		return []holds{never}
	}
	least, most := rules.GetMinLen(), uint64(1<<62)
	if rules.HasMaxLen() {
		most = rules.GetMaxLen()
	}
	if rules.HasLen() {
		least, most = max(least, rules.GetLen()), min(most, rules.GetLen())
	}
	if least == 0 && most == 1<<62 {
		return nil
	}
	return []holds{func(value reflect.Value) bool {
		n := uint64(len(value.Bytes()))
		return n >= least && n <= most
	}}
}

func ofEnum(enum protoreflect.EnumDescriptor, rules *validate.EnumRules) (all []holds) {
	if others(rules, "defined_only", "not_in", "in") {
		return []holds{never}
	}
	if rules.GetDefinedOnly() {
		values := enum.Values()
		var end int64 // of the values that follow one another from zero
		for values.ByNumber(protoreflect.EnumNumber(end)) != nil {
			end++
		}
		all = append(all, func(value reflect.Value) bool {
			n := value.Int()
			return n >= 0 && n < end || values.ByNumber(protoreflect.EnumNumber(n)) != nil
		})
	}
	if in := rules.GetIn(); len(in) > 0 {
		all = append(all, func(value reflect.Value) bool { return slices.Contains(in, int32(value.Int())) })
	}
	if not := rules.GetNotIn(); len(not) > 0 {
		all = append(all, func(value reflect.Value) bool { return !slices.Contains(not, int32(value.Int())) })
	}
	return all
}

// numberRules are the rules of a kind of number.
type numberRules[N any] interface {
	protoreflect.ProtoMessage
	HasGt() bool
	HasGte() bool
	HasLt() bool
	HasLte() bool
	GetGt() N
	GetGte() N
	GetLt() N
	GetLte() N
}

func ofNumber[N int32 | int64 | uint32 | uint64, W int64 | uint64](rules numberRules[N], read func(reflect.Value) W) (all []holds) {
	if others(rules, "gt", "gte", "lt", "lte") {
		return []holds{never}
	}
	bound := func(set bool, bound N, keeps func(value, bound W) bool) {
		if set {
			all = append(all, func(value reflect.Value) bool { return keeps(read(value), W(bound)) })
		}
	}
	bound(rules.HasGt(), rules.GetGt(), func(value, bound W) bool { return value > bound })
	bound(rules.HasGte(), rules.GetGte(), func(value, bound W) bool { return value >= bound })
	bound(rules.HasLt(), rules.GetLt(), func(value, bound W) bool { return value < bound })
	bound(rules.HasLte(), rules.GetLte(), func(value, bound W) bool { return value <= bound })
	return all
}

func ofDuration(rules *validate.DurationRules) (all []holds) {
	if others(rules, "gte", "lte") {
		return []holds{never}
	}
	read := func(value reflect.Value) (d time.Duration, ok bool) {
		given, ok := value.Interface().(*durationpb.Duration)
		return given.AsDuration(), ok
	}
	if rules.HasGte() {
		least := rules.GetGte().AsDuration()
		all = append(all, func(value reflect.Value) bool { d, ok := read(value); return ok && d >= least })
	}
	if rules.HasLte() {
		most := rules.GetLte().AsDuration()
		all = append(all, func(value reflect.Value) bool { d, ok := read(value); return ok && d <= most })
	}
	return all
}
