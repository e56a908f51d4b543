package client_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A platform's whole integration is one function.
func ExamplePlatformWorker() {
	kit := liaisontest.New(exampleTB)
	conn := kit.Conn(exampleTB, "agent") // in production: profile.Dial("profiles/agent")

	handler := func(ctx context.Context, r *client.Request) (client.Response, error) {
		var findings []*liaisonv1.Finding
		for _, selector := range r.Open() { // look each up, and decide
			findings = append(findings, &liaisonv1.Finding{SelectorId: selector.GetId(), Outcomes: []*liaisonv1.Outcome{{
				Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
				Code:     liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
			}}})
		}
		return client.Answer(client.NoneProtected(), findings...), nil
	}
	worker, err := client.NewPlatformWorker(conn, handler)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go worker.Run(ctx)

	officer := kit.Conn(exampleTB, "officer").Authority()
	request, err := officer.Await(ctx, fileAndApprove(kit))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.GetState())
	// Output: REQUEST_STATE_ANSWERED
}

// An officer files, a judge approves; they are two people.
func ExampleAuthority_File() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()

	officer := kit.Conn(exampleTB, "officer").Authority()
	filed, err := officer.File(ctx, exampleSpec())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filed.GetState())

	judge := kit.Conn(exampleTB, "approver").Authority()
	request, err := judge.Get(ctx, filed.GetRequest()) // read what is approved
	if err != nil {
		fmt.Println(err)
		return
	}
	approved, err := judge.Approve(ctx, request.GetName(), nil, client.IfMatch(request.GetEtag()))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(approved.GetState())
	// Output:
	// REQUEST_STATE_AWAITING_APPROVAL
	// REQUEST_STATE_FILED
}

// A watch goes on over restarts of the hub; remember the last sequence number and
// it goes on over those of the program too.
func ExampleAuthority_Watch() {
	kit := liaisontest.New(exampleTB)
	name := fileAndApprove(kit)

	officer := kit.Conn(exampleTB, "officer").Authority()
	for event, err := range officer.Watch(context.Background(), client.WatchOptions{Request: name}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.GetSequence(), event.GetState())
		if event.GetSequence() == 2 {
			break
		}
	}
	// Output:
	// 1 REQUEST_STATE_AWAITING_APPROVAL
	// 2 REQUEST_STATE_FILED
}

// Errors say which field is wrong, before anything is sent where that is possible.
func ExampleError() {
	kit := liaisontest.New(exampleTB)
	spec := exampleSpec()
	spec.Selectors[0].Necessity = ""

	_, err := kit.Conn(exampleTB, "officer").Authority().File(context.Background(), spec)
	fmt.Println(err)
	// Output: FIELD_INVALID: spec.selectors[0].necessity: value is required
}

// fileAndApprove puts a request before the platform.
func fileAndApprove(kit *liaisontest.Kit) string {
	ctx := context.Background()
	filed, err := kit.Conn(exampleTB, "officer").Authority().File(ctx, exampleSpec())
	if err != nil {
		panic(err)
	}
	if _, err := kit.Conn(exampleTB, "approver").Authority().Approve(ctx, filed.GetRequest(), nil, client.IfMatch(filed.GetEtag())); err != nil {
		panic(err)
	}
	return filed.GetRequest()
}

// exampleTB stands for the *testing.T that a test would pass: examples have none.
var exampleTB = &exampleT{}

type exampleT struct {
	testing.TB
	cleanups []func()
}
