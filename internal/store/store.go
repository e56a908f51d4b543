// Package store says what the hub needs of a database, in the sequencer's words.
// Two promises carry everything else: what Write reported as done is on disk and
// survives a crash, and events have sequence numbers without gaps in the order in
// which they became visible to readers.
//
// An engine knows nothing of the contract: bodies are bytes to it. Package
// storetest states each guarantee below as a test that every engine passes.
package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// Errors that engines return, wrapped with what was tried.
var (
	// ErrNotFound says that nothing is stored under the key asked for.
	ErrNotFound = errors.New("not found")
	// ErrVersion says that a participant was changed by somebody else since it was read.
	ErrVersion = errors.New("version conflict")
	// ErrEarlier says that an archive has events of an earlier contract, of which this
	// program can make nothing that its readers could check.
	ErrEarlier = errors.New("the archive was made by an earlier version of Liaison, whose records have another form: make a new hub with 'liaison hub init', and read this archive with the program that made it")
	// ErrUnavailable says that the database could not be reached for as long as the
	// engine waits for it. Of a Write that fails with it, whether the batch was stored is
	// unknown: it is found out by looking, or by a repeat that does nothing if it was.
	ErrUnavailable = errors.New("the database cannot be reached")
)

// Store is one hub's archive. Its methods may be called from any goroutine.
type Store interface {
	// Write runs batch in one transaction that is serialised against every other
	// Write on the same database, by this process or another. If batch returns nil
	// and Write returns nil, all that batch appended is durable and visible to every
	// reader; in every other case but ErrUnavailable nothing of it is, or ever will be.
	//
	// An engine that has to begin again, because another process was first or the
	// connection was lost, calls batch again in a new transaction, after it made sure
	// that what it did before was not stored. Only the last call counts.
	Write(ctx context.Context, batch func(Tx) error) error

	// Request returns the request's current projection, or ErrNotFound.
	Request(ctx context.Context, id resource.RequestID) (Request, error)

	// Requests returns up to q.Limit projections that match q, in order of creation.
	Requests(ctx context.Context, q RequestQuery) ([]Request, error)

	// Events returns up to q.Limit events that match q, in rising order of sequence
	// number. An event that is visible has no invisible predecessor: a reader that
	// goes on after the last number it saw misses nothing.
	Events(ctx context.Context, q EventQuery) ([]Event, error)

	// Hashes returns Event.Hashes of those events that exist.
	Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error)

	// Participants returns the whole directory, ordered by name.
	Participants(ctx context.Context) ([]Participant, error)

	// Head returns the last event's number and what came with it, all of one moment.
	Head(ctx context.Context) (Head, error)

	// Close releases the database. Calls after it fail.
	Close() error
}

// Tx is the inside of one Write. It is used by one goroutine, and only until the
// function that it was handed to returns. Reads see what the batch has written.
// After an error other than ErrVersion the batch is lost: Write fails even if the
// batch returns nil.
type Tx interface {
	// Head is Store.Head as it was before this batch.
	Head() Head

	// Hashes is Store.Hashes.
	Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error)

	// Feeds returns the highest index in each organisation's feed; those whose feed is
	// empty are left out.
	Feeds(ctx context.Context, parties []resource.Organisation) (map[resource.Organisation]uint64, error)

	// Waiting returns up to limit requests that wait for the hub since before a time, the
	// earliest first.
	Waiting(ctx context.Context, what Wait, before time.Time, limit int) ([]resource.RequestID, error)

	// LookUp returns what is stored under these keys.
	LookUp(ctx context.Context, keys Keys) (Found, error)

	// Filings returns how many entries with Counted an authority has on a day, by platform
	// and urgency. What other processes have committed is in it.
	Filings(ctx context.Context, authority resource.Organisation, day int64) (map[Filing]int, error)

	// Append adds entries, whose sequence numbers go on from Head, or from what the
	// batch has appended already, without a gap. Several entries may concern one
	// request: the last one's projection stays. An entry that Check refuses is an error;
	// so is one that contradicts what is stored, as a call that is remembered already, if
	// not of Append, then of Write. The checkpoint is of the ledger with these entries; it
	// replaces the one before.
	Append(ctx context.Context, entries []Entry, checkpoint []byte) error

	// PutParticipant creates the participant (version 0: it must not exist yet) or
	// replaces the one that has this version, and returns the new version, which is
	// higher; ErrVersion if the stored version is another.
	PutParticipant(ctx context.Context, p Participant) (version uint64, err error)
}

// Wait is what a request waits for.
type Wait int

// What a request waits for.
const (
	ToBePurged Wait = iota // since its OverTime
	ToBeActed              // since its DueTime
)

// Keys are what a batch looks up, all at once: to a database that is far away it is one
// trip.
type Keys struct {
	Requests  []resource.RequestID
	Calls     []CallKey
	Selectors []SelectorHash
	Sharing   int // how many requests to find by one of Selectors, at most
}

// DistinctSelectors returns each of Selectors once, in rising order.
func (k Keys) DistinctSelectors() []SelectorHash {
	sorted := slices.Clone(k.Selectors)
	slices.SortFunc(sorted, func(a, b SelectorHash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(sorted)
}

// Found is what is stored under keys. Keys under which there is nothing are left out.
type Found struct {
	Requests map[resource.RequestID]Request // as they stand
	Calls    map[CallKey]Call

	// Sharing has the requests that had a hash among their Entry.Selectors and have not
	// forgotten it, the latest ones first.
	Sharing map[SelectorHash][]Sharing
}

// NewFound returns that nothing is stored.
func NewFound() Found {
	return Found{
		Requests: make(map[resource.RequestID]Request),
		Calls:    make(map[CallKey]Call),
		Sharing:  make(map[SelectorHash][]Sharing),
	}
}

// Entry is one accepted step with all that it leaves behind.
type Entry struct {
	Event   Event
	Request Request // the projection after Event
	Call    Call    // makes a repeat of the call that led here harmless; zero if none can be told
	Answer  []byte  // the enclosed answer, nil if the step carried none; never part of Event

	// Purge deletes for good what the request's earlier events say: their bodies and
	// salts, the answers enclosed with them, and the fingerprints of the calls that led
	// to them. When Write has returned, and no reader holds on to a moment before it,
	// nothing of it is left in the database's files.
	Purge bool

	// Counted has Tx.Filings count the request, which Event must create. A purge does not
	// take it out of the count.
	Counted bool

	// Selectors are the hashes of what the request denotes, which Event must create, and
	// Forgotten those of what it denotes no more: with a purge, all that are left.
	Selectors, Forgotten []SelectorHash
}

// SelectorHash stands for what a selector denotes. Only who has the hub's key can make one,
// so that no guess at it can be tested.
type SelectorHash [16]byte

// Sharing is a request that shares a selector.
type Sharing struct {
	ID      resource.RequestID
	Created resource.Seq
	Visible bool // whether its platform may know of it
}

// Filing is what filings are counted by, where they are counted.
type Filing struct {
	Authority resource.Organisation
	Platform  resource.Organisation
	Day       int64 // whole days since 1970, by UTC
	Emergency bool
}

// FilingOf returns what a request is counted by.
func FilingOf(r *Request) Filing {
	return Filing{Authority: r.Authority, Platform: r.Platform, Day: DayOf(r.CreateTime), Emergency: r.Emergency}
}

// DayOf returns the day of a moment, as Filing has it.
func DayOf(at time.Time) int64 { return at.Unix() / (24 * 60 * 60) }

// Head is how far the archive has come.
type Head struct {
	Seq        resource.Seq // the last event's; zero if there is none
	Checkpoint []byte       // as it was appended; nil if there is no event
	Leaf       string       // of the last event
}

// Waker is implemented by engines whose database several processes write to.
type Waker interface {
	// Wake calls wake, until ctx ends, with the last event of each feed that has grown,
	// by events behind after, since the call before, whichever process committed them. No
	// growth is left out, and what is read then has it.
	Wake(ctx context.Context, after resource.Seq, wake func(map[resource.Organisation]resource.Seq))
}

// Event is one step in a request's life.
type Event struct {
	Seq       resource.Seq
	Request   resource.RequestID
	Authority resource.Organisation // in whose feed the event is
	Platform  resource.Organisation // in whose feed it is too; zero where the platform may not see it

	// AuthorityIndex and PlatformIndex number the events of either feed, from 1 on;
	// PlatformIndex is zero where Platform is.
	AuthorityIndex uint64
	PlatformIndex  uint64

	// Reviewer is in whose feed the event is besides, zero if in none, and ReviewerIndex its
	// place there.
	Reviewer      resource.Organisation
	ReviewerIndex uint64

	Leaf   string // the leaf's text, never deleted
	Hashes []byte // the ledger's hashes that the leaf completes, 32 bytes each; never deleted

	Salt []byte // nil once the request was purged
	Body []byte // the record's body and parts as the contract encodes them; nil once the request was purged

	// Answer is what was enclosed with the event; only EventQuery.Enclosing fills it.
	Answer []byte
}

// Request is the current state of one request, as far as queries need it spelled
// out, and whole in Body. ID, Created, Authority, Platform, Reviewer and CreateTime never
// change: an entry that says otherwise is refused.
type Request struct {
	ID         resource.RequestID
	Created    resource.Seq // the event that created it
	Version    resource.Seq // the last event that changed it
	Authority  resource.Organisation
	Platform   resource.Organisation
	Reviewer   resource.Organisation // zero if it has none; never changes
	Visible    bool                  // whether the platform, and the reviewer, may know of it yet
	State      lifecycle.State
	Emergency  bool
	CreateTime time.Time // to the microsecond, UTC
	OverTime   time.Time // since when it is over and waits to be purged, to the microsecond, UTC; zero if it does not
	DueTime    time.Time // when the hub has something to do about it, to the microsecond, UTC; zero if never
	References []string  // the parties' and courts' own numbers, exactly as given; UTF-8 without NUL
	Body       []byte    // the request as the contract encodes it
}

// RequestQuery selects requests. Every condition that is set must hold; Party
// must be set.
type RequestQuery struct {
	// Party is the organisation that asks: only requests it is a party to match,
	// and for a platform, or an oversight body that reviews them, only those that are
	// visible to it. An oversight body has both parties for counterparties.
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

	// Enclosing selects only events that an answer was enclosed with, and has the
	// answers returned too. Request must be set with it.
	Enclosing bool
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
	Fingerprint [32]byte     // SHA-256 of what was called with what; zero once the request was purged
	Seq         resource.Seq // the event that it led to
}

// Participant is one organisation in the directory, or what the directory has of a country.
type Participant struct {
	Name    resource.Organisation
	Version uint64
	Body    []byte
}
