package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// emergencies files requests that need no approval and returns their names.
func emergencies(t *testing.T, kit interface {
	Conn(t testing.TB, name string, options ...client.Option) *client.Conn
}, n int) []string {
	t.Helper()
	officer := kit.Conn(t, "officer").Authority()
	var names []string
	for i := range n {
		spec := exampleSpec()
		spec.Reference = fmt.Sprintf("E-%03d", i)
		spec.Urgency = liaisonv1.Urgency_URGENCY_EMERGENCY
		spec.Threat = &liaisonv1.Threat{Kind: liaisonv1.ThreatKind_THREAT_KIND_LIFE, Statement: "A threat."}
		event, err := officer.File(t.Context(), spec)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, event.GetRequest())
	}
	return names
}

// answered waits until every request is answered, and checks that each was
// acknowledged and answered once.
func answered(t *testing.T, kit *liaisontest.Kit, names []string) {
	t.Helper()
	officer := kit.Conn(t, "officer").Authority()
	for _, name := range names {
		if _, err := officer.Await(t.Context(), name, liaisonv1.RequestState_REQUEST_STATE_ANSWERED); err != nil {
			t.Fatal(err)
		}
		acknowledged, final := 0, 0
		for event, err := range officer.Events(t.Context(), name, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if event.GetAcknowledged() != nil {
				acknowledged++
			}
			if event.GetAnswered() != nil {
				final++
			}
		}
		if acknowledged != 1 || final != 1 {
			t.Errorf("%s was acknowledged %d times and answered %d times", name, acknowledged, final)
		}
	}
}

func answerAll(_ context.Context, r *client.Request) (client.Response, error) {
	var findings []*liaisonv1.Finding
	for _, s := range r.Open() {
		findings = append(findings, notFound(s))
	}
	return client.Answer(client.NoneProtected(), findings...), nil
}

// TestReplicasShareAnInbox lets three workers with one certificate share an inbox: no
// request comes to two of them.
func TestReplicasShareAnInbox(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var mu sync.Mutex
	handled := make(map[string]int)
	for range 3 {
		worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
			mu.Lock()
			handled[r.GetName()]++
			mu.Unlock()
			return answerAll(ctx, r)
		}, client.WithStateDir(t.TempDir()), client.WithSharedInbox(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		defer run(t, worker)()
	}
	names := emergencies(t, kit, 40)
	answered(t, kit, names)
	mu.Lock()
	defer mu.Unlock()
	for _, name := range names {
		if handled[name] != 1 {
			t.Errorf("%s was handled %d times", name, handled[name])
		}
	}
}

// TestADeadReplicasWorkIsTakenOver: one takes a request on and is gone.
func TestADeadReplicasWorkIsTakenOver(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	started := make(chan struct{}, 1)
	dead, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, _ *client.Request) (client.Response, error) {
		started <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}, client.WithStateDir(t.TempDir()), client.WithSharedInbox(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, dead)
	names := emergencies(t, kit, 1)
	<-started
	stop()

	heir, err := client.NewPlatformWorker(kit.Conn(t, "agent"), answerAll,
		client.WithStateDir(t.TempDir()), client.WithSharedInbox(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, heir)()
	answered(t, kit, names)
}

// TestAWorkerThatIsKilledAgainAndAgainFinishes stops a worker at whatever point it
// is, dozens of times, and the hub in between.
func TestAWorkerThatIsKilledAgainAndAgainFinishes(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	state := t.TempDir()
	names := emergencies(t, kit, 25)
	var calls atomic.Int64
	for life := 0; calls.Load() < int64(len(names)) && life < 200; life++ {
		ctx, cancel := context.WithCancel(t.Context())
		budget := int64(life%3 + 1) // it is killed in the middle of its second, third, fourth handler
		var used atomic.Int64
		worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(_ context.Context, r *client.Request) (client.Response, error) {
			if used.Add(1) > budget {
				cancel()
				return nil, errors.New("killed")
			}
			calls.Add(1)
			return answerAll(ctx, r)
		}, client.WithStateDir(state), client.WithConcurrency(2))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := worker.Run(ctx); err != nil {
				t.Errorf("life %d ended with: %v", life, err)
			}
		}()
		if life == 2 {
			kit.Restart()
		}
		<-done
		cancel()
	}
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), answerAll, client.WithStateDir(state))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	answered(t, kit, names)
}

// TestAWithdrawnRequestEndsItsHandler: whatever it would have said is not sent.
func TestAWithdrawnRequestEndsItsHandler(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	started, cause := make(chan struct{}), make(chan error, 1)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		close(started)
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return answerAll(ctx, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	name := emergencies(t, kit, 1)[0]
	<-started
	officer := kit.Conn(t, "officer").Authority()
	if _, err := officer.Withdraw(t.Context(), name, &liaisonv1.Withdrawal{Reason: "fabricated"}); err != nil {
		t.Fatal(err)
	}
	if err := <-cause; !errors.Is(err, client.ErrChanged) {
		t.Errorf("the handler's context ended for: %v", err)
	}
	for event, err := range officer.Events(t.Context(), name, 0) {
		if err != nil || event.GetAnswered() != nil {
			t.Errorf("after the withdrawal: %v, %v", event, err)
		}
	}
}

// TestAHandlerThatFailsIsCalledAgain: it returns an error, panics, says too much, and
// then does well. The log has none of what it said.
func TestAHandlerThatFailsIsCalledAgain(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var log strings.Builder
	var calls atomic.Int64
	const secret = "Karim of 12 Rose Lane"
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		switch calls.Add(1) {
		case 1:
			return nil, errors.New(secret)
		case 2:
			panic(secret)
		case 3:
			return client.Answer(client.NoneProtected(), notFound(&liaisonv1.Selector{Id: "nobody-asked"})), nil
		case 4:
			return nil, nil
		default:
			return answerAll(ctx, r)
		}
	}, client.WithRetryPause(time.Millisecond, 5*time.Millisecond), client.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, worker)
	answered(t, kit, emergencies(t, kit, 1))
	stop()
	if strings.Contains(log.String(), "Karim") {
		t.Error("the log quotes the handler")
	}
	for _, want := range []string{"the handler failed", "panicked", "ANSWER_OUT_OF_SCOPE"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}

// TestAsManyHandlersAsAllowedRun and no more.
func TestAsManyHandlersAsAllowedRun(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var running, most atomic.Int64
	full := make(chan struct{})
	var once sync.Once
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		now := running.Add(1)
		defer running.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		if now == 3 {
			once.Do(func() { close(full) })
		}
		<-full // until three run at a time
		return answerAll(ctx, r)
	}, client.WithConcurrency(3))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	answered(t, kit, emergencies(t, kit, 12))
	if most.Load() != 3 {
		t.Errorf("%d ran at a time, wanted 3", most.Load())
	}
}

func TestASuspendedPlatformsWorkerEnds(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), answerAll)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(t.Context()) }()
	answered(t, kit, emergencies(t, kit, 1)) // it works
	kit.Suspend(t, "platforms/messenger", false)
	if err := <-ended; !errors.Is(err, client.ErrParticipantSuspended) {
		t.Errorf("it ended with: %v", err)
	}
}

func TestAWatchGoesOnOverRestarts(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	agent := kit.Conn(t, "agent").Platform()
	seen := make(chan uint64, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for event, err := range agent.Watch(ctx, client.WatchOptions{}) {
			if err != nil {
				break
			}
			seen <- event.GetSequence()
		}
		close(seen)
	}()
	next := uint64(1)
	for range 3 {
		emergencies(t, kit, 4)
		for range 4 {
			if got := <-seen; got != next {
				t.Fatalf("the watch shows %d, wanted %d", got, next)
			}
			next++
		}
		kit.Restart()
	}
}

func TestAWatchByWhoMayNotEnds(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for _, err := range kit.Conn(t, "auditor").Authority().Watch(t.Context(), client.WatchOptions{}) {
		if !errors.Is(err, client.ErrRoleNotAllowed) {
			t.Errorf("it says: %v", err)
		}
		return
	}
	t.Error("it ends without a word")
}
