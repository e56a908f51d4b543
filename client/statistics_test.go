package client_test

import (
	"errors"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// TestTheTransparencyReport is for everybody, of a period that is over, and checked before
// it is asked for.
func TestTheTransparencyReport(t *testing.T) {
	kit := liaisontest.New(t)
	for _, who := range []string{"officer", "approver", "agent", "operator"} {
		report, err := kit.Conn(t, who).Report(t.Context(), client.ReportQuery{Period: "2020-Q2", Platform: "platforms/messenger"})
		if err != nil || report.GetPeriod() != "2020-Q2" || !report.GetRequests().GetSuppressed() {
			t.Errorf("the %s is told %v: %v", who, report, err)
		}
	}
	for period, want := range map[string]codes.Code{"2020-13": codes.InvalidArgument, "2999": codes.FailedPrecondition} {
		_, err := kit.Conn(t, "officer").Report(t.Context(), client.ReportQuery{Period: period})
		var failed *client.Error
		if !errors.As(err, &failed) || failed.Code != want {
			t.Errorf("of %s: %v", period, err)
		}
	}
}
