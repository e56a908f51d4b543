package client_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// A *Distrust is the error that matters most: do not try again, do not act on what was
// read, and tell a person. Here the hub signs its ledger with another key than the one
// that was confirmed.
func ExampleDistrust() {
	kit, other := liaisontest.New(exampleTB), liaisontest.New(exampleTB)
	name := fileAndApprove(kit)

	officer := kit.Conn(exampleTB, "officer", client.WithHubKey(other.HubKey())).Authority()
	_, err := officer.Get(context.Background(), name)

	var distrust *client.Distrust
	if errors.As(err, &distrust) {
		fmt.Println("stop:", distrust.Kind)
		fmt.Println("of the ledger's signature:", errors.Is(err, client.ErrCheckpoint))
	}
	var failed *client.Error
	fmt.Println("an *Error:", errors.As(err, &failed))
	// Output:
	// stop: the checkpoint is not one of this hub's ledger
	// of the ledger's signature: true
	// an *Error: false
}
