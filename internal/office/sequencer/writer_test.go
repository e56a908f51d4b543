package sequencer_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// desk is a sequencer over SQLite through a store that a test can make fail.
type desk struct {
	t         *testing.T
	path      string
	db        *sqlite.DB
	reads     *archive.Archive
	faults    *faultyStore
	sequencer *sequencer.Sequencer
	clock     func() time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "hub.db"), clock: time.Now}
	d.open()
	t.Cleanup(func() {
		d.sequencer.Close()
		d.reads.Close()
		d.db.Close()
	})
	return d
}

func (d *desk) open() {
	d.t.Helper()
	d.db = must(sqlite.Open(context.Background(), d.path))
	d.faults = &faultyStore{Store: d.db}
	clock := func() time.Time { return d.clock() }
	d.reads = must(archive.Open(context.Background(), d.faults, clock))
	d.sequencer = must(sequencer.New(context.Background(), sequencer.Config{
		Store: d.faults, Archive: d.reads, Clock: clock, NewID: uuid.NewV7,
		Log: slog.New(slog.DiscardHandler), Directory: sequencer.Anybody{},
		Salt:   func() ([]byte, error) { return make([]byte, ledger.SaltSize), nil },
		Ledger: ledgerSigner, LedgerKey: ledgerVerifier, Hub: caller("authorities/moc", "spiffe://hub.example/hub/hub"),
		SelectorKey: make([]byte, 32),
	}))
}

func (d *desk) restart() {
	d.t.Helper()
	d.sequencer.Close()
	d.reads.Close()
	if err := d.db.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

// faultyStore fails writes as a test says.
type faultyStore struct {
	store.Store
	mu      sync.Mutex
	before  func() error // asked before a batch is decided
	after   func() error // asked after it was committed: the word that it was gets lost
	batches atomic.Int64
}

func (f *faultyStore) Write(ctx context.Context, batch func(store.Tx) error) error {
	f.mu.Lock()
	before, after := f.before, f.after
	f.mu.Unlock()
	f.batches.Add(1)
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	if err := f.Store.Write(ctx, batch); err != nil {
		return err
	}
	if after != nil {
		return after()
	}
	return nil
}

func (f *faultyStore) set(before, after func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before, f.after = before, after
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func caller(organisation, id string) identity.Caller {
	c := must(identity.ParseID(id))
	c.Organisation = must(resource.ParseOrganisation(organisation))
	return c
}

var (
	officer  = caller("authorities/moc", "spiffe://moc.example/officer/amal")
	approver = caller("authorities/moc", "spiffe://moc.example/approver/karim")
	agent    = caller("platforms/messenger", "spiffe://messenger.example/agent/worker")
	reviewer = caller("oversight/commissioner", "spiffe://commissioner.example/reviewer/desk")
	stranger = caller("platforms/filehost", "spiffe://filehost.example/agent/worker")
)

func spec(reference string) *liaisonv1.RequestSpec {
	return &liaisonv1.RequestSpec{
		Platform: "platforms/messenger", Reference: reference,
		Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Urgency: liaisonv1.Urgency_URGENCY_EMERGENCY,
		Selectors: []*liaisonv1.Selector{{Id: "1", Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: "7"}}},
			{Id: "2", Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: "8"}}}},
		Categories: []liaisonv1.DataCategory{liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY},
	}
}

func filing(reference string) sequencer.Step {
	return sequencer.Step{Caller: officer, Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: spec(reference)}}}}
}

func acknowledging(name string) sequencer.Step {
	return sequencer.Step{
		Caller: agent, Request: must(resource.ParseRequest(name)),
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}}},
	}
}

// identified makes a step's retries safe.
func identified(s sequencer.Step, id uuid.UUID) sequencer.Step {
	s.Call = must(sequencer.NewCall("/test", id.String(), s.Event))
	return s
}

func (d *desk) head() resource.Seq { return must(d.db.Head(context.Background())).Seq }

// submit takes a step and returns its event.
func (d *desk) submit(step sequencer.Step) (*liaisonv1.Event, error) {
	recorded, err := d.sequencer.Submit(context.Background(), step)
	return recorded.GetEvent(), err
}

var ledgerSigner, ledgerVerifier = func() (note.Signer, note.Verifier) {
	secret, public := must2(ledger.NewKey("hub.example"))
	signer, _ := must2(ledger.ParseSigner(secret))
	return signer, must(ledger.ParseVerifier(public))
}()

func must2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}

func TestCallersShareACommitAndABadStepFailsAlone(t *testing.T) {
	d := newDesk(t)
	held, free := make(chan struct{}), make(chan struct{})
	var once sync.Once
	d.faults.set(func() error {
		once.Do(func() { close(held); <-free })
		return nil
	}, nil)
	first := make(chan error, 1)
	go func() {
		_, err := d.submit(filing("first"))
		first <- err
	}()
	<-held

	const good = 40
	errs := make(chan error, good)
	var started sync.WaitGroup
	for i := range good {
		started.Add(1)
		reference := "ok"
		if i == 7 {
			reference = "panic"
		}
		go func() {
			started.Done()
			_, err := d.submit(filing(reference))
			errs <- err
		}()
	}
	started.Wait()
	for sequencer.Queued(d.sequencer) < good {
		runtime.Gosched() // the queue tells nobody when it fills
	}
	close(free)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range good {
		if err := <-errs; err != nil {
			failed++
			if !strings.Contains(err.Error(), "panic") {
				t.Errorf("a good step failed: %v", err)
			}
		}
	}
	if failed != 1 || d.head() != good {
		t.Errorf("%d steps failed and %d events are there, wanted 1 and %d", failed, d.head(), good)
	}
	if n := d.faults.batches.Load(); n != 2 {
		t.Errorf("%d commits were made, wanted 2", n)
	}
}

func TestACallIsTakenOnceHoweverItFails(t *testing.T) {
	lost := errors.New("the disk says nothing")
	for _, test := range []struct {
		name          string
		before, after func() error
	}{
		{"before the commit", func() error { return lost }, nil},
		{"after the commit, whose word is lost", nil, func() error { return lost }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			step := identified(filing("once"), uuid.New())
			d.faults.set(test.before, test.after)
			if _, err := d.submit(step); !errors.Is(err, lost) {
				t.Fatalf("the failure is not told: %v", err)
			}
			d.faults.set(nil, nil)
			event := must(d.submit(step))
			d.restart()
			again := must(d.submit(step))
			if diff := cmp.Diff(event, again, protocmp.Transform()); diff != "" {
				t.Errorf("the same call gives another answer:\n%s", diff)
			}
			if d.head() != 1 {
				t.Errorf("%d events are there, wanted 1", d.head())
			}
		})
	}
}

func TestTheSameCallAtTheSameTimeIsTakenOnce(t *testing.T) {
	d := newDesk(t)
	step := identified(filing("once"), uuid.New())
	const callers = 32
	events := make(chan *liaisonv1.Event, callers)
	for range callers {
		go func() { events <- must(d.submit(step)) }()
	}
	first := <-events
	for range callers - 1 {
		if diff := cmp.Diff(first, <-events, protocmp.Transform()); diff != "" {
			t.Fatalf("the same call gives another answer:\n%s", diff)
		}
	}
	if d.head() != 1 {
		t.Errorf("%d events are there, wanted 1", d.head())
	}
	other := identified(filing("another"), step.Call.ID)
	if _, err := d.submit(other); !errors.Is(err, sequencer.ErrCallReused) {
		t.Errorf("another call under the same identifier: %v", err)
	}
}

func TestOfManyWhoActOnOneVersionOneSucceeds(t *testing.T) {
	d := newDesk(t)
	filed := must(d.submit(filing("race")))
	const callers = 16
	errs := make(chan error, callers)
	for range callers {
		go func() {
			step := acknowledging(filed.GetRequest())
			step.ETag = filed.GetEtag()
			_, err := d.submit(step)
			errs <- err
		}()
	}
	succeeded := 0
	for range callers {
		switch err := <-errs; {
		case err == nil:
			succeeded++
		case !errors.Is(err, sequencer.ErrETag):
			t.Errorf("a late one fails with: %v", err)
		}
	}
	if succeeded != 1 {
		t.Errorf("%d succeeded", succeeded)
	}
}

func TestTimeNeverRunsBackwards(t *testing.T) {
	d := newDesk(t)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d.clock = func() time.Time { return at }
	first := must(d.submit(filing("a")))
	at = at.Add(-time.Hour)
	d.restart()
	second := must(d.submit(filing("b")))
	if second.GetCreateTime().AsTime().Before(first.GetCreateTime().AsTime()) {
		t.Errorf("event %d is older than event %d", second.GetSequence(), first.GetSequence())
	}
}

func TestAfterCloseNothingIsTaken(t *testing.T) {
	d := newDesk(t)
	d.sequencer.Close()
	if _, err := d.submit(filing("late")); !errors.Is(err, sequencer.ErrStopping) {
		t.Errorf("a late step ends with: %v", err)
	}
}

func TestAnAnswerIsKeptBesideItsEvent(t *testing.T) {
	d := newDesk(t)
	name := must(d.submit(filing("a"))).GetRequest()
	must(d.submit(acknowledging(name)))
	id := must(resource.ParseRequest(name))
	const phone = "+447700900200"
	answer := &liaisonv1.Answer{Screening: noneProtected, Findings: []*liaisonv1.Finding{{
		SelectorId: "1",
		Outcomes: []*liaisonv1.Outcome{{
			Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED,
		}},
		Parties: []*liaisonv1.IdentifiedParty{{Items: []*liaisonv1.DataItem{{
			Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
			Value:    &liaisonv1.DataItem_Phone{Phone: &liaisonv1.PhoneSelector{Number: phone}},
		}}}},
	}}}
	must(d.submit(sequencer.Step{
		Caller: agent, Request: id, Answer: answer,
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: &liaisonv1.AnswerManifest{}}},
	}))
	for _, row := range must(d.db.Events(t.Context(), store.EventQuery{Limit: 10})) {
		if strings.Contains(string(row.Body), phone) {
			t.Errorf("event %d says who was identified", row.Seq)
		}
	}
	if strings.Contains(string(must(d.db.Request(t.Context(), id)).Body), phone) {
		t.Error("the request says who was identified")
	}
	if _, _, err := d.reads.Answer(t.Context(), stranger.Organisation, id, 0); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a stranger reads the answer: %v", err)
	}
	parts, _, err := d.reads.Answer(t.Context(), officer.Organisation, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answer, parts[0].GetAnswer(), protocmp.Transform()); diff != "" {
		t.Errorf("the answer reads differently:\n%s", diff)
	}
	must(d.submit(sequencer.Step{
		Caller: officer, Request: id,
		Event: &liaisonv1.Event{Detail: &liaisonv1.Event_Withdrawn{Withdrawn: &liaisonv1.Withdrawal{Reason: "fabricated"}}},
	}))
	if _, _, err := d.reads.Answer(t.Context(), officer.Organisation, id, 0); !errors.Is(err, archive.ErrWithdrawn) {
		t.Errorf("after the withdrawal: %v", err)
	}
}

// noneProtected is a platform's statement that it knows of no protected people.
var noneProtected = &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN}
