package sequencer_test

import (
	"bytes"
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestTheStoreHoldsTheFoldOfTheEvents takes random steps, most of them refused, and
// then reads everything back: folding a request's events gives what is stored, the
// numbers have no gap, and nothing is in the platform's feed before the request came
// before it.
func TestTheStoreHoldsTheFoldOfTheEvents(t *testing.T) {
	d := newDesk(t)
	var ahead atomic.Int64 // by how much the clock was put forward
	d.clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	rapid.Check(t, func(t *rapid.T) {
		urgency := rapid.SampledFrom([]liaisonv1.Urgency{liaisonv1.Urgency_URGENCY_ROUTINE, liaisonv1.Urgency_URGENCY_EMERGENCY}).Draw(t, "urgency")
		kind := rapid.SampledFrom([]liaisonv1.RequestKind{liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, liaisonv1.RequestKind_REQUEST_KIND_PRESERVE}).Draw(t, "kind")
		step := filing("random")
		step.Event.GetFiled().Spec.Urgency, step.Event.GetFiled().Spec.Kind = urgency, kind
		if rapid.Bool().Draw(t, "reviewed") {
			step.Event.GetFiled().Spec.Reviewer = "oversight/commissioner"
		}
		if kind == liaisonv1.RequestKind_REQUEST_KIND_PRESERVE {
			step.Event.GetFiled().Spec.Preservation = &liaisonv1.Preservation{EndTime: timestamppb.New(d.clock().Add(100 * time.Hour))}
		}
		filed := must(d.submit(step))
		id := must(resource.ParseRequest(filed.GetRequest()))
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			// Whether it is taken is the lifecycle's to say, and tested there.
			_, _ = d.submit(randomStep(t, id, d.clock()))
			ahead.Add(int64(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours that pass")) * time.Hour))
			if rapid.Bool().Draw(t, "the hub looks") {
				must(d.sequencer.TakeDue(context.Background()))
			}
			if rapid.IntRange(0, 20).Draw(t, "purged if 0") == 0 {
				must(d.sequencer.PurgeOver(context.Background(), d.clock().Add(time.Hour)))
			}
		}

		var folded, seen *liaisonv1.Request // by the authority, and by the platform
		reached, purged := false, false
		for _, row := range must(d.db.Events(context.Background(), store.EventQuery{Request: id, Limit: 100})) {
			if row.Body == nil {
				purged = true
				continue
			}
			event := must(record.DecodeStored(row.Body))
			if purged {
				if event.GetPurged() == nil {
					t.Fatalf("event %d of a purged request is there", row.Seq)
				}
				return
			}
			folded = record.Fold(folded, event)
			if !row.Platform.IsZero() {
				seen = record.Fold(seen, event)
			}
			if reviewer := row.Reviewer.String(); reviewer != event.GetReviewer() || !row.Platform.IsZero() && reviewer != folded.GetSpec().GetReviewer() {
				t.Fatalf("event %d is in the feed of %q, and says %q", row.Seq, reviewer, event.GetReviewer())
			}
			reached = reached || folded.GetDeliveryTime() != nil
			if !row.Platform.IsZero() != reached {
				t.Fatalf("event %d is in the platform's feed: %v, and the request came before it: %v", row.Seq, !row.Platform.IsZero(), reached)
			}
		}
		row := must(d.db.Request(context.Background(), id))
		if next := deadline.Next(folded); !row.DueTime.Equal(next.Truncate(time.Microsecond)) {
			t.Fatalf("the hub is to look at it at %v, and will at %v", next, row.DueTime)
		}
		stored := &liaisonv1.Request{}
		if err := proto.Unmarshal(row.Body, stored); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stored, folded, protocmp.Transform()); diff != "" {
			t.Fatalf("the events fold to something else than is stored:\n%s", diff)
		}
		if reached {
			if diff := cmp.Diff(stored, seen, protocmp.Transform()); diff != "" {
				t.Fatalf("the platform's events fold to something else than is stored:\n%s", diff)
			}
		}
		if row.Visible != reached {
			t.Fatalf("the store lists it for the platform: %v, and it came before it: %v", row.Visible, reached)
		}
	})
	d.checkLedger()
}

// checkLedger builds the whole ledger anew from what is stored: numbers and feed indexes
// have no gap, each leaf says what its event is, and the checkpoint is of this tree.
func (d *desk) checkLedger() {
	d.t.Helper()
	head := must(d.db.Head(context.Background()))
	tree := must(ledger.NewTree(0, nil))
	last := make(map[resource.Organisation]uint64)
	for i, row := range must(d.db.Events(context.Background(), store.EventQuery{Limit: int(head.Seq) + 1})) {
		if row.Seq != resource.Seq(i+1) {
			d.t.Fatalf("in place %d stands the number %d", i+1, row.Seq)
		}
		leaf := must(ledger.ParseLeaf(row.Leaf))
		switch {
		case row.AuthorityIndex != last[row.Authority]+1 || !row.Platform.IsZero() && row.PlatformIndex != last[row.Platform]+1:
			d.t.Fatalf("event %d does not follow in a feed", row.Seq)
		case !row.Reviewer.IsZero() && row.ReviewerIndex != last[row.Reviewer]+1 || leaf.ReviewerIndex != row.ReviewerIndex:
			d.t.Fatalf("event %d does not follow in a reviewer's feed", row.Seq)
		case leaf.AuthorityIndex != row.AuthorityIndex || leaf.PlatformIndex != row.PlatformIndex || leaf.Sequence != uint64(row.Seq) || leaf.Request != row.Request.String():
			d.t.Fatalf("the leaf of event %d is another's", row.Seq)
		case row.Body != nil && leaf.Digest != ledger.Digest(row.Salt, must(record.Unpack(row.Body, nil, "")).GetBody()):
			d.t.Fatalf("the leaf of event %d is of another body", row.Seq)
		}
		last[row.Authority] = row.AuthorityIndex
		if !row.Platform.IsZero() {
			last[row.Platform] = row.PlatformIndex
		}
		if !row.Reviewer.IsZero() {
			last[row.Reviewer] = row.ReviewerIndex
		}
		var completed []byte
		for _, hash := range must(tree.Append(leaf.Hash())) {
			completed = append(completed, hash[:]...)
		}
		if !bytes.Equal(completed, row.Hashes) {
			d.t.Fatalf("event %d has other hashes than its leaf completes", row.Seq)
		}
		tree.Trim()
	}
	checkpoint := must(ledger.OpenCheckpoint(head.Checkpoint, ledgerVerifier))
	if checkpoint.Size != int64(head.Seq) || checkpoint.Root != must(tree.Root()) {
		d.t.Fatalf("the checkpoint is of another tree, of %d events", checkpoint.Size)
	}
}

// randomStep is any step of the table by anybody.
func randomStep(t *rapid.T, id resource.RequestID, now time.Time) sequencer.Step {
	made := rapid.SampledFrom(lifecycle.Steps()).Draw(t, "step")
	step := sequencer.Step{Request: id, Event: &liaisonv1.Event{}}
	details := step.Event.ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	step.Event.ProtoReflect().Mutable(details.ByName(protoreflect.Name(strings.ToLower(made.String()))))
	say(t, &step, now)
	step.Caller = rapid.SampledFrom([]identity.Caller{officer, approver, agent, agent, stranger, reviewer}).Draw(t, "caller")
	return step
}

// say has a step say what it must not leave out, or what changes what becomes of it.
func say(t *rapid.T, step *sequencer.Step, now time.Time) {
	finding := func(selector string) *liaisonv1.Finding {
		return &liaisonv1.Finding{SelectorId: selector, Outcomes: []*liaisonv1.Outcome{{
			Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
		}}}
	}
	switch d := step.Event.GetDetail().(type) {
	case *liaisonv1.Event_Acknowledged:
		d.Acknowledged.PlatformReference = "P"
	case *liaisonv1.Event_Objected:
		if rapid.Bool().Draw(t, "undecidable") {
			d.Objected.Grounds = []*liaisonv1.Ground{{Code: liaisonv1.GroundCode_GROUND_CODE_PRESS_OR_EXPRESSION}}
		}
	case *liaisonv1.Event_Amended:
		whole := spec("random")
		d.Amended.Narrowing = &liaisonv1.Narrowing{Selectors: whole.Selectors[1:], Categories: whole.Categories}
	case *liaisonv1.Event_PartiallyAnswered:
		step.Answer = &liaisonv1.Answer{Screening: noneProtected, Findings: []*liaisonv1.Finding{finding("1")}}
	case *liaisonv1.Event_Answered:
		step.Answer = &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{finding("2")}}
		if rapid.Bool().Draw(t, "whole") {
			step.Answer.Findings = []*liaisonv1.Finding{finding("1"), finding("2")}
		}
	case *liaisonv1.Event_MoreTimeAsked:
		d.MoreTimeAsked.UntilTime = timestamppb.New(now.Add(400 * time.Hour))
	case *liaisonv1.Event_AnswerOpened:
		d.AnswerOpened.Part = 1
	case *liaisonv1.Event_AnswerRecalled:
		d.AnswerRecalled.Parts = []int32{1}
	case *liaisonv1.Event_ReviewObjected:
		d.ReviewObjected.SelectorIds = []string{"2"}
	}
}
