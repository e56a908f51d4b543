package main

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) auditorCommand() *cobra.Command {
	return group("auditor", "An auditor's desk: how requests are conducted, never whom they are about",
		`Shows how requests were conducted of which a party is overseen by the auditor's body:
states, times, delays, grounds, reviews, disputes, how much was found. Each access is
recorded first, in the history of each request that is shown, where both parties see it.`,
		a.auditorListCommand(),
		a.auditorShowCommand(),
		a.auditorEventsCommand(),
	)
}

func (a *app) auditorListCommand() *cobra.Command {
	var f filterFlags
	var authority, platform string
	cmd := &cobra.Command{
		Use: "list", Short: "List how requests were conducted", Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			common, _, err := f.filter()
			if err != nil {
				return err
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			var rows [][]string
			for m, err := range conn.Auditor().List(cmd.Context(), &liaisonv1.OversightFilter{
				Authority: authority, Platform: platform,
				States: common.GetStates(), CreatedFrom: common.GetCreatedFrom(), CreatedBefore: common.GetCreatedBefore(),
			}) {
				if err != nil {
					return err
				}
				if a.json() {
					if err := a.printJSON(m); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, conduct(m))
			}
			if a.json() {
				return nil
			}
			return a.table([]string{"NAME", "AUTHORITY", "PLATFORM", "KIND", "URGENCY", "STATE", "FILED", "ACKNOWLEDGED", "ANSWERED", "MISSED", "REVIEW", "DISPUTES", "GROUNDS", "PARTIES"}, rows)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&authority, "authority", "", "only of this authority")
	flags.StringVar(&platform, "platform", "", "only to this platform")
	f.addTimes(cmd)
	return cmd
}

// conduct is a request's line in a table.
func conduct(m *liaisonv1.RequestMetadata) []string {
	state := word(m.GetState().String(), "REQUEST_STATE_")
	if m.GetTest() {
		state += " (TEST)"
	}
	var grounds []string
	for _, g := range m.GetGrounds() {
		grounds = append(grounds, fmt.Sprintf("%s %d×%s", word(g.GetUse().String(), "GROUND_USE_"), g.GetCount(), word(g.GetCode().String(), "GROUND_CODE_")))
	}
	parties := int32(0)
	for _, o := range m.GetOutcomes() {
		parties += o.GetParties()
	}
	review := "-"
	if m.GetReview() != liaisonv1.ReviewState_REVIEW_STATE_UNSPECIFIED {
		review = word(m.GetReview().String(), "REVIEW_STATE_")
	}
	return []string{
		m.GetName(), m.GetAuthority(), m.GetPlatform(), word(m.GetKind().String(), "REQUEST_KIND_"), word(m.GetUrgency().String(), "URGENCY_"), state,
		terminal.Moment(m.GetCreateTime()), after(m.GetAcknowledgedAfter()), after(m.GetAnsweredAfter()), fmt.Sprint(m.GetMissedDeadlines()),
		review, fmt.Sprint(m.GetDisputes()), strings.Join(grounds, ", "), fmt.Sprint(parties),
	}
}

func word(text, prefix string) string { return strings.TrimPrefix(text, prefix) }

// after is how long something took.
func after(d *durationpb.Duration) string {
	if d == nil {
		return "-"
	}
	return "after " + d.AsDuration().Round(time.Second).String()
}

func (a *app) auditorShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show REQUEST", Short: "Show how a request was conducted", Args: exactArgs("REQUEST"),
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			m, err := conn.Auditor().Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json() {
				return a.printJSON(m)
			}
			return a.printYAML(m)
		},
	}
}

func (a *app) auditorEventsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "events REQUEST", Short: "List a request's events without what they say, each proved to be in the ledger", Args: exactArgs("REQUEST"),
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			var rows [][]string
			for e, err := range conn.Auditor().Events(cmd.Context(), args[0]) {
				if err != nil {
					return err
				}
				if a.json() {
					if err := a.printJSON(e); err != nil {
						return err
					}
					continue
				}
				signed := "-"
				if e.GetBySignature() {
					signed = "signed"
				}
				rows = append(rows, []string{
					fmt.Sprint(e.GetSequence()), terminal.Moment(e.GetCreateTime()), a.Step(e.GetType()),
					strings.ToLower(word(e.GetRole().String(), "ROLE_")), a.Word(e.GetState()), signed, hex.EncodeToString(e.GetLeafHash()),
				})
			}
			if a.json() {
				return nil
			}
			return a.table([]string{"EVENT", "TIME", "WHAT", "BY", "STATE", "SIGNATURE", "LEAF"}, rows)
		},
	}
}
