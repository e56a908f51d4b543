package archive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Errors of Answer.
var (
	// ErrWithdrawn says that the answer is not served any more.
	ErrWithdrawn = errors.New("the request was withdrawn: its answer is not served any more, and what was read of it is to be deleted")
	// ErrLapsed says the same.
	ErrLapsed = errors.New("the emergency was not validated in time: its answer is not served any more, and what was read of it is to be deleted")
	// ErrRecalled says that the part is not served any more.
	ErrRecalled = errors.New("the part was recalled: it is not served any more, and what was read of it is to be deleted")
	// ErrPurged says that there is nothing left to serve.
	ErrPurged = errors.New("the request was purged: its content was deleted")
)

// Request returns a request as it stands.
func (a *Archive) Request(ctx context.Context, party resource.Organisation, id resource.RequestID) (*liaisonv1.Request, error) {
	row, err := a.store.Request(ctx, id)
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
	if !Visible(request, party) {
		return nil, ErrNotFound
	}
	return request, nil
}

// statementsPage is how many events of a request are read at a time.
const statementsPage = 16

// Statements returns signed statements about a request that the party may see, in order,
// after so many that it has: as many as one reply holds, and whether there are more. Whoever
// sees a request sees all statements about it, those from before it came before the
// platform too: the request is made of them.
func (a *Archive) Statements(ctx context.Context, party resource.Organisation, id resource.RequestID, skip int) (page []*liaisonv1.Envelope, more bool, err error) {
	if _, err := a.Request(ctx, party, id); err != nil {
		return nil, false, err
	}
	room := NewRoom()
	for signed, err := range a.statements(ctx, id) {
		switch {
		case err != nil:
			return nil, false, err
		case skip > 0:
			skip--
		case !room.Takes(signed):
			return page, true, nil
		default:
			page = append(page, signed)
		}
	}
	return page, false, nil
}

// StatementDigests returns the digests of all signed statements about a request, in order.
func (a *Archive) StatementDigests(ctx context.Context, id resource.RequestID) ([][]byte, error) {
	var digests [][]byte
	for signed, err := range a.statements(ctx, id) {
		if err != nil {
			return nil, err
		}
		digests = append(digests, statement.Digest(signed))
	}
	return digests, nil
}

// statements reads the signed statements about a request, whoever may see them.
func (a *Archive) statements(ctx context.Context, id resource.RequestID) iter.Seq2[*liaisonv1.Envelope, error] {
	return func(yield func(*liaisonv1.Envelope, error) bool) {
		q := store.EventQuery{Request: id, Limit: statementsPage}
		for {
			rows, err := a.store.Events(ctx, q)
			if err != nil {
				yield(nil, fmt.Errorf("read the request's statements: %w", err))
				return
			}
			for _, row := range rows {
				event, err := eventOf(row)
				if err != nil {
					yield(nil, err)
					return
				}
				if q.After = row.Seq; event.GetEnvelope() != nil && !yield(event.GetEnvelope(), nil) {
					return
				}
			}
			if len(rows) < statementsPage {
				return
			}
		}
	}
}

// Listed is a request in a list, with where the list goes on behind it.
type Listed struct {
	Request *liaisonv1.Request
	Created resource.Seq
}

// Requests returns the party's requests that match the query, whose own party is
// overwritten, and whether there are more.
func (a *Archive) Requests(ctx context.Context, party resource.Organisation, q store.RequestQuery) (page []Listed, more bool, err error) {
	if party.IsZero() {
		return nil, false, ErrNotFound
	}
	limit := q.Limit
	q.Party, q.Limit = party, limit+1
	rows, err := a.store.Requests(ctx, q)
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
		if !Visible(request, party) {
			return nil, false, fmt.Errorf("the store listed a request that is not %s's", party.Collection())
		}
		page = append(page, Listed{Request: request, Created: row.Created})
	}
	return page, more, nil
}

// eventOf decodes a stored event. Of one that was purged, its leaf tells what is known.
func eventOf(row store.Event) (*liaisonv1.Event, error) {
	if row.Body != nil {
		event, err := record.DecodeStored(row.Body)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", row.Seq, err)
		}
		return event, nil
	}
	leaf, err := ledger.ParseLeaf(row.Leaf)
	if err != nil {
		return nil, fmt.Errorf("event %d: %w", row.Seq, err)
	}
	return &liaisonv1.Event{
		Sequence:   leaf.Sequence,
		CreateTime: timestamppb.New(leaf.Time),
		Request:    leaf.Request,
		Authority:  row.Authority.String(),
		Platform:   row.Platform.String(),
		Reviewer:   row.Reviewer.String(),
		Actor:      leaf.Actor,
	}, nil
}

// Page is a stretch of events with the checkpoint that proves them.
type Page struct {
	Events     []Recorded
	Checkpoint []byte
	More       bool         // whether more follow
	size       resource.Seq // of the checkpoint
}

// eventsChunk is how many events are read at a time: each may be as large as a reply.
const eventsChunk = 16

// Events returns up to limit of the events that the party may see behind one of
// them, of one request or, if id is zero, of all: as many as one reply holds. Receipts lead
// to the page's checkpoint and do not repeat it.
func (a *Archive) Events(ctx context.Context, party resource.Organisation, id resource.RequestID, after resource.Seq, limit int) (Page, error) {
	if party.IsZero() {
		return Page{}, ErrNotFound
	}
	rows, more, err := a.rows(ctx, store.EventQuery{Party: party, Request: id, After: after}, limit)
	if err != nil {
		return Page{}, err
	}
	for _, row := range rows {
		if row.Authority != party && row.Platform != party && row.Reviewer != party {
			return Page{}, fmt.Errorf("the store gave out an event that is not %s's", party.Collection())
		}
	}
	page, err := a.page(ctx, rows)
	page.More = more
	return page, err
}

// rows returns up to limit events, as many as one reply holds, and whether more follow.
func (a *Archive) rows(ctx context.Context, q store.EventQuery, limit int) (found []store.Event, more bool, err error) {
	room := NewRoom()
	for {
		q.Limit = min(eventsChunk, limit+1-len(found))
		rows, err := a.store.Events(ctx, q)
		if err != nil {
			return nil, false, fmt.Errorf("read events: %w", err)
		}
		for _, row := range rows {
			if len(found) == limit || !room.takesBytes(len(row.Body)+len(row.Leaf)+aroundRecord) {
				return found, true, nil
			}
			found, q.After = append(found, row), row.Seq
		}
		if len(rows) < q.Limit {
			return found, false, nil
		}
	}
}

// page proves events. The checkpoint is read after them, and so includes them.
func (a *Archive) page(ctx context.Context, rows []store.Event) (Page, error) {
	head, err := a.store.Head(ctx)
	if err != nil {
		return Page{}, fmt.Errorf("read the checkpoint: %w", err)
	}
	if len(rows) == 0 { // that there is nothing is said of a ledger too
		return Page{Checkpoint: head.Checkpoint, size: head.Seq}, nil
	}
	leaves := make([]int64, len(rows))
	for i, row := range rows {
		leaves[i] = int64(row.Seq) - 1
	}
	found, err := proofs(ctx, a.store, int64(head.Seq), leaves)
	if err != nil {
		return Page{}, fmt.Errorf("prove events: %w", err)
	}
	page := Page{Checkpoint: head.Checkpoint, size: head.Seq, Events: make([]Recorded, len(rows))}
	for i, row := range rows {
		event, err := eventOf(row)
		if err != nil {
			return Page{}, err
		}
		recorded, err := record.Unpack(row.Body, row.Salt, row.Leaf)
		if err != nil {
			return Page{}, fmt.Errorf("event %d: %w", row.Seq, err)
		}
		page.Events[i] = Recorded{
			Event:   record.ForReading(event),
			Receipt: &liaisonv1.Receipt{Record: recorded, InclusionProof: ledger.Bytes(found[i])},
		}
	}
	return page, nil
}

// Recorded returns one event that was committed before, with a receipt of its own, to whom
// the step was that it records.
func (a *Archive) Recorded(ctx context.Context, seq resource.Seq) (*Recorded, error) {
	row, err := a.row(ctx, seq)
	if err != nil {
		return nil, err
	}
	page, err := a.page(ctx, []store.Event{row})
	if err != nil {
		return nil, err
	}
	recorded := page.Events[0]
	recorded.Receipt.Checkpoint, recorded.Size = string(page.Checkpoint), page.size
	return &recorded, nil
}

func (a *Archive) row(ctx context.Context, seq resource.Seq) (store.Event, error) {
	rows, err := a.store.Events(ctx, store.EventQuery{After: seq - 1, Limit: 1})
	if err != nil {
		return store.Event{}, fmt.Errorf("read event %d: %w", seq, err)
	}
	if len(rows) != 1 || rows[0].Seq != seq {
		return store.Event{}, fmt.Errorf("event %d is missing: %w", seq, store.ErrNotFound)
	}
	return rows[0], nil
}

// Answer returns the parts of a request's answer that were given, and not recalled, after
// one of them: as many as one reply holds, and whether there are more.
func (a *Archive) Answer(ctx context.Context, party resource.Organisation, id resource.RequestID, after int32) (page []*liaisonv1.AnswerPart, more bool, err error) {
	request, err := a.Request(ctx, party, id)
	if err != nil {
		return nil, false, err
	}
	if err := a.Served(request); err != nil {
		return nil, false, err
	}
	room := NewRoom()
	for part, err := range a.parts(ctx, party, id) {
		switch {
		case err != nil:
			return nil, false, err
		case part.GetPart() <= after || slices.Contains(request.GetRecalledParts(), part.GetPart()):
		case !room.Takes(part):
			return page, true, nil
		default:
			page = append(page, part)
		}
	}
	return page, false, nil
}

// Part returns one part of a request's answer, which was given and not recalled.
func (a *Archive) Part(ctx context.Context, party resource.Organisation, id resource.RequestID, number int32) (*liaisonv1.AnswerPart, error) {
	request, err := a.Request(ctx, party, id)
	if err != nil {
		return nil, err
	}
	if err := a.Served(request); err != nil {
		return nil, err
	}
	if slices.Contains(request.GetRecalledParts(), number) {
		return nil, ErrRecalled
	}
	for part, err := range a.parts(ctx, party, id) {
		if err != nil || part.GetPart() == number {
			return part, err
		}
	}
	return nil, ErrNotFound
}

// answersChunk is how many parts of an answer are read at a time.
const answersChunk = 4

// parts reads the parts of an answer that were given, in order.
func (a *Archive) parts(ctx context.Context, party resource.Organisation, id resource.RequestID) iter.Seq2[*liaisonv1.AnswerPart, error] {
	return func(yield func(*liaisonv1.AnswerPart, error) bool) {
		q := store.EventQuery{Party: party, Request: id, Enclosing: true, Limit: answersChunk}
		for number := int32(1); ; {
			rows, err := a.store.Events(ctx, q)
			if err != nil {
				yield(nil, fmt.Errorf("read the answer: %w", err))
				return
			}
			for _, row := range rows {
				part, err := partOf(row)
				if err == nil {
					part.Part = number
				}
				if !yield(part, err) || err != nil {
					return
				}
				number, q.After = number+1, row.Seq
			}
			if len(rows) < answersChunk {
				return
			}
		}
	}
}

// Served returns nil if a request's answer and attachments are served, and else why they
// are not any more. An emergency that has to lapse is as good as lapsed.
func (a *Archive) Served(r *liaisonv1.Request) error {
	switch state := lifecycle.State(r.GetState()); {
	case state == lifecycle.Withdrawn:
		return ErrWithdrawn
	case state == lifecycle.Purged:
		return ErrPurged
	case state == lifecycle.Lapsed, deadline.Due(r, a.clock()) == lifecycle.StepLapse:
		return ErrLapsed
	default:
		return nil
	}
}

// Over says whether nothing of a request's content is left: it was purged, or there is
// none of the name.
func (a *Archive) Over(ctx context.Context, id resource.RequestID) (bool, error) {
	row, err := a.store.Request(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return row.State == lifecycle.Purged, err
}

func partOf(row store.Event) (*liaisonv1.AnswerPart, error) {
	if row.Body == nil {
		return nil, ErrPurged
	}
	event, err := eventOf(row)
	if err != nil {
		return nil, err
	}
	part := &liaisonv1.AnswerPart{Sequence: event.GetSequence(), CreateTime: event.GetCreateTime(), Actor: event.GetActor()}
	if event.GetEnvelope() != nil {
		signed, err := statement.Decode(event.GetEnvelope())
		if err != nil {
			return nil, fmt.Errorf("decode the statement of event %d: %w", row.Seq, err)
		}
		part.Encoding, part.Content = signed.GetAnswered().GetEncoding(), row.Answer
		return part, nil
	}
	part.Answer = &liaisonv1.Answer{}
	if err := proto.Unmarshal(row.Answer, part.GetAnswer()); err != nil {
		return nil, fmt.Errorf("decode a part of the answer, event %d: %w", row.Seq, record.ErrBody)
	}
	return part, nil
}
