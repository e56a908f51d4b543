package catalogue

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// all are the texts of a language, each form of a counted one by itself.
func all(l Language) map[string][]string {
	found := make(map[string][]string)
	for key, text := range texts[l] {
		found[key] = append(found[key], text)
	}
	for key, f := range counted[l] {
		for _, text := range []string{f.zero, f.one, f.two, f.few, f.many, f.other} {
			if text != "" {
				found[key] = append(found[key], text)
			}
		}
	}
	return found
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	keys := make(map[string]bool)
	for _, l := range Languages() {
		for key := range all(l) {
			keys[key] = true
		}
	}
	if len(keys) < 500 {
		t.Fatalf("only %d keys", len(keys))
	}
	for _, l := range Languages()[1:] {
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if !l.Has(key) {
				t.Errorf("%s lacks %q", l, key)
			}
		}
	}
}

// TestTheLanguagesAgreeOnWhatIsARule: a text by the id of a rule is found by it in each.
func TestTheLanguagesAgreeOnWhatIsARule(t *testing.T) {
	if len(rules) < 40 || len(standardRules) < 10 {
		t.Fatalf("only %d rules and %d standard rules", len(rules), len(standardRules))
	}
	for _, l := range Languages()[1:] {
		file, err := files.Open(string(l) + ".po")
		if err != nil {
			t.Fatal(err)
		}
		entries, err := readPO(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			want := map[bool]string{true: contextRule}[rules[e.key]]
			if standardRules[e.key] {
				want = contextStandardRule
			}
			if e.context != want {
				t.Errorf("%s.po has %q in the context %q, another language in %q", l, e.key, e.context, want)
			}
		}
	}
}

func TestNoTextStandsTwice(t *testing.T) {
	for _, l := range Languages() {
		for key := range texts[l] { // that no file has a key twice, its reader sees to
			if _, counts := counted[l][key]; counts || same[key] {
				t.Errorf("%s has %q twice", l, key)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`%(\[(\d+)\])?([a-z%])`)

// placeholders returns which argument is put in with which verb, in the arguments' order.
func placeholders(text string) []string {
	var found []string
	for i, match := range placeholder.FindAllStringSubmatch(text, -1) {
		at := match[2]
		if at == "" {
			at = string(rune('1' + i))
		}
		found = append(found, at+match[3])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// A form of a counted text may leave out the number that it says in words.
func TestTranslationsHaveThePlaceholdersOfTheEnglish(t *testing.T) {
	for _, l := range Languages() {
		for key, forms := range all(l) {
			for _, text := range forms {
				want := placeholders(key)
				got := placeholders(text)
				if _, counts := counted[l][key]; counts && len(got) < len(want) {
					want = slices.DeleteFunc(want, func(p string) bool { return p == "1d" })
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q has %v, wanted %v as in %q", l, text, got, want, key)
				}
			}
		}
	}
}

// TestTranslationsAreTranslations finds what was left in English, what has characters that
// direct text, which only who shows a text puts in, and what would not read well.
func TestTranslationsAreTranslations(t *testing.T) {
	for _, l := range Languages()[1:] {
		for key, forms := range all(l) {
			for _, text := range forms {
				if text == key {
					t.Errorf("%s: %q is not translated; is it the same in every language?", l, key)
				}
				if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) || r == '،' }) {
					t.Errorf("%s: %q says nothing in its script", l, text)
				}
				if strings.ContainsFunc(text, func(r rune) bool {
					p, _ := bidi.LookupRune(r)
					return unicode.Is(unicode.Cf, r) || p.Class() == bidi.Control
				}) {
					t.Errorf("%s: %+q holds a character that is not seen", l, text)
				}
				if strings.TrimSpace(text) != text && key != ", " || strings.Contains(strings.ReplaceAll(text, "\n  ", "\n"), " ,") {
					t.Errorf("%s: %q has a blank too many", l, text)
				}
			}
		}
	}
}

// The letters that Central Kurdish does not use are slips of an Arabic keyboard.
func TestCentralKurdishIsWrittenInItsOwnLetters(t *testing.T) {
	for key, forms := range all(CentralKurdish) {
		for _, text := range forms {
			if i := strings.IndexAny(text, "كيىةؤإأآذضظطصثٱ\u064b\u064c\u064d\u064e\u064f\u0650\u0651"); i >= 0 {
				r := []rune(text[i:])[0]
				t.Errorf("%q: %q is no letter of Central Kurdish (for %q)", text, r, key)
			}
		}
	}
	for key, forms := range all(Arabic) {
		for _, text := range forms {
			if i := strings.IndexAny(text, "یکەێۆڕڵڤگچپژ"); i >= 0 {
				r := []rune(text[i:])[0]
				t.Errorf("%q: %q is no letter of Arabic (for %q)", text, r, key)
			}
		}
	}
}

// No line of help is so long that a terminal breaks it where no eye expects it.
func TestNoLineIsTooLong(t *testing.T) {
	for _, l := range Languages()[1:] {
		for key, forms := range all(l) {
			for _, text := range forms {
				for _, line := range strings.Split(text, "\n") {
					if n := len([]rune(line)); strings.Contains(text, "\n") && n > 110 {
						t.Errorf("%s: %d characters in %q of %q", l, n, line, key)
					}
				}
			}
		}
	}
}

func TestForms(t *testing.T) {
	for _, test := range []struct {
		l     Language
		count int
		want  string
	}{
		{English, 1, "The hub has one attachment more of X."},
		{English, 2, "The hub has 2 attachments more of X."},
		{Arabic, 0, "ليس لدى المركز مرفق جديد من X."},
		{Arabic, 1, "لدى المركز مرفق واحد آخر من X."},
		{Arabic, 2, "لدى المركز مرفقان آخران من X."},
		{Arabic, 3, "لدى المركز 3 مرفقات أخرى من X."},
		{Arabic, 11, "لدى المركز 11 مرفقًا آخر من X."},
		{Arabic, 100, "لدى المركز 100 مرفق آخر من X."},
		{CentralKurdish, 1, "ناوەندەکە یەک هاوپێچی تری X ی هەیە."},
		{CentralKurdish, 7, "ناوەندەکە 7 هاوپێچی تری X ی هەیە."},
	} {
		if got := test.l.Say(attachmentsMore, test.count, "X"); got != test.want {
			t.Errorf("%s, %d: %q", test.l, test.count, got)
		}
	}
}

func TestWhatALanguageLacksIsSaidInEnglish(t *testing.T) {
	if got := Arabic.Say("nobody has translated %s", "this"); got != "nobody has translated this" {
		t.Errorf("it says %q", got)
	}
	if got := Language("tlh").Say("REASON_SAME_PERSON"); got != English.Say("REASON_SAME_PERSON") {
		t.Errorf("it says %q", got)
	}
}

func TestARuleIsToldWithItsBound(t *testing.T) {
	for _, test := range []struct{ id, description, want string }{
		{"spec.emergency_needs_threat", "threat is required for an emergency, and belongs to it alone", "الحقل threat مطلوب في الحالة الطارئة ولا يُستخدم في غيرها"},
		{"string.max_len", "must be at most 300 characters", "يجب ألا يزيد عدد الأحرف على 300"},
		{"int64.gte", "must be greater than or equal to 1", "يجب ألا تقل القيمة عن 1"},
		{"int32.gte_lte", "must be greater than or equal to 1 and less than or equal to 65535", "يجب ألا تقل القيمة عن 1 وألا تزيد على 65535"},
		{"unheard.of", "must be of another colour", ""},
	} {
		if got, ok := Arabic.Rule(test.id, test.description); got != test.want || ok != (test.want != "") {
			t.Errorf("%s is told as %q", test.id, got)
		}
	}
	if _, ok := English.Rule("string.max_len", "must be at most 300 characters"); ok {
		t.Error("English repeats the description")
	}
}
