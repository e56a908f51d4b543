package lifecycle

import "slices"

// MayMoveTo reports whether the step can bring a request into the state from another one.
// A step that only adds to a request, such as an audit, moves no request anywhere.
func (s Step) MayMoveTo(state State) bool {
	for _, row := range rules {
		if row.Step != s {
			continue
		}
		for _, from := range row.From {
			if from != state && slices.Contains(row.To.States(from), state) {
				return true
			}
		}
	}
	return false
}
