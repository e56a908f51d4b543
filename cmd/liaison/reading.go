package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// What both desks read: the same commands under `authority` and `platform`.

// filterFlags are the conditions of a list.
type filterFlags struct {
	states       []string
	counterparty string
	reference    string
	urgency      string
	since        string
	until        string
	newest       bool
}

func (f *filterFlags) add(cmd *cobra.Command) {
	f.addTimes(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.counterparty, "counterparty", "", "only with this organisation at the other end")
	flags.StringVar(&f.reference, "reference", "", "only with this reference: the authority's, the platform's or the order's own number")
	flags.StringVar(&f.urgency, "urgency", "", "only routine or emergency")
	flags.BoolVar(&f.newest, "newest", false, "newest first")
}

// addTimes adds the conditions that every list has.
func (f *filterFlags) addTimes(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.states, "state", nil, "only in these states, such as FILED,ACKNOWLEDGED")
	flags.StringVar(&f.since, "since", "", "only filed at this time or later (RFC 3339)")
	flags.StringVar(&f.until, "until", "", "only filed before this time (RFC 3339)")
}

func (f *filterFlags) filter() (*liaisonv1.RequestFilter, liaisonv1.RequestOrder, error) {
	filter := &liaisonv1.RequestFilter{Counterparty: f.counterparty, Reference: f.reference}
	for _, word := range f.states {
		state, ok := liaisonv1.RequestState_value["REQUEST_STATE_"+strings.ToUpper(word)]
		if !ok || state == 0 {
			return nil, 0, usage("--state: there is no state %q", word)
		}
		filter.States = append(filter.States, liaisonv1.RequestState(state))
	}
	if f.urgency != "" {
		urgency, ok := liaisonv1.Urgency_value["URGENCY_"+strings.ToUpper(f.urgency)]
		if !ok || urgency == 0 {
			return nil, 0, usage("--urgency must be routine or emergency, not %q", f.urgency)
		}
		filter.Urgency = liaisonv1.Urgency(urgency)
	}
	for _, bound := range []struct {
		flag, text string
		into       **timestamppb.Timestamp
	}{{"--since", f.since, &filter.CreatedFrom}, {"--until", f.until, &filter.CreatedBefore}} {
		if bound.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, bound.text)
		if err != nil {
			return nil, 0, usage("%s must be a time such as 2026-10-02T06:40:00Z, not %q", bound.flag, bound.text)
		}
		*bound.into = timestamppb.New(at)
	}
	order := liaisonv1.RequestOrder_REQUEST_ORDER_OLDEST_FIRST
	if f.newest {
		order = liaisonv1.RequestOrder_REQUEST_ORDER_NEWEST_FIRST
	}
	return filter, order, nil
}

func (a *app) listCommand(use, short string, preset ...string) *cobra.Command {
	var f filterFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(f.states) == 0 {
				f.states = preset
			}
			filter, order, err := f.filter()
			if err != nil {
				return err
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			var all []*liaisonv1.RequestSummary
			for summary, err := range conn.Authority().List(cmd.Context(), filter, order) {
				if err != nil {
					return err
				}
				if a.json() {
					if err := a.printJSON(summary); err != nil {
						return err
					}
					continue
				}
				all = append(all, summary)
			}
			if a.json() {
				return nil
			}
			return a.Requests(a.stdout, all)
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show REQUEST", Short: "Show a request in full, with its history", Args: exactArgs("REQUEST"),
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			reader := conn.Authority()
			request, err := reader.Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json() {
				return a.printJSON(request)
			}
			if request.GetSpec().GetTest() {
				fmt.Fprintln(a.stdout, a.Lines(a.Say("*** TEST: a drill, not a real request ***")))
			}
			if err := a.printYAML(request); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, "---")
			for event, err := range reader.Events(cmd.Context(), args[0], 0) {
				if err != nil {
					return err
				}
				if err := a.printEvent(event); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (a *app) watchCommand() *cobra.Command {
	var after uint64
	var onlyNew bool
	var count int
	cmd := &cobra.Command{
		Use: "watch [REQUEST]", Short: "Show events as they happen, until interrupted",
		Long: `Shows which step was taken and by whom: first all that have happened, then each new one
as it happens, until interrupted. --after leaves out what happened up to an event, --new
all that has happened.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactArgs("REQUEST")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if onlyNew && cmd.Flags().Changed("after") {
				return usage("--after and --new exclude each other")
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			reader := conn.Authority()
			if onlyNew {
				if after, err = reader.Newest(cmd.Context()); err != nil {
					return err
				}
				a.remark("Showing what happens after event #%d.", after)
			}
			o := client.WatchOptions{After: after}
			if len(args) == 1 {
				o.Request = args[0]
			}
			shown := 0
			for event, err := range reader.Watch(cmd.Context(), o) {
				if err != nil {
					return err
				}
				if err := a.printEvent(event); err != nil {
					return err
				}
				if shown++; shown == count {
					return nil
				}
			}
			return cmd.Context().Err()
		},
	}
	cmd.Flags().Uint64Var(&after, "after", 0, "begin after the event of this number")
	cmd.Flags().BoolVar(&onlyNew, "new", false, "show only what happens from now on")
	cmd.Flags().IntVar(&count, "count", 0, "stop after so many events; 0: never")
	return cmd
}

func (a *app) awaitCommand() *cobra.Command {
	var words []string
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "await REQUEST", Short: "Wait until a request needs you, is answered or over",
		Long: "Waits until a request is in one of the states of --state; without it, until it needs\nthe authority (a question, an objection), is answered, or is over. If that does not come\nwithin --timeout, the exit code is 5: not now.",
		Args: exactArgs("REQUEST"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f := filterFlags{states: words}
			filter, _, err := f.filter()
			if err != nil {
				return err
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			ctx := cmd.Context()
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
			}
			request, err := conn.Authority().Await(ctx, args[0], filter.GetStates()...)
			if status.Code(err) == codes.DeadlineExceeded {
				awaitEnd(ctx)
			}
			if err != nil && ctx.Err() != nil && cmd.Context().Err() == nil {
				return terminal.Failure("%w: %s is not there after %s", errNotNow, args[0], timeout)
			}
			if err != nil {
				return err
			}
			if a.json() {
				return a.printJSON(request)
			}
			_, err = fmt.Fprintf(a.stdout, "%s  %s  etag %s\n", request.GetName(), terminal.Isolated(a.Word(request.GetState())), terminal.Isolated(request.GetEtag()))
			return err
		},
	}
	cmd.Flags().StringSliceVar(&words, "state", nil, "the states to wait for, such as ANSWERED,REFUSED")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "give up after this time, such as 30s; 0: never")
	return cmd
}

// awaitEnd waits for a context that ends at this moment: a hub knows the time that a call
// has, and may say that it is over just before the context does.
func awaitEnd(ctx context.Context) {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < time.Second {
		<-ctx.Done()
	}
}

func (a *app) openCommand() *cobra.Command {
	return a.partsCommand(&cobra.Command{
		Use: "open REQUEST", Short: "Verify, decrypt and read the answer: who was identified",
		Long: `Reads the answer's parts, each of which the hub gives only together with the record that you
have opened it, checks that each is what the platform signed for exactly this request,
within what was asked and in the ledger, and opens it with the profile's answer key. What
does not hold is not shown: exit code 7.`,
	}, func(ctx context.Context, conn *client.Conn, name string) ([]*liaisonv1.AnswerPart, error) {
		return conn.Authority().Open(ctx, name)
	})
}

func (a *app) givenCommand() *cobra.Command {
	return a.partsCommand(&cobra.Command{
		Use: "given REQUEST", Short: "Read the answer's parts that were given; what is sealed stays so",
	}, func(ctx context.Context, conn *client.Conn, name string) ([]*liaisonv1.AnswerPart, error) {
		return conn.Platform().Given(ctx, name)
	})
}

// partsCommand completes a command that prints an answer's parts.
func (a *app) partsCommand(cmd *cobra.Command, read func(context.Context, *client.Conn, string) ([]*liaisonv1.AnswerPart, error)) *cobra.Command {
	cmd.Args = exactArgs("REQUEST")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		conn, err := a.dial()
		if err != nil {
			return err
		}
		defer conn.Close()
		parts, err := read(cmd.Context(), conn, args[0])
		if err != nil {
			return err
		}
		if len(parts) == 0 && !a.json() {
			if err := a.tell("There is no answer yet."); err != nil {
				return err
			}
		}
		for _, part := range parts {
			if part.GetAnswer() != nil {
				part.Content = nil // the answer is what it says
			}
			if a.json() {
				err = a.printJSON(part)
			} else {
				fmt.Fprintln(a.stdout, "---")
				err = a.printYAML(part)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}
