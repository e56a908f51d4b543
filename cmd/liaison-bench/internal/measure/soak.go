package measure

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// SoakConfig says how a hub is held under load.
type SoakConfig struct {
	Duration time.Duration
	Peak     time.Duration // for how long the peak is looked for first
	Workers  int           // cases that are under way at a time
	Samples  int
}

// SoakResult is whether a hub stays as it is under load.
type SoakResult struct {
	Duration time.Duration `json:"duration_ns"`
	Peak     float64       `json:"peak_cases_per_second"`
	Rate     float64       `json:"cases_per_second"`
	Cases    int           `json:"cases"`
	Watched  int64         `json:"events_watched"`
	Late     int           `json:"cases_late"` // that no worker was free for in time
	Samples  []SoakSample  `json:"samples"`
}

// SoakSample is the hub at one time, and its latencies since the sample before.
type SoakSample struct {
	At      time.Duration `json:"at_ns"`
	Usage   Usage         `json:"usage"`
	Filing  Latencies     `json:"filing"`
	Reading Latencies     `json:"reading"`
	Answer  Latencies     `json:"answering"`

	// Machine is what the machine itself took at that moment for work that is always the
	// same: a signature checked and 4 KB forced to disk. Where it rises, others are
	// at work.
	Machine time.Duration `json:"machine_ns"`
}

// Flatness is the mean of the last third over that of the first.
func (s *SoakResult) Flatness(of func(SoakSample) float64) float64 {
	third := len(s.Samples) / 3
	if third == 0 {
		return 0
	}
	mean := func(samples []SoakSample) (sum float64) {
		for _, sample := range samples {
			sum += of(sample)
		}
		return sum / float64(len(samples))
	}
	return ratio(mean(s.Samples[len(s.Samples)-third:]), mean(s.Samples[:third]))
}

// soak is the benchmark while it runs: SDKs at both ends of a hub in a child process.
type soak struct {
	authority *client.Authority
	platform  *client.Platform
	spec      *liaisonv1.RequestSpec
	answer    *liaisonv1.Answer
	watched   atomic.Int64
	probed    *liaisonv1.Envelope // what probe opens

	mu                        sync.Mutex
	filing, reading, answered []time.Duration // since the last sample
}

func runSoak(ctx context.Context, c *Config, r *Report) (err error) {
	k, err := c.startChild(ctx, childHub)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.stop()) }()
	s := &soak{}
	closeAll, err := s.connect(k)
	if err != nil {
		return err
	}
	defer closeAll()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel(nil)
	for _, reader := range []watcher{s.authority, s.platform} {
		watching.Go(func() { s.watch(ctx, reader, cancel) })
	}

	c.progress("looking for the peak")
	peak, err := s.peak(ctx, c.Soak)
	if err != nil {
		return err
	}
	result := &SoakResult{Duration: c.Soak.Duration, Peak: peak, Rate: peak / 2}
	c.progress("%.1f cases a second for %s", result.Rate, c.Soak.Duration)
	if err := s.hold(ctx, c, k, result); err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	result.Watched = s.watched.Load()
	r.Soak = result
	return nil
}

// connect connects both ends.
func (s *soak) connect(k *child) (closeAll func(), err error) {
	var secret string
	if s.spec, secret, err = newSpec(); err != nil {
		return nil, err
	}
	s.answer = &liaisonv1.Answer{}
	rest := &liaisonv1.Answer{}
	if err := errors.Join(readCase(emergencyCase+"answer-partial.yaml", s.answer), readCase(emergencyCase+"answer-final.yaml", rest)); err != nil {
		return nil, err
	}
	s.answer.Findings, s.answer.Screening = append(s.answer.Findings, rest.GetFindings()...), rest.GetScreening()
	s.answer.Final = true
	officers, err1 := k.sdk(officer, client.WithAnswerKeys(secret))
	agents, err2 := k.sdk(agent)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	signer, err := k.signer(officer)
	if err != nil {
		return nil, err
	}
	call, err := newFiling(signer, s.spec)
	if err != nil {
		return nil, err
	}
	s.probed = call.GetSigned()
	s.authority, s.platform = officers.Authority(), agents.Platform()
	return func() {
		_ = officers.Close() // what was measured is measured
		_ = agents.Close()
	}, nil
}

// watcher watches at either end.
type watcher interface {
	Watch(ctx context.Context, o client.WatchOptions) iter.Seq2[*liaisonv1.Event, error]
}

// watch counts what one end hears.
func (s *soak) watch(ctx context.Context, r watcher, failed context.CancelCauseFunc) {
	for _, err := range r.Watch(ctx, client.WatchOptions{}) {
		if err != nil {
			failed(fmt.Errorf("watch: %w", err))
			return
		}
		s.watched.Add(1)
	}
}

// play plays one case: it is filed, acknowledged, read, answered, listed and read again.
func (s *soak) play(ctx context.Context) error {
	var name string
	for _, step := range []struct {
		into *[]time.Duration
		take func() error
	}{
		{&s.filing, func() error {
			filed, err := s.authority.File(ctx, ofOthers(s.spec, uuid.New()))
			name = filed.GetRequest()
			return err
		}},
		{&s.answered, func() error {
			_, err := s.platform.Acknowledge(ctx, name, &liaisonv1.Acknowledgement{})
			return err
		}},
		{&s.reading, func() error {
			_, err := s.platform.Get(ctx, name)
			return err
		}},
		{&s.answered, func() error {
			_, err := s.platform.Answer(ctx, name, s.answer)
			return err
		}},
		{&s.reading, func() error { return s.list(ctx) }},
		{&s.reading, func() error {
			_, err := s.authority.Get(ctx, name)
			return err
		}},
	} {
		begin := time.Now()
		if err := step.take(); err != nil {
			return err
		}
		took := time.Since(begin)
		s.mu.Lock()
		*step.into = append(*step.into, took)
		s.mu.Unlock()
	}
	return nil
}

// list reads the newest page.
func (s *soak) list(ctx context.Context) error {
	listed := 0
	for _, err := range s.authority.List(ctx, nil, liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST) {
		if err != nil {
			return err
		}
		if listed++; listed == pageSize {
			break
		}
	}
	return nil
}

// peak plays as many cases as there is time for.
func (s *soak) peak(ctx context.Context, c SoakConfig) (perSec float64, err error) {
	var played atomic.Int64
	var wait sync.WaitGroup
	failures := make([]error, c.Workers)
	begin := time.Now()
	for w := range c.Workers {
		wait.Go(func() {
			for time.Since(begin) < c.Peak && failures[w] == nil {
				failures[w] = s.play(ctx)
				played.Add(1)
			}
		})
	}
	wait.Wait()
	return perSecond(int(played.Load()), time.Since(begin)), errors.Join(failures...)
}

// hold plays cases at a steady rate, and takes samples.
func (s *soak) hold(ctx context.Context, c *Config, k *child, result *SoakResult) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan struct{})
	var wait sync.WaitGroup
	for range c.Soak.Workers {
		wait.Go(func() {
			for range work {
				if err := s.play(ctx); err != nil {
					cancel(err)
				}
			}
		})
	}
	s.sample() // what was measured at the peak is not part of it
	begin := time.Now()
	due := time.NewTicker(time.Duration(float64(time.Second) / result.Rate))
	defer due.Stop()
	every := time.NewTicker(c.Soak.Duration / time.Duration(c.Soak.Samples))
	defer every.Stop()
	for len(result.Samples) < c.Soak.Samples && ctx.Err() == nil {
		select {
		case <-due.C:
			select {
			case work <- struct{}{}:
				result.Cases++
			default:
				result.Late++
			}
		case <-every.C:
			sample, err := s.look(c.Dir, k)
			if err != nil {
				cancel(err)
				continue
			}
			sample.At = time.Since(begin)
			result.Samples = append(result.Samples, sample)
		case <-ctx.Done():
		}
	}
	close(work)
	wait.Wait()
	return context.Cause(ctx)
}

// look takes a sample of the hub, and of the machine.
func (s *soak) look(dir string, k *child) (SoakSample, error) {
	usage, err := k.ask(askSamples)
	if err != nil {
		return SoakSample{}, err
	}
	sample := s.sample()
	sample.Usage = usage
	sample.Machine, err = s.probe(dir)
	return sample, err
}

// probes is how many times the machine is asked for a sample of it.
const probes = 5

// probe takes the machine's time for work that is always the same.
func (s *soak) probe(dir string) (time.Duration, error) {
	var took []time.Duration
	for range probes {
		begin := time.Now()
		if _, _, err := envelope.Open(s.probed, envelope.StatementType); err != nil {
			return 0, err
		}
		checked := time.Since(begin)
		forced, err := measureFsync(dir, 1)
		if err != nil {
			return 0, err
		}
		took = append(took, checked+forced[0])
	}
	return latenciesOf(took).P50, nil
}

// sample returns the latencies since the last sample.
func (s *soak) sample() SoakSample {
	s.mu.Lock()
	defer s.mu.Unlock()
	sample := SoakSample{Filing: latenciesOf(s.filing), Reading: latenciesOf(s.reading), Answer: latenciesOf(s.answered)}
	s.filing, s.reading, s.answered = nil, nil, nil
	return sample
}
