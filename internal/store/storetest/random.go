package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

var errUndone = errors.New("undo the batch")

// testTwin makes the same random calls on the engine and on the twin, and compares
// what they say.
func testTwin(t *testing.T, h Harness) {
	rapid.Check(t, func(r *rapid.T) {
		p := &pair{t: t, engine: h.Open(t), twin: NewTwin()}
		defer func() { _ = p.engine.Close() }() // many are opened: waiting for the test's end holds too many
		actions := map[string]func(*rapid.T){
			"write":        p.write,
			"participant":  p.participant,
			"requests":     p.requests,
			"events":       p.events,
			"request":      p.request,
			"calls":        p.calls,
			"everything":   p.everything,
			"more writing": p.write,
		}
		if h.Reopen != nil {
			actions["restart"] = func(r *rapid.T) {
				if rapid.IntRange(0, 7).Draw(r, "seldom") == 0 { // it takes long
					p.engine = h.Reopen(t, p.engine)
				}
			}
		}
		r.Repeat(actions)
		p.everything(r)
	})
}

// pair is an engine and its twin, in the same state.
type pair struct {
	t            *testing.T
	engine, twin store.Store
	filed        []store.Request // the current projections
	lastCall     int
}

func (p *pair) both(do func(store.Store)) {
	do(p.engine)
	do(p.twin)
}

func (p *pair) everything(r *rapid.T) {
	equal(r, "everything", look(p.engine), look(p.twin))
}

func (p *pair) write(r *rapid.T) {
	head := must(p.twin.Head(context.Background())).Seq
	now, call := append([]store.Request(nil), p.filed...), p.lastCall
	entries := make([]store.Entry, rapid.IntRange(1, 4).Draw(r, "entries"))
	for i := range entries {
		seq := head + resource.Seq(i) + 1
		about := rapid.IntRange(-1, len(now)-1).Draw(r, "request, -1 for a new one")
		edits := []edit{drawn(r)}
		if rapid.Bool().Draw(r, "answered") {
			edits = append(edits, enclosing(fmt.Sprint("answer ", seq)))
		}
		if rapid.Bool().Draw(r, "by a call") {
			call++
			edits = append(edits, called(rapid.SampledFrom([]resource.Organisation{ministry, wave}).Draw(r, "caller"), call))
		}
		if about < 0 {
			if rapid.Bool().Draw(r, "counted") {
				edits = append(edits, counted)
			}
			edits = append(edits, denoting(rapid.SliceOfN(rapid.ByteRange(1, 4), 0, 3).Draw(r, "denotes")...))
			entries[i] = filed(seq, len(now)+1, append([]edit{between(
				rapid.SampledFrom([]resource.Organisation{ministry, regulator}).Draw(r, "authority"),
				rapid.SampledFrom([]resource.Organisation{wave, pixel}).Draw(r, "platform"),
			)}, edits...)...)
			now = append(now, entries[i].Request)
			continue
		}
		if rapid.IntRange(0, 3).Draw(r, "forgets if 0") == 0 {
			edits = append(edits, forgetting(rapid.SliceOfN(rapid.ByteRange(1, 4), 1, 3).Draw(r, "forgotten")...))
		}
		if now[about].State != lifecycle.Purged && rapid.IntRange(0, 5).Draw(r, "purged if 0") == 0 {
			edits = append(edits, purging)
		}
		entries[i] = next(seq, now[about], edits...)
		now[about] = entries[i].Request
	}
	undo := rapid.IntRange(0, 4).Draw(r, "undone if 0") == 0
	cut := rapid.IntRange(0, len(entries)).Draw(r, "in the first append")
	p.both(func(s store.Store) {
		err := s.Write(context.Background(), func(tx store.Tx) error {
			if err := tx.Append(context.Background(), entries[:cut], checkpoint(entries[:cut])); err != nil {
				return err
			}
			if err := tx.Append(context.Background(), entries[cut:], checkpoint(entries[cut:])); err != nil {
				return err
			}
			if undo {
				return errUndone
			}
			return nil
		})
		if undo != errors.Is(err, errUndone) || !undo && err != nil {
			r.Fatalf("Write: %v", err)
		}
	})
	if !undo {
		p.filed, p.lastCall = now, call
	}
}

// minute is so many minutes after the epoch, and no two events' the same: of those the order
// is not promised. Of a negative number it is the zero time.
func minute(n int, seq resource.Seq) time.Time {
	if n < 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(n)*time.Minute + time.Duration(seq)*time.Millisecond)
}

// drawn gives an entry a random state that is not contradictory.
func drawn(r *rapid.T) edit {
	visible := rapid.Bool().Draw(r, "visible")
	inFeed := visible && rapid.Bool().Draw(r, "in the platform's feed")
	state := rapid.SampledFrom(lifecycle.States()).Draw(r, "state")
	urgent := rapid.Bool().Draw(r, "emergency")
	reviewer := rapid.SampledFrom([]resource.Organisation{{}, board, ombudsman}).Draw(r, "reviewer, if it is filed")
	reviewed := visible && rapid.Bool().Draw(r, "in the reviewer's feed")
	ended := rapid.IntRange(-5, 20).Draw(r, "over, at minute if not negative")
	due := rapid.IntRange(-5, 20).Draw(r, "due, at minute if not negative")
	var references []string
	if n := rapid.IntRange(0, 3).Draw(r, "references"); n > 0 {
		references = rapid.SliceOfN(reference(), n, n).Draw(r, "references")
	}
	return func(e *store.Entry) {
		e.Request.Visible, e.Request.State, e.Request.Emergency, e.Request.References = visible, state, urgent, references
		e.Request.OverTime, e.Request.DueTime = minute(ended, e.Event.Seq), minute(due, e.Event.Seq)
		e.Event.Platform = resource.Organisation{}
		if inFeed {
			e.Event.Platform = e.Request.Platform
		}
		if e.Request.Created == e.Event.Seq {
			e.Request.Reviewer = reviewer
		}
		e.Event.Reviewer = resource.Organisation{}
		if reviewed {
			e.Event.Reviewer = e.Request.Reviewer
		}
	}
}

func reference() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"A", "a", "B", "مرجع", "[]", `"`, "' OR 1=1"}),
		rapid.StringOfN(rapid.Rune().Filter(func(c rune) bool { return c != 0 }), 1, 5, -1),
	)
}

func party() *rapid.Generator[resource.Organisation] {
	return rapid.SampledFrom([]resource.Organisation{ministry, regulator, wave, pixel, board, ombudsman})
}

func anySeq() *rapid.Generator[resource.Seq] {
	return rapid.Map(rapid.IntRange(0, 30), func(n int) resource.Seq { return resource.Seq(n) })
}

func (p *pair) requests(r *rapid.T) {
	q := store.RequestQuery{
		Party:      party().Draw(r, "party"),
		States:     rapid.SliceOfN(rapid.SampledFrom(lifecycle.States()), 0, 4).Draw(r, "states"),
		Emergency:  rapid.Ptr(rapid.Bool(), true).Draw(r, "emergency"),
		After:      anySeq().Draw(r, "after"),
		Descending: rapid.Bool().Draw(r, "descending"),
		Limit:      rapid.IntRange(-1, 10).Draw(r, "limit"),
	}
	if rapid.Bool().Draw(r, "with a counterparty") {
		q.Counterparty = party().Draw(r, "counterparty")
	}
	if rapid.Bool().Draw(r, "by reference") {
		q.Reference = reference().Draw(r, "reference")
	}
	moment := rapid.Map(rapid.IntRange(0, 20_000_000), func(n int) time.Time { return epoch.Add(time.Duration(n) * 1001) })
	if rapid.Bool().Draw(r, "from a time") {
		q.CreatedFrom = moment.Draw(r, "from")
	}
	if rapid.Bool().Draw(r, "before a time") {
		q.CreatedBefore = moment.Draw(r, "before")
	}
	ctx := context.Background()
	equal(r, "requests", must(p.engine.Requests(ctx, q)), must(p.twin.Requests(ctx, q)))
}

func (p *pair) events(r *rapid.T) {
	q := store.EventQuery{After: anySeq().Draw(r, "after"), Limit: rapid.IntRange(-1, 10).Draw(r, "limit")}
	if rapid.Bool().Draw(r, "of a party") {
		q.Party = party().Draw(r, "party")
	}
	if rapid.Bool().Draw(r, "of a request") {
		q.Request = p.anyRequest(r)
		q.Enclosing = rapid.Bool().Draw(r, "enclosing")
	}
	ctx := context.Background()
	equal(r, "events", must(p.engine.Events(ctx, q)), must(p.twin.Events(ctx, q)))
}

// anyRequest draws the id of a request that exists or of the one to come.
func (p *pair) anyRequest(r *rapid.T) resource.RequestID {
	return requestID(rapid.IntRange(1, len(p.filed)+1).Draw(r, "request"))
}

func (p *pair) request(r *rapid.T) {
	id := p.anyRequest(r)
	got, gotErr := p.engine.Request(context.Background(), id)
	want, wantErr := p.twin.Request(context.Background(), id)
	if errors.Is(gotErr, store.ErrNotFound) != errors.Is(wantErr, store.ErrNotFound) || (gotErr == nil) != (wantErr == nil) {
		r.Fatalf("Request: got %v, want %v", gotErr, wantErr)
	}
	equal(r, "request", got, want)
}

// calls looks up every call there may be, and every request, inside a batch.
func (p *pair) calls(r *rapid.T) {
	var keys []store.CallKey
	for n := 1; n <= p.lastCall+1; n++ {
		keys = append(keys, callKey(ministry, n), callKey(wave, n))
	}
	var ids []resource.RequestID
	for n := 1; n <= len(p.filed)+1; n++ {
		ids = append(ids, requestID(n))
	}
	var calls []map[store.CallKey]store.Call
	var requests []map[resource.RequestID]store.Request
	var feeds []map[resource.Organisation]uint64
	var ended, due [][]resource.RequestID
	var filings []map[store.Filing]int
	var sharing []map[store.SelectorHash][]store.Sharing
	before, limit := epoch.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "over before minute"))*time.Minute), rapid.IntRange(-1, 5).Draw(r, "limit")
	p.both(func(s store.Store) {
		write(r, s, func(tx store.Tx) error {
			calls = append(calls, callsOf(tx, keys...))
			requests = append(requests, requestsOf(tx, ids...))
			feeds = append(feeds, must(tx.Feeds(context.Background(), []resource.Organisation{ministry, regulator, wave, pixel, board})))
			ended = append(ended, must(tx.Waiting(context.Background(), store.ToBePurged, before, limit)))
			due = append(due, must(tx.Waiting(context.Background(), store.ToBeActed, before, limit)))
			sharing = append(sharing, sharingOf(tx, max(0, limit), hashesOf(1, 2, 3, 4)))
			filings = append(filings, must(tx.Filings(context.Background(), ministry, store.DayOf(epoch))))
			return nil
		})
	})
	equal(r, "calls", calls[0], calls[1])
	equal(r, "requests in a batch", requests[0], requests[1])
	equal(r, "feeds", feeds[0], feeds[1])
	equal(r, "what is over", ended[0], ended[1])
	equal(r, "what is due", due[0], due[1])
	equal(r, "who shares a selector", sharing[0], sharing[1])
	equal(r, "filings of the day", filings[0], filings[1])
}

func (p *pair) participant(r *rapid.T) {
	change := store.Participant{
		Name:    party().Draw(r, "name"),
		Version: rapid.Uint64Range(0, 3).Draw(r, "version"),
		Body:    rapid.SliceOfN(rapid.Byte(), 1, 4).Draw(r, "body"),
	}
	p.both(func(s store.Store) {
		var version uint64
		err := s.Write(context.Background(), func(tx store.Tx) (err error) {
			version, err = tx.PutParticipant(context.Background(), change)
			return err
		})
		if err == nil && version != change.Version+1 || err != nil && !errors.Is(err, store.ErrVersion) {
			r.Fatalf("PutParticipant: version %d, %v", version, err)
		}
	})
}
