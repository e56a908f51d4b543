// Package calendar counts time by days: by those of a time zone, all of them or only the
// ones that are worked on. It knows no clock.
//
// Days are counted as Regulation (EEC, Euratom) No 1182/71 article 3 counts them: the day
// of the event itself does not count, a period in days ends when its last day ends, and
// one in working days never ends on another. Hours are not counted here: they run whatever
// the day.
//
// Zones come from the IANA database that the program carries or the machine has.
package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Errors of [New], wrapped with what they are about.
var (
	// ErrZone says that there is no such time zone.
	ErrZone = errors.New("must be a time zone of the IANA database, such as Asia/Baghdad")
	// ErrDate says that a holiday is no date.
	ErrDate = errors.New("must be a date that exists, such as 2026-03-21")
	// ErrWeekend says that no day of the week is left to work on.
	ErrWeekend = errors.New("must leave a day of the week that counts")
)

// mostIdle is for how many days in a row nothing can count: more is not a calendar.
const mostIdle = 400

// Date is a day, whatever the zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date as ISO 8601 writes it, "2026-03-21"; it fails with [ErrDate].
func ParseDate(text string) (Date, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q: %w", text, ErrDate)
	}
	return dateOf(at), nil
}

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// next returns the day after d.
func (d Date) next() Date {
	return dateOf(time.Date(d.Year, d.Month, d.Day+1, 12, 0, 0, 0, time.UTC))
}

func (d Date) weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
}

// Calendar says which days count.
type Calendar struct {
	zone     *time.Location
	working  bool
	weekend  [7]bool
	holidays map[Date]bool
}

// Every returns the calendar of a zone in which every day counts. It fails with [ErrZone].
func Every(zone string) (Calendar, error) {
	// The machine's own zone is not one that two parties share.
	if zone == "" || zone == "Local" {
		return Calendar{}, fmt.Errorf("%q: %w", zone, ErrZone)
	}
	if known, ok := zones.Load(zone); ok {
		return Calendar{zone: known.(*time.Location)}, nil
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return Calendar{}, fmt.Errorf("%q: %w", zone, ErrZone)
	}
	zones.Store(zone, location)
	return Calendar{zone: location}, nil
}

// zones are those that were loaded, by name, since loading one reads a file: no more than
// the database has.
var zones sync.Map

// Working returns the calendar of a zone in which only working days count: all but the
// weekend, which is Saturday and Sunday if none is given, and the holidays. It fails with
// [ErrZone], [ErrDate] or [ErrWeekend].
func Working(zone string, weekend []time.Weekday, holidays []string) (Calendar, error) {
	c, err := Every(zone)
	if err != nil {
		return Calendar{}, err
	}
	c.working = true
	if len(weekend) == 0 {
		weekend = []time.Weekday{time.Saturday, time.Sunday}
	}
	for _, day := range weekend {
		c.weekend[day] = true
	}
	if !slices.Contains(c.weekend[:], false) {
		return Calendar{}, ErrWeekend
	}
	c.holidays = make(map[Date]bool, len(holidays))
	for _, text := range holidays {
		date, err := ParseDate(text)
		if err != nil {
			return Calendar{}, err
		}
		c.holidays[date] = true
	}
	return c, nil
}

// counts says whether a day counts.
func (c Calendar) counts(d Date) bool {
	return !c.working || !c.weekend[d.weekday()] && !c.holidays[d]
}

// before says whether d is an earlier day.
func (d Date) before(other Date) bool {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day)) < 0
}

// end is the moment at which a day ends: the first of a later day. That is not midnight
// where clocks are put forward at midnight, and the first of two where they are put back.
func (c Calendar) end(d Date) time.Time {
	next := d.next()
	past := func(t time.Time) bool { return !dateOf(t.In(c.zone)).before(next) }
	// What does not exist in the zone comes out somewhat early or late, by a day at most
	// where a zone has left out a day.
	at := time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, c.zone)
	for !past(at) {
		at = at.Add(time.Minute)
	}
	for past(at.Add(-time.Minute)) {
		at = at.Add(-time.Minute)
	}
	return at.UTC()
}

// After returns the end of the nth day that counts, behind the day on which from lies; the
// end of that day itself for n below one.
func (c Calendar) After(from time.Time, n int) time.Time {
	day := dateOf(from.In(c.zone))
	for idle := 0; n > 0 && idle < mostIdle; {
		day = day.next()
		if c.counts(day) {
			n, idle = n-1, 0
		} else {
			idle++
		}
	}
	return c.end(day)
}

// Resume returns the time that due becomes after its clock has stood still from stopped to
// resumed: later by as long. If days are working days and it then lies on one that does
// not count, the end of the next that does.
func (c Calendar) Resume(due, stopped, resumed time.Time) time.Time {
	later := due.Add(resumed.Sub(stopped))
	if later.Equal(due) {
		return due
	}
	// What ends with a day belongs to that day.
	day := dateOf(later.Add(-time.Nanosecond).In(c.zone))
	if c.counts(day) {
		return later
	}
	for idle := 0; !c.counts(day) && idle < mostIdle; idle++ {
		day = day.next()
	}
	return c.end(day)
}
