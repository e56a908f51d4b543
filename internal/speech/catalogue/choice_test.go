package catalogue

import "testing"

func TestTheLanguageThatACallAccepts(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers []string
		want    Language
	}{
		{"none", nil, English},
		{"an empty one", []string{""}, English},
		{"English", []string{"en-GB"}, English},
		{"Arabic", []string{"ar"}, Arabic},
		{"Arabic of Iraq", []string{"ar-IQ"}, Arabic},
		{"Central Kurdish", []string{"ckb"}, CentralKurdish},
		{"Central Kurdish in Iraq, before Arabic", []string{"ckb-IQ, ar;q=0.5"}, CentralKurdish},
		{"Kurdish of Iraq", []string{"ku-IQ"}, CentralKurdish},
		{"Kurdish in Arabic script", []string{"ku-Arab"}, CentralKurdish},
		{"Kurdish in Latin script", []string{"ku-Latn-IQ"}, English},
		{"by preference, not by place", []string{"en;q=0.1, fr;q=1, ar;q=0.9"}, Arabic},
		{"one that is not wanted", []string{"ar;q=0, ckb;q=0.2"}, CentralKurdish},
		{"in several headers", []string{"ja", "ckb;q=0.3"}, CentralKurdish},
		{"anything", []string{"*"}, English},
		{"none of ours", []string{"ja"}, English},
		{"not a language", []string{"%%%"}, English},
		{"not a language, and one", []string{"%%%", "ar"}, Arabic},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Accepted(test.headers...); got != test.want {
				t.Errorf("%q asks for %s, wanted %s", test.headers, got, test.want)
			}
		})
	}
}

func TestTheLanguageOfALocale(t *testing.T) {
	for _, test := range []struct {
		name                string
		all, messages, lang string
		want                Language
	}{
		{"none", "", "", "", English},
		{"C", "C", "", "ar_IQ.UTF-8", English},
		{"C with a character set", "", "", "C.UTF-8", English},
		{"POSIX", "", "POSIX", "ckb_IQ", English},
		{"LC_ALL before all", "ckb_IQ.UTF-8", "ar_IQ", "en_US", CentralKurdish},
		{"LC_MESSAGES before LANG", "", "ar_IQ.UTF-8", "ckb_IQ", Arabic},
		{"LANG", "", "", "ar_AE.UTF-8", Arabic},
		{"Kurdish of Iraq", "", "", "ku_IQ.UTF-8", CentralKurdish},
		{"Kurdish of Turkey", "", "", "ku_TR.UTF-8", English},
		{"a variant", "", "", "ar_IQ@calendar", Arabic},
		{"none of ours", "", "", "de_DE.UTF-8", English},
		{"none of ours before one", "de_DE.UTF-8", "", "ar_IQ", English},
		{"not a locale", "", "", "???", English},
	} {
		t.Run(test.name, func(t *testing.T) {
			environment := map[string]string{"LC_ALL": test.all, "LC_MESSAGES": test.messages, "LANG": test.lang}
			if got := Locale(func(name string) string { return environment[name] }); got != test.want {
				t.Errorf("it is %s, wanted %s", got, test.want)
			}
		})
	}
}

func TestALanguageByItsTag(t *testing.T) {
	for tag, want := range map[string]Language{"en": English, "ar": Arabic, "ckb": CentralKurdish, "ar-IQ": Arabic, "ku-IQ": CentralKurdish, "AR": Arabic} {
		if got, ok := Parse(tag); got != want || !ok {
			t.Errorf("%s is %s, %t", tag, got, ok)
		}
	}
	for _, tag := range []string{"", "de", "tlh", "klingon", "x y", "ku", "fa"} {
		if got, ok := Parse(tag); ok {
			t.Errorf("%q is %s", tag, got)
		}
	}
}
