package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
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
	w, err := r.openWatch(in, stream)
	if err != nil {
		return err
	}
	defer w.close()
	return w.follow(stream.Context())
}

// watch is one open stream of events.
type watch struct {
	server   *Server
	party    resource.Organisation
	id       resource.RequestID // zero for all requests
	after    resource.Seq       // the last event that was sent, or passed over
	interval time.Duration      // of silence, after which there is a heartbeat
	view     liaisonv1.EventView
	stream   grpc.ServerStream

	subscription *archive.Subscription
	silence      *time.Timer
	silent       atomic.Bool // silence has run out
	closed       func()      // gives the stream's place back
}

// openWatch makes a watch for a caller who may have one more. Close must follow.
func (r *requestService) openWatch(in *liaisonv1.WatchEventsRequest, stream grpc.ServerStream) (w *watch, err error) {
	ctx := stream.Context()
	caller := callerFrom(ctx)
	closed, err := r.server.streams.open(caller)
	if err != nil {
		return nil, err
	}
	defer func() {
		if w == nil { // after a panic too
			closed()
		}
	}()
	id, err := r.ofRequest(ctx, caller.Organisation, in.GetRequest())
	if err != nil {
		return nil, err
	}
	r.server.metrics.watches.Inc()
	w = &watch{
		server:       r.server,
		party:        caller.Organisation,
		id:           id,
		after:        resource.Seq(in.GetAfterSequence()),
		interval:     defaultHeartbeat,
		view:         in.GetView(),
		stream:       stream,
		subscription: r.server.archive.Subscribe(caller.Organisation),
		closed:       closed,
	}
	if in.GetHeartbeatInterval() != nil {
		w.interval = in.GetHeartbeatInterval().AsDuration()
	}
	return w, nil
}

func (w *watch) close() {
	if w.silence != nil {
		w.silence.Stop()
	}
	w.subscription.Close()
	w.server.metrics.watches.Dec()
	w.closed()
}

// follow sends what there is and then what comes, until ctx or the hub ends. Whatever a
// watch waits for wakes its subscription: waiting for one thing takes less memory than
// waiting for four, and a hub has thousands of watches that do nothing else.
func (w *watch) follow(ctx context.Context) error {
	// The subscription is older than the first read, so that nothing falls between.
	if _, err := w.catchUp(ctx); err != nil {
		return err
	}
	if err := w.heartbeat(ctx); err != nil {
		return err
	}
	unbind := context.AfterFunc(ctx, w.subscription.Wake)
	defer unbind()
	w.silence = time.AfterFunc(w.interval, w.fallSilent)
	for {
		if err := w.ended(ctx); err != nil {
			return err
		}
		<-w.subscription.Ready()
		if err := w.look(ctx); err != nil {
			return err
		}
	}
}

// fallSilent is called after an interval in which nothing was sent.
func (w *watch) fallSilent() {
	w.silent.Store(true)
	w.subscription.Wake()
}

// look sends what a watch was woken for.
func (w *watch) look(ctx context.Context) error {
	if err := w.ended(ctx); err != nil {
		return err
	}
	news := w.subscription.News()
	var sent bool
	var err error
	switch {
	case w.silent.Swap(false):
		sent, err = true, w.heartbeat(ctx)
	case news != nil:
		sent, err = w.tell(ctx, news)
	}
	if sent && err == nil {
		w.silence.Reset(w.interval)
	}
	return err
}

// tell sends the events of news. What several watches are woken by is read and encoded
// by the first of them, for all; one that has other events to be sent reads its own.
func (w *watch) tell(ctx context.Context, news *archive.News) (sent bool, err error) {
	whole := false
	if w.id.IsZero() && w.after >= news.After {
		var shared []outgoing
		if shared, whole = w.shared(ctx, news); len(shared) > 0 {
			if sent, err = w.sendAll(ctx, shared); err != nil {
				return sent, err
			}
		}
	}
	if whole {
		return sent, nil
	}
	more, err := w.catchUp(ctx)
	return sent || more, err
}

// outgoing is an event of a feed as it goes to everybody who watches it.
type outgoing struct {
	seq     resource.Seq
	message encoded
}

// shared returns the first events behind those that the feed's watches were woken for
// before, and whether they are all. There are none if they could not be read: each watch
// then finds out for itself.
func (w *watch) shared(ctx context.Context, news *archive.News) (_ []outgoing, whole bool) {
	made, err := news.Share(func() (any, error) {
		// It is done for the others too, so that it does not end with this watch.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.server.limits.CallDuration)
		defer cancel()
		page, err := w.server.archive.Events(ctx, w.party, resource.RequestID{}, news.After, watchPage)
		if err != nil {
			return nil, err
		}
		return newSharedPage(page), nil
	})
	shared, ok := made.(*sharedPage)
	if err != nil || !ok {
		return nil, false
	}
	all, err := shared.in[w.view]()
	return all, err == nil && !shared.more
}

// sharedPage is a page as it goes to all who watch the feed, encoded once in each view
// that anybody wants.
type sharedPage struct {
	more bool
	in   map[liaisonv1.EventView]func() ([]outgoing, error)
}

func newSharedPage(page archive.Page) *sharedPage {
	s := &sharedPage{more: page.More, in: make(map[liaisonv1.EventView]func() ([]outgoing, error))}
	for number := range liaisonv1.EventView_name {
		view := liaisonv1.EventView(number)
		s.in[view] = sync.OnceValues(func() ([]outgoing, error) { return encodeAll(page, view) })
	}
	return s
}

func encodeAll(page archive.Page, view liaisonv1.EventView) ([]outgoing, error) {
	all := make([]outgoing, len(page.Events))
	for i, recorded := range page.Events {
		message, err := encode(response(page, recorded, view))
		if err != nil {
			return nil, err
		}
		all[i] = outgoing{resource.Seq(recorded.Event.GetSequence()), message}
	}
	return all, nil
}

// response is an event of a page as the contract has it.
func response(page archive.Page, recorded archive.Recorded, view liaisonv1.EventView) *liaisonv1.WatchEventsResponse {
	if view != liaisonv1.EventView_EVENT_VIEW_RECORDS {
		return &liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Event{Event: recorded.Event}}
	}
	return &liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Receipt{Receipt: &liaisonv1.Receipt{
		Record: recorded.Receipt.GetRecord(), InclusionProof: recorded.Receipt.GetInclusionProof(), Checkpoint: string(page.Checkpoint),
	}}}
}

// sendAll sends those events that are behind the last one sent.
func (w *watch) sendAll(ctx context.Context, all []outgoing) (sent bool, err error) {
	for _, one := range all {
		if one.seq <= w.after {
			continue
		}
		if err := w.send(ctx, one.seq, one.message); err != nil {
			return sent, err
		}
		sent = true
	}
	return sent, nil
}

// send sends one event, unless the stream is over.
func (w *watch) send(ctx context.Context, seq resource.Seq, message any) error {
	if err := w.ended(ctx); err != nil {
		return err
	}
	if err := w.stream.SendMsg(message); err != nil {
		return causeOf(ctx, err)
	}
	w.after = seq
	return nil
}

// catchUp sends every event behind the last one sent and says whether it sent any.
func (w *watch) catchUp(ctx context.Context) (sent bool, err error) {
	for {
		page, err := w.server.archive.Events(ctx, w.party, w.id, w.after, watchPage)
		if err != nil {
			return sent, causeOf(ctx, err)
		}
		for _, recorded := range page.Events {
			if err := w.send(ctx, resource.Seq(recorded.Event.GetSequence()), response(page, recorded, w.view)); err != nil {
				return sent, err
			}
			sent = true
		}
		if !page.More {
			return sent, nil
		}
	}
}

// heartbeat sends whatever is left to be sent and then the number up to which all
// was sent.
func (w *watch) heartbeat(ctx context.Context) error {
	head, checkpoint, err := w.server.archive.Checkpoint(ctx) // before the read: what is not yet seen has a higher number
	if err != nil {
		return causeOf(ctx, err)
	}
	if _, err := w.catchUp(ctx); err != nil {
		return err
	}
	// Nothing up to head is left for this watch, so that the next read may begin there.
	w.after = max(w.after, head)
	return causeOf(ctx, w.stream.SendMsg(&liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Heartbeat{
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
