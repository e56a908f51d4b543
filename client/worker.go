package client

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// WorkerOption changes how a PlatformWorker works.
type WorkerOption func(*PlatformWorker)

// WithStateDir keeps what the worker must remember over a crash in a folder of its
// own: how far it has read, and which requests it has taken on. Without it the
// worker reads the inbox from its beginning and takes up all that is open, which
// is safe, and slower the longer the history.
func WithStateDir(dir string) WorkerOption { return func(w *PlatformWorker) { w.stateDir = dir } }

// WithConcurrency sets how many handlers may run at a time. The default is 4.
func WithConcurrency(n int) WorkerOption {
	return func(w *PlatformWorker) { w.running = make(chan struct{}, max(n, 1)) }
}

// WithSharedInbox says that several workers share the inbox. Whoever acknowledges a
// request first works on it, and the others leave it alone unless nothing happens
// to it for the time of takeover: then its worker is taken for dead, and another
// goes on. Each needs a WithStateDir of its own. Choose a takeover that is longer
// than a request ever waits for its handler and the handler ever works, Later
// included; what two do all the same, the hub takes once.
func WithSharedInbox(takeover time.Duration) WorkerOption {
	return func(w *PlatformWorker) { w.takeover = takeover }
}

// WithRetryPause sets the pauses before a handler that failed is called again: the
// first, and the longest. The defaults are a second and five minutes.
func WithRetryPause(first, longest time.Duration) WorkerOption {
	return func(w *PlatformWorker) { w.pauseFirst, w.pauseMost = first, longest }
}

// WithAcknowledgement makes what a request is acknowledged with, such as the
// platform's own number for it. The default is empty.
func WithAcknowledgement(make func(*liaisonv1.Request) *liaisonv1.Acknowledgement) WorkerOption {
	return func(w *PlatformWorker) { w.acknowledgement = make }
}

// WithLogger logs what the worker does: names of requests, states and reasons,
// never what a request or a response says. The default logs nothing.
func WithLogger(log *slog.Logger) WorkerOption { return func(w *PlatformWorker) { w.log = log } }

// PlatformWorker answers a platform's requests with a Handler.
type PlatformWorker struct {
	platform        *Platform
	handler         Handler
	stateDir        string
	takeover        time.Duration // zero: the inbox is this worker's alone
	pauseFirst      time.Duration
	pauseMost       time.Duration
	acknowledgement func(*liaisonv1.Request) *liaisonv1.Acknowledgement
	log             *slog.Logger
	running         chan struct{} // holds one place for each handler that may run

	state *workerState

	mu   sync.Mutex
	jobs map[string]*job // by the request's name
	wait sync.WaitGroup
}

// NewPlatformWorker makes a worker that answers with handler over a connection.
func NewPlatformWorker(conn *Conn, handler Handler, options ...WorkerOption) (*PlatformWorker, error) {
	if handler == nil {
		return nil, errors.New("client: a PlatformWorker needs a handler")
	}
	w := &PlatformWorker{
		platform:        conn.Platform(),
		handler:         handler,
		pauseFirst:      time.Second,
		pauseMost:       5 * time.Minute,
		acknowledgement: func(*liaisonv1.Request) *liaisonv1.Acknowledgement { return &liaisonv1.Acknowledgement{} },
		log:             slog.New(slog.DiscardHandler),
		running:         make(chan struct{}, 4),
	}
	for _, option := range options {
		option(w)
	}
	return w, nil
}

// Run works until ctx ends, and then returns nil after the handlers that run have
// returned. It returns an error only where going on is no use: the state folder
// cannot be used, the hub does not admit the caller, or the hub is found out. What is
// wrong with one request, by whosever fault, does not keep it from the others.
func (w *PlatformWorker) Run(ctx context.Context) error {
	state, err := openState(w.stateDir)
	if err != nil {
		return err
	}
	outer := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.state, w.jobs = state, make(map[string]*job)
	for _, name := range state.names() {
		w.wake(ctx, cancel, name, true, "")
	}
	err = w.read(ctx, cancel)
	cause := context.Cause(ctx) // a job's that cannot go on, or why the caller stops
	stopped := outer.Err() != nil && errors.Is(cause, context.Cause(outer))
	cancel(nil)
	w.wait.Wait()
	if flushed := state.flush(); flushed != nil {
		return flushed
	}
	switch {
	case stopped:
		return nil
	case cause != nil:
		return cause
	default:
		return err
	}
}

// read watches the inbox and wakes the job of each request that something happens
// to. What is history already is gone through first, so that requests which are
// over by now are not looked at one by one.
func (w *PlatformWorker) read(ctx context.Context, cancel context.CancelCauseFunc) error {
	history := make(map[string]watched) // the last event of each request
	after, index := w.state.cursor()
	return w.platform.follow(ctx, WatchOptions{After: after, Index: index}, func(m watched) error {
		if m.Entry != nil {
			if history != nil {
				history[m.Event.GetRequest()] = m
				return nil
			}
			return w.take(ctx, cancel, m)
		}
		// In their order: what is saved while some are not yet taken up must leave those
		// behind the cursor's place.
		last := slices.SortedFunc(maps.Values(history), func(a, b watched) int {
			return cmp.Compare(a.Event.GetSequence(), b.Event.GetSequence())
		})
		for _, m := range last {
			if err := w.take(ctx, cancel, m); err != nil {
				return err
			}
		}
		history = nil
		w.state.saw(m.heartbeat.GetSequence(), 0)
		return w.state.flush()
	})
}

// take takes an event up: the request that it opens is claimed on disk before the
// cursor moves past it.
func (w *PlatformWorker) take(ctx context.Context, cancel context.CancelCauseFunc, m watched) error {
	e := m.Event
	name := e.GetRequest()
	open := m.Gone || isOpen(e.GetState()) // what says nothing must not be passed over
	if open {
		if _, err := w.state.claim(name); err != nil {
			return err
		}
	}
	if !m.unsettled { // until a purge explains it, a missing body is read for again after a crash
		w.state.saw(e.GetSequence(), m.index)
	}
	changed := ""
	if e.GetWithdrawn() != nil || e.GetAmended() != nil {
		changed = e.GetEtag()
	}
	w.wake(ctx, cancel, name, open, changed)
	return nil
}

// isOpen says whether a request may need the platform again.
func isOpen(state liaisonv1.RequestState) bool {
	switch state {
	case liaisonv1.RequestState_REQUEST_STATE_FILED,
		liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED,
		liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED,
		liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED,
		liaisonv1.RequestState_REQUEST_STATE_OBJECTED:
		return true
	default:
		return false
	}
}

// wake tells a request's job that something happened, and starts one if there is
// none and the request is open. A handler that works on what has changed, to the
// version that changed names, is told to stop.
func (w *PlatformWorker) wake(ctx context.Context, cancel context.CancelCauseFunc, name string, open bool, changed string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j, ok := w.jobs[name]
	if !ok && !open {
		return
	}
	if !ok {
		j = &job{worker: w, name: name, ready: make(chan struct{}, 1), pause: w.pauseFirst}
		w.jobs[name] = j
		w.wait.Add(1)
		go func() {
			defer w.wait.Done()
			if err := j.run(ctx); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		}()
	}
	if changed != "" {
		j.changed = changed
		if j.stop != nil && j.etag != changed {
			j.stop(ErrChanged)
		}
	}
	select {
	case j.ready <- struct{}{}:
	default: // it looks at the request anew anyway
	}
}

// end forgets a job, unless something happened to its request in the meantime.
func (w *PlatformWorker) end(j *job) (ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-j.ready:
		return false
	default:
		delete(w.jobs, j.name)
		return true
	}
}
