package verify

import (
	"context"
	"fmt"
	"time"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Feed checks a feed as it is read on: an organisation's events, or those of one request.
// Nothing is missing in it, and nothing comes twice. It is one goroutine's.
type Feed struct {
	verifier *Verifier
	request  string // empty: all
	after    uint64
	index    uint64    // the place of that event
	placed   bool      // whether index is known, be it zero
	at       time.Time // of that event; zero if it is not known
	least    int64     // how far the ledger had grown before
	withheld withheld  // what is not explained yet: a stream that breaks settles nothing
}

// Feed begins after an event: of one request or, if it is empty, of all. Index is the
// place of that event in the feed; zero: it is not known, and the first event is taken as
// it comes. The feed of one request has no places.
func (v *Verifier) Feed(request string, after, index uint64) *Feed {
	f := &Feed{verifier: v, request: request, after: after, index: index, placed: after == 0 || index != 0, withheld: make(withheld)}
	f.Resume()
	return f
}

// Resume says that what follows comes over another stream, which must not show an older
// ledger than was seen.
func (f *Feed) Resume() { f.least = f.verifier.Size() }

// After returns the sequence number after which the feed goes on.
func (f *Feed) After() uint64 { return f.after }

// Settled reports whether each body that is missing up to here was explained by a purge.
func (f *Feed) Settled() bool { return len(f.withheld) == 0 }

// Event checks the next event.
func (f *Feed) Event(ctx context.Context, receipt *liaisonv1.Receipt) (*Entry, error) {
	e, err := f.verifier.Entry(ctx, receipt)
	if err != nil {
		return nil, err
	}
	index := e.Index(f.verifier.side)
	switch {
	case e.leaf.Sequence <= f.after:
		return nil, distrust(e.Event, ErrFeed, fmt.Sprintf("it comes after event %d", f.after))
	case index == 0:
		return nil, distrust(e.Event, ErrFeed, "it is not in this feed")
	case f.request != "" && e.leaf.Request != f.request:
		return nil, distrust(e.Event, ErrFeed, "it is another request's")
	case f.request == "" && f.placed && index != f.index+1:
		return nil, distrust(e.Event, ErrFeed, fmt.Sprintf("it has place %d in the feed, and %d comes next", index, f.index+1))
	}
	if err := e.checkTime(f.at); err != nil {
		return nil, err
	}
	if err := f.withheld.settle(f.verifier, e); err != nil {
		return nil, err
	}
	f.after, f.index, f.placed, f.at = e.leaf.Sequence, index, true, e.leaf.Time
	return e, nil
}

// Heartbeat checks the hub's word that there is no more: the ledger has not shrunk, and
// no body is missing without its purge.
func (f *Feed) Heartbeat(ctx context.Context, heartbeat *liaisonv1.Heartbeat) error {
	size, err := f.verifier.BelieveNew(ctx, heartbeat.GetCheckpoint(), f.least)
	if err != nil {
		return err
	}
	f.least = size
	if err := f.withheld.check(); err != nil {
		return err
	}
	f.after = max(f.after, heartbeat.GetSequence())
	return nil
}
