package sequencer

import (
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// waive records of a filing that one person may make it alone. An emergency is validated by
// another person, whatever its kind.
func (d *decision) waive(e *liaisonv1.Event, authority resource.Organisation, spec *liaisonv1.RequestSpec) {
	if e.GetFiled() != nil && !record.Emergency(spec) && d.sequencer.directory.Waives(authority, spec.GetKind()) {
		e.Policy = &liaisonv1.PolicyRecord{SecondPersonWaived: true}
	}
}

// checkLevel refuses an approval or a validation by somebody whose level is too low for
// what is sought, and records the level: the directory's, at this moment.
func (d *decision) checkLevel(e *liaisonv1.Event, s Step, spec *liaisonv1.RequestSpec) error {
	authority := s.Caller.Organisation
	level := d.sequencer.directory.Level(authority, s.Caller.ID.String())
	e.Policy = &liaisonv1.PolicyRecord{ApproverLevel: level}
	return d.sequencer.directory.CheckLevel(authority, spec, level)
}
