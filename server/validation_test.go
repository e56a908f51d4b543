package server_test

import (
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAFieldThatTheHubDoesNotKnowIsRefused: a newer caller may rely on it.
func TestAFieldThatTheHubDoesNotKnowIsRefused(t *testing.T) {
	h := newHub(t)
	unknown := protowire.AppendVarint(protowire.AppendTag(nil, 9999, protowire.VarintType), 1)
	for _, test := range []struct {
		name string
		put  func(*liaisonv1.FileRequestRequest)
	}{
		{"in the call", func(c *liaisonv1.FileRequestRequest) { c.ProtoReflect().SetUnknown(unknown) }},
		{"in the spec", func(c *liaisonv1.FileRequestRequest) { c.GetSpec().ProtoReflect().SetUnknown(unknown) }},
		{"in a selector", func(c *liaisonv1.FileRequestRequest) { c.GetSpec().Selectors[1].ProtoReflect().SetUnknown(unknown) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}
			test.put(call)
			_, err := h.authority(officer).FileRequest(t.Context(), call)
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
		})
	}
}

// TestAMessageThatBreaksManyRulesIsToldSome: an error must fit the headers that it
// travels in, and telling must not cost more than the message did.
func TestAMessageThatBreaksManyRulesIsToldSome(t *testing.T) {
	h := newHub(t)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "accept-language", "ckb") // takes more bytes than English
	for name, selectors := range map[string]int{"a few hundred": 300, "very many": 40_000} {
		t.Run(name, func(t *testing.T) {
			call := &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}}
			for range selectors {
				call.GetSpec().Selectors = append(call.GetSpec().Selectors, &liaisonv1.Selector{Id: strings.Repeat("?", 20)})
			}
			_, err := h.authority(officer).FileRequest(ctx, call)
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
			if n := len(detail[*errdetails.BadRequest](t, err).GetFieldViolations()); n == 0 || n > 40 {
				t.Errorf("%d fields are named", n)
			}
			if size := proto.Size(status.Convert(err).Proto()); size > 8<<10 {
				t.Errorf("the error has %d bytes", size)
			}
		})
	}
}
