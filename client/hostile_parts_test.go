package client_test

import (
	"context"
	"crypto/x509"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"

	"crypto"
)

// signerFor signs as one of the kit's people.
func signerFor(kit *liaisontest.Kit, who string) *envelope.Signer {
	certificate := kit.Certificate(who)
	return &envelope.Signer{Key: certificate.PrivateKey.(crypto.Signer), Chain: []*x509.Certificate{certificate.Leaf}}
}

// resign changes what an event's statement says: signed anew by somebody, or left with
// the old signature.
func resign(e *liaisonv1.Event, by *envelope.Signer, change func(*liaisonv1.Statement)) {
	s, err := statement.Decode(e.GetEnvelope())
	if err != nil {
		panic(err)
	}
	change(s)
	payload, parts, err := part.Split(s, func() ([]byte, error) { return make([]byte, part.SaltSize), nil })
	if err != nil {
		panic(err)
	}
	signed := proto.CloneOf(e.GetEnvelope())
	signed.Payload = payload
	if by != nil {
		if signed, err = envelope.Sign(*by, envelope.StatementType, payload); err != nil {
			panic(err)
		}
	}
	signed.Parts, e.Envelope = parts, signed
}

// recipient is one of the hub's own.
func recipient(kit *liaisontest.Kit) string {
	keys, err := sealed.ParseKeys(kit.AnswerKeys("authorities/nobody"))
	if err != nil {
		panic(err)
	}
	return keys.Recipients()[0]
}

// receiptsOf are the real hub's receipts of a request's events.
func receiptsOf(t *testing.T, kit *liaisontest.Kit, name string) []*liaisonv1.Receipt {
	t.Helper()
	out, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, "agent").Unverified()).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name, View: records})
	if err != nil {
		t.Fatal(err)
	}
	return out.GetReceipts()
}

// envelopeOf is what a request was filed with.
func envelopeOf(t *testing.T, kit *liaisontest.Kit, name string) *liaisonv1.Envelope {
	t.Helper()
	e, err := record.Decode(receiptsOf(t, kit, name)[0].GetRecord())
	if err != nil {
		t.Fatal(err)
	}
	return e.GetEnvelope()
}

// awaited files a request that is narrowed and then approved, and returns its name.
func awaited(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	officer, approver := kit.Conn(t, "officer").Authority(), kit.Conn(t, "approver").Authority()
	spec := exampleSpec()
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	amended, err := officer.Amend(t.Context(), filed.GetRequest(), &liaisonv1.Amendment{Narrowing: &liaisonv1.Narrowing{
		Selectors: spec.GetSelectors()[:1], Categories: spec.GetCategories(), Period: spec.GetPeriod(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := approver.Approve(t.Context(), filed.GetRequest(), nil, client.IfMatch(amended.GetEtag())); err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest()
}

// checkpointOf is the real hub's newest checkpoint.
func checkpointOf(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	out, err := liaisonv1.NewLedgerServiceClient(kit.Conn(t, "operator").Unverified()).GetCheckpoint(t.Context(), &liaisonv1.GetCheckpointRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return out.GetCheckpoint()
}

// see looks at the ledger as it is.
func see(t *testing.T, conn *client.Conn) {
	t.Helper()
	if _, err := conn.Ledger().Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func readAgain(name string) func(*testing.T, *client.Conn) error {
	return func(t *testing.T, conn *client.Conn) error {
		_, err := conn.Authority().Get(t.Context(), name)
		return err
	}
}

func file(t *testing.T, conn *client.Conn) error {
	_, err := conn.Authority().File(t.Context(), emergency("H-3"))
	return err
}

// watchAll watches from the beginning until something is wrong.
func watchAll(t *testing.T, conn *client.Conn) error {
	for _, err := range conn.Authority().Watch(t.Context(), client.WatchOptions{}) {
		if err != nil {
			return err
		}
	}
	return nil
}

// dropping leaves the nth event out of a stream: a sign of life that claims that nothing
// is missing comes in its place.
func dropping(n uint64) func(*testing.T, *hostile) func(any) {
	return func(*testing.T, *hostile) func(any) {
		return func(reply any) {
			out, ok := reply.(*liaisonv1.WatchEventsResponse)
			if !ok || sequenceOf(out) != n {
				return
			}
			checkpoint := out.GetReceipt().GetCheckpoint()
			proto.Reset(out)
			out.Message = &liaisonv1.WatchEventsResponse_Heartbeat{Heartbeat: &liaisonv1.Heartbeat{Sequence: n, Checkpoint: checkpoint}}
		}
	}
}

// repeating sends the second event of a stream in place of the third.
func repeating(*testing.T, *hostile) func(any) {
	var second *liaisonv1.WatchEventsResponse
	return func(reply any) {
		out, ok := reply.(*liaisonv1.WatchEventsResponse)
		switch {
		case !ok:
		case sequenceOf(out) == 2:
			second = proto.CloneOf(out)
		case sequenceOf(out) == 3:
			proto.Reset(out)
			proto.Merge(out, second)
		}
	}
}

// watchOnce watches until the hub says that there is no more, or something is wrong.
func watchOnce(t *testing.T, conn *client.Conn) error {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for e, err := range conn.Authority().Watch(ctx, client.WatchOptions{}) {
		if err != nil {
			return err
		}
		if e.GetEtag() == "x" { // a test's own is the last
			return nil
		}
	}
	return nil
}

// recordedOf are a request's events as they are recorded.
func recordedOf(t *testing.T, kit *liaisontest.Kit, who, name string) []*liaisonv1.Event {
	t.Helper()
	out, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, who).Unverified()).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name, View: records})
	if err != nil {
		t.Fatal(err)
	}
	var events []*liaisonv1.Event
	for _, receipt := range out.GetReceipts() {
		e, err := record.Decode(receipt.GetRecord())
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// pageOf is what the real hub shows the agent of a request.
func pageOf(t *testing.T, kit *liaisontest.Kit, name string) *liaisonv1.ListEventsResponse {
	t.Helper()
	out, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, "agent").Unverified()).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{Request: name, View: records})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// agentOf is the agent's SPIFFE ID.
func agentOf(t *testing.T, kit *liaisontest.Kit) string {
	t.Helper()
	return kit.Certificate("agent").Leaf.URIs[0].String()
}

// nothingFound answers that nothing was found.
func nothingFound() *liaisonv1.Answer {
	answer := &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true}
	for _, s := range exampleSpec().GetSelectors() {
		answer.Findings = append(answer.Findings, notFound(s))
	}
	return answer
}
