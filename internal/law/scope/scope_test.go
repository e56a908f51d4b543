package scope_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
)

// read returns the message that a piece of YAML describes.
func read[T proto.Message](t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, into T) T {
	t.Helper()
	if err := (protoyaml.UnmarshalOptions{}).Unmarshal([]byte(strings.ReplaceAll(text, "\t", "  ")), into); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return into
}

// wants compares an error with the kind and the field paths expected; none of them
// stands for no error.
func wants(t *testing.T, err error, kind scope.Kind, fields ...string) {
	t.Helper()
	var v *scope.Violations
	if !errors.As(err, &v) {
		if err != nil {
			t.Fatalf("got %v, want *scope.Violations", err)
		}
		v = &scope.Violations{}
	}
	var got []string
	for _, violation := range v.Fields {
		got = append(got, violation.Field)
		if violation.Description == "" {
			t.Errorf("%s has no description", violation.Field)
		}
	}
	if v.Kind != kind || !slices.Equal(got, fields) {
		t.Errorf("got %v %q\nwant %v %q\nerror: %v", v.Kind, got, kind, fields, err)
	}
}
