package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// Each of the methods below is one statement, and so sees one state.

// Request implements [store.Store].
func (d *DB) Request(ctx context.Context, id resource.RequestID) (r store.Request, err error) {
	return one(ctx, d, "read a request", rows.ScanRequest, selectRequest, [16]byte(id.UUID()))
}

// Head implements [store.Store].
func (d *DB) Head(ctx context.Context) (store.Head, error) {
	return one(ctx, d, "read the head", rows.ScanHead, selectHead)
}

// Participants implements [store.Store].
func (d *DB) Participants(ctx context.Context) ([]store.Participant, error) {
	list, err := query(ctx, d, "read the directory", rows.ScanParticipant, selectParticipants)
	// Here and not there: databases differ in how they order text.
	slices.SortFunc(list, func(a, b store.Participant) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	return list, err
}

// Hashes implements [store.Store].
func (d *DB) Hashes(ctx context.Context, events []resource.Seq) (map[resource.Seq][]byte, error) {
	found, err := query(ctx, d, "read the ledger's hashes", rows.ScanHashes, selectHashes, numbers(events))
	if err != nil {
		return nil, err
	}
	return rows.ByEvent(found), nil
}

func numbers(events []resource.Seq) []int64 {
	list := make([]int64, len(events))
	for i, seq := range events {
		list[i] = rows.Clamp(uint64(seq))
	}
	return list
}

// clause is the text of a query that grows by conditions, with its arguments.
type clause struct {
	text      strings.Builder
	arguments []any
}

// and adds a condition, in which %s stands for the argument.
func (c *clause) and(condition string, argument any) {
	c.arguments = append(c.arguments, argument)
	fmt.Fprintf(&c.text, " AND "+condition, fmt.Sprintf("$%d", len(c.arguments)))
}

// Requests implements [store.Store].
func (d *DB) Requests(ctx context.Context, q store.RequestQuery) ([]store.Request, error) {
	const tried = "list requests"
	var c clause
	order := "r.created"
	c.text.WriteString("SELECT " + requestColumns + " FROM ")
	if q.Reference != "" {
		order = "f.request"
		c.text.WriteString("request_references AS f JOIN requests AS r ON r.created = f.request WHERE true")
		c.and("f.reference = %s", q.Reference)
	} else {
		c.text.WriteString("requests AS r WHERE true")
	}
	other := "r.platform = %s"
	switch q.Party.Collection() {
	case resource.Authorities:
		c.and("r.authority = %s", q.Party.String())
	case resource.Platforms:
		c.and("r.platform = %s", q.Party.String())
		c.text.WriteString(" AND r.visible")
		other = "r.authority = %s"
	case resource.Oversight:
		c.and("r.reviewer = %s", q.Party.String())
		c.text.WriteString(" AND r.visible")
		other = "%s IN (r.authority, r.platform)"
	default:
		return nil, failed(tried, rows.ErrNameless)
	}
	if !q.Counterparty.IsZero() {
		c.and(other, q.Counterparty.String())
	}
	if len(q.States) > 0 {
		states := make([]int32, len(q.States))
		for i, state := range q.States {
			states[i] = int32(state)
		}
		c.and("r.state = ANY (%s::integer[])", states)
	}
	if q.Emergency != nil {
		c.and("r.emergency = %s", *q.Emergency)
	}
	if !q.CreatedFrom.IsZero() {
		c.and("r.create_time >= %s", rows.NotBefore(q.CreatedFrom))
	}
	if !q.CreatedBefore.IsZero() {
		c.and("r.create_time < %s", rows.NotBefore(q.CreatedBefore))
	}
	switch {
	case !q.Descending:
		c.and(order+" > %s", rows.Clamp(uint64(q.After)))
		c.text.WriteString(" ORDER BY " + order)
	case q.After == 0:
		c.text.WriteString(" ORDER BY " + order + " DESC")
	default:
		c.and(order+" < %s", rows.Clamp(uint64(q.After)))
		c.text.WriteString(" ORDER BY " + order + " DESC")
	}
	return query(ctx, d, tried, rows.ScanRequest, c.limited(q.Limit), c.arguments...)
}

// limited returns the text with a limit, which becomes its last argument.
func (c *clause) limited(limit int) string {
	c.arguments = append(c.arguments, max(0, limit))
	fmt.Fprintf(&c.text, " LIMIT $%d", len(c.arguments))
	return c.text.String()
}

// Events implements [store.Store].
func (d *DB) Events(ctx context.Context, q store.EventQuery) ([]store.Event, error) {
	var c clause
	seq := "e.seq"
	if q.Enclosing {
		seq = "a.seq"
		c.text.WriteString("SELECT " + eventColumns + ", a.body FROM answers AS a JOIN events AS e ON e.seq = a.seq WHERE true")
		c.and("a.request = %s", [16]byte(q.Request.UUID()))
	} else {
		c.text.WriteString("SELECT " + eventColumns + ", NULL::bytea FROM events AS e WHERE true")
		if !q.Request.IsZero() {
			c.and("e.request = %s", [16]byte(q.Request.UUID()))
		}
	}
	switch q.Party.Collection() {
	case resource.Authorities:
		c.and("e.authority = %s", q.Party.String())
	case resource.Platforms:
		c.and("e.platform = %s", q.Party.String())
	case resource.Oversight:
		c.and("e.reviewer = %s", q.Party.String())
	}
	c.and(seq+" > %s", rows.Clamp(uint64(q.After)))
	c.text.WriteString(" ORDER BY " + seq)
	return query(ctx, d, "read events", rows.ScanEvent, c.limited(q.Limit), c.arguments...)
}

// one reads one row, again if the connection was lost.
func one[T any](ctx context.Context, d *DB, tried string, scan func(rows.Row) (T, error), text string, arguments ...any) (T, error) {
	var result T
	if err := d.calls.Enter(); err != nil {
		return result, failed(tried, err)
	}
	defer d.calls.Leave()
	err := d.again(ctx, func(ctx context.Context) (err error) {
		result, err = scan(d.reader.QueryRow(ctx, text, arguments...))
		return found(err)
	})
	return result, failed(tried, err)
}

// query reads all rows, from the first one again if the connection was lost.
func query[T any](ctx context.Context, d *DB, tried string, scan func(rows.Row) (T, error), text string, arguments ...any) ([]T, error) {
	if err := d.calls.Enter(); err != nil {
		return nil, failed(tried, err)
	}
	defer d.calls.Leave()
	var result []T
	err := d.again(ctx, func(ctx context.Context) error {
		found, err := d.reader.Query(ctx, text, arguments...)
		result, err = all(found, err, scan)
		return err
	})
	if err != nil {
		return nil, failed(tried, err)
	}
	return result, nil
}
