package server

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/sequencer"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	defaultHeartbeat = 30 * time.Second

	// watchPage is how many events a watch holds in memory at a time. A reader that
	// is slow holds up its own watch and nothing else.
	watchPage = 64
)

// WatchEvents implements the contract.
func (r *requestService) WatchEvents(in *liaisonv1.WatchEventsRequest, stream grpc.ServerStreamingServer[liaisonv1.WatchEventsResponse]) error {
	ctx := stream.Context()
	caller := callerFrom(ctx)
	closed, err := r.server.streams.open(caller)
	if err != nil {
		return err
	}
	defer closed()
	id, err := r.ofRequest(ctx, caller.Organisation, in.GetRequest())
	if err != nil {
		return err
	}
	r.server.metrics.watches.Inc()
	defer r.server.metrics.watches.Dec()

	subscription := r.server.sequencer.Subscribe(caller.Organisation)
	defer subscription.Close()
	w := &watch{
		server: r.server,
		party:  caller.Organisation,
		id:     id,
		after:  resource.Seq(in.GetAfterSequence()),
		send:   stream.Send,
	}
	interval := defaultHeartbeat
	if in.GetHeartbeatInterval() != nil {
		interval = in.GetHeartbeatInterval().AsDuration()
	}
	return w.follow(ctx, subscription, interval)
}

// watch is one open stream of events.
type watch struct {
	server *Server
	party  resource.Organisation
	id     resource.RequestID // zero for all requests
	after  resource.Seq       // the last event that was sent, or passed over
	send   func(*liaisonv1.WatchEventsResponse) error
}

// follow sends what there is and then what comes, until ctx or the hub ends.
func (w *watch) follow(ctx context.Context, subscription *sequencer.Subscription, interval time.Duration) error {
	// The subscription is older than the first read, so that nothing falls between.
	if _, err := w.catchUp(ctx); err != nil {
		return err
	}
	if err := w.heartbeat(ctx); err != nil {
		return err
	}
	silence := time.NewTimer(interval)
	defer silence.Stop()
	for {
		var sent bool
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-w.server.stopping:
			return sequencer.ErrStopping
		case <-subscription.Ready():
			sent, err = w.catchUp(ctx)
		case <-silence.C:
			sent, err = true, w.heartbeat(ctx)
		}
		if err != nil {
			return err
		}
		if sent {
			silence.Reset(interval)
		}
	}
}

// catchUp sends every event behind the last one sent and says whether it sent any.
func (w *watch) catchUp(ctx context.Context) (sent bool, err error) {
	for {
		page, err := w.server.sequencer.Events(ctx, w.party, w.id, w.after, watchPage)
		if err != nil {
			return sent, causeOf(ctx, err)
		}
		for _, recorded := range page.Events {
			if err := w.ended(ctx); err != nil {
				return sent, err
			}
			recorded.Receipt.Checkpoint = string(page.Checkpoint)
			if err := w.send(&liaisonv1.WatchEventsResponse{
				Message: &liaisonv1.WatchEventsResponse_Event{Event: recorded.Event},
				Receipt: recorded.Receipt,
			}); err != nil {
				return sent, causeOf(ctx, err)
			}
			w.after, sent = resource.Seq(recorded.Event.GetSequence()), true
		}
		if len(page.Events) < watchPage {
			return sent, nil
		}
	}
}

// heartbeat sends whatever is left to be sent and then the number up to which all
// was sent.
func (w *watch) heartbeat(ctx context.Context) error {
	head, checkpoint, err := w.server.sequencer.Checkpoint(ctx) // before the read: what is not yet seen has a higher number
	if err != nil {
		return causeOf(ctx, err)
	}
	if _, err := w.catchUp(ctx); err != nil {
		return err
	}
	// Nothing up to head is left for this watch, so that the next read may begin there.
	w.after = max(w.after, head)
	return causeOf(ctx, w.send(&liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Heartbeat{
		Heartbeat: &liaisonv1.Heartbeat{
			Sequence:   uint64(w.after),
			Time:       timestamppb.New(w.server.clock()),
			Checkpoint: string(checkpoint),
		},
	}}))
}

// ended says why the stream is over, if it is.
func (w *watch) ended(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.server.stopping:
		return sequencer.ErrStopping
	default:
		return nil
	}
}

// causeOf returns why ctx ended, if it did: what failed then failed because of it.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
