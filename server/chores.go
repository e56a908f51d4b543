package server

import (
	"context"
	"time"
	_ "time/tzdata" // deadlines must not depend on what the machine knows of time zones
)

// keepDue has the hub take the steps whose time has come, until ctx ends. What came due
// while no hub ran is done first.
func (s *Server) keepDue(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		n, err := s.sequencer.TakeDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("what is due was not done", "error", err)
		}
		if n > 0 {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// purgeEvery is how often is looked for requests whose time has come.
const purgeEvery = time.Minute

// keepPurged purges what has been over for longer than the retention, until ctx ends.
func (s *Server) keepPurged(ctx context.Context) {
	if s.retention <= 0 {
		return
	}
	ticker := time.NewTicker(purgeEvery)
	defer ticker.Stop()
	for {
		n, err := s.sequencer.PurgeOver(ctx, s.clock().Add(-s.retention))
		if err != nil && ctx.Err() == nil {
			s.log.Error("what is over was not purged", "error", err)
		}
		if n > 0 {
			s.log.Info("requests were purged", "requests", n)
			select {
			case s.purged <- struct{}{}: // their attachments go, too
			default:
			}
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
