package catalogue

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// poEntry is one text of a PO file.
type poEntry struct {
	context string // msgctxt: what kind of key it is; empty for a text
	key     string // msgid
	text    string // msgstr
}

// readPO reads a file of GNU gettext's PO format: comments, msgctxt, msgid and msgstr, each a
// string in quotation marks that may go on in the next lines. It leaves out the header
// and what is not translated yet, which tests name. It refuses what it does not know, such as
// plural forms, a translation that nobody has looked at, and a key that occurs twice.
func readPO(from io.Reader) ([]poEntry, error) {
	var entries []poEntry
	seen := make(map[string]bool)
	var e poEntry
	var into *string // what the string of the next line goes on
	finish := func() error {
		switch {
		case into == nil:
			return nil
		case into != &e.text:
			return fmt.Errorf("%q has no msgstr", e.key)
		case seen[e.key]:
			return fmt.Errorf("%q occurs twice", e.key)
		}
		seen[e.key] = true
		if e.key != "" && e.text != "" { // neither the header nor what is not translated yet
			entries = append(entries, e)
		}
		e, into = poEntry{}, nil
		return nil
	}
	scanner := bufio.NewScanner(from)
	for number := 1; scanner.Scan(); number++ {
		line := strings.TrimSpace(scanner.Text())
		word, quoted, _ := strings.Cut(line, " ")
		var err error
		switch {
		case line == "":
			err = finish()
			word, quoted = "", ""
		case strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy"):
			err = errors.New("a translation is marked as fuzzy: look at it, and take the mark away")
			quoted = ""
		case strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, `"`):
			word, quoted = "", line
			if into == nil {
				err = fmt.Errorf("%s belongs to nothing", line)
			}
		case word == "msgctxt" && into == nil:
			into = &e.context
		case word == "msgid" && (into == nil || into == &e.context):
			into = &e.key
		case word == "msgstr" && into == &e.key:
			into = &e.text
		default:
			err = fmt.Errorf("%s is not expected here", word)
		}
		if err == nil && quoted != "" {
			var part string
			if part, err = strconv.Unquote(quoted); err == nil {
				*into += part
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	return entries, finish()
}
