package terminal

import (
	"strings"
	"unicode"
)

// prose lays out text of a language that is written from right to left, whose arguments
// are isolated already. A line that holds any of it is made to run from right to left, after
// its indentation, whichever way the terminal takes lines; in it each Latin run (a command,
// a flag, a file's name) is isolated. Other lines, such as commands to copy, stay as they are.
func prose(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !runsRightToLeft(line) {
			continue
		}
		body := strings.TrimLeft(line, " \t")
		lines[i] = line[:len(line)-len(body)] + rightToLeft + isolateLatin(body) + endIsolate
	}
	return strings.Join(lines, "\n")
}

// isolateLatin puts each run of Latin words of a line into an isolate. It leaves isolates
// that are there already.
func isolateLatin(line string) string {
	var b strings.Builder
	start := -1 // of a run: a Latin word, and all that follows except letters of the other direction
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
		if beginsIsolate(rest) {
			flush(at)
			end := isolateEnd(rest)
			b.WriteString(rest[:end])
			at += end
			continue
		}
		word := rest[:wordEnd(rest)]
		switch {
		case start >= 0 && !strings.ContainsFunc(word, isArabic) && !strings.HasPrefix(word, "  "):
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

// latinCore returns where the part of a run of Latin words lies that belongs together:
// without the sentence's own marks, and without a quotation mark or bracket whose other
// half is not in the run.
func latinCore(run string) (from, to int) {
	to = len(run)
	for from < to {
		core := run[from:to]
		head, tail := core[0], core[len(core)-1]
		switch {
		case strings.ContainsRune(" ,;:-", rune(tail)), tail == '.' && !strings.HasSuffix(core, "..."),
			tail == ')' && !strings.Contains(core, "("), isUnpairedQuote(core, tail):
			to--
		case head == '(' && !strings.Contains(core, ")"), isUnpairedQuote(core, head):
			from++
		default:
			return from, to
		}
	}
	return from, to
}

// isUnpairedQuote reports whether a mark is a quotation mark that occurs an odd number of
// times in a text.
func isUnpairedQuote(text string, mark byte) bool {
	return (mark == '\'' || mark == '"') && strings.Count(text, string(mark))%2 == 1
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// isArabic reports whether a character is of Arabic script, its punctuation included.
func isArabic(r rune) bool { return r >= 0x0600 && r <= 0x06FF || runsRightToLeft(string(r)) }

// beginsIsolate reports whether a line begins with an isolate.
func beginsIsolate(line string) bool {
	return strings.HasPrefix(line, firstStrong) || strings.HasPrefix(line, rightToLeft)
}

// isolateEnd returns where the isolate that a line begins with ends.
func isolateEnd(line string) int {
	depth := 0
	for i := range line {
		switch {
		case beginsIsolate(line[i:]):
			depth++
		case strings.HasPrefix(line[i:], endIsolate):
			if depth--; depth == 0 {
				return i + len(endIsolate)
			}
		}
	}
	return len(line)
}

// wordEnd returns where the word, or the blanks, that a line begins with ends. A word has
// one direction.
func wordEnd(line string) int {
	blank, right := line[0] == ' ', false
	for i, r := range line {
		if i == 0 {
			right = isArabic(r)
			continue
		}
		if (line[i] == ' ') != blank || isArabic(r) != right || beginsIsolate(line[i:]) {
			return i
		}
	}
	return len(line)
}
