package server_test

import (
	"crypto/tls"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestOneKeyIsOnePairOfEyes: a certificate in another name, but of the filer's key, approves,
// rejects and validates nothing.
func TestOneKeyIsOnePairOfEyes(t *testing.T) {
	h := newHub(t)
	key := must(h.cas["moc.example"].Issue(pki.Request{Role: "officer", Name: "amal.hassan"}))
	other := must(h.cas["moc.example"].Issue(pki.Request{Role: "approver", Name: "karim.aziz", PublicKey: key.Key.Public()}))
	other.Key = key.Key
	dial := func(certificate tls.Certificate) liaisonv1.AuthorityServiceClient {
		return liaisonv1.NewAuthorityServiceClient(h.dialWith(certificate))
	}
	filed := eventOf(must(dial(key.TLS()).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})))
	urgent := eventOf(must(dial(key.TLS()).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}})))
	same := dial(other.TLS())
	_, err := same.ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}})
	wantReason(t, err, codes.FailedPrecondition, "SAME_PERSON")
	_, err = same.RejectRequest(t.Context(), &liaisonv1.RejectRequestRequest{Name: filed.GetRequest(), Rejection: &liaisonv1.Rejection{Reason: "No."}})
	wantReason(t, err, codes.FailedPrecondition, "SAME_PERSON")
	_, err = same.ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: urgent.GetRequest(), Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}})
	wantReason(t, err, codes.FailedPrecondition, "SAME_PERSON")
	// With a key of the approver's own it is another pair.
	must(h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
	must(h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: urgent.GetRequest(), Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}}))
}
