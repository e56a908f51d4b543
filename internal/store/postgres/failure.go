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
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

var (
	// ErrNewer says that the database was written by a newer program, whose meaning
	// this one cannot know.
	ErrNewer = rows.ErrNewer

	// ErrClosed is returned by calls after Close.
	ErrClosed = rows.ErrClosed
)

// Faults that no input leads to.
var (
	errConnection = errors.New("it is neither a URL (postgres://USER@HOST/DATABASE) nor KEY=VALUE pairs")
	errSettings   = errors.New("the database's settings do not do")
)

func engine() rows.Engine { return rows.Engine{Name: "postgres", Words: words} }

func failed(tried string, cause error) error { return engine().Failed(tried, cause) }

// unavailable is a fault that passes, and did not for as long as the engine is patient.
type unavailable struct{ cause error }

func (u *unavailable) Error() string {
	return store.ErrUnavailable.Error() + ": " + engine().Describe(u.cause)
}
func (u *unavailable) Unwrap() error { return store.ErrUnavailable }

// rivalled is a fault that another hub may have caused, which does the same at the same
// time.
type rivalled struct{ cause error }

func (r *rivalled) Error() string { return engine().Describe(r.cause) }
func (r *rivalled) Unwrap() error { return r.cause }

// words are those of the driver and the server, without what they quote.
func words(err error) string {
	if waited, ok := err.(*unavailable); ok {
		return waited.Error()
	}
	if errors.Is(err, errSettings) {
		return err.Error()
	}
	if errors.Is(err, errConnection) {
		return errConnection.Error()
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
	return ""
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
