package server

import (
	"context"
	"sync"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/statistics"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.StatisticsServiceServer = (*statisticsService)(nil)

// statisticsService tells every participant what happened in a period.
type statisticsService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeStatisticsServiceServer

	server   *Server
	releases *releases
}

// GetTransparencyReport implements the contract.
func (t *statisticsService) GetTransparencyReport(ctx context.Context, in *liaisonv1.GetTransparencyReportRequest) (*liaisonv1.GetTransparencyReportResponse, error) {
	period, err := statistics.ParsePeriod(in.GetPeriod())
	if err != nil {
		return nil, err
	}
	for _, name := range []string{in.GetAuthority(), in.GetPlatform()} {
		if err := t.takesPart(name); err != nil {
			return nil, err
		}
	}
	before := statistics.Told(t.server.clock())
	if period.Before > before {
		return nil, wire.ErrPeriodNotOver
	}
	released, err := t.releases.until(ctx, before, t.server)
	if err != nil {
		return nil, err
	}
	return &liaisonv1.GetTransparencyReportResponse{Report: released.Report(period, in.GetAuthority(), in.GetPlatform())}, nil
}

// takesPart returns an error unless the name is empty or of somebody who takes part.
func (t *statisticsService) takesPart(name string) error {
	if name == "" {
		return nil
	}
	organisation, err := resource.ParseOrganisation(name)
	if err != nil {
		return err
	}
	_, err = t.server.directory.Entry(organisation)
	return err
}

// releases is what was released last. Of a month that is over everything is told the same for
// ever, so that it is counted once a month, whoever asks.
type releases struct {
	mu       sync.Mutex
	released *statistics.Released
	counting *counting // nil while nobody counts
}

// counting is a count under way; done is closed when the rest is there.
type counting struct {
	done     chan struct{}
	released *statistics.Released
	err      error
}

func newReleases() *releases { return &releases{} }

// until returns what is told of everything before a month. A count that is needed goes on
// when the caller has given up, so that whoever asks again finds it done.
func (t *releases) until(ctx context.Context, before statistics.Month, s *Server) (*statistics.Released, error) {
	t.mu.Lock()
	if t.released != nil && t.released.Before() >= before {
		defer t.mu.Unlock()
		return t.released, nil
	}
	if t.counting == nil {
		t.counting = &counting{done: make(chan struct{})}
		c := t.counting
		s.background.Go(func() { t.count(c, before, s) })
	}
	c := t.counting
	t.mu.Unlock()
	select {
	case <-c.done:
		return c.released, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// count counts until the hub stops.
func (t *releases) count(c *counting, before statistics.Month, s *Server) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-s.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	tally, err := s.tally(ctx)
	if err == nil {
		c.released = tally.Release(before)
	}
	c.err = err
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.released = c.released
	}
	t.counting = nil
	close(c.done)
}

// authoritiesPage is how many authorities are looked up at a time.
const authoritiesPage = 100

// tally counts all requests that there ever were: each is some authority's, and no
// authority ever leaves the directory.
func (s *Server) tally(ctx context.Context) (*statistics.Tally, error) {
	tally := statistics.NewTally()
	for after, more := "", true; more; {
		var page []*directory.Entry
		page, more = s.directory.Page(resource.Authorities, after, authoritiesPage)
		for _, entry := range page {
			after = directory.Organisation(entry).GetName()
			authority, err := resource.ParseOrganisation(after)
			if err != nil {
				return nil, err
			}
			err = s.archive.Figures(ctx, authority, func(platform resource.Organisation, f *liaisonv1.Figures) {
				tally.Count(authority.String(), platform.String(), f)
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return tally, nil
}
