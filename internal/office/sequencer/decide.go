package sequencer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// decision decides one batch inside one transaction. Each step sees the requests
// as the accepted steps before it left them.
type decision struct {
	sequencer *Sequencer
	tx        store.Tx
	head      resource.Seq // the last event before the batch

	requests map[resource.RequestID]current
	calls    map[store.CallKey]store.Call
	feeds    map[resource.Organisation]uint64 // the highest index in each feed that was looked up or has grown
	filings  filings
	sharing  map[store.SelectorHash][]store.Sharing
	accepted []accepted
	entries  []store.Entry // what is to be stored, one for each accepted
}

// accepted is a step that was accepted in this batch.
type accepted struct {
	event    *liaisonv1.Event
	leaf     tlog.Hash
	recorded *Recorded // its receipt is completed when the whole batch is decided
}

// current is a request as it stands, with what the store keys it by.
type current struct {
	request *liaisonv1.Request
	created resource.Seq
	version resource.Seq
}

// decide returns one result a step, of a batch that was loaded. Its error fails the batch:
// the store's, not a step's.
func (d *decision) decide(batch []*pending) ([]result, error) {
	results := make([]result, len(batch))
	d.entries = make([]store.Entry, 0, len(batch))
	d.accepted = make([]accepted, 0, len(batch))
	for i, p := range batch {
		if p.errand != nil {
			if err := d.do(p.errand); err != nil {
				return nil, err
			}
			continue
		}
		if p.audit != nil {
			results[i] = d.audit(p.audit)
			continue
		}
		results[i] = d.one(p.step)
	}
	return results, nil
}

// load looks up what the batch's steps are about, all at once however many they are.
func (d *decision) load(batch []*pending) error {
	keys := store.Keys{Sharing: mostDuplicates}
	for _, p := range batch {
		if p.audit != nil {
			keys.Requests = append(keys.Requests, p.audit.ids...)
			continue
		}
		if !p.step.Request.IsZero() {
			keys.Requests = append(keys.Requests, p.step.Request)
		}
		if id, ok := chosenID(p.step); ok {
			keys.Requests = append(keys.Requests, id)
		}
		for _, link := range p.step.Event.GetFiled().GetSpec().GetLinks() {
			if id, err := resource.ParseRequest(link.GetRequest()); err == nil {
				keys.Requests = append(keys.Requests, id)
			}
		}
		if key, ok := callKey(p.step); ok {
			keys.Calls = append(keys.Calls, key)
		}
		keys.Selectors = append(keys.Selectors, p.step.selectors...)
	}
	d.feeds = make(map[resource.Organisation]uint64)
	d.requests = make(map[resource.RequestID]current, len(batch))
	found, err := d.tx.LookUp(context.Background(), keys)
	if err != nil {
		return fmt.Errorf("look up what the steps are about: %w", err)
	}
	d.calls, d.sharing = found.Calls, found.Sharing
	if err := d.take(found.Requests); err != nil {
		return err
	}
	return d.loadSharing(batch)
}

func (d *decision) loadRequests(ids []resource.RequestID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := d.tx.LookUp(context.Background(), store.Keys{Requests: ids})
	if err != nil {
		return fmt.Errorf("load the requests: %w", err)
	}
	return d.take(found.Requests)
}

// take takes in the requests that were found, and looks up what these rest on.
func (d *decision) take(rows map[resource.RequestID]store.Request) error {
	var specs []*liaisonv1.RequestSpec
	for id, row := range rows {
		request := &liaisonv1.Request{}
		if err := proto.Unmarshal(row.Body, request); err != nil {
			return fmt.Errorf("decode a stored request: %w", err)
		}
		d.requests[id] = current{request: request, created: row.Created, version: row.Version}
		specs = append(specs, request.GetSpec())
	}
	return d.loadRequests(d.preservations(specs...)) // which rest on none themselves
}

// chosenID returns the name that a statement chooses for the request that it files.
func chosenID(s Step) (resource.RequestID, bool) {
	if s.Signed == nil || !s.Request.IsZero() {
		return resource.RequestID{}, false
	}
	id, err := resource.ParseRequest(s.Signed.GetRequest())
	return id, err == nil
}

func callKey(s Step) (store.CallKey, bool) {
	return store.CallKey{Organisation: s.Caller.Organisation, ID: s.Call.ID}, s.Call != Call{}
}

// one decides one step. A fault in it, even a panic, is this step's alone: until
// the step is accepted nothing that other steps see has changed.
func (d *decision) one(s Step) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{err: fmt.Errorf("panic while deciding a step: %T", p)}
		}
	}()

	key, identified := callKey(s)
	if identified {
		if call, used := d.calls[key]; used {
			return d.repeat(s, call)
		}
	}

	now, err := d.overdue(s)
	if err != nil {
		return result{err: err}
	}
	if err := d.mayTake(s, now); err != nil {
		return result{err: err}
	}
	seq := d.next()
	event, err := d.event(s, now, seq)
	if err != nil {
		return result{err: err}
	}
	call := store.Call{}
	if identified {
		call = store.Call{Key: key, Fingerprint: s.Call.Fingerprint, Seq: seq}
	}
	recorded, err := d.accept(s, now, event, call)
	return result{recorded: recorded, err: err}
}

// next returns the number of the next event.
func (d *decision) next() resource.Seq {
	return d.head + resource.Seq(len(d.entries)) + 1
}

// repeat answers a call that was accepted before as it was answered then.
func (d *decision) repeat(s Step, call store.Call) result {
	if call.Fingerprint != s.Call.Fingerprint {
		return result{err: ErrCallReused}
	}
	if i := int(call.Seq) - int(d.head) - 1; i >= 0 {
		return result{recorded: d.accepted[i].recorded}
	}
	return result{seq: call.Seq}
}

// overdue returns the request that a step is about, after the hub has done what was due
// about it and about what it rests on: nobody gets in before a deadline that has passed.
func (d *decision) overdue(s Step) (current, error) {
	spec := s.Event.GetFiled().GetSpec()
	if !s.Request.IsZero() {
		spec = d.requests[s.Request].request.GetSpec()
	}
	for _, name := range record.PreservedBy(spec) {
		if id, err := resource.ParseRequest(name); err == nil {
			if _, err := d.settled(id); err != nil {
				return current{}, err
			}
		}
	}
	if s.Request.IsZero() {
		return current{}, nil
	}
	return d.settled(s.Request)
}

// settled returns a request after the hub has done what was due about it.
func (d *decision) settled(id resource.RequestID) (current, error) {
	now := d.sequencer.now()
	for {
		request := d.requests[id]
		event := due(request.request, now)
		if request.request == nil || event == nil {
			return request, nil
		}
		if err := d.hubStep(request, event); err != nil {
			return current{}, err
		}
	}
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
// filed it always, the platform and the reviewer from the moment it came before it.
func visible(r *liaisonv1.Request, party resource.Organisation) bool {
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

// event makes the event that records a step, if the moment and the content allow it.
func (d *decision) event(s Step, now current, seq resource.Seq) (*liaisonv1.Event, error) {
	r := now.request
	e := &liaisonv1.Event{Detail: s.Event.GetDetail()} // the detail stays the step's: it may be decided again
	spec := r.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	d.waive(e, s.Caller.Organisation, spec)
	step := record.Step(r, e)
	step.Role, step.Person, step.Key = s.Caller.Role, s.Caller.Person(), s.Caller.Key
	after, err := lifecycle.Apply(record.Life(r), step)
	if err != nil {
		return nil, refused(r, err)
	}
	at := d.sequencer.now()
	if err := d.checkStatement(s, r, statement.Place{
		Hub:      d.sequencer.signer.Name(),
		Request:  r.GetName(),
		Previous: r.GetStatementSha256(),
		Time:     at,
	}); err != nil {
		return nil, err
	}
	if err := d.checkOthers(e, s, spec); err != nil {
		return nil, err
	}
	if err := checkContent(e, r, s, at); err != nil {
		return nil, err
	}
	if err := d.checkQuota(e, s.Caller.Organisation, spec, at); err != nil {
		return nil, err
	}

	d.findDuplicates(e, s, spec, after)
	d.place(e, now, spec, seq, at)
	e.Actor = s.Caller.ID.String()
	if s.Caller.Key != (lifecycle.Key{}) {
		e.ActorKeySha256 = s.Caller.Key[:]
	}
	e.State = liaisonv1.RequestState(after.State)
	e.Reviewer = reviewerOf(after, spec)
	if s.Signed != nil {
		e.Envelope = s.Signed.Envelope
	}
	if r == nil {
		if err := d.name(e, s); err != nil {
			return nil, err
		}
	}
	e.Clocks = d.clocks(r, e, spec)
	if e.GetApproved() != nil {
		statements, err := d.statements(s.Request)
		if err != nil {
			return nil, err
		}
		e.Delivery = &liaisonv1.Delivery{Request: record.ForDelivery(r), Statements: statements}
	}
	return e, nil
}

// place says of an event where it stands: in the history, and about which request. A new
// request has no name yet.
func (d *decision) place(e *liaisonv1.Event, now current, spec *liaisonv1.RequestSpec, seq resource.Seq, at time.Time) {
	e.Sequence = uint64(seq)
	e.PreviousSequence = uint64(now.version)
	e.CreateTime = timestamppb.New(at)
	e.Request = now.request.GetName()
	e.Authority = now.request.GetAuthority()
	e.Platform = spec.GetPlatform()
	e.Etag = strconv.FormatUint(uint64(seq), 36)
	e.Urgency = spec.GetUrgency()
	e.Test = spec.GetTest()
}

// name gives a new request its name: the one that its statement chose, or a new one.
func (d *decision) name(e *liaisonv1.Event, s Step) error {
	e.Authority = s.Caller.Organisation.String()
	if id, ok := chosenID(s); ok {
		e.Request = id.String()
		return nil
	}
	id, err := d.sequencer.newID()
	if err != nil {
		return fmt.Errorf("make the request's id: %w", err)
	}
	e.Request = resource.RequestIDFrom(id).String()
	return nil
}

// checkStatement holds a step's statement against the place where it is to stand, and
// demands one where the organisation's policy does.
func (d *decision) checkStatement(s Step, r *liaisonv1.Request, place statement.Place) error {
	if s.Signed == nil {
		if statement.HasSignedForm(s.Event) && d.sequencer.directory.RequiresSignatures(s.Caller.Organisation) {
			return ErrSignatureRequired
		}
		return nil
	}
	if id, ok := chosenID(s); ok {
		if _, taken := d.requests[id]; taken {
			return ErrExists // before all else: what was filed is filed once
		}
	}
	return s.Signed.Check(place)
}

// statements returns the signed statements about a request so far, in order.
func (d *decision) statements(id resource.RequestID) ([]*liaisonv1.Envelope, error) {
	stored, err := d.sequencer.statements(context.Background(), resource.Organisation{}, id)
	if err != nil {
		return nil, err
	}
	for _, a := range d.accepted {
		if a.event.GetRequest() == id.String() {
			stored = append(stored, record.Statements(a.event)...)
		}
	}
	return stored, nil
}

// accept takes an event in: what comes after it in the batch sees it.
func (d *decision) accept(s Step, now current, event *liaisonv1.Event, call store.Call) (*Recorded, error) {
	next := record.Fold(now.request, event)
	created := now.created
	if now.request == nil {
		created = resource.Seq(event.GetSequence())
	}
	encoded, err := record.Encode(event, d.sequencer.salt)
	if err != nil {
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
	recorded := &Recorded{Event: record.ForReading(event), Receipt: &liaisonv1.Receipt{Record: encoded}}
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

// grow adds the batch's leaves to the ledger, gives each entry the hashes that it
// completes, signs the checkpoint of them all and completes the receipts. The tree that
// it returns counts once the batch is committed.
func (d *decision) grow(tree *ledger.Tree) (store.Head, error) {
	if len(d.entries) == 0 {
		return d.tx.Head(), nil
	}
	for i, a := range d.accepted {
		hashes, err := tree.Append(a.leaf)
		if err != nil {
			return store.Head{}, err
		}
		for _, hash := range hashes {
			d.entries[i].Event.Hashes = append(d.entries[i].Event.Hashes, hash[:]...)
		}
	}
	root, err := tree.Root()
	if err != nil {
		return store.Head{}, err
	}
	checkpoint, err := ledger.Checkpoint{Origin: d.sequencer.signer.Name(), Size: tree.Size(), Root: root}.Sign(d.sequencer.signer)
	if err != nil {
		return store.Head{}, err
	}
	for i, a := range d.accepted {
		proof, err := tree.Prove(int64(d.entries[i].Event.Seq) - 1)
		if err != nil {
			return store.Head{}, err
		}
		a.recorded.Receipt.InclusionProof = ledger.Bytes(proof)
		a.recorded.Receipt.Checkpoint = string(checkpoint)
	}
	last := &d.entries[len(d.entries)-1].Event
	return store.Head{Seq: last.Seq, Checkpoint: checkpoint, Leaf: last.Leaf}, nil
}
