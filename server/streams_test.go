package server_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

func TestAPanicEndsOneStreamQuotesNothingAndGivesItsPlaceBack(t *testing.T) {
	h := newHub(t, server.Limits{StreamsPerOrganisation: 1})
	h.serveOver(t, panicking{h.store})
	client := h.requests(officer)
	for range 2 {
		s := must(client.WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{Request: "requests/0199a000-0000-7000-8000-000000000000"}))
		_, err := s.Recv()
		wantReason(t, err, codes.Internal, "INTERNAL_FAULT")
		if strings.Contains(err.Error()+h.log.String(), "Karim") {
			t.Error("the error or the log quotes the panic")
		}
	}
	if !strings.Contains(h.log.String(), "a handler panicked") {
		t.Error("the log does not say that a handler panicked")
	}
}

func TestTheLogHasALineForEveryCall(t *testing.T) {
	h := newHub(t)
	must(h.requests(officer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
	ctx, cancel := context.WithCancel(t.Context())
	s := must(h.requests(agent).WatchEvents(ctx, &liaisonv1.WatchEventsRequest{}))
	must(s.Recv())
	cancel()
	for _, fields := range [][]string{
		{"level=INFO", "caller=spiffe://moc.example/officer/", "grpc.component=server", "grpc.service=liaison.v1.RequestService", "grpc.method=ListRequests", "grpc.method_type=unary", "peer.address=127.0.0.1:", "grpc.start_time=", "grpc.code=OK", "grpc.time_ms="},
		{"level=INFO", "caller=spiffe://messenger.example/agent/", "grpc.component=server", "grpc.service=liaison.v1.RequestService", "grpc.method=WatchEvents", "grpc.method_type=server_stream", "peer.address=127.0.0.1:", "grpc.start_time=", "grpc.code=Canceled", "grpc.error=", "grpc.time_ms="},
	} {
		eventually(t, "the log has "+strings.Join(fields, " "), func() bool {
			for line := range strings.Lines(h.log.String()) {
				if strings.Contains(line, `msg="finished call"`) && containsAll(line, fields) {
					return true
				}
			}
			return false
		})
	}
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
