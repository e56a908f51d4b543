package sequencer

import (
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A content is what a step says, and what it says it about.
type content struct {
	event   *liaisonv1.Event // completed by the check, and by nothing else
	request *liaisonv1.Request
	step    Step
	now     time.Time
}

// contentChecks hold what each step says against the request that it is about; nil where
// the contract's own rules say all that there is to say. A step that says something and is
// missing here keeps the hub from starting.
var contentChecks = map[lifecycle.Step]func(content) error{
	lifecycle.StepFile: func(c content) error {
		if end := c.event.GetFiled().GetSpec().GetPreservation().GetEndTime(); end != nil && !end.AsTime().After(c.now) {
			return invalid("spec.preservation.end_time", "must be later than now")
		}
		return c.step.recipients
	},
	lifecycle.StepApprove:     nil,
	lifecycle.StepReject:      nil,
	lifecycle.StepWithdraw:    nil,
	lifecycle.StepAcknowledge: nil,
	lifecycle.StepAskClarification: func(c content) error {
		return scope.CheckSelectorIDs(c.request.GetSpec(), c.event.GetClarificationAsked().GetSelectorIds(), "clarification.selector_ids")
	},
	lifecycle.StepReply: nil,
	lifecycle.StepObject: func(c content) error {
		said := c.event.GetObjected()
		if err := scope.CheckSelectorIDs(c.request.GetSpec(), said.GetSelectorIds(), "objection.selector_ids"); err != nil {
			return err
		}
		if proposal := said.GetProposal(); proposal != nil {
			return movedToProposal(scope.CheckNarrowing(c.request.GetSpec(), c.request.GetAnsweredSelectors(), proposal))
		}
		return nil
	},
	lifecycle.StepUphold: nil,
	lifecycle.StepAmend: func(c content) error {
		return scope.CheckNarrowing(c.request.GetSpec(), c.request.GetAnsweredSelectors(), c.event.GetAmended().GetNarrowing())
	},
	lifecycle.StepRefuse: nil,
	lifecycle.StepAnswerPart: func(c content) error {
		made := &liaisonv1.Event_PartiallyAnswered{PartiallyAnswered: c.event.GetPartiallyAnswered()}
		c.event.Detail = made
		return checkAnswer(made.PartiallyAnswered, &made.PartiallyAnswered, c.request, c.step)
	},
	lifecycle.StepAnswerFinal: func(c content) error {
		made := &liaisonv1.Event_Answered{Answered: c.event.GetAnswered()}
		c.event.Detail = made
		return checkAnswer(made.Answered, &made.Answered, c.request, c.step)
	},
	lifecycle.StepConfirmPreservation: func(c content) error {
		said := c.event.GetPreservationConfirmed()
		if preserved := said.GetPreservedTime(); preserved != nil && preserved.AsTime().After(c.now) {
			return invalid("confirmation.preserved_time", "must not be later than now")
		}
		return scope.CheckSelectorIDs(c.request.GetSpec(), said.GetNothingHeldSelectorIds(), "confirmation.nothing_held_selector_ids")
	},
	lifecycle.StepExtendPreservation: func(c content) error {
		return scope.CheckPreservationExtension(c.request.GetPreservedUntil().AsTime(), c.event.GetPreservationExtended().GetEndTime().AsTime())
	},
	lifecycle.StepValidateEmergency: nil,
	lifecycle.StepConfirmReceipt:    nil,
	lifecycle.StepAskMoreTime: func(c content) error {
		return checkMoreTime(c.request.GetClocks().GetAnswerDueTime().AsTime(), c.event.GetMoreTimeAsked().GetUntilTime().AsTime(), c.now)
	},
	lifecycle.StepGrantMoreTime:   nil,
	lifecycle.StepDeclineMoreTime: nil,
	lifecycle.StepAttestDeletion: func(c content) error {
		if deleted := c.event.GetDeletionAttested().GetDeleteTime(); deleted != nil && deleted.AsTime().After(c.now) {
			return invalid("attestation.delete_time", "must not be later than now")
		}
		return nil
	},
	lifecycle.StepOpen: func(c content) error {
		return checkParts(c.request, []int32{c.event.GetAnswerOpened().GetPart()}, func(int) string { return "opening.part" })
	},
	lifecycle.StepRecall: func(c content) error {
		return checkParts(c.request, c.event.GetAnswerRecalled().GetParts(), func(i int) string { return fmt.Sprintf("recall.parts[%d]", i) })
	},
	lifecycle.StepConfirmRecall: nil,
	lifecycle.StepRecordNotice: func(c content) error {
		return checkNotice(c.event.GetNoticeRecorded(), c.request.GetSpec().GetConfidentiality(), c.now)
	},
	lifecycle.StepReviewObject: func(c content) error {
		return scope.CheckSelectorIDs(c.request.GetSpec(), c.event.GetReviewObjected().GetSelectorIds(), "objection.selector_ids")
	},
	lifecycle.StepReviewRefuse: nil,
	lifecycle.StepReviewClear:  nil,
	lifecycle.StepMaintain:     nil,
	lifecycle.StepDecide: func(c content) error {
		return checkDecision(c.request, c.event.GetDisputeDecided(), c.step)
	},
	lifecycle.StepSustain: func(c content) error {
		return checkDecision(c.request, c.event.GetDisputeSustained(), c.step)
	},
	lifecycle.StepAudit: nil, // the hub says it
}

// checkContent holds what a step says against the request that it is about, and
// completes what the step leaves to the hub: in the event, never in the step itself.
func checkContent(e *liaisonv1.Event, r *liaisonv1.Request, s Step, now time.Time) error {
	if check := contentChecks[record.StepOf(e)]; check != nil {
		return check(content{event: e, request: r, step: s, now: now})
	}
	return nil
}

// checksKnow says whether the checks know every step by which somebody says something, and
// names one that they do not. Of what the hub does by itself it is the author.
func checksKnow(checks map[lifecycle.Step]func(content) error) error {
	for _, rule := range lifecycle.Rules() {
		if _, known := checks[rule.Step]; known || rule.Roles[0] == lifecycle.Hub || record.DetailOf(rule.Step).Fields().Len() == 0 {
			continue
		}
		return fmt.Errorf("nothing checks what %s says when somebody takes the step %s: contentChecks must name it",
			record.DetailOf(rule.Step).Name(), rule.Step)
	}
	return nil
}
