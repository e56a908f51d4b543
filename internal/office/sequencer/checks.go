package sequencer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// check holds a step against everything that may speak against it but the lifecycle.
func (d *decision) check(e *liaisonv1.Event, s Step, r *liaisonv1.Request, spec *liaisonv1.RequestSpec, at time.Time) error {
	if err := d.checkStatement(s, r, statement.Place{
		Hub:      d.sequencer.signer.Name(),
		Request:  r.GetName(),
		Previous: r.GetStatementSha256(),
		Time:     at,
	}); err != nil {
		return err
	}
	if err := d.checkOthers(e, s, spec); err != nil {
		return err
	}
	if err := checkContent(e, r, s, at); err != nil {
		return err
	}
	return d.checkQuota(e, s.Caller.Organisation, spec, at)
}

// checkOthers holds a step that brings a request before a platform against what is
// outside of the request: the platform, and the requests that it is linked to.
func (d *decision) checkOthers(e *liaisonv1.Event, s Step, spec *liaisonv1.RequestSpec) error {
	authority := s.Caller.Organisation
	switch e.GetDetail().(type) {
	case *liaisonv1.Event_Filed:
		if err := d.sequencer.directory.CheckFiling(authority, spec); err != nil {
			return err
		}
		return d.checkLinks(authority, spec)
	case *liaisonv1.Event_Approved:
		if err := d.sequencer.directory.CheckActive(spec.GetPlatform()); err != nil {
			return err
		}
		return d.checkLevel(e, s, spec)
	case *liaisonv1.Event_EmergencyValidated:
		return d.checkLevel(e, s, spec)
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
		case link.GetRelation() != liaisonv1.RequestRelation_REQUEST_RELATION_PRESERVED_BY:
			continue
		case spec.GetKind() != liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE:
			return invalid(fmt.Sprintf("spec.links[%d].relation", i), "belongs to a request to disclose")
		case linked.GetSpec().GetKind() != liaisonv1.RequestKind_REQUEST_KIND_PRESERVE:
			return invalid(field, "must be a request to preserve")
		case linked.GetSpec().GetTest() != spec.GetTest():
			return invalid(field, "must be a drill where this one is, and none where this one is none")
		case linked.GetState() != liaisonv1.RequestState_REQUEST_STATE_PRESERVED:
			return invalid(field, "must be preserved now: the platform has confirmed it, and its period has not ended")
		}
		if err := scope.CheckPreserved(spec, linked.GetSpec()); err != nil {
			return err
		}
	}
	return nil
}

// invalid says that one field breaks a rule that only the hub can check.
func invalid(field, description string) error {
	return &scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: field, Description: description}}}
}

// mostMoreTime is how much later the end of the time can be that a platform asks for.
const mostMoreTime = 90 * 24 * time.Hour

// checkMoreTime refuses a time that is none to ask for.
func checkMoreTime(due, until, now time.Time) error {
	switch {
	case !until.After(due) || !until.After(now):
		return invalid("more_time.until_time", "must be later than now, and than the time until which an answer is due already")
	case until.After(due.Add(mostMoreTime)):
		return invalid("more_time.until_time", "must be at most 90 days later than the time until which an answer is due already")
	default:
		return nil
	}
}

// checkParts refuses parts of an answer that are not there.
func checkParts(r *liaisonv1.Request, parts []int32, field func(i int) string) error {
	for i, part := range parts {
		if part > r.GetAnswerParts() || slices.Contains(r.GetRecalledParts(), part) {
			return invalid(field(i), "must be a part that was given, and was not recalled")
		}
	}
	return nil
}

// checkNotice refuses a notice that was given when it must not be.
func checkNotice(n *liaisonv1.Notice, c *liaisonv1.Confidentiality, now time.Time) error {
	told := now
	if n.GetTellTime() != nil {
		told = n.GetTellTime().AsTime()
	}
	switch {
	case told.After(now):
		return invalid("notice.tell_time", "must not be later than now")
	case !c.GetUserMayBeTold() && told.Before(c.GetSilence().GetEndTime().AsTime()):
		return invalid("notice.tell_time", "must not be before the time that the request's confidentiality.silence.end_time names")
	default:
		return nil
	}
}

// checkRecipients refuses what looks like a recipient and is none: nothing could be
// sealed to it.
func checkRecipients(recipients []string) error {
	for i, recipient := range recipients {
		if sealed.CheckRecipients([]string{recipient}) != nil {
			return invalid(fmt.Sprintf("spec.answer_recipients[%d]", i), "must be an age recipient: its checksum does not fit")
		}
	}
	return nil
}

// checkAnswer holds an answer, or the manifest of a sealed one, against what was asked.
// The manifest of an unsigned answer is made here.
func checkAnswer(manifest *liaisonv1.AnswerManifest, made **liaisonv1.AnswerManifest, r *liaisonv1.Request, s Step) error {
	spec, answered, part := r.GetSpec(), r.GetAnsweredSelectors(), r.GetAnswerParts()+1
	toSeal := len(spec.GetAnswerRecipients()) > 0
	if s.Signed == nil {
		if toSeal {
			return ErrEncoding
		}
		*made = scope.Manifest(s.Answer, part)
		if err := scope.CheckAnswer(spec, answered, s.Answer); err != nil {
			return err
		}
		return scope.CheckBarred(r.GetBarredSelectors(), s.Answer)
	}

	signed := s.Signed.GetAnswered()
	switch {
	case signed.GetPlatform() != spec.GetPlatform():
		return &statement.Mismatch{Field: "answered.platform", Description: "must be the platform that the request asks"}
	case string(signed.GetFilingSha256()) != string(r.GetFilingSha256()):
		return &statement.Mismatch{Field: "answered.filing_sha256", Description: "must be that of the statement that filed the request"}
	case string(signed.GetContentSha256()) != string(s.contentSHA256[:]):
		return &statement.Mismatch{Field: "answered.content_sha256", Description: "must be that of the content"}
	case manifest.GetPart() != part:
		return &statement.Mismatch{Field: "answered.manifest.part", Description: fmt.Sprintf("must be %d, the next part", part)}
	case toSeal != (signed.GetEncoding() == liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE):
		return ErrEncoding
	case toSeal:
		if err := scope.CheckManifest(spec, answered, manifest); err != nil {
			return err
		}
		return scope.CheckBarredManifest(r.GetBarredSelectors(), manifest)
	}
	clear := &liaisonv1.ClearAnswer{}
	if err := proto.Unmarshal(s.Content, clear); err != nil {
		return invalid("content", "must be a ClearAnswer in protobuf's binary encoding")
	}
	if err := validate.Check(clear); err != nil {
		return err
	}
	answer := clear.GetAnswer()
	if !proto.Equal(manifest, scope.Manifest(answer, part)) {
		return &statement.Mismatch{Field: "answered.manifest", Description: "must be what the content says without saying who"}
	}
	if err := scope.CheckAnswer(spec, answered, answer); err != nil {
		return err
	}
	return scope.CheckBarred(r.GetBarredSelectors(), answer)
}

// movedToProposal tells a narrowing's violations where the proposal stands.
func movedToProposal(err error) error {
	var violations *scope.Violations
	if errors.As(err, &violations) {
		return violations.Moved(scope.NarrowingPath, "objection.proposal")
	}
	return err
}

// checkLevel refuses an approval or a validation by somebody whose level is too low for
// what is sought, and records the level: the directory's, at this moment.
func (d *decision) checkLevel(e *liaisonv1.Event, s Step, spec *liaisonv1.RequestSpec) error {
	level, err := d.sequencer.directory.CheckApprover(s.Caller.Organisation, spec, s.Caller.ID.String())
	e.Policy = &liaisonv1.PolicyRecord{ApproverLevel: level}
	return err
}

// checkDecision holds a decision against what there is to decide.
func checkDecision(r *liaisonv1.Request, d *liaisonv1.DisputeDecision, s Step) error {
	independent := s.Caller.Role == lifecycle.Reviewer
	if len(scope.DecidedOn(r, independent)) == 0 {
		return &lifecycle.Refusal{
			Reason: lifecycle.NothingPending, Step: record.StepOf(s.Event), State: lifecycle.State(r.GetState()),
			Role: s.Caller.Role, Kind: lifecycle.Kind(r.GetSpec().GetKind()),
		}
	}
	return scope.CheckDecision(r, d, independent)
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
