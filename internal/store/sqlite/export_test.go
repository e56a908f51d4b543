package sqlite

// WithRecentSelectors sets after how many selectors the recent ones settle.
func WithRecentSelectors(n int) Option { return func(s *settings) { s.mostRecent = n } }
