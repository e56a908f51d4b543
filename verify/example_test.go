package verify_test

import (
	"context"
	"errors"
	"fmt"
	"iter"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// hubKey is a hub's public key, as its operator tells it by another way than the hub.
const hubKey = "hub.example+1c1d4586+AbsvaqPveFLNca2BGzYUmMUBPuHPPNH8veqXi5pzZIlr"

// An auditor has what an authority kept of a request: its receipts, each with its checkpoint.
// The directory's entries were confirmed by another way.
func ExampleVerifier_Case() {
	var organisations []*liaisonv1.Organisation // the authority's own, and the platform's
	var kept map[string][]*liaisonv1.Receipt    // by request, in order

	v, err := verify.New(verify.Config{
		HubKey: hubKey, Side: verify.Authority, TrustDomain: "moc.example", Organisations: organisations,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// A case is read from its beginning; Renew would ask for what comes after an event.
	history := func(_ context.Context, request string, _ uint64) iter.Seq2[*liaisonv1.Receipt, error] {
		return func(yield func(*liaisonv1.Receipt, error) bool) {
			for _, receipt := range kept[request] {
				if !yield(receipt, nil) {
					return
				}
			}
		}
	}
	c, err := v.Case(context.Background(), "requests/0198c1f2-7c1e-7d6a-9f53-0c9b7f2f4e11", history)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range c.Events {
		fmt.Println(e.GetSequence(), e.GetActor(), e.GetState())
	}
}

// What does not hold is a *Distrust, which says what it is about, and of which kind it is.
func ExampleDistrust() {
	v, err := verify.New(verify.Config{HubKey: hubKey})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = v.Entry(context.Background(), &liaisonv1.Receipt{Record: &liaisonv1.Record{Leaf: "made up"}})
	var distrust *verify.Distrust
	fmt.Println(errors.As(err, &distrust), errors.Is(err, verify.ErrNotInLedger))
	// Output: true true
}

// A checkpoint counts if the hub has signed it, and it goes on from what was seen before.
func ExampleVerifier_Believe() {
	v, err := verify.New(verify.Config{HubKey: hubKey})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = v.Believe(context.Background(), "hub.example\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	fmt.Println(errors.Is(err, verify.ErrCheckpoint))
	// Output: true
}
