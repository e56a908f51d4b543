package client_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAnAuditorsLookAtAReviewedRequestDisturbsNobody: its event is in the feeds of all three,
// and each reads on.
func TestAnAuditorsLookAtAReviewedRequestDisturbsNobody(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name, officer, agent, reviewer := underReview(t, kit, "R-AUDITED")
	if _, err := kit.Conn(t, "auditor").Auditor().Get(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	for side, reader := range map[string]requestReader{"the authority": officer, "the platform": agent, "the reviewer": reviewer} {
		if _, err := reader.Get(t.Context(), name); err != nil {
			t.Errorf("%s does not read it: %v", side, err)
		}
	}
	if _, err := reviewer.Clear(t.Context(), name, nil); err != nil {
		t.Errorf("the reviewer cannot speak: %v", err)
	}
}

// TestAReviewerReadsAPreservationThatIsHandedOver to a disclosure that names no reviewer, and
// so does not exist for it.
func TestAReviewerReadsAPreservationThatIsHandedOver(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer, agent := kit.Conn(t, "officer").Authority(), kit.Conn(t, "agent").Platform()
	spec, now := emergency("R-KEPT"), time.Now()
	spec.Kind, spec.Reviewer = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, "oversight/commissioner"
	spec.Preservation = &liaisonv1.Preservation{StartTime: timestamppb.New(now), EndTime: timestamppb.New(now.Add(60 * 24 * time.Hour))}
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	name := filed.GetRequest()
	if _, err := agent.Acknowledge(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := agent.ConfirmPreservation(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	disclosure := disclosing(t, kit, name)
	reviewer := kit.Conn(t, "reviewer").Reviewer()
	if _, err := reviewer.Get(t.Context(), disclosure); err == nil {
		t.Fatal("the reviewer reads the disclosure, which does not name it")
	}
	if _, err := reviewer.Get(t.Context(), name); err != nil {
		t.Errorf("the reviewer does not read the preservation: %v", err)
	}
	if _, err := reviewer.Clear(t.Context(), name, nil); err != nil {
		t.Errorf("the reviewer cannot speak: %v", err)
	}
}
