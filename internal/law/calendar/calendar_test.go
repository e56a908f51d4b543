package calendar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on what the machine has

	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/calendar"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

var fridaySaturday = []time.Weekday{time.Friday, time.Saturday}

func TestTheEndOfAPeriod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		zone     string
		working  bool
		weekend  []time.Weekday
		holidays string
		from     string
		days     int
		want     string
	}{
		{name: "the day itself does not count", zone: "Asia/Baghdad", from: "2026-03-02T09:00:00+03:00", days: 1, want: "2026-03-04T00:00:00+03:00"},
		{name: "its first moment belongs to the day", zone: "Asia/Baghdad", from: "2026-03-02T00:00:00+03:00", days: 1, want: "2026-03-04T00:00:00+03:00"},
		{name: "its last moment too", zone: "Asia/Baghdad", from: "2026-03-02T23:59:59+03:00", days: 1, want: "2026-03-04T00:00:00+03:00"},
		{name: "the day is the zone's, not that of UTC", zone: "Asia/Baghdad", from: "2026-03-01T22:00:00Z", days: 1, want: "2026-03-04T00:00:00+03:00"},
		{name: "ten days, weekends and all", zone: "Asia/Baghdad", from: "2026-03-02T09:00:00+03:00", days: 10, want: "2026-03-13T00:00:00+03:00"},
		{name: "no day: the end of the day itself", zone: "Asia/Baghdad", from: "2026-03-02T09:00:00+03:00", days: 0, want: "2026-03-03T00:00:00+03:00"},

		{name: "over the change to summer time", zone: "Europe/Berlin", from: "2026-03-27T15:00:00+01:00", days: 3, want: "2026-03-31T00:00:00+02:00"},
		{name: "over the change to winter time", zone: "Europe/Berlin", from: "2026-10-23T15:00:00+02:00", days: 3, want: "2026-10-27T00:00:00+01:00"},
		{name: "to a midnight that does not exist", zone: "Africa/Cairo", from: "2026-04-22T12:00:00+02:00", days: 1, want: "2026-04-24T01:00:00+03:00"},
		{name: "to a midnight that comes twice", zone: "America/Havana", from: "2026-10-30T12:00:00-04:00", days: 1, want: "2026-11-01T00:00:00-04:00"},
		{name: "over the end of the year", zone: "Asia/Baghdad", from: "2026-12-30T12:00:00+03:00", days: 3, want: "2027-01-03T00:00:00+03:00"},
		{name: "over a leap day", zone: "Asia/Baghdad", from: "2028-02-28T12:00:00+03:00", days: 1, want: "2028-03-01T00:00:00+03:00"},
		{name: "over a day that a zone left out", zone: "Pacific/Apia", from: "2011-12-28T12:00:00-10:00", days: 1, want: "2011-12-31T00:00:00+14:00"},

		{name: "working days, Saturday and Sunday off", zone: "Europe/Berlin", working: true, from: "2026-03-05T09:00:00+01:00", days: 2, want: "2026-03-10T00:00:00+01:00"},
		{name: "working days, Friday and Saturday off", zone: "Asia/Baghdad", working: true, weekend: fridaySaturday, from: "2026-03-04T09:00:00+03:00", days: 2, want: "2026-03-09T00:00:00+03:00"},
		{name: "from a day off", zone: "Asia/Baghdad", working: true, weekend: fridaySaturday, from: "2026-03-06T09:00:00+03:00", days: 1, want: "2026-03-09T00:00:00+03:00"},
		{name: "over holidays", zone: "Asia/Baghdad", working: true, weekend: fridaySaturday, holidays: "2026-03-08 2026-03-09 2026-03-10", from: "2026-03-05T09:00:00+03:00", days: 1, want: "2026-03-12T00:00:00+03:00"},
		{name: "holidays over the end of the year", zone: "Europe/Berlin", working: true, holidays: "2026-12-25 2027-01-01", from: "2026-12-23T09:00:00+01:00", days: 7, want: "2027-01-06T00:00:00+01:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := calendar.Every(test.zone)
			if test.working {
				c, err = calendar.Working(test.zone, test.weekend, strings.Fields(test.holidays))
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := c.After(at(test.from), test.days); !got.Equal(at(test.want)) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAClockThatStood(t *testing.T) {
	t.Parallel()
	every, err1 := calendar.Every("Asia/Baghdad")
	working, err2 := calendar.Working("Asia/Baghdad", fridaySaturday, []string{"2026-03-15"})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name                        string
		calendar                    calendar.Calendar
		due, stopped, resumed, want string
	}{
		{"goes on later by as long", every, "2026-03-12T00:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-05T20:30:00+03:00", "2026-03-12T12:30:00+03:00"},
		{"did not stand", working, "2026-03-07T12:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-07T12:00:00+03:00"},
		{"ends with a working day", working, "2026-03-11T00:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-06T08:00:00+03:00", "2026-03-12T00:00:00+03:00"},
		{"does not end on a day off", working, "2026-03-12T12:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-06T08:00:00+03:00", "2026-03-17T00:00:00+03:00"},
		{"ends on any day where every day counts", every, "2026-03-12T12:00:00+03:00", "2026-03-05T08:00:00+03:00", "2026-03-06T08:00:00+03:00", "2026-03-13T12:00:00+03:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.calendar.Resume(at(test.due), at(test.stopped), at(test.resumed)); !got.Equal(at(test.want)) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestWhatIsNoCalendar(t *testing.T) {
	t.Parallel()
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	for _, test := range []struct {
		name     string
		zone     string
		weekend  []time.Weekday
		holidays []string
		want     error
	}{
		{"no zone", "", nil, nil, calendar.ErrZone},
		{"the machine's zone", "Local", nil, nil, calendar.ErrZone},
		{"a zone that does not exist", "Asia/Atlantis", nil, nil, calendar.ErrZone},
		{"a path", "../etc/passwd", nil, nil, calendar.ErrZone},
		{"a week without a working day", "UTC", week, nil, calendar.ErrWeekend},
		{"a day that does not exist", "UTC", nil, []string{"2026-02-29"}, calendar.ErrDate},
		{"a date of another form", "UTC", nil, []string{"29.2.2028"}, calendar.ErrDate},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := calendar.Working(test.zone, test.weekend, test.holidays); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// zones have their changes at different hours, two of them at midnight.
var zones = []string{"UTC", "Asia/Baghdad", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Beirut"}

// drawn is a calendar and a moment.
func drawn(t *rapid.T) (c calendar.Calendar, working bool, zone *time.Location, from time.Time) {
	name := rapid.SampledFrom(zones).Draw(t, "zone")
	working = rapid.Bool().Draw(t, "working")
	var err error
	if c, err = calendar.Every(name); working {
		weekend := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 6, func(n int) int { return n }).Draw(t, "weekend")
		var days []time.Weekday
		for _, day := range weekend {
			days = append(days, time.Weekday(day))
		}
		var holidays []string
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 500), 0, 20).Draw(t, "holidays") {
			holidays = append(holidays, time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		}
		c, err = calendar.Working(name, days, holidays)
	}
	if err != nil {
		t.Fatal(err)
	}
	if zone, err = time.LoadLocation(name); err != nil {
		t.Fatal(err)
	}
	from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "minute")) * time.Minute)
	return c, working, zone, from
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, working, zone, from := drawn(t)
		n := rapid.IntRange(0, 40).Draw(t, "days")
		end := c.After(from, n)
		local := end.In(zone)
		if !end.After(from) {
			t.Fatalf("%d days from %v end at %v", n, from, end)
		}
		if last := end.Add(-time.Nanosecond).In(zone); last.YearDay() == local.YearDay() {
			t.Fatalf("%v is not the end of a day", local)
		}
		if more := c.After(from, n+1); !more.After(end) {
			t.Fatalf("a day more ends at %v, before %v", more, end)
		}
		if later := c.After(from.Add(time.Hour), n); later.Before(end) {
			t.Fatalf("from an hour later it ends at %v, before %v", later, end)
		}
		if !working {
			y, m, d := from.In(zone).Date()
			want := time.Date(y, m, d+n+1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			if got := local.Format(time.DateOnly); got != want {
				t.Fatalf("%d days from %v end with the beginning of %s, want %s", n, from.In(zone), got, want)
			}
		}
	})
}

func TestAClockNeverGoesOnEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, working, _, stopped := drawn(t)
		due := stopped.Add(time.Duration(rapid.IntRange(1, 30*24).Draw(t, "hours left")) * time.Hour)
		stood := time.Duration(rapid.IntRange(0, 60*24).Draw(t, "hours")) * time.Hour
		got := c.Resume(due, stopped, stopped.Add(stood))
		if got.Before(due.Add(stood)) || !working && !got.Equal(due.Add(stood)) {
			t.Fatalf("due at %v, stood for %v, goes on until %v", due, stood, got)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-03-21", "2028-02-29", "2026-02-29", "", "0000-01-01", "2026-3-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		if err != nil {
			if !errors.Is(err, calendar.ErrDate) {
				t.Errorf("another error: %v", err)
			}
			return
		}
		if got := fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day); got != text {
			t.Errorf("%q was read as %s", text, got)
		}
	})
}
