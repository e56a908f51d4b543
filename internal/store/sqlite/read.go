package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// Each of the methods below is one statement, and so sees one state.

// Request implements [store.Store].
func (d *DB) Request(ctx context.Context, id resource.RequestID) (store.Request, error) {
	const tried = "read a request"
	if err := d.enter(); err != nil {
		return store.Request{}, failed(tried, err)
	}
	defer d.leave()
	key := id.UUID()
	r, err := scanRequest(d.reads[selectRequest].QueryRowContext(ctx, key[:]))
	if errors.Is(err, sql.ErrNoRows) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Request{}, failed(tried, err)
	}
	return r, nil
}

// Requests implements [store.Store].
func (d *DB) Requests(ctx context.Context, q store.RequestQuery) ([]store.Request, error) {
	const tried = "list requests"
	shape := listShape{byReference: q.Reference != "", descending: q.Descending}
	switch q.Party.Collection() {
	case resource.Authorities:
	case resource.Platforms:
		shape.platform = true
	case resource.Oversight:
		shape.reviewer = true
	default:
		return nil, failed(tried, errNameless)
	}
	arguments, err := requestArguments(q)
	if err != nil {
		return nil, failed(tried, err)
	}
	return query(ctx, d, tried, requestsQuery(shape), scanRequest, arguments...)
}

// requestArguments returns the arguments of requestsQuery.
func requestArguments(q store.RequestQuery) ([]any, error) {
	var states, emergency, from, before, reference any
	if len(q.States) > 0 {
		numbers := make([]int, len(q.States))
		for i, state := range q.States {
			numbers[i] = int(state)
		}
		list, err := json.Marshal(numbers)
		if err != nil {
			return nil, err
		}
		states = string(list)
	}
	if q.Emergency != nil {
		emergency = *q.Emergency
	}
	if !q.CreatedFrom.IsZero() {
		from = notBefore(q.CreatedFrom)
	}
	if !q.CreatedBefore.IsZero() {
		before = notBefore(q.CreatedBefore)
	}
	if q.Reference != "" {
		reference = q.Reference
	}
	after := clamp(uint64(q.After))
	if q.Descending && q.After == 0 {
		after = math.MaxInt64
	}
	return []any{
		q.Party.String(), named(q.Counterparty), states, emergency, from, before, after, max(0, q.Limit), reference,
	}, nil
}

// notBefore returns the first whole microsecond that is not before t. Stored times
// are whole, so that comparing with it is comparing with t.
func notBefore(t time.Time) int64 {
	micro := t.UnixMicro()
	if time.UnixMicro(micro).Before(t) {
		micro++
	}
	return micro
}

// clamp keeps a number that no event will reach from turning negative.
func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// Events implements [store.Store].
func (d *DB) Events(ctx context.Context, q store.EventQuery) ([]store.Event, error) {
	if q.Enclosing {
		id := q.Request.UUID()
		return query(ctx, d, "read answers", selectEnclosing, scanEvent,
			clamp(uint64(q.After)), max(0, q.Limit), named(q.Party), id[:])
	}
	of := feedOfAll
	switch q.Party.Collection() {
	case resource.Authorities:
		of = feedOfAuthority
	case resource.Platforms:
		of = feedOfPlatform
	case resource.Oversight:
		of = feedOfReviewer
	}
	var request any
	if !q.Request.IsZero() {
		id := q.Request.UUID()
		request = id[:]
	}
	return query(ctx, d, "read events", eventsQuery(of, request != nil), scanEvent,
		clamp(uint64(q.After)), max(0, q.Limit), named(q.Party), request)
}

// Hashes implements [store.Store].
func (d *DB) Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	const tried = "read the ledger's hashes"
	list, err := json.Marshal(events)
	if err != nil {
		return nil, failed(tried, err)
	}
	found, err := query(ctx, d, tried, selectHashes, scanHashes, string(list))
	if err != nil {
		return nil, err
	}
	return byEvent(found), nil
}

// hashed is an event's hashes.
type hashed struct {
	seq    resource.Seq
	hashes []byte
}

func scanHashes(from row) (hashed, error) {
	var h hashed
	err := from.Scan(&h.seq, &h.hashes)
	return h, err
}

func byEvent(found []hashed) map[resource.Seq][]byte {
	hashes := make(map[resource.Seq][]byte, len(found))
	for _, h := range found {
		hashes[h.seq] = h.hashes
	}
	return hashes
}

// Participants implements [store.Store].
func (d *DB) Participants(ctx context.Context) ([]store.Participant, error) {
	return query(ctx, d, "read the directory", selectParticipants, scanParticipant)
}

// Head implements [store.Store].
func (d *DB) Head(ctx context.Context) (store.Head, error) {
	const tried = "read the head"
	if err := d.enter(); err != nil {
		return store.Head{}, failed(tried, err)
	}
	defer d.leave()
	head, err := scanHead(d.reads[selectHead].QueryRowContext(ctx))
	return head, failed(tried, err)
}

// query runs a prepared statement and reads all of its rows.
func query[T any](ctx context.Context, d *DB, tried, text string, scan func(row) (T, error), arguments ...any) ([]T, error) {
	if err := d.enter(); err != nil {
		return nil, failed(tried, err)
	}
	defer d.leave()
	rows, err := d.reads[text].QueryContext(ctx, arguments...)
	if err != nil {
		return nil, failed(tried, err)
	}
	var found []T
	err = forEach(rows, func(rows *sql.Rows) error {
		one, err := scan(rows)
		found = append(found, one)
		return err
	})
	if err != nil {
		return nil, failed(tried, err)
	}
	return found, nil
}

// forEach calls each for every row, and closes rows.
func forEach(rows *sql.Rows, each func(*sql.Rows) error) error {
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
