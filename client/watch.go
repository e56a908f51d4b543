package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
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
	// Index is the place of that event in the feed, as a watch that ended there had it; the next event
	// must have the next place. Zero: it is not known, and the first event is taken as it
	// comes. A watch of one request has no places.
	Index uint64
}

// Watch returns every event behind a sequence number, in order, and then each new
// one as it happens, until ctx ends or the loop is left. It connects again after
// faults and restarts of the hub and goes on where it was: nothing is missed,
// nothing comes twice. What it returns is in the ledger, and in the feed without a gap.
// It ends with an error only where trying again is no use: the caller may not watch, is
// no longer admitted, or the hub is found out: a *Distrust.
//
// An event whose content was purged comes without detail, and its purge follows before
// the hub may say that there is no more; otherwise the watch ends with ErrWithheld. Who
// remembers where to go on from should not go behind such an event before its purge came.
func (r reader) Watch(ctx context.Context, o WatchOptions) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		err := r.follow(ctx, o, func(m watched) error {
			if m.Entry != nil && !yield(record.ForReading(m.Event), nil) {
				return errLeft
			}
			return nil
		})
		if !errors.Is(err, errLeft) && ctx.Err() == nil {
			yield(nil, err)
		}
	}
}

// watched is one verified message of a watch: an event, or a sign of life.
type watched struct {
	*verify.Entry
	index     uint64 // the event's place in the feed; zero in a watch of one request
	unsettled bool   // whether a body up to here is missing that no purge explains yet
	heartbeat *liaisonv1.Heartbeat
}

// errLeft says that nobody wants more events.
var errLeft = errors.New("the loop was left")

// follow hands every message of a watch to handle, over any number of connections,
// until handle or the hub says that it is over. It never returns nil.
func (r reader) follow(ctx context.Context, o WatchOptions, handle func(watched) error) error {
	if err := r.trust.ready(); err != nil {
		return err
	}
	feed := r.verifier.Feed(o.Request, o.After, o.Index)
	pause := reconnectFirst
	for {
		received, err := r.stream(ctx, o.Request, feed, handle)
		var failed *Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &failed) && !failed.Retryable():
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

// stream reads one stream of a request, or of all, until it breaks.
func (r reader) stream(ctx context.Context, request string, feed *verify.Feed, handle func(watched) error) (received bool, err error) {
	feed.Resume()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	dead := time.AfterFunc(lifeline, func() { cancel(errSilent) })
	defer dead.Stop()
	stream, err := r.requests.WatchEvents(ctx, &liaisonv1.WatchEventsRequest{
		Request:           request,
		AfterSequence:     feed.After(),
		HeartbeatInterval: durationpb.New(heartbeat),
		View:              liaisonv1.EventView_EVENT_VIEW_RECORDS,
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
		verified, err := r.check(ctx, feed, request, message)
		if err != nil {
			return received, typed(err)
		}
		if err := handle(verified); err != nil {
			return received, err
		}
		dead.Reset(lifeline)
	}
}

// check checks one message of a stream.
func (r reader) check(ctx context.Context, feed *verify.Feed, request string, m *liaisonv1.WatchEventsResponse) (watched, error) {
	if heartbeat := m.GetHeartbeat(); heartbeat != nil {
		return watched{heartbeat: heartbeat}, feed.Heartbeat(ctx, heartbeat)
	}
	entry, err := feed.Event(ctx, m.GetReceipt())
	if err != nil {
		return watched{}, err
	}
	checked := watched{Entry: entry, unsettled: !feed.Settled()}
	if request == "" {
		checked.index = entry.Index(r.verifier.Side())
	}
	return checked, nil
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

// Newest returns the number of the ledger's newest event, zero while there is none. A watch
// with it as WatchOptions.After has only what happens from now on.
func (r reader) Newest(ctx context.Context) (uint64, error) {
	t := r.trust
	if err := t.ready(); err != nil {
		return 0, err
	}
	least := t.Size()
	out, err := t.hub.ledger.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		return 0, err
	}
	newest, err := t.BelieveNew(ctx, out.GetCheckpoint(), least)
	return uint64(newest), typed(err)
}
