package scope

import "time"

// MaxExtension is by how much a preservation may be extended, once: Regulation
// (EU) 2023/1543 article 11(1).
const MaxExtension = 30 * 24 * time.Hour

// CheckPreservationExtension refuses an end that is not later than the current
// one, or later by more than MaxExtension.
func CheckPreservationExtension(currentEnd, newEnd time.Time) error {
	var c collector
	switch {
	case !newEnd.After(currentEnd):
		c.add(Invalid, "must be later than the time until which the data is kept already", "extension.end_time")
	case newEnd.After(currentEnd.Add(MaxExtension)):
		c.add(Invalid, "must be at most 30 days later than the time until which the data is kept already", "extension.end_time")
	}
	return c.err()
}
