package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// Each of the methods below is one statement, and so sees one state.

// Request implements [store.Store].
func (d *DB) Request(ctx context.Context, id resource.RequestID) (store.Request, error) {
	const tried = "read a request"
	if err := d.calls.Enter(); err != nil {
		return store.Request{}, failed(tried, err)
	}
	defer d.calls.Leave()
	key := id.UUID()
	r, err := rows.ScanRequest(d.reads[selectRequest].QueryRowContext(ctx, key[:]))
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
		return nil, failed(tried, rows.ErrNameless)
	}
	arguments, err := requestArguments(q)
	if err != nil {
		return nil, failed(tried, err)
	}
	return query(ctx, d, tried, requestsQuery(shape), rows.ScanRequest, arguments...)
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
		from = rows.NotBefore(q.CreatedFrom)
	}
	if !q.CreatedBefore.IsZero() {
		before = rows.NotBefore(q.CreatedBefore)
	}
	if q.Reference != "" {
		reference = q.Reference
	}
	after := rows.Clamp(uint64(q.After))
	if q.Descending && q.After == 0 {
		after = math.MaxInt64
	}
	return []any{
		q.Party.String(), rows.Named(q.Counterparty), states, emergency, from, before, after, max(0, q.Limit), reference,
	}, nil
}

// Events implements [store.Store].
func (d *DB) Events(ctx context.Context, q store.EventQuery) ([]store.Event, error) {
	if q.Enclosing {
		id := q.Request.UUID()
		return query(ctx, d, "read answers", selectEnclosing, rows.ScanEvent,
			rows.Clamp(uint64(q.After)), max(0, q.Limit), rows.Named(q.Party), id[:])
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
	return query(ctx, d, "read events", eventsQuery(of, request != nil), rows.ScanEvent,
		rows.Clamp(uint64(q.After)), max(0, q.Limit), rows.Named(q.Party), request)
}

// Hashes implements [store.Store].
func (d *DB) Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	const tried = "read the ledger's hashes"
	list, err := json.Marshal(events)
	if err != nil {
		return nil, failed(tried, err)
	}
	found, err := query(ctx, d, tried, selectHashes, rows.ScanHashes, string(list))
	if err != nil {
		return nil, err
	}
	return rows.ByEvent(found), nil
}

// Participants implements [store.Store].
func (d *DB) Participants(ctx context.Context) ([]store.Participant, error) {
	return query(ctx, d, "read the directory", selectParticipants, rows.ScanParticipant)
}

// Head implements [store.Store].
func (d *DB) Head(ctx context.Context) (store.Head, error) {
	const tried = "read the head"
	if err := d.calls.Enter(); err != nil {
		return store.Head{}, failed(tried, err)
	}
	defer d.calls.Leave()
	head, err := scanHead(d.reads[selectHead].QueryRowContext(ctx))
	return head, failed(tried, err)
}

// query runs a prepared statement and reads all of its rows.
func query[T any](ctx context.Context, d *DB, tried, text string, scan func(rows.Row) (T, error), arguments ...any) ([]T, error) {
	if err := d.calls.Enter(); err != nil {
		return nil, failed(tried, err)
	}
	defer d.calls.Leave()
	result, err := d.reads[text].QueryContext(ctx, arguments...)
	if err != nil {
		return nil, failed(tried, err)
	}
	var found []T
	err = forEach(result, func(row *sql.Rows) error {
		one, err := scan(row)
		found = append(found, one)
		return err
	})
	if err != nil {
		return nil, failed(tried, err)
	}
	return found, nil
}

// forEach calls each for every row, and closes the result.
func forEach(result *sql.Rows, each func(*sql.Rows) error) error {
	defer func() { _ = result.Close() }() // its Err tells what matters
	for result.Next() {
		if err := each(result); err != nil {
			return err
		}
	}
	return result.Err()
}

// scanHead reads where the archive stands: nowhere, without a row.
func scanHead(from rows.Row) (store.Head, error) {
	head, err := rows.ScanHead(from)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Head{}, nil // there is no event yet
	}
	return head, err
}
