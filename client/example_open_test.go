package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// What Open returns is the only thing that says who was identified. That it is opened is
// recorded before.
func ExampleAuthority_Open() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	name := fileAndApprove(kit)
	platformAnswers(kit, name)

	officer := kit.Conn(exampleTB, "officer").Authority()
	parts, err := officer.Open(ctx, name)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range parts {
		for _, finding := range part.GetAnswer().GetFindings() {
			fmt.Println(finding.GetSelectorId(), finding.GetOutcomes()[0].GetCode())
		}
	}
	if _, err := officer.ConfirmReceipt(ctx, name, nil); err != nil {
		fmt.Println(err)
	}
	// Output:
	// uploader OUTCOME_CODE_NOT_FOUND
	// owner OUTCOME_CODE_NOT_FOUND
}

// platformAnswers acknowledges a request and answers all of it, step by step.
func platformAnswers(kit *liaisontest.Kit, name string) {
	ctx := context.Background()
	agent := kit.Conn(exampleTB, "agent").Platform()
	if _, err := agent.Acknowledge(ctx, name, nil); err != nil {
		panic(err)
	}
	answer := &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true}
	for _, selector := range exampleSpec().GetSelectors() {
		answer.Findings = append(answer.Findings, notFound(selector))
	}
	if _, err := agent.Answer(ctx, name, answer); err != nil {
		panic(err)
	}
}
