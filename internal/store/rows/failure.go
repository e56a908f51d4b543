package rows

import (
	"context"
	"errors"
	"fmt"

	"github.com/liaison-protocol/liaison/internal/store"
)

// ErrNewer says that the database was written by a newer program, whose meaning
// this one cannot know.
var ErrNewer = errors.New("the database belongs to a newer program")

// ErrClosed is returned by calls after Close.
var ErrClosed = errors.New("the database is closed")

// Faults that no input leads to.
var (
	ErrCorrupt  = errors.New("a stored value is malformed")
	ErrUnknown  = errors.New("an entry goes on with a request that is not stored so")
	ErrTxEnded  = errors.New("used after its Write ended")
	ErrNameless = errors.New("a name is missing")
)

// detailed are the errors that are wrapped by the engines and package store alone, with
// numbers and nothing that was stored.
var detailed = []error{ErrNewer, store.ErrEntry}

// bare are the errors whose own text may be told, but not what wraps them.
var bare = []error{
	store.ErrNotFound, store.ErrVersion, store.ErrEarlier, ErrClosed, ErrCorrupt, ErrUnknown, ErrTxEnded, ErrNameless, context.Canceled, context.DeadlineExceeded,
}

// Engine is what an engine's failures say: its name, and its words for errors of its
// driver, which may quote statements, values and paths; "" for one that it does not know.
type Engine struct {
	Name  string
	Words func(error) string
}

// failure says what was tried and which kind of fault stopped it. The driver's and the
// operating system's own texts stay out of it; errors.Is and errors.As still reach them.
type failure struct {
	engine Engine
	tried  string
	cause  error
}

// Failed wraps cause, unless it is nil.
func (e Engine) Failed(tried string, cause error) error {
	if cause == nil {
		return nil
	}
	return &failure{e, tried, cause}
}

// Error implements error.
func (f *failure) Error() string {
	return f.engine.Name + ": " + f.tried + ": " + f.engine.Describe(f.cause)
}

// Unwrap has errors.Is and errors.As reach the cause.
func (f *failure) Unwrap() error { return f.cause }

// Describe returns what may be told of an error.
func (e Engine) Describe(err error) string {
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
	if words := e.Words(err); words != "" {
		return words
	}
	return fmt.Sprintf("fault of type %T", err)
}
