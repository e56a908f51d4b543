package server_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// newDatabase makes an empty database on a server that all tests share which do not end
// theirs.
func newDatabase(t testing.TB) string {
	t.Helper()
	c, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	return must(c.Database())
}

var (
	cluster = sync.OnceValues(func() (c *postgrestest.Cluster, err error) {
		c, err = postgrestest.Start()
		started = c
		return c, err
	})
	started *postgrestest.Cluster
)

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		if err := started.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

var unlimited = server.Limits{CallsPerSecond: 1e9, CallBurst: 1 << 30}

// newReplicas starts several hubs over one database.
func newReplicas(t testing.TB, n int, connection string) []*hub {
	t.Helper()
	open := func() store.Store { return must(postgres.Open(t.Context(), connection)) }
	first := newHubOver(t, open, unlimited)
	hubs := []*hub{first}
	for len(hubs) < n {
		h := &hub{t: t, cas: first.cas, open: open, shelf: first.shelf, log: &logBuffer{}, limits: unlimited, store: open(), ahead: first.ahead}
		h.start()
		t.Cleanup(func() {
			h.stop()
			h.store.Close()
		})
		hubs = append(hubs, h)
	}
	return hubs
}

// verify has the SDK read the whole ledger as one who takes part, and check everything.
func (h *hub) verify(id string) client.Audit {
	h.t.Helper()
	_, public, err := ledger.ParseSigner(ledgerSecret)
	if err != nil {
		h.t.Fatal(err)
	}
	var organisations []*liaisonv1.Organisation
	for domain, name := range participants {
		organisations = append(organisations, directory.Organisation(h.entry(domain, name)))
	}
	conn := must(client.Dial(h.address, client.WithTLS(h.leaf(id).TLS(), h.pool()), client.WithHubKey(public), client.WithOrganisations(organisations...)))
	defer conn.Close()
	return must(conn.Ledger().Verify(h.t.Context(), nil))
}

// arrivals are when a watcher was sent each event, by number.
type arrivals struct {
	times []time.Time
	err   error
}

// watchAll follows a hub's feed until so many events have come.
func (h *hub) watchAll(id string, events int) <-chan arrivals {
	s, _ := h.watchFrom(id, 0)
	result := make(chan arrivals, 1)
	go func() {
		var a arrivals
		for len(a.times) < events && a.err == nil {
			message, err := s.Recv()
			e := message.GetEvent()
			switch {
			case err != nil:
				a.err = err
			case e == nil: // a heartbeat
			case e.GetSequence() != uint64(len(a.times))+1:
				a.err = fmt.Errorf("event %d came after %d", e.GetSequence(), len(a.times))
			default:
				a.times = append(a.times, time.Now())
			}
		}
		result <- a
	}()
	return result
}

// TestReplicasKeepOneLedger files through three hubs at a time while somebody watches at
// each: there is one sequence without gaps, everybody sees all of it in order, and the
// ledger holds.
func TestReplicasKeepOneLedger(t *testing.T) {
	hubs := newReplicas(t, 3, newDatabase(t))
	const callers, each = 12, 20
	var watching []<-chan arrivals
	for _, h := range hubs {
		watching = append(watching, h.watchAll(agent, callers*each))
	}
	answered := make([]time.Time, callers*each) // by sequence number
	var filing sync.WaitGroup
	for i := range callers {
		authority := hubs[i%len(hubs)].authority(officer)
		filing.Go(func() {
			for range each {
				out, err := authority.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}})
				if err != nil {
					t.Errorf("file: %v", err)
					return
				}
				answered[out.GetSequence()-1] = time.Now()
			}
		})
	}
	filing.Wait()
	var late []time.Duration
	for i, w := range watching {
		a := <-w
		if a.err != nil {
			t.Fatalf("the watcher at hub %d: %v", i, a.err)
		}
		for n, at := range a.times {
			late = append(late, at.Sub(answered[n]))
		}
	}
	slices.Sort(late)
	t.Logf("a watcher has an event this long after its caller: median %v, of 99 in 100 at most %v", late[len(late)/2], late[len(late)*99/100])

	events := must(hubs[1].store.Events(t.Context(), store.EventQuery{Limit: callers*each + 1}))
	if len(events) != callers*each {
		t.Fatalf("there are %d events", len(events))
	}
	last := time.Time{}
	for i, e := range events {
		leaf := must(ledger.ParseLeaf(e.Leaf))
		if e.Seq != resource.Seq(i+1) || leaf.Time.Before(last) {
			t.Fatalf("event %d at %v, after one at %v", e.Seq, leaf.Time, last)
		}
		last = leaf.Time
	}
	for _, h := range hubs {
		if audit := h.verify(agent); audit.Events != callers*each || audit.Own != callers*each {
			t.Errorf("the audit: %+v", audit)
		}
	}
}

// TestOneReplicaTakesWhatAnotherTook: a repeat of a call at another hub does nothing, and
// a directory entry is known everywhere.
func TestOneReplicaTakesWhatAnotherTook(t *testing.T) {
	hubs := newReplicas(t, 2, newDatabase(t))
	call := &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: uuid.NewString()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}}
	first := eventOf(must(hubs[0].authority(officer).FileRequest(t.Context(), call)))
	again := eventOf(must(hubs[1].authority(officer).FileRequest(t.Context(), call)))
	if again.GetSequence() != first.GetSequence() || again.GetRequest() != first.GetRequest() {
		t.Errorf("event %d of %s, and again %d of %s", first.GetSequence(), first.GetRequest(), again.GetSequence(), again.GetRequest())
	}
	if _, err := hubs[1].platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: first.GetRequest(), Call: &liaisonv1.Call{IfMatch: first.GetEtag()}, Acknowledgement: &liaisonv1.Acknowledgement{}}); err != nil {
		t.Error(err)
	}
	_, err := hubs[0].platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: first.GetRequest(), Call: &liaisonv1.Call{IfMatch: first.GetEtag()}, Acknowledgement: &liaisonv1.Acknowledgement{}})
	wantReason(t, err, codes.Aborted, "ETAG_MISMATCH")
}

// TestAFailoverLosesNothing kills the primary server under load and promotes its
// synchronous standby. What was acknowledged is there, once, and the ledger holds.
func TestAFailoverLosesNothing(t *testing.T) {
	primary, err := postgrestest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = primary.Stop() })
	if _, err := primary.Database(); err != nil {
		t.Fatal(err)
	}
	standby, err := primary.Standby()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = standby.Stop() })
	hubs := newReplicas(t, 3, primary.Connection("hub1", standby))

	const callers, before, after = 8, 200, 200
	var acknowledged atomic.Int64
	var pause atomic.Int64 // the longest between two acknowledgements, in nanoseconds
	var mu sync.Mutex
	lastAt := time.Now()
	taken := make(map[string]string) // request by call
	reached := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	var filing sync.WaitGroup
	for i := range callers {
		var authorities []liaisonv1.AuthorityServiceClient
		for _, h := range hubs {
			authorities = append(authorities, h.authority(officer))
		}
		filing.Go(func() {
			for at := i; ctx.Err() == nil; {
				call := &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: uuid.NewString()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}}
				for {
					trying, cancel := context.WithTimeout(t.Context(), 5*time.Second)
					out, err := authorities[at%len(hubs)].FileRequest(trying, call)
					cancel()
					if err == nil {
						mu.Lock()
						taken[call.GetCall().GetCallId()] = out.GetRequest()
						pause.Store(max(pause.Load(), int64(time.Since(lastAt))))
						lastAt = time.Now()
						mu.Unlock()
						break
					}
					if code := status.Code(err); code != codes.Unavailable && code != codes.DeadlineExceeded {
						t.Errorf("file: %v", err)
						return
					}
					at++ // the same call, at another hub
				}
				if acknowledged.Add(1) == before {
					close(reached)
				}
			}
		})
	}
	<-reached
	began := time.Now()
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	promoted := time.Since(began)
	target := acknowledged.Load() + after
	for acknowledged.Load() < target && !t.Failed() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the hubs do not go on")
		}
	}
	stop()
	filing.Wait()
	if t.Failed() {
		for i, h := range hubs {
			t.Logf("the log of hub %d:\n%s", i, h.log)
		}
		t.FailNow()
	}
	t.Logf("%d filings; the standby took over %v after the kill, and the longest pause between two acknowledgements was %v",
		len(taken), promoted, time.Duration(pause.Load()))

	events, err := hubs[0].store.Events(t.Context(), store.EventQuery{Limit: len(taken) + callers + 1})
	if err != nil || len(events) != len(taken) {
		t.Fatalf("there are %d events of %d filings that were acknowledged, %v", len(events), len(taken), err)
	}
	for call, name := range taken {
		if _, err := hubs[1].store.Request(t.Context(), must(resource.ParseRequest(name))); errors.Is(err, store.ErrNotFound) {
			t.Errorf("the call %s was acknowledged, and %s is not there", call, name)
		}
	}
	if audit := hubs[2].verify(agent); audit.Events != int64(len(taken)) {
		t.Errorf("the audit: %+v", audit)
	}
}
