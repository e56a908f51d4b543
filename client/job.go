package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

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
				j.worker.platform.cases.forget(j.name)
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
	case liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED, liaisonv1.RequestState_REQUEST_STATE_OBJECTED,
		liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE:
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
	_, err = w.platform.Acknowledge(ctx, j.name, w.acknowledgement(request), IfMatch(request.GetEtag()), WithCallID(c.RequestID))
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
	_, err = w.platform.Acknowledge(ctx, j.name, w.acknowledgement(request), IfMatch(request.GetEtag()), WithCallID(c.RequestID))
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
	// It may have waited for its place: what is asked now counts.
	current, err := w.platform.read(ctx, j.name)
	if err != nil || current.Request.GetEtag() != request.GetEtag() {
		return 0, false, err
	}
	if err := w.platform.trust.awaitWitnesses(ctx, current.Last()); err != nil {
		return 0, false, err
	}
	r := requestOf(current)
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
	if errors.Is(err, ErrReviewPending) {
		// What was collected is given once the reviewer has spoken, of which an event tells,
		// or its time has passed, which an event tells of too.
		return forever, false, nil
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
	return errors.As(err, &state) || hubIsFoundOut(err) || errors.Is(err, ErrParticipantSuspended) ||
		errors.Is(err, ErrCertificateRefused) || errors.Is(err, ErrRoleNotAllowed)
}

// hubIsFoundOut says whether the hub as a whole cannot be trusted, and not one request.
func hubIsFoundOut(err error) bool {
	return errors.Is(err, ErrForked) || errors.Is(err, ErrRolledBack) || errors.Is(err, ErrCheckpoint) || errors.Is(err, ErrFeed)
}

// isReused says whether the hub has taken a call with this identifier before.
func isReused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == liaisonv1.Reason_REASON_CALL_ID_REUSED
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
