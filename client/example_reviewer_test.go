package client_test

import (
	"context"
	"fmt"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A request that names a reviewer is handed over after the reviewer has spoken, or has let
// the time pass. The reviewer reads the request, and never an answer.
func ExampleReviewer() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	spec := emergency("REVIEWED-1")
	spec.Reviewer = "oversight/commissioner"
	if _, err := kit.Conn(exampleTB, "officer").Authority().File(ctx, spec); err != nil {
		fmt.Println(err)
		return
	}

	reviewer := kit.Conn(exampleTB, "reviewer").Reviewer()
	for listed, err := range reviewer.List(ctx, nil, liaisonv1.RequestOrder_REQUEST_ORDER_UNSPECIFIED) {
		if err != nil {
			fmt.Println(err)
			return
		}
		read, err := reviewer.Get(ctx, listed.GetName()) // a list is the hub's word
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(read.GetSpec().GetReference(), read.GetReview())
		if _, err := reviewer.Clear(ctx, read.GetName(), &liaisonv1.ReviewClearing{Note: "Necessary, and no wider than that."}); err != nil {
			fmt.Println(err)
			return
		}
		if read, err = reviewer.Get(ctx, listed.GetName()); err == nil {
			fmt.Println(read.GetSpec().GetReference(), read.GetReview())
		}
	}
	// Output:
	// REVIEWED-1 REVIEW_STATE_PENDING
	// REVIEWED-1 REVIEW_STATE_CLEARED
}
