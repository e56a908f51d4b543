package measure

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// WatchersConfig says how those who wait are measured.
type WatchersConfig struct {
	Sizes   []int // how many wait, measured one after the other
	PerConn int   // how many share a connection; 1: each has its own
	Filings int   // how many events are sent to all of them
}

// WatchersResult is what so many who wait cost.
type WatchersResult struct {
	Watchers    int       `json:"watchers"`
	Connections int       `json:"connections"`
	Bare        WatchCost `json:"bare"`
	Hub         WatchCost `json:"hub"`
	Ratio       float64   `json:"ratio"` // of the resident memory
	InUseRatio  float64   `json:"heap_and_stacks_ratio"`
	FanOut      float64   `json:"fan_out_ratio"` // of the medians
}

// WatchCost is what one server's watchers cost.
type WatchCost struct {
	Resident   int64     `json:"resident_bytes"` // one watcher
	InUse      int64     `json:"heap_and_stacks_bytes"`
	Goroutines float64   `json:"goroutines"`
	All        Latencies `json:"until_all_have_it"` // from the send of one event
}

func runWatchers(ctx context.Context, c *Config, r *Report) error {
	for _, size := range c.Watchers.Sizes {
		result := &WatchersResult{
			Watchers:    size,
			Connections: (size + c.Watchers.PerConn - 1) / c.Watchers.PerConn,
		}
		for _, server := range []struct {
			kind childKind
			cost *WatchCost
		}{{childBare, &result.Bare}, {childHub, &result.Hub}} {
			c.progress("%d watchers of the %s server", size, server.kind)
			if err := c.watchersOf(ctx, server.kind, result, server.cost); err != nil {
				return err
			}
		}
		result.Ratio = ratio(float64(result.Hub.Resident), float64(result.Bare.Resident))
		result.InUseRatio = ratio(float64(result.Hub.InUse), float64(result.Bare.InUse))
		result.FanOut = ratio(float64(result.Hub.All.P50), float64(result.Bare.All.P50))
		r.Watchers = append(r.Watchers, result)
	}
	return nil
}

// watchersOf starts a child, lets so many watch it, and sends them events.
func (c *Config) watchersOf(ctx context.Context, kind childKind, of *WatchersResult, cost *WatchCost) (err error) {
	k, err := c.startChild(ctx, kind)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.stop()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	// A first connection of each, so that what a server has once is not counted.
	files, err := k.dial(ctx, officer)
	if err != nil {
		return err
	}
	defer files.Close()
	send, err := k.sender(ctx, kind, files, c.Watchers.Filings)
	if err != nil {
		return err
	}
	if _, closeFirst, err := k.dialAll(ctx, agent, 1); err != nil {
		return err
	} else {
		defer closeFirst()
	}
	before, err := k.ask(askStats)
	if err != nil {
		return err
	}
	conns, closeAll, err := k.dialAll(ctx, agent, of.Connections)
	if err != nil {
		return err
	}
	defer closeAll()
	a := &audience{got: make(chan error, of.Watchers)}
	for i := range of.Watchers {
		stream, err := watchOf(ctx, kind, conns[i/c.Watchers.PerConn])
		if err != nil {
			return err
		}
		a.add(ctx, stream)
	}
	defer a.wait.Wait()
	defer cancel()
	after, err := k.ask(askStats)
	if err != nil {
		return err
	}
	each := func(total int64) int64 { return total / int64(of.Watchers) }
	cost.Resident, cost.InUse = each(after.Resident-before.Resident), each(after.InUse-before.InUse)
	cost.Goroutines = float64(after.Goroutines-before.Goroutines) / float64(of.Watchers)
	var took []time.Duration
	for range c.Watchers.Filings {
		begin := time.Now()
		if err := send(); err != nil {
			return err
		}
		if err := a.all(ctx); err != nil {
			return err
		}
		took = append(took, time.Since(begin))
	}
	cost.All = latenciesOf(took)
	return nil
}

// sender returns what sends one event to all watchers of the messenger.
func (k *child) sender(ctx context.Context, kind childKind, conn *grpc.ClientConn, events int) (func() error, error) {
	if kind == childBare {
		return func() error {
			_, err := k.ask(askTell)
			return err
		}, nil
	}
	signer, err := k.signer(officer)
	if err != nil {
		return nil, err
	}
	spec, _, err := newSpec()
	if err != nil {
		return nil, err
	}
	signed, err := newFilings(ctx, signer, spec, events)
	if err != nil {
		return nil, err
	}
	next := 0
	return func() error {
		next++
		_, err := liaisonv1.NewAuthorityServiceClient(conn).FileRequest(ctx, signed[next-1])
		return err
	}, nil
}

// watchOf watches a hub or a bare server, and returns after the first message.
func watchOf(ctx context.Context, kind childKind, conn *grpc.ClientConn) (eventStream, error) {
	if kind == childHub {
		return openWatch(ctx, liaisonv1.NewRequestServiceClient(conn), 0)
	}
	stream, err := conn.NewStream(ctx, &bareDesc.Streams[0], bareWatch)
	if err != nil {
		return nil, err
	}
	typed := &grpc.GenericClientStream[liaisonv1.WatchEventsRequest, liaisonv1.WatchEventsResponse]{ClientStream: stream}
	if err := errors.Join(typed.Send(&liaisonv1.WatchEventsRequest{}), typed.CloseSend()); err != nil {
		return nil, err
	}
	_, err = typed.Recv()
	return typed, err
}

// audience is everybody who watches.
type audience struct {
	wait sync.WaitGroup
	size int
	got  chan error // one for each event that one of them has received
}

func (a *audience) add(ctx context.Context, stream eventStream) {
	a.size++
	a.wait.Go(func() {
		for ctx.Err() == nil {
			err := nextEvent(stream)
			select {
			case a.got <- err:
			case <-ctx.Done():
			}
			if err != nil {
				return
			}
		}
	})
}

// all waits until each has received one event.
func (a *audience) all(ctx context.Context) error {
	for range a.size {
		select {
		case err := <-a.got:
			if err != nil {
				return fmt.Errorf("watch: %w", err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
