package catalogue

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Rule tells a rule that was broken: one of the contract's own by its id, one of
// protovalidate's standard ones by its English description, which holds the bound. It
// says nothing in English, which the description is in, and where there is no text.
func (l Language) Rule(id, description string) (text string, ok bool) {
	if l == English {
		return "", false
	}
	if l.Has(id) {
		return l.Say(id), true
	}
	for _, s := range standardSentences() {
		if found := s.pattern.FindStringSubmatch(description); found != nil {
			args := make([]any, 0, len(found)-1)
			for _, arg := range found[1:] {
				args = append(args, arg)
			}
			return l.Say(s.key, args...), true
		}
	}
	return "", false
}

// standardSentence is one of protovalidate's sentences, and what finds its arguments.
type standardSentence struct {
	key     string
	pattern *regexp.Regexp
}

// standardSentences are those of the standard rules, the longest first: one may be the
// beginning of another.
var standardSentences = sync.OnceValue(func() []standardSentence {
	keys := slices.SortedFunc(maps.Keys(standardRules), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	var all []standardSentence
	for _, key := range keys {
		parts := strings.Split(key, "%s")
		for i, part := range parts {
			parts[i] = regexp.QuoteMeta(part)
		}
		all = append(all, standardSentence{key, regexp.MustCompile("(?s)^" + strings.Join(parts, "(.+)") + "$")})
	}
	return all
})
