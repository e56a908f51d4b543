package main

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"Arabic", "نشر سجل الناخبين", "نشر سجل الناخبين"},
		{"Kurdish with a joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"an emoji of several people", "👩\u200d👧", "👩\u200d👧"},
		{"a terminal's escape", "a\x1b[31mb", "a<U+001B>[31mb"},
		{"the one-byte form of it", "a\u009b31m", "a<U+009B>31m"},
		{"a line's end", "a\r\nb", "a<U+000D><U+000A>b"},
		{"a tab, which is a column", "a\tb", "a<U+0009>b"},
		{"delete", "a\x7f", "a<U+007F>"},
		{"a right-to-left override", "register\u202efdp.exe", "register<U+202E>fdp.exe"},
		{"an isolate", "\u2066a\u2069", "<U+2066>a<U+2069>"},
		{"direction marks", "\u200ea\u200fb\u061c", "<U+200E>a<U+200F>b<U+061C>"},
		{"separators of lines and paragraphs", "a\u2028b\u2029c", "a<U+2028>b<U+2029>c"},
		{"a byte order mark", "\ufeffa", "<U+FEFF>a"},
		{"a tag", "a\U000E0041", "a<U+E0041>"},
		{"bytes that are no text", "a\xff", "a<U+FFFD>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := visible(c.text); got != c.want {
				t.Errorf("%+q is shown as %+q, wanted %+q", c.text, got, c.want)
			}
		})
	}
}

func TestVisibleLinesKeepsLineBreaksAlone(t *testing.T) {
	if got, want := visibleLines("a\n\tb\x1b\n"), "a\n<U+0009>b<U+001B>\n"; got != want {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestShortened(t *testing.T) {
	for _, c := range []struct {
		name, text string
		most       int
		want       string
	}{
		{"nothing", "", 3, ""},
		{"shorter", "ab", 3, "ab"},
		{"as long", "abc", 3, "abc"},
		{"longer", "abcd", 3, "ab…"},
		{"counted in characters, not in bytes", "نشر", 3, "نشر"},
		{"cut between characters", "نشر سجل", 4, "نشر…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shortened(c.text, c.most); got != c.want {
				t.Errorf("got %q, wanted %q", got, c.want)
			}
		})
	}
}

func TestEscapeJSON(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing to escape", `{"a":"نشر"}`, `{"a":"نشر"}`},
		{"a right-to-left override", "{\"a\":\"x\u202ey\"}", `{"a":"x\u202ey"}`},
		{"delete", "\"\x7f\"", `"\u007f"`},
		{"behind a backslash that is escaped", "\"\\\\\u202e\"", `"\\\u202e"`},
		{"a tag, as a surrogate pair", "\"\U000E0041\"", `"\udb40\udc41"`},
		{"what is escaped already", `"\u001b"`, `"\u001b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(escapeJSON([]byte(c.text))); got != c.want {
				t.Errorf("%+q becomes %+q, wanted %+q", c.text, got, c.want)
			}
		})
	}
}

// Whatever a text is, its JSON says the same after the escape and disturbs nothing.
func FuzzEscapeJSON(f *testing.F) {
	for _, seed := range []string{"", "a\x1b[31m", "\u202e\\\u202e", "\U000E0041\U000E007F", "\\u202e\"\u2028", "\xff\ufffd", "\U0001F54A\u200d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := json.Marshal(map[string]string{text: text})
		if err != nil {
			t.Fatal(err)
		}
		escaped := escapeJSON(plain)
		if strings.ContainsFunc(string(escaped), disturbing) {
			t.Errorf("%+q still disturbs", escaped)
		}
		var want, got map[string]string
		if err := json.Unmarshal(plain, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(escaped, &got); err != nil {
			t.Fatalf("%+q no longer parses: %v", escaped, err)
		}
		for key, value := range want {
			if got[key] != value || len(got) != len(want) {
				t.Errorf("%+q says %+q, wanted %+q", escaped, got, want)
			}
		}
	})
}

// Whatever a text is, what is shown of it disturbs nothing, and is the text itself
// if that did not.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "\u202e", "\xff", "\U000E0001", "👩\u200d👧"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := visible(text)
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, disturbing) {
			t.Errorf("%+q is shown as %+q", text, shown)
		}
		if !strings.ContainsFunc(text, disturbing) && shown != text {
			t.Errorf("%+q is shown as %+q for no reason", text, shown)
		}
	})
}
