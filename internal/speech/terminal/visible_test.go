package terminal

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"Arabic", "نشر سجل الناخبين", "نشر سجل الناخبين"},
		{"Persian with a non-joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"Kurdish with a non-joiner at a word's end", "ه\u200c ی", "ه\u200c ی"},
		{"Arabic with a joiner", "ه\u200d 1447", "ه\u200d 1447"},
		{"Hindi with a joiner", "क्\u200dष", "क्\u200dष"},
		{"a sign before a number", "\u06dd12", "\u06dd12"},
		{"a non-joiner between Latin letters", "pay\u200cpal", "pay<U+200C>pal"},
		{"a joiner at the beginning", "\u200dنشر", "<U+200D>نشر"},
		{"joiners in a row", "ه\u200c\u200cی", "ه\u200c<U+200C>ی"},
		{"a space without width", "pay\u200bpal", "pay<U+200B>pal"},
		{"a soft hyphen", "pay\u00adpal", "pay<U+00AD>pal"},
		{"a filler", "a\u3164b", "a<U+3164>b"},
		{"an emoji with colour of skin", "👩🏽\u200d🚒", "👩🏽\u200d🚒"},
		{"an emoji with its form", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"embeddings that are closed", "\u202aa\u202c", "<U+202A>a<U+202C>"},
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
			if got := Visible(c.text); got != c.want {
				t.Errorf("%+q is shown as %+q, wanted %+q", c.text, got, c.want)
			}
		})
	}
}

// What is seen of a text is held together, and shows what cannot be seen.
func TestIsolated(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"Latin", "The register, v2 (2026)", "The register, v2 (2026)"},
		{"Arabic", "نشر سجل", "\u2068نشر سجل\u2069"},
		{"Central Kurdish", "بڵاوبوونەوەی زانیاری کەسی", "\u2068بڵاوبوونەوەی زانیاری کەسی\u2069"},
		{"both", "the سجل of 2026", "\u2068the سجل of 2026\u2069"},
		{"Arabic digits", "٢٠٢٦", "\u2068٢٠٢٦\u2069"},
		{"Hebrew", "א", "\u2068א\u2069"},
		{"an end of an isolate that is not theirs", "a\u2069نشر", "\u2068a<U+2069>نشر\u2069"},
		{"an override that nobody ends", "نشر\u202eexe", "\u2068نشر<U+202E>exe\u2069"},
		{"a mark that would sit on what is before", "\u0301a", "\u2068\u0301a\u2069"},
		{"an emoji of several people", "👩\u200d👧", "👩\u200d👧"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Isolated(c.text); got != c.want {
				t.Errorf("%+q is shown as %+q, wanted %+q", c.text, got, c.want)
			}
		})
	}
}

// Lines that run from right to left hold what is Latin in isolates; others are left alone.
func TestProse(t *testing.T) {
	mark := strings.NewReplacer("\u2067", "{", "\u2068", "[", "\u2069", "]").Replace
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"a command to copy", "  liaison hub serve DIR", "  liaison hub serve DIR"},
		{"a sentence", "يستمع المركز", "{يستمع المركز]"},
		{"after its indentation", "  السجل فارغ", "  {السجل فارغ]"},
		{"every line by itself", "السجل\n\nliaison demo\nفارغ", "{السجل]\n\nliaison demo\n{فارغ]"},
		{"a flag", "الخيار --profile مطلوب", "{الخيار [--profile] مطلوب]"},
		{"a command of several words", "لتشغيله: liaison hub serve DIR", "{لتشغيله: [liaison hub serve DIR]]"},
		{"the sentence's marks", "في profile.yaml, ثم key.pem.", "{في [profile.yaml], ثم [key.pem].]"},
		{"Arabic marks", "إما en، أو ckb؛", "{إما [en]، أو [ckb]؛]"},
		{"brackets of the sentence", "شهادة (PEM) صالحة", "{شهادة [(PEM)] صالحة]"},
		{"a bracket that opened before", "(القيمة table)", "{(القيمة [table])]"},
		{"in quotation marks", "بالأمر 'authority keys new' ثم", "{بالأمر ['authority keys new'] ثم]"},
		{"a quotation mark whose other half is elsewhere", "انظر --help' هنا", "{انظر [--help]' هنا]"},
		{"JSON", `{"request": …, "events": […]}     الطلب`, `{[{"request": …, "events": […]}]     الطلب]`},
		{"what is isolated already", "قدّم \u2068a ب c\u2069 الطلب", "{قدّم [a ب c] الطلب]"},
		{"numbers", "العدد 12 من 30", "{العدد 12 من 30]"},
		{"a name with its number", "وفق RFC 3339 مثل", "{وفق [RFC 3339] مثل]"},
		{"an ending after a Latin word", "بە YAML ی گرێبەست", "{بە [YAML] ی گرێبەست]"},
		{"a dash at the end", "من YAML - الملف", "{من [YAML] - الملف]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := prose(c.text)
			if mark(got) != mark(c.want) {
				t.Errorf("it is laid out as %s, wanted %s", mark(got), c.want)
			}
			for _, line := range strings.Split(got, "\n") {
				if problem := Problem(line); problem != "" {
					t.Errorf("%s in %+q", problem, line)
				}
			}
		})
	}
}

func TestVisibleLinesKeepsLineBreaksAlone(t *testing.T) {
	if got, want := VisibleLines("a\n\tb\x1b\n"), "a\n<U+0009>b<U+001B>\n"; got != want {
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
			if got := Shorten(c.text, c.most); got != c.want {
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
		{"after a backslash that is escaped", "\"\\\\\u202e\"", `"\\\u202e"`},
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
		if strings.ContainsFunc(string(escaped), disturbs) {
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

// harmless says, by a rule of its own, whether a text may be shown as it is.
func harmless(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	before := rune(0)
	for _, r := range text {
		switch {
		case r == '\u200c' || r == '\u200d':
			if !unicode.In(before, unicode.Arabic, unicode.Devanagari) && !(r == '\u200d' && unicode.Is(unicode.So, before)) {
				return false // or perhaps not; what may be is tried by TestVisible
			}
		case !unicode.IsGraphic(r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			return false
		}
		before = r
	}
	return true
}

// Whatever a text is, what is shown of it disturbs nothing, closes what it opens, and is
// the text itself if that did not disturb.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{
		"", "a\nb", "\u202e", "\xff", "\U000E0001", "👩\u200d👧", "می\u200cخواهم", "\u2068نشر", "نشر\u2069\u2069", "\u202b\u202dab\u202c",
		"a\x1b]0;title\x07", "\u200d", strings.Repeat("ن", 300), "\u061c\u200f١٢", "ا\u0301\u200d\u200c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := Visible(text)
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, disturbs) {
			t.Errorf("%+q is shown as %+q", text, shown)
		}
		if harmless(text) && shown != text {
			t.Errorf("%+q is shown as %+q for no reason", text, shown)
		}
		if again := Visible(shown); again != shown {
			t.Errorf("%+q is shown as %+q, and that as %+q", text, shown, again)
		}
		whole := Isolated(text)
		if problem := Problem(whole); problem != "" || strings.Contains(whole, "\t") {
			t.Errorf("%+q is shown as %+q: %s", text, whole, problem)
		}
		if inner := strings.TrimSuffix(strings.TrimPrefix(whole, firstStrong), endIsolate); inner != shown {
			t.Errorf("%+q is isolated as %+q", text, whole)
		}
		if problem := Problem(strings.ReplaceAll(prose("الطلب "+whole+" مقدَّم"), "\n", "")); problem != "" {
			t.Errorf("%+q in a sentence: %s", text, problem)
		}
	})
}
