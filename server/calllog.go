package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// logCalls logs every call that is not a stream.
func (s *Server) logCalls(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	begin := time.Now()
	response, err := handler(ctx, request)
	s.logCall(ctx, interceptors.NewServerCallMeta(info.FullMethod, nil, nil), begin, err)
	return response, err
}

// logCall writes one line a call when it ends: which method, whose, from where,
// how long, which outcome. Never what was sent or answered.
//
// It has the fields of go-grpc-middleware's logging, whose interceptor makes them when
// a call begins: of a watch, that is a kilobyte which waits as long as the watch does.
func (s *Server) logCall(ctx context.Context, call interceptors.CallMeta, begin time.Time, err error) {
	code := status.Code(err)
	level := slog.Level(logging.DefaultServerCodeToLevel(code))
	if !s.log.Enabled(ctx, level) {
		return
	}
	fields := make([]slog.Attr, 0, 12)
	fields = append(fields,
		slog.String("caller", presented(ctx)),
		slog.String(logging.SystemTag[0], logging.SystemTag[1]),
		slog.String(logging.ComponentFieldKey, logging.KindServerFieldValue),
		slog.String(logging.ServiceFieldKey, call.Service),
		slog.String(logging.MethodFieldKey, call.Method),
		slog.String(logging.MethodTypeFieldKey, string(call.Typ)),
	)
	if p, ok := peer.FromContext(ctx); ok {
		fields = append(fields, slog.String("peer.address", p.Addr.String()))
	}
	fields = append(fields, slog.String("grpc.start_time", begin.Format(time.RFC3339)))
	if deadline, ok := ctx.Deadline(); ok {
		fields = append(fields, slog.String("grpc.request.deadline", deadline.Format(time.RFC3339)))
	}
	fields = append(fields, slog.String("grpc.code", code.String()))
	if err != nil {
		fields = append(fields, slog.String("grpc.error", err.Error()))
	}
	for duration := logging.DurationToTimeMillisFields(time.Since(begin)).Iterator(); duration.Next(); {
		key, value := duration.At()
		fields = append(fields, slog.Any(key, value))
	}
	s.log.LogAttrs(ctx, level, "finished call", fields...)
}
