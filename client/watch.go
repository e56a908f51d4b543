package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	// heartbeat is how long a stream may be silent; one that is silent for longer than
	// lifeline is taken for dead.
	heartbeat = 20 * time.Second
	lifeline  = 50 * time.Second

	reconnectFirst = 100 * time.Millisecond
	reconnectMost  = 15 * time.Second
)

// WatchOptions says what to watch.
type WatchOptions struct {
	// Request confines the watch to one request; empty: all.
	Request string
	// After is the sequence number behind which to begin; zero: the beginning.
	After uint64
}

// Watch returns every event behind a sequence number, in order, and then each new
// one as it happens, until ctx ends or the loop is left. It connects again after
// faults and restarts of the hub and goes on where it was: nothing is missed,
// nothing comes twice. It ends with an error only where trying again is no use:
// the caller may not watch, or is no longer admitted.
func (r Reader) Watch(ctx context.Context, o WatchOptions) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		err := r.follow(ctx, o, func(m *liaisonv1.WatchEventsResponse) error {
			if e := m.GetEvent(); e != nil && !yield(e, nil) {
				return errLeft
			}
			return nil
		})
		if !errors.Is(err, errLeft) && ctx.Err() == nil {
			yield(nil, err)
		}
	}
}

// errLeft says that nobody wants more events.
var errLeft = errors.New("the loop was left")

// follow hands every message of a watch to handle, over any number of connections,
// until handle or the hub says that it is over. It never returns nil.
func (r Reader) follow(ctx context.Context, o WatchOptions, handle func(*liaisonv1.WatchEventsResponse) error) error {
	pause := reconnectFirst
	for {
		received, err := r.stream(ctx, &o, handle)
		var failed *Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &failed) && !failed.Temporary():
			return err
		case err != nil && !errors.As(err, &failed) && !errors.Is(err, errSilent) && !errors.Is(err, io.EOF):
			return err // handle's own
		}
		if received {
			pause = reconnectFirst
		}
		if failed != nil && failed.RetryAfter > pause {
			pause = failed.RetryAfter
		}
		if err := sleep(ctx, pause/2+rand.N(pause)); err != nil {
			return err
		}
		pause = min(2*pause, reconnectMost)
	}
}

// errSilent says that a stream was silent for longer than a live one is.
var errSilent = errors.New("the stream went silent")

// stream reads one stream until it breaks. It moves o.After on as it goes.
func (r Reader) stream(ctx context.Context, o *WatchOptions, handle func(*liaisonv1.WatchEventsResponse) error) (received bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	dead := time.AfterFunc(lifeline, func() { cancel(errSilent) })
	defer dead.Stop()
	stream, err := r.requests.WatchEvents(ctx, &liaisonv1.WatchEventsRequest{
		Request:           o.Request,
		AfterSequence:     o.After,
		HeartbeatInterval: durationpb.New(heartbeat),
	})
	if err != nil {
		return false, err
	}
	for {
		message, err := stream.Recv()
		if err != nil {
			if errors.Is(context.Cause(ctx), errSilent) {
				return received, errSilent
			}
			return received, err
		}
		received = true
		dead.Stop() // what handle takes its time for is not the stream's silence
		if err := handle(message); err != nil {
			return received, err
		}
		dead.Reset(lifeline)
		o.After = max(o.After, message.GetEvent().GetSequence(), message.GetHeartbeat().GetSequence())
	}
}

// sleep waits, or returns why it does not.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
