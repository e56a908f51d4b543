package client_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// Retryable tells what may succeed later from what has to change first. This package has
// tried again by itself already, as long as the context allowed.
func ExampleError_Retryable() {
	kit := liaisontest.New(exampleTB)
	name := fileAndApprove(kit)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()

	nobodyThere := kit.Conn(exampleTB, "agent", client.WithTarget("127.0.0.1:1")).Platform()
	_, unreached := nobodyThere.Acknowledge(ctx, name, nil)
	_, hidden := kit.Conn(exampleTB, "filehost-agent").Platform().Acknowledge(context.Background(), name, nil)

	for _, err := range []error{unreached, hidden} {
		var failed *client.Error
		if !errors.As(err, &failed) {
			fmt.Println(err)
			return
		}
		if failed.Retryable() {
			fmt.Println("try again later")
			continue
		}
		fmt.Println("give up:", failed.Reason, errors.Is(err, client.ErrNotFound))
	}
	// Output:
	// try again later
	// give up: REASON_RESOURCE_NOT_FOUND true
}
