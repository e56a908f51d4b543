package measure

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// FilingConfig says how filing is measured.
type FilingConfig struct {
	Callers []int         // how many file at a time, each of these in turn
	Rounds  int           // of each, baseline and hub in turns
	Round   time.Duration // about how long one takes
}

// FilingResult is how fast filings are taken.
type FilingResult struct {
	RequestBytes  int           `json:"request_bytes"`
	ResponseBytes int           `json:"response_bytes"`
	Key           string        `json:"key"` // that filings were signed with
	Levels        []FilingLevel `json:"levels"`
	Lone          *LoneFiling   `json:"lone,omitempty"`
}

// FilingLevel is how fast with so many callers at a time.
type FilingLevel struct {
	Callers     int `json:"callers"`
	Connections int `json:"connections"`

	Baseline  float64   `json:"baseline_per_second"` // medians of the rounds
	Hub       float64   `json:"hub_per_second"`
	Ratio     float64   `json:"ratio"` // median of the rounds' ratios
	Ratios    []float64 `json:"ratios"`
	Latencies Latencies `json:"latencies"` // of the hub's filings

	BaselineCPU time.Duration `json:"baseline_cpu_ns"` // of both ends, a call
	HubCPU      time.Duration `json:"hub_cpu_ns"`
	PerCommit   float64       `json:"filings_per_commit"`

	// SDK is the rate with the SDK at the other end: it signs, which the hub's figure
	// leaves out, and checks the receipt and that the ledger has only grown. SDKKept is that
	// of one that keeps on disk what it has seen of the ledger before a step counts. Their
	// ratios are to filings without it, in turns.
	SDK          float64 `json:"sdk_per_second"`
	SDKRatio     float64 `json:"sdk_ratio"`
	SDKKept      float64 `json:"sdk_kept_per_second"`
	SDKKeptRatio float64 `json:"sdk_kept_ratio"`
}

// LoneFiling compares one caller's filing with the disk's fsync.
type LoneFiling struct {
	Filing   Latencies `json:"filing"`
	Baseline Latencies `json:"baseline"`
	Fsync    Latencies `json:"fsync"`
	Ratio    float64   `json:"ratio"` // of the medians
}

// callersPerConnection is how many callers share a connection, at the baseline and at
// the hub alike.
const callersPerConnection = 16

// filing is the benchmark while it runs.
type filing struct {
	*workspace
	c      *Config
	bare   *bare
	signer envelope.Signer
	spec   *liaisonv1.RequestSpec
	secret string
	sample *liaisonv1.FileRequestRequest
}

func runFiling(ctx context.Context, c *Config, r *Report) (err error) {
	w, err := newWorkspace(ctx, c, "filing")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	f, err := w.newFiling(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.bare.stop()) }()
	result := &FilingResult{
		RequestBytes:  proto.Size(f.sample),
		ResponseBytes: proto.Size(f.bare.response),
		Key:           f.signer.Chain[0].PublicKeyAlgorithm.String(),
	}
	for _, callers := range c.Filing.Callers {
		level, lone, err := f.level(ctx, callers)
		if err != nil {
			return err
		}
		result.Levels = append(result.Levels, level)
		if callers == 1 {
			result.Lone = lone
		}
	}
	r.Filing = result
	return nil
}

// newFiling prepares to file at the workspace's hub, and a bare server that answers as
// the hub did once.
func (w *workspace) newFiling(ctx context.Context, c *Config) (*filing, error) {
	f := &filing{workspace: w, c: c}
	var err error
	if f.signer, err = w.hub.signer(officer); err != nil {
		return nil, err
	}
	if f.spec, f.secret, err = newSpec(); err != nil {
		return nil, err
	}
	if f.sample, err = newFiling(f.signer, f.spec); err != nil {
		return nil, err
	}
	conn, err := w.hub.dial(ctx, officer)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	response, err := liaisonv1.NewAuthorityServiceClient(conn).FileRequest(ctx, f.sample)
	if err != nil {
		return nil, fmt.Errorf("file a first request: %w", err)
	}
	f.bare, err = w.openBare(response)
	return f, err
}

// level measures with so many callers at a time.
func (f *filing) level(ctx context.Context, callers int) (level FilingLevel, lone *LoneFiling, err error) {
	connections := (callers + callersPerConnection - 1) / callersPerConnection
	hubConns, closeHub, err := f.hub.dialAll(ctx, officer, connections)
	if err != nil {
		return level, nil, err
	}
	defer closeHub()
	bareConns, closeBare, err := f.bare.dialAll(ctx, officer, connections)
	if err != nil {
		return level, nil, err
	}
	defer closeBare()
	turns := &turns{
		filing: f,
		bare:   contender{load: load{conns: bareConns, method: bareFile, callers: callers}},
		hub:    contender{load: load{conns: hubConns, method: liaisonv1.AuthorityService_FileRequest_FullMethodName, callers: callers}},
	}
	if err := turns.warmUp(ctx); err != nil {
		return level, nil, err
	}
	level = FilingLevel{Callers: callers, Connections: connections}
	commits := f.store.commits.Load()
	for round := range f.c.Filing.Rounds {
		if err := turns.round(ctx, round); err != nil {
			return level, nil, err
		}
	}
	commits = f.store.commits.Load() - commits
	level.Ratios, level.Ratio = turns.ratios, median(turns.ratios)
	level.Baseline, level.Hub = median(turns.bare.rates), median(turns.hub.rates)
	level.BaselineCPU, level.HubCPU = turns.bare.cpuPerCall(), turns.hub.cpuPerCall()
	level.PerCommit = ratio(float64(len(turns.hub.took)), float64(commits))
	lone = &LoneFiling{Filing: latenciesOf(turns.hub.took), Baseline: latenciesOf(turns.bare.took), Fsync: latenciesOf(turns.fsyncs)}
	lone.Ratio = ratio(float64(lone.Filing.P50), float64(lone.Fsync.P50))
	level.Latencies = lone.Filing
	err = f.compareSDK(ctx, &level, turns.hub.load, max(4*callers, turns.hub.calls))
	return level, lone, err
}

// load is calls to one method.
type load struct {
	conns   []*grpc.ClientConn
	method  string
	callers int
}

// drive makes n calls, each caller one after the other; if there are fewer messages than
// calls they are sent again.
func (l load) drive(ctx context.Context, messages signedFilings, n int) (driven, error) {
	return spread(ctx, l.callers, n, func(ctx context.Context, caller, i int) error {
		return l.conns[caller%len(l.conns)].Invoke(ctx, l.method, messages[i%len(messages)], &liaisonv1.Recorded{})
	})
}

// driven is what a load took.
type driven struct {
	took    []time.Duration // each call
	elapsed time.Duration
	cpu     time.Duration // of this process, all that ran
}

func (d driven) perSecond() float64 { return perSecond(len(d.took), d.elapsed) }

// spread makes n calls by so many callers, and times each and all. What was allocated
// before is collected first, so that nobody pays for what is not theirs.
func spread(ctx context.Context, callers, n int, call func(ctx context.Context, caller, i int) error) (driven, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	took := make([]time.Duration, n)
	runtime.GC()
	used := processorTime()
	begin := time.Now()
	for caller := range callers {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				sent := time.Now()
				if err := call(ctx, caller, i); err != nil {
					cancel(fmt.Errorf("call %d of %d: %w", i+1, n, err))
					return
				}
				took[i] = time.Since(sent)
			}
		})
	}
	wait.Wait()
	return driven{took: took, elapsed: time.Since(begin), cpu: processorTime() - used}, context.Cause(ctx)
}
