package client_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// total returns how many calls were made in all.
func (c *calls) total() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, made := range c.made {
		n += made
	}
	return n
}

// TestAStepIsOneTrip: what a step is answered with shows that the ledger goes on from what
// this side knew, also where many steps cross, and nothing else has to be asked.
func TestAStepIsOneTrip(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for _, callers := range []int{1, 64} {
		t.Run(fmt.Sprintf("%d callers", callers), func(t *testing.T) {
			const each = 4
			counted := newCalls()
			officer := kit.Conn(t, "officer", client.WithLedgerDir(t.TempDir()), counted.option()).Authority()
			if _, err := officer.File(t.Context(), emergency("FIRST")); err != nil { // it knows nothing of the ledger yet
				t.Fatal(err)
			}
			before := counted.total()
			var filing sync.WaitGroup
			for range callers {
				filing.Go(func() {
					for range each {
						if _, err := officer.File(t.Context(), emergency(uuid.NewString())); err != nil {
							t.Error(err)
						}
					}
				})
			}
			filing.Wait()
			if made := counted.total() - before; made != callers*each {
				t.Errorf("%d filings took %d calls: %v", callers*each, made, counted.made)
			}
		})
	}
}

// atKey finds in a context which hub is called in place of the one that was dialled.
type atKey struct{}

// at has a call made to another hub.
func at(ctx context.Context, hub *grpc.ClientConn) context.Context {
	return context.WithValue(ctx, atKey{}, hub)
}

// elsewhere sends calls to the hub that their context names, the double. Answers to steps
// pass a barrier, if one is given.
func elsewhere(barrier func(double bool)) client.Option {
	return client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			other, double := ctx.Value(atKey{}).(*grpc.ClientConn)
			if double {
				conn = other
			}
			err := invoke(ctx, method, in, out, conn, options...)
			if _, step := out.(*liaisonv1.Recorded); step && barrier != nil {
				barrier(double)
			}
			return err
		}))
}

// twoLedgers is an agent that has followed a hub's ledger, and may be sent to a double of the
// hub: it has the same past, from which it has gone on by itself by so many requests. Steps
// without a signature are taken there: no statement tells the double what was seen here.
func twoLedgers(t *testing.T, ahead int, barrier func(double bool)) (agent *client.Platform, double context.Context, names []string) {
	t.Helper()
	kit := liaisontest.New(t)
	names = emergencies(t, kit, 4)
	agent = kit.Conn(t, "agent", elsewhere(barrier)).Platform()
	if _, err := agent.Acknowledge(t.Context(), names[3], nil); err != nil {
		t.Fatal(err)
	}
	other := testkit.Of(kit).Fork(t)
	emergencies(t, other, ahead)
	return agent, at(t.Context(), other.Conn(t, "agent").Unverified().(*grpc.ClientConn)), names
}

// TestAnswersThatCrossAreHeldAgainstEachOther: a hub answers two goroutines that set out
// from one checkpoint out of two ledgers, each of which goes on from it.
func TestAnswersThatCrossAreHeldAgainstEachOther(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ahead int
		first bool // whether the double's answer is the first
	}{
		"of one size":                     {0, false},
		"of two sizes, the smaller first": {2, false},
		"of two sizes, the larger first":  {2, true},
	} {
		t.Run(name, func(t *testing.T) {
			var both sync.WaitGroup
			both.Add(2)
			crossing, first := false, make(chan error, 1)
			agent, double, names := twoLedgers(t, test.ahead, func(double bool) {
				if !crossing {
					return
				}
				both.Done()
				both.Wait()
				if double != test.first {
					if err := <-first; err != nil {
						t.Error(err)
					}
				}
			})
			crossing = true
			take := func(ctx context.Context, name string, ended chan<- error) {
				_, err := agent.Acknowledge(ctx, name, nil)
				ended <- err
			}
			second := make(chan error, 1)
			if test.first {
				go take(double, names[0], first)
				take(t.Context(), names[1], second)
			} else {
				go take(t.Context(), names[0], first)
				take(double, names[1], second)
			}
			caught(t, <-second, client.ErrForked)
		})
	}
}

// TestReplicasShowOneLedger: a client is answered by one replica, and then by another that
// has gone on otherwise.
func TestReplicasShowOneLedger(t *testing.T) {
	t.Parallel()
	agent, double, names := twoLedgers(t, 5, nil)
	if _, err := agent.Acknowledge(t.Context(), names[0], nil); err != nil {
		t.Fatal(err)
	}
	_, err := agent.Acknowledge(double, names[1], nil)
	caught(t, err, client.ErrForked)
	if _, err := agent.Acknowledge(t.Context(), names[2], nil); err != nil {
		t.Errorf("the ledger that was seen first is believed no more: %v", err)
	}
}

// TestProcessesOfOneFolderHoldTheirStepsAgainstEachOther: two processes share a folder, and
// set out from one checkpoint; each is answered out of a ledger of its own.
func TestProcessesOfOneFolderHoldTheirStepsAgainstEachOther(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]int{"of one size": 0, "of two sizes": 2} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			kit := liaisontest.New(t)
			emergencies(t, kit, 1)
			process := func(conn *client.Conn) *client.Authority {
				officer := conn.Authority()
				for _, err := range officer.Events(t.Context(), "", 0) {
					if err != nil {
						t.Fatal(err)
					}
				}
				return officer
			}
			double := testkit.Of(kit).Fork(t)
			one := process(kit.Conn(t, "officer", client.WithLedgerDir(dir)))
			two := process(double.Conn(t, "officer", client.WithLedgerDir(dir)))
			emergencies(t, double, ahead)
			if _, err := one.File(t.Context(), emergency("ONE")); err != nil {
				t.Fatal(err)
			}
			_, err := two.File(t.Context(), emergency("TWO"))
			caught(t, err, client.ErrForked)
			if _, err := one.File(t.Context(), emergency("ONE MORE")); err != nil {
				t.Errorf("what was kept first counts no more: %v", err)
			}
		})
	}
}

// TestAHubThatHasSeenLessSaysSo: it waits for what the caller has seen, and neither takes the
// step nor is taken for one that was set back if that does not come.
func TestAHubThatHasSeenLessSaysSo(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := emergencies(t, kit, 1)[0]
	agent := liaisonv1.NewPlatformServiceClient(kit.Conn(t, "agent").Unverified())
	_, err := agent.AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}, Call: &liaisonv1.Call{KnownSize: 1000}})
	var failed *client.Error
	if !errors.As(err, &failed) || failed.Reason != liaisonv1.Reason_REASON_LEDGER_BEHIND || !failed.Retryable() {
		t.Errorf("it ends with %v", err)
	}
	request, err := kit.Conn(t, "agent").Platform().Get(t.Context(), name)
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_FILED {
		t.Errorf("the request is %v, %v", request.GetState(), err)
	}
	waiting := make(chan error, 1)
	go func() {
		_, err := agent.AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{
			Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}, Call: &liaisonv1.Call{CallId: uuid.NewString(), KnownSize: 2}, // it is repeated
		})
		waiting <- err
	}()
	emergencies(t, kit, 1)
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

// places returns the sizes in the two places of a folder's memory.
func places(t *testing.T, dir string) (path string, text []byte, sizes [2]uint64) {
	t.Helper()
	path = filepath.Join(dir, "ledger.memory")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range sizes {
		sizes[n] = binary.BigEndian.Uint64(text[n*len(text)/2+8:])
	}
	return path, text, sizes
}

// TestAPowerCutBetweenTwoWritesLosesNothingThatWasTold: the place that was being written is
// torn, and the one before it counts.
func TestAPowerCutBetweenTwoWritesLosesNothingThatWasTold(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for name, tear := range map[string]func(text []byte, place int) []byte{
		"half of it is the old one": func(text []byte, place int) []byte {
			half := len(text) / 4
			copy(text[place*2*half+half:][:half], make([]byte, half))
			copy(text[place*2*half:], "liaison\x01\xff")
			return text
		},
		"nothing of it is there": func(text []byte, place int) []byte {
			clear(text[place*len(text)/2:][:len(text)/2])
			return text
		},
		"the file was cut": func(text []byte, place int) []byte {
			if place == 1 {
				return text[:len(text)/2+100]
			}
			clear(text[:len(text)/2])
			return text
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := func() error {
				_, err := kit.Conn(t, "officer", client.WithLedgerDir(dir)).Authority().File(t.Context(), emergency(uuid.NewString()))
				return err
			}
			for range 5 {
				if err := file(); err != nil {
					t.Fatal(err)
				}
				path, text, sizes := places(t, dir)
				newer := 0
				if sizes[1] > sizes[0] {
					newer = 1
				}
				if err := os.WriteFile(path, tear(text, newer), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := file(); err != nil {
				t.Error(err)
			}
			path, text, sizes := places(t, dir)
			if sizes[0] == sizes[1] {
				t.Errorf("both places are of %d events", sizes[0])
			}
			if err := os.WriteFile(path, make([]byte, len(text)), 0o600); err != nil {
				t.Fatal(err)
			}
			caught(t, file(), client.ErrCheckpoint)
		})
	}
}

// TestAStepThatCannotBeRememberedIsUnknown: it may have been taken, and the same call finds
// out.
func TestAStepThatCannotBeRememberedIsUnknown(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	dir := t.TempDir()
	officer := kit.Conn(t, "officer", client.WithLedgerDir(dir)).Authority()
	if _, err := officer.File(t.Context(), emergency("BEFORE")); err != nil {
		t.Fatal(err)
	}
	path, away := filepath.Join(dir, "ledger.memory"), filepath.Join(dir, "away")
	if err := errors.Join(os.Rename(path, away), os.Mkdir(path, 0o700)); err != nil { // a folder where the file should be
		t.Fatal(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	spec := emergency("UNKNOWN")
	if _, err := officer.File(t.Context(), spec, client.WithCallID(id)); !errors.Is(err, verify.ErrNotKept) {
		t.Fatalf("it ends with %v", err)
	}
	if err := errors.Join(os.Remove(path), os.Rename(away, path)); err != nil {
		t.Fatal(err)
	}
	event, err := officer.File(t.Context(), spec, client.WithCallID(id))
	if err != nil || event.GetSequence() != 2 {
		t.Errorf("repeated, it is event %d: %v", event.GetSequence(), err)
	}
}
