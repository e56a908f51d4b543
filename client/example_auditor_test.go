package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// An auditor reads how requests are conducted, and never whom they are about. That it reads
// is an event too, which both parties see.
func ExampleAuditor() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	fileAndApprove(kit)

	auditor := kit.Conn(exampleTB, "auditor").Auditor()
	for request, err := range auditor.List(ctx, &liaisonv1.OversightFilter{Authority: "authorities/moc"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(request.GetState())
		for event, err := range auditor.Events(ctx, request.GetName()) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(event.GetSequence(), event.GetType())
		}
	}
	// Output:
	// REQUEST_STATE_FILED
	// 1 filed
	// 2 approved
	// 3 audited
	// 4 audited
}
