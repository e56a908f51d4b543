package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// memory is what a worker's state folder holds.
type memory struct {
	After  uint64 `json:"after"`
	Claims map[string]struct {
		Won bool `json:"won"`
	} `json:"claims"`
}

func remembered(t *testing.T, dir string) (memory, []byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "worker.json"))
	if err != nil {
		t.Error(err)
	}
	var m memory
	if err := json.Unmarshal(text, &m); err != nil {
		t.Error(err)
	}
	return m, text
}

// TestWhateverIsOnDiskIsEnoughToGoOn looks at the state folder again and again while
// the worker reads its inbox: a request that is open is either claimed there or
// behind the place from which the next worker reads.
func TestWhateverIsOnDiskIsEnoughToGoOn(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	names := emergencies(t, kit, 30)
	sequences := make(map[string]uint64)
	for event, err := range kit.Conn(t, "officer").Authority().Events(t.Context(), "", 0) {
		if err != nil {
			t.Fatal(err)
		}
		sequences[event.GetRequest()] = event.GetSequence()
	}
	dir := t.TempDir()
	var looked sync.WaitGroup
	looked.Add(len(names))
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(context.Context, *client.Request) (client.Response, error) {
		return client.Later(time.Hour), nil // all stay open
	}, client.WithStateDir(dir), client.WithAcknowledgement(func(*liaisonv1.Request) *liaisonv1.Acknowledgement {
		defer looked.Done()
		m, _ := remembered(t, dir)
		for name, sequence := range sequences {
			if _, ok := m.Claims[name]; !ok && sequence <= m.After {
				t.Errorf("%s would be lost: event %d of it is read, and it is not claimed", name, sequence)
			}
		}
		return &liaisonv1.Acknowledgement{}
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	looked.Wait()
}

// TestAWorkerGoesOnWithWhatItRememberedBefore: a state folder from a backup, or one
// that is gone, costs time and nothing else.
func TestAWorkerGoesOnWithWhatItRememberedBefore(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(t *testing.T, path string, before []byte) error{
		"an older state": func(_ *testing.T, path string, before []byte) error { return os.WriteFile(path, before, 0o600) },
		"no state":       func(_ *testing.T, path string, _ []byte) error { return os.Remove(path) },
	} {
		t.Run(name, func(t *testing.T) {
			kit := liaisontest.New(t)
			dir := t.TempDir()
			var asked atomic.Bool
			handler := func(ctx context.Context, r *client.Request) (client.Response, error) {
				if !asked.Load() {
					return client.Later(time.Hour), nil
				}
				return answerAll(ctx, r)
			}
			start := func() (stop func()) {
				worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), handler, client.WithStateDir(dir))
				if err != nil {
					t.Fatal(err)
				}
				return run(t, worker)
			}
			officer := kit.Conn(t, "officer").Authority()

			names := emergencies(t, kit, 3)
			stop := start()
			for _, name := range names {
				if _, err := officer.Await(t.Context(), name, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED); err != nil {
					t.Fatal(err)
				}
			}
			stop()
			_, before := remembered(t, dir)

			asked.Store(true)
			stop = start()
			answered(t, kit, names)
			stop()

			if err := forget(t, filepath.Join(dir, "worker.json"), before); err != nil {
				t.Fatal(err)
			}
			defer start()()
			answered(t, kit, append(names, emergencies(t, kit, 2)...))
		})
	}
}

// TestAWorkerKnowsItsOwnAcknowledgement after a crash that came between the hub's
// word and the memory of it; another worker leaves the request alone.
func TestAWorkerKnowsItsOwnAcknowledgement(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	dir := t.TempDir()
	start := func(dir string, handler client.Handler) (stop func()) {
		worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), handler, client.WithStateDir(dir), client.WithSharedInbox(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return run(t, worker)
	}
	started := make(chan struct{}, 1)
	name := emergencies(t, kit, 1)[0]
	stop := start(dir, func(ctx context.Context, _ *client.Request) (client.Response, error) {
		started <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	<-started
	stop()
	m, text := remembered(t, dir)
	if !m.Claims[name].Won {
		t.Fatalf("the worker does not remember what it took on: %s", text)
	}
	text = []byte(strings.Replace(string(text), `"won":true`, `"won":false`, 1))
	if err := os.WriteFile(filepath.Join(dir, "worker.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}

	stop = start(t.TempDir(), func(ctx context.Context, r *client.Request) (client.Response, error) {
		if r.GetName() == name {
			t.Error("another worker works on the request")
		}
		return answerAll(ctx, r)
	})
	answered(t, kit, emergencies(t, kit, 1)) // by the other worker, which is awake
	stop()
	defer start(dir, answerAll)()
	answered(t, kit, []string{name})
}

// TestAWorkerSaysThatItsStateIsUnusable rather than begin without it.
func TestAWorkerSaysThatItsStateIsUnusable(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	file := filepath.Join(t.TempDir(), "file")
	broken := t.TempDir()
	for path, text := range map[string]string{file: "", filepath.Join(broken, "worker.json"): `{"after": 1, "cla`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, dir := range map[string]string{"a file in its place": file, "a file cut short": broken} {
		worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), answerAll, client.WithStateDir(dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Run(t.Context()); err == nil {
			t.Errorf("%s: the worker ran", name)
		}
	}
}

// TestAWorkerThatIsStoppedForAReasonEndsWell: the caller's own reason is no error.
func TestAWorkerThatIsStoppedForAReasonEndsWell(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, _ *client.Request) (client.Response, error) {
		cancel(errors.New("the program ends"))
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	emergencies(t, kit, 1)
	if err := worker.Run(ctx); err != nil {
		t.Errorf("it ended with: %v", err)
	}
}
