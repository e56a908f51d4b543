package lifecycle

// Step is what somebody does to a request, and thereby the type of the event that
// records it. What is stored of it is its word, which never changes.
type Step uint8

// The steps. The zero value is no step, and is always refused.
const (
	StepFile                Step = iota + 1 // the authority files the request
	StepApprove                             // a second person sends it to the platform
	StepReject                              // a second person stops it
	StepWithdraw                            // the authority takes it back
	StepAcknowledge                         // the platform takes it in hand
	StepAskClarification                    // the platform asks back
	StepReply                               // the authority replies to that
	StepObject                              // the platform objects, naming a ground
	StepUphold                              // the authority insists after an objection
	StepAmend                               // the authority narrows the request
	StepRefuse                              // the platform refuses, naming a ground
	StepAnswerPart                          // the platform answers a part; more follows
	StepAnswerFinal                         // the platform answers what remains
	StepConfirmPreservation                 // the platform states that it keeps the data
	StepExtendPreservation                  // the authority moves the end of keeping later
	StepValidateEmergency                   // a second person vouches for an emergency
	StepConfirmReceipt                      // the authority states that it has the answer
	StepPurge                               // the hub deletes the content of what is over
	StepLapse                               // the hub ends an emergency that nobody validated in time
	StepExpire                              // the hub ends a preservation whose period has passed
	StepWarn                                // the hub warns that the time to answer runs out
	StepMiss                                // the hub states that the time to answer has passed
	StepAskMoreTime                         // the platform asks to be given more time
	StepGrantMoreTime                       // the authority gives it
	StepDeclineMoreTime                     // the authority does not
	StepAttestDeletion                      // a side states that it deleted what it had
	StepOpen                                // the authority opens what was answered
	StepRecall                              // the platform takes a wrong answer back
	StepConfirmRecall                       // the authority states that it stopped using that
	StepEndNoticeDelay                      // the hub states that the person concerned may be told
	StepRecordNotice                        // the platform states that it told the person concerned
)

// The steps of the review and of the dispute.
const (
	StepReviewObject Step = 32 // the reviewer objects to some selectors
	StepReviewRefuse Step = 33 // the reviewer objects to the whole
	StepReviewClear  Step = 34 // the reviewer does not object
	StepReviewLapse  Step = 35 // the hub states that the reviewer said nothing in time
	StepMaintain     Step = 36 // the platform maintains an objection that was upheld against
	StepDecide       Step = 37 // it is decided that the platform answers, all or some of it
	StepSustain      Step = 38 // it is decided that the platform answers nothing more
)

// Steps whose numbers leave room before them.
const (
	StepAudit       Step = iota + 42 // an auditor is shown how the request is conducted
	StepHandOver                     // the hub keeps a preservation up for a disclosure
	StepEndHandOver                  // the hub states that it is not needed for that any more
)

// steps are all of them, each with the contract's word for the event that it leaves, which
// is the name of that event's field in Event.detail, and with the verb that people use.
var steps = []struct{ word, verb string }{
	StepFile:                {"FILED", "file"},
	StepApprove:             {"APPROVED", "approve"},
	StepReject:              {"REJECTED", "reject"},
	StepWithdraw:            {"WITHDRAWN", "withdraw"},
	StepAcknowledge:         {"ACKNOWLEDGED", "acknowledge"},
	StepAskClarification:    {"CLARIFICATION_ASKED", "ask for clarification"},
	StepReply:               {"CLARIFICATION_REPLIED", "reply"},
	StepObject:              {"OBJECTED", "object"},
	StepUphold:              {"UPHELD", "uphold"},
	StepAmend:               {"AMENDED", "amend"},
	StepRefuse:              {"REFUSED", "refuse"},
	StepAnswerPart:          {"PARTIALLY_ANSWERED", "answer in part"},
	StepAnswerFinal:         {"ANSWERED", "answer"},
	StepConfirmPreservation: {"PRESERVATION_CONFIRMED", "confirm preservation"},
	StepExtendPreservation:  {"PRESERVATION_EXTENDED", "extend preservation"},
	StepValidateEmergency:   {"EMERGENCY_VALIDATED", "validate the emergency"},
	StepConfirmReceipt:      {"RECEIPT_CONFIRMED", "confirm receipt"},
	StepPurge:               {"PURGED", "purge"},
	StepLapse:               {"LAPSED", "lapse"},
	StepExpire:              {"EXPIRED", "expire"},
	StepWarn:                {"DEADLINE_NEAR", "warn"},
	StepMiss:                {"DEADLINE_MISSED", "note a missed deadline"},
	StepAskMoreTime:         {"MORE_TIME_ASKED", "ask for more time"},
	StepGrantMoreTime:       {"MORE_TIME_GRANTED", "grant more time"},
	StepDeclineMoreTime:     {"MORE_TIME_DECLINED", "decline more time"},
	StepAttestDeletion:      {"DELETION_ATTESTED", "attest deletion"},
	StepOpen:                {"ANSWER_OPENED", "open the answer"},
	StepRecall:              {"ANSWER_RECALLED", "recall an answer"},
	StepConfirmRecall:       {"RECALL_CONFIRMED", "confirm the recall"},
	StepEndNoticeDelay:      {"NOTICE_DELAY_ENDED", "end the delay of notice"},
	StepRecordNotice:        {"NOTICE_RECORDED", "record notice"},
	StepReviewObject:        {"REVIEW_OBJECTED", "object as reviewer in part"},
	StepReviewRefuse:        {"REVIEW_REFUSED", "object as reviewer to the whole"},
	StepReviewClear:         {"REVIEW_CLEARED", "clear"},
	StepReviewLapse:         {"REVIEW_LAPSED", "end the review"},
	StepMaintain:            {"OBJECTION_MAINTAINED", "maintain the objection"},
	StepDecide:              {"DISPUTE_DECIDED", "decide that the platform answers"},
	StepSustain:             {"DISPUTE_SUSTAINED", "decide that the objection stands"},
	StepAudit:               {"AUDITED", "audit"},
	StepHandOver:            {"HANDED_OVER", "hand over to a disclosure"},
	StepEndHandOver:         {"HAND_OVER_ENDED", "end the handing over"},
}

// String returns the contract's word for the event that the step leaves, without
// its prefix, such as "CLARIFICATION_ASKED".
func (s Step) String() string { return word(stepWords, s, "Step") }

// Verb returns the step as people say it, such as "ask for clarification".
func (s Step) Verb() string { return word(stepVerbs, s, "Step") }

// Steps lists the steps in the order of their numbers.
func Steps() []Step { return numbered[Step](stepWords) }

var stepWords, stepVerbs = columns()

func columns() (words, verbs []string) {
	for _, step := range steps {
		words, verbs = append(words, step.word), append(verbs, step.verb)
	}
	return words, verbs
}
