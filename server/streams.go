package server

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/office/admission"
)

// A watch waits for days inside of its handler, and everything that the call has come
// through waits with it: on its stack, of which the runtime frees half at a time when
// not a quarter is in use. Interceptors that stand one inside the other, as for other
// calls, keep that of a watch at 16 KB. These few frames let it shrink to the 8 KB of a
// stream that has no interceptors at all.

// answerStreams is what every stream goes through: it is counted, logged and answered as
// other calls are, and passes the same gates.
func (s *Server) answerStreams(gates []gate) grpc.StreamServerInterceptor {
	count := s.metrics.calls.StreamServerInterceptor()
	return func(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		answer := func(service any, stream grpc.ServerStream) error {
			return s.answerStream(service, stream, info, handler, gates)
		}
		// Whoever may call may call what does not exist, under any name: a label for each
		// would let the metrics grow without end.
		if !s.access.Knows(info.FullMethod) {
			return answer(service, stream)
		}
		return count(service, stream, info, answer)
	}
}

// answerStream lets a stream that passes the gates be handled, for as long as its caller
// is admitted.
func (s *Server) answerStream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler, gates []gate) (err error) {
	call := &streamCall{ServerStream: stream, server: s, info: info, begin: time.Now()}
	defer call.end(&err)
	passed, err := pass(service, call, info, gates)
	if err != nil {
		return err
	}
	ctx, release := admission.Bind(passed.Context(), s.trust)
	defer release()
	return handler(service, &boundStream{ServerStream: passed, ctx: ctx})
}

// pass leads a stream through the gates, one after the other, so that none of them waits
// for the handler to end.
func pass(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, gates []gate) (grpc.ServerStream, error) {
	for _, gate := range gates {
		var passed grpc.ServerStream
		if err := gate.stream(service, stream, info, func(_ any, through grpc.ServerStream) error {
			passed = through
			return nil
		}); err != nil {
			return nil, err
		}
		if passed == nil {
			return nil, status.Error(codes.Internal, "an interceptor neither refused a stream nor let it pass")
		}
		stream = passed
	}
	return stream, nil
}

// streamCall is a stream with what its end is told by.
type streamCall struct {
	grpc.ServerStream
	server  *Server
	info    *grpc.StreamServerInfo
	begin   time.Time
	request any // what it was opened with
}

// RecvMsg receives a message and remembers the first.
func (c *streamCall) RecvMsg(m any) error {
	if c.request == nil {
		c.request = m
	}
	return c.ServerStream.RecvMsg(m)
}

// end makes the error that leaves the hub, of a panic too, and logs the call. It must be
// deferred itself: only then does it see the panic.
func (c *streamCall) end(err *error) {
	ctx := c.Context()
	if p := recover(); p != nil {
		*err = c.server.recovered(ctx, p)
	}
	*err = c.server.errorFor(ctx, *err, c.request, c.info.FullMethod)
	c.server.logCall(ctx, interceptors.NewServerCallMeta(c.info.FullMethod, c.info, nil), c.begin, *err)
}

// boundStream ends when its caller is no longer admitted.
type boundStream struct {
	grpc.ServerStream
	ctx context.Context
}

// Context returns the stream's context, which ends with the caller's admission.
func (b *boundStream) Context() context.Context { return b.ctx }
