package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// Joiners shape the letters beside them, in scripts and emoji that have such shapes.
const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
)

// The characters that hold a line together: nothing within an isolate changes the order of
// what is around it.
const (
	rightToLeft = "\u2067" // begins an isolate whose text runs from right to left
	firstStrong = "\u2068" // begins one whose direction is that of its own first letter
	endIsolate  = "\u2069"
)

// disturbs reports whether a character, shown as it is, could act on its surroundings or
// be there unseen: terminal controls, changes of direction, line and paragraph separators,
// formats, fillers, tags. Joiners, which scripts and emoji need, do not disturb, nor do the
// signs that Arabic puts before numbers.
func disturbs(r rune) bool {
	switch {
	case unicode.IsControl(r), r == utf8.RuneError:
		return true
	case r == nonJoiner, r == joiner, unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	case r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	default:
		return false
	}
}

// joinedScripts are the scripts whose letters joiners join or keep apart.
var joinedScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Phags_Pa, unicode.Adlam,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// mayJoin reports whether a joiner after a character has something to shape. Elsewhere it
// is unseen, and makes two different texts look the same.
func mayJoin(r, before rune) bool {
	switch {
	case unicode.In(before, joinedScripts...):
		return true
	case r == joiner: // of an emoji, its colour of skin or its form
		return unicode.Is(unicode.So, before) || before >= 0x1F3FB && before <= 0x1F3FF || before == 0xFE0F
	default:
		return false
	}
}

// Visible returns a text that somebody else wrote so that it cannot disturb a terminal: a
// character that could is shown as <U+202E>.
func Visible(text string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range text {
		if disturbs(r) || (r == joiner || r == nonJoiner) && !mayJoin(r, before) {
			fmt.Fprintf(&b, "<U+%04X>", r)
			before = '>'
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// VisibleLines is Visible for a text whose line breaks are this program's own.
func VisibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	return strings.Join(lines, "\n")
}

// Isolated returns a text that somebody else wrote so that it can stand in a line of this
// program: visible, and in an isolate if its letters, its numbers or a mark at its beginning
// could act on the line.
func Isolated(text string) string {
	visible := Visible(text)
	if runsRightToLeft(visible) || strings.IndexFunc(visible, unicode.IsMark) == 0 {
		return firstStrong + visible + endIsolate
	}
	return visible
}

// runsRightToLeft reports whether a text holds a character that is written from right to
// left, or that turns its neighbours.
func runsRightToLeft(text string) bool {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL, bidi.AN:
			return true
		}
	}
	return false
}

// Problem says what is wrong with a line that was printed: an isolate that is not closed
// or not opened, or a character that disturbs. It is empty for a harmless line. Tests hold
// against it whatever the command prints.
func Problem(line string) string {
	depth := 0
	for _, r := range line {
		switch {
		case string(r) == rightToLeft, string(r) == firstStrong:
			depth++
		case string(r) == endIsolate:
			if depth--; depth < 0 {
				return "an end of nothing"
			}
		case disturbs(r) && r != '\t':
			return fmt.Sprintf("U+%04X", r)
		}
	}
	if depth != 0 {
		return "an isolate without an end"
	}
	return ""
}

// Shorten cuts a text to at most so many characters, for a table's column.
func Shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
