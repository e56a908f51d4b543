// Command platform is a program of its own that integrates a platform: a worker with one
// function that answers what authorities ask.
//
//	platform PROFILE
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/profile"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "platform:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("use: platform PROFILE")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	conn, err := profile.Dial(args[0])
	if err != nil {
		return err
	}
	defer conn.Close()
	return serve(ctx, conn)
}

// serve answers what comes until ctx ends.
func serve(ctx context.Context, conn *client.Conn) error {
	worker, err := client.NewPlatformWorker(conn, decide)
	if err != nil {
		return err
	}
	return worker.Run(ctx)
}

// holders are the accounts that this platform has, and whose they are.
var holders = map[string]string{"700100200": "Example Holder"}

// decide looks every selector up. A real one asks people, and its own records.
func decide(_ context.Context, r *client.Request) (client.Response, error) {
	var findings []*liaisonv1.Finding
	for _, selector := range r.Open() {
		findings = append(findings, lookUp(selector))
	}
	return client.Answer(client.NoneProtected(), findings...), nil
}

func lookUp(selector *liaisonv1.Selector) *liaisonv1.Finding {
	const asked = liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY
	account := selector.GetAccount().GetId()
	holder, held := holders[account]
	if !held {
		return &liaisonv1.Finding{SelectorId: selector.GetId(), Outcomes: []*liaisonv1.Outcome{
			{Category: asked, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND},
		}}
	}
	return &liaisonv1.Finding{
		SelectorId: selector.GetId(),
		Outcomes:   []*liaisonv1.Outcome{{Category: asked, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED}},
		Parties: []*liaisonv1.IdentifiedParty{{
			Subject:    &liaisonv1.IdentifiedParty_Account{Account: &liaisonv1.Account{Id: account}},
			Roles:      []liaisonv1.PartyRole{liaisonv1.PartyRole_PARTY_ROLE_ORIGINAL_UPLOADER},
			Bases:      []liaisonv1.AttributionBasis{liaisonv1.AttributionBasis_ATTRIBUTION_BASIS_AUTHOR_RECORD},
			Confidence: liaisonv1.Confidence_CONFIDENCE_CONFIRMED,
			Control:    liaisonv1.AccountControl_ACCOUNT_CONTROL_UNKNOWN,
			Items: []*liaisonv1.DataItem{{
				Category: asked, Value: &liaisonv1.DataItem_Name{Name: &liaisonv1.NameItem{FullName: holder}},
			}},
		}},
	}
}
