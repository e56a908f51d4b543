package server_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip" // registers itself, as in a program that embeds a hub and has other clients

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestNothingIsDecompressed, whatever the program around the hub has registered.
func TestNothingIsDecompressed(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	requests := h.requests(officer)
	_, err := requests.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{PageSize: 10}, grpc.UseCompressor(gzip.Name))
	if err == nil || !strings.Contains(err.Error(), "takes nothing compressed") {
		t.Errorf("a compressed call ends with: %v", err)
	}
	stream, err := liaisonv1.NewRequestServiceClient(h.dial(officer)).WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{AfterSequence: 1}, grpc.UseCompressor(gzip.Name))
	if err == nil {
		_, err = stream.Recv()
	}
	if err == nil || !strings.Contains(err.Error(), "takes nothing compressed") {
		t.Errorf("a compressed watch ends with: %v", err)
	}
	must(requests.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})) // the hub goes on
}
