package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// Append implements [store.Tx]. All its statements travel together, with the commit if
// there is nothing to look at before.
func (t *tx) Append(ctx context.Context, entries []store.Entry, checkpoint []byte) error {
	return t.do("append", func() error {
		if !t.begun {
			if err := t.send(ctx); err != nil {
				return err
			}
		}
		if err := store.Check(t.last, entries); err != nil {
			return err
		}
		if len(entries) == 0 {
			return nil
		}
		if err := t.knowReferences(ctx, entries); err != nil {
			return err
		}
		changes, err := t.project(&t.queued, entries)
		if err != nil {
			return err
		}
		record(&t.queued, entries)
		last := &entries[len(entries)-1].Event
		t.queued.Queue(moveHead, int64(last.Seq), rows.Present(checkpoint), last.Leaf)
		if t.notifies {
			t.queued.Queue(notify)
		}
		if t.leaf == "" {
			t.leaf = entries[0].Event.Leaf
		}
		t.last = last.Seq
		if changes {
			return t.send(ctx) // what is changed may not be there, which has to be known before the commit
		}
		return nil
	})
}

// requestRows are what insertRequests and updateRequests take.
type requestRows struct {
	created, version, createTime []int64
	id                           [][16]byte
	authority, platform, refs    []string
	visible, emergency           []bool
	state                        []int32
	body                         [][]byte
	over, due                    []*int64
	reviewer                     []*string
}

func (c *requestRows) add(r *store.Request, refs string) {
	c.created = append(c.created, int64(r.Created))
	c.id = append(c.id, r.ID.UUID())
	c.version = append(c.version, int64(r.Version))
	c.authority = append(c.authority, r.Authority.String())
	c.platform = append(c.platform, r.Platform.String())
	c.visible = append(c.visible, r.Visible)
	c.state = append(c.state, int32(r.State))
	c.emergency = append(c.emergency, r.Emergency)
	c.createTime = append(c.createTime, r.CreateTime.UnixMicro())
	c.refs = append(c.refs, refs)
	c.body = append(c.body, rows.Present(r.Body))
	c.over = append(c.over, rows.Moment(r.OverTime))
	c.due = append(c.due, rows.Moment(r.DueTime))
	c.reviewer = append(c.reviewer, rows.Named(r.Reviewer))
}

func (c *requestRows) arguments() []any {
	return []any{c.created, c.id, c.version, c.authority, c.platform, c.visible, c.state, c.emergency, c.createTime, c.refs, c.body, c.over, c.due, c.reviewer}
}

// row returns the arguments of one.
func (c *requestRows) row(i int) []any {
	return []any{c.created[i], c.id[i], c.version[i], c.authority[i], c.platform[i], c.visible[i], c.state[i], c.emergency[i], c.createTime[i], c.refs[i], c.body[i], c.over[i], c.due[i], c.reviewer[i]}
}

// project stores each request once, as its last entry leaves it, and says whether it
// changes any that was there.
func (t *tx) project(b *pgx.Batch, entries []store.Entry) (changes bool, err error) {
	var filed, changed requestRows
	var references []string
	var referred []int64
	for _, r := range rows.Final(entries) {
		refs, err := rows.EncodeReferences(r.References)
		if err != nil {
			return false, err
		}
		if r.Created > t.last { // Check made sure that this append's first event of it creates it
			filed.add(r, refs)
		} else {
			changed.add(r, refs)
			for _, reference := range without(t.references[r.ID], r.References) {
				b.Queue(forgetReference, reference, int64(r.Created))
			}
		}
		for _, reference := range without(r.References, t.references[r.ID]) {
			references, referred = append(references, reference), append(referred, int64(r.Created))
		}
		t.references[r.ID] = r.References
	}
	for i := range changed.created {
		b.Queue(updateRequest, changed.row(i)...).Exec(func(done pgconn.CommandTag) error {
			if done.RowsAffected() != 1 {
				return rows.ErrUnknown
			}
			return nil
		})
	}
	if len(filed.created) > 0 {
		b.Queue(insertRequests, filed.arguments()...)
	}
	if len(references) > 0 {
		b.Queue(insertReferences, references, referred)
	}
	return len(changed.created) > 0, nil
}

// without returns those of some references, each once, that are not among others.
func without(some, others []string) []string {
	var left []string
	for _, reference := range some {
		if !slices.Contains(others, reference) && !slices.Contains(left, reference) {
			left = append(left, reference)
		}
	}
	return left
}

// knowReferences learns what the requests that entries change are found by, of those that
// the batch has not looked up.
func (t *tx) knowReferences(ctx context.Context, entries []store.Entry) error {
	var unknown [][16]byte
	for i := range entries {
		r := &entries[i].Request
		if _, known := t.references[r.ID]; !known && r.Created <= t.last {
			unknown = append(unknown, r.ID.UUID())
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	queue(t, rows.ScanRequest, t.know, selectRequestsByID, unknown)
	return t.send(ctx)
}

// know notes what a request is found by before the batch changes it.
func (t *tx) know(r store.Request) { t.references[r.ID] = r.References }

// record stores the events and what came with them.
func record(b *pgx.Batch, entries []store.Entry) {
	var (
		seq, authorityIndex, platformIndex []int64
		request                            [][16]byte
		authority, leaf                    []string
		platform, reviewer                 []*string
		reviewerIndex                      []int64
		hashes, salt, body                 [][]byte
	)
	for i := range entries {
		e := &entries[i].Event
		seq = append(seq, int64(e.Seq))
		request = append(request, e.Request.UUID())
		authority = append(authority, e.Authority.String())
		platform = append(platform, rows.Named(e.Platform))
		authorityIndex = append(authorityIndex, int64(e.AuthorityIndex))
		platformIndex = append(platformIndex, int64(e.PlatformIndex))
		reviewer = append(reviewer, rows.Named(e.Reviewer))
		reviewerIndex = append(reviewerIndex, int64(e.ReviewerIndex))
		hashes = append(hashes, e.Hashes)
		leaf = append(leaf, e.Leaf)
		salt = append(salt, rows.Present(e.Salt))
		body = append(body, rows.Present(e.Body))
	}
	b.Queue(insertEvents, seq, request, authority, platform, authorityIndex, platformIndex, hashes, leaf, salt, body, reviewer, reviewerIndex)
	enclose(b, entries)
	remember(b, entries)
	count(b, entries)
	denote(b, entries)
	for i := range entries {
		if e := &entries[i]; e.Purge {
			id := [16]byte(e.Request.ID.UUID())
			b.Queue(purgeCalls, id, int64(e.Event.Seq), make([]byte, 32))
			b.Queue(purgeAnswers, id, int64(e.Event.Seq))
			b.Queue(purgeEvents, id, int64(e.Event.Seq))
		}
	}
}

// enclose stores the answers.
func enclose(b *pgx.Batch, entries []store.Entry) {
	var seq []int64
	var request [][16]byte
	var body [][]byte
	for i := range entries {
		if e := &entries[i]; e.Answer != nil {
			seq, request, body = append(seq, int64(e.Event.Seq)), append(request, e.Request.ID.UUID()), append(body, e.Answer)
		}
	}
	if len(seq) > 0 {
		b.Queue(insertAnswers, seq, request, body)
	}
}

// remember stores the calls.
func remember(b *pgx.Batch, entries []store.Entry) {
	var maker []string
	var id [][16]byte
	var fingerprint [][]byte
	var seq []int64
	for i := range entries {
		c := &entries[i].Call
		if (*c == store.Call{}) {
			continue
		}
		maker, id = append(maker, c.Key.Organisation.String()), append(id, c.Key.ID)
		fingerprint, seq = append(fingerprint, c.Fingerprint[:]), append(seq, int64(c.Seq))
	}
	if len(seq) > 0 {
		b.Queue(insertCalls, maker, id, fingerprint, seq)
	}
}

// count counts what is to be counted.
func count(b *pgx.Batch, entries []store.Entry) {
	var authority, platform []string
	var day []int64
	var emergency []bool
	for i := range entries {
		if e := &entries[i]; e.Counted {
			f := store.FilingOf(&e.Request)
			authority, platform = append(authority, f.Authority.String()), append(platform, f.Platform.String())
			day, emergency = append(day, f.Day), append(emergency, f.Emergency)
		}
	}
	if len(day) > 0 {
		b.Queue(countFilings, authority, day, platform, emergency)
	}
}

// denote stores what the entries' requests denote, and deletes what they denote no more.
func denote(b *pgx.Batch, entries []store.Entry) {
	var hash [][]byte
	var request []int64
	for i := range entries {
		e := &entries[i]
		for j := range e.Selectors {
			if !slices.Contains(e.Selectors[:j], e.Selectors[j]) { // one may stand twice
				hash, request = append(hash, e.Selectors[j][:]), append(request, int64(e.Request.Created))
			}
		}
	}
	if len(request) > 0 {
		b.Queue(insertSelectors, hash, request)
	}
	for i := range entries { // after all are stored: one may be filed and taken back in one batch
		e := &entries[i]
		for j := range e.Forgotten {
			b.Queue(forgetSelector, e.Forgotten[j][:], int64(e.Request.Created))
		}
	}
}
