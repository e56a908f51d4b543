package sequencer

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/identity"
	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/resource"
	"github.com/liaison-protocol/liaison/internal/scope"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// decision decides one batch inside one transaction. Each step sees the requests
// as the accepted steps before it left them.
type decision struct {
	sequencer *Sequencer
	tx        store.Tx

	requests map[resource.RequestID]current
	calls    map[store.CallKey]store.Call
	events   map[resource.Seq]*liaisonv1.Event // accepted in this batch
	entries  []store.Entry                     // what is to be stored, in order
}

// current is a request as it stands, with what the store keys it by.
type current struct {
	request *liaisonv1.Request
	created resource.Seq
}

// decide returns one result a step. Its error fails the batch: the store's, not a step's.
func (d *decision) decide(batch []*pending) ([]result, error) {
	if err := d.load(batch); err != nil {
		return nil, err
	}
	results := make([]result, len(batch))
	for i, p := range batch {
		event, err := d.one(p.step)
		results[i] = result{event: event, err: err}
	}
	return results, nil
}

// load reads what the batch's steps are about in two queries, however many they are.
func (d *decision) load(batch []*pending) error {
	var ids []resource.RequestID
	var keys []store.CallKey
	for _, p := range batch {
		if !p.step.Request.IsZero() {
			ids = append(ids, p.step.Request)
		}
		for _, link := range p.step.Event.GetFiled().GetSpec().GetLinks() {
			if id, err := resource.ParseRequest(link.GetRequest()); err == nil {
				ids = append(ids, id)
			}
		}
		if key, ok := callKey(p.step); ok {
			keys = append(keys, key)
		}
	}
	ctx := context.Background()
	d.requests = make(map[resource.RequestID]current, len(batch))
	d.calls = make(map[store.CallKey]store.Call, len(keys))
	d.events = make(map[resource.Seq]*liaisonv1.Event, len(batch))
	if len(ids) > 0 {
		rows, err := d.tx.Requests(ctx, ids)
		if err != nil {
			return fmt.Errorf("load the requests: %w", err)
		}
		for id, row := range rows {
			request := &liaisonv1.Request{}
			if err := proto.Unmarshal(row.Body, request); err != nil {
				return fmt.Errorf("decode a stored request: %w", err)
			}
			d.requests[id] = current{request: request, created: row.Created}
		}
	}
	if len(keys) > 0 {
		calls, err := d.tx.Calls(ctx, keys)
		if err != nil {
			return fmt.Errorf("load the calls: %w", err)
		}
		d.calls = calls
		if d.calls == nil {
			d.calls = make(map[store.CallKey]store.Call)
		}
	}
	return nil
}

func callKey(s Step) (store.CallKey, bool) {
	return store.CallKey{Organisation: s.Caller.Organisation, ID: s.Call.ID}, s.Call != Call{}
}

// one decides one step. A fault in it, even a panic, is this step's alone: until
// the step is accepted nothing that other steps see has changed.
func (d *decision) one(s Step) (event *liaisonv1.Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			event, err = nil, fmt.Errorf("panic while deciding a step: %T", r)
		}
	}()

	key, identified := callKey(s)
	if identified {
		if call, used := d.calls[key]; used {
			return d.repeat(s, call)
		}
	}

	now := d.current(s)
	if err := d.mayTake(s, now); err != nil {
		return nil, err
	}
	seq := d.tx.Head() + resource.Seq(len(d.entries)) + 1
	created := now.created
	if now.request == nil {
		created = seq
	}
	event, err = d.event(s, now.request, seq)
	if err != nil {
		return nil, err
	}
	next := fold(now.request, event)
	entry, err := entryOf(event, next, created, s)
	if err != nil {
		return nil, err
	}
	if identified {
		entry.Call = store.Call{Key: key, Fingerprint: s.Call.Fingerprint, Seq: seq}
		d.calls[key] = entry.Call
	}
	d.entries = append(d.entries, entry)
	d.events[seq] = event
	d.requests[entry.Request.ID] = current{request: next, created: created}
	return event, nil
}

// repeat answers a call that was accepted before as it was answered then.
func (d *decision) repeat(s Step, call store.Call) (*liaisonv1.Event, error) {
	if call.Fingerprint != s.Call.Fingerprint {
		return nil, ErrCallReused
	}
	if event, ok := d.events[call.Seq]; ok {
		return event, nil
	}
	return d.sequencer.event(call.Seq)
}

// event reads one event that was committed before.
func (s *Sequencer) event(seq resource.Seq) (*liaisonv1.Event, error) {
	rows, err := s.store.Events(context.Background(), store.EventQuery{After: seq - 1, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("read the event of an earlier call: %w", err)
	}
	if len(rows) != 1 || rows[0].Seq != seq {
		return nil, fmt.Errorf("the event of an earlier call is missing: %w", store.ErrNotFound)
	}
	event := &liaisonv1.Event{}
	if err := proto.Unmarshal(rows[0].Body, event); err != nil {
		return nil, fmt.Errorf("decode the event of an earlier call: %w", err)
	}
	return event, nil
}

func (d *decision) current(s Step) current {
	if s.Request.IsZero() {
		return current{}
	}
	return d.requests[s.Request]
}

// mayTake asks whose request it is and whether it is still the version meant. What
// a caller may not see does not exist for it, so that this comes before all else.
func (d *decision) mayTake(s Step, now current) error {
	if s.Request.IsZero() {
		return nil // a filing concerns no request yet
	}
	if now.request == nil || !visible(now.request, s.Caller.Organisation) {
		return ErrNotFound
	}
	if s.ETag != "" && s.ETag != now.request.GetEtag() {
		return ErrETag
	}
	return nil
}

// visible says whether an organisation may know of a request: the authority that
// filed it always, the platform from the moment it came before it.
func visible(r *liaisonv1.Request, party resource.Organisation) bool {
	switch party.String() {
	case "":
		return false
	case r.GetAuthority():
		return true
	case r.GetSpec().GetPlatform():
		return lifecycle.VisibleToPlatform(life(r))
	default:
		return false
	}
}

// event makes the event that records a step, if the moment and the content allow it.
func (d *decision) event(s Step, r *liaisonv1.Request, seq resource.Seq) (*liaisonv1.Event, error) {
	e := proto.CloneOf(s.Event)
	spec := r.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	after, err := lifecycle.Apply(life(r), lifecycle.Event{
		Step:      stepOf(e),
		Role:      s.Caller.Role,
		Person:    s.Caller.Person(),
		Kind:      lifecycle.Kind(spec.GetKind()),
		Emergency: emergency(spec),
	})
	if err != nil {
		return nil, err
	}
	if err := d.checkOthers(e, s.Caller.Organisation, spec); err != nil {
		return nil, err
	}
	now := d.sequencer.now()
	if err := checkContent(e, r, s.Answer, now); err != nil {
		return nil, err
	}

	e.Sequence = uint64(seq)
	e.CreateTime = timestamppb.New(now)
	e.Actor = s.Caller.ID.String()
	e.State = liaisonv1.RequestState(after.State)
	e.Etag = strconv.FormatUint(uint64(seq), 36)
	e.Urgency = spec.GetUrgency()
	e.Test = spec.GetTest()
	e.Platform = spec.GetPlatform()
	if r == nil {
		id, err := d.sequencer.newID()
		if err != nil {
			return nil, fmt.Errorf("make the request's id: %w", err)
		}
		e.Request = resource.RequestIDFrom(id).String()
		e.Authority = s.Caller.Organisation.String()
	} else {
		e.Request = r.GetName()
		e.Authority = r.GetAuthority()
	}
	return e, nil
}

// checkOthers holds a step that brings a request before a platform against what is
// outside of the request: the platform, and the requests that it is linked to.
func (d *decision) checkOthers(e *liaisonv1.Event, authority resource.Organisation, spec *liaisonv1.RequestSpec) error {
	switch e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		if err := d.sequencer.directory.CheckFiling(spec); err != nil {
			return err
		}
		return d.checkLinks(authority, spec)
	case *liaisonv1.Event_Approved:
		return d.sequencer.directory.CheckActive(spec.GetPlatform())
	default:
		return nil
	}
}

// checkLinks refuses links to anything but requests of the same authority: a link
// must not tell whether another's request exists, nor carry its name to a platform
// that it does not concern.
func (d *decision) checkLinks(authority resource.Organisation, spec *liaisonv1.RequestSpec) error {
	for i, link := range spec.GetLinks() {
		field := fmt.Sprintf("spec.links[%d].request", i)
		id, err := resource.ParseRequest(link.GetRequest())
		if err != nil {
			return invalid(field, "must be the name of a request")
		}
		linked := d.requests[id].request
		switch {
		case linked == nil || linked.GetAuthority() != authority.String():
			return invalid(field, "must be a request that the same authority filed")
		case linked.GetSpec().GetPlatform() != spec.GetPlatform() && link.GetRelation() != liaisonv1.RequestRelation_REQUEST_RELATION_SAME_INCIDENT:
			return invalid(field, "must be a request to the same platform, except for the same incident")
		case link.GetRelation() == liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY &&
			linked.GetSpec().GetKind() != liaisonv1.RequestKind_REQUEST_KIND_PRESERVE:
			return invalid(field, "must be a request to preserve")
		}
	}
	return nil
}

// invalid says that one field breaks a rule that only the hub can check.
func invalid(field, description string) error {
	return &scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: field, Description: description}}}
}

// checkContent holds what a step says against the request that it is about, and
// completes what the step leaves to the hub.
func checkContent(e *liaisonv1.Event, r *liaisonv1.Request, given *liaisonv1.Answer, now time.Time) error {
	spec, answered := r.GetSpec(), r.GetAnsweredSelectors()
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Amended:
		return scope.CheckNarrowing(spec, answered, d.Amended.GetNarrowing())
	case *liaisonv1.Event_ClarificationAsked:
		return scope.CheckSelectorIDs(spec, d.ClarificationAsked.GetSelectorIds(), "clarification.selector_ids")
	case *liaisonv1.Event_Objected:
		if err := scope.CheckSelectorIDs(spec, d.Objected.GetSelectorIds(), "objection.selector_ids"); err != nil {
			return err
		}
		if proposal := d.Objected.GetProposal(); proposal != nil {
			return movedToProposal(scope.CheckNarrowing(spec, answered, proposal))
		}
		return nil
	case *liaisonv1.Event_PartiallyAnswered:
		d.PartiallyAnswered = scope.Manifest(given, r.GetAnswerParts()+1)
		return scope.CheckAnswer(spec, answered, given)
	case *liaisonv1.Event_Answered:
		d.Answered = scope.Manifest(given, r.GetAnswerParts()+1)
		return scope.CheckAnswer(spec, answered, given)
	case *liaisonv1.Event_PreservationConfirmed:
		c := d.PreservationConfirmed
		if c.PreservedTime == nil {
			c.PreservedTime = timestamppb.New(now)
		}
		if c.GetPreservedTime().AsTime().After(now) {
			return invalid("confirmation.preserved_time", "must not be later than now")
		}
		return scope.CheckSelectorIDs(spec, c.GetNothingHeldSelectorIds(), "confirmation.nothing_held_selector_ids")
	case *liaisonv1.Event_PreservationExtended:
		return scope.CheckPreservationExtension(r.GetPreservedUntil().AsTime(), d.PreservationExtended.GetEndTime().AsTime())
	default:
		return nil
	}
}

// movedToProposal tells a narrowing's violations where the proposal stands.
func movedToProposal(err error) error {
	var violations *scope.Violations
	if errors.As(err, &violations) {
		return violations.Moved(scope.NarrowingPath, "objection.proposal")
	}
	return err
}

// entryOf spells out for the store what it needs to find an event and a request by.
func entryOf(e *liaisonv1.Event, r *liaisonv1.Request, created resource.Seq, s Step) (store.Entry, error) {
	id, err1 := resource.ParseRequest(r.GetName())
	authority, err2 := resource.ParseOrganisation(r.GetAuthority())
	platform, err3 := resource.ParseOrganisation(r.GetSpec().GetPlatform())
	eventBody, err4 := proto.Marshal(e)
	requestBody, err5 := proto.Marshal(r)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return store.Entry{}, fmt.Errorf("prepare a step for the store: %w", err)
	}
	reached := lifecycle.VisibleToPlatform(life(r))
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
			State:      lifecycle.State(r.GetState()),
			Emergency:  emergency(r.GetSpec()),
			CreateTime: r.GetCreateTime().AsTime(),
			References: references(r),
			Body:       requestBody,
		},
	}
	if reached {
		entry.Event.Platform = platform
	}
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

// personOf returns the person behind a SPIFFE ID that the hub recorded earlier.
func personOf(id string) lifecycle.Person {
	caller, err := identity.ParseID(id)
	if err != nil {
		return "" // no person: the lifecycle refuses whatever asks for another one
	}
	return caller.Person()
}
