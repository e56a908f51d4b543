package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) reviewerCommand() *cobra.Command {
	reviewer := (*client.Conn).Reviewer
	return group("reviewer", "A reviewer's desk: read, object, clear, decide", `An independent body that a request names as its reviewer reads it from the moment it is
before the platform, and never an answer. While it may object nothing is handed over.`,
		a.listCommand("list", "List the requests that name the body as reviewer"),
		a.showCommand(),
		a.watchCommand(),
		newStepCommand(a, stepCommand[*liaisonv1.ReviewObjection]{
			name: "object", short: "Object to a request: to some of its selectors, or to the whole", detail: &liaisonv1.ReviewObjection{}, file: true,
			example: "  liaison --profile profiles/reviewer reviewer object requests/0199… -f objection.yaml --selector a",
			flags: func(cmd *cobra.Command, d *liaisonv1.ReviewObjection) {
				cmd.Flags().StringSliceVar(&d.SelectorIds, "selector", nil, "a selector that it is about; without any: the whole request, which is refused by it")
			},
			call: func(name string, d *liaisonv1.ReviewObjection) proto.Message {
				return &liaisonv1.ObjectAsReviewerRequest{Name: name, Form: &liaisonv1.ObjectAsReviewerRequest_Objection{Objection: d}}
			},
			take: func(x context.Context, c *client.Conn, name string, d *liaisonv1.ReviewObjection, o []client.StepOption) (*liaisonv1.Event, error) {
				return reviewer(c).Object(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.ReviewClearing]{
			name: "clear", short: "Let the platform hand over at once", detail: &liaisonv1.ReviewClearing{},
			text: func(d *liaisonv1.ReviewClearing, s string) { d.Note = s },
			call: func(name string, d *liaisonv1.ReviewClearing) proto.Message {
				return &liaisonv1.ClearRequestRequest{Name: name, Form: &liaisonv1.ClearRequestRequest_Clearing{Clearing: d}}
			},
			take: func(x context.Context, c *client.Conn, name string, d *liaisonv1.ReviewClearing, o []client.StepOption) (*liaisonv1.Event, error) {
				return reviewer(c).Clear(x, name, d, o...)
			},
		}),
		decisionCommand(a, "decide", "Decide a dispute, or lift the bar on selectors",
			func(name string, d *liaisonv1.DisputeDecision) proto.Message {
				return &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: d}}
			},
			func(c *client.Conn) decider { return reviewer(c).Decide }),
	)
}

// decider records a decision.
type decider func(ctx context.Context, name string, decision *liaisonv1.DisputeDecision, options ...client.StepOption) (*liaisonv1.Event, error)

// decisionCommand makes a command that records what was decided of an objection.
func decisionCommand(a *app, name, short string, call func(name string, d *liaisonv1.DisputeDecision) proto.Message, by func(*client.Conn) decider) *cobra.Command {
	return newStepCommand(a, stepCommand[*liaisonv1.DisputeDecision]{
		name: name, short: short, detail: &liaisonv1.DisputeDecision{},
		text: func(d *liaisonv1.DisputeDecision, s string) { d.Reasons = s }, textRequired: true, file: true,
		flags: func(cmd *cobra.Command, d *liaisonv1.DisputeDecision) {
			cmd.Flags().Func("outcome", "what became of the objection: "+strings.Join(decisionWords(), ", "), func(text string) error {
				number, known := liaisonv1.DecisionOutcome_value["DECISION_OUTCOME_"+strings.ToUpper(strings.ReplaceAll(text, "-", "_"))]
				if !known || number == 0 {
					return usage("--outcome must be one of %s", strings.Join(decisionWords(), ", "))
				}
				d.Outcome = liaisonv1.DecisionOutcome(number)
				return nil
			})
			cmd.Flags().StringSliceVar(&d.SelectorIds, "selector", nil, "a selector for which the objection is sustained, with --outcome sustained-in-part")
		},
		call: call,
		take: func(x context.Context, c *client.Conn, request string, d *liaisonv1.DisputeDecision, o []client.StepOption) (*liaisonv1.Event, error) {
			return by(c)(x, request, d, o...)
		},
	})
}

// decisionWords are the words of --outcome.
func decisionWords() []string {
	var words []string
	for number, word := range liaisonv1.DecisionOutcome_name {
		if number != 0 {
			words = append(words, strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(word, "DECISION_OUTCOME_"), "_", "-")))
		}
	}
	slices.Sort(words)
	return words
}

func (a *app) maintainCommand() *cobra.Command {
	return newStepCommand(a, stepCommand[*liaisonv1.ObjectionMaintenance]{
		name: "maintain", short: "Maintain an objection that the authority has upheld the request against", detail: &liaisonv1.ObjectionMaintenance{},
		text: func(d *liaisonv1.ObjectionMaintenance, s string) { d.Position = s }, textRequired: true,
		call: func(name string, d *liaisonv1.ObjectionMaintenance) proto.Message {
			return &liaisonv1.MaintainObjectionRequest{Name: name, Form: &liaisonv1.MaintainObjectionRequest_Maintenance{Maintenance: d}}
		},
		take: func(x context.Context, c *client.Conn, name string, d *liaisonv1.ObjectionMaintenance, o []client.StepOption) (*liaisonv1.Event, error) {
			return c.Platform().Maintain(x, name, d, o...)
		},
	})
}

func (a *app) acceptDecisionCommand() *cobra.Command {
	return decisionCommand(a, "record-court-decision", "Record a court's decision that went against the platform",
		func(name string, d *liaisonv1.DisputeDecision) proto.Message {
			return &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: d}}
		},
		func(c *client.Conn) decider { return c.Platform().RecordCourtDecision })
}

func (a *app) recordDecisionCommand() *cobra.Command {
	return decisionCommand(a, "record-court-decision", "Record a court's decision that went against the authority",
		func(name string, d *liaisonv1.DisputeDecision) proto.Message {
			return &liaisonv1.DecideDisputeRequest{Name: name, Form: &liaisonv1.DecideDisputeRequest_Decision{Decision: d}}
		},
		func(c *client.Conn) decider { return c.Authority().RecordCourtDecision })
}
