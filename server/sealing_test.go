package server_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// requireSealing sets the sealing policy of the organisations.
func (h *hub) requireSealing(policy liaisonv1.SealingPolicy) {
	h.t.Helper()
	h.change(func(o *liaisonv1.Organisation) {
		o.SignaturePolicy, o.SealingPolicy = liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL, policy
	})
}

// TestARequestInClearIsRefusedUnlessTheAuthorityAllowsIt: what its answer says the hub could
// read.
func TestARequestInClearIsRefusedUnlessTheAuthorityAllowsIt(t *testing.T) {
	const required, unspecified, optional = liaisonv1.SealingPolicy_SEALING_POLICY_REQUIRED, liaisonv1.SealingPolicy_SEALING_POLICY_UNSPECIFIED, liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL
	_, recipient, err := sealed.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealedTo := func(s *liaisonv1.RequestSpec) { s.AnswerRecipients = []string{recipient} }
	toPreserve := func(s *liaisonv1.RequestSpec) {
		now := time.Now()
		s.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
		s.Preservation = &liaisonv1.Preservation{StartTime: timestamppb.New(now), EndTime: timestamppb.New(now.Add(60 * 24 * time.Hour))}
	}
	inClear := func(*liaisonv1.RequestSpec) {}
	for _, c := range []struct {
		name    string
		policy  liaisonv1.SealingPolicy
		change  func(*liaisonv1.RequestSpec)
		refused bool
	}{
		{"in clear, required", required, inClear, true},
		{"in clear, by default", unspecified, inClear, true},
		{"in clear, optional", optional, inClear, false},
		{"sealed, required", required, sealedTo, false},
		{"sealed, optional", optional, sealedTo, false},
		{"to preserve, required", required, toPreserve, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHub(t)
			h.requireSealing(c.policy)
			for form, call := range map[string]*liaisonv1.FileRequestRequest{
				"unsigned": {Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(c.change)}},
				"signed":   h.filing(func(s *liaisonv1.Statement) { c.change(s.GetFiled()) }),
			} {
				_, err := h.authority(officer).FileRequest(t.Context(), call)
				if c.refused {
					wantReason(t, err, codes.FailedPrecondition, "SEALING_REQUIRED")
				} else if err != nil {
					t.Errorf("%s: %v", form, err)
				}
			}
		})
	}
}
