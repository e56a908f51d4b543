package sequencer

// Queued is how many steps wait for the writer.
func Queued(s *Sequencer) int { return len(s.queue) }

// SelectorHashes returns what a request is found by that asks the same again.
var SelectorHashes = (*Sequencer).selectorHashes
