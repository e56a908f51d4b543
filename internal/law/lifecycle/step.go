package lifecycle

// Step is what somebody does to a request, and thereby the type of the event that
// records it. The numbers are stored: they never change.
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

var stepWords = []string{
	StepFile:                "FILED",
	StepApprove:             "APPROVED",
	StepReject:              "REJECTED",
	StepWithdraw:            "WITHDRAWN",
	StepAcknowledge:         "ACKNOWLEDGED",
	StepAskClarification:    "CLARIFICATION_ASKED",
	StepReply:               "CLARIFICATION_REPLIED",
	StepObject:              "OBJECTED",
	StepUphold:              "UPHELD",
	StepAmend:               "AMENDED",
	StepRefuse:              "REFUSED",
	StepAnswerPart:          "PARTIALLY_ANSWERED",
	StepAnswerFinal:         "ANSWERED",
	StepConfirmPreservation: "PRESERVATION_CONFIRMED",
	StepExtendPreservation:  "PRESERVATION_EXTENDED",
	StepValidateEmergency:   "EMERGENCY_VALIDATED",
	StepConfirmReceipt:      "RECEIPT_CONFIRMED",
	StepPurge:               "PURGED",
	StepLapse:               "LAPSED",
	StepExpire:              "EXPIRED",
	StepWarn:                "DEADLINE_NEAR",
	StepMiss:                "DEADLINE_MISSED",
	StepAskMoreTime:         "MORE_TIME_ASKED",
	StepGrantMoreTime:       "MORE_TIME_GRANTED",
	StepDeclineMoreTime:     "MORE_TIME_DECLINED",
	StepAttestDeletion:      "DELETION_ATTESTED",
	StepOpen:                "ANSWER_OPENED",
	StepRecall:              "ANSWER_RECALLED",
	StepConfirmRecall:       "RECALL_CONFIRMED",
	StepEndNoticeDelay:      "NOTICE_DELAY_ENDED",
	StepRecordNotice:        "NOTICE_RECORDED",

	StepReviewObject: "REVIEW_OBJECTED",
	StepReviewRefuse: "REVIEW_REFUSED",
	StepReviewClear:  "REVIEW_CLEARED",
	StepReviewLapse:  "REVIEW_LAPSED",
	StepMaintain:     "OBJECTION_MAINTAINED",
	StepDecide:       "DISPUTE_DECIDED",
	StepSustain:      "DISPUTE_SUSTAINED",
	StepAudit:        "AUDITED",
	StepHandOver:     "HANDED_OVER",
	StepEndHandOver:  "HAND_OVER_ENDED",
}

var stepVerbs = []string{
	StepFile:                "file",
	StepApprove:             "approve",
	StepReject:              "reject",
	StepWithdraw:            "withdraw",
	StepAcknowledge:         "acknowledge",
	StepAskClarification:    "ask for clarification",
	StepReply:               "reply",
	StepObject:              "object",
	StepUphold:              "uphold",
	StepAmend:               "amend",
	StepRefuse:              "refuse",
	StepAnswerPart:          "answer in part",
	StepAnswerFinal:         "answer",
	StepConfirmPreservation: "confirm preservation",
	StepExtendPreservation:  "extend preservation",
	StepValidateEmergency:   "validate the emergency",
	StepConfirmReceipt:      "confirm receipt",
	StepPurge:               "purge",
	StepLapse:               "lapse",
	StepExpire:              "expire",
	StepWarn:                "warn",
	StepMiss:                "note a missed deadline",
	StepAskMoreTime:         "ask for more time",
	StepGrantMoreTime:       "grant more time",
	StepDeclineMoreTime:     "decline more time",
	StepAttestDeletion:      "attest deletion",
	StepOpen:                "open the answer",
	StepRecall:              "recall an answer",
	StepConfirmRecall:       "confirm the recall",
	StepEndNoticeDelay:      "end the delay of notice",
	StepRecordNotice:        "record notice",

	StepReviewObject: "object as reviewer in part",
	StepReviewRefuse: "object as reviewer to the whole",
	StepReviewClear:  "clear",
	StepReviewLapse:  "end the review",
	StepMaintain:     "maintain the objection",
	StepDecide:       "decide that the platform answers",
	StepSustain:      "decide that the objection stands",
	StepAudit:        "audit",
	StepHandOver:     "hand over to a disclosure",
	StepEndHandOver:  "end the handing over",
}

// String returns the contract's word for the event that the step leaves, without
// its prefix, such as "CLARIFICATION_ASKED".
func (s Step) String() string { return word(stepWords, s, "Step") }

// Verb returns the step as people say it, such as "ask for clarification".
func (s Step) Verb() string { return word(stepVerbs, s, "Step") }

// Steps lists the steps in the order of their numbers.
func Steps() []Step { return numbered[Step](stepWords) }
