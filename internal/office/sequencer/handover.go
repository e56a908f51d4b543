package sequencer

import (
	"slices"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A preservation that a disclosure rests on lasts until that is answered or over. The hub
// takes the steps that say so in the batch of the step that they follow from, so that no
// other hub, and no restart, comes in between.

// handOver hands preservations over to a disclosure that now rests on them, or ends that,
// after a step has made next of before, which is nil if the step filed it.
func (d *decision) handOver(before, next *liaisonv1.Request) {
	rests := record.RestsOn(next)
	if rests == record.RestsOn(before) {
		return
	}
	for _, name := range record.PreservedBy(next.GetSpec()) {
		id, err := resource.ParseRequest(name)
		if err != nil {
			continue
		}
		preservation := d.requests[id]
		if preservation.request.GetState() != liaisonv1.RequestState_REQUEST_STATE_PRESERVED {
			continue // it has ended, and is not had again
		}
		event := &liaisonv1.Event{Detail: &liaisonv1.Event_HandedOver{HandedOver: &liaisonv1.HandOver{Disclosure: next.GetName()}}}
		if !rests {
			if !slices.Contains(preservation.request.GetHandedOverTo(), next.GetName()) {
				continue
			}
			event.Detail = &liaisonv1.Event_HandOverEnded{HandOverEnded: &liaisonv1.HandOverEnd{Disclosure: next.GetName()}}
		}
		if err := d.hubStep(preservation, event); err != nil {
			d.sequencer.log.Error("a preservation was not handed over", "request", name, "error", err)
		}
	}
}

// preservations returns those that the requests rest on which disclose, and that are not
// loaded.
func (d *decision) preservations(specs ...*liaisonv1.RequestSpec) []resource.RequestID {
	var ids []resource.RequestID
	for _, spec := range specs {
		for _, name := range record.PreservedBy(spec) {
			id, err := resource.ParseRequest(name)
			if _, loaded := d.requests[id]; err == nil && !loaded {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
