package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

func counted(e *store.Entry) { e.Counted = true }

// created moves the request's creation.
func created(at time.Time) edit {
	return func(e *store.Entry) { e.Request.CreateTime = at }
}

func testFilings(t *testing.T, s store.Store) {
	ctx := context.Background()
	midnight := epoch.Truncate(24 * time.Hour).Add(24 * time.Hour)
	today := store.DayOf(epoch)
	one := filed(1, 1, counted)
	appendAll(t, s,
		one, filed(2, 2, counted), filed(3, 3), // which nobody counts
		filed(4, 4, counted, emergency),
		filed(5, 5, counted, between(ministry, pixel)),
		filed(6, 6, counted, between(regulator, wave)),
		filed(7, 7, counted, created(midnight.Add(-time.Microsecond))),
		filed(8, 8, counted, created(midnight)),
		next(9, one.Request, over(1)))
	of := func(platform resource.Organisation, day int64, emergency bool) store.Filing {
		return store.Filing{Authority: ministry, Platform: platform, Day: day, Emergency: emergency}
	}
	want := map[store.Filing]int{of(wave, today, false): 3, of(wave, today, true): 1, of(pixel, today, false): 1}
	write(t, s, func(tx store.Tx) error {
		equal(t, "today's", must(tx.Filings(ctx, ministry, today)), want)
		equal(t, "tomorrow's", must(tx.Filings(ctx, ministry, today+1)), map[store.Filing]int{of(wave, today+1, false): 1})
		equal(t, "yesterday's", must(tx.Filings(ctx, ministry, today-1)), map[store.Filing]int{})
		return nil
	})
	// What is undone is not counted, and what is purged still is.
	if err := s.Write(ctx, func(tx store.Tx) error {
		if err := tx.Append(ctx, []store.Entry{filed(10, 10, counted)}, []byte("c")); err != nil {
			return err
		}
		want[of(wave, today, false)]++
		equal(t, "in the batch", must(tx.Filings(ctx, ministry, today)), want)
		want[of(wave, today, false)]--
		return errUndone
	}); err == nil {
		t.Fatal("the batch was not undone")
	}
	r := one.Request
	r.Version = 9
	appendAll(t, s, next(10, r, purging))
	write(t, s, func(tx store.Tx) error {
		equal(t, "today's in the end", must(tx.Filings(ctx, ministry, today)), want)
		return nil
	})
}
