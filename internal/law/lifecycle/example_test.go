package lifecycle_test

import (
	"errors"
	"fmt"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// Amal files a request and tries to approve it herself with an approver's
// certificate. She is told what to do; her colleague may do it.
func ExampleApply() {
	r, err := lifecycle.Apply(lifecycle.Request{}, lifecycle.Event{
		Step: lifecycle.StepFile, Role: lifecycle.Officer, Person: "moc.example/amal",
		Kind: lifecycle.Disclose,
	})
	fmt.Println(r.State, err)

	approval := lifecycle.Event{
		Step: lifecycle.StepApprove, Role: lifecycle.Approver, Person: "moc.example/amal",
	}
	_, err = lifecycle.Apply(r, approval)
	fmt.Println(err)
	var refusal *lifecycle.Refusal
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Reason)
	}

	approval.Person = "moc.example/bana"
	r, err = lifecycle.Apply(r, approval)
	fmt.Println(r.State, err)
	// Output:
	// AWAITING_APPROVAL <nil>
	// cannot approve in AWAITING_APPROVAL: the person who filed the request, or the key, cannot take this step; ask another approver
	// SAME_PERSON
	// FILED <nil>
}

func ExampleAllowed() {
	r := lifecycle.Request{State: lifecycle.Objected, Kind: lifecycle.Disclose, FiledBy: "moc.example/amal"}
	for _, step := range lifecycle.Allowed(r, lifecycle.Officer) {
		fmt.Println(step.Verb())
	}
	// Output:
	// withdraw
	// uphold
	// amend
}
