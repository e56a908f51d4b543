package sequencer

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// mostDuplicates is how many earlier requests an event names at most.
const mostDuplicates = 20

// selectorHashes returns what the archive finds a request by that asks the same again. The
// authority is part of what is hashed, so that of two authorities that ask for one person
// neither learns of the other, nor does anything cost one more for the other's asking.
// Drills are held against drills.
func (s *Sequencer) selectorHashes(authority resource.Organisation, spec *liaisonv1.RequestSpec) []store.SelectorHash {
	mac, ok := s.macs.Get().(hash.Hash)
	if !ok {
		mac = hmac.New(sha256.New, s.selectorKey)
	}
	defer s.macs.Put(mac)
	var text []byte
	part := func(value string) {
		text = binary.AppendUvarint(text, uint64(len(value)))
		text = append(text, value...)
	}
	name := authority.String()
	hashes := make([]store.SelectorHash, 0, len(spec.GetSelectors()))
	for _, selector := range spec.GetSelectors() {
		for _, denoted := range scope.Denotes(selector) {
			text = append(text[:0], byte(spec.GetKind()), 0)
			if spec.GetTest() {
				text[1] = 1
			}
			part(name)
			part(spec.GetPlatform())
			part(denoted)
			mac.Write(text)
			text = mac.Sum(text[:0])
			mac.Reset() // what was asked for is nobody else's
			hashes = append(hashes, store.SelectorHash(text[:len(store.SelectorHash{})]))
		}
	}
	return hashes
}

// loadSharing looks up who shares the selectors of what is approved in a batch, which is
// known only once the requests are.
func (d *decision) loadSharing(batch []*pending) error {
	keys := store.Keys{Sharing: mostDuplicates}
	for _, p := range batch {
		if r := d.requests[p.step.Request].request; r != nil && p.step.Event.GetApproved() != nil {
			keys.Selectors = append(keys.Selectors, d.sequencer.selectorHashes(p.step.Caller.Organisation, r.GetSpec())...)
		}
	}
	if len(keys.Selectors) == 0 {
		return nil
	}
	found, err := d.tx.LookUp(context.Background(), keys)
	if err != nil {
		return fmt.Errorf("look up who shares a selector: %w", err)
	}
	maps.Copy(d.sharing, found.Sharing)
	return nil
}

// share notes in the batch that a request has been filed which denotes this. As in what was
// looked up, the latest stand first and there are not many: a batch of filings that all ask
// for one thing would otherwise take the square of their number.
func (d *decision) share(hashes []store.SelectorHash, r *store.Request) {
	for _, hash := range hashes {
		before := d.sharing[hash]
		d.sharing[hash] = slices.Insert(before[:min(len(before), mostDuplicates-1)], 0,
			store.Sharing{ID: r.ID, Created: r.Created, Visible: r.Visible})
	}
}

// findDuplicates has a filing or an approval name the authority's earlier requests that
// share a selector with the request: where the platform sees the event, only those that it
// knows of.
func (d *decision) findDuplicates(e *liaisonv1.Event, s Step, spec *liaisonv1.RequestSpec, after lifecycle.Request) {
	hashes := s.selectors
	switch {
	case e.GetApproved() != nil:
		hashes = d.sequencer.selectorHashes(s.Caller.Organisation, spec)
	case e.GetFiled() == nil:
		return
	}
	var found []store.Sharing
	for _, hash := range hashes {
		for _, other := range d.sharing[hash] {
			// The batch may have brought it before the platform meanwhile.
			if now := d.requests[other.ID].request; now != nil {
				other.Visible = lifecycle.VisibleToPlatform(record.Life(now))
			}
			if other.ID == s.Request || lifecycle.VisibleToPlatform(after) && !other.Visible {
				continue
			}
			if !slices.ContainsFunc(found, func(f store.Sharing) bool { return f.ID == other.ID }) {
				found = append(found, other)
			}
		}
	}
	if len(found) == 0 {
		return
	}
	slices.SortFunc(found, func(a, b store.Sharing) int { return int(a.Created) - int(b.Created) })
	if e.Policy == nil {
		e.Policy = &liaisonv1.PolicyRecord{}
	}
	for _, other := range found[max(0, len(found)-mostDuplicates):] {
		e.Policy.DuplicateOfRequests = append(e.Policy.DuplicateOfRequests, other.ID.String())
	}
}

// forgotten returns what a request denotes no more after an event: what an amendment took
// away, and with a purge everything.
func (d *decision) forgotten(before, after *liaisonv1.Request, e *liaisonv1.Event) []store.SelectorHash {
	if e.GetAmended() == nil && e.GetPurged() == nil {
		return nil
	}
	authority, err := resource.ParseOrganisation(before.GetAuthority())
	if err != nil {
		return nil
	}
	left := d.sequencer.selectorHashes(authority, after.GetSpec()) // of what was purged there is nothing left
	return slices.DeleteFunc(d.sequencer.selectorHashes(authority, before.GetSpec()), func(hash store.SelectorHash) bool {
		return slices.Contains(left, hash)
	})
}
