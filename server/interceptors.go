package server

import (
	"context"
	"errors"
	"net"
	"strings"

	"buf.build/go/protovalidate"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth"
	validation "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/protovalidate"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/ratelimit"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/selector"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/office/access"
	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
)

// chain is everything that a call which is not a stream goes through before its
// handler, the first interceptor outermost; answerStream is the same for streams. The
// order is part of the hub's safety: what counts and logs sees every outcome; what
// makes statuses sees every error; and then the gates.
func (s *Server) chain(gates []gate) []grpc.UnaryServerInterceptor {
	interceptors := []grpc.UnaryServerInterceptor{
		s.metrics.calls.UnaryServerInterceptor(),
		s.logCalls,
		s.unaryErrors,
		s.boundCalls,
		recovery.UnaryServerInterceptor(recovery.WithRecoveryHandlerContext(s.recovered)),
	}
	for _, gate := range gates {
		interceptors = append(interceptors, gate.unary)
	}
	return interceptors
}

// gate settles before the handler whether a call may go on, and does nothing after it.
type gate struct {
	unary  grpc.UnaryServerInterceptor
	stream grpc.StreamServerInterceptor
}

// gates are what every call passes, of whatever kind, in this order: who is asking is
// settled before anything is spent on the question.
func (s *Server) gates(validator protovalidate.Validator, limiter *rateLimiter) []gate {
	return []gate{
		{auth.UnaryServerInterceptor(s.admit), auth.StreamServerInterceptor(s.admit)},
		{
			selector.UnaryServerInterceptor(ratelimit.UnaryServerInterceptor(limiter), notHealth),
			selector.StreamServerInterceptor(ratelimit.StreamServerInterceptor(limiter), notHealth),
		},
		{validation.UnaryServerInterceptor(validator), validation.StreamServerInterceptor(validator)},
	}
}

// notHealth matches calls that are not of the health service, which is asked often and
// costs nothing.
var notHealth = selector.MatchFunc(func(_ context.Context, c interceptors.CallMeta) bool {
	return !strings.HasPrefix(c.Service, "grpc.health.")
})

// presented returns the SPIFFE ID that the connection was opened with, for the log:
// it says who called even where the call is refused.
func presented(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	if info, ok := p.AuthInfo.(credentials.TLSInfo); ok && info.SPIFFEID != nil {
		return info.SPIFFEID.String()
	}
	return ""
}

// unaryErrors makes every error that leaves the hub.
func (s *Server) unaryErrors(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	response, err := handler(ctx, request)
	return response, s.errorFor(ctx, err, request, info.FullMethod)
}

// errorFor returns an error as the caller may know it. What the caller may not know, the
// cause of a fault of the hub, goes to the log: it is the hub's own words and
// those of its store, which quote nothing that was sent.
func (s *Server) errorFor(ctx context.Context, err error, request any, method string) error {
	shown := wire.Error(ctx, err, request)
	if status.Code(shown) == codes.Internal {
		s.log.ErrorContext(ctx, "a call failed for a fault of the hub", "method", method, "error", err)
	}
	return shown
}

// boundCalls gives up on a call that takes too long, whatever deadline it came with.
func (s *Server) boundCalls(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.CallDuration)
	defer cancel()
	return handler(ctx, request)
}

// recovered turns a panic into a fault of the hub. What a panic carries may quote
// a person's data: its type alone is logged.
func (s *Server) recovered(ctx context.Context, p any) error {
	method, _ := grpc.Method(ctx)
	s.metrics.panics.Inc()
	s.log.ErrorContext(ctx, "a handler panicked", "method", method, "caller", presented(ctx), "kind", kindOf(p), "stack", stack())
	return status.Error(codes.Internal, "panic")
}

type callerKey struct{}

// callerFrom returns who called. There is always somebody behind admit.
func callerFrom(ctx context.Context) identity.Caller {
	caller, _ := ctx.Value(callerKey{}).(identity.Caller)
	return caller
}

// admit finds out who calls, as the directory knows it now and not as it was when
// the connection was opened, and whether that role may call this method.
func (s *Server) admit(ctx context.Context) (context.Context, error) {
	caller, err := admission.Admit(ctx, s.trust)
	if err != nil {
		s.metrics.refusals.WithLabelValues(refusalReason(err)).Inc()
		return nil, err
	}
	method, ok := grpc.Method(ctx)
	if !ok {
		return nil, status.Error(codes.Internal, "a call without a method")
	}
	switch err := s.access.Check(method, caller.Role); {
	case errors.Is(err, access.ErrUnknownMethod):
		s.metrics.refusals.WithLabelValues("method_unknown").Inc()
		return nil, err
	case err != nil:
		s.metrics.refusals.WithLabelValues("role_not_allowed").Inc()
		return nil, err
	}
	return context.WithValue(ctx, callerKey{}, caller), nil
}

// handshakeRefused logs and counts a connection that was not opened.
func (s *Server) handshakeRefused(err error, remote net.Addr) {
	reason := refusalReason(err)
	s.metrics.handshakes.WithLabelValues(reason).Inc()
	s.log.Warn("a connection was refused", "reason", reason, "error", err, "remote", remote.String())
}
