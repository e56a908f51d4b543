package sequencer

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// event makes the event that records a step, if the moment and the content allow it.
func (d *decision) event(s Step, now current, seq resource.Seq) (*liaisonv1.Event, error) {
	r := now.request
	e := &liaisonv1.Event{Detail: s.Event.GetDetail()} // the detail stays the step's: it may be decided again
	spec := r.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	d.waive(e, s.Caller.Organisation, spec)
	after, err := apply(r, e, s.Caller)
	if err != nil {
		return nil, refused(r, err)
	}
	at := d.sequencer.now()
	if err := d.check(e, s, r, spec, at); err != nil {
		return nil, err
	}
	d.findDuplicates(e, s, spec, after)
	if s.Signed != nil {
		e.Envelope = s.Signed.Envelope
	}
	if r == nil {
		if err := d.name(e, s); err != nil {
			return nil, err
		}
	}
	d.complete(e, now, spec, s.Caller, after, seq, at)
	if e.GetApproved() != nil {
		statements, err := d.statements(s.Request)
		if err != nil {
			return nil, err
		}
		e.Delivery = &liaisonv1.Delivery{Request: record.ForDelivery(r), StatementSha256S: statements}
	}
	return e, nil
}

// apply asks the lifecycle whether somebody may take the step that an event records, and
// what comes of it.
func apply(r *liaisonv1.Request, e *liaisonv1.Event, who identity.Caller) (lifecycle.Request, error) {
	step := record.Step(r, e)
	step.Role, step.Person, step.Key = who.Role, who.Person(), who.Key
	return lifecycle.Apply(record.Life(r), step)
}

// complete says of an event where it stands, who has taken the step, and what the request
// is after it. It is the same for the steps of people and of the hub.
func (d *decision) complete(e *liaisonv1.Event, now current, spec *liaisonv1.RequestSpec, who identity.Caller, after lifecycle.Request, seq resource.Seq, at time.Time) {
	place(e, now, spec, seq, at)
	e.Actor = who.ID.String()
	if who.Key != (lifecycle.Key{}) {
		e.ActorKeySha256 = who.Key[:]
	}
	e.State = liaisonv1.RequestState(after.State)
	e.Reviewer = reviewerOf(after, spec)
	e.Clocks = deadline.After(now.request, e, d.sequencer.directory.Terms(e.GetAuthority(), spec))
}

// place says of an event where it stands: in the history, and about which request. A new
// request has its name already.
func place(e *liaisonv1.Event, now current, spec *liaisonv1.RequestSpec, seq resource.Seq, at time.Time) {
	e.Sequence = uint64(seq)
	e.PreviousSequence = uint64(now.version)
	e.CreateTime = timestamppb.New(at)
	if now.request != nil {
		e.Request, e.Authority = now.request.GetName(), now.request.GetAuthority()
	}
	e.Platform = spec.GetPlatform()
	e.Etag = strconv.FormatUint(uint64(seq), 36)
	e.Urgency = spec.GetUrgency()
	e.Test = spec.GetTest()
}

// name gives a new request its name: the one that its statement chose, or a new one.
func (d *decision) name(e *liaisonv1.Event, s Step) error {
	e.Authority = s.Caller.Organisation.String()
	if id, ok := chosenID(s); ok {
		e.Request = id.String()
		return nil
	}
	id, err := d.sequencer.newID()
	if err != nil {
		return fmt.Errorf("make the request's id: %w", err)
	}
	e.Request = resource.RequestIDFrom(id).String()
	return nil
}

// statements returns the digests of the signed statements about a request so far, in order.
func (d *decision) statements(id resource.RequestID) ([][]byte, error) {
	digests, err := d.sequencer.archive.StatementDigests(context.Background(), id)
	if err != nil {
		return nil, err
	}
	for _, a := range d.accepted {
		if a.event.GetRequest() == id.String() && a.event.GetEnvelope() != nil {
			digests = append(digests, statement.Digest(a.event.GetEnvelope()))
		}
	}
	return digests, nil
}

// waive records of a filing that one person may make it alone. An emergency is validated by
// another person, whatever its kind.
func (d *decision) waive(e *liaisonv1.Event, authority resource.Organisation, spec *liaisonv1.RequestSpec) {
	if e.GetFiled() != nil && !record.Emergency(spec) && d.sequencer.directory.Waives(authority, spec.GetKind()) {
		e.Policy = &liaisonv1.PolicyRecord{SecondPersonWaived: true}
	}
}

// ErrReviewPending says that nothing is handed over while the reviewer may object still.
type ErrReviewPending struct {
	Refusal *lifecycle.Refusal
	Until   time.Time
}

// Error says until when.
func (e *ErrReviewPending) Error() string {
	return fmt.Sprintf("%s; until %s, or until the reviewer has spoken", e.Refusal, e.Until.UTC().Format(time.RFC3339))
}

// Unwrap returns the lifecycle's refusal.
func (e *ErrReviewPending) Unwrap() error { return e.Refusal }

// refused tells a refusal of the lifecycle with what it does not know: until when.
func refused(r *liaisonv1.Request, err error) error {
	if refusal, ok := errors.AsType[*lifecycle.Refusal](err); ok && refusal.Reason == lifecycle.ReviewPending {
		return &ErrReviewPending{refusal, r.GetClocks().GetReviewEndTime().AsTime()}
	}
	return err
}

// reviewerOf returns the reviewer in whose feed an event is, after which a request is as
// given; empty if it is in none.
func reviewerOf(after lifecycle.Request, spec *liaisonv1.RequestSpec) string {
	if !lifecycle.VisibleToPlatform(after) {
		return ""
	}
	return spec.GetReviewer()
}
