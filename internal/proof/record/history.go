// Package record makes a request of its events, and events of what was recorded. The
// hub and the SDK read by it, so that what a hub says a request is can be held
// against what its events make of it.
package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrBody says that a record's body is no event.
var ErrBody = errors.New("a record's body is not an event")

// Encode returns an event as it is recorded, but for salt and leaf: the body, and beside it
// the parts of the event and of what was signed, for which salt makes salts. What was
// signed is recorded as it was signed and nowhere else, so that the two can never differ:
// the envelope stands in place of the detail.
func Encode(e *liaisonv1.Event, salt func() ([]byte, error)) (*liaisonv1.Record, error) {
	recorded, signed := e, e.GetEnvelope()
	if signed != nil {
		recorded = shallow(e)
		recorded.Detail = nil
		recorded.Envelope = &liaisonv1.Envelope{PayloadType: signed.PayloadType, Payload: signed.Payload, Signatures: signed.Signatures}
	}
	body, parts, err := part.Split(recorded, salt)
	if err != nil {
		return nil, fmt.Errorf("encode an event: %w", err)
	}
	return &liaisonv1.Record{Body: body, Parts: parts, SignedParts: signed.GetParts()}, nil
}

// Decode reads a record's body and parts, none of which may be missing. A signed step's
// detail is what its envelope holds; that the signature fits is not checked here.
func Decode(r *liaisonv1.Record) (*liaisonv1.Event, error) {
	e := &liaisonv1.Event{}
	if err := part.Join(e, r.GetBody(), r.GetParts()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBody, err)
	}
	if e.GetEnvelope() == nil {
		if len(r.GetSignedParts()) > 0 {
			return nil, fmt.Errorf("%w: nothing in it was signed, and there are parts of that", ErrBody)
		}
		return e, nil
	}
	if e.GetDetail() != nil || len(e.GetEnvelope().GetParts()) > 0 {
		return nil, fmt.Errorf("%w: what was signed stands in it twice", ErrBody)
	}
	e.Envelope.Parts = r.GetSignedParts()
	signed, err := statement.Decode(e.GetEnvelope())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBody, err)
	}
	statement.SetDetail(e, signed)
	return e, nil
}

// Pack returns a record's body and parts as they are stored, in one.
func Pack(r *liaisonv1.Record) ([]byte, error) {
	stored, err := proto.Marshal(&liaisonv1.Record{Body: r.GetBody(), Parts: r.GetParts(), SignedParts: r.GetSignedParts()})
	if err != nil {
		return nil, fmt.Errorf("store a record: %w", err)
	}
	return stored, nil
}

// DecodeStored is Decode of what Pack returned.
func DecodeStored(stored []byte) (*liaisonv1.Event, error) {
	r, err := Unpack(stored, nil, "")
	if err != nil {
		return nil, err
	}
	return Decode(r)
}

// Unpack returns the record of what was stored, with its salt and leaf. Nothing is stored
// once the request was purged.
func Unpack(stored, salt []byte, leaf string) (*liaisonv1.Record, error) {
	r := &liaisonv1.Record{}
	if err := proto.Unmarshal(stored, r); err != nil {
		return nil, ErrBody
	}
	r.Salt, r.Leaf = salt, leaf
	return r, nil
}

// ForReading returns an event as people read it: with its detail, without the envelope
// that the record has.
func ForReading(e *liaisonv1.Event) *liaisonv1.Event {
	if e.GetEnvelope() == nil {
		return e
	}
	read := shallow(e)
	read.Envelope = nil
	return read
}

// ForDelivery returns a request as it comes before a platform by an approval: without the
// names of the authority's earlier requests, of which the platform may not know.
func ForDelivery(r *liaisonv1.Request) *liaisonv1.Request {
	if len(r.GetDuplicateOfRequests()) == 0 {
		return r
	}
	delivered := proto.CloneOf(r)
	delivered.DuplicateOfRequests = nil
	return delivered
}

// shallow returns an event with the same fields, whose values are shared.
func shallow(e *liaisonv1.Event) *liaisonv1.Event {
	return &liaisonv1.Event{
		Sequence:         e.Sequence,
		CreateTime:       e.CreateTime,
		Request:          e.Request,
		Authority:        e.Authority,
		Platform:         e.Platform,
		Actor:            e.Actor,
		State:            e.State,
		Etag:             e.Etag,
		Urgency:          e.Urgency,
		Test:             e.Test,
		PreviousSequence: e.PreviousSequence,
		Envelope:         e.Envelope,
		Delivery:         e.Delivery,
		Clocks:           e.Clocks,
		ActorKeySha256:   e.ActorKeySha256,
		Reviewer:         e.Reviewer,
		Policy:           e.Policy,
		Parts:            e.Parts,
		Detail:           e.Detail,
	}
}

// Type returns an event's type as its leaf has it, "clarification_asked".
func Type(e *liaisonv1.Event) string { return strings.ToLower(StepOf(e).String()) }

// Life returns what the lifecycle needs to know of a request.
func Life(r *liaisonv1.Request) lifecycle.Request {
	if r == nil {
		return lifecycle.Request{}
	}
	return lifecycle.Request{
		State:          lifecycle.State(r.GetState()),
		Kind:           lifecycle.Kind(r.GetSpec().GetKind()),
		Emergency:      Emergency(r.GetSpec()),
		FiledBy:        personOf(r.GetFiledBy()),
		FiledKey:       KeyOf(r.GetFiledKeySha256()),
		Reached:        r.GetDeliveryTime() != nil,
		AnsweredInPart: r.GetAnswerParts() > 0,
		Validated:      r.GetValidatedBy() != "",
		Extended:       r.GetPreservationExtended(),

		MoreTimeAsked:    r.GetMoreTimeAsked() != nil,
		AuthorityDeleted: r.GetAuthorityDeletionTime() != nil,
		PlatformDeleted:  r.GetPlatformDeletionTime() != nil,
		RecallPending:    r.GetRecallUnconfirmed(),
		RecallUndeleted:  r.GetRecallUndeleted(),
		Told:             r.GetToldTime() != nil,

		Reviewed:      r.GetSpec().GetReviewer() != "",
		ReviewPending: r.GetReview() == liaisonv1.ReviewState_REVIEW_STATE_PENDING,
		Undecidable:   slices.ContainsFunc(r.GetObjection().GetGrounds(), scope.Undecidable),
		Upheld:        r.GetObjection().GetUpheld(),
	}
}

// Emergency says whether a request is one.
func Emergency(spec *liaisonv1.RequestSpec) bool {
	return spec.GetUrgency() == liaisonv1.Urgency_URGENCY_EMERGENCY
}

// KeyOf returns the key that an event or a request has the digest of; the zero Key if it
// has none.
func KeyOf(digest []byte) (key lifecycle.Key) {
	copy(key[:], digest)
	return key
}

// personOf returns the person behind a SPIFFE ID that the hub recorded earlier.
func personOf(id string) lifecycle.Person {
	caller, err := identity.ParseID(id)
	if err != nil {
		return "" // no person: the lifecycle refuses whatever asks for another one
	}
	return caller.Person()
}
