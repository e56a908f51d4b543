package main

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

// What a line of this program is held together with: nothing within an isolate changes
// the order of what is around it.
const (
	rightToLeft = "\u2067" // an isolate whose text runs from right to left
	firstStrong = "\u2068" // one that runs as its own first letter does
	endIsolate  = "\u2069"
)

// disturbing says whether a character, shown as it is, could act on what stands
// around it, or be there unseen: terminal controls, changes of direction, line and paragraph
// separators, formats, fillers, tags. Joiners, which scripts and emoji need, do not, nor do
// the signs that Arabic puts before numbers.
func disturbing(r rune) bool {
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

// joining are the scripts whose letters are joined, or kept from it, by joiners.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Phags_Pa, unicode.Adlam,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// joins says whether a joiner behind a character has something to shape. Elsewhere it
// is unseen, and makes two texts look like one.
func joins(r, before rune) bool {
	switch {
	case unicode.In(before, joining...):
		return true
	case r == joiner: // of an emoji, its colour of skin or its form
		return unicode.Is(unicode.So, before) || before >= 0x1F3FB && before <= 0x1F3FF || before == 0xFE0F
	default:
		return false
	}
}

// visible returns a text that somebody else wrote so that it cannot disturb a
// terminal: what could stands as <U+202E>.
func visible(text string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range text {
		if disturbing(r) || (r == joiner || r == nonJoiner) && !joins(r, before) {
			fmt.Fprintf(&b, "<U+%04X>", r)
			before = '>'
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// visibleLines is visible for a text whose line breaks are this program's own.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}

// isolated returns a text that somebody else wrote so that it can stand in a line of
// this program's: visible, and in an isolate if its letters, its numbers or a mark at its
// beginning could act on the line.
func isolated(text string) string {
	shown := visible(text)
	if turns(shown) || strings.IndexFunc(shown, unicode.IsMark) == 0 {
		return firstStrong + shown + endIsolate
	}
	return shown
}

// turns says whether a text holds something that is written from right to left, or
// turns what stands beside it.
func turns(text string) bool {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL, bidi.AN:
			return true
		}
	}
	return false
}

// prose lays out text of a language that is written from right to left, whose arguments
// are isolated already. Lines that hold any of it are made to run from right to left, behind
// their indentation, whichever way the terminal takes lines; and in them what is Latin (a
// command, a flag, a file's name) stands in an isolate. Other lines, such as commands to
// copy, stay as they are.
func prose(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !turns(line) {
			continue
		}
		body := strings.TrimLeft(line, " \t")
		lines[i] = line[:len(line)-len(body)] + rightToLeft + isolateLatin(body) + endIsolate
	}
	return strings.Join(lines, "\n")
}

// isolateLatin puts each run of Latin words of a line into an isolate. What stands in
// one already is left as it is.
func isolateLatin(line string) string {
	var b strings.Builder
	start := -1 // of a run: a Latin word, and what follows it but for letters of the other direction
	flush := func(end int) {
		if start < 0 {
			return
		}
		run := line[start:end]
		from, to := latinCore(run)
		b.WriteString(run[:from] + firstStrong + run[from:to] + endIsolate + run[to:])
		start = -1
	}
	for at := 0; at < len(line); {
		rest := line[at:]
		if isIsolate(rest) {
			flush(at)
			end := isolateEnd(rest)
			b.WriteString(rest[:end])
			at += end
			continue
		}
		word := rest[:wordEnd(rest)]
		switch {
		case start >= 0 && !strings.ContainsFunc(word, ofArabic) && !strings.HasPrefix(word, "  "):
		case strings.ContainsFunc(word, isLatin):
			flush(at)
			start = at
		default:
			flush(at)
			b.WriteString(word)
		}
		at += len(word)
	}
	flush(len(line))
	return b.String()
}

// latinCore returns where in a run of Latin words lies what belongs together: without
// the sentence's own marks, and without a quotation mark or bracket whose other half is
// not there.
func latinCore(run string) (from, to int) {
	to = len(run)
	for from < to {
		core := run[from:to]
		head, tail := core[0], core[len(core)-1]
		switch {
		case strings.ContainsRune(" ,;:-", rune(tail)), tail == '.' && !strings.HasSuffix(core, "..."),
			tail == ')' && !strings.Contains(core, "("), odd(core, tail):
			to--
		case head == '(' && !strings.Contains(core, ")"), odd(core, head):
			from++
		default:
			return from, to
		}
	}
	return from, to
}

// odd says whether a mark is a quotation mark that stands in a text an odd number of times.
func odd(text string, mark byte) bool {
	return (mark == '\'' || mark == '"') && strings.Count(text, string(mark))%2 == 1
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// ofArabic says whether a character is written in Arabic script, its marks of
// punctuation included.
func ofArabic(r rune) bool { return r >= 0x0600 && r <= 0x06FF || turns(string(r)) }

func isIsolate(line string) bool {
	return strings.HasPrefix(line, firstStrong) || strings.HasPrefix(line, rightToLeft)
}

// isolateEnd returns where the isolate that a line begins with ends.
func isolateEnd(line string) int {
	depth := 0
	for i := range line {
		switch {
		case isIsolate(line[i:]):
			depth++
		case strings.HasPrefix(line[i:], endIsolate):
			if depth--; depth == 0 {
				return i + len(endIsolate)
			}
		}
	}
	return len(line)
}

// wordEnd returns where the word, or the blanks, that a line begins with ends. A word
// is of one direction.
func wordEnd(line string) int {
	blank, right := line[0] == ' ', false
	for i, r := range line {
		if i == 0 {
			right = ofArabic(r)
			continue
		}
		if (line[i] == ' ') != blank || ofArabic(r) != right || isIsolate(line[i:]) {
			return i
		}
	}
	return len(line)
}

// escapeJSON returns JSON in which the disturbing characters of strings stand as
// \u escapes: the same texts to a program, harmless on a terminal.
func escapeJSON(text []byte) []byte {
	if !strings.ContainsFunc(string(text), disturbing) {
		return text
	}
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case !disturbing(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}

// shortened cuts a text for a table's column.
func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
