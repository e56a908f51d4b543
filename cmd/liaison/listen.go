package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"

	"buf.build/go/protovalidate"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) listenCommand() *cobra.Command {
	var command, state string
	var concurrency int
	var takeover time.Duration
	cmd := &cobra.Command{
		Use: "listen --exec CMD", Short: "Answer requests with a program", Args: exactArgs(),
		Long: `Watches the inbox, acknowledges what comes, and runs CMD once for each request that
waits for the platform, through 'sh -c'. CMD reads one JSON object from standard input:

  {"request": …, "events": […]}     the request as it stands, and its history

and writes one JSON object to standard output, with exactly one of

  {"answer": …}                     an Answer of the contract; "final": true ends it
  {"clarification": …}              a Clarification: a question to the authority
  {"objection": …}                  an Objection
  {"refusal": …}                    a Refusal
  {"preservation": …}               a PreservationConfirmation
  {"later": "15m"}                  nothing now; ask again after this time

Field names are the contract's. If CMD fails or its output is none of these, it is run
again after a pause that grows. What it writes to standard error goes to this
command's. A request that is withdrawn or narrowed in the meantime ends CMD.

With --state-dir the command goes on where it stopped. With --takeover several of
them share an inbox, each with a state folder of its own.`,
		Example: `  liaison --profile profiles/agent platform listen --exec ./decide.py --state-dir state`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if command == "" {
				return usage("--exec is required: the command that answers a request")
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			options := []client.WorkerOption{
				client.WithStateDir(state),
				client.WithConcurrency(concurrency),
				client.WithLogger(slog.New(slog.NewTextHandler(a.stderr, nil))),
			}
			if takeover > 0 {
				options = append(options, client.WithSharedInbox(takeover))
			}
			worker, err := client.NewPlatformWorker(conn, a.handler(command), options...)
			if err != nil {
				return err
			}
			return worker.Run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&command, "exec", "", "command that answers a request")
	cmd.Flags().StringVar(&state, "state-dir", "", "folder that remembers what was taken on")
	cmd.Flags().IntVar(&concurrency, "concurrency", 4, "how many commands may run at a time")
	cmd.Flags().DurationVar(&takeover, "takeover", 0, "share the inbox with others, and go on with what another left lying for so long")
	return cmd
}

// handler runs a command for each request.
func (a *app) handler(command string) client.Handler {
	return func(ctx context.Context, r *client.Request) (client.Response, error) {
		input, err := execInput(r)
		if err != nil {
			return nil, err
		}
		run := exec.CommandContext(ctx, "sh", "-c", command)
		run.Stdin = bytes.NewReader(input)
		run.Stderr = a.stderr
		endTogether(run)
		run.WaitDelay = 5 * time.Second
		var output bytes.Buffer
		run.Stdout = &output
		if err := run.Run(); err != nil {
			return nil, terminal.Failure("run the command: %w", err)
		}
		response, err := execOutput(output.Bytes())
		if err != nil {
			a.complain(a.Lines(a.Say("the command's output for %s is not valid: %s", r.GetName(), err)))
		}
		return response, err
	}
}

// endTogether makes a command's end, when it is called off, that of everything it
// started: what sh alone left behind could go on with a request that is withdrawn.
func endTogether(run *exec.Cmd) {
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run.Cancel = func() error {
		err := syscall.Kill(-run.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}

// execInput is what the command reads.
func execInput(r *client.Request) ([]byte, error) {
	request, err := terminal.JSON(r.Request)
	if err != nil {
		return nil, err
	}
	events := []json.RawMessage{}
	for _, e := range r.Events {
		event, err := terminal.JSON(e)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return json.Marshal(map[string]any{"request": json.RawMessage(request), "events": events})
}

// execOutput reads what the command wrote. Its errors name fields and quote nothing.
func execOutput(text []byte) (response client.Response, err error) {
	name, value, err := onlyField(text)
	if err != nil {
		return nil, err
	}
	switch name {
	case "answer":
		m := &liaisonv1.Answer{}
		err = readField(name, value, m)
		response = client.PreparedAnswer(m)
	case "clarification":
		m := &liaisonv1.Clarification{}
		err = readField(name, value, m)
		response = client.Question(m.GetQuestion(), m.GetSelectorIds()...)
	case "objection":
		m := &liaisonv1.Objection{}
		err = readField(name, value, m)
		response = client.Objection(m)
	case "refusal":
		m := &liaisonv1.Refusal{}
		err = readField(name, value, m)
		response = client.Refusal(m.GetGrounds()...)
	case "preservation":
		m := &liaisonv1.PreservationConfirmation{}
		err = readField(name, value, m)
		response = client.Preserved(m)
	case "later":
		var pause time.Duration
		pause, err = readPause(value)
		response = client.Later(pause)
	default:
		err = terminal.Failure("its field is none of answer, clarification, objection, refusal, preservation, later")
	}
	if err != nil {
		return nil, err
	}
	return response, nil
}

// onlyField returns the field of an object that has one, once: of a field that
// stands twice, reading into a map would drop the first without a word.
func onlyField(text []byte) (name string, value json.RawMessage, err error) {
	if !json.Valid(text) || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return "", nil, terminal.Failure("it is not one JSON object")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return "", nil, terminal.Failure("it is not one JSON object")
	}
	count := 0
	for ; decoder.More(); count++ {
		key, err := decoder.Token()
		if err != nil {
			return "", nil, terminal.Failure("it is not one JSON object")
		}
		name, _ = key.(string)
		if err := decoder.Decode(&value); err != nil {
			return "", nil, terminal.Failure("it is not one JSON object")
		}
	}
	if count != 1 {
		return "", nil, terminal.Failure("it must have exactly one of answer, clarification, objection, refusal, preservation, later")
	}
	return name, value, nil
}

func readPause(value []byte) (time.Duration, error) {
	var text string
	err := json.Unmarshal(value, &text)
	pause, err2 := time.ParseDuration(text)
	if err != nil || err2 != nil || pause < 0 {
		return 0, terminal.Failure(`later must be a time such as "15m"`)
	}
	return pause, nil
}

func readField(name string, value []byte, message proto.Message) error {
	if err := protojson.Unmarshal(value, message); err != nil {
		return terminal.Failure("%s is not a %s of the contract", name, string(message.ProtoReflect().Descriptor().Name()))
	}
	err := protovalidate.Validate(message)
	var invalid *protovalidate.ValidationError
	if errors.As(err, &invalid) {
		v := invalid.ToProto().GetViolations()[0]
		return terminal.Failure("%s.%s: %s", name, protovalidate.FieldPathString(v.GetField()), v.GetMessage())
	}
	return err
}
