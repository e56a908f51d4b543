package server_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

type stream = grpc.ServerStreamingClient[liaisonv1.WatchEventsResponse]

// watchFrom opens a watch and returns it after its first heartbeat, with the events
// that came before that.
func (h *hub) watchFrom(id string, after uint64) (stream, []*liaisonv1.Event) {
	h.t.Helper()
	s := must(h.requests(id).WatchEvents(h.t.Context(), &liaisonv1.WatchEventsRequest{AfterSequence: after}))
	var events []*liaisonv1.Event
	for {
		message, err := s.Recv()
		if err != nil {
			h.t.Fatalf("watch: %v", err)
		}
		if message.GetHeartbeat() != nil {
			return s, events
		}
		events = append(events, message.GetEvent())
	}
}

func TestAWatchReplaysFromAnyNumberAndThenFollows(t *testing.T) {
	h := newHub(t)
	for range 5 {
		h.acknowledged() // two events each
	}
	for after := uint64(0); after <= 10; after++ {
		s, events := h.watchFrom(agent, after)
		if len(events) != int(10-after) {
			t.Fatalf("after %d came %d events, wanted %d", after, len(events), 10-after)
		}
		for i, e := range events {
			if e.GetSequence() != after+uint64(i)+1 {
				t.Errorf("after %d, event %d has the number %d", after, i, e.GetSequence())
			}
		}
		if after == 10 {
			h.file(emergency)
			if next := must(s.Recv()).GetEvent().GetSequence(); next != 11 {
				t.Errorf("the next event has the number %d", next)
			}
		}
	}
}

// TestManyWatchersSeeTheSameInOrder files while watchers come and go.
func TestManyWatchersSeeTheSameInOrder(t *testing.T) {
	h := newHub(t)
	const filings, watchers = 120, 8
	results := make(chan []uint64, watchers)
	for range watchers {
		s, _ := h.watchFrom(agent, 0)
		go func() {
			var seen []uint64
			for len(seen) < filings {
				message, err := s.Recv()
				if err != nil {
					break
				}
				if e := message.GetEvent(); e != nil {
					seen = append(seen, e.GetSequence())
				}
			}
			results <- seen
		}()
	}
	client := h.authority(officer)
	errs := make(chan error, 4)
	for range 4 {
		go func() {
			for range filings / 4 {
				if _, err := client.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}}); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	for range watchers {
		seen := <-results
		if len(seen) != filings {
			t.Fatalf("a watcher saw %d events, wanted %d", len(seen), filings)
		}
		for i, sequence := range seen {
			if sequence != uint64(i)+1 {
				t.Fatalf("a watcher saw the number %d in place %d", sequence, i+1)
			}
		}
	}
}

func TestAWatchOfAnApprovalShowsThePlatformNothingEarlier(t *testing.T) {
	h := newHub(t)
	s, _ := h.watchFrom(agent, 0)
	filed := h.fileEvent()
	must(h.authority(approver).ApproveRequest(t.Context(), &liaisonv1.ApproveRequestRequest{Name: filed.GetRequest(), Call: &liaisonv1.Call{IfMatch: filed.GetEtag()}, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: &liaisonv1.Approval{}}}))
	first := must(s.Recv()).GetEvent()
	if first.GetApproved() == nil || first.GetSequence() != filed.GetSequence()+1 {
		t.Errorf("the platform's first event is %v", first)
	}
}

func TestASilentWatchSendsHeartbeats(t *testing.T) {
	h := newHub(t)
	h.file() // in the authority's feed, not in the platform's
	s := must(h.requests(agent).WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{HeartbeatInterval: durationpb.New(time.Second)}))
	for range 2 {
		beat := must(s.Recv()).GetHeartbeat()
		if beat.GetSequence() != 1 || beat.GetTime() == nil {
			t.Errorf("the heartbeat says %v", beat)
		}
	}
}

func TestASlowReaderMissesNothing(t *testing.T) {
	h := newHub(t)
	s, _ := h.watchFrom(agent, 0)
	const filings = 300
	long := func(spec *liaisonv1.RequestSpec) {
		emergency(spec)
		spec.Necessity = string(make([]rune, 0))
		for range 1000 {
			spec.Necessity += "necessary "
		}
	}
	client := h.authority(officer)
	for range filings { // about 3 MB that nobody reads, more than the stream's window holds
		must(client.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(long)}}))
	}
	for i := range uint64(filings) {
		if got := must(s.Recv()).GetEvent().GetSequence(); got != i+1 {
			t.Fatalf("the slow reader saw %d in place %d", got, i+1)
		}
	}
}

func TestAStoppingHubEndsItsStreams(t *testing.T) {
	h := newHub(t)
	s, _ := h.watchFrom(agent, 0)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := s.Recv()
		ended <- err
	}()
	if err := h.server.Stop(ctx); err != nil {
		t.Fatalf("stop: %v", err)
	}
	wantReason(t, <-ended, codes.Unavailable, "HUB_STOPPING")
}

func TestASuspendedParticipantsStreamsEndAndItsCallsAreRefused(t *testing.T) {
	h := newHub(t)
	conn := h.dial(agent)
	client := liaisonv1.NewRequestServiceClient(conn)
	s := must(client.WatchEvents(t.Context(), &liaisonv1.WatchEventsRequest{}))
	must(s.Recv())
	directory := h.directory(operator)
	must(directory.SuspendParticipant(t.Context(), &liaisonv1.SuspendParticipantRequest{Name: "platforms/messenger", Reason: "its key was stolen"}))
	_, err := s.Recv()
	wantReason(t, err, codes.PermissionDenied, "PARTICIPANT_SUSPENDED")
	_, err = client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
	wantReason(t, err, codes.PermissionDenied, "PARTICIPANT_SUSPENDED")
	_, err = h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
	wantReason(t, err, codes.FailedPrecondition, "COUNTERPARTY_SUSPENDED")

	must(directory.SuspendParticipant(t.Context(), &liaisonv1.SuspendParticipantRequest{Name: "platforms/messenger", Resume: true}))
	must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
	h.file()
}

func TestAnOrganisationHasSoManyStreamsAndNoMore(t *testing.T) {
	h := newHub(t, server.Limits{StreamsPerOrganisation: 2})
	open := func(id string) (stream, error) {
		ctx, cancel := context.WithCancel(t.Context())
		t.Cleanup(cancel)
		s := must(h.requests(id).WatchEvents(ctx, &liaisonv1.WatchEventsRequest{}))
		_, err := s.Recv()
		return s, err
	}
	for range 2 {
		if _, err := open(agent); err != nil {
			t.Fatal(err)
		}
	}
	_, err := open(agent)
	wantReason(t, err, codes.ResourceExhausted, "TOO_MANY_STREAMS")
	if _, err := open(officer); err != nil {
		t.Errorf("one organisation's streams keep another from opening its own: %v", err)
	}
}
