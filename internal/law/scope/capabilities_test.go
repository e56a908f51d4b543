package scope_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// held is what the platform below holds and accepts.
const held = `
selector_types: [SELECTOR_TYPE_ACCOUNT, SELECTOR_TYPE_PHONE, SELECTOR_TYPE_PLATFORM_DEFINED]
account_id_pattern: "[0-9]{6,12}"
platform_defined_types:
- {type: sticker-set, pattern: "[a-z]+|[0-9]+"}
- {type: gift, pattern: "gift-[0-9]"}
categories: [{category: DATA_CATEGORY_SUBSCRIBER_IDENTITY}, {category: DATA_CATEGORY_DEVICE}]
kinds: [REQUEST_KIND_DISCLOSE, REQUEST_KIND_EXISTENCE]
legal_bases: [LEGAL_BASIS_KIND_COURT_ORDER]
max_selectors: 4
`

func TestCapabilities(t *testing.T) {
	account := func(id string) *liaisonv1.Selector {
		return &liaisonv1.Selector{Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: id}}}
	}
	defined := func(kind, value string) *liaisonv1.Selector {
		return &liaisonv1.Selector{Target: &liaisonv1.Selector_PlatformDefined{PlatformDefined: &liaisonv1.PlatformDefinedSelector{Type: kind, Value: value}}}
	}
	for name, test := range map[string]struct {
		change func(*liaisonv1.RequestSpec, *liaisonv1.Capabilities)
		field  string
		remedy string
	}{
		"all within": {},
		"a kind that is not answered": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
			},
			field: "spec.kind", remedy: "the platform accepts: REQUEST_KIND_DISCLOSE, REQUEST_KIND_EXISTENCE",
		},
		"a legal basis that is not accepted": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.LegalBasis = nil },
			field:  "spec.legal_basis.kind", remedy: "the platform accepts: LEGAL_BASIS_KIND_COURT_ORDER",
		},
		"a category that is not held": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Categories = append(s.Categories, liaisonv1.DataCategory_DATA_CATEGORY_CHANNEL_ROLES)
			},
			field: "spec.categories[1]", remedy: "the platform accepts: DATA_CATEGORY_SUBSCRIBER_IDENTITY, DATA_CATEGORY_DEVICE",
		},
		"a selector type that is not looked up": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Selectors[1] = &liaisonv1.Selector{Target: &liaisonv1.Selector_IpSession{}}
			},
			field: "spec.selectors[1].ip_session", remedy: "the platform accepts: SELECTOR_TYPE_ACCOUNT, SELECTOR_TYPE_PHONE, SELECTOR_TYPE_PLATFORM_DEFINED",
		},
		"a selector that denotes nothing": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.Selectors[1].Target = nil },
			field:  "spec.selectors[1]", remedy: "the platform accepts: SELECTOR_TYPE_ACCOUNT, SELECTOR_TYPE_PHONE, SELECTOR_TYPE_PLATFORM_DEFINED",
		},
		"as many selectors as it takes": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Selectors = append(s.Selectors, s.Selectors[0], s.Selectors[1])
			},
		},
		"more selectors than it takes": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Selectors = append(s.Selectors, s.Selectors[0], s.Selectors[1], s.Selectors[0])
			},
			field: "spec.selectors", remedy: "the platform takes at most 4 in one request: split it",
		},
		"500 selectors where it sets no limit": {
			change: func(s *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) {
				c.MaxSelectors = 0
				for len(s.Selectors) < 500 {
					s.Selectors = append(s.Selectors, s.Selectors[0])
				}
			},
		},
		"501 selectors where it sets no limit": {
			change: func(s *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) {
				c.MaxSelectors = 0
				for len(s.Selectors) < 501 {
					s.Selectors = append(s.Selectors, s.Selectors[0])
				}
			},
			field: "spec.selectors", remedy: "the platform takes at most 500 in one request: split it",
		},
		"an account id of another form": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.Selectors[0] = account("x700100200") },
			field:  "spec.selectors[0].account.id", remedy: `the platform's account ids match "[0-9]{6,12}"`,
		},
		"an account id that only begins well": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.Selectors[0] = account("700100200\n") },
			field:  "spec.selectors[0].account.id", remedy: `the platform's account ids match "[0-9]{6,12}"`,
		},
		"any account id where there is no pattern": {
			change: func(s *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) {
				s.Selectors[0], c.AccountIdPattern = account("x"), ""
			},
		},
		"an account id where the pattern cannot be read": {
			change: func(_ *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) { c.AccountIdPattern = "(" },
			field:  "spec.selectors[0].account.id", remedy: `the platform's account ids match "("`,
		},
		"an account id where the pattern would escape": {
			change: func(s *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) {
				s.Selectors[0], c.AccountIdPattern = account("anything"), "1)|.*|(1"
			},
			field: "spec.selectors[0].account.id", remedy: `the platform's account ids match "1)|.*|(1"`,
		},
		"a type of its own": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Selectors[0], s.Selectors[1] = defined("sticker-set", "12"), defined("gift", "gift-1")
			},
		},
		"a type of its own, with another type's value": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.Selectors[0] = defined("gift", "12") },
			field:  "spec.selectors[0].platform_defined.value", remedy: `values of this type match "gift-[0-9]"`,
		},
		"a type of its own, matched by either half": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) {
				s.Selectors[0] = defined("sticker-set", "a1")
			},
			field: "spec.selectors[0].platform_defined.value", remedy: `values of this type match "[a-z]+|[0-9]+"`,
		},
		"a type that it does not define": {
			change: func(s *liaisonv1.RequestSpec, _ *liaisonv1.Capabilities) { s.Selectors[0] = defined("other", "1") },
			field:  "spec.selectors[0].platform_defined.type", remedy: "the platform defines: gift, sticker-set",
		},
		"a type where it defines none": {
			change: func(s *liaisonv1.RequestSpec, c *liaisonv1.Capabilities) {
				s.Selectors[0], c.PlatformDefinedTypes = defined("other", "1"), nil
			},
			field: "spec.selectors[0].platform_defined.type", remedy: "the platform defines no types of its own",
		},
	} {
		t.Run(name, func(t *testing.T) {
			caps := read(t, held, &liaisonv1.Capabilities{})
			spec := read(t, `
kind: REQUEST_KIND_DISCLOSE
legal_basis: {kind: LEGAL_BASIS_KIND_COURT_ORDER}
categories: [DATA_CATEGORY_DEVICE]
selectors: [{account: {id: "700100200"}}, {phone: {number: "+447700900200"}}]`, &liaisonv1.RequestSpec{})
			if test.change != nil {
				test.change(spec, caps)
			}
			err := scope.CheckCapabilities(spec, caps)
			if test.field == "" {
				wants(t, err, 0)
				return
			}
			wants(t, err, scope.OutsideCapabilities, test.field)
			var v *scope.Violations
			if errors.As(err, &v) && v.Fields[0].Description != test.remedy {
				t.Errorf("got remedy %q, want %q", v.Fields[0].Description, test.remedy)
			}
		})
	}
}

func TestPatterns(t *testing.T) {
	for name, test := range map[string]struct {
		caps   string
		fields []string
	}{
		"as they should be": {held, nil},
		"none":              {`{}`, nil},
		"of account ids":    {`account_id_pattern: "[0-9"`, []string{"platform.capabilities.account_id_pattern"}},
		"of its own types, with what RE2 does not have": {
			`platform_defined_types: [{pattern: "a"}, {pattern: "a(?=b)"}, {pattern: "a)|(b"}]`,
			[]string{"platform.capabilities.platform_defined_types[1].pattern", "platform.capabilities.platform_defined_types[2].pattern"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			kind := scope.Kind(0)
			if test.fields != nil {
				kind = scope.Invalid
			}
			wants(t, scope.CheckPatterns(read(t, test.caps, &liaisonv1.Capabilities{})), kind, test.fields...)
		})
	}
	if err := scope.CheckPatterns(nil); err != nil {
		t.Errorf("an authority has no capabilities: %v", err)
	}
}

// TestEveryTargetHasItsType walks the contract: what a selector can denote, a
// platform must be able to accept.
func TestEveryTargetHasItsType(t *testing.T) {
	m := (&liaisonv1.Selector{}).ProtoReflect()
	targets := m.Descriptor().Oneofs().ByName("target").Fields()
	seen := make(map[liaisonv1.SelectorType]bool)
	for i := range targets.Len() {
		s := &liaisonv1.Selector{}
		s.ProtoReflect().Set(targets.Get(i), s.ProtoReflect().NewField(targets.Get(i)))
		got := scope.SelectorTypeOf(s)
		if want := fmt.Sprint("SELECTOR_TYPE_", strings.ToUpper(string(targets.Get(i).Name()))); got.String() != want || got == 0 {
			t.Errorf("the type of %s is %s", targets.Get(i).Name(), got)
		}
		seen[got] = true
	}
	if len(seen) != len(liaisonv1.SelectorType_name)-1 {
		t.Errorf("%d types for %d targets", len(liaisonv1.SelectorType_name)-1, len(seen))
	}
	if got := scope.SelectorTypeOf(nil); got != 0 {
		t.Errorf("nothing has the type %s", got)
	}
}
