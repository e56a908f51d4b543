package verify

import (
	"errors"
	"fmt"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Distrust says that what a hub or the other side said does not hold, as this package
// found out by itself. It is never a fault of the caller's, and trying again is no
// use: somebody has altered, forged, dropped or reordered something, or keys have
// changed and the change has not been told to this side.
//
// Tell the kinds apart with errors.Is and the Err variables below. Where the ledger is
// concerned, Evidence holds the hub's own signatures: two checkpoints that cannot both
// be true convict it before anybody.
type Distrust struct {
	// Kind is one of the Err variables below.
	Kind error
	// Request is the request that it is about; empty if it is about none.
	Request string
	// Sequence is the event that it is about; zero if it is about none.
	Sequence uint64
	// Detail says what is wrong, without any content.
	Detail string
	// Evidence are the signed checkpoints that contradict each other.
	Evidence []string
}

// Error returns the kind, what it is about, and the detail.
func (d *Distrust) Error() string {
	text := "not to be trusted: " + d.Kind.Error()
	if d.Sequence != 0 {
		text += fmt.Sprintf(" (event %d)", d.Sequence)
	}
	if d.Request != "" {
		text += " (" + d.Request + ")"
	}
	if d.Detail != "" {
		text += ": " + d.Detail
	}
	return text
}

// distrust returns what is wrong with an event.
func distrust(e *liaisonv1.Event, kind error, detail string) error {
	return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
}

// Unwrap returns the kind.
func (d *Distrust) Unwrap() error { return d.Kind }

// What cannot be trusted. errors.Is finds them in a *Distrust.
var (
	// ErrAltered says that a record's body is not what its leaf says: it was changed
	// after it was recorded.
	ErrAltered = errors.New("the record was altered")
	// ErrOtherStep says that the hub recorded another step than the one that was taken.
	ErrOtherStep = errors.New("the hub recorded another step than was taken")
	// ErrNotInLedger says that an event is not in the ledger where it should be.
	ErrNotInLedger = errors.New("the event is not proved to be in the ledger")
	// ErrCheckpoint says that a checkpoint is missing or not signed with the hub's key.
	ErrCheckpoint = errors.New("the checkpoint is not one of this hub's ledger")
	// ErrForked says that the ledger is not the continuation of the one that was seen
	// before, here or by the other side: the hub tells two histories.
	ErrForked = errors.New("the hub's ledger tells two histories")
	// ErrRolledBack says that the hub shows an older ledger than it did before.
	ErrRolledBack = errors.New("the hub shows an older ledger than before")
	// ErrFeed says that an event in the feed is missing, comes twice, in another order, or
	// has another's place.
	ErrFeed = errors.New("the feed is not whole")
	// ErrHistory says that a request's events do not make a request: one is missing, or
	// none of them could have followed the other.
	ErrHistory = errors.New("the request's history is not whole")
	// ErrTime says that an event's time cannot be right: it is earlier than that of the
	// event before, or far from this side's clock although the step was taken just now.
	ErrTime = errors.New("the event's time cannot be right")
	// ErrWithheld says that the hub keeps back what an event says, and no purge explains it.
	ErrWithheld = errors.New("the hub keeps back what an event says")
	// ErrUnsigned says that a step lacks the signature that its organisation always gives.
	ErrUnsigned = errors.New("the step is not signed")
	// ErrSignature says that a signature does not fit what was signed, or the certificate.
	ErrSignature = errors.New("the signature does not hold")
	// ErrSigner says that whoever signed may not speak for the organisation.
	ErrSigner = errors.New("the signer may not speak for the organisation")
	// ErrMisplaced says that a signed statement was meant for something else: another
	// request, another hub, another time, another content.
	ErrMisplaced = errors.New("the signed statement is meant for something else")
	// ErrContent says that an answer's content is not what the platform signed: it was
	// changed, or is another request's.
	ErrContent = errors.New("the answer's content is not what was signed")
	// ErrNotSealed says that an answer came in clear although the request named recipients,
	// or sealed to others.
	ErrNotSealed = errors.New("the answer is not sealed to the request's recipients")
	// ErrInClear says that a request asks for answers in clear, although every answer to its
	// authority is sealed.
	ErrInClear = errors.New("the request asks for answers that the hub can read")
	// ErrExcess says that an answer, or its manifest, holds what was not asked, or not what
	// the other of the two says.
	ErrExcess = errors.New("the answer is not within what was asked")
	// ErrUnapproved says that nobody approved a request who may, by this side's own copy of
	// the directory's policies.
	ErrUnapproved = errors.New("nobody who may has approved the request")
	// ErrNotWitnessed says that fewer witnesses than demanded have cosigned the ledger.
	ErrNotWitnessed = errors.New("too few witnesses have cosigned the ledger")
	// ErrUnknownOrganisation says that this side has no certification authorities of its
	// own for an organisation, and so cannot tell who speaks for it.
	ErrUnknownOrganisation = errors.New("the organisation is not among those that this side trusts")
)
