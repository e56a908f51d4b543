package catalogue

import (
	"strings"

	"golang.org/x/text/language"
)

var matcher = language.NewMatcher(func() (tags []language.Tag) {
	for _, l := range Languages() {
		tags = append(tags, language.MustParse(string(l)))
	}
	return tags
}())

// Parse returns the language that a BCP 47 tag names, whatever its region: "ar-IQ" is
// Arabic.
func Parse(tag string) (Language, bool) {
	parsed, err := language.Parse(tag)
	if err != nil {
		return English, false
	}
	base, _ := central(parsed).Base()
	for _, l := range Languages() {
		if base.String() == string(l) {
			return l, true
		}
	}
	return English, false
}

// Accepted returns the language that fits best what accept-language metadata asks for
// (RFC 9110, section 12.5.4), and English where nothing fits.
func Accepted(headers ...string) Language {
	var wanted []language.Tag
	for _, header := range headers {
		tags, qualities, err := language.ParseAcceptLanguage(header)
		if err != nil {
			continue // what cannot be read asks for nothing
		}
		for i, tag := range tags {
			if qualities[i] > 0 { // zero is what is not wanted
				wanted = append(wanted, central(tag))
			}
		}
	}
	_, index, _ := matcher.Match(wanted...)
	return Languages()[index]
}

// central returns Kurdish as Central Kurdish where it is written as such: in Iraq and
// Iran, or in Arabic script.
func central(tag language.Tag) language.Tag {
	base, script, region := tag.Raw()
	if base.String() != "ku" {
		return tag
	}
	if s := script.String(); s == "Arab" || s == "Zzzz" && (region.String() == "IQ" || region.String() == "IR") {
		return language.MustParse(string(CentralKurdish))
	}
	return tag
}

// Locale returns the language of the environment's locale for messages, as POSIX orders
// the variables: LC_ALL, LC_MESSAGES, LANG, the first that is set. English is that of
// the locales C and POSIX, and of those that are none of ours.
func Locale(getenv func(string) string) Language {
	for _, variable := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := getenv(variable)
		if value == "" {
			continue
		}
		name, _, _ := strings.Cut(value, ".") // the character set
		name, _, _ = strings.Cut(name, "@")   // a variant
		l, ok := Parse(strings.ReplaceAll(name, "_", "-"))
		if !ok {
			return English
		}
		return l
	}
	return English
}
