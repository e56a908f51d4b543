package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"buf.build/go/protoyaml"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// demoTimeout is far more than the demo takes: it fails rather than hangs.
const demoTimeout = 2 * time.Minute

func (a *app) demoCommand() *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use: "demo", Short: "Play the whole story on this machine, in seconds", Args: exactArgs(),
		Long: `Starts a hub on loopback with its public-key infrastructure, a ministry's officer, a
judge and a messenger, all in this process and over real mutual TLS, and plays a case
from filing to receipt. Nothing is left behind; with --keep DIR the hub's folder is.`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			ctx, cancel := context.WithTimeout(cmd.Context(), demoTimeout)
			defer cancel()
			dir := keep
			if dir == "" {
				if dir, err = os.MkdirTemp("", "liaison-demo-"); err != nil {
					return err
				}
				defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
			}
			if err := initHub(ctx, dir, initOptions{example: true, listen: defaultListen, domain: "hub.example", store: defaultStore}); err != nil {
				return err
			}
			if err := a.playDemo(ctx, dir); err != nil {
				return err
			}
			if keep != "" {
				a.tellHowToGoOn(dir)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "make the hub's folder here, and leave it to go on with")
	return cmd
}

// demo is the story while it is told.
type demo struct {
	*app
	ctx                      context.Context // the whole story's
	officer, judge, outsider *client.Authority
	messenger                *client.Platform
	conns                    []*client.Conn
	steps                    int
	ledger                   *client.Ledger

	mu       sync.Mutex
	receipts map[uint64]*liaisonv1.Receipt // by the event
	arrived  chan struct{}                 // closed and replaced when another one comes
}

// keep keeps the receipts of all steps, to tell of them.
func (d *demo) keep(r *liaisonv1.Receipt) {
	leaf, err := ledger.ParseLeaf(r.GetRecord().GetLeaf())
	if err != nil {
		return // the SDK has read it
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.receipts[leaf.Sequence] = r
	close(d.arrived)
	d.arrived = make(chan struct{})
}

// receipt returns an event's receipt. Whoever watches may hear of a step before the one
// who took it does, both being in this process, so that it is waited for.
func (d *demo) receipt(ctx context.Context, sequence uint64) (*liaisonv1.Receipt, error) {
	for {
		d.mu.Lock()
		r, arrived := d.receipts[sequence], d.arrived
		d.mu.Unlock()
		if r != nil {
			return r, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// proof tells how an event was signed and receipted.
func (d *demo) proof(sequence uint64) {
	r, err := d.receipt(d.ctx, sequence)
	if err != nil {
		return // the demo has ended
	}
	if e, err := record.Decode(r.GetRecord()); err == nil && e.GetEnvelope() != nil {
		if opened, err := statement.Open(e.GetEnvelope()); err == nil {
			d.under("Signed: %s by %s, over statement %s.", opened.Chain[0].PublicKeyAlgorithm.String(), opened.Chain[0].URIs[0].String(), beginning(statement.Digest(opened.Envelope)))
		}
	}
	leaf, err := ledger.ParseLeaf(r.GetRecord().GetLeaf())
	if err != nil {
		return
	}
	checkpoint := strings.SplitN(r.GetCheckpoint(), "\n", 4)
	d.under("Receipt: leaf %s, proved by %d hashes in the ledger of %s events, root %s.",
		beginning(leaf.Digest[:]), len(r.GetInclusionProof()), checkpoint[1], terminal.Shorten(checkpoint[2], 13))
}

// beginning is a digest's beginning, in hexadecimal digits.
func beginning(digest []byte) string { return fmt.Sprintf("%x…", digest[:6]) }

func (a *app) playDemo(ctx context.Context, dir string) (err error) {
	hub, err := openHub(ctx, dir, "127.0.0.1:0", io.Discard)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- hub.serve(serving) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	d := &demo{ctx: ctx, app: a, receipts: make(map[uint64]*liaisonv1.Receipt), arrived: make(chan struct{})}
	defer d.close()
	connect := func(name string) *client.Conn {
		conn, failed := profile.Dial(filepath.Join(dir, "profiles", name), client.WithTarget(hub.address), client.WithReceipts(d.keep))
		if failed != nil {
			err = errors.Join(err, failed)
			return nil
		}
		d.conns = append(d.conns, conn)
		return conn
	}
	officer, judge, dpo, agent := connect("officer"), connect("approver"), connect("dpo-officer"), connect("agent")
	if err != nil {
		return err
	}
	d.officer, d.judge, d.outsider, d.messenger = officer.Authority(), judge.Authority(), dpo.Authority(), agent.Platform()
	d.ledger = officer.Ledger()
	d.line("A hub listens on %s. Everybody has a certificate of their own organisation's authority.", hub.address)
	d.pause()
	started := time.Now()
	if err := d.play(ctx, agent); err != nil {
		return err
	}
	d.pause()
	d.line("The whole story took %s over mutual TLS, and every step is on disk.", time.Since(started).Round(time.Millisecond))
	return nil
}

func (d *demo) close() {
	for _, conn := range d.conns {
		conn.Close()
	}
}

// play plays the case of the voter register, and shows at each step who sees what.
func (d *demo) play(ctx context.Context, agent *client.Conn) error {
	spec, question, reply := &liaisonv1.RequestSpec{}, &liaisonv1.Clarification{}, &liaisonv1.ClarificationReply{}
	part, final := &liaisonv1.Answer{}, &liaisonv1.Answer{}
	for name, message := range map[string]proto.Message{
		"request": spec, "clarification": question, "reply": reply, "answer-partial": part, "answer-final": final,
	} {
		if err := readCase("01-voter-register/"+name+".yaml", message); err != nil {
			return err
		}
	}

	filed, err := d.officer.File(ctx, spec)
	if err != nil {
		return err
	}
	name := filed.GetRequest()
	d.step(filed, "The ministry's officer files %s: “%s”", spec.GetReference(), d.Title(spec.GetIncident().GetTitles()))
	if err := d.hidden(ctx, "the messenger", d.messenger, name); err != nil {
		return err
	}

	read, err := d.judge.Get(ctx, name)
	if err != nil {
		return err
	}
	approved, err := d.judge.Approve(ctx, name, &liaisonv1.Approval{}, client.IfMatch(read.GetEtag()))
	if err != nil {
		return err
	}
	d.step(approved, "A judge, another person, reads it and approves exactly that version")
	if err := d.hidden(ctx, "another authority", d.outsider, name); err != nil {
		return err
	}

	// From here on the messenger's side is its worker: one function.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	worker, err := client.NewPlatformWorker(agent, func(_ context.Context, r *client.Request) (client.Response, error) {
		switch {
		case r.LastReply() == nil:
			return client.Question(question.GetQuestion(), question.GetSelectorIds()...), nil
		case r.GetAnswerParts() == 0:
			return client.PreparedAnswer(part), nil
		default:
			return client.PreparedAnswer(final), nil
		}
	}, client.WithAcknowledgement(func(*liaisonv1.Request) *liaisonv1.Acknowledgement {
		return &liaisonv1.Acknowledgement{PlatformReference: "MSG-88-1417"}
	}))
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		err := worker.Run(ctx)
		if err != nil {
			cancel(err)
		}
		ended <- err
	}()
	if err := d.follow(ctx, name, filed.GetSequence()+1, reply); err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	if err := d.readAnswer(ctx, name); err != nil {
		return err
	}
	closed, err := d.officer.ConfirmReceipt(ctx, name, &liaisonv1.ReceiptConfirmation{})
	if err != nil {
		return err
	}
	d.step(closed, "The officer confirms receipt")
	checked, err := d.ledger.Verify(ctx, nil)
	if err != nil {
		return err
	}
	d.pause()
	d.line("The officer reads the whole ledger again: %d events, each hashed anew and proved, and %d signatures hold.", checked.Own, checked.Signatures)
	cancel(nil)
	return <-ended
}

// follow watches as the officer does, replies to the question, and tells what
// happens until the request is answered.
func (d *demo) follow(ctx context.Context, name string, after uint64, reply *liaisonv1.ClarificationReply) error {
	for event, err := range d.officer.Watch(ctx, client.WatchOptions{Request: name, After: after}) {
		if err != nil {
			return err
		}
		switch detail := event.GetDetail().(type) {
		case *liaisonv1.Event_Acknowledged:
			d.step(event, "The messenger acknowledges it as %s", detail.Acknowledged.GetPlatformReference())
		case *liaisonv1.Event_ClarificationAsked:
			d.step(event, "The messenger asks: “%s”", detail.ClarificationAsked.GetQuestion())
			if _, err := d.officer.Reply(ctx, name, reply); err != nil {
				return err
			}
		case *liaisonv1.Event_ClarificationReplied:
			d.step(event, "The officer replies: “%s”", detail.ClarificationReplied.GetText())
		case *liaisonv1.Event_PartiallyAnswered:
			d.step(event, "The messenger answers in part (%s)", terminal.Safe(d.Outcomes(detail.PartiallyAnswered)))
		case *liaisonv1.Event_Answered:
			d.step(event, "The messenger gives the rest (%s)", terminal.Safe(d.Outcomes(detail.Answered)))
			return nil
		}
	}
	return ctx.Err()
}

// readAnswer reads who was identified, as the officer alone may.
func (d *demo) readAnswer(ctx context.Context, name string) error {
	parts, err := d.officer.Open(ctx, name)
	if err != nil {
		return err
	}
	for i, part := range parts {
		format, _, _ := strings.Cut(string(part.GetContent()), "\n")
		d.under("What the hub has of part %d: %d sealed bytes, %s.", i+1, len(part.GetContent()), format)
	}
	d.under("The officer opens the answer with the key that nobody else has:")
	for _, p := range parts {
		for _, finding := range p.GetAnswer().GetFindings() {
			for _, party := range finding.GetParties() {
				said := d.Say("account %s, %s, %s", party.GetAccount().GetId(), strings.Join(d.roleWords(party.GetRoles()), d.Say(", ")), d.Word(party.GetConfidence()))
				fmt.Fprintf(d.stdout, "     %-9s %s\n", terminal.Isolated(finding.GetSelectorId()), d.Lines(said))
			}
		}
	}
	if _, err := d.judge.Open(ctx, name); !errors.Is(err, client.ErrRoleNotAllowed) {
		return terminal.Failure("the judge reads an answer that is not the judge's to read: %w", err)
	}
	d.under("The judge asks for the answer too: %s. Events and logs never name anybody.", "ROLE_NOT_ALLOWED")
	return nil
}

// caseReader reads one request, at either side.
type caseReader interface {
	Get(ctx context.Context, name string) (*liaisonv1.Request, error)
}

// hidden shows that a request does not exist for somebody, and fails if it does.
func (d *demo) hidden(ctx context.Context, who string, reader caseReader, name string) error {
	if _, err := reader.Get(ctx, name); !errors.Is(err, client.ErrNotFound) {
		return terminal.Failure("%s sees what is not there for it to see: %w", terminal.Phrase{Key: who}, err)
	}
	d.under("For %s it does not exist: %s", terminal.Phrase{Key: who}, "RESOURCE_NOT_FOUND")
	return nil
}

// step tells a step and where the request stands after it.
func (d *demo) step(e *liaisonv1.Event, key string, args ...any) {
	d.steps++
	d.line("%d. %s.", d.steps, terminal.Phrase{Key: key, Args: args})
	d.under("Event %s: %s.", fmt.Sprintf("#%d", e.GetSequence()), terminal.Safe(d.Taken(e, d.last)))
	d.last = e
	d.proof(e.GetSequence())
}

// line says something in a line of its own.
func (d *demo) line(key string, args ...any) {
	fmt.Fprintln(d.stdout, d.Lines(d.Say(key, args...)))
}

// under says something that belongs to the line above.
func (d *demo) under(key string, args ...any) {
	fmt.Fprintln(d.stdout, "   "+d.Lines(d.Say(key, args...)))
}

func (d *demo) pause() { fmt.Fprintln(d.stdout) }

func (d *demo) roleWords(roles []liaisonv1.PartyRole) []string {
	var words []string
	for _, role := range roles {
		words = append(words, d.Word(role))
	}
	return words
}

// readCase reads a message of the example cases.
func readCase(path string, message proto.Message) error {
	text, err := cases.Files.ReadFile("" + path)
	if err != nil {
		return err
	}
	return protoyaml.UnmarshalOptions{Path: path, Validator: ruleChecker{}}.Unmarshal(text, message)
}

// tellHowToGoOn prints the lines to type next.
func (a *app) tellHowToGoOn(dir string) {
	fmt.Fprintf(a.stdout, `
%[3]s

  liaison hub serve %[1]s
  liaison --profile %[1]s/profiles/officer authority list
  liaison --profile %[1]s/profiles/agent platform watch
  liaison --profile %[1]s/profiles/auditor ledger verify
  grpcurl -cacert %[1]s/profiles/officer/hub-ca.pem -cert %[1]s/profiles/officer/cert.pem -key %[1]s/profiles/officer/key.pem \
    %[2]s liaison.v1.RequestService/ListRequests
`, dir, defaultListen, a.Lines(a.Say("The hub's folder is %s. To go on:", dir)))
}
