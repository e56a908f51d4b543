package client_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAWorkerHandsOverWhenTheReviewerHasSpoken: what the handler gives while the reviewer may
// object still is kept back by the hub, and the handler is asked again when it may be given.
func TestAWorkerHandsOverWhenTheReviewerHasSpoken(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var called atomic.Int32
	tried := make(chan struct{}, 10)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(_ context.Context, r *client.Request) (client.Response, error) {
		called.Add(1)
		tried <- struct{}{}
		var findings []*liaisonv1.Finding
		for _, s := range r.Open() {
			findings = append(findings, notFound(s))
		}
		return client.Answer(client.NoneProtected(), findings...), nil
	}, client.WithStateDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	spec := emergency("R-WORKER")
	spec.Reviewer = "oversight/commissioner"
	officer, reviewer := kit.Conn(t, "officer").Authority(), kit.Conn(t, "reviewer").Reviewer()
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	<-tried
	if _, err := reviewer.Clear(t.Context(), filed.GetRequest(), nil); err != nil {
		t.Fatal(err)
	}
	request, err := officer.Await(t.Context(), filed.GetRequest())
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_ANSWERED || request.GetReview() != liaisonv1.ReviewState_REVIEW_STATE_CLEARED {
		t.Errorf("the request is %s, and its review %s: %v", request.GetState(), request.GetReview(), err)
	}
	if n := called.Load(); n > 3 {
		t.Errorf("the handler was called %d times: it is asked again when something happens, not all the time", n)
	}
}

// TestAReviewerWatchesAndReadsNoAnswer: its feed has no gap, and no answer is in it.
func TestAReviewerWatchesAndReadsNoAnswer(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name, _, agent, reviewer := underReview(t, kit, "R-WATCH")
	if _, err := reviewer.Clear(t.Context(), name, &liaisonv1.ReviewClearing{Note: "As asked."}); err != nil {
		t.Fatal(err)
	}
	answer(t, kit, "R-OTHER") // which names no reviewer
	var findings []*liaisonv1.Finding
	for _, s := range exampleSpec().GetSelectors() {
		findings = append(findings, notFound(s))
	}
	if _, err := agent.Answer(t.Context(), name, &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: findings}); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for event, err := range reviewer.Watch(t.Context(), client.WatchOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		if event.GetRequest() != name {
			t.Errorf("event %d is another request's", event.GetSequence())
		}
		if seen++; event.GetAnswered() != nil {
			break
		}
	}
	if seen != 4 { // filed, acknowledged, cleared, answered
		t.Errorf("the reviewer was sent %d events", seen)
	}
	audit, err := kit.Conn(t, "reviewer").Ledger().Verify(t.Context(), nil)
	if err != nil || audit.Own != 4 || audit.Signatures != 3 {
		t.Errorf("the reviewer's audit found %+v: %v", audit, err)
	}
	_, err = kit.Conn(t, "reviewer").Authority().Open(t.Context(), name)
	if !errors.Is(err, client.ErrRoleNotAllowed) && !errors.Is(err, client.ErrNotFound) && !errors.Is(err, client.ErrNoAnswerKeys) {
		t.Errorf("a reviewer opens an answer: %v", err)
	}
}
