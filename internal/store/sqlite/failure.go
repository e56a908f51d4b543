package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"

	"github.com/liaison-protocol/liaison/internal/store"
)

// ErrNewer says that the database was written by a newer program, whose meaning
// this one cannot know.
var ErrNewer = errors.New("the database belongs to a newer program")

// ErrClosed is returned by calls after Close.
var ErrClosed = errors.New("the database is closed")

// Faults that no input leads to.
var (
	errCorrupt  = errors.New("a stored value is malformed")
	errUnknown  = errors.New("an entry goes on with a request that is not stored so")
	errTxEnded  = errors.New("used after its Write ended")
	errNameless = errors.New("a name is missing")
)

// detailed are the errors that are wrapped here and in package store alone, with
// numbers and nothing that was stored.
var detailed = []error{ErrNewer, store.ErrEntry}

// bare are the errors whose own text may be told, but not what wraps them.
var bare = []error{
	store.ErrNotFound, store.ErrVersion, ErrClosed, errCorrupt, errUnknown, errTxEnded, errNameless, context.Canceled, context.DeadlineExceeded,
}

// failure says what was tried and which kind of fault stopped it. The driver's and
// the operating system's own texts, which may quote statements, values and paths,
// stay out of it; errors.Is and errors.As still reach them.
type failure struct {
	tried string
	cause error
}

// failed wraps cause, unless it is nil.
func failed(tried string, cause error) error {
	if cause == nil {
		return nil
	}
	return &failure{tried: tried, cause: cause}
}

func (f *failure) Error() string { return "sqlite: " + f.tried + ": " + describe(f.cause) }

func (f *failure) Unwrap() error { return f.cause }

func describe(err error) string {
	for _, known := range detailed {
		if errors.Is(err, known) {
			return err.Error()
		}
	}
	for _, known := range bare {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if engine, ok := errors.AsType[*sqlite.Error](err); ok {
		return engineWords(engine.Code())
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Op + ": " + path.Err.Error()
	}
	return fmt.Sprintf("fault of type %T", err)
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
