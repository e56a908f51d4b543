package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// Every participant may read the whole ledger, and so find out whether the hub has altered,
// dropped or reordered anything.
func ExampleLedger_Verify() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	fileAndApprove(kit)

	ledger := kit.Conn(exampleTB, "officer").Ledger()
	checked, err := ledger.Verify(ctx, func(so client.Audit) {
		// told after each page, for whoever waits
	})
	if err != nil {
		fmt.Println(err) // a *Distrust, if the ledger does not hold
		return
	}
	fmt.Println(checked.Events, "events,", checked.Own, "of them the authority's own")

	at, err := ledger.Checkpoint(ctx) // to compare with what others were shown
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("empty:", at.Newest == "", "- witnesses:", at.Cosigned)
	// Output:
	// 2 events, 2 of them the authority's own
	// empty: false - witnesses: 0
}
