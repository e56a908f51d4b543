package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// disturbing says whether a character, shown as it is, could act on what stands
// around it: terminal controls, changes of direction, line and paragraph
// separators, the byte order mark, tags. Joiners, which scripts and emoji need, do not.
func disturbing(r rune) bool {
	switch {
	case unicode.IsControl(r), r == utf8.RuneError:
		return true
	case r == 0x061C, r == 0x200E, r == 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true
	case r == 0x2028, r == 0x2029, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F:
		return true
	default:
		return false
	}
}

// visible returns a text that somebody else wrote so that it cannot disturb a
// terminal: what could stands as <U+202E>.
func visible(text string) string {
	if !strings.ContainsFunc(text, disturbing) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if disturbing(r) {
			fmt.Fprintf(&b, "<U+%04X>", r)
			continue
		}
		b.WriteRune(r)
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
