package sequencer

import (
	"time"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Anybody is a directory in which everybody takes part and accepts everything, and
// that panics over one platform.
type Anybody struct{}

func (Anybody) Oversees(resource.Organisation) []resource.Organisation { return nil }

func (Anybody) CheckFiling(_ resource.Organisation, spec *liaisonv1.RequestSpec) error {
	if spec.GetReference() == "panic" {
		panic("a fault in one step")
	}
	return nil
}

func (Anybody) CheckActive(string) error { return nil }

func (Anybody) Waives(resource.Organisation, liaisonv1.RequestKind) bool { return false }

func (Anybody) CheckApprover(resource.Organisation, *liaisonv1.RequestSpec, string) (liaisonv1.ApproverLevel, error) {
	return liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE, nil
}

func (Anybody) Quotas(resource.Organisation, string, bool) (all, pair int) { return 0, 0 }

func (Anybody) Terms(string, *liaisonv1.RequestSpec) deadline.Terms {
	return deadline.Terms{Days: wholeDays{}}
}

func (Anybody) RequiresSignatures(resource.Organisation) bool { return false }

// wholeDays are days of 24 hours.
type wholeDays struct{}

func (wholeDays) After(from time.Time, n int) time.Time {
	return from.Add(time.Duration(n) * 24 * time.Hour)
}

func (wholeDays) Resume(due, stopped, resumed time.Time) time.Time {
	return due.Add(resumed.Sub(stopped))
}
