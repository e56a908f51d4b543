package client

import (
	"context"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TransparencyReport returns what happened on the hub in a period that is over since a day:
// a month "2026-09", a quarter "2026-Q3" or a year "2026"; of one authority, one platform
// or both where they are named, else of all. Every participant may read it, and publish
// it: counts are released in lots, so that nobody can be singled out.
//
// It is the hub's word, and has no proof: no party sees what it is made of.
func TransparencyReport(ctx context.Context, conn *Conn, period, authority, platform string) (*liaisonv1.TransparencyReport, error) {
	in := &liaisonv1.GetTransparencyReportRequest{Period: period, Authority: authority, Platform: platform}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := liaisonv1.NewStatisticsServiceClient(conn).GetTransparencyReport(ctx, in)
	return out.GetReport(), err
}
