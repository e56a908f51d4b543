package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// A program that has its certificate, its keys and whom it trusts from elsewhere than a
// profile's folder gives each as an option.
func ExampleDial() {
	kit := liaisontest.New(exampleTB)
	conn, err := client.Dial(kit.Target(), // "hub.example:7443"
		client.WithTLS(kit.Certificate("officer"), kit.HubCAs()),
		client.WithHubKey(kit.HubKey()), // confirmed by another way than the hub
		client.WithOrganisations(kit.Organisations()...),
		client.WithAnswerKeys(kit.AnswerKeys("authorities/moc")),
		client.WithLedgerDir(exampleTB.TempDir()), // remembers what was seen of the ledger
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()

	filed, err := conn.Authority().File(context.Background(), exampleSpec())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filed.GetState())
	// Output: REQUEST_STATE_AWAITING_APPROVAL
}
