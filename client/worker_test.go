package client_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// filed files a request as the officer and approves it as the approver.
func filed(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	event, err := kit.Conn(t, "officer").Authority().File(t.Context(), exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Conn(t, "approver").Authority().Approve(t.Context(), event.GetRequest(), nil, client.IfMatch(event.GetEtag())); err != nil {
		t.Fatal(err)
	}
	return event.GetRequest()
}

// run runs a worker until the test ends.
func run(t *testing.T, w *client.PlatformWorker) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the worker ended with: %v", err)
		}
	}
	return stop
}

func TestAWorkerAnswersWhatIsFiled(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(_ context.Context, r *client.Request) (client.Response, error) {
		if r.LastReply() == nil {
			return client.Question("Which of the two?"), nil
		}
		if len(r.Open()) == 2 {
			return client.PartialAnswer(client.NoneProtected(), notFound(r.Open()[0])), nil
		}
		return client.Answer(client.NoneProtected(), notFound(r.Open()[0])), nil
	}, client.WithStateDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	name := filed(t, kit)
	officer := kit.Conn(t, "officer").Authority()
	request, err := officer.Await(t.Context(), name)
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED {
		t.Fatalf("the request is %s: %v", request.GetState(), err)
	}
	kit.Restart() // in the middle of it
	if _, err := officer.Reply(t.Context(), name, &liaisonv1.ClarificationReply{Text: "Both."}); err != nil {
		t.Fatal(err)
	}
	request, err = officer.Await(t.Context(), name)
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_ANSWERED {
		t.Fatalf("the request is %s: %v", request.GetState(), err)
	}
	parts, err := officer.Open(t.Context(), name)
	if err != nil || len(parts) != 2 {
		t.Fatalf("the answer has %d parts: %v", len(parts), err)
	}
	if diff := cmp.Diff(notFound(exampleSpec().GetSelectors()[0]), parts[0].GetAnswer().GetFindings()[0], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}
