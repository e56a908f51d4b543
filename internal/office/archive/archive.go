// Package archive is all that is read of what a hub keeps: requests, their events and
// answers, the ledger, and who waits for what comes. Every read names the party on whose
// behalf it is done, and sees what that party may see. There is no other way to a request,
// an event or an answer: a step that the sequencer decides asks Visible too.
package archive

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrNotFound says that there is no such request, or none that the caller's
// organisation may see. The two are not told apart.
var ErrNotFound = errors.New("request not found")

// Archive reads a store. Its methods may be called from any goroutine.
type Archive struct {
	store store.Store
	clock func() time.Time
	feeds feeds

	leaves leaves // that were appended here last

	unwake context.CancelFunc // ends the hearing of what other processes commit
	wakers sync.WaitGroup
}

// Open begins to read a store, and to hear of what other processes commit to it. Close
// ends it.
func Open(ctx context.Context, st store.Store, clock func() time.Time) (*Archive, error) {
	head, err := st.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the last event's number: %w", err)
	}
	a := &Archive{store: st, clock: clock, feeds: feeds{begin: head.Seq}, unwake: func() {}}
	if shared, ok := st.(store.Waker); ok {
		waking, cancel := context.WithCancel(context.Background())
		a.wakers.Go(func() { shared.Wake(waking, head.Seq, a.feeds.wake) })
		a.unwake = cancel
	}
	return a, nil
}

// Close ends the hearing of what other processes commit.
func (a *Archive) Close() {
	a.unwake()
	a.wakers.Wait()
}

// Subscribe returns a subscription to an organisation's feed.
func (a *Archive) Subscribe(party resource.Organisation) *Subscription {
	return a.feeds.subscribe(party)
}

// Wake signals the watchers of every feed that has grown, given the last event of each.
func (a *Archive) Wake(last map[resource.Organisation]resource.Seq) { a.feeds.wake(last) }

// WakeAll signals every subscription, so that whoever waits finds out whether to go on.
func (a *Archive) WakeAll() { a.feeds.wakeAll() }

// Visible says whether an organisation may know of a request: the authority that
// filed it always, the platform and the reviewer from the moment it came before it.
func Visible(r *liaisonv1.Request, party resource.Organisation) bool {
	switch party.String() {
	case "":
		return false
	case r.GetAuthority():
		return true
	case r.GetSpec().GetPlatform(), r.GetSpec().GetReviewer():
		return lifecycle.VisibleToPlatform(record.Life(r))
	default:
		return false
	}
}

// Recorded is an event with what proves that it is in the ledger.
type Recorded struct {
	Event   *liaisonv1.Event // for reading: with its detail, without envelopes
	Receipt *liaisonv1.Receipt
	Size    resource.Seq // of the receipt's checkpoint; zero where it has none of its own
}

// GetEvent returns the event; nil if there is none.
func (r *Recorded) GetEvent() *liaisonv1.Event {
	if r == nil {
		return nil
	}
	return r.Event
}

// GetReceipt returns the receipt; nil if there is none.
func (r *Recorded) GetReceipt() *liaisonv1.Receipt {
	if r == nil {
		return nil
	}
	return r.Receipt
}
