package catalogue

import (
	"slices"
	"strings"
	"testing"
)

func TestReadPO(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       []poEntry
		problem    string // part of the error, if there is one
	}{
		{"nothing", "", nil, ""},
		{"a header", "msgid \"\"\nmsgstr \"\"\n\"Language: ar\\n\"\n", nil, ""},
		{"a text", "# a comment\nmsgid \"a\"\nmsgstr \"b\"\n", []poEntry{{"", "a", "b"}}, ""},
		{"two, the last without a line's end", "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"c\"\nmsgstr \"d\"", []poEntry{{"", "a", "b"}, {"", "c", "d"}}, ""},
		{"a context", "msgctxt \"rule\"\nmsgid \"a\"\nmsgstr \"b\"\n", []poEntry{{"rule", "a", "b"}}, ""},
		{"several lines", "msgid \"\"\n\"a\\n\"\n\"b\"\nmsgstr \"\"\n\"c\\n\"\n\"\\\"d\\\"\"\n", []poEntry{{"", "a\nb", "c\n\"d\""}}, ""},
		{"a comment within", "#. for whom\nmsgid \"a\"\n# here too\nmsgstr \"b\"\n", []poEntry{{"", "a", "b"}}, ""},
		{"not translated yet", "msgid \"a\"\nmsgstr \"\"\n", nil, ""},
		{"a guess", "#, fuzzy\nmsgid \"a\"\nmsgstr \"b\"\n", nil, "line 1: a translation is marked as fuzzy"},
		{"one twice", "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", nil, `"a" occurs twice`},
		{"one twice, in two contexts", "msgctxt \"x\"\nmsgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", nil, `"a" occurs twice`},
		{"no translation", "msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"c\"\n", nil, `line 2: "a" has no msgstr`},
		{"no blank line between", "msgid \"a\"\nmsgstr \"b\"\nmsgid \"c\"\n", nil, "line 3: msgid is not expected here"},
		{"plural forms", "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n", nil, "line 2: msgid_plural is not expected here"},
		{"a string that belongs to nothing", "\"a\"\n", nil, "line 1"},
		{"a string without an end", "msgid \"a\n", nil, "line 1"},
		{"a word alone", "msgstr \"a\"\n", nil, "line 1: msgstr is not expected here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readPO(strings.NewReader(c.file))
			switch {
			case c.problem != "":
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("it is read as %q: %v, wanted an error with %q", got, err, c.problem)
				}
			case err != nil || !slices.Equal(got, c.want):
				t.Errorf("it is read as %q: %v, wanted %q", got, err, c.want)
			}
		})
	}
}
