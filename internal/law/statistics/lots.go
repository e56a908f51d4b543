// Package statistics counts what happened between authorities and platforms, and releases
// the counts so that no small one can be found out.
//
// The method is controlled rounding (I. P. Fellegi, "Controlled random rounding", Survey
// Methodology 1, 1975; L. H. Cox, L. R. Ernst, "Controlled rounding", INFOR 20, 1982) along
// time. Between one authority and one platform, apart for emergencies, a count is released
// in lots of [Lot]: as soon as so many have come together, in the month in which the lot is
// full. What does not fill a lot waits for later months. Where a total has parts, such as
// requests by their kind, each of its lots goes to one part, so that the parts always add
// up to the total.
//
// Nothing else is ever released. Each report is a sum of lots, over authorities, platforms
// and months, and never of what they were made of; so whoever subtracts one report from
// another gets lots again. A cell without a lot is suppressed (primary suppression), and
// what is suppressed is missing from every total above it (complementary suppression).
//
// Why no suppressed count is found out, whatever reports are put together and even if the
// method is known: take what is released as if it were the truth, and add up to Lot-1
// requests of any one sort, in any one month, between any two. The same lots are released
// again. So each suppressed count may as well be 0 as Lot-1, and nobody can tell. The test
// of this package does it for every cell.
package statistics

import "slices"

// Lot is how many are released together at least.
const Lot = 5

// block is cells of a series that are released together.
type block struct {
	from, before int // which cells

	// Of its lots, how many there are is decided by
	alone   bool // each cell by itself: cells of it are no parts of a total
	follows int  // the lots that the cell of this number was given, if it is not itself
}

// waiting are the counts of a block that wait for a lot. They may be below zero: a cell can
// be given the lot that several have filled.
type waiting struct {
	cells []int64
	turn  int
}

// turns are where in the order of the cells that filled a lot together the one stands that
// is given it: in the middle first, then anywhere, so that times to answer are neither
// all short nor all long.
var turns = [...]int64{5, 1, 9, 3, 7} // of ten

// award gives lots away and returns how many each cell got. It gives them to cells that
// have a lot first. What is left goes to cells that have some of one, in turn.
func (w *waiting) award(lots int64) []int64 {
	given := make([]int64, len(w.cells))
	give := func(i int, n int64) {
		given[i] += n
		w.cells[i] -= n * Lot
		lots -= n
	}
	var full int64
	for _, n := range w.cells {
		full += max(0, n) / Lot
	}
	if full <= lots {
		for i, n := range w.cells {
			give(i, max(0, n)/Lot)
		}
	}
	for lots > 0 {
		most := slices.Max(w.cells)
		if most >= Lot || most <= 0 {
			give(slices.Index(w.cells, most), 1)
			continue
		}
		give(w.turned(), 1)
	}
	return given
}

// turned returns the cell whose turn it is, of those above zero.
func (w *waiting) turned() int {
	var all, passed int64
	for _, n := range w.cells {
		all += max(0, n)
	}
	at := turns[w.turn%len(turns)]
	w.turn++
	for i, n := range w.cells {
		if passed += max(0, n); n > 0 && passed*10 >= at*all {
			return i
		}
	}
	return slices.Index(w.cells, slices.Max(w.cells))
}

// full returns how many lots all cells together fill.
func (w *waiting) full() int64 {
	var all int64
	for _, n := range w.cells {
		all += n
	}
	return max(0, all) / Lot
}

// pile is a sum of amounts, such as people affected, one for each request that has one.
type pile struct {
	sum, most, requests int64
}

func (p *pile) add(q pile) {
	p.sum, p.most, p.requests = p.sum+q.sum, max(p.most, q.most), p.requests+q.requests
}

// ripe says whether the sum can be released: of a lot of requests at least, none of which
// makes up over four fifths of it.
func (p *pile) ripe() bool {
	return p.requests >= Lot && p.most <= p.sum/5*4
}

// inLots releases what of the sum fills lots. The rest waits, as of nobody's.
func (p *pile) inLots() int64 {
	if !p.ripe() {
		return 0
	}
	released := p.sum / Lot * Lot
	*p = pile{sum: p.sum - released}
	return released
}

// roundly releases the sum with two digits, rounded down.
func (p *pile) roundly() int64 {
	if !p.ripe() {
		return 0
	}
	digits := int64(1)
	for p.sum/digits >= 100 {
		digits *= 10
	}
	released := p.sum / digits * digits
	*p = pile{}
	return released
}
