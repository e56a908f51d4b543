package client_test

import (
	"context"
	"path"
	"sync"
	"testing"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// calls counts what goes to a hub.
type calls struct {
	mu       sync.Mutex
	made     map[string]int // by method
	receipts map[uint64]int // how often an event of a history came, by its number
}

func newCalls() *calls {
	return &calls{made: make(map[string]int), receipts: make(map[uint64]int)}
}

func (c *calls) option() client.Option {
	return client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			err := invoke(ctx, method, in, out, conn, options...)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.made[path.Base(method)]++
			if page, ok := out.(*liaisonv1.ListEventsResponse); ok {
				for _, e := range page.GetEvents() {
					c.receipts[e.GetSequence()]++
				}
			}
			return err
		}))
}

// want checks how many calls of some methods were made, and that no event came twice.
func (c *calls) want(t *testing.T, made map[string]int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for method, n := range made {
		if c.made[method] != n {
			t.Errorf("%s was called %d times, not %d", method, c.made[method], n)
		}
	}
	for sequence, n := range c.receipts {
		if n > 1 {
			t.Errorf("event %d was read %d times", sequence, n)
		}
	}
}

func TestAHistoryIsReadOnceAnOperation(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := kit.Conn(t, "officer").Authority()
	agent := kit.Conn(t, "agent").Platform()
	filed := func(t *testing.T) string {
		t.Helper()
		event, err := officer.File(t.Context(), exampleSpec())
		if err != nil {
			t.Fatal(err)
		}
		return event.GetRequest()
	}
	step := func(_ *liaisonv1.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	t.Run("to approve what was read", func(t *testing.T) {
		name, counted := filed(t), newCalls()
		approver := kit.Conn(t, "approver", counted.option()).Authority()
		request, err := approver.Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		step(approver.Approve(t.Context(), name, nil, client.IfMatch(request.GetEtag())))
		counted.want(t, map[string]int{"ListEvents": 1, "ApproveRequest": 1})
	})

	t.Run("to open", func(t *testing.T) {
		name, counted := emergencies(t, kit, 1)[0], newCalls()
		step(agent.Acknowledge(t.Context(), name, nil))
		step(agent.Answer(t.Context(), name, answerTo(t, agent, name)))
		opener := kit.Conn(t, "officer", counted.option()).Authority()
		if _, err := opener.Open(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		counted.want(t, map[string]int{"ListEvents": 1, "GetAnswer": 0, "OpenAnswer": 1})
	})

	t.Run("to await", func(t *testing.T) {
		name, counted := emergencies(t, kit, 1)[0], newCalls()
		step(agent.Acknowledge(t.Context(), name, nil))
		waiting := kit.Conn(t, "officer", counted.option()).Authority()
		awaited := make(chan error, 1)
		go func() {
			_, err := waiting.Await(t.Context(), name, liaisonv1.RequestState_REQUEST_STATE_ANSWERED)
			awaited <- err
		}()
		for range 5 {
			step(agent.Ask(t.Context(), name, &liaisonv1.Clarification{Question: "Which one?"}))
			step(officer.Reply(t.Context(), name, &liaisonv1.ClarificationReply{Text: "The first."}))
		}
		step(agent.Answer(t.Context(), name, answerTo(t, agent, name)))
		if err := <-awaited; err != nil {
			t.Fatal(err)
		}
		counted.want(t, nil)
		if n := counted.made["ListEvents"]; n > 1+12 {
			t.Errorf("the history was asked for %d times over 12 events", n)
		}
	})
}

// answerTo is an answer to all that is open of a request.
func answerTo(t *testing.T, agent *client.Platform, name string) *liaisonv1.Answer {
	t.Helper()
	request, err := agent.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	answer := &liaisonv1.Answer{Final: true, Screening: client.NoneProtected()}
	for _, selector := range (&client.Request{Request: request}).Open() {
		answer.Findings = append(answer.Findings, notFound(selector))
	}
	return answer
}
