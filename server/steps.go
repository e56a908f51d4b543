package server

import (
	"context"
	"errors"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/tap"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// stepMessage is what every step on an existing request is called with.
type stepMessage interface {
	proto.Message
	GetName() string
	GetEtag() string
	GetRequestId() string
}

// signable is what a step that has a signed form is called with.
type signable interface {
	proto.Message
	GetSigned() *liaisonv1.Envelope
}

// step takes a step on an existing request: the one that the event's detail says.
func (s *Server) step(ctx context.Context, in stepMessage, event *liaisonv1.Event) (*archive.Recorded, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	return s.submit(ctx, in, in.GetRequestId(), sequencer.Step{Request: id, ETag: in.GetEtag(), Event: event})
}

// signedStep takes a step on an existing request that may be signed, as one of these
// steps and no other.
func (s *Server) signedStep(ctx context.Context, in interface {
	stepMessage
	signable
}, step sequencer.Step, as ...lifecycle.Step) (*archive.Recorded, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	step.Request, step.ETag = id, in.GetEtag()
	if err := s.sign(ctx, in, &step, as...); err != nil {
		return nil, err
	}
	return s.submit(ctx, in, in.GetRequestId(), step)
}

// expect tells the writer of a call that arrives and takes a step, before the call is
// read: what a call needs most of is a processor, and most of those under way at a time
// wait for one.
func (s *Server) expect(ctx context.Context, call *tap.Info) (context.Context, error) {
	if strings.HasPrefix(call.FullMethodName, authorityMethods) || strings.HasPrefix(call.FullMethodName, platformMethods) {
		return context.WithValue(ctx, expectedKey{}, s.sequencer.Expect(ctx)), nil
	}
	return ctx, nil
}

// expectedKey finds what is to be called once the step is queued that a call is to take.
type expectedKey struct{}

// How the methods begin that take steps.
var (
	authorityMethods = "/" + liaisonv1.AuthorityService_ServiceDesc.ServiceName + "/"
	platformMethods  = "/" + liaisonv1.PlatformService_ServiceDesc.ServiceName + "/"
)

// sign makes a step what its signed form says, if it came in one. The signature is
// checked here, before the step queues: it is the dearest of all checks, and the
// writer is one.
func (s *Server) sign(ctx context.Context, in signable, step *sequencer.Step, as ...lifecycle.Step) error {
	if in.GetSigned() == nil {
		return nil
	}
	opened, err := statement.Open(in.GetSigned())
	if err != nil {
		return err
	}
	signer, err := s.trust.SignedBy(opened.Chain, opened.GetSignTime().AsTime(), s.clock())
	if err != nil {
		return &statement.Untrusted{Err: err}
	}
	if signer.ID != callerFrom(ctx).ID {
		return &statement.Untrusted{Err: errSignerIsNotCaller}
	}
	if err := s.checkSeen(ctx, opened); err != nil {
		return err
	}
	event := &liaisonv1.Event{}
	statement.SetDetail(event, opened.Statement)
	if !slices.Contains(as, record.StepOf(event)) {
		return &statement.Mismatch{Field: "detail", Description: "must be the step that the method takes"}
	}
	step.Event, step.Signed, step.Answer = event, opened, nil
	return nil
}

// checkSeen checks that what a signer says it has seen of the ledger is this ledger. The
// other side will hold it against what it was shown itself: a checkpoint that is none
// would leave it with a statement that it cannot believe.
func (s *Server) checkSeen(ctx context.Context, opened *statement.Opened) error {
	if opened.GetCheckpoint() == "" {
		return nil
	}
	checkpoint, err := ledger.OpenCheckpoint([]byte(opened.GetCheckpoint()), s.ledgerVerifier)
	if err != nil {
		return errNotSeen
	}
	begins, err := s.archive.Begins(ctx, checkpoint)
	if err == nil && !begins {
		return errNotSeen
	}
	return err
}

var errNotSeen = &statement.Mismatch{Field: "checkpoint", Description: "must be one that this hub has signed, of the ledger that it keeps"}

// errSignerIsNotCaller keeps one person's signature from being sent by another: who
// takes a step is who answers for it.
var errSignerIsNotCaller = errors.New("the signer is not the caller: whoever signs a step takes it, with a certificate of the same SPIFFE ID")

// submit completes a step with who takes it and which call it is.
func (s *Server) submit(ctx context.Context, in proto.Message, requestID string, step sequencer.Step) (*archive.Recorded, error) {
	method, _ := grpc.Method(ctx)
	call, err := sequencer.NewCall(method, requestID, in)
	if err != nil {
		return nil, err
	}
	step.Caller = callerFrom(ctx)
	step.Call = call
	step.Expected, _ = ctx.Value(expectedKey{}).(func())
	return s.sequencer.Submit(ctx, step)
}

// orEmpty returns the message, or an empty one where an optional one is absent: a
// step whose detail is empty is still that step.
func orEmpty[M any, P interface {
	*M
	proto.Message
}](message P) P {
	if message == nil {
		return new(M)
	}
	return message
}
