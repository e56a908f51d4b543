package sequencer

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/history"
	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// mostPurged is how many requests are purged in one batch, so that nobody waits long.
const mostPurged = 64

// purge is the wish to purge what was over at a time; the writer counts what it did.
type purge struct {
	before time.Time
	purged int
}

// PurgeOver deletes the content of requests that were over before a time, the earliest
// first and at most a few dozen, and returns how many. Each purge is an event of the
// request. The ledger keeps the leaves, and from them nobody learns what was said.
func (s *Sequencer) PurgeOver(ctx context.Context, before time.Time) (int, error) {
	p := &pending{purge: &purge{before: before}, result: make(chan result, 1)}
	_, err := s.await(ctx, p)
	if err != nil {
		return 0, err
	}
	return p.purge.purged, nil
}

func (d *decision) purgeOver(p *purge) error {
	ids, err := d.tx.Over(context.Background(), p.before, mostPurged)
	if err != nil {
		return fmt.Errorf("look up what is over: %w", err)
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
	p.purged = 0
	for _, id := range ids {
		if err := d.purgeOne(d.requests[id]); err != nil {
			return err
		}
		p.purged++
	}
	return nil
}

func (d *decision) purgeOne(now current) error {
	r := now.request
	hub := d.sequencer.hub
	after, err := lifecycle.Apply(history.Life(r), lifecycle.Event{Step: lifecycle.StepPurge, Role: hub.Role, Person: hub.Person()})
	if err != nil {
		return err
	}
	seq := d.next()
	event := &liaisonv1.Event{
		Sequence:         uint64(seq),
		PreviousSequence: uint64(now.version),
		CreateTime:       timestamppb.New(d.sequencer.now()),
		Request:          r.GetName(),
		Authority:        r.GetAuthority(),
		Platform:         r.GetSpec().GetPlatform(),
		Actor:            hub.ID.String(),
		State:            liaisonv1.RequestState(after.State),
		Etag:             strconv.FormatUint(uint64(seq), 36),
		Urgency:          r.GetSpec().GetUrgency(),
		Test:             r.GetSpec().GetTest(),
		Detail:           &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}},
	}
	_, err = d.accept(Step{}, now, event, store.Call{})
	return err
}
