package sequencer

// Queued is how many steps wait for the writer.
func Queued(s *Sequencer) int { return len(s.queue) }
