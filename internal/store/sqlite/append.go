package sqlite

import (
	"context"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// Append implements [store.Tx].
func (t *tx) Append(ctx context.Context, entries []store.Entry, checkpoint []byte) error {
	return t.do("append", func() error {
		if err := store.Check(t.last, entries); err != nil {
			return err
		}
		// Requests first: an event refers to its request, all else to its event.
		if err := t.project(ctx, entries); err != nil {
			return err
		}
		for i := range entries {
			if err := t.record(ctx, &entries[i]); err != nil {
				return err
			}
		}
		if err := t.denote(ctx, entries); err != nil {
			return err
		}
		t.last += resource.Seq(len(entries))
		t.pages += pagesOf(entries)
		if len(entries) == 0 {
			return nil
		}
		_, err := t.stmt(putCheckpoint).ExecContext(ctx, rows.Present(checkpoint))
		return err
	})
}

// project stores each request once, as its last entry leaves it.
func (t *tx) project(ctx context.Context, entries []store.Entry) error {
	for _, r := range rows.Final(entries) {
		if err := t.putRequest(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putRequest(ctx context.Context, r *store.Request) error {
	references, err := rows.EncodeReferences(r.References)
	if err != nil {
		return err
	}
	creates := r.Created > t.last // Check made sure that this append's first event of it creates it
	text := updateRequest
	if creates {
		text = insertRequest
	}
	id := r.ID.UUID()
	n, err := affected(t.stmt(text).ExecContext(ctx,
		int64(r.Created), id[:], int64(r.Version), r.Authority.String(), r.Platform.String(), r.Visible,
		int64(r.State), r.Emergency, r.CreateTime.UnixMicro(), references, rows.Present(r.Body), rows.Moment(r.OverTime), rows.Moment(r.DueTime), rows.Named(r.Reviewer)))
	switch {
	case err != nil:
		return err
	case n != 1:
		return rows.ErrUnknown
	case creates:
		return t.refer(ctx, r)
	default:
		return nil // a trigger follows what changes of the references
	}
}

// refer has a new request found by its references.
func (t *tx) refer(ctx context.Context, r *store.Request) error {
	for _, reference := range r.References {
		if _, err := t.stmt(insertReference).ExecContext(ctx, reference, int64(r.Created)); err != nil {
			return err
		}
	}
	return nil
}

// record stores one event and what came with it.
func (t *tx) record(ctx context.Context, e *store.Entry) error {
	id := e.Event.Request.UUID()
	seq := int64(e.Event.Seq)
	if _, err := t.stmt(insertEvent).ExecContext(ctx,
		seq, id[:], e.Event.Authority.String(), rows.Named(e.Event.Platform), int64(e.Event.AuthorityIndex), int64(e.Event.PlatformIndex),
		e.Event.Hashes, e.Event.Leaf, rows.Present(e.Event.Salt), rows.Present(e.Event.Body), rows.Named(e.Event.Reviewer), int64(e.Event.ReviewerIndex)); err != nil {
		return err
	}
	if e.Purge {
		if err := t.purge(ctx, id[:], seq); err != nil {
			return err
		}
	}
	if e.Answer != nil {
		if _, err := t.stmt(insertAnswer).ExecContext(ctx, seq, id[:], e.Answer); err != nil {
			return err
		}
	}
	if e.Counted {
		f := store.FilingOf(&e.Request)
		if _, err := t.stmt(countFiling).ExecContext(ctx, f.Authority.String(), f.Day, f.Platform.String(), f.Emergency); err != nil {
			return err
		}
	}
	if (e.Call == store.Call{}) {
		return nil
	}
	call := &e.Call
	_, err := t.stmt(insertCall).ExecContext(ctx, call.Key.Organisation.String(), call.Key.ID[:], call.Fingerprint[:], seq)
	return err
}

// purge deletes what a request's events before one of them say.
func (t *tx) purge(ctx context.Context, request []byte, before int64) error {
	for _, text := range []string{purgeCalls, purgeAnswers, purgeEvents} {
		if _, err := t.stmt(text).ExecContext(ctx, request, before); err != nil {
			return err
		}
	}
	t.purged = true
	return nil
}
