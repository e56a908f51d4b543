package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// app is one run of the command: where it reads and writes, and the flags that
// every part of it shares.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	profile  string
	hub      string
	output   string
	language string

	terminal.Speaker // in the person's language

	printed bool             // whether a call was printed instead of being made
	last    *liaisonv1.Event // what was printed last
}

// newApp makes an app that speaks a language.
func newApp(l catalogue.Language) *app {
	a := &app{}
	a.Speaker = terminal.Speaker{Language: l, Cause: a.cause}
	return a
}

// run runs the command and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := newApp(languageOf(args, os.Getenv))
	a.stdin, a.stdout, a.stderr = stdin, stdout, stderr
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil && !errors.Is(err, errUsage) {
		return exitInterrupted
	}
	if err != nil {
		a.explain(err)
	}
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "liaison",
		Short: "File and answer data-breach disclosure requests",
		Long: `Liaison carries data-breach disclosure requests between authorities and platforms
over mutual TLS, through a hub that holds both to the protocol.

Try it:    liaison demo
Set up:    liaison hub init DIR --example, then liaison hub serve DIR

A profile is a folder with cert.pem, key.pem, hub-ca.pem and profile.yaml: who you
are and where the hub is. Name it with --profile or LIAISON_PROFILE.

Exit codes:
  0  it worked
  1  something failed
  2  the command or its input is not valid; the field is named
  3  there is no such thing, or none that you may see
  4  you may not: role, certificate, suspension
  5  not now: the request's state, or somebody changed it (etag)
  6  the hub cannot be reached or is busy; try again
  7  the hub, or the other side, is not to be trusted: a signature, a proof or a
     history does not hold
130  interrupted`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: a.checkFlags,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Args:              exactArgs(),
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.profile, "profile", os.Getenv("LIAISON_PROFILE"), "folder that says who you are and where the hub is")
	flags.StringVar(&a.hub, "hub", os.Getenv("LIAISON_HUB"), "address of the hub, HOST:PORT, in place of the profile's")
	flags.StringVarP(&a.output, "output", "o", "table", "table for people, json for programs (one object a line)")
	flags.StringVar(&a.language, "language", "", "language to speak: en, ar or ckb; else that of LIAISON_LANGUAGE or of the locale")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage("%w; see '%s --help'", err, cmd.CommandPath()) })
	root.AddCommand(a.demoCommand(), a.hubCommand(), a.authorityCommand(), a.platformCommand(), a.reviewerCommand(), a.auditorCommand(), a.ledgerCommand(),
		a.trustCommand(), a.directoryCommand(), a.pkiCommand(), a.reportCommand(), a.manCommand(), a.versionCommand())
	a.translate(root)
	return root
}

func (a *app) checkFlags(*cobra.Command, []string) error {
	if a.output != "table" && a.output != "json" {
		return usage("--output must be table or json, not %q", a.output)
	}
	if _, ok := catalogue.Parse(a.language); a.language != "" && !ok {
		return usage("--language must be en, ar or ckb, not %q", a.language)
	}
	return nil
}

// dial connects with the profile.
func (a *app) dial() (*client.Conn, error) { return a.dialWith() }

// dialToPrint connects with the profile so that everything is read as usual, and the
// step that would be taken is printed instead of being taken: complete, signed and
// sealed, for grpcurl or another program to send.
func (a *app) dialToPrint() (*client.Conn, error) {
	return a.dialWith(client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			step, isStep := request.(interface {
				proto.Message
				GetCall() *liaisonv1.Call
			})
			if !isStep {
				return invoke(ctx, method, request, reply, conn, options...)
			}
			a.printed = true
			if err := a.printJSON(step); err != nil {
				return err
			}
			return errPrinted
		})))
}

// errPrinted ends a call that was printed.
var errPrinted = errors.New("the call was printed")

// orPrinted returns err, unless the call was printed.
func (a *app) orPrinted(event *liaisonv1.Event, err error) error {
	switch {
	case a.printed:
		return nil
	case err != nil:
		return err
	default:
		return a.printEvent(event)
	}
}

func (a *app) dialWith(more ...client.Option) (*client.Conn, error) {
	if a.profile == "" {
		return nil, usage("--profile is required: a folder with cert.pem, key.pem, hub-ca.pem and profile.yaml (or set LIAISON_PROFILE)")
	}
	options := append(more, client.WithLanguage(string(a.Language)))
	if a.hub != "" {
		options = append(options, client.WithTarget(a.hub))
	}
	conn, err := profile.Dial(a.profile, options...)
	if err != nil {
		return nil, usage("%w", err)
	}
	return conn, nil
}

// exactArgs is cobra.ExactArgs with an error that says what is missing.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usage("%s is missing; usage: %s", names[len(args)], cmd.UseLine())
		case len(args) > len(names):
			return usage("%q is one argument too many, or not a command; see '%s --help'", args[len(names)], cmd.CommandPath())
		default:
			return nil
		}
	}
}

// group makes a command that only holds others.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Long: long,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("%s has no command %q; see '%s --help'", cmd.CommandPath(), args[0], cmd.CommandPath())
			}
			return cmd.Help()
		},
	}
	c.AddCommand(commands...)
	return c
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: exactArgs(),
		RunE: func(*cobra.Command, []string) error {
			version := "unknown"
			if info, ok := debug.ReadBuildInfo(); ok {
				version = info.Main.Version
			}
			_, err := fmt.Fprintf(a.stdout, "liaison %s\n", version)
			return err
		},
	}
}
