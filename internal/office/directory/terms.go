package directory

import (
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/calendar"
	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Terms returns within what time a platform owes an authority an answer to a request: by
// the request's calendar, the platform's working days, and what the two have agreed.
func (d *Directory) Terms(authority string, spec *liaisonv1.RequestSpec) deadline.Terms {
	platform := d.platform(spec.GetPlatform())
	terms := deadline.Terms{Days: days{spec.GetCalendar(), platform.GetWorkingDays()}}
	for _, agreement := range platform.GetAgreements() {
		if agreement.GetAuthority() == authority {
			terms.RoutineDays, terms.EmergencyHours = int(agreement.GetRoutineDays()), int(agreement.GetEmergencyHours())
		}
	}
	return terms
}

// platform returns a platform's entry; nil if there is none.
func (d *Directory) platform(name string) *liaisonv1.Platform {
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return nil
	}
	entry, err := d.Entry(parsed)
	if err != nil {
		return nil
	}
	return entry.GetPlatform()
}

// days are those of a request's calendar. They are looked up when they are asked for,
// which few steps do.
type days struct {
	calendar *liaisonv1.Calendar
	platform *liaisonv1.WorkingDays
}

var _ deadline.Days = days{}

// After implements [deadline.Days].
func (d days) After(from time.Time, n int) time.Time { return d.counted().After(from, n) }

// Resume implements [deadline.Days].
func (d days) Resume(due, stopped, resumed time.Time) time.Time {
	return d.counted().Resume(due, stopped, resumed)
}

// counted returns the calendar that the days are counted by. A zone or working days that
// cannot be read, which are refused before they are stored, fall back to all days of UTC:
// a deadline there must be.
func (d days) counted() calendar.Calendar {
	counted, err := calendarOf(d.calendar, d.platform)
	if err != nil {
		counted, _ = calendar.Every("UTC")
	}
	return counted
}

func calendarOf(c *liaisonv1.Calendar, platform *liaisonv1.WorkingDays) (calendar.Calendar, error) {
	if c.GetDays() != liaisonv1.DayKind_DAY_KIND_WORKING {
		return calendar.Every(c.GetTimeZone())
	}
	var weekend []time.Weekday
	for _, day := range platform.GetWeekend() {
		weekend = append(weekend, time.Weekday(day%7)) // ISO 8601 ends the week with Sunday, 7
	}
	return calendar.Working(c.GetTimeZone(), weekend, platform.GetHolidays())
}

// checkWorkingDays refuses holidays that are no dates.
func checkWorkingDays(w *liaisonv1.WorkingDays) error {
	for i, holiday := range w.GetHolidays() {
		if _, err := calendar.ParseDate(holiday); err != nil {
			return invalid(fmt.Sprintf("platform.working_days.holidays[%d]", i), calendar.ErrDate.Error())
		}
	}
	return nil
}
