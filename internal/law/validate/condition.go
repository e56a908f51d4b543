package validate

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// condition is an expression of the contract in CEL as functions over a message's fields.
// CEL's own interpreter makes a value of each thing that it touches.
type condition func(s *scope) bool

// holds says that the condition surely holds.
func (c condition) holds(this reflect.Value) bool {
	s, _ := scopes.Get().(*scope)
	s.this = this
	held := c(s) && !s.unsure
	*s = scope{} // nothing of a message is kept
	scopes.Put(s)
	return held
}

var scopes = sync.Pool{New: func() any { return new(scope) }}

// scope is what an expression sees.
type scope struct {
	this   reflect.Value
	bound  [2]reflect.Value // what all, exists and the like have in hand, the outer one's first
	unsure bool             // something was met that CEL may see otherwise
}

// subject is what an expression calls "this": a message or a field's value.
type subject struct {
	message protoreflect.MessageDescriptor
	field   protoreflect.FieldDescriptor
}

// term is a part of an expression: the one function of those that its type has.
type term struct {
	boolean func(*scope) bool
	number  func(*scope) int64
	natural func(*scope) uint64
	text    func(*scope) string
	octets  func(*scope) []byte
	span    func(*scope) time.Duration
	message func(*scope) reflect.Value // a pointer to it
	list    func(*scope) reflect.Value

	of      protoreflect.FieldDescriptor // a list's field: what its items are
	fields  protoreflect.MessageDescriptor
	numbers []int64 // a list that is written down

}

var parser = func() *cel.Env {
	env, err := cel.NewCustomEnv(cel.ClearMacros())
	if err != nil {
		panic(err) // of constants alone
	}
	return env
}()

// newCondition reads an expression. It knows what the contract's rules mostly are made of,
// and says so where an expression has anything else.
func newCondition(expression string, this subject) (_ condition, known bool) {
	parsed, issues := parser.Parse(expression)
	if issues.Err() != nil {
		return nil, false
	}
	r := reader{names: map[string]term{"this": this.term()}}
	t := r.read(parsed.NativeRep().Expr())
	if t.boolean == nil {
		return nil, false
	}
	return t.boolean, true
}

func (s subject) term() term {
	value := func(s *scope) reflect.Value { return s.this }
	if s.message != nil {
		return term{message: value, fields: s.message}
	}
	return typed(s.field, value, s.field.IsList())
}

// typed gives a field's value its type.
func typed(f protoreflect.FieldDescriptor, value func(*scope) reflect.Value, whole bool) term {
	if whole {
		return term{list: value, of: f}
	}
	switch f.Kind() {
	case protoreflect.BoolKind:
		return term{boolean: func(s *scope) bool { return value(s).Bool() }}
	case protoreflect.EnumKind, protoreflect.Int32Kind, protoreflect.Int64Kind:
		return term{number: func(s *scope) int64 { return value(s).Int() }}
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		return term{natural: func(s *scope) uint64 { return value(s).Uint() }}
	case protoreflect.StringKind:
		return term{text: func(s *scope) string { return value(s).String() }}
	case protoreflect.BytesKind:
		return term{octets: func(s *scope) []byte { return value(s).Bytes() }}
	case protoreflect.MessageKind:
		return term{message: value, fields: f.Message()}
	default:
		return term{}
	}
}

// reader makes terms of expressions. The zero term is of what it does not know.
type reader struct {
	names map[string]term
	depth int // how many are bound
}

func (r *reader) read(e ast.Expr) term {
	switch e.Kind() {
	case ast.IdentKind:
		return r.names[e.AsIdent()]
	case ast.LiteralKind:
		return literal(e)
	case ast.SelectKind:
		return r.selected(e)
	case ast.ListKind:
		return r.written(e)
	case ast.CallKind:
		return r.call(e.AsCall())
	default:
		return term{}
	}
}

func literal(e ast.Expr) term {
	switch v := e.AsLiteral().Value().(type) {
	case bool:
		return term{boolean: func(*scope) bool { return v }}
	case int64:
		return term{number: func(*scope) int64 { return v }}
	case uint64:
		return term{natural: func(*scope) uint64 { return v }}
	case string:
		return term{text: func(*scope) string { return v }}
	default:
		return term{}
	}
}

// written is a list of numbers.
func (r *reader) written(e ast.Expr) term {
	var t term
	for _, element := range e.AsList().Elements() {
		if element.Kind() != ast.LiteralKind {
			return term{}
		}
		n, ok := element.AsLiteral().Value().(int64)
		if !ok {
			return term{}
		}
		t.numbers = append(t.numbers, n)
	}
	return t
}

// field returns the message and the field that are selected, and where the field stands.
func (r *reader) field(e ast.Expr) (message func(*scope) reflect.Value, f protoreflect.FieldDescriptor, at *place) {
	if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() {
		return nil, nil, nil
	}
	of := r.read(e.AsSelect().Operand())
	if of.message == nil || of.fields.ParentFile().Package() != contract {
		return nil, nil, nil
	}
	f = of.fields.Fields().ByName(protoreflect.Name(e.AsSelect().FieldName()))
	l, ok := layoutOf(of.fields)
	if f == nil || f.IsMap() || !ok {
		return nil, nil, nil
	}
	return of.message, f, &l.places[f.Index()]
}

func (r *reader) selected(e ast.Expr) term {
	message, f, at := r.field(e)
	if f == nil {
		return term{}
	}
	single := f.Message() != nil && !f.IsList()
	return typed(f, func(s *scope) reflect.Value {
		value, set := at.get(message(s))
		s.unsure = s.unsure || single && !set // CEL has its own mind of what is not there
		return value
	}, f.IsList())
}

func (r *reader) call(c ast.CallExpr) term {
	args := c.Args()
	if c.IsMemberFunction() {
		return r.method(c.FunctionName(), c.Target(), args)
	}
	switch {
	case c.FunctionName() == "has" && len(args) == 1:
		message, f, at := r.field(args[0])
		if f == nil {
			return term{}
		}
		return term{boolean: func(s *scope) bool {
			_, set := at.get(message(s))
			return set
		}}
	case c.FunctionName() == "int" && len(args) == 1:
		return term{number: r.read(args[0]).number}
	case c.FunctionName() == "duration" && len(args) == 1 && args[0].Kind() == ast.LiteralKind:
		text, _ := args[0].AsLiteral().Value().(string)
		d, err := time.ParseDuration(text)
		if err != nil {
			return term{}
		}
		return term{span: func(*scope) time.Duration { return d }}
	case c.FunctionName() == operators.LogicalNot && len(args) == 1:
		if t := r.read(args[0]); t.boolean != nil {
			return term{boolean: func(s *scope) bool { return !t.boolean(s) }}
		}
		return term{}
	case c.FunctionName() == operators.Conditional && len(args) == 3:
		return r.choice(r.read(args[0]), r.read(args[1]), r.read(args[2]))
	case len(args) == 2:
		return r.pair(c.FunctionName(), r.read(args[0]), r.read(args[1]))
	default:
		return term{}
	}
}

func (r *reader) choice(which, one, other term) term {
	switch {
	case which.boolean == nil:
		return term{}
	case one.boolean != nil && other.boolean != nil:
		return term{boolean: func(s *scope) bool {
			if which.boolean(s) {
				return one.boolean(s)
			}
			return other.boolean(s)
		}}
	case one.number != nil && other.number != nil:
		return term{number: func(s *scope) int64 {
			if which.boolean(s) {
				return one.number(s)
			}
			return other.number(s)
		}}
	default:
		return term{}
	}
}

func (r *reader) pair(operator string, a, b term) term {
	switch {
	case operator == operators.LogicalOr && a.boolean != nil && b.boolean != nil:
		return term{boolean: func(s *scope) bool { return a.boolean(s) || b.boolean(s) }}
	case operator == operators.LogicalAnd && a.boolean != nil && b.boolean != nil:
		return term{boolean: func(s *scope) bool { return a.boolean(s) && b.boolean(s) }}
	case operator == operators.In:
		return in(a, b)
	case operator == operators.Subtract && a.number != nil && b.number != nil:
		return term{number: func(s *scope) int64 {
			x, y := a.number(s), b.number(s)
			s.unsure = s.unsure || (x-y > x) != (y < 0) // CEL knows no wrapping around
			return x - y
		}}
	case operator == operators.Subtract && isTime(a) && isTime(b):
		return term{span: func(s *scope) time.Duration {
			d := moment(a.message(s)).Sub(moment(b.message(s)))
			s.unsure = s.unsure || d.Abs() > 1<<62
			return d
		}}
	case operator == operators.Equals && a.boolean != nil && b.boolean != nil:
		return term{boolean: func(s *scope) bool { return a.boolean(s) == b.boolean(s) }}
	case operator == operators.NotEquals && a.boolean != nil && b.boolean != nil:
		return term{boolean: func(s *scope) bool { return a.boolean(s) != b.boolean(s) }}
	case a.number != nil && b.number != nil:
		return compared(operator, a.number, b.number)
	case a.natural != nil && b.natural != nil:
		return compared(operator, a.natural, b.natural)
	case a.text != nil && b.text != nil:
		return compared(operator, a.text, b.text)
	case a.span != nil && b.span != nil:
		return compared(operator, a.span, b.span)
	case isTime(a) && isTime(b) && compares(operator):
		return term{boolean: func(s *scope) bool {
			return ordered(operator, moment(a.message(s)).Compare(moment(b.message(s))))
		}}
	default:
		return term{}
	}
}

func isTime(t term) bool {
	return t.message != nil && t.fields.FullName() == "google.protobuf.Timestamp"
}

func moment(m reflect.Value) time.Time {
	at, _ := m.Interface().(*timestamppb.Timestamp)
	return at.AsTime()
}

func compared[T cmp.Ordered](operator string, a, b func(*scope) T) term {
	if !compares(operator) {
		return term{}
	}
	return term{boolean: func(s *scope) bool { return ordered(operator, cmp.Compare(a(s), b(s))) }}
}

func compares(operator string) bool {
	switch operator {
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return true
	default:
		return false
	}
}

// ordered says whether two things whose order is known are as an operator has them.
func ordered(operator string, order int) bool {
	switch operator {
	case operators.Equals:
		return order == 0
	case operators.NotEquals:
		return order != 0
	case operators.Less:
		return order < 0
	case operators.LessEquals:
		return order <= 0
	case operators.Greater:
		return order > 0
	case operators.GreaterEquals:
		return order >= 0
	default:
		return false
	}
}

// in asks for a number in a list.
func in(a, b term) term {
	switch {
	case a.number == nil:
		return term{}
	case b.numbers != nil:
		return term{boolean: func(s *scope) bool { return slices.Contains(b.numbers, a.number(s)) }}
	case b.list != nil && b.of.Kind() == protoreflect.EnumKind:
		return term{boolean: func(s *scope) bool {
			n, list := a.number(s), b.list(s)
			for i := range list.Len() {
				if list.Index(i).Int() == n {
					return true
				}
			}
			return false
		}}
	default:
		return term{}
	}
}

func (r *reader) method(name string, target ast.Expr, args []ast.Expr) term {
	switch {
	case name == "unique" && len(args) == 0:
		return r.unique(target)
	case (name == "all" || name == "exists") && len(args) == 2:
		return r.each(name == "all", r.read(target), args)
	case name == "size" && len(args) == 0:
		return size(r.read(target))
	case (name == "startsWith" || name == "matches") && len(args) == 1:
		return said(name, r.read(target).text, args[0])
	default:
		return term{}
	}
}

func size(t term) term {
	switch {
	case t.text != nil:
		return term{number: func(s *scope) int64 { return int64(utf8.RuneCountInString(t.text(s))) }}
	case t.octets != nil:
		return term{number: func(s *scope) int64 { return int64(len(t.octets(s))) }}
	case t.list != nil:
		return term{number: func(s *scope) int64 { return int64(t.list(s).Len()) }}
	default:
		return term{}
	}
}

// said asks how a text begins, or whether it matches a pattern.
func said(name string, text func(*scope) string, argument ast.Expr) term {
	if text == nil || argument.Kind() != ast.LiteralKind {
		return term{}
	}
	constant, ok := argument.AsLiteral().Value().(string)
	if !ok {
		return term{}
	}
	if name == "startsWith" {
		return term{boolean: func(s *scope) bool { return strings.HasPrefix(text(s), constant) }}
	}
	m, err := newMatcher(constant)
	if err != nil {
		return term{}
	}
	return term{boolean: func(s *scope) bool { return m.matches(text(s)) }}
}

// within reads an expression in which a name stands for an item of a list.
func (r *reader) within(list term, name, e ast.Expr) (_ term, place int) {
	if list.list == nil || name.Kind() != ast.IdentKind || r.depth == len(scope{}.bound) {
		return term{}, 0
	}
	place = r.depth
	r.depth++
	hidden := r.names[name.AsIdent()]
	r.names[name.AsIdent()] = typed(list.of, func(s *scope) reflect.Value { return s.bound[place] }, false)
	defer func() { r.names[name.AsIdent()] = hidden; r.depth-- }()
	return r.read(e), place
}

// each asks something of every item of a list, and whether all are so, or any.
func (r *reader) each(all bool, list term, args []ast.Expr) term {
	t, place := r.within(list, args[0], args[1])
	if t.boolean == nil {
		return term{}
	}
	return term{boolean: func(s *scope) bool {
		items := list.list(s)
		for i := range items.Len() {
			s.bound[place] = items.Index(i)
			if t.boolean(s) != all {
				return !all
			}
		}
		return all
	}}
}

// unique says that what is made of the items of a list surely differs.
func (r *reader) unique(target ast.Expr) term {
	if target.Kind() != ast.CallKind || target.AsCall().FunctionName() != "map" || len(target.AsCall().Args()) != 2 {
		return term{}
	}
	made, from := target.AsCall(), target.AsCall().Target()
	kept := term{boolean: func(*scope) bool { return true }}
	list, place := term{}, r.depth
	if from.Kind() == ast.CallKind && from.AsCall().FunctionName() == "filter" && len(from.AsCall().Args()) == 2 {
		list = r.read(from.AsCall().Target())
		kept, _ = r.within(list, from.AsCall().Args()[0], from.AsCall().Args()[1])
	} else {
		list = r.read(from)
	}
	key, _ := r.within(list, made.Args()[0], made.Args()[1])
	switch {
	case kept.boolean == nil:
		return term{}
	case key.text != nil:
		return term{boolean: func(s *scope) bool { return unique(s, place, list.list, kept.boolean, key.text) }}
	case key.number != nil:
		return term{boolean: func(s *scope) bool { return unique(s, place, list.list, kept.boolean, key.number) }}
	default:
		return term{}
	}
}

func unique[K comparable](s *scope, place int, list func(*scope) reflect.Value, kept func(*scope) bool, key func(*scope) K) bool {
	items := list(s)
	if items.Len() < 2 {
		return true
	}
	var seen set[K]
	for i := range items.Len() {
		s.bound[place] = items.Index(i)
		if kept(s) && !seen.add(key(s)) {
			return false
		}
	}
	return true
}
