package sequencer

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
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
	recorded *archive.Recorded // its receipt is completed when the whole batch is decided
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
		if p.chore != nil {
			if err := d.do(p.chore); err != nil {
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

	now, err := d.settleDue(s)
	if err != nil {
		return result{err: err}
	}
	if err := d.checkCaller(s, now); err != nil {
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

// settleDue returns the request that a step is about, after the hub has done what was due
// about it and about what it rests on: nobody gets in before a deadline that has passed.
func (d *decision) settleDue(s Step) (current, error) {
	spec := s.Event.GetFiled().GetSpec()
	if !s.Request.IsZero() {
		spec = d.requests[s.Request].request.GetSpec()
	}
	for _, name := range record.PreservedBy(spec) {
		if id, err := resource.ParseRequest(name); err == nil {
			if _, err := d.settle(id); err != nil {
				return current{}, err
			}
		}
	}
	if s.Request.IsZero() {
		return current{}, nil
	}
	return d.settle(s.Request)
}

// settle returns a request after the hub has done what was due about it.
func (d *decision) settle(id resource.RequestID) (current, error) {
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

// checkCaller asks whose request it is and whether it is still the version meant. What
// a caller may not see does not exist for it, so that this comes before all else.
func (d *decision) checkCaller(s Step, now current) error {
	if s.Request.IsZero() {
		return nil // a filing concerns no request yet
	}
	if now.request == nil || !archive.Visible(now.request, s.Caller.Organisation) {
		return archive.ErrNotFound
	}
	if s.ETag != "" && s.ETag != now.request.GetEtag() {
		return ErrETag
	}
	return nil
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
		a.recorded.Receipt.Checkpoint, a.recorded.Size = string(checkpoint), resource.Seq(tree.Size())
	}
	last := &d.entries[len(d.entries)-1].Event
	return store.Head{Seq: last.Seq, Checkpoint: checkpoint, Leaf: last.Leaf}, nil
}
