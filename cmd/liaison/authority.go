package main

import (
	"context"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) authorityCommand() *cobra.Command {
	authority := (*client.Conn).Authority
	type (
		ctx     = context.Context
		conn    = *client.Conn
		options = []client.StepOption
		event   = *liaisonv1.Event
	)
	return group("authority", "An authority's desk: file, approve, reply, read", "",
		a.fileCommand(),
		a.uploadCommand(),
		a.approveCommand(),
		newStepCommand(a, stepCommand[*liaisonv1.Rejection]{
			name: "reject", short: "Reject what an officer filed", detail: &liaisonv1.Rejection{},
			text: func(d *liaisonv1.Rejection, s string) { d.Reason = s }, textRequired: true,
			take: func(x ctx, c conn, name string, d *liaisonv1.Rejection, o options) (event, error) {
				return authority(c).Reject(x, name, d, o...)
			},
		}),
		a.listCommand("list", "List requests"),
		a.showCommand(),
		a.watchCommand(),
		a.awaitCommand(),
		a.openCommand(),
		a.keysCommand(),
		newStepCommand(a, stepCommand[*liaisonv1.ClarificationReply]{
			name: "reply", short: "Reply to what the platform asked", detail: &liaisonv1.ClarificationReply{},
			text: func(d *liaisonv1.ClarificationReply, s string) { d.Text = s }, textRequired: true, file: true,
			call: func(name string, d *liaisonv1.ClarificationReply) proto.Message {
				return &liaisonv1.ReplyToClarificationRequest{Name: name, Reply: d}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.ClarificationReply, o options) (event, error) {
				return authority(c).Reply(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Amendment]{
			name: "amend", short: "Narrow a request: say what stays", detail: &liaisonv1.Amendment{}, file: true,
			call: func(name string, d *liaisonv1.Amendment) proto.Message {
				return &liaisonv1.AmendRequestRequest{Name: name, Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: d}}
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.Amendment, o options) (event, error) {
				return authority(c).Amend(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Upholding]{
			name: "uphold", short: "Uphold a request against an objection", detail: &liaisonv1.Upholding{},
			text: func(d *liaisonv1.Upholding, s string) { d.Reason = s }, textRequired: true,
			take: func(x ctx, c conn, name string, d *liaisonv1.Upholding, o options) (event, error) {
				return authority(c).Uphold(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.Withdrawal]{
			name: "withdraw", short: "Take a request back", detail: &liaisonv1.Withdrawal{},
			text: func(d *liaisonv1.Withdrawal, s string) { d.Reason = s }, textRequired: true,
			take: func(x ctx, c conn, name string, d *liaisonv1.Withdrawal, o options) (event, error) {
				return authority(c).Withdraw(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.EmergencyValidation]{
			name: "validate-emergency", short: "Validate an emergency afterwards", detail: &liaisonv1.EmergencyValidation{},
			text: func(d *liaisonv1.EmergencyValidation, s string) { d.Note = s }, file: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.EmergencyValidation) {
				cmd.Flags().StringVar(&d.OrderNumber, "order", "", "number of the decision that validates it")
			},
			take: func(x ctx, c conn, name string, d *liaisonv1.EmergencyValidation, o options) (event, error) {
				return authority(c).ValidateEmergency(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.PreservationExtension]{
			name: "extend-preservation", short: "Extend a preservation, once", detail: &liaisonv1.PreservationExtension{},
			text: func(d *liaisonv1.PreservationExtension, s string) { d.Reason = s }, textRequired: true, file: true,
			flags: func(cmd *cobra.Command, d *liaisonv1.PreservationExtension) { untilFlag(cmd, &d.EndTime) },
			take: func(x ctx, c conn, name string, d *liaisonv1.PreservationExtension, o options) (event, error) {
				return authority(c).ExtendPreservation(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.MoreTimeGrant]{
			name: "grant-more-time", short: "Grant the time that the platform asked for", detail: &liaisonv1.MoreTimeGrant{},
			text: func(d *liaisonv1.MoreTimeGrant, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.MoreTimeGrant, o options) (event, error) {
				return authority(c).GrantMoreTime(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.MoreTimeRefusal]{
			name: "decline-more-time", short: "Decline to grant the time that the platform asked for", detail: &liaisonv1.MoreTimeRefusal{},
			text: func(d *liaisonv1.MoreTimeRefusal, s string) { d.Reason = s }, textRequired: true,
			take: func(x ctx, c conn, name string, d *liaisonv1.MoreTimeRefusal, o options) (event, error) {
				return authority(c).DeclineMoreTime(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.DeletionAttestation]{
			name: "attest-deletion", short: "Attest that the answers were deleted, after a withdrawal or a lapse", detail: &liaisonv1.DeletionAttestation{},
			text: func(d *liaisonv1.DeletionAttestation, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.DeletionAttestation, o options) (event, error) {
				return authority(c).AttestDeletion(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.RecallConfirmation]{
			name: "confirm-recall", short: "Confirm that what the platform recalled is not used any more", detail: &liaisonv1.RecallConfirmation{},
			text: func(d *liaisonv1.RecallConfirmation, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.RecallConfirmation, o options) (event, error) {
				return authority(c).ConfirmRecall(x, name, d, o...)
			},
		}),
		newStepCommand(a, stepCommand[*liaisonv1.ReceiptConfirmation]{
			name: "confirm-receipt", short: "Confirm that the whole answer was read", detail: &liaisonv1.ReceiptConfirmation{},
			text: func(d *liaisonv1.ReceiptConfirmation, s string) { d.Note = s },
			take: func(x ctx, c conn, name string, d *liaisonv1.ReceiptConfirmation, o options) (event, error) {
				return authority(c).ConfirmReceipt(x, name, d, o...)
			},
		}),
		a.recordDecisionCommand(),
	)
}

func (a *app) fileCommand() *cobra.Command {
	var file string
	var attached []string
	var print bool
	cmd := &cobra.Command{
		Use: "file -f FILE", Short: "File a request", Args: exactArgs(),
		Long: `Files the request that a file describes: a RequestSpec of the contract, in YAML or
JSON. An emergency comes before the platform at once, everything else after an
approver, another person, has approved it. The request is signed with the profile's key,
and its answer will be sealed to the profile's answer key ('authority keys new') unless
the file names answer_recipients. Files given with --attach are sealed for the platform,
listed as evidence, and uploaded once the request is filed; 'upload' goes on with what was
interrupted.`,
		Example: "  liaison --profile profiles/officer authority file -f request.yaml --attach screenshot.png",
		RunE: func(cmd *cobra.Command, _ []string) error {
			spec := &liaisonv1.RequestSpec{}
			if err := a.readWith(file, spec, normaliser{}); err != nil {
				return err
			}
			if print && len(attached) > 0 {
				return usage("--attach: what is printed is not filed, and cannot be attached to")
			}
			if print && a.profile == "" {
				return a.printJSON(&liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec}})
			}
			dial := a.dial
			if print {
				dial = a.dialToPrint
			}
			conn, err := dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			officer := conn.Authority()
			if err := a.attach(officer, spec, attached); err != nil {
				return err
			}
			filed, err := officer.File(cmd.Context(), spec)
			if err := a.orPrinted(filed, err); err != nil || a.printed {
				return err
			}
			a.warnOfDuplicates(filed)
			return a.upload(cmd.Context(), officer, filed.GetRequest(), client.Documents(spec))
		},
	}
	cmd.Flags().StringArrayVar(&attached, "attach", nil, "file to seal, list as evidence and upload; may stand several times")
	cmd.Flags().StringVarP(&file, "file", "f", "", "file in YAML or JSON, - for standard input")
	cmd.Flags().BoolVar(&print, "print", false, printHelp)
	return cmd
}

func (a *app) approveCommand() *cobra.Command {
	var etag, note string
	var print bool
	cmd := &cobra.Command{
		Use: "approve REQUEST", Short: "Approve what an officer filed", Args: exactArgs("REQUEST"),
		Long: `Approves a request as the second pair of eyes. Read it first, with show; its etag
there says which version you read. Without --etag the request is shown and the
version that was shown is approved.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			dial := a.dial
			if print {
				dial = a.dialToPrint
			}
			conn, err := dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			authority := conn.Authority()
			if etag == "" {
				request, err := authority.Get(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				etag = request.GetEtag()
				if !a.json() && !print {
					if err := a.printYAML(request); err != nil {
						return err
					}
				}
			}
			return a.orPrinted(authority.Approve(cmd.Context(), args[0], &liaisonv1.Approval{Note: note}, client.IfMatch(etag)))
		},
	}
	cmd.Flags().StringVar(&etag, "etag", "", "the version that was read")
	cmd.Flags().StringVar(&note, "text", "", "a remark, which the platform sees")
	cmd.Flags().BoolVar(&print, "print", false, printHelp)
	return cmd
}

// warnOfDuplicates tells which earlier requests of the authority have a selector in common
// with the one that was filed.
func (a *app) warnOfDuplicates(filed *liaisonv1.Event) {
	for _, name := range filed.GetPolicy().GetDuplicateOfRequests() {
		a.remark("warning: %s of your authority has a selector in common with this one", name)
	}
}
