package scope

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/liaison-protocol/liaison/internal/memo"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// maxSelectors is what a platform takes in one request if it does not say.
const maxSelectors = 500

// CheckCapabilities refuses a filing that asks what the platform does not hold, or
// in a way that it does not accept, and says what it accepts instead.
func CheckCapabilities(spec *liaisonv1.RequestSpec, caps *liaisonv1.Capabilities) error {
	var c collector
	if !slices.Contains(caps.GetKinds(), spec.GetKind()) {
		c.add(OutsideCapabilities, accepted(caps.GetKinds()), "spec.kind")
	}
	most := int(caps.GetMaxSelectors())
	if most == 0 {
		most = maxSelectors
	}
	if len(spec.GetSelectors()) > most {
		c.add(OutsideCapabilities, fmt.Sprintf("the platform takes at most %d in one request: split it", most), "spec.selectors")
	}
	lookUp := newLookUp(caps)
	for i, s := range spec.GetSelectors() {
		lookUp.check(&c, i, s)
	}
	var held []liaisonv1.DataCategory
	for _, h := range caps.GetCategories() {
		held = append(held, h.GetCategory())
	}
	for i, category := range spec.GetCategories() {
		if !slices.Contains(held, category) {
			c.add(OutsideCapabilities, accepted(held), "spec.categories[%d]", i)
		}
	}
	if !slices.Contains(caps.GetLegalBases(), spec.GetLegalBasis().GetKind()) {
		c.add(OutsideCapabilities, accepted(caps.GetLegalBases()), "spec.legal_basis.kind")
	}
	return c.err()
}

// CheckPatterns refuses capabilities with a pattern that cannot be read: it would
// shut out every request that it applies to.
func CheckPatterns(caps *liaisonv1.Capabilities) error {
	const unreadable = "must be an RE2 expression"
	var c collector
	if _, err := matcher(caps.GetAccountIdPattern()); err != nil {
		c.add(Invalid, unreadable, "platform.capabilities.account_id_pattern")
	}
	for i, t := range caps.GetPlatformDefinedTypes() {
		if _, err := matcher(t.GetPattern()); err != nil {
			c.add(Invalid, unreadable, "platform.capabilities.platform_defined_types[%d].pattern", i)
		}
	}
	return c.err()
}

// SelectorTypeOf returns the type of what a selector denotes, unspecified if it
// denotes nothing. The contract names each type after its case of Selector.target,
// so that a case without a type is accepted by no platform.
func SelectorTypeOf(s *liaisonv1.Selector) liaisonv1.SelectorType {
	return targets[reflect.TypeOf(s.GetTarget())].selectorType
}

// targetOf returns the field name of what a selector denotes, empty for nothing.
func targetOf(s *liaisonv1.Selector) string { return targets[reflect.TypeOf(s.GetTarget())].field }

// denotation is a case of Selector.target.
type denotation struct {
	field        string
	selectorType liaisonv1.SelectorType
}

// targets are the cases by what holds them.
var targets = func() map[reflect.Type]denotation {
	all := make(map[reflect.Type]denotation)
	fields := (&liaisonv1.Selector{}).ProtoReflect().Descriptor().Oneofs().ByName("target").Fields()
	for i := range fields.Len() {
		s, name := &liaisonv1.Selector{}, string(fields.Get(i).Name())
		s.ProtoReflect().Set(fields.Get(i), s.ProtoReflect().NewField(fields.Get(i)))
		all[reflect.TypeOf(s.GetTarget())] = denotation{name, liaisonv1.SelectorType(liaisonv1.SelectorType_value["SELECTOR_TYPE_"+strings.ToUpper(name)])}
	}
	return all
}()

// lookUp is what a platform can look up.
type lookUp struct {
	types     []liaisonv1.SelectorType
	accountID string
	defined   map[string]string // patterns by the type's name
}

func newLookUp(caps *liaisonv1.Capabilities) *lookUp {
	l := &lookUp{
		types:     caps.GetSelectorTypes(),
		accountID: caps.GetAccountIdPattern(),
		defined:   make(map[string]string),
	}
	for _, t := range caps.GetPlatformDefinedTypes() {
		l.defined[t.GetType()] = t.GetPattern()
	}
	return l
}

// check refuses a selector, at index i of the request, that the platform cannot
// look up.
func (l *lookUp) check(c *collector, i int, s *liaisonv1.Selector) {
	if !slices.Contains(l.types, SelectorTypeOf(s)) {
		path := strings.TrimSuffix(fmt.Sprintf("spec.selectors[%d].%s", i, targetOf(s)), ".")
		c.add(OutsideCapabilities, accepted(l.types), "%s", path)
		return
	}
	switch target := s.GetTarget().(type) {
	case *liaisonv1.Selector_Account:
		if l.accountID != "" && !l.matches(l.accountID, target.Account.GetId()) {
			c.add(OutsideCapabilities, fmt.Sprintf("the platform's account ids match %q", l.accountID), "spec.selectors[%d].account.id", i)
		}
	case *liaisonv1.Selector_PlatformDefined:
		pattern, known := l.defined[target.PlatformDefined.GetType()]
		switch {
		case !known:
			c.add(OutsideCapabilities, l.typesDefined(), "spec.selectors[%d].platform_defined.type", i)
		case !l.matches(pattern, target.PlatformDefined.GetValue()):
			c.add(OutsideCapabilities, fmt.Sprintf("values of this type match %q", pattern), "spec.selectors[%d].platform_defined.value", i)
		}
	}
}

// matches reports whether a pattern matches the whole of a value. One that cannot
// be read matches nothing.
func (l *lookUp) matches(pattern, value string) bool {
	expression, _ := patterns.Get(pattern, readPattern)
	return expression != nil && expression.MatchString(value)
}

// patterns are those that platforms have registered; nil stands for one that cannot be read.
// Every filing is held against its platform's, which change rarely, and to read one costs
// more than to match it.
var patterns = memo.New[*regexp.Regexp](1000, 4<<10)

func readPattern(pattern string) (*regexp.Regexp, error) {
	expression, _ := matcher(pattern) // nil if it cannot be read: it matches nothing
	return expression, nil
}

// typesDefined tells which types the platform defines.
func (l *lookUp) typesDefined() string {
	if len(l.defined) == 0 {
		return "the platform defines no types of its own"
	}
	names := make([]string, 0, len(l.defined))
	for name := range l.defined {
		names = append(names, name)
	}
	slices.Sort(names)
	return "the platform defines: " + strings.Join(names, ", ")
}

// matcher reads a pattern so that it matches whole values alone. It is read by
// itself first, since one like "a)|(b" would escape from what is put around it.
func matcher(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, fmt.Errorf("read a pattern: %w", err)
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

// accepted tells what a platform accepts.
func accepted[T fmt.Stringer](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.String()
	}
	return "the platform accepts: " + strings.Join(names, ", ")
}
