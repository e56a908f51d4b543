package sqlite

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"

	"github.com/liaison-protocol/liaison/internal/store/rows"
)

var (
	// ErrNewer says that the database was written by a newer program, whose meaning
	// this one cannot know.
	ErrNewer = rows.ErrNewer

	// ErrClosed is returned by calls after Close.
	ErrClosed = rows.ErrClosed
)

var engine = rows.Engine{Name: "sqlite", Words: words}

func failed(tried string, cause error) error { return engine.Failed(tried, cause) }

// words are those of the driver and the operating system, without what they quote.
func words(err error) string {
	if engine, ok := errors.AsType[*sqlite.Error](err); ok {
		return engineWords(engine.Code())
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Op + ": " + path.Err.Error()
	}
	return ""
}

// engineWords returns SQLite's words for a result code, whose low byte is the
// kind and whose rest narrows it down.
func engineWords(code int) string {
	words, ok := sqlite.ErrorCodeString[code&0xff]
	if !ok {
		words = "unknown fault"
	}
	return fmt.Sprintf("%s, code %d", words, code)
}
