package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ReportQuery says what a transparency report is of.
type ReportQuery struct {
	// Period is over since a day: a month "2026-09", a quarter "2026-Q3" or a year "2026".
	Period string
	// Authority confines the report to one authority, "authorities/moc"; empty: all.
	Authority string
	// Platform confines the report to one platform, "platforms/messenger"; empty: all.
	Platform string
}

// Report returns what happened on the hub in a period. Every participant may read it, and
// publish it: counts are released in lots, so that nobody can be singled out.
//
// It is the hub's word, and has no proof: no party sees what it is made of.
func (c *Conn) Report(ctx context.Context, q ReportQuery) (*liaisonv1.TransparencyReport, error) {
	in := &liaisonv1.GetTransparencyReportRequest{Period: q.Period, Authority: q.Authority, Platform: q.Platform}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := liaisonv1.NewStatisticsServiceClient(c.grpc).GetTransparencyReport(ctx, in)
	return out.GetReport(), err
}
