package scope_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// large is a request of so many selectors, each with a necessity of so many letters.
func large(selectors int, letter string, letters int) *liaisonv1.RequestSpec {
	spec := &liaisonv1.RequestSpec{Platform: "platforms/messenger"}
	for i := range selectors {
		spec.Selectors = append(spec.Selectors, &liaisonv1.Selector{Id: fmt.Sprintf("s%d", i), Necessity: strings.Repeat(letter, letters)})
	}
	return spec
}

// TestOneBoundHoldsForEveryScript: what has as many bytes is taken or refused alike, and
// who is refused is told the field.
func TestOneBoundHoldsForEveryScript(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		spec *liaisonv1.RequestSpec
		path string
		want []string // the fields that are named; none: it is taken
	}{
		{"a small one in English", large(10, "n", 3500), "spec", nil},
		{"a small one in Arabic", large(10, "ن", 1750), "spec", nil},
		{"a large one in English", large(440, "n", 3500), "spec", []string{"spec.selectors", "spec.selectors[100].necessity"}},
		{"as many letters in Arabic", large(440, "ن", 3500), "spec", []string{"spec.selectors", "spec.selectors[100].necessity"}},
		{"as many bytes in Arabic", large(440, "ن", 1750), "spec", []string{"spec.selectors", "spec.selectors[100].necessity"}},
		{"one that stands by itself", large(440, "n", 3500), "", []string{"selectors", "selectors[100].necessity"}},
		{"one text", &liaisonv1.RequestSpec{Necessity: strings.Repeat("n", scope.MaxContent)}, "spec", []string{"spec.necessity"}},
		{"one list of texts", &liaisonv1.RequestSpec{AnswerRecipients: []string{"a", strings.Repeat("n", scope.MaxContent)}}, "spec",
			[]string{"spec.answer_recipients", "spec.answer_recipients[1]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := scope.CheckSize(test.spec, test.path)
			var violations *scope.Violations
			if !errors.As(err, &violations) {
				if err != nil || test.want != nil {
					t.Errorf("it ends with %v, wanted %v", err, test.want)
				}
				return
			}
			var fields []string
			for _, v := range violations.Fields {
				fields = append(fields, v.Field)
			}
			if violations.Kind != scope.Invalid || fmt.Sprint(fields) != fmt.Sprint(test.want) || strings.Contains(err.Error(), "nnn") {
				t.Errorf("it ends with %v, wanted %v", fields, test.want)
			}
		})
	}
}

func TestTheBoundIsExact(t *testing.T) {
	t.Parallel()
	spec := &liaisonv1.RequestSpec{Necessity: strings.Repeat("n", scope.MaxContent-4)}
	if n := proto.Size(spec); n != scope.MaxContent || scope.CheckSize(spec, "") != nil {
		t.Errorf("%d bytes are refused", n)
	}
	spec.Necessity += "n"
	if scope.CheckSize(spec, "") == nil {
		t.Error("one byte more is taken")
	}
}
