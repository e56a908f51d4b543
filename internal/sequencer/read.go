package sequencer

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Every read names the party on whose behalf it is done, and sees what that party
// may see. There is no other way to a request, an event or an answer, for a read
// here or for a step in decide: both ask visible.

// ErrWithdrawn says that the answer is not served any more.
var ErrWithdrawn = errors.New("the request was withdrawn: its answer is not served any more, and what was read of it is to be deleted")

// Request returns a request as it stands.
func (s *Sequencer) Request(ctx context.Context, party resource.Organisation, id resource.RequestID) (*liaisonv1.Request, error) {
	row, err := s.store.Request(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	request := &liaisonv1.Request{}
	if err := proto.Unmarshal(row.Body, request); err != nil {
		return nil, fmt.Errorf("decode the request: %w", err)
	}
	if !visible(request, party) {
		return nil, ErrNotFound
	}
	return request, nil
}

// Listed is a request in a list, with where the list goes on behind it.
type Listed struct {
	Request *liaisonv1.Request
	Created resource.Seq
}

// Requests returns the party's requests that match the query, whose own party is
// overwritten, and whether there are more.
func (s *Sequencer) Requests(ctx context.Context, party resource.Organisation, q store.RequestQuery) (page []Listed, more bool, err error) {
	if party.IsZero() {
		return nil, false, ErrNotFound
	}
	limit := q.Limit
	q.Party, q.Limit = party, limit+1
	rows, err := s.store.Requests(ctx, q)
	if err != nil {
		return nil, false, fmt.Errorf("list requests: %w", err)
	}
	if len(rows) > limit {
		rows, more = rows[:limit], true
	}
	for _, row := range rows {
		request := &liaisonv1.Request{}
		if err := proto.Unmarshal(row.Body, request); err != nil {
			return nil, false, fmt.Errorf("decode a listed request: %w", err)
		}
		if !visible(request, party) {
			return nil, false, fmt.Errorf("the store listed a request that is not %s's", party.Collection())
		}
		page = append(page, Listed{Request: request, Created: row.Created})
	}
	return page, more, nil
}

// Events returns up to limit of the events that the party may see behind one of
// them, of one request or, if id is zero, of all.
func (s *Sequencer) Events(ctx context.Context, party resource.Organisation, id resource.RequestID, after resource.Seq, limit int) ([]*liaisonv1.Event, error) {
	if party.IsZero() {
		return nil, ErrNotFound
	}
	rows, err := s.store.Events(ctx, store.EventQuery{Party: party, Request: id, After: after, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	events := make([]*liaisonv1.Event, 0, len(rows))
	for _, row := range rows {
		if row.Authority != party && row.Platform != party {
			return nil, fmt.Errorf("the store gave out an event that is not %s's", party.Collection())
		}
		event := &liaisonv1.Event{}
		if err := proto.Unmarshal(row.Body, event); err != nil {
			return nil, fmt.Errorf("decode an event: %w", err)
		}
		events = append(events, event)
	}
	return events, nil
}

// Head returns the last event's number: a reader who has read to the end after
// asking has seen everything up to it.
func (s *Sequencer) Head(ctx context.Context) (resource.Seq, error) {
	head, err := s.store.Head(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the last event's number: %w", err)
	}
	return head, nil
}

// Answer returns the parts of a request's answer that were given so far.
func (s *Sequencer) Answer(ctx context.Context, party resource.Organisation, id resource.RequestID) ([]*liaisonv1.AnswerPart, error) {
	request, err := s.Request(ctx, party, id)
	if err != nil {
		return nil, err
	}
	if lifecycle.State(request.GetState()) == lifecycle.Withdrawn {
		return nil, ErrWithdrawn
	}
	enclosures, err := s.store.Answers(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	parts := make([]*liaisonv1.AnswerPart, 0, len(enclosures))
	for _, enclosed := range enclosures {
		event, err := s.event(enclosed.Seq)
		if err != nil {
			return nil, err
		}
		answer := &liaisonv1.Answer{}
		if err := proto.Unmarshal(enclosed.Body, answer); err != nil {
			return nil, fmt.Errorf("decode a part of the answer: %w", err)
		}
		parts = append(parts, &liaisonv1.AnswerPart{
			Sequence:   uint64(enclosed.Seq),
			CreateTime: event.GetCreateTime(),
			Actor:      event.GetActor(),
			Answer:     answer,
		})
	}
	return parts, nil
}
