package client

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// sign completes a statement with the hub, the time and what was seen of the ledger,
// and signs it.
func (t *trust) sign(s *liaisonv1.Statement) (*liaisonv1.Envelope, error) {
	signer, err := t.signing()
	if err != nil {
		return nil, err
	}
	s.Hub = t.HubName()
	s.SignTime = timestamppb.New(t.clock())
	if s.Checkpoint, err = t.Seen(); err != nil {
		return nil, err
	}
	opened, err := statement.Sign(signer, s)
	if err != nil {
		return nil, invalid(err)
	}
	return opened.Envelope, nil
}

// maxLag is how far the time of a step that was taken just now may be from this side's
// clock: as far as a signature may be from the step, and so no further than a hub accepts.
const maxLag = statement.MaxAge

// took returns the event that records a step, after checking that it is in the ledger
// and that it is this step: of this request, by this side, with this detail, or signed
// so. Unless the caller repeats a call by its identifier, it is also new: behind all that
// the ledger had before, and of now. An earlier step's receipt is none for this one.
func (r reader) took(ctx context.Context, s step, name string, want *liaisonv1.Event, out *liaisonv1.Recorded, err error) (*liaisonv1.Event, error) {
	if err != nil {
		return nil, err
	}
	recorded, err := r.verifier.EntryAfter(ctx, out.GetReceipt(), s.known, out.GetGrowth())
	if err != nil {
		return nil, typed(err)
	}
	got := recorded.Event
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: name, Sequence: got.GetSequence(), Detail: detail}
	}
	switch lag := r.trust.clock().Sub(recorded.Time()); {
	case got.GetRequest() != name && name != "" || recorded.Gone || !sameStep(got, want):
		return nil, wrong(ErrOtherStep, "")
	case !r.trust.isSelf(got.GetActor()):
		return nil, wrong(ErrOtherStep, "another took it")
	case !s.given && int64(got.GetSequence()) <= s.known:
		return nil, wrong(ErrOtherStep, "it was there before the step was taken")
	case !s.given && lag.Abs() > maxLag:
		return nil, wrong(ErrTime, "it is more than an hour from this side's clock, and was taken just now")
	case recorded.Index(r.verifier.Side()) == 0:
		return nil, wrong(ErrFeed, "it is not in the feed of who took it")
	}
	return r.count(ctx, got, out.GetReceipt())
}

// take takes the step that in says, by call, and signs it if it has a signed form. What in
// says is an empty message if it is nil.
func take[In proto.Message](ctx context.Context, r reader, in In,
	call func(context.Context, In, ...grpc.CallOption) (*liaisonv1.Recorded, error), options []StepOption) (*liaisonv1.Event, error) {
	s, err := r.newStep(options)
	if err != nil {
		return nil, err
	}
	form := record.FormOf(in)
	form.Complete(in)
	form.SetCall(in, s.call())
	if err := check(in); err != nil {
		return nil, err
	}
	if !form.HasSignedForm() {
		want, _ := form.Event(in)
		out, err := call(ctx, in)
		return r.took(ctx, s, form.Name(in), want, out, err)
	}
	said := form.Statement(in)
	return r.signing(ctx, s, form.Name(in), func(read *verify.Case) (*liaisonv1.Event, error) {
		return r.sendSigned(ctx, s, read, statementOn(read.Request, said), func(envelope *liaisonv1.Envelope) (*liaisonv1.Recorded, error) {
			signed := proto.CloneOf(in)
			form.SetSigned(signed, envelope)
			return call(ctx, signed)
		})
	})
}

// count lets a step count as taken: its receipt is kept, and witnesses have seen it.
func (r reader) count(ctx context.Context, e *liaisonv1.Event, receipt *liaisonv1.Receipt) (*liaisonv1.Event, error) {
	if r.trust.receipts != nil {
		r.trust.receipts(receipt)
	}
	if err := r.trust.awaitWitnesses(ctx, e.GetSequence()); err != nil {
		return nil, err
	}
	return record.ForReading(e), nil
}

// countAgain is count for a step of a case that an earlier call took.
func (r reader) countAgain(ctx context.Context, read *verify.Case, i int) (*liaisonv1.Event, error) {
	return r.count(ctx, proto.CloneOf(read.Events[i]), proto.CloneOf(read.Receipts[i]))
}

// mostSignings is how often a step is signed at most.
const mostSignings = 5

// signing reads a request and has a step signed on it: once more where another statement
// about the request came in between, unless the step is meant for one version alone.
func (r reader) signing(ctx context.Context, s step, name string, take func(read *verify.Case) (*liaisonv1.Event, error)) (*liaisonv1.Event, error) {
	read, err := r.readToSign(ctx, s, name)
	for n := 1; ; n++ {
		if err != nil {
			return nil, err
		}
		event, failed := take(read)
		if n == mostSignings || s.etag != "" || !errors.Is(failed, ErrStatementMismatch) {
			return event, failed
		}
		read, err = r.read(ctx, name)
	}
}

// sendSigned signs a step on a request that was read, sends it, and returns the event that
// records it. What is signed is about the version that IfMatch names, by what this side
// has verified: the hub could leave the etag out of account.
func (r reader) sendSigned(ctx context.Context, s step, read *verify.Case, signed *liaisonv1.Statement, send func(*liaisonv1.Envelope) (*liaisonv1.Recorded, error)) (*liaisonv1.Event, error) {
	if s.etag != "" && s.etag != read.Request.GetEtag() {
		if i, ok := r.taken(read, signed); ok && s.given && i > 0 && read.Events[i-1].GetEtag() == s.etag {
			return r.countAgain(ctx, read, i) // this call, repeated
		}
		return nil, changed()
	}
	envelope, err := r.trust.sign(signed)
	if err != nil {
		return nil, err
	}
	out, err := send(envelope)
	if isReused(err) && s.given {
		if i, ok := r.taken(read, signed); ok {
			return r.countAgain(ctx, read, i)
		}
	}
	return r.took(ctx, s, read.Request.GetName(), signedEvent(envelope, signed), out, err)
}

// taken returns the place of the last step that this side has signed and that says the
// same as a statement does: a program that repeats a call after a crash signs anew, at
// another time, and seals to other bytes, what is still the same step.
func (r reader) taken(read *verify.Case, signed *liaisonv1.Statement) (int, bool) {
	want := saying(signedEvent(nil, signed))
	for i := len(read.Events) - 1; i >= 0; i-- {
		if e := read.Events[i]; r.trust.isSelf(e.GetActor()) && proto.Equal(saying(e), want) {
			return i, true
		}
	}
	return 0, false
}

// saying returns what an event says, without which part of an answer it is.
func saying(e *liaisonv1.Event) *liaisonv1.Event {
	said := proto.CloneOf(&liaisonv1.Event{Detail: e.GetDetail()})
	if m := record.Manifest(said); m != nil {
		m.Part = 0
	}
	return said
}

// sameStep says whether a step that was recorded is the one that was taken.
func sameStep(got, want *liaisonv1.Event) bool {
	switch {
	case record.StepOf(got) != record.StepOf(want):
		return false
	case want.GetEnvelope() != nil:
		return proto.Equal(got.GetEnvelope(), want.GetEnvelope())
	}
	return proto.Equal(&liaisonv1.Event{Detail: got.GetDetail()}, &liaisonv1.Event{Detail: want.GetDetail()})
}

// signedEvent is what a signed step is recorded as.
func signedEvent(envelope *liaisonv1.Envelope, s *liaisonv1.Statement) *liaisonv1.Event {
	e := &liaisonv1.Event{Envelope: envelope}
	statement.SetDetail(e, s)
	return e
}

// changed is the error of a step that was meant for another version of the request.
func changed() error {
	return &Error{Code: codes.Aborted, Reason: liaisonv1.Reason_REASON_ETAG_MISMATCH, Message: "the request has changed since it was read"}
}

// checkUnsealed refuses to file without keys, unless both the caller and this side's copy of
// the organisation's own entry allow answers in clear.
func (t *trust) checkUnsealed() error {
	if !t.keys.IsZero() {
		return nil
	}
	if !t.unsealed {
		return ErrNoAnswerKeys
	}
	own, err := t.Own()
	if err != nil {
		return err
	}
	if scope.RequiresSealing(own) {
		return ErrNoAnswerKeys
	}
	return nil
}

// ErrNoAnswerKeys says that there are no keys to open answers with.
var ErrNoAnswerKeys = errors.New("client: there are no keys to open answers with: make one with 'liaison authority keys new' before filing, and use WithAnswerKeys")

// statementOn returns what is signed about a request as this side read it.
func statementOn(request *liaisonv1.Request, signed *liaisonv1.Statement) *liaisonv1.Statement {
	return &liaisonv1.Statement{Request: request.GetName(), PreviousSha256: request.GetStatementSha256(), Detail: signed.GetDetail()}
}
