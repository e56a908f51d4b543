package client_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// scripts are letters of one byte, and of two.
var scripts = map[string]string{"English": "n", "Arabic": "ن"}

// text is so many bytes of a script, or one fewer.
func text(letter string, size int) string { return strings.Repeat(letter, size/len(letter)) }

// largest is a request with as many selectors as there may be, and as many bytes.
func largest(letter string) *liaisonv1.RequestSpec {
	spec := exampleSpec()
	spec.Selectors = nil
	for i := range 500 {
		s := proto.CloneOf(exampleSpec().GetSelectors()[0])
		s.Id = fmt.Sprintf("s%d", i)
		s.GetAccount().Id = fmt.Sprintf("700%09d", i)
		s.Necessity = letter
		spec.Selectors = append(spec.Selectors, s)
	}
	const recipient = 1959 + 3                                       // which File adds
	room := scope.MaxContent - recipient - proto.Size(spec) - 500*10 // lengths take more bytes as texts grow
	for _, s := range spec.GetSelectors() {
		s.Necessity = text(letter, room/500)
	}
	spec.Necessity = text(letter, min(20000, scope.MaxContent-recipient-proto.Size(spec)))
	return spec
}

// measured has every reply and message measured. A plain client takes four times as much.
func measured(t *testing.T, conn *client.Conn) grpc.ClientConnInterface {
	return measuring{t, conn.Unverified()}
}

type measuring struct {
	t *testing.T
	grpc.ClientConnInterface
}

func (m measuring) Invoke(ctx context.Context, method string, in, out any, o ...grpc.CallOption) error {
	return m.ClientConnInterface.Invoke(ctx, method, in, out, append(o, grpc.MaxCallRecvMsgSize(scope.MaxReply))...)
}

func (m measuring) NewStream(ctx context.Context, d *grpc.StreamDesc, method string, o ...grpc.CallOption) (grpc.ClientStream, error) {
	return m.ClientConnInterface.NewStream(ctx, d, method, append(o, grpc.MaxCallRecvMsgSize(scope.MaxReply))...)
}

// TestWhateverIsAcceptedCanBeRead drives what a hub accepts to its bounds, all at once and
// in scripts of one byte and of two, and reads it through every method that reads requests,
// with replies of at most 1 MiB.
func TestWhateverIsAcceptedCanBeRead(t *testing.T) {
	t.Parallel()
	for script, letter := range scripts {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			kit := liaisontest.New(t)
			ctx := t.Context()
			done := func(_ *liaisonv1.Event, err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			officer, agent := kit.Conn(t, "officer").Authority(), kit.Conn(t, "agent").Platform()
			filed, err := officer.File(ctx, largest(letter))
			if err != nil {
				t.Fatal(err)
			}
			name := filed.GetRequest()
			done(kit.Conn(t, "approver").Authority().Approve(ctx, name, &liaisonv1.Approval{Note: text(letter, 8000)}, client.IfMatch(filed.GetEtag())))
			done(agent.Acknowledge(ctx, name, &liaisonv1.Acknowledgement{Note: text(letter, 8000)}))
			for range 3 {
				done(agent.Ask(ctx, name, &liaisonv1.Clarification{Question: text(letter, 20000)}))
				done(officer.Reply(ctx, name, &liaisonv1.ClarificationReply{Text: text(letter, 20000)}))
			}
			parts := 0
			for from := 0; from < 500; from += 105 {
				parts++
				given := &liaisonv1.Answer{Screening: client.NoneProtected(), Final: from+105 >= 500}
				for _, s := range largest(letter).GetSelectors()[from:min(500, from+105)] {
					finding := notFound(s)
					finding.Note = text(letter, 8000)
					given.Findings = append(given.Findings, finding)
				}
				done(agent.Answer(ctx, name, given))
			}

			if request, err := agent.Get(ctx, name); err != nil || len(request.GetAnsweredSelectors()) != 500 {
				t.Errorf("the platform reads %d answers: %v", len(request.GetAnsweredSelectors()), err)
			}
			if given, err := agent.Given(ctx, name); err != nil || len(given) != parts {
				t.Errorf("the platform reads %d parts, wanted %d: %v", len(given), parts, err)
			}
			opened, err := officer.Open(ctx, name)
			if err != nil || len(opened) != parts {
				t.Fatalf("the officer opens %d parts, wanted %d: %v", len(opened), parts, err)
			}
			for _, who := range []string{"officer", "approver", "agent"} {
				readEverything(t, measured(t, kit.Conn(t, who)), name, who == "agent")
			}
		})
	}
}

// readEverything reads a request through every method.
func readEverything(t *testing.T, conn grpc.ClientConnInterface, name string, given bool) {
	t.Helper()
	requests := liaisonv1.NewRequestServiceClient(conn)
	ctx := t.Context()
	if _, err := requests.GetRequest(ctx, &liaisonv1.GetRequestRequest{Name: name}); err != nil {
		t.Error(err)
	}
	if out, err := requests.ListRequests(ctx, &liaisonv1.ListRequestsRequest{PageSize: 500}); err != nil || len(out.GetRequests()) != 1 {
		t.Errorf("the list has %d requests: %v", len(out.GetRequests()), err)
	}
	var statements int
	for more := true; more; {
		out, err := requests.ListStatements(ctx, &liaisonv1.ListStatementsRequest{Name: name, Skip: int32(statements)})
		if err != nil || len(out.GetStatements()) == 0 {
			t.Fatalf("after %d statements: %v", statements, err)
		}
		statements, more = statements+len(out.GetStatements()), out.GetMore()
	}
	counts := make(map[liaisonv1.EventView]int)
	for _, view := range []liaisonv1.EventView{liaisonv1.EventView_EVENT_VIEW_EVENTS, records} {
		in := &liaisonv1.ListEventsRequest{Request: name, PageSize: 1000, View: view}
		for more := true; more; {
			out, err := requests.ListEvents(ctx, in)
			if err != nil || len(out.GetEvents()) > 0 && len(out.GetReceipts()) > 0 || len(out.GetEvents())+len(out.GetReceipts()) == 0 {
				t.Fatalf("a page of events as %s: %v", view, err)
			}
			for _, e := range out.GetEvents() {
				in.AfterSequence = e.GetSequence()
			}
			for _, receipt := range out.GetReceipts() {
				in.AfterSequence = sequenceOf(&liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Receipt{Receipt: receipt}})
			}
			counts[view], more = counts[view]+len(out.GetEvents())+len(out.GetReceipts()), out.GetMore()
		}
		watched, watching := 0, true
		stream, err := requests.WatchEvents(ctx, &liaisonv1.WatchEventsRequest{Request: name, View: view})
		for err == nil && watching {
			var out *liaisonv1.WatchEventsResponse
			if out, err = stream.Recv(); err == nil {
				if watching = out.GetHeartbeat() == nil; watching {
					watched++
				}
			}
		}
		if err != nil || watched != counts[view] {
			t.Errorf("a watch shows %d events of %d as %s: %v", watched, counts[view], view, err)
		}
	}
	if counts[records] != counts[liaisonv1.EventView_EVENT_VIEW_EVENTS] || statements == 0 {
		t.Errorf("there are %v events, and %d statements", counts, statements)
	}
	if !given {
		return
	}
	for in, more := (&liaisonv1.GetAnswerRequest{Name: name}), true; more; {
		out, err := requests.GetAnswer(ctx, in)
		if err != nil || len(out.GetParts()) == 0 {
			t.Fatalf("after part %d: %v", in.GetAfterPart(), err)
		}
		in.AfterPart, more = out.GetParts()[len(out.GetParts())-1].GetPart(), out.GetMore()
	}
}

// TestWhatIsTooLargeIsToldBeforeItIsSigned, in the user's own field, in any script.
func TestWhatIsTooLargeIsToldBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for script, letter := range scripts {
		spec := largest(letter)
		for _, s := range spec.GetSelectors()[:100] {
			s.Necessity = text(letter, 7000)
		}
		_, err := kit.Conn(t, "officer").Authority().File(t.Context(), spec)
		var refused *client.Error
		if !errors.As(err, &refused) || refused.Reason != liaisonv1.Reason_REASON_FIELD_INVALID || len(refused.Violations) == 0 || refused.Violations[0].Field != "spec.selectors" {
			t.Errorf("%s: %v", script, err)
		}
	}
}
