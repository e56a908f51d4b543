package sequencer

import liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"

// checkLevel refuses an approval or a validation by somebody whose level is too low for
// what is sought, and records the level: the directory's, at this moment.
func (d *decision) checkLevel(e *liaisonv1.Event, s Step, spec *liaisonv1.RequestSpec) error {
	authority := s.Caller.Organisation
	level := d.sequencer.directory.Level(authority, s.Caller.ID.String())
	e.Policy = &liaisonv1.PolicyRecord{ApproverLevel: level}
	return d.sequencer.directory.CheckLevel(authority, spec, level)
}
