package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// GrowthConfig says how large an archive is let grow.
type GrowthConfig struct {
	Sizes   []int // requests in it, in rising order
	Samples int   // calls of each kind at each size
}

// GrowthResult is what a hub costs by the size of its archive.
type GrowthResult struct {
	Sizes []GrowthSize `json:"sizes"`
}

// GrowthSize is what a hub costs at one size. Durations are medians, with all of the archive
// in memory unless it is said otherwise.
type GrowthSize struct {
	Requests int           `json:"requests"`
	Bytes    int64         `json:"archive_bytes"` // zero where the engine keeps no files
	Generate time.Duration `json:"generate_ns"`   // what it took to get there from the size before
	Open     time.Duration `json:"open_ns"`       // the archive
	Start    time.Duration `json:"start_ns"`      // the hub over it
	Page     time.Duration `json:"page_ns"`       // the newest 50 of a party's requests
	Get      time.Duration `json:"get_ns"`        // one request, any
	Bare     time.Duration `json:"bare_ns"`       // a bare call, in turns with these
	GetDisk  time.Duration `json:"get_disk_ns"`   // one request, any, read from the disk; zero where that cannot be had
	Resume   time.Duration `json:"resume_ns"`     // a watch that 100 events have passed by
	Filing   time.Duration `json:"filing_ns"`     // a lone caller's
}

// pageSize is how many requests a page has, and missed how many events have passed by who
// resumes a watch. Any request is read so many times as often as all else is done: it is
// soon done, and which one it is makes more of a difference.
const (
	pageSize  = 50
	missed    = 100
	moreReads = 10
)

func runGrowth(ctx context.Context, c *Config, r *Report) (err error) {
	w, err := newWorkspace(ctx, c, "growth")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	signer, err := w.hub.signer(officer)
	if err != nil {
		return err
	}
	spec, _, err := newSpec()
	if err != nil {
		return err
	}
	g, err := newGenerator(signer, spec, w.ledgerSecret)
	if err != nil {
		return err
	}
	result := &GrowthResult{}
	held := 0
	for _, size := range c.Growth.Sizes {
		if size <= held {
			return fmt.Errorf("the sizes must rise: %d comes after %d", size, held)
		}
		begin := time.Now()
		// No hub runs while the archive is filled: it would not know of what is written.
		if err := w.stopHub(); err != nil {
			return err
		}
		if err := g.fill(ctx, w.store, size-held, func(done int) {
			if done%100_000 == 0 {
				c.progress("%d of %d requests", held+done, size)
			}
		}); err != nil {
			return err
		}
		at := GrowthSize{Requests: size, Generate: time.Since(begin)}
		c.progress("%d requests are there after %s", size, at.Generate.Round(time.Second))
		if err := w.measureGrowth(ctx, c, g, &at); err != nil {
			return err
		}
		head, err := w.store.Head(ctx)
		if err != nil {
			return err
		}
		held = int(head.Seq) // with those that were filed while it was measured
		result.Sizes = append(result.Sizes, at)
	}
	r.Growth = result
	return nil
}

func (w *workspace) stopHub() error {
	if w.hub == nil {
		return nil
	}
	running := w.hub
	w.hub = nil
	return running.stop()
}

// measureGrowth starts a hub over the archive as it is, and measures it.
func (w *workspace) measureGrowth(ctx context.Context, c *Config, g *generator, at *GrowthSize) error {
	if err := w.store.Close(); err != nil {
		return err
	}
	var err error
	if at.Bytes, err = w.size(); err != nil {
		return err
	}
	// Of what nobody has read for a while a system may have let go: of a large archive much,
	// of one that was made just now nothing. All that memory has room for is to be there.
	if err := w.eachFile(readThrough); err != nil {
		return err
	}
	if at.Open, err = w.reopen(ctx, c); err != nil {
		return err
	}
	at.Start = w.hub.started
	if err := w.callInMemory(ctx, c, g, at); err != nil {
		return err
	}
	if at.Bytes > 0 {
		at.GetDisk, err = w.getFromDisk(ctx, c)
	}
	return err
}

// reopen opens the archive, which is closed, and starts a hub over it.
func (w *workspace) reopen(ctx context.Context, c *Config) (took time.Duration, err error) {
	begin := time.Now()
	if err := w.open(ctx, c, "growth"); err != nil {
		return 0, err
	}
	took = time.Since(begin)
	w.hub, err = w.openHub(ctx, w.store, w.dir)
	return took, err
}

// getFromDisk has a hub read any requests after the system has forgotten what is in the archive's
// files. It returns zero if a system does not forget when asked.
func (w *workspace) getFromDisk(ctx context.Context, c *Config) (time.Duration, error) {
	names, err := w.anyRequests(ctx, c.Growth.Samples)
	if err != nil {
		return 0, err
	}
	// An archive's locks go with whichever of its files' handles the process closes first.
	if err := errors.Join(w.stopHub(), w.store.Close()); err != nil {
		return 0, err
	}
	forgotten := w.eachFile(forget)
	if forgotten != nil && !errors.Is(forgotten, errors.ErrUnsupported) {
		return 0, forgotten
	}
	if _, err := w.reopen(ctx, c); err != nil || forgotten != nil {
		return 0, err
	}
	conn, err := w.hub.dial(ctx, officer)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	m := &growthCalls{workspace: w, conn: conn}
	gets := make([]time.Duration, len(names))
	for i, name := range names {
		if gets[i], err = m.get(ctx, name); err != nil {
			return 0, err
		}
	}
	return latenciesOf(gets).P50, nil
}

// callInMemory measures calls to a hub whose archive the system holds in memory.
func (w *workspace) callInMemory(ctx context.Context, c *Config, g *generator, at *GrowthSize) error {
	conn, err := w.hub.dial(ctx, officer)
	if err != nil {
		return err
	}
	defer conn.Close()
	m := &growthCalls{workspace: w, conn: conn, generator: g}
	if at.Get, at.Bare, err = m.getInTurns(ctx, moreReads*c.Growth.Samples); err != nil {
		return err
	}
	for _, kind := range []struct {
		into *time.Duration
		n    int
		call func(context.Context) (time.Duration, error)
	}{
		{&at.Page, c.Growth.Samples, m.page},
		{&at.Resume, max(1, c.Growth.Samples/10), m.resume},
		{&at.Filing, c.Growth.Samples, m.file},
	} {
		var took []time.Duration
		for range kind.n {
			one, err := kind.call(ctx)
			if err != nil {
				return err
			}
			took = append(took, one)
		}
		*kind.into = latenciesOf(took).P50
	}
	return nil
}

// growthCalls are the calls that are measured, each of which times itself.
type growthCalls struct {
	*workspace
	conn      *grpc.ClientConn
	generator *generator
}

func (m *growthCalls) page(ctx context.Context) (time.Duration, error) {
	begin := time.Now()
	out, err := liaisonv1.NewRequestServiceClient(m.conn).ListRequests(ctx, &liaisonv1.ListRequestsRequest{
		PageSize: pageSize, Order: liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST,
	})
	took := time.Since(begin)
	if err == nil && len(out.GetRequests()) != pageSize {
		err = fmt.Errorf("a page has %d requests", len(out.GetRequests()))
	}
	return took, err
}

// getInTurns reads any n requests, in turns with bare calls, which tell how busy the machine
// is with other things meanwhile.
func (m *growthCalls) getInTurns(ctx context.Context, n int) (get, bareCall time.Duration, err error) {
	names, err := m.anyRequests(ctx, n)
	if err != nil {
		return 0, 0, err
	}
	response, err := m.sampleResponse()
	if err != nil {
		return 0, 0, err
	}
	b, err := m.openBare(response)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	conn, err := b.dial(ctx, officer)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	var gets, bares []time.Duration
	for _, name := range names {
		took, err := m.get(ctx, name)
		if err != nil {
			return 0, 0, err
		}
		gets = append(gets, took)
		begin := time.Now()
		if err := conn.Invoke(ctx, bareFile, &liaisonv1.FileRequestRequest{}, &liaisonv1.Recorded{}); err != nil {
			return 0, 0, err
		}
		bares = append(bares, time.Since(begin))
	}
	return latenciesOf(gets).P50, latenciesOf(bares).P50, nil
}

// anyRequests names n requests from all over the archive. They are looked up before any of
// them is read: what was looked up just now is half read already.
func (w *workspace) anyRequests(ctx context.Context, n int) ([]string, error) {
	head, err := w.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, n)
	for i := range names {
		rows, err := w.store.Events(ctx, store.EventQuery{After: resource.Seq(rand.Uint64N(uint64(head.Seq))), Limit: 1})
		if err != nil || len(rows) != 1 {
			return nil, fmt.Errorf("look up a request: %d found, %w", len(rows), err)
		}
		names[i] = rows[0].Request.String()
	}
	return names, nil
}

func (m *growthCalls) get(ctx context.Context, name string) (time.Duration, error) {
	begin := time.Now()
	_, err := liaisonv1.NewRequestServiceClient(m.conn).GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: name})
	return time.Since(begin), err
}

func (m *growthCalls) resume(ctx context.Context) (time.Duration, error) {
	head, err := m.store.Head(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin := time.Now()
	_, err = openWatch(ctx, liaisonv1.NewRequestServiceClient(m.conn), uint64(head.Seq)-missed)
	return time.Since(begin), err
}

func (m *growthCalls) file(ctx context.Context) (time.Duration, error) {
	call, err := newFiling(m.generator.signer, m.generator.spec)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	_, err = liaisonv1.NewAuthorityServiceClient(m.conn).FileRequest(ctx, call)
	return time.Since(begin), err
}
