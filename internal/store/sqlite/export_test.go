package sqlite

// WithRecentSelectors sets after how many selectors the recent ones move.
func WithRecentSelectors(n int) Option { return func(s *settings) { s.mostRecent = n } }
