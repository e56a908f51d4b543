package client_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestWhatAHandlerDecidesIsWhatHappens: each response leads to the state that the
// contract gives it, and the handler is called again where it has more to say.
func TestWhatAHandlerDecidesIsWhatHappens(t *testing.T) {
	t.Parallel()
	ground := &liaisonv1.Ground{Code: liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE, Explanation: "One of the two is enough."}
	preserve := func(spec *liaisonv1.RequestSpec) {
		spec.Kind = liaisonv1.RequestKind_REQUEST_KIND_PRESERVE
		spec.Preservation = &liaisonv1.Preservation{
			StartTime: timestamppb.New(time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)),
			EndTime:   timestamppb.New(time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)),
		}
	}
	kit := liaisontest.New(t)
	var postponed atomic.Bool
	cases := []struct {
		name    string
		change  func(*liaisonv1.RequestSpec)
		handler client.Handler
		want    liaisonv1.RequestState
		events  []string // behind the filing
	}{
		{
			name: "an answer", handler: answerAll,
			want:   liaisonv1.RequestState_REQUEST_STATE_ANSWERED,
			events: []string{"acknowledged", "answered"},
		},
		{
			name: "an objection, answered once it is met",
			handler: func(ctx context.Context, r *client.Request) (client.Response, error) {
				if len(r.GetSpec().GetSelectors()) == 2 {
					return client.Objection(&liaisonv1.Objection{Grounds: []*liaisonv1.Ground{ground}, SelectorIds: []string{"owner"}}), nil
				}
				return answerAll(ctx, r)
			},
			want:   liaisonv1.RequestState_REQUEST_STATE_ANSWERED,
			events: []string{"acknowledged", "objected", "amended", "answered"},
		},
		{
			name: "a refusal",
			handler: func(context.Context, *client.Request) (client.Response, error) {
				return client.Refusal(ground), nil
			},
			want:   liaisonv1.RequestState_REQUEST_STATE_REFUSED,
			events: []string{"acknowledged", "refused"},
		},
		{
			name: "a preservation", change: preserve,
			handler: func(context.Context, *client.Request) (client.Response, error) {
				return client.Preserved(&liaisonv1.PreservationConfirmation{}), nil
			},
			want:   liaisonv1.RequestState_REQUEST_STATE_PRESERVED,
			events: []string{"acknowledged", "preservation_confirmed"},
		},
		{
			name: "later",
			handler: func(ctx context.Context, r *client.Request) (client.Response, error) {
				if postponed.CompareAndSwap(false, true) {
					return client.Later(0), nil
				}
				return answerAll(ctx, r)
			},
			want:   liaisonv1.RequestState_REQUEST_STATE_ANSWERED,
			events: []string{"acknowledged", "answered"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), c.handler)
			if err != nil {
				t.Fatal(err)
			}
			defer run(t, worker)()
			officer := kit.Conn(t, "officer").Authority()
			spec := emergency("D-001")
			if c.change != nil {
				c.change(spec)
			}
			event, err := officer.File(t.Context(), spec)
			if err != nil {
				t.Fatal(err)
			}
			request, err := officer.Await(t.Context(), event.GetRequest())
			if err == nil && request.GetState() == liaisonv1.RequestState_REQUEST_STATE_OBJECTED {
				narrowing := &liaisonv1.Narrowing{Selectors: spec.GetSelectors()[:1], Categories: spec.GetCategories()}
				if _, err := officer.Amend(t.Context(), request.GetName(), &liaisonv1.Amendment{Narrowing: narrowing}); err != nil {
					t.Fatal(err)
				}
				request, err = officer.Await(t.Context(), request.GetName(), c.want)
			}
			if err != nil || request.GetState() != c.want {
				t.Fatalf("the request is %s: %v", request.GetState(), err)
			}
			if got := details(t, officer, request.GetName()); !slices.Equal(got, append([]string{"filed"}, c.events...)) {
				t.Errorf("what happened is %q", got)
			}
		})
	}
}

// TestANarrowedRequestEndsTheHandlerOfTheBroadOne: a person at the platform objects
// by hand while the handler works, and the authority narrows.
func TestANarrowedRequestEndsTheHandlerOfTheBroadOne(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	started := make(chan struct{}, 1)
	cause := make(chan error, 1)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		if len(r.GetSpec().GetSelectors()) == 2 {
			started <- struct{}{}
			<-ctx.Done()
			cause <- context.Cause(ctx)
		}
		return answerAll(ctx, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	name := emergencies(t, kit, 1)[0]
	<-started
	objection := &liaisonv1.Objection{Grounds: []*liaisonv1.Ground{{
		Code: liaisonv1.GroundCode_GROUND_CODE_DISPROPORTIONATE, Explanation: "One is enough.",
	}}}
	if _, err := kit.Conn(t, "agent").Platform().Object(t.Context(), name, objection); err != nil {
		t.Fatal(err)
	}
	spec := exampleSpec()
	narrowing := &liaisonv1.Narrowing{Selectors: spec.GetSelectors()[:1], Categories: spec.GetCategories()}
	if _, err := kit.Conn(t, "officer").Authority().Amend(t.Context(), name, &liaisonv1.Amendment{Narrowing: narrowing}); err != nil {
		t.Fatal(err)
	}
	if err := <-cause; !errors.Is(err, client.ErrChanged) {
		t.Errorf("the handler's context ended for: %v", err)
	}
	answered(t, kit, []string{name})
}

// TestAHandlerDoesNotSeeWhatWasWithdrawnWhileItWaited for its place.
func TestAHandlerDoesNotSeeWhatWasWithdrawnWhileItWaited(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	started, goOn := make(chan string, 1), make(chan struct{})
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		started <- r.GetName()
		<-goOn
		return answerAll(ctx, r)
	}, client.WithConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	officer := kit.Conn(t, "officer").Authority()
	names := emergencies(t, kit, 2)
	first := <-started
	second := names[0]
	if first == second {
		second = names[1]
	}
	if _, err := officer.Await(t.Context(), second, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED); err != nil {
		t.Fatal(err)
	}
	if _, err := officer.Withdraw(t.Context(), second, &liaisonv1.Withdrawal{Reason: "a mistake"}); err != nil {
		t.Fatal(err)
	}
	last := emergencies(t, kit, 1)[0]
	if _, err := officer.Await(t.Context(), last, liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED); err != nil {
		t.Fatal(err) // it was filed after the withdrawal: the worker has read that too
	}
	close(goOn)
	if next := <-started; next != last {
		t.Error("the handler was called for a withdrawn request")
	}
	answered(t, kit, []string{first, last})
}

// TestAnErrorFromElsewhereDoesNotEndTheWorker: a handler may call another hub.
func TestAnErrorFromElsewhereDoesNotEndTheWorker(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	var calls atomic.Int64
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		if calls.Add(1) == 1 {
			return nil, client.ErrParticipantSuspended
		}
		return answerAll(ctx, r)
	}, client.WithRetryPause(time.Millisecond, time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	answered(t, kit, emergencies(t, kit, 1))
}

// emergency is a request that needs no approval.
func emergency(reference string) *liaisonv1.RequestSpec {
	spec := exampleSpec()
	spec.Reference = reference
	spec.Urgency = liaisonv1.Urgency_URGENCY_EMERGENCY
	spec.Threat = &liaisonv1.Threat{Kind: liaisonv1.ThreatKind_THREAT_KIND_LIFE, Statement: "A threat."}
	return spec
}

// details are the names of what happened to a request, in order.
func details(t *testing.T, reader *client.Authority, name string) []string {
	t.Helper()
	var names []string
	for event, err := range reader.Events(t.Context(), name, 0) {
		if err != nil {
			t.Fatal(err)
		}
		m := event.ProtoReflect()
		names = append(names, string(m.WhichOneof(m.Descriptor().Oneofs().ByName("detail")).Name()))
	}
	return names
}
