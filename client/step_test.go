package client_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// lossy is a network that loses the hub's first word on a method, after the hub has
// done what it was asked.
type lossy struct {
	method string
	tries  atomic.Int64
}

func (l *lossy) option() client.Option {
	return client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			err := invoke(ctx, method, in, out, conn, options...)
			if strings.HasSuffix(method, "/"+l.method) && l.tries.Add(1) == 1 && err == nil {
				return status.Error(codes.Unavailable, "the connection broke")
			}
			return err
		}))
}

// TestAStepWhoseAnswerIsLostIsTakenOnce: it is repeated, and the hub knows it again.
func TestAStepWhoseAnswerIsLostIsTakenOnce(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for method, step := range map[string]struct {
		as   string
		take func(ctx context.Context, conn *client.Conn, name string) (*liaisonv1.Event, error)
	}{
		"AcknowledgeRequest": {"agent", func(ctx context.Context, conn *client.Conn, name string) (*liaisonv1.Event, error) {
			return conn.Platform().Acknowledge(ctx, name, nil)
		}},
		"WithdrawRequest": {"officer", func(ctx context.Context, conn *client.Conn, name string) (*liaisonv1.Event, error) {
			return conn.Authority().Withdraw(ctx, name, &liaisonv1.Withdrawal{Reason: "a mistake"})
		}},
		"FileRequest": {"officer", func(ctx context.Context, conn *client.Conn, _ string) (*liaisonv1.Event, error) {
			return conn.Authority().File(ctx, emergency("S-001"))
		}},
	} {
		t.Run(method, func(t *testing.T) {
			before := emergencies(t, kit, 1)[0]
			network := &lossy{method: method}
			event, err := step.take(t.Context(), kit.Conn(t, step.as, network.option()), before)
			if err != nil {
				t.Fatal(err)
			}
			if network.tries.Load() != 2 {
				t.Errorf("it was tried %d times", network.tries.Load())
			}
			same, after := 0, uint64(0)
			officer := kit.Conn(t, "officer").Authority()
			for e, err := range officer.Events(t.Context(), "", 0) {
				if err != nil {
					t.Fatal(err)
				}
				if e.GetRequest() == event.GetRequest() && e.GetState() == event.GetState() {
					same++
				}
				after = e.GetSequence()
			}
			if same != 1 || after != event.GetSequence() {
				t.Errorf("the step was taken %d times; it is event %d, and the last is %d", same, event.GetSequence(), after)
			}
		})
	}
}

// TestAStepWithoutIdentifierIsNotRepeated: nobody could tell it from a second one.
func TestAStepWithoutIdentifierIsNotRepeated(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for name, c := range map[string]struct {
		id    string
		tries int64
		code  codes.Code
	}{
		"without": {"", 1, codes.Unavailable},
		"with":    {uuid.NewString(), 2, codes.OK},
	} {
		t.Run(name, func(t *testing.T) {
			network := &lossy{method: "FileRequest"}
			raw := liaisonv1.NewAuthorityServiceClient(kit.Conn(t, "dpo-officer", network.option()).Unverified())
			_, err := raw.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: c.id}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: emergency("S-" + name)}})
			if status.Code(err) != c.code || network.tries.Load() != c.tries {
				t.Errorf("it was tried %d times and ended with: %v", network.tries.Load(), err)
			}
		})
	}
}

// TestAReadIsRepeated without more ado.
func TestAReadIsRepeated(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	network := &lossy{method: "ListEvents"}
	name := emergencies(t, kit, 1)[0]
	request, err := kit.Conn(t, "agent", network.option()).Platform().Get(t.Context(), name)
	if err != nil || request.GetName() != name || network.tries.Load() != 2 {
		t.Errorf("tried %d times: %v", network.tries.Load(), err)
	}
}

// TestAStepThatIsRememberedCanBeRepeated by a program that crashed in between.
func TestAStepThatIsRememberedCanBeRepeated(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	agent := kit.Conn(t, "agent").Platform()
	name := emergencies(t, kit, 1)[0]
	if _, err := agent.Acknowledge(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	var findings []*liaisonv1.Finding
	for _, s := range exampleSpec().GetSelectors() {
		findings = append(findings, notFound(s))
	}
	part := &liaisonv1.Answer{Screening: client.NoneProtected(), Findings: findings[:1]}
	rest := &liaisonv1.Answer{Screening: client.NoneProtected(), Findings: findings[1:], Final: true}
	for _, answer := range []*liaisonv1.Answer{part, rest} {
		id := client.WithCallID(uuid.New())
		first, err := agent.Answer(t.Context(), name, answer, id)
		if err != nil {
			t.Fatal(err)
		}
		again, err := agent.Answer(t.Context(), name, answer, id)
		if err != nil || again.GetSequence() != first.GetSequence() {
			t.Errorf("it is event %d, and again %d: %v", first.GetSequence(), again.GetSequence(), err)
		}
	}
	if _, err := agent.Answer(t.Context(), name, rest); !errors.Is(err, client.ErrStateForbidsStep) {
		t.Errorf("a new answer after the last: %v", err)
	}
}
