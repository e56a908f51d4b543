package statistics

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Month is a month of the Gregorian calendar in UTC, counted from year 0 on.
type Month int

// MonthOf returns the month that a time is in.
func MonthOf(t time.Time) Month {
	t = t.UTC()
	return Month(t.Year()*12 + int(t.Month()) - 1)
}

// Start returns the month's first moment.
func (m Month) Start() time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// Period is a month, a quarter or a year. There are no others: two periods that overlap by
// all but a few days would show those.
type Period struct {
	From, Before Month
}

// ErrPeriod says that a text names no period.
var ErrPeriod = errors.New("must be a month 2026-09, a quarter 2026-Q3 or a year 2026")

// ParsePeriod reads "2026-09", "2026-Q3" or "2026".
func ParsePeriod(text string) (Period, error) {
	year, part, divided := strings.Cut(text, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || y < 2000 {
		return Period{}, ErrPeriod
	}
	first := Month(y * 12)
	if !divided {
		return Period{From: first, Before: first + 12}, nil
	}
	length, most := Month(1), 12
	if quarter, ok := strings.CutPrefix(part, "Q"); ok {
		part, length, most = "0"+quarter, 3, 4
	}
	n, err := strconv.Atoi(part)
	if err != nil || len(part) != 2 || n < 1 || n > most {
		return Period{}, ErrPeriod
	}
	from := first + Month(n-1)*length
	return Period{From: from, Before: from + length}, nil
}

// String returns the period as ParsePeriod reads it.
func (p Period) String() string {
	year, month := int(p.From)/12, int(p.From)%12
	switch p.Before - p.From {
	case 12:
		return fmt.Sprintf("%04d", year)
	case 3:
		return fmt.Sprintf("%04d-Q%d", year, month/3+1)
	default:
		return fmt.Sprintf("%04d-%02d", year, month+1)
	}
}

// settling is how long after its end a month can be told: by then whatever happened in it
// is on disk, whichever of several hubs took it and whatever its clock said.
const settling = day

// Told returns the month up to which, without it, everything can be told at a time.
func Told(now time.Time) Month { return MonthOf(now.Add(-settling)) }
