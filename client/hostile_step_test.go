package client_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAStepThatWasDroppedHasNoReceipt: a hostile hub drops a step and shows the receipt of
// an earlier one that says the same.
func TestAStepThatWasDroppedHasNoReceipt(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := kit.Conn(t, "officer").Authority()
	name := emergencies(t, kit, 1)[0]
	var first *liaisonv1.Recorded
	dropping := instead(func(in, out any) bool {
		if _, ok := in.(*liaisonv1.AskClarificationRequest); !ok || first == nil {
			return false
		}
		proto.Merge(out.(*liaisonv1.Recorded), first)
		return true
	})
	keeping := client.WithDialOptions(grpc.WithChainUnaryInterceptor(func(ctx context.Context, m string, in, out any, c *grpc.ClientConn, invoke grpc.UnaryInvoker, o ...grpc.CallOption) error {
		err := invoke(ctx, m, in, out, c, o...)
		if _, ok := in.(*liaisonv1.AskClarificationRequest); ok && err == nil {
			first = proto.CloneOf(out.(*liaisonv1.Recorded))
		}
		return err
	}))
	agent := kit.Conn(t, "agent", dropping, keeping).Platform()
	if _, err := agent.Acknowledge(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	ask := func(options ...client.StepOption) error {
		_, err := agent.Ask(t.Context(), name, &liaisonv1.Clarification{Question: "Which one?"}, options...)
		return err
	}
	id := client.WithCallID(uuid.New())
	if err := ask(id); err != nil {
		t.Fatal(err)
	}
	if _, err := officer.Reply(t.Context(), name, &liaisonv1.ClarificationReply{Text: "That one."}); err != nil {
		t.Fatal(err)
	}
	caught(t, ask(), client.ErrOtherStep)
	if err := ask(id); err != nil { // who repeats a call wants the earlier step
		t.Errorf("repeated: %v", err)
	}
}

// TestAStepIsOnesOwnAndOfNow: what the hub records of an unsigned step it can record of
// another, or at another time.
func TestAStepIsOnesOwnAndOfNow(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for _, test := range []struct {
		name string
		lie  func(e *liaisonv1.Event)
		want error
	}{
		{"half an hour ago", func(e *liaisonv1.Event) { e.GetCreateTime().Seconds -= 30 * 60 }, nil},
		{"two hours ago", func(e *liaisonv1.Event) { e.GetCreateTime().Seconds -= 2 * 60 * 60 }, client.ErrTime},
		{"in two hours", func(e *liaisonv1.Event) { e.GetCreateTime().Seconds += 2 * 60 * 60 }, client.ErrTime},
		{"by somebody else", func(e *liaisonv1.Event) { e.Actor = "spiffe://messenger.example/agent/another" }, client.ErrOtherStep},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := emergencies(t, kit, 1)[0]
			h := newHostile(t, kit)
			h.lie(func(reply any) {
				out, ok := reply.(*liaisonv1.Recorded)
				if !ok {
					return
				}
				page := &liaisonv1.ListEventsResponse{Events: []*liaisonv1.Event{{}}, Receipts: []*liaisonv1.Receipt{out.GetReceipt()}}
				h.forge(t, page, func(_ int, e *liaisonv1.Event, l *ledger.Leaf) {
					test.lie(e)
					l.Time, l.Actor = e.GetCreateTime().AsTime(), e.GetActor()
				})
				out.GetReceipt().Checkpoint = page.GetCheckpoint()
			})
			_, err := kit.Conn(t, "agent", h.option()).Platform().Acknowledge(t.Context(), name, nil)
			if test.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			caught(t, err, test.want)
		})
	}
}

// TestWhatIsSignedIsAboutWhatWasRead: a hostile hub leaves IfMatch out of account, or has
// one etag for two versions, so that a refusal of what was read would be signed over what
// was not.
func TestWhatIsSignedIsAboutWhatWasRead(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := kit.Conn(t, "officer").Authority()
	name := emergencies(t, kit, 1)[0]
	sent := 0
	agent := kit.Conn(t, "agent", instead(func(in, _ any) bool {
		if call, ok := in.(*liaisonv1.RefuseRequestRequest); ok {
			call.Call.IfMatch = ""
			sent++
		}
		return false
	})).Platform()
	acknowledged, err := agent.Acknowledge(t.Context(), name, nil)
	if err != nil {
		t.Fatal(err)
	}
	spec := exampleSpec()
	amended, err := officer.Amend(t.Context(), name, &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
		Selectors: spec.GetSelectors()[:1], Categories: spec.GetCategories(), Period: spec.GetPeriod(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	refuse := func(etag string, options ...client.StepOption) (*liaisonv1.Event, error) {
		return agent.Refuse(t.Context(), name, &liaisonv1.Refusal{Grounds: []*liaisonv1.Ground{{
			Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Explanation: "No.",
		}}}, append(options, client.IfMatch(etag))...)
	}
	id := client.WithCallID(uuid.New())
	for _, options := range [][]client.StepOption{nil, {id}} {
		if _, err := refuse(acknowledged.GetEtag(), options...); !errors.Is(err, client.ErrETagMismatch) || sent != 0 {
			t.Errorf("of the version before, %d times signed and sent: %v", sent, err)
		}
	}

	h := newHostile(t, kit)
	h.lie(func(reply any) {
		if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
			h.forge(t, out, func(i int, e *liaisonv1.Event, _ *ledger.Leaf) {
				if i == 2 {
					e.Etag = acknowledged.GetEtag()
				}
			})
		}
	})
	_, err = kit.Conn(t, "agent", h.option()).Platform().Get(t.Context(), name)
	caught(t, err, client.ErrHistory)

	first, err := refuse(amended.GetEtag(), id)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := refuse(amended.GetEtag(), id); err != nil || again.GetSequence() != first.GetSequence() {
		t.Errorf("repeated, it is event %d, and was %d: %v", again.GetSequence(), first.GetSequence(), err)
	}
	if _, err := refuse(amended.GetEtag()); !errors.Is(err, client.ErrETagMismatch) {
		t.Errorf("a second refusal of a version that is gone: %v", err)
	}
}

// TestAFilingFoundAgainCountsAsAnyStep: a program that files again after a crash is told
// what the first call filed, and has its receipt.
func TestAFilingFoundAgainCountsAsAnyStep(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var kept []*liaisonv1.Receipt
	officer := kit.Conn(t, "officer", client.WithReceipts(func(r *liaisonv1.Receipt) { kept = append(kept, r) })).Authority()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		event, err := officer.File(t.Context(), emergency("F-1"), client.WithCallID(id))
		if err != nil {
			t.Fatal(err)
		}
		if event.GetSequence() != 1 || event.GetEnvelope() != nil || event.GetFiled() == nil {
			t.Errorf("it is %v", event)
		}
	}
	if len(kept) != 2 || !proto.Equal(kept[0].GetRecord(), kept[1].GetRecord()) || kept[1].GetCheckpoint() == "" {
		t.Errorf("the receipts are %v", kept)
	}
	if _, err := officer.File(t.Context(), emergency("F-2"), client.WithCallID(id)); err == nil {
		t.Error("another filing of the same name is taken for it")
	}
}

// TestProcessesOfOneFolderAreShownOneLedger: a hostile hub shows two processes that share
// a ledger folder two ledgers of one size. The second finds out, and the evidence stays.
func TestProcessesOfOneFolderAreShownOneLedger(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	dir := t.TempDir()
	h := newHostile(t, kit)
	name := emergencies(t, kit, 1)[0]
	one := kit.Conn(t, "officer", client.WithLedgerDir(dir)).Authority()
	two := kit.Conn(t, "officer", client.WithLedgerDir(dir), h.option()).Authority()
	both := func() (err error) {
		for _, side := range []*client.Authority{one, two} {
			_, e := side.Get(t.Context(), name)
			err = errors.Join(err, e)
		}
		return err
	}
	if err := both(); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Conn(t, "agent").Platform().Acknowledge(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Get(t.Context(), name); err != nil { // the folder has the true second
		t.Fatal(err)
	}
	h.lie(func(reply any) {
		if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
			h.forge(t, out, func(_ int, e *liaisonv1.Event, _ *ledger.Leaf) {
				if e.GetAcknowledged() != nil {
					e.GetAcknowledged().PlatformReference = "FORGED"
				}
			})
		}
	})
	true2, err := os.ReadFile(filepath.Join(dir, "ledger.memory"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = two.Get(t.Context(), name)
	caught(t, err, client.ErrForked)
	var distrust *client.Distrust
	if !errors.As(err, &distrust) || len(distrust.Evidence) != 2 {
		t.Fatalf("there is no evidence: %v", err)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "0000000000000000002.forked"))
	if err != nil {
		t.Fatal(err)
	}
	for _, signed := range distrust.Evidence {
		if !bytes.Contains(kept, []byte(signed)) {
			t.Error("the evidence is not kept")
		}
	}
	if after, err := os.ReadFile(filepath.Join(dir, "ledger.memory")); err != nil || !bytes.Equal(after, true2) {
		t.Errorf("what was seen first is written over: %v", err)
	}

	h.lie(nil) // an honest hub has both go on
	h.mu.Lock()
	h.forged = nil
	h.mu.Unlock()
	emergencies(t, kit, 1)
	for range 2 {
		if err := both(); err != nil {
			t.Error(err)
		}
	}
}

// TestASlowProofKeepsNobodyPastTheirDeadline: a hub that does not answer one call keeps
// another only as long as that one wants to wait, and not at all if it asks for nothing new.
func TestASlowProofKeepsNobodyPastTheirDeadline(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := emergencies(t, kit, 1)[0]
	asked, release := make(chan struct{}, 1), make(chan struct{})
	old := pageOf(t, kit, name)
	var showOld atomic.Bool
	conn := kit.Conn(t, "agent", instead(func(in, out any) bool {
		switch in.(type) {
		case *liaisonv1.GetConsistencyProofRequest:
			asked <- struct{}{}
			<-release
		case *liaisonv1.ListEventsRequest:
			if showOld.Load() {
				proto.Merge(out.(*liaisonv1.ListEventsResponse), old)
				return true
			}
		}
		return false
	}))
	get := func(ctx context.Context) error {
		_, err := conn.Platform().Get(ctx, name) // which keeps nothing from before
		return err
	}
	if err := get(t.Context()); err != nil {
		t.Fatal(err)
	}
	emergencies(t, kit, 1)
	slow := make(chan error, 1)
	go func() { slow <- get(t.Context()) }()
	<-asked
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var failed *client.Error
	if err := get(short); !errors.As(err, &failed) || failed.Code != codes.DeadlineExceeded {
		t.Errorf("a call with a deadline of its own: %v", err)
	}
	showOld.Store(true)
	if err := get(t.Context()); err != nil {
		t.Errorf("a call that needs no proof: %v", err)
	}
	close(release)
	if err := <-slow; err != nil {
		t.Error(err)
	}
}
