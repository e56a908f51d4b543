package lifecycle_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	. "github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// One case per reason, so that each message is read by somebody.
func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	const filer, other = "moc.example/amal", "moc.example/bana"
	request := func(s State) Request { return Request{State: s, Kind: Disclose, FiledBy: filer} }
	inPart := request(Objected)
	inPart.AnsweredInPart = true
	validated := request(Answered)
	validated.Emergency, validated.Validated = true, true
	reviewed := request(Acknowledged)
	reviewed.Reviewed, reviewed.ReviewPending = true, true

	var reasons []Reason
	for _, test := range []struct {
		request Request
		event   Event
		want    string
	}{
		{
			request(Filed), Event{Step: 99, Role: Agent, Person: other},
			"there is no step with the number 99; use one of the contract's",
		}, {
			request(Filed), Event{Step: StepAcknowledge, Role: Officer, Person: other},
			"cannot acknowledge as officer in FILED; possible for agent",
		}, {
			request(Filed), Event{Step: StepAnswerFinal, Role: Agent, Person: other},
			"cannot answer in FILED; possible from ACKNOWLEDGED, PARTIALLY_ANSWERED",
		}, {
			request(Acknowledged), Event{Step: StepConfirmPreservation, Role: Agent, Person: other},
			"cannot confirm preservation in ACKNOWLEDGED: the request is of kind DISCLOSE; possible for PRESERVE",
		}, {
			request(Filed), Event{Step: StepValidateEmergency, Role: Approver, Person: other},
			"cannot validate the emergency in FILED: the request was not filed as an emergency; there is nothing to validate",
		}, {
			request(Filed), Event{Step: StepAcknowledge, Role: Agent},
			"cannot acknowledge in FILED: it is not known who takes this step; name the person",
		}, {
			request(AwaitingApproval), Event{Step: StepApprove, Role: Approver, Person: filer},
			"cannot approve in AWAITING_APPROVAL: the person who filed the request, or the key, cannot take this step; ask another approver",
		}, {
			inPart, Event{Step: StepRefuse, Role: Agent, Person: other},
			"cannot refuse in OBJECTED: a part has been answered; withhold the rest finding by finding in the final answer",
		}, {
			validated, Event{Step: StepValidateEmergency, Role: Approver, Person: other},
			"cannot validate the emergency in ANSWERED: it can be done once, and was done already",
		}, {
			request(Acknowledged), Event{Step: StepGrantMoreTime, Role: Officer, Person: other},
			"cannot grant more time in ACKNOWLEDGED: nobody asks for it, or it is decided already",
		}, {
			reviewed, Event{Step: StepAnswerFinal, Role: Agent, Person: other},
			"cannot answer in ACKNOWLEDGED: the reviewer may object still; everything but handing over goes on",
		}, {
			Request{}, Event{Step: StepFile, Role: Officer, Person: filer, Kind: Disclose, Waived: true},
			"cannot file: a request of kind DISCLOSE needs a second person",
		},
	} {
		_, err := Apply(test.request, test.event)
		var refusal *Refusal
		if !errors.As(fmt.Errorf("approving: %w", err), &refusal) {
			t.Errorf("%v is not a refusal", err)
			continue
		}
		reasons = append(reasons, refusal.Reason)
		if got := refusal.Error(); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", refusal.Reason, got, test.want)
		}
		if text := fmt.Sprintf("%+v", *refusal); strings.Contains(text, "moc.example") {
			t.Errorf("%s names a person: %s", refusal.Reason, text)
		}
	}
	if !slices.Equal(reasons, Reasons()) {
		t.Errorf("tried %v, want %v", reasons, Reasons())
	}
}
