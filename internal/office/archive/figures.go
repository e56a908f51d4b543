package archive

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// figuresPage is how many requests are read at a time, so that no read lasts long: one that
// does keeps SQLite from folding its log back.
const figuresPage = 1000

// Figures calls each with the figures of every request of an authority, for the hub's
// statistics alone. They name nobody. A request of which nothing counts yet has none.
func (a *Archive) Figures(ctx context.Context, authority resource.Organisation, each func(platform resource.Organisation, f *liaisonv1.Figures)) error {
	q := store.RequestQuery{Party: authority, Limit: figuresPage}
	for {
		rows, err := a.store.Requests(ctx, q)
		if err != nil {
			return fmt.Errorf("read the figures of requests: %w", err)
		}
		for _, row := range rows {
			f, err := record.DecodeFigures(row.Body)
			if err != nil {
				return fmt.Errorf("read the figures of %s: %w", row.ID, err)
			}
			if f != nil {
				each(row.Platform, f)
			}
			q.After = row.Created
		}
		if len(rows) < figuresPage {
			return nil
		}
	}
}
