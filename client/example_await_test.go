package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Await returns when a request needs the authority, is answered or is over; or is in one of
// the states that it is given.
func ExampleAuthority_Await() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	name := fileAndApprove(kit)
	go func() {
		agent := kit.Conn(exampleTB, "agent").Platform()
		if _, err := agent.Acknowledge(ctx, name, nil); err == nil {
			_, _ = agent.Ask(ctx, name, &liaisonv1.Clarification{Question: "Which of the two channels?"})
		}
	}()

	officer := kit.Conn(exampleTB, "officer").Authority()
	request, err := officer.Await(ctx, name)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.GetState())

	replied, err := officer.Reply(ctx, name, &liaisonv1.ClarificationReply{Text: "The public one."})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(replied.GetState())
	// Output:
	// REQUEST_STATE_CLARIFICATION_NEEDED
	// REQUEST_STATE_ACKNOWLEDGED
}
