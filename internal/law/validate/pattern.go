package validate

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// matcher says whether a text matches a pattern. What the contract's patterns match they
// nearly always match greedily, each part taking all that it can, and to try that costs
// a tenth of a regular expression's machine. A text that is taken so to its end matches;
// of any other the regular expression decides.
type matcher struct {
	greedy taker // nil if it is not known how
	exact  *regexp.Regexp
}

// taker takes what it can from the beginning of a text and returns the rest. It fails
// where it cannot take what it must.
type taker func(text string) (rest string, ok bool)

func newMatcher(pattern string) (*matcher, error) {
	exact, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	m := &matcher{exact: exact}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	// Only what must match from beginning to end is tried so.
	parts := parsed.Sub
	if parsed.Op != syntax.OpConcat || len(parts) < 2 || parts[0].Op != syntax.OpBeginText || parts[len(parts)-1].Op != syntax.OpEndText {
		return m, nil
	}
	m.greedy = sequence(parts[1 : len(parts)-1])
	return m, nil
}

// matches says whether the text matches.
func (m *matcher) matches(text string) bool {
	if m.greedy != nil {
		if rest, ok := m.greedy(text); ok && rest == "" {
			return true
		}
	}
	return m.exact.MatchString(text)
}

// takerOf returns the taker of a part of a pattern, or nil.
func takerOf(part *syntax.Regexp) taker {
	if part.Flags&syntax.FoldCase != 0 {
		return nil
	}
	switch part.Op {
	case syntax.OpLiteral:
		literal := string(part.Rune)
		return func(text string) (string, bool) { return strings.CutPrefix(text, literal) }
	case syntax.OpCharClass:
		return repeated(part, 1, 1)
	case syntax.OpStar:
		return repeated(part.Sub[0], 0, -1)
	case syntax.OpPlus:
		return repeated(part.Sub[0], 1, -1)
	case syntax.OpQuest:
		return repeated(part.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return repeated(part.Sub[0], part.Min, part.Max)
	case syntax.OpCapture:
		return takerOf(part.Sub[0])
	case syntax.OpConcat:
		return sequence(part.Sub)
	case syntax.OpAlternate:
		return alternative(part.Sub)
	default:
		return nil
	}
}

// sequence takes one part after the other.
func sequence(parts []*syntax.Regexp) taker {
	takers := make([]taker, len(parts))
	for i, part := range parts {
		if takers[i] = takerOf(part); takers[i] == nil {
			return nil
		}
	}
	return func(text string) (string, bool) {
		for _, take := range takers {
			var ok bool
			if text, ok = take(text); !ok {
				return "", false
			}
		}
		return text, true
	}
}

// alternative takes the first part that can be taken.
func alternative(parts []*syntax.Regexp) taker {
	takers := make([]taker, len(parts))
	for i, part := range parts {
		if takers[i] = takerOf(part); takers[i] == nil {
			return nil
		}
	}
	return func(text string) (string, bool) {
		for _, take := range takers {
			if rest, ok := take(text); ok {
				return rest, true
			}
		}
		return "", false
	}
}

// repeated takes a part again and again, most times at most unless that is negative.
func repeated(part *syntax.Regexp, least, most int) taker {
	if part.Flags&syntax.FoldCase == 0 && part.Op == syntax.OpCharClass {
		return newClass(part.Rune).taker(least, most)
	}
	take := takerOf(part)
	if take == nil {
		return nil
	}
	return func(text string) (string, bool) {
		for n := 0; n != most; n++ {
			rest, ok := take(text)
			if !ok || len(rest) == len(text) {
				return text, n >= least
			}
			text = rest
		}
		return text, true
	}
}

// class is a set of characters.
type class struct {
	ascii [utf8.RuneSelf]bool
	pairs []rune // the first and the last of each range, in order
}

func newClass(pairs []rune) *class {
	c := &class{pairs: pairs}
	for i := 0; i < len(pairs); i += 2 {
		for r := pairs[i]; r <= pairs[i+1] && r < utf8.RuneSelf; r++ {
			c.ascii[r] = true
		}
	}
	return c
}

func (c *class) has(r rune) bool {
	for i := 0; i < len(c.pairs) && c.pairs[i] <= r; i += 2 {
		if r <= c.pairs[i+1] {
			return true
		}
	}
	return false
}

func (c *class) taker(least, most int) taker {
	return func(text string) (string, bool) {
		at, n := 0, 0
		for ; n != most && at < len(text); n++ {
			if b := text[at]; b < utf8.RuneSelf {
				if !c.ascii[b] {
					break
				}
				at++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[at:])
			if !c.has(r) {
				break
			}
			at += size
		}
		return text[at:], n >= least
	}
}
