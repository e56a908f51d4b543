package store

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// ErrEntry says that an entry contradicts its place, itself or the entries before
// it. It is a fault of the caller's code: no input of a participant leads to it.
var ErrEntry = errors.New("contradictory entry")

// Check reports whether entries may be appended behind the event head, as far as
// the entries alone can tell. Every engine calls it before it stores anything, so
// that all refuse the same. Its errors name sequence numbers and nothing else.
func Check(head resource.Seq, entries []Entry) error {
	if uint64(head) > math.MaxInt64-uint64(len(entries)) {
		return fmt.Errorf("%w: sequence numbers are exhausted", ErrEntry)
	}
	earlier := make(map[resource.RequestID]*Request, len(entries))
	for i := range entries {
		e := &entries[i]
		if want := head + resource.Seq(i) + 1; e.Event.Seq != want {
			return fmt.Errorf("%w: event %d where %d comes next", ErrEntry, e.Event.Seq, want)
		}
		before := earlier[e.Request.ID]
		if fault := contradiction(head, e, before); fault != "" {
			return fmt.Errorf("%w: event %d: %s", ErrEntry, e.Event.Seq, fault)
		}
		earlier[e.Request.ID] = &e.Request
	}
	return nil
}

// contradiction names what is wrong with e; before is its request's projection
// after the entry before it in the same batch, if there is one.
func contradiction(head resource.Seq, e *Entry, before *Request) string {
	event, r := &e.Event, &e.Request
	switch {
	case r.ID.IsZero() || r.Authority.IsZero() || r.Platform.IsZero():
		return "the request lacks its name or a party"
	case r.Authority.Collection() != resource.Authorities || r.Platform.Collection() != resource.Platforms:
		return "a party is of another kind"
	case event.Request != r.ID:
		return "the event is another request's"
	case event.Authority != r.Authority:
		return "the event is in another authority's feed"
	case !event.Platform.IsZero() && event.Platform != r.Platform:
		return "the event is in another platform's feed"
	case !event.Platform.IsZero() && !r.Visible:
		return "the event is visible to a platform that may not know of the request"
	case !r.Reviewer.IsZero() && r.Reviewer.Collection() != resource.Oversight:
		return "the reviewer is of another kind"
	case !event.Reviewer.IsZero() && event.Reviewer != r.Reviewer:
		return "the event is in another reviewer's feed"
	case !event.Reviewer.IsZero() && !r.Visible:
		return "the event is visible to a reviewer that may not know of the request"
	case (event.ReviewerIndex == 0) != event.Reviewer.IsZero():
		return "the reviewer's index is missing, or is that of a feed that the event is not in"
	case event.AuthorityIndex == 0 || (event.PlatformIndex == 0) != event.Platform.IsZero():
		return "an index is missing, or is that of a feed that the event is not in"
	case event.Leaf == "" || len(event.Hashes) == 0 || len(event.Hashes)%32 != 0:
		return "the event lacks its leaf or its hashes"
	case r.Created == 0 || r.Created > r.Version || r.Version > event.Seq:
		return "the request's versions are out of order"
	case r.Created > head && before == nil && r.Created != event.Seq:
		return "the request was not created by its first event"
	case before != nil && !sameRequest(before, r):
		return "the request is no longer the same"
	case !plainText(r.References):
		return "a reference is not UTF-8 text"
	case len(e.Forgotten) > 0 && r.Created == event.Seq:
		return "a request forgets selectors as it is created"
	case len(e.Selectors) > 0 && r.Created != event.Seq:
		return "a request is given selectors that the event does not create"
	case e.Counted && r.Created != event.Seq:
		return "a request is counted that the event does not create"
	case e.Call != Call{} && (e.Call.Key.Organisation.IsZero() || e.Call.Seq != event.Seq):
		return "the call led to another event"
	default:
		return ""
	}
}

// sameRequest compares what never changes.
func sameRequest(a, b *Request) bool {
	return a.Created == b.Created && a.Authority == b.Authority && a.Platform == b.Platform && a.Reviewer == b.Reviewer &&
		a.CreateTime.UnixMicro() == b.CreateTime.UnixMicro()
}

func plainText(references []string) bool {
	for _, reference := range references {
		if !utf8.ValidString(reference) || strings.ContainsRune(reference, 0) {
			return false
		}
	}
	return true
}
