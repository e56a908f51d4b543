package main

import (
	"context"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) platformCommand() *cobra.Command {
	platform := (*client.Conn).Platform
	type (
		ctx     = context.Context
		conn    = *client.Conn
		options = []client.StepOption
		event   = *liaisonv1.Event
	)
	return group("platform", "A platform's desk: inbox, acknowledge, ask, answer", "",
		a.listCommand("inbox", "List the requests that wait for the platform (--state for others)",
			"FILED", "ACKNOWLEDGED", "PARTIALLY_ANSWERED", "CLARIFICATION_NEEDED", "OBJECTED"),
		a.listCommand("list", "List all requests"),
		a.showCommand(),
		a.watchCommand(),
		a.givenCommand(),
		a.downloadCommand(),
		a.keysCommand(),
		newStepCommand(a, stepCommand[*liaisonv1.Acknowledgement]{
			name: "acknowledge", short: "Confirm that the platform has a request", detail: &liaisonv1.Acknowledgement{},
			text: func(d *liaisonv1.Acknowledgement, s string) { d.Note = s }, file: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.Acknowledgement) {
				cmd.Flags().StringVar(&d.PlatformReference, "reference", "", "the platform's own number for it")
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Acknowledgement, o options) (event, error) {
				return platform(c).Acknowledge(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Clarification]{
			name: "ask", short: "Ask the authority something", detail: &liaisonv1.Clarification{},
			text: func(d *liaisonv1.Clarification, s string) { d.Question = s }, textRequired: true, file: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.Clarification) {
				cmd.Flags().StringSliceVar(&d.SelectorIds, "selector", nil, "the selectors that it is about")
			},
			call: func(name string, d *liaisonv1.Clarification) proto.Message {
				return &liaisonv1.AskClarificationRequest{Name: name, Clarification: d}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Clarification, o options) (event, error) {
				return platform(c).Ask(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Objection]{
			name: "object", short: "Object to a request, and propose a smaller one", detail: &liaisonv1.Objection{}, file: true,
			call: func(name string, d *liaisonv1.Objection) proto.Message {
				return &liaisonv1.ObjectToRequestRequest{Name: name, Form: &liaisonv1.ObjectToRequestRequest_Objection{Objection: d}}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Objection, o options) (event, error) {
				return platform(c).Object(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Refusal]{
			name: "refuse", short: "Refuse a request as a whole", detail: &liaisonv1.Refusal{}, file: true,
			call: func(name string, d *liaisonv1.Refusal) proto.Message {
				return &liaisonv1.RefuseRequestRequest{Name: name, Form: &liaisonv1.RefuseRequestRequest_Refusal{Refusal: d}}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Refusal, o options) (event, error) {
				return platform(c).Refuse(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Answer]{
			name: "answer", short: "Give an answer, or a part of one", detail: &liaisonv1.Answer{}, file: true,
			example: "  liaison --profile profiles/agent platform answer requests/0199… -f answer.yaml",
			call: func(name string, d *liaisonv1.Answer) proto.Message {
				return &liaisonv1.AnswerRequestRequest{Name: name, Form: &liaisonv1.AnswerRequestRequest_Answer{Answer: d}}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Answer, o options) (event, error) {
				return platform(c).Answer(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.PreservationConfirmation]{
			name: "confirm-preservation", short: "Confirm that what was to be preserved is kept", detail: &liaisonv1.PreservationConfirmation{},
			text: func(d *liaisonv1.PreservationConfirmation, s string) { d.Note = s }, file: true,
			take: func(x ctx, c conn, name string, d *liaisonv1.PreservationConfirmation, o options) (event, error) {
				return platform(c).ConfirmPreservation(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.MoreTime]{
			name: "ask-more-time", short: "Ask for more time to answer", detail: &liaisonv1.MoreTime{},
			example: "  liaison --profile profiles/agent platform ask-more-time requests/0199… --until 2026-12-01T16:00:00+03:00 --text 'The logs of March are in the archive.'",
			text:    func(d *liaisonv1.MoreTime, s string) { d.Reason = s }, textRequired: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.MoreTime) { untilFlag(cmd, &d.UntilTime) },
			take: func(x ctx, c conn, name string, d *liaisonv1.MoreTime, o options) (event, error) {
				return platform(c).AskMoreTime(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.DeletionAttestation]{
			name: "attest-deletion", short: "Attest that what was gathered, or recalled, was deleted, after a withdrawal, a lapse or a recall", detail: &liaisonv1.DeletionAttestation{},
			text: func(d *liaisonv1.DeletionAttestation, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.DeletionAttestation, o options) (event, error) {
				return platform(c).AttestDeletion(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Recall]{
			name: "recall", short: "Take parts of the answer back that were wrong", detail: &liaisonv1.Recall{},
			example: "  liaison --profile profiles/agent platform recall requests/0199… --part 1 --text 'The first finding names the wrong account.'",
			text:    func(d *liaisonv1.Recall, s string) { d.Reason = s }, textRequired: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.Recall) {
				cmd.Flags().Int32SliceVar(&d.Parts, "part", nil, "number of a part; may be repeated")
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Recall, o options) (event, error) {
				return platform(c).Recall(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Notice]{
			name: "record-notice", short: "Record that the person concerned was told", detail: &liaisonv1.Notice{},
			text: func(d *liaisonv1.Notice, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.Notice, o options) (event, error) {
				return platform(c).RecordNotice(x, name, d, o...)
			},
		}),
		a.maintainCommand(),
		a.acceptDecisionCommand(),
		a.listenCommand(),
	)
}
