// Package store says what the hub needs of a database, in the sequencer's words.
// Two promises carry everything else: what Write reported as done is on disk and
// survives a crash, and events have sequence numbers without gaps in the order in
// which they became visible to readers.
//
// An engine knows nothing of the contract: bodies are bytes to it. Package
// storetest states each guarantee below as a test that every engine passes.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/resource"
)

// Errors that engines return, wrapped with what was tried.
var (
	// ErrNotFound says that nothing is stored under the key asked for.
	ErrNotFound = errors.New("not found")
	// ErrVersion says that a participant was changed by somebody else since it was read.
	ErrVersion = errors.New("version conflict")
)

// Store is one hub's archive. Its methods may be called from any goroutine.
type Store interface {
	// Write runs batch in one transaction that is serialised against every other
	// Write on the same database, by this process or another. If batch returns nil
	// and Write returns nil, all that batch appended is durable and visible to every
	// reader; in every other case nothing of it is, or ever will be.
	Write(ctx context.Context, batch func(Tx) error) error

	// Request returns the request's current projection, or ErrNotFound.
	Request(ctx context.Context, id resource.RequestID) (Request, error)

	// Requests returns up to q.Limit projections that match q, in order of creation.
	Requests(ctx context.Context, q RequestQuery) ([]Request, error)

	// Events returns up to q.Limit events that match q, in rising order of sequence
	// number. An event that is visible has no invisible predecessor: a reader that
	// goes on after the last number it saw misses nothing.
	Events(ctx context.Context, q EventQuery) ([]Event, error)

	// Answers returns what was enclosed with the request's events, in order: nothing
	// if there is no such request.
	Answers(ctx context.Context, id resource.RequestID) ([]Enclosure, error)

	// Participants returns the whole directory, ordered by name.
	Participants(ctx context.Context) ([]Participant, error)

	// Head returns the sequence number of the last event; zero if there is none.
	Head(ctx context.Context) (resource.Seq, error)

	// Close releases the database. Calls after it fail.
	Close() error
}

// Tx is the inside of one Write. It is used by one goroutine, and only until the
// function that it was handed to returns. Reads see what the batch has written.
// After an error other than ErrVersion the batch is lost: Write fails even if the
// batch returns nil.
type Tx interface {
	// Head returns the last sequence number before this batch.
	Head() resource.Seq

	// Requests returns the current projections of those ids that exist.
	Requests(ctx context.Context, ids []resource.RequestID) (map[resource.RequestID]Request, error)

	// Calls returns what is recorded under those keys that were used before.
	Calls(ctx context.Context, keys []CallKey) (map[CallKey]Call, error)

	// Append adds entries, whose sequence numbers go on from Head, or from what the
	// batch has appended already, without a gap. Several entries may concern one
	// request: the last one's projection stays. A call that is remembered already,
	// or an entry that Check refuses, is an error.
	Append(ctx context.Context, entries []Entry) error

	// PutParticipant creates the participant (version 0: it must not exist yet) or
	// replaces the one that has this version, and returns the new version, which is
	// higher; ErrVersion if the stored version is another.
	PutParticipant(ctx context.Context, p Participant) (version uint64, err error)
}

// Entry is one accepted step with all that it leaves behind.
type Entry struct {
	Event   Event
	Request Request // the projection after Event
	Call    Call    // makes a repeat of the call that led here harmless; zero if none can be told
	Answer  []byte  // the enclosed answer, nil if the step carried none; never part of Event
}

// Event is one step in a request's life.
type Event struct {
	Seq       resource.Seq
	Request   resource.RequestID
	Authority resource.Organisation // in whose feed the event is
	Platform  resource.Organisation // in whose feed it is too; zero where the platform may not see it
	Body      []byte                // the event as the contract encodes it
}

// Enclosure is the answer that came with an event.
type Enclosure struct {
	Seq  resource.Seq
	Body []byte
}

// Request is the current state of one request, as far as queries need it spelled
// out, and whole in Body. ID, Created, Authority, Platform and CreateTime never
// change: an entry that says otherwise is refused.
type Request struct {
	ID         resource.RequestID
	Created    resource.Seq // the event that created it
	Version    resource.Seq // the last event that changed it
	Authority  resource.Organisation
	Platform   resource.Organisation
	Visible    bool // whether the platform may know of it yet
	State      lifecycle.State
	Emergency  bool
	CreateTime time.Time // to the microsecond, UTC
	References []string  // the parties' and courts' own numbers, exactly as given; UTF-8 without NUL
	Body       []byte    // the request as the contract encodes it
}

// RequestQuery selects requests. Every condition that is set must hold; Party
// must be set.
type RequestQuery struct {
	// Party is the organisation that asks: only requests it is a party to match,
	// and for a platform only those that are visible to it.
	Party         resource.Organisation
	Counterparty  resource.Organisation
	States        []lifecycle.State // any of these
	Emergency     *bool
	Reference     string    // equal to any of the request's references
	CreatedFrom   time.Time // at or after
	CreatedBefore time.Time // strictly before

	// After continues behind the request that was created by this event: only
	// later ones match, or earlier ones if Descending. Zero starts at the end
	// that the order starts at.
	After      resource.Seq
	Descending bool
	Limit      int // zero or less selects nothing
}

// EventQuery selects events.
type EventQuery struct {
	Party   resource.Organisation // only this organisation's feed; zero for all
	Request resource.RequestID    // only this request's; zero for all
	After   resource.Seq          // only later ones
	Limit   int                   // zero or less selects nothing
}

// CallKey identifies a call for the sake of safe retries: the organisation that
// made it and the identifier that it gave the call.
type CallKey struct {
	Organisation resource.Organisation
	ID           uuid.UUID
}

// Call is the memory of an accepted call. It is never forgotten.
type Call struct {
	Key         CallKey
	Fingerprint [32]byte     // SHA-256 of what was called with what
	Seq         resource.Seq // the event that it led to
}

// Participant is one organisation in the directory.
type Participant struct {
	Name    resource.Organisation
	Version uint64
	Body    []byte
}
