package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A handler may ask back, and may answer in part: it is called again for the rest.
func ExamplePlatformWorker_inParts() {
	kit := liaisontest.New(exampleTB)
	handler := func(ctx context.Context, r *client.Request) (client.Response, error) {
		switch open := r.Open(); {
		case r.LastReply() == nil:
			return client.Question("Which file is meant?", open[0].GetId()), nil
		case len(open) > 1:
			return client.PartialAnswer(client.NoneProtected(), notFound(open[0])), nil
		default:
			return client.Answer(client.NoneProtected(), notFound(open[0])), nil
		}
	}
	worker, err := client.NewPlatformWorker(kit.Conn(exampleTB, "agent"), handler)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go worker.Run(ctx)

	name := fileAndApprove(kit)
	officer := kit.Conn(exampleTB, "officer").Authority()
	request, err := officer.Await(ctx, name)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.GetState())
	if _, err := officer.Reply(ctx, name, &liaisonv1.ClarificationReply{Text: "The one of 2 October."}); err != nil {
		fmt.Println(err)
		return
	}
	if request, err = officer.Await(ctx, name, liaisonv1.RequestState_REQUEST_STATE_ANSWERED); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.GetState(), "in", request.GetAnswerParts(), "parts")
	// Output:
	// REQUEST_STATE_CLARIFICATION_NEEDED
	// REQUEST_STATE_ANSWERED in 2 parts
}
