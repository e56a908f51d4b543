package sequencer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/deadline"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// accept takes an event in: what comes after it in the batch sees it.
func (d *decision) accept(s Step, now current, event *liaisonv1.Event, call store.Call) (*archive.Recorded, error) {
	next := record.Fold(now.request, event)
	created := now.created
	if now.request == nil {
		created = resource.Seq(event.GetSequence())
	}
	encoded, err := record.Encode(event, d.sequencer.salt)
	if err != nil {
		return nil, err
	}
	if err := checkFits(s, next, encoded); err != nil {
		return nil, err
	}
	entry, err := entryOf(event, encoded, next, created, s)
	if err != nil {
		return nil, err
	}
	entry.Call = call
	entry.Counted = d.counts(event)
	if event.GetFiled() != nil {
		entry.Selectors = s.selectors
	}
	entry.Forgotten = d.forgotten(now.request, next, event)
	if err := d.index(&entry.Event); err != nil {
		return nil, err
	}
	if entry.Event.Salt, err = d.sequencer.salt(); err != nil || len(entry.Event.Salt) != ledger.SaltSize {
		return nil, fmt.Errorf("make a salt: %w", err)
	}
	leaf := ledger.Leaf{
		Sequence:       event.GetSequence(),
		Time:           event.GetCreateTime().AsTime(),
		Request:        event.GetRequest(),
		Type:           record.Type(event),
		Actor:          event.GetActor(),
		AuthorityIndex: entry.Event.AuthorityIndex,
		PlatformIndex:  entry.Event.PlatformIndex,
		ReviewerIndex:  entry.Event.ReviewerIndex,
		Digest:         ledger.Digest(entry.Event.Salt, encoded.GetBody()),
	}
	entry.Event.Leaf = leaf.String()

	// Nothing fails any more.
	d.feeds[entry.Event.Authority] = entry.Event.AuthorityIndex
	if !entry.Event.Platform.IsZero() {
		d.feeds[entry.Event.Platform] = entry.Event.PlatformIndex
	}
	if !entry.Event.Reviewer.IsZero() {
		d.feeds[entry.Event.Reviewer] = entry.Event.ReviewerIndex
	}
	if (call != store.Call{}) {
		d.calls[call.Key] = call
	}
	encoded.Salt, encoded.Leaf = entry.Event.Salt, entry.Event.Leaf
	recorded := &archive.Recorded{Event: record.ForReading(event), Receipt: &liaisonv1.Receipt{Record: encoded}}
	if entry.Counted {
		d.filings.add(store.FilingOf(&entry.Request))
	}
	d.share(entry.Selectors, &entry.Request)
	d.entries = append(d.entries, entry)
	d.accepted = append(d.accepted, accepted{event, ledger.HashOf(entry.Event.Leaf), recorded})
	d.requests[entry.Request.ID] = current{request: next, created: created, version: entry.Request.Version}
	d.handOver(now.request, next)
	return recorded, nil
}

// What a request, and the record of a step, have at most, so that a reply holds either with
// what comes beside it.
const (
	maxRequest = scope.MaxReply - 32<<10
	maxRecord  = scope.MaxReply - 64<<10
)

// checkFits refuses somebody's step after which the request, or the record of the step, could
// not be read in one reply. A proposal to narrow stays with the request that it is about.
func checkFits(s Step, next *liaisonv1.Request, encoded *liaisonv1.Record) error {
	if s.Event == nil {
		return nil // the hub's own, which adds next to nothing
	}
	field := string(record.Type(s.Event))
	if s.Event.GetObjected().GetProposal() != nil {
		field = "objection.proposal"
	}
	if size := proto.Size(next); size > maxRequest {
		return invalid(field, fmt.Sprintf("must be shorter: with it the request has %d bytes, and at most %d can be read", size, maxRequest))
	}
	if size := proto.Size(encoded); size > maxRecord {
		return invalid(field, fmt.Sprintf("must be shorter: its record has %d bytes, and at most %d can be read", size, maxRecord))
	}
	return nil
}

// index gives an event its places in the feeds.
func (d *decision) index(e *store.Event) error {
	parties := []resource.Organisation{e.Authority}
	if !e.Platform.IsZero() {
		parties = append(parties, e.Platform)
	}
	if !e.Reviewer.IsZero() {
		parties = append(parties, e.Reviewer)
	}
	unknown := slices.DeleteFunc(slices.Clone(parties), d.knowsFeed)
	if len(unknown) > 0 {
		found, err := d.tx.Feeds(context.Background(), unknown)
		if err != nil {
			return fmt.Errorf("read the feeds: %w", err)
		}
		for _, o := range unknown {
			d.feeds[o] = found[o]
		}
	}
	e.AuthorityIndex = d.feeds[e.Authority] + 1
	if !e.Platform.IsZero() {
		e.PlatformIndex = d.feeds[e.Platform] + 1
	}
	if !e.Reviewer.IsZero() {
		e.ReviewerIndex = d.feeds[e.Reviewer] + 1
	}
	return nil
}

// knowsFeed says whether it is known how far an organisation's feed has grown, from
// this batch or from those before it.
func (d *decision) knowsFeed(o resource.Organisation) bool {
	if _, ok := d.feeds[o]; ok {
		return true
	}
	index, ok := d.sequencer.indexes[o]
	if ok {
		d.feeds[o] = index
	}
	return ok
}

// entryOf spells out for the store what it needs to find an event and a request by.
func entryOf(e *liaisonv1.Event, recorded *liaisonv1.Record, r *liaisonv1.Request, created resource.Seq, s Step) (store.Entry, error) {
	id, err1 := resource.ParseRequest(r.GetName())
	authority, err2 := resource.ParseOrganisation(r.GetAuthority())
	platform, err3 := resource.ParseOrganisation(r.GetSpec().GetPlatform())
	eventBody, err4 := record.Pack(recorded)
	requestBody, err5 := proto.Marshal(r)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return store.Entry{}, fmt.Errorf("prepare a step for the store: %w", err)
	}
	state := lifecycle.State(r.GetState())
	reached := lifecycle.VisibleToPlatform(record.Life(r))
	entry := store.Entry{
		Event: store.Event{
			Seq:       resource.Seq(e.GetSequence()),
			Request:   id,
			Authority: authority,
			Body:      eventBody,
		},
		Request: store.Request{
			ID:         id,
			Created:    created,
			Version:    resource.Seq(e.GetSequence()),
			Authority:  authority,
			Platform:   platform,
			Visible:    reached,
			State:      state,
			Emergency:  record.Emergency(r.GetSpec()),
			CreateTime: r.GetCreateTime().AsTime(),
			References: references(r),
			Body:       requestBody,
		},
		Purge: e.GetPurged() != nil,
	}
	if reached {
		entry.Event.Platform = platform
	}
	if err := review(&entry, r); err != nil {
		return store.Entry{}, err
	}
	if lifecycle.Terminal(state) && !entry.Purge {
		entry.Request.OverTime = r.GetUpdateTime().AsTime()
	}
	entry.Request.DueTime = deadline.Next(r)
	entry.Answer = s.Content
	if s.Answer == nil {
		return entry, nil
	}
	answer, err := proto.Marshal(s.Answer)
	if err != nil {
		return store.Entry{}, fmt.Errorf("prepare an answer for the store: %w", err)
	}
	entry.Answer = answer
	return entry, nil
}

// references returns the numbers by which a request is found.
func references(r *liaisonv1.Request) []string {
	var found []string
	for _, reference := range []string{
		r.GetSpec().GetReference(),
		r.GetSpec().GetLegalBasis().GetOrderNumber(),
		r.GetPlatformReference(),
	} {
		if reference != "" {
			found = append(found, reference)
		}
	}
	return found
}

// review spells out for the store by which reviewer a request and an event are found.
func review(entry *store.Entry, r *liaisonv1.Request) error {
	name := r.GetSpec().GetReviewer()
	if name == "" {
		return nil
	}
	reviewer, err := resource.ParseOrganisation(name)
	if err != nil {
		return fmt.Errorf("prepare a step for the store: %w", err)
	}
	entry.Request.Reviewer = reviewer
	if entry.Request.Visible {
		entry.Event.Reviewer = reviewer
	}
	return nil
}
