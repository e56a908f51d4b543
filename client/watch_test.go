package client_test

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// TestAWatchEndsWithItsLoop: nothing goes on at the hub or here once the loop is
// left or its context ends, and neither is an error.
func TestAWatchEndsWithItsLoop(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	emergencies(t, kit, 2)
	for name, leave := range map[string]func(cancel context.CancelFunc) (leave bool){
		"the loop is left":     func(context.CancelFunc) bool { return true },
		"its context is ended": func(cancel context.CancelFunc) bool { cancel(); return false },
	} {
		t.Run(name, func(t *testing.T) {
			calls := make(streams, 10)
			agent := kit.Conn(t, "agent", client.WithDialOptions(grpc.WithStatsHandler(calls))).Platform()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			seen := 0
			for event, err := range agent.Watch(ctx, client.WatchOptions{}) {
				if err != nil {
					t.Fatal(err)
				}
				seen++
				if event.GetSequence() == 1 && leave(cancel) {
					break
				}
			}
			if began, ended := <-calls, <-calls; began != "began" || ended != "ended" {
				t.Errorf("the stream %s and %s", began, ended)
			}
			if seen == 0 {
				t.Error("the watch showed nothing")
			}
		})
	}
}

// TestAWatchBeginsWhereItIsTold and shows one request if it is told to.
func TestAWatchBeginsWhereItIsTold(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	names := emergencies(t, kit, 4)
	agent := kit.Conn(t, "agent").Platform()
	for _, c := range []struct {
		options client.WatchOptions
		want    uint64 // the first event's
	}{
		{client.WatchOptions{}, 1},
		{client.WatchOptions{After: 2}, 3},
		{client.WatchOptions{Request: names[3]}, 4},
	} {
		for event, err := range agent.Watch(t.Context(), c.options) {
			if err != nil || event.GetSequence() != c.want {
				t.Errorf("%+v: the first event is %d, wanted %d: %v", c.options, event.GetSequence(), c.want, err)
			}
			break
		}
	}
}

// streams tells when calls begin and end.
type streams chan string

// TagRPC implements stats.Handler.
func (streams) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC implements stats.Handler.
func (s streams) HandleRPC(_ context.Context, what stats.RPCStats) {
	switch what.(type) {
	case *stats.Begin:
		s <- "began"
	case *stats.End:
		s <- "ended"
	}
}

// TagConn implements stats.Handler.
func (streams) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn implements stats.Handler.
func (streams) HandleConn(context.Context, stats.ConnStats) {}
