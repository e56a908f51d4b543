package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// channel is where hubs notify each other of events.
const channel = "liaison_events"

const (
	// pollEvery is how often is asked for events where the engine has no notifications.
	pollEvery = 25 * time.Millisecond
	// pollSafely is how often is asked all the same where it has: one may be lost with
	// its connection.
	pollSafely = time.Second
	// listenProbe is for how long a first notification is waited for: some engines take
	// the statements and never deliver.
	listenProbe = 500 * time.Millisecond
)

// Wake implements [store.Waker].
func (d *DB) Wake(ctx context.Context, after resource.Seq, wake func(map[resource.Organisation]resource.Seq)) {
	for ctx.Err() == nil {
		after = d.follow(ctx, after, wake)
	}
}

// follow wakes as long as one connection lasts, and returns the last event that it woke
// for.
func (d *DB) follow(ctx context.Context, last resource.Seq, wake func(map[resource.Organisation]resource.Seq)) resource.Seq {
	listener := d.listen(ctx)
	if listener != nil {
		defer listener.Close(context.WithoutCancel(ctx))
	}
	for {
		grown, err := d.grown(ctx, last)
		if err == nil && len(grown) > 0 {
			wake(grown)
			for _, seq := range grown {
				last = max(last, seq)
			}
		}
		if err != nil || !pause(ctx, listener) {
			return last
		}
	}
}

// pause returns when there may be new events; false if the connection was lost.
func pause(ctx context.Context, listener *pgx.Conn) bool {
	if listener == nil {
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
		}
		return ctx.Err() == nil
	}
	waiting, cancel := context.WithTimeout(ctx, pollSafely)
	defer cancel()
	_, err := listener.WaitForNotification(waiting)
	return ctx.Err() == nil && (err == nil || waiting.Err() != nil && !listener.IsClosed())
}

// listen returns a connection that receives notifications, or nil if the engine does not
// deliver any.
func (d *DB) listen(ctx context.Context) *pgx.Conn {
	if !d.notifies {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, d.writer.Config().ConnConfig)
	if err != nil {
		return nil
	}
	probing, cancel := context.WithTimeout(ctx, listenProbe)
	defer cancel()
	if _, err = conn.Exec(probing, "LISTEN "+channel); err == nil {
		if _, err = conn.Exec(probing, notify); err == nil {
			_, err = conn.WaitForNotification(probing)
		}
	}
	if err != nil {
		_ = conn.Close(context.WithoutCancel(ctx)) // it is of no use
		return nil
	}
	return conn
}

// grown returns the last event of each feed that has grown since an event.
func (d *DB) grown(ctx context.Context, after resource.Seq) (map[resource.Organisation]resource.Seq, error) {
	grown := make(map[resource.Organisation]resource.Seq)
	_, err := query(ctx, d, "look for events", func(row rows.Row) (struct{}, error) {
		var parties [3]rows.Organisation
		var seq resource.Seq
		err := row.Scan(&parties[0], &parties[1], &parties[2], &seq)
		for _, party := range parties {
			if !party.IsZero() {
				grown[party.Organisation] = max(grown[party.Organisation], seq)
			}
		}
		return struct{}{}, err
	}, selectGrown, rows.Clamp(uint64(after)))
	return grown, err
}
