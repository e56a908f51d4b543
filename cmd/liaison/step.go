package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// stepCommand describes a command that takes one step on a request.
type stepCommand[M proto.Message] struct {
	name, short, example string

	// detail is what the step says: an empty message that flags or a file fill.
	detail M
	// text, if set, is where --text puts what it is given; textRequired says so if a
	// step without it makes no sense.
	text         func(M, string)
	textRequired bool
	// file says whether -f may fill the whole detail.
	file bool
	// call is what the step's method is called with, for --print without a profile.
	call func(name string, detail M) proto.Message
	// take takes the step.
	take func(ctx context.Context, conn *client.Conn, request string, detail M, options []client.StepOption) (*liaisonv1.Event, error)
	// flags adds further flags that write into detail.
	flags func(cmd *cobra.Command, detail M)
}

// printHelp explains --print.
const printHelp = "print the call as JSON, for grpcurl, instead of making it; with a profile it is signed and sealed"

// newStepCommand makes the command.
func newStepCommand[M proto.Message](a *app, s stepCommand[M]) *cobra.Command {
	var file, text, etag string
	var print bool
	cmd := &cobra.Command{
		Use: s.name + " REQUEST", Short: s.short, Example: s.example, Args: exactArgs("REQUEST"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if file != "" {
				if err := a.readInput(file, s.detail); err != nil {
					return err
				}
			}
			if text != "" {
				said := text
				if text == "-" {
					var err error
					if said, err = a.readText("-"); err != nil {
						return err
					}
				}
				s.text(s.detail, said)
			}
			if s.textRequired && text == "" && file == "" {
				return usage("--text is required: what the other side, or whoever looks into it later, is to read (- for standard input)")
			}
			if !s.textRequired && s.file && s.text == nil && file == "" {
				return usage("-f is required: a file in YAML or JSON, or - for standard input")
			}
			if print && a.profile == "" && s.call != nil {
				call := s.call(args[0], s.detail)
				if etag != "" {
					record.FormOf(call).SetCall(call, &liaisonv1.Call{IfMatch: etag})
				}
				return a.printJSON(call)
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
			var options []client.StepOption
			if etag != "" {
				options = append(options, client.IfMatch(etag))
			}
			return a.orPrinted(s.take(cmd.Context(), conn, args[0], s.detail, options))
		},
	}
	if s.text != nil {
		cmd.Flags().StringVar(&text, "text", "", "what to say; - for standard input")
	}
	if s.file {
		cmd.Flags().StringVarP(&file, "file", "f", "", "file in YAML or JSON that says it all, - for standard input")
	}
	cmd.Flags().StringVar(&etag, "etag", "", "take the step only if the request still has this etag")
	cmd.Flags().BoolVar(&print, "print", false, printHelp)
	if s.flags != nil {
		s.flags(cmd, s.detail)
	}
	return cmd
}

// untilFlag adds --until, which reads a time.
func untilFlag(cmd *cobra.Command, into **timestamppb.Timestamp) {
	cmd.Flags().Func("until", "until when (RFC 3339, such as 2026-12-01T16:00:00+03:00)", func(text string) error {
		at, err := time.Parse(time.RFC3339, text)
		*into = timestamppb.New(at)
		return err
	})
}
