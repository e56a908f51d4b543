package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/proof/record"
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
	// Index is the place of that event in the feed, as a watch that ended there had it; the next event
	// must have the next place. Zero: it is not known, and the first event is taken as it
	// comes. A watch of one request has no places.
	Index uint64

	placed  bool      // whether Index is known, be it zero
	at      time.Time // of that event; zero if it is not known
	missing missing   // what is not explained yet: a stream that breaks settles nothing
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
func (r Reader) Watch(ctx context.Context, o WatchOptions) iter.Seq2[*liaisonv1.Event, error] {
	return func(yield func(*liaisonv1.Event, error) bool) {
		err := r.follow(ctx, o, func(m watched) error {
			if m.entry != nil && !yield(record.ForReading(m.event), nil) {
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
	*entry
	index     uint64 // the event's place in the feed; zero in a watch of one request
	unsettled bool   // whether a body up to here is missing that no purge explains yet
	heartbeat *liaisonv1.Heartbeat
}

// errLeft says that nobody wants more events.
var errLeft = errors.New("the loop was left")

// follow hands every message of a watch to handle, over any number of connections,
// until handle or the hub says that it is over. It never returns nil.
func (r Reader) follow(ctx context.Context, o WatchOptions, handle func(watched) error) error {
	if err := r.trust.ready(); err != nil {
		return err
	}
	o.placed = o.After == 0 || o.Index != 0
	o.missing = make(missing)
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
func (r Reader) stream(ctx context.Context, o *WatchOptions, handle func(watched) error) (received bool, err error) {
	w := watching{reader: r, options: o, least: r.trust.ledger.size()}
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
		verified, err := w.verify(ctx, message)
		if err != nil {
			return received, err
		}
		if err := handle(verified); err != nil {
			return received, err
		}
		dead.Reset(lifeline)
		o.After = max(o.After, message.GetHeartbeat().GetSequence())
		if verified.entry != nil {
			o.After, o.Index, o.placed, o.at = verified.leaf.Sequence, verified.index, true, verified.leaf.Time
		}
	}
}

// watching is what one stream is held against.
type watching struct {
	reader  Reader
	options *WatchOptions
	least   int64 // how far the ledger had grown before
}

// verify checks one message of a stream.
func (w *watching) verify(ctx context.Context, m *liaisonv1.WatchEventsResponse) (watched, error) {
	if heartbeat := m.GetHeartbeat(); heartbeat != nil {
		c, err := w.reader.trust.ledger.believeNew(ctx, heartbeat.GetCheckpoint(), w.least)
		if err != nil {
			return watched{}, err
		}
		w.least = c.Size
		if err := w.options.missing.unexplained(); err != nil {
			return watched{}, err
		}
		return watched{heartbeat: heartbeat}, nil
	}
	recorded, err := w.reader.trust.ledger.verify(ctx, m.GetReceipt(), "")
	if err != nil {
		return watched{}, err
	}
	wrong := func(detail string) error {
		return &Distrust{Kind: ErrFeed, Request: recorded.leaf.Request, Sequence: recorded.leaf.Sequence, Detail: detail}
	}
	index := w.reader.indexOf(recorded)
	switch o := w.options; {
	case recorded.leaf.Sequence <= o.After:
		return watched{}, wrong(fmt.Sprintf("it comes after event %d", o.After))
	case index == 0:
		return watched{}, wrong("it is not in this feed")
	case o.Request != "" && recorded.leaf.Request != o.Request:
		return watched{}, wrong("it is another request's")
	case o.Request == "" && o.placed && index != o.Index+1:
		return watched{}, wrong(fmt.Sprintf("it has place %d in the feed, and %d comes next", index, o.Index+1))
	}
	if err := checkOrder(w.options.at, recorded); err != nil {
		return watched{}, err
	}
	if err := w.options.missing.settle(w.reader.trust, recorded); err != nil {
		return watched{}, err
	}
	verified := watched{entry: recorded, unsettled: len(w.options.missing) > 0}
	if w.options.Request == "" {
		verified.index = index
	}
	return verified, nil
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
func (r Reader) Newest(ctx context.Context) (uint64, error) {
	view := r.trust.ledger
	least := view.size()
	out, err := view.service.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		return 0, err
	}
	newest, err := view.believeNew(ctx, out.GetCheckpoint(), least)
	return uint64(newest.Size), err
}
