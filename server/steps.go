package server

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/sequencer"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// stepMessage is what every step on an existing request is called with.
type stepMessage interface {
	proto.Message
	GetName() string
	GetEtag() string
	GetRequestId() string
}

// step takes a step on an existing request: the one that the event's detail says.
func (s *Server) step(ctx context.Context, in stepMessage, event *liaisonv1.Event, answer *liaisonv1.Answer) (*liaisonv1.Event, error) {
	id, err := resource.ParseRequest(in.GetName())
	if err != nil {
		return nil, err
	}
	return s.submit(ctx, in, in.GetRequestId(), sequencer.Step{
		Request: id,
		ETag:    in.GetEtag(),
		Event:   event,
		Answer:  answer,
	})
}

// submit completes a step with who takes it and which call it is.
func (s *Server) submit(ctx context.Context, in proto.Message, requestID string, step sequencer.Step) (*liaisonv1.Event, error) {
	method, _ := grpc.Method(ctx)
	call, err := sequencer.NewCall(method, requestID, in)
	if err != nil {
		return nil, err
	}
	step.Caller = callerFrom(ctx)
	step.Call = call
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
