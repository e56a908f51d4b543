package sequencer

import (
	"context"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// mostChores is for how many requests the hub acts in one batch, so that nobody waits
// long.
const mostChores = 64

// chore is what the hub does by itself, as one of a batch: it looks up requests that want
// a step of its own, and takes it. The writer counts what it did.
type chore struct {
	find func(context.Context, store.Tx) ([]resource.RequestID, error)
	// what says what the step is about; nil if the request wants none.
	what func(*liaisonv1.Request) *liaisonv1.Event
	done int
}

// PurgeOver deletes the content of requests that were over before a time, the earliest
// first and at most a few dozen, and returns how many. Each purge is an event of the
// request. The ledger keeps the leaves, and from them nobody learns what was said.
func (s *Sequencer) PurgeOver(ctx context.Context, before time.Time) (int, error) {
	return s.run(ctx, &chore{
		find: func(ctx context.Context, tx store.Tx) ([]resource.RequestID, error) {
			return tx.Waiting(ctx, store.ToBePurged, before, mostChores)
		},
		what: func(*liaisonv1.Request) *liaisonv1.Event {
			return &liaisonv1.Event{Detail: &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}}}
		},
	})
}

// TakeDue takes the steps whose time has come by the sequencer's clock: warnings, missed
// deadlines, emergencies that lapse, preservations that expire; for at most a few dozen
// requests, and returns for how many. Of several hubs over one archive one takes each.
func (s *Sequencer) TakeDue(ctx context.Context) (int, error) {
	now := s.clock()
	return s.run(ctx, &chore{
		find: func(ctx context.Context, tx store.Tx) ([]resource.RequestID, error) {
			return tx.Waiting(ctx, store.ToBeActed, now.Add(time.Microsecond), mostChores)
		},
		what: func(r *liaisonv1.Request) *liaisonv1.Event { return due(r, now) },
	})
}

// due returns the step that a request wants of the hub at a time.
func due(r *liaisonv1.Request, now time.Time) *liaisonv1.Event {
	answer := r.GetClocks().GetAnswerDueTime()
	switch deadline.Due(r, now) {
	case lifecycle.StepLapse:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_Lapsed{Lapsed: &liaisonv1.Lapse{}}}
	case lifecycle.StepExpire:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_Expired{Expired: &liaisonv1.Expiry{}}}
	case lifecycle.StepMiss:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_DeadlineMissed{DeadlineMissed: &liaisonv1.DeadlineMiss{DueTime: answer}}}
	case lifecycle.StepEndNoticeDelay:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_NoticeDelayEnded{NoticeDelayEnded: &liaisonv1.NoticeDelayEnd{}}}
	case lifecycle.StepWarn:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_DeadlineNear{DeadlineNear: &liaisonv1.DeadlineWarning{DueTime: answer}}}
	case lifecycle.StepReviewLapse:
		return &liaisonv1.Event{Detail: &liaisonv1.Event_ReviewLapsed{ReviewLapsed: &liaisonv1.ReviewLapse{}}}
	default:
		return nil
	}
}

// run has the writer do a chore, and returns for how many requests there was something
// to do.
func (s *Sequencer) run(ctx context.Context, e *chore) (int, error) {
	if _, err := s.await(ctx, &pending{chore: e, result: make(chan result, 1)}); err != nil {
		return 0, err
	}
	return e.done, nil
}

// do does a chore.
func (d *decision) do(e *chore) error {
	ids, err := e.find(context.Background(), d.tx)
	if err != nil {
		return fmt.Errorf("look up what the hub has to do: %w", err)
	}
	var unknown []resource.RequestID
	for _, id := range ids {
		if _, ok := d.requests[id]; !ok {
			unknown = append(unknown, id)
		}
	}
	if err := d.loadRequests(unknown); err != nil {
		return err
	}
	e.done = 0
	for _, id := range ids {
		// A step before it in the batch may have changed what the request wants.
		event := e.what(d.requests[id].request)
		if event == nil {
			continue
		}
		if err := d.hubStep(d.requests[id], event); err != nil {
			// The others, and the parties' steps in the batch, must not fail with it.
			d.sequencer.log.Error("a step of the hub's own was not taken", "request", id.String(), "step", record.StepOf(event).String(), "error", err)
			continue
		}
		e.done++
	}
	return nil
}

// hubStep takes a step of the hub's own, which event says all about that is particular
// to it.
func (d *decision) hubStep(now current, event *liaisonv1.Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while deciding a step: %T", p)
		}
	}()
	r := now.request
	after, err := apply(r, event, d.sequencer.hub)
	if err != nil {
		return err
	}
	d.complete(event, now, r.GetSpec(), d.sequencer.hub, after, d.next(), d.sequencer.now())
	_, err = d.accept(Step{}, now, event, store.Call{})
	return err
}
