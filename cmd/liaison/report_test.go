package main

import (
	"testing"
	"time"
)

func TestTheLastMonthThatIsOverSinceADay(t *testing.T) {
	for now, want := range map[time.Time]string{
		time.Date(2026, 10, 1, 23, 0, 0, 0, time.UTC): "2026-08",
		time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC):  "2026-09",
		time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC):  "2025-12",
	} {
		if got := lastMonth(now); got != want {
			t.Errorf("at %s it is %q, want %q", now, got, want)
		}
	}
}
