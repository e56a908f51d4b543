package statistics

import (
	"maps"
	"slices"
)

// Series is between whom is counted, emergencies apart.
type Series struct {
	Authority, Platform string
	Emergency           bool
}

// Tally are the true counts, by series and month. It never leaves the hub.
type Tally struct {
	months map[Series]map[Month]*counts
}

// counts are a series' of one month.
type counts struct {
	cells           [cells]int64
	people, parties pile
}

// NewTally returns a tally of nothing.
func NewTally() *Tally { return &Tally{months: make(map[Series]map[Month]*counts)} }

// of returns the counts of a series in a month.
func (t *Tally) of(s Series, m Month) *counts {
	if t.months[s] == nil {
		t.months[s] = make(map[Month]*counts)
	}
	if t.months[s][m] == nil {
		t.months[s][m] = &counts{}
	}
	return t.months[s][m]
}

// Released are counts as they are released, of all months up to one.
type Released struct {
	months map[Series]map[Month]*released
	before Month
}

// released are a series' of one month, each in multiples of a lot.
type released struct {
	cells           [cells]int64
	people, parties int64
}

// Before returns the month up to which it goes, which is not in it.
func (r *Released) Before() Month { return r.before }

// Release makes of a tally what can be told. Of a month that is over it always makes the
// same, however many months come behind it.
func (t *Tally) Release(before Month) *Released {
	out := &Released{months: make(map[Series]map[Month]*released, len(t.months)), before: before}
	for series, months := range t.months {
		out.months[series] = release(months, before)
	}
	return out
}

// release releases a series, month by month.
func release(months map[Month]*counts, before Month) map[Month]*released {
	var wait [len(blocks)]waiting
	for i, b := range blocks {
		wait[i].cells = make([]int64, b.before-b.from)
	}
	var people, parties pile
	out := make(map[Month]*released)
	for _, month := range slices.Sorted(maps.Keys(months)) {
		if month >= before {
			break
		}
		counted, r := months[month], &released{}
		for i, b := range blocks {
			for j := range wait[i].cells {
				wait[i].cells[j] += counted.cells[b.from+j]
			}
			var given []int64
			switch {
			case b.alone:
				given = wait[i].awardAlone()
			case b.follows != itself:
				given = wait[i].award(r.cells[b.follows] / Lot)
			default:
				given = wait[i].award(wait[i].full())
			}
			for j, lots := range given {
				r.cells[b.from+j] = lots * Lot
			}
		}
		people.add(counted.people)
		parties.add(counted.parties)
		r.people, r.parties = people.roundly(), parties.inLots()
		if *r != (released{}) {
			out[month] = r
		}
	}
	return out
}

// awardAlone gives each cell the lots that it fills by itself.
func (w *waiting) awardAlone() []int64 {
	given := make([]int64, len(w.cells))
	for i, n := range w.cells {
		given[i] = n / Lot
		w.cells[i] = n % Lot
	}
	return given
}

// sum adds up what was released of an authority, a platform or all, in a period, apart
// for emergencies.
func (r *Released) sum(p Period, authority, platform string) (routine, emergency released) {
	for series, months := range r.months {
		if authority != "" && series.Authority != authority || platform != "" && series.Platform != platform {
			continue
		}
		to := &routine
		if series.Emergency {
			to = &emergency
		}
		for month, of := range months {
			if month >= p.From && month < p.Before {
				to.add(of)
			}
		}
	}
	return routine, emergency
}

func (r *released) add(of *released) {
	for i, n := range of.cells {
		r.cells[i] += n
	}
	r.people += of.people
	r.parties += of.parties
}
