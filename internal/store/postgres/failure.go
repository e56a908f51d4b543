package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/liaison-protocol/liaison/internal/store"
)

// ErrNewer says that the database was written by a newer program, whose meaning
// this one cannot know.
var ErrNewer = errors.New("the database belongs to a newer program")

// ErrClosed is returned by calls after Close.
var ErrClosed = errors.New("the database is closed")

// Faults that no input leads to.
var (
	errCorrupt    = errors.New("a stored value is malformed")
	errUnknown    = errors.New("an entry goes on with a request that is not stored so")
	errTxEnded    = errors.New("used after its Write ended")
	errNameless   = errors.New("a name is missing")
	errConnection = errors.New("it is neither a URL (postgres://USER@HOST/DATABASE) nor KEY=VALUE pairs")
	errSettings   = errors.New("the database's settings do not do")
)

// detailed are the errors that are wrapped here and in package store alone, with
// numbers, settings and nothing that was stored.
var detailed = []error{ErrNewer, store.ErrEntry, errSettings}

// bare are the errors whose own text may be told, but not what wraps them.
var bare = []error{
	store.ErrNotFound, store.ErrVersion, ErrClosed, errCorrupt, errUnknown, errTxEnded, errNameless, errConnection, context.Canceled, context.DeadlineExceeded,
}

// failure says what was tried and which kind of fault stopped it. The driver's and the
// server's own texts, which may quote statements, values and connection strings, stay
// out of it; errors.Is and errors.As still reach them.
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

func (f *failure) Error() string { return "postgres: " + f.tried + ": " + describe(f.cause) }

func (f *failure) Unwrap() error { return f.cause }

// unavailable is a fault that passes, and did not for as long as the engine is patient.
type unavailable struct{ cause error }

func (u *unavailable) Error() string { return store.ErrUnavailable.Error() + ": " + describe(u.cause) }
func (u *unavailable) Unwrap() error { return store.ErrUnavailable }

// rivalled is a fault that another hub may have caused, which does the same at the same
// time.
type rivalled struct{ cause error }

func (r *rivalled) Error() string { return describe(r.cause) }
func (r *rivalled) Unwrap() error { return r.cause }

func describe(err error) string {
	if waited, ok := err.(*unavailable); ok {
		return waited.Error()
	}
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
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Sprintf("the server says %s, code %s", strings.ToLower(server.Severity), server.Code)
	}
	if system, ok := errors.AsType[*os.SyscallError](err); ok {
		return system.Error()
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return "no host that takes writes can be connected to"
	}
	return fmt.Sprintf("fault of type %T", err)
}

// transient are the classes and codes of the server's errors that pass by themselves, or
// that a new try avoids.
var transient = map[string]bool{
	"40001": true,                                                                            // serialization failure
	"40P01": true,                                                                            // deadlock
	"40003": true,                                                                            // completion unknown
	"57P01": true,                                                                            // shut down by its administrator
	"57P02": true,                                                                            // shut down after a crash
	"57P03": true,                                                                            // still starting
	"57P05": true,                                                                            // the session was idle for too long
	"25P03": true,                                                                            // the transaction was
	"25006": true,                                                                            // a standby, or one that has become it
	"53300": true,                                                                            // too many connections
	"55P03": true,                                                                            // a lock is not to be had
	"08000": true, "08003": true, "08006": true, "08001": true, "08004": true, "08007": true, // connections
}

// passes says whether another try may succeed.
func passes(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, ErrClosed) || errors.Is(err, store.ErrUnavailable) {
		return false
	}
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		_, rival := errors.AsType[*rivalled](err)
		return transient[server.Code] || rival && madeAlready[server.Code]
	}
	return lost(err)
}

// madeAlready are what a schema update meets that another hub has made meanwhile.
var madeAlready = map[string]bool{"23505": true, "42P07": true, "42710": true, "42P06": true, "XX000": true}

// lost says whether the connection was lost or could not be made, so that what the
// server did is not known.
func lost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err) ||
		pgconn.Timeout(err) || strings.Contains(err.Error(), "conn closed")
}
