package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Handler decides about one request: a platform's whole integration. It may be
// called several times for a request: for the rest after a part, after the
// authority has replied, narrowed or upheld, after an error, and again after a
// crash if it is not known whether its response arrived. Its context ends when the
// request is withdrawn or changed while it works; context.Cause tells why.
//
// An error, like a panic, is logged without what it says, and the handler is called
// again after a pause that grows.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Request is a request that waits for the platform, with what was said about it.
type Request struct {
	*liaisonv1.Request
	// Events are the request's history from the moment it came before the platform:
	// questions and replies, objections and what became of them, in order.
	Events []*liaisonv1.Event
}

// Open returns the selectors that no part of the answer has dealt with.
func (r *Request) Open() []*liaisonv1.Selector {
	answered := make(map[string]bool)
	for _, id := range r.GetAnsweredSelectors() {
		answered[id] = true
	}
	var open []*liaisonv1.Selector
	for _, s := range r.GetSpec().GetSelectors() {
		if !answered[s.GetId()] {
			open = append(open, s)
		}
	}
	return open
}

// Asked returns the categories sought for a selector: its own, or all of the
// request's.
func (r *Request) Asked(s *liaisonv1.Selector) []liaisonv1.DataCategory {
	if own := s.GetCategories(); len(own) > 0 {
		return own
	}
	return r.GetSpec().GetCategories()
}

// LastReply returns the authority's last reply to a question; nil if there is none.
func (r *Request) LastReply() *liaisonv1.ClarificationReply {
	for i := len(r.Events) - 1; i >= 0; i-- {
		if reply := r.Events[i].GetClarificationReplied(); reply != nil {
			return reply
		}
	}
	return nil
}

// ErrChanged is the cause for which a handler's context ends when the request was
// withdrawn or narrowed while the handler worked on it: its response would not be
// taken any more.
var ErrChanged = errors.New("the request was withdrawn or changed")

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
func NewPlatformWorker(conn grpc.ClientConnInterface, handler Handler, options ...WorkerOption) (*PlatformWorker, error) {
	if handler == nil {
		return nil, errors.New("client: a PlatformWorker needs a handler")
	}
	w := &PlatformWorker{
		platform:        NewPlatform(conn),
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
// cannot be used, or the hub does not admit the caller.
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
	history := make(map[string]*liaisonv1.Event) // the last event of each request
	return w.platform.follow(ctx, WatchOptions{After: w.state.cursor()}, func(m *liaisonv1.WatchEventsResponse) error {
		if e := m.GetEvent(); e != nil {
			if history != nil {
				history[e.GetRequest()] = e
				return nil
			}
			return w.take(ctx, cancel, e)
		}
		// In their order: what is saved while some are not yet taken up must leave those
		// behind the cursor's place.
		last := slices.SortedFunc(maps.Values(history), func(a, b *liaisonv1.Event) int {
			return cmp.Compare(a.GetSequence(), b.GetSequence())
		})
		for _, e := range last {
			if err := w.take(ctx, cancel, e); err != nil {
				return err
			}
		}
		history = nil
		w.state.saw(m.GetHeartbeat().GetSequence())
		return w.state.flush()
	})
}

// take takes an event up: the request that it opens is claimed on disk before the
// cursor moves past it.
func (w *PlatformWorker) take(ctx context.Context, cancel context.CancelCauseFunc, e *liaisonv1.Event) error {
	name := e.GetRequest()
	open := isOpen(e.GetState())
	if open {
		if _, err := w.state.claim(name); err != nil {
			return err
		}
	}
	w.state.saw(e.GetSequence())
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

// job is the work on one request. It looks where the request stands, does what that
// calls for, and waits until something happens; it keeps no state that a crash
// could lose.
type job struct {
	worker *PlatformWorker
	name   string
	ready  chan struct{} // holds one signal that something happened
	pause  time.Duration // before the next try; owned by run

	// Guarded by worker.mu.
	stop    context.CancelCauseFunc // of the handler that runs
	etag    string                  // of the version that the handler sees
	changed string                  // the version that an event announced since the request was last read
}

// run returns an error only if the worker as a whole cannot go on.
func (j *job) run(ctx context.Context) error {
	for {
		wait, over, err := j.step(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && isFinal(err):
			return err
		case err != nil:
			j.worker.log.Warn("a request could not be dealt with; it is tried again", "request", j.name, "pause", j.pause, "reason", reasonFor(err))
			wait = j.pause/2 + rand.N(j.pause)
			j.pause = min(2*j.pause, j.worker.pauseMost)
		default:
			j.pause = j.worker.pauseFirst
		}
		if over {
			if j.worker.end(j) {
				return j.worker.state.drop(j.name)
			}
			continue
		}
		if wait == 0 {
			continue
		}
		if err := j.sleep(ctx, wait); err != nil {
			return nil
		}
	}
}

// forever is how long a job waits that only an event can wake.
const forever = 365 * 24 * time.Hour

func (j *job) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-j.ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// step does what the request calls for now. It returns how long to wait for an
// event before looking again, and whether the request is over for the platform.
func (j *job) step(ctx context.Context) (wait time.Duration, over bool, err error) {
	w := j.worker
	w.mu.Lock()
	select {
	case <-j.ready: // what it says is seen below
	default:
	}
	j.changed = ""
	w.mu.Unlock()
	request, err := w.platform.Get(ctx, j.name)
	if errors.Is(err, ErrNotFound) {
		return 0, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	switch request.GetState() {
	case liaisonv1.RequestState_REQUEST_STATE_FILED:
		return j.acknowledge(ctx, request)
	case liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED:
		if mine, wait, err := j.mine(ctx, request); err != nil || !mine {
			return wait, false, err
		}
		return j.handle(ctx, request)
	case liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED, liaisonv1.RequestState_REQUEST_STATE_OBJECTED:
		return forever, false, nil
	default:
		return 0, true, nil
	}
}

// acknowledge takes the request on. Of several workers one succeeds; the others see
// that the request has moved on.
func (j *job) acknowledge(ctx context.Context, request *liaisonv1.Request) (time.Duration, bool, error) {
	w := j.worker
	c, err := w.state.claim(j.name)
	if err != nil {
		return 0, false, &stateError{err}
	}
	_, err = w.platform.Acknowledge(ctx, j.name, w.acknowledgement(request), IfMatch(request.GetEtag()), WithRequestID(c.RequestID))
	switch {
	case errors.Is(err, ErrETagMismatch), errors.Is(err, ErrStateForbidsStep):
		return 0, false, nil // look again
	case err != nil:
		return 0, false, err
	}
	if err := w.state.won(j.name); err != nil {
		return 0, false, &stateError{err}
	}
	w.log.Info("a request is taken on", "request", j.name)
	return 0, false, nil
}

// mine says whether the request is this worker's to answer, and if it is not, how
// long to wait before it may be.
func (j *job) mine(ctx context.Context, request *liaisonv1.Request) (bool, time.Duration, error) {
	w := j.worker
	if w.takeover == 0 || w.state.wins(j.name) {
		return true, 0, nil
	}
	// A crash may have come between the acknowledgement and the memory of it. The hub
	// remembers the identifier if it was this worker's call that it took.
	c, err := w.state.claim(j.name)
	if err != nil {
		return false, 0, &stateError{err}
	}
	_, err = w.platform.Acknowledge(ctx, j.name, w.acknowledgement(request), IfMatch(request.GetEtag()), WithRequestID(c.RequestID))
	switch {
	case isReused(err): // by this worker alone: nobody else knows the identifier
	case errors.Is(err, ErrStateForbidsStep), errors.Is(err, ErrETagMismatch):
		idle := time.Since(request.GetUpdateTime().AsTime())
		if idle < w.takeover {
			return false, w.takeover - idle + rand.N(w.takeover/10+1), nil
		}
		w.log.Warn("a request is taken over from a worker that is silent", "request", j.name)
	case err != nil:
		return false, 0, err
	}
	if err := w.state.won(j.name); err != nil {
		return false, 0, &stateError{err}
	}
	return true, 0, nil
}

// handle calls the handler and gives its response, on exactly the version of the
// request that the handler saw.
func (j *job) handle(ctx context.Context, request *liaisonv1.Request) (time.Duration, bool, error) {
	w := j.worker
	select {
	case w.running <- struct{}{}:
		defer func() { <-w.running }()
	case <-ctx.Done():
		return 0, false, ctx.Err()
	}
	r := &Request{Request: request}
	for event, err := range w.platform.Events(ctx, j.name, 0) {
		if err != nil {
			return 0, false, err
		}
		r.Events = append(r.Events, event)
	}
	response, err := j.call(ctx, r)
	if err != nil {
		return 0, false, err
	}
	if response == nil {
		return 0, false, errors.New("the handler returned neither a response nor an error")
	}
	if pause, ok := response.(later); ok {
		return max(time.Duration(pause), time.Millisecond), false, nil
	}
	err = response.give(ctx, w.platform, j.name, IfMatch(request.GetEtag()))
	if errors.Is(err, ErrETagMismatch) {
		return 0, false, nil // it has changed: look again
	}
	return 0, false, err
}

// call calls the handler, whose context ends if the request changes under it.
func (j *job) call(ctx context.Context, r *Request) (response Response, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	j.worker.mu.Lock()
	j.stop, j.etag = stop, r.GetEtag()
	stale := j.changed != "" && j.changed != j.etag // while it waited for its place
	j.worker.mu.Unlock()
	defer func() {
		j.worker.mu.Lock()
		j.stop = nil
		j.worker.mu.Unlock()
		if p := recover(); p != nil {
			response, err = nil, fmt.Errorf("the handler panicked with a %T", p)
		}
	}()
	if stale {
		return Later(time.Millisecond), nil
	}
	response, err = j.worker.handler(ctx, r)
	if errors.Is(context.Cause(ctx), ErrChanged) {
		return Later(time.Millisecond), nil // whatever it says is about what is no more
	}
	if err != nil {
		return nil, &handlerError{err}
	}
	return response, nil
}

// handlerError is what a handler returned. Its text is the platform's own and may
// quote a person's data, so that the worker does not log it.
type handlerError struct{ err error }

func (e *handlerError) Error() string { return "the handler failed" }
func (e *handlerError) Unwrap() error { return e.err }

// stateError says that the worker can no longer remember what it does.
type stateError struct{ err error }

func (e *stateError) Error() string { return e.err.Error() }
func (e *stateError) Unwrap() error { return e.err }

// isFinal says whether an error ends the worker.
func isFinal(err error) bool {
	var handler *handlerError
	if errors.As(err, &handler) {
		return false // what a handler met elsewhere says nothing about this hub
	}
	var state *stateError
	return errors.As(err, &state) || errors.Is(err, ErrParticipantSuspended) ||
		errors.Is(err, ErrCertificateRefused) || errors.Is(err, ErrRoleNotAllowed)
}

// isReused says whether the hub has taken a call with this identifier before.
func isReused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == liaisonv1.Reason_REASON_REQUEST_ID_REUSED
}

// reasonFor tells an error for the log: the contract's reason, or what kind of
// fault it is.
func reasonFor(err error) string {
	var e *Error
	var handler *handlerError
	switch {
	case errors.As(err, &handler):
		return handler.Error()
	case errors.As(err, &e):
		return e.Error()
	default:
		return err.Error()
	}
}
