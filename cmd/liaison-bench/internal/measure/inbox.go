package measure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// InboxConfig says how the way to a platform is measured.
type InboxConfig struct {
	Filings int // one after the other
}

// InboxResult is how soon a platform hears of a filing.
type InboxResult struct {
	Filing Latencies     `json:"filing"` // until the caller has its receipt
	Inbox  Latencies     `json:"inbox"`  // until the platform has the event
	Ratio  float64       `json:"ratio"`  // of the medians
	Beyond time.Duration `json:"beyond_ns"`
}

func runInbox(ctx context.Context, c *Config, r *Report) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := newWorkspace(ctx, c, "inbox")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	f, err := w.newFiling(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.bare.stop()) }()
	files, err := w.hub.dial(ctx, officer)
	if err != nil {
		return err
	}
	defer files.Close()
	watches, err := w.hub.dial(ctx, agent)
	if err != nil {
		return err
	}
	defer watches.Close()
	inbox, err := openWatch(ctx, liaisonv1.NewRequestServiceClient(watches), 0)
	if err != nil {
		return err
	}
	signed, err := newFilings(ctx, f.signer, f.spec, c.Inbox.Filings)
	if err != nil {
		return err
	}
	arrived := make(chan time.Time, 1)
	failed := make(chan error, 1)
	go func() {
		for range signed {
			if err := nextEvent(inbox); err != nil {
				failed <- err
				return
			}
			arrived <- time.Now()
		}
	}()
	authority := liaisonv1.NewAuthorityServiceClient(files)
	var filing, reached []time.Duration
	for _, call := range signed {
		sent := time.Now()
		if _, err := authority.FileRequest(ctx, call); err != nil {
			return err
		}
		filing = append(filing, time.Since(sent))
		select {
		case at := <-arrived:
			reached = append(reached, at.Sub(sent))
		case err := <-failed:
			return fmt.Errorf("watch: %w", err)
		}
	}
	result := &InboxResult{Filing: latenciesOf(filing), Inbox: latenciesOf(reached)}
	result.Ratio = ratio(float64(result.Inbox.P50), float64(result.Filing.P50))
	result.Beyond = result.Inbox.P50 - result.Filing.P50
	r.Inbox = result
	return nil
}

// eventStream is a watch.
type eventStream interface {
	Recv() (*liaisonv1.WatchEventsResponse, error)
}

// openWatch watches as the SDK does, with what proves each event, from after an event on, and
// returns when all that there was has come: with the first heartbeat.
func openWatch(ctx context.Context, requests liaisonv1.RequestServiceClient, after uint64) (eventStream, error) {
	stream, err := requests.WatchEvents(ctx, &liaisonv1.WatchEventsRequest{
		AfterSequence: after, HeartbeatInterval: durationpb.New(5 * time.Minute), View: liaisonv1.EventView_EVENT_VIEW_RECORDS,
	})
	if err != nil {
		return nil, err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return nil, fmt.Errorf("open a watch: %w", err)
		}
		if m.GetHeartbeat() != nil {
			return stream, nil
		}
	}
}

// nextEvent waits for an event and passes heartbeats over. What comes in another view is an
// error: nobody would ever be told.
func nextEvent(stream eventStream) error {
	for {
		m, err := stream.Recv()
		switch {
		case err != nil:
			return err
		case m.GetReceipt() != nil:
			return nil
		case m.GetHeartbeat() == nil:
			return errors.New("the watch shows no records")
		}
	}
}
