package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/tap"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// stepService is a service of which every method takes a step. What the methods do is the
// same, so that they are made of the contract: what a call says becomes an event, which the
// writer judges and records.
func (s *Server) stepService(generated grpc.ServiceDesc) (*grpc.ServiceDesc, error) {
	service := generated
	service.HandlerType = (*any)(nil)
	service.Methods = slices.Clone(generated.Methods)
	for i := range service.Methods {
		full := "/" + service.ServiceName + "/" + service.Methods[i].MethodName
		taking := record.Takings()[full]
		if taking == nil {
			return nil, fmt.Errorf("%s takes no step, and nothing else serves it: it is not called with a Call", full)
		}
		handler, err := s.handler(full, taking)
		if err != nil {
			return nil, err
		}
		service.Methods[i].Handler = handler
	}
	return &service, nil
}

// handler serves one method that takes a step.
func (s *Server) handler(full string, taking *record.Taking) (grpc.MethodHandler, error) {
	in, err := protoregistry.GlobalTypes.FindMessageByName(taking.Method.Input().FullName())
	if err != nil {
		return nil, fmt.Errorf("find what %s is called with: %w", full, err)
	}
	reply, err := replyOf(taking.Method.Output())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", full, err)
	}
	return func(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
		call := &call{message: in.New().Interface()}
		if err := decode(call); err != nil {
			return nil, err
		}
		handle := func(ctx context.Context, message any) (any, error) {
			if call.twice != nil {
				return nil, violation(taking, "must stand once, as every field of the call: "+call.twice.Error())
			}
			recorded, err := s.take(ctx, full, taking, message.(proto.Message))
			if err != nil {
				return nil, err
			}
			out := reply(recorded)
			if opened, ok := out.(*liaisonv1.OpenAnswerResponse); ok {
				return opened, s.enclose(ctx, opened)
			}
			return out, nil
		}
		if interceptor == nil {
			return handle(ctx, call.message)
		}
		return interceptor(ctx, call.message, &grpc.UnaryServerInfo{Server: srv, FullMethod: full}, handle)
	}, nil
}

// replyOf returns how a method is answered: with what was recorded, or with a message that
// has it in its field recorded.
func replyOf(out protoreflect.MessageDescriptor) (func(*liaisonv1.Recorded) proto.Message, error) {
	recorded := (&liaisonv1.Recorded{}).ProtoReflect().Descriptor()
	if out == recorded {
		return func(r *liaisonv1.Recorded) proto.Message { return r }, nil
	}
	made, err := protoregistry.GlobalTypes.FindMessageByName(out.FullName())
	field := out.Fields().ByName("recorded")
	if err != nil || field == nil || field.Message() != recorded {
		return nil, errors.New("it takes a step, and is not answered with Recorded")
	}
	return func(r *liaisonv1.Recorded) proto.Message {
		reply := made.New()
		reply.Set(field, protoreflect.ValueOfMessage(r.ProtoReflect()))
		return reply.Interface()
	}, nil
}

// enclose adds to the answer of an opening the part that was opened: what was recorded says
// which, also of a call that is repeated.
func (s *Server) enclose(ctx context.Context, out *liaisonv1.OpenAnswerResponse) error {
	event, err := record.Decode(out.GetRecorded().GetReceipt().GetRecord())
	if err != nil {
		return err
	}
	id, err := resource.ParseRequest(event.GetRequest())
	if err != nil {
		return err
	}
	out.Part, err = s.archive.Part(ctx, callerFrom(ctx).Organisation, id, event.GetAnswerOpened().GetPart())
	return err
}

// take takes the step that a call says, unsigned or signed.
func (s *Server) take(ctx context.Context, method string, taking *record.Taking, in proto.Message) (*liaisonv1.Recorded, error) {
	step := sequencer.Step{ETag: taking.Call(in).GetIfMatch(), Caller: callerFrom(ctx)}
	var err error
	if name := taking.Name(in); name != "" {
		if step.Request, err = resource.ParseRequest(name); err != nil {
			return nil, err
		}
	}
	if answer, ok := in.(*liaisonv1.AnswerRequestRequest); ok {
		step.Content = answer.GetContent()
	}
	if envelope := taking.Signed(in); envelope != nil {
		err = s.open(ctx, envelope, taking, &step)
	} else {
		err = unsigned(in, taking, &step)
	}
	if err != nil {
		return nil, err
	}
	if err := checkSize(taking, &step); err != nil {
		return nil, err
	}
	if step.Call, err = callOf(method, taking, in); err != nil {
		return nil, err
	}
	known := resource.Seq(taking.Call(in).GetKnownSize())
	if err := s.archive.Reaches(ctx, known); err != nil {
		return nil, err
	}
	recorded, err := s.sequencer.Submit(ctx, step)
	if err != nil {
		return nil, err
	}
	growth, err := s.archive.Growth(ctx, known, recorded.Size)
	if err != nil {
		return nil, err
	}
	e := recorded.GetEvent()
	return &liaisonv1.Recorded{
		Sequence: e.GetSequence(), CreateTime: e.GetCreateTime(), Request: e.GetRequest(), State: e.GetState(), Etag: e.GetEtag(),
		Receipt: recorded.GetReceipt(), Growth: growth,
	}, nil
}

// checkSize refuses a step that says more than can be read in one reply.
func checkSize(taking *record.Taking, step *sequencer.Step) error {
	if step.Answer != nil {
		return scope.CheckSize(step.Answer, taking.Said())
	}
	return scope.CheckSize(record.Said(step.Event), taking.Said())
}

// callOf identifies a call for the sake of retries. How far the caller has followed the
// ledger is no part of it: a call that is repeated may come from further on.
func callOf(method string, taking *record.Taking, in proto.Message) (sequencer.Call, error) {
	call := taking.Call(in)
	if known := call.GetKnownSize(); known != 0 {
		call.KnownSize = 0
		defer func() { call.KnownSize = known }()
	}
	return sequencer.NewCall(method, call.GetCallId(), in)
}

// unsigned makes a step what its unsigned form says.
func unsigned(in proto.Message, taking *record.Taking, step *sequencer.Step) error {
	taking.Complete(in)
	step.Event, step.Answer = taking.Event(in)
	if !slices.Contains(taking.Steps, record.StepOf(step.Event)) {
		return violation(taking, "must be the step that the method takes")
	}
	return nil
}

// violation refuses what a call says.
func violation(taking *record.Taking, description string) error {
	return &scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: taking.Said(), Description: description}}}
}

// open makes a step what its signed form says. The signature is checked here, before the
// step queues: it is the dearest of all checks, and the writer is one.
func (s *Server) open(ctx context.Context, envelope *liaisonv1.Envelope, taking *record.Taking, step *sequencer.Step) error {
	opened, err := statement.Open(envelope)
	if err != nil {
		return err
	}
	signer, err := s.trust.SignedBy(opened.Chain, opened.GetSignTime().AsTime(), s.clock())
	if err != nil {
		return &statement.Untrusted{Err: err}
	}
	if signer.ID != step.Caller.ID {
		return &statement.Untrusted{Err: errSignerIsNotCaller}
	}
	if err := s.checkSeen(ctx, opened); err != nil {
		return err
	}
	step.Event, step.Signed = &liaisonv1.Event{}, opened
	statement.SetDetail(step.Event, opened.Statement)
	if !slices.Contains(taking.Steps, record.StepOf(step.Event)) {
		return &statement.Mismatch{Field: "detail", Description: "must be the step that the method takes"}
	}
	return nil
}

// expectedKey finds what is to be called once the step is queued that a call takes.
type expectedKey struct{}

// expect tells the writer of a call that arrives and takes a step, before the call is
// read: what a call needs most of is a processor, and most of those under way at a time
// wait for one.
func (s *Server) expect(ctx context.Context, call *tap.Info) (context.Context, error) {
	if record.Takings()[call.FullMethodName] != nil {
		return context.WithValue(ctx, expectedKey{}, s.sequencer.Expect(ctx)), nil
	}
	return ctx, nil
}

// checkSeen checks that what a signer says it has seen of the ledger is this ledger. The
// other side will hold it against what it was shown itself: a checkpoint that is none
// would leave it with a statement that it cannot believe.
func (s *Server) checkSeen(ctx context.Context, opened *statement.Opened) error {
	if opened.GetCheckpoint() == "" {
		return nil
	}
	if s.archive.Signed(opened.GetCheckpoint()) { // just now, and here: that is the ledger
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
