package client_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAnAuditorReadsAndBothSidesSeeIt, and go on reading, each by its own rules.
func TestAnAuditorReadsAndBothSidesSeeIt(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	a := answer(t, kit, "H-AUDITED")
	auditor := kit.Conn(t, "auditor").Auditor()
	request, err := auditor.Get(t.Context(), a.name)
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_ANSWERED {
		t.Fatalf("it is %v: %v", request, err)
	}
	listed := 0
	for m, err := range auditor.List(t.Context(), &liaisonv1.OversightFilter{Authority: "authorities/moc"}) {
		if err != nil || m.GetName() != a.name {
			t.Errorf("%s is listed: %v", m.GetName(), err)
		}
		listed++
	}
	var types []string
	for e, err := range auditor.Events(t.Context(), a.name) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, e.GetType())
	}
	if want := []string{"filed", "acknowledged", "answered", "audited", "audited", "audited"}; listed != 1 || !slices.Equal(types, want) {
		t.Errorf("%d are listed, with the events %v", listed, types)
	}
	for side, reader := range map[string]requestReader{"the authority": a.officer, "the platform": a.agent} {
		if _, err := reader.Get(t.Context(), a.name); err != nil {
			t.Errorf("%s does not read it: %v", side, err)
		}
		seen := 0
		for e, err := range reader.Events(t.Context(), a.name, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if e.GetAudited().GetBody() == "oversight/commissioner" {
				seen++
			}
		}
		if seen != 3 {
			t.Errorf("%s sees %d accesses", side, seen)
		}
	}
	// A side that has never heard of the body goes on as well.
	var known []*liaisonv1.Organisation
	for _, o := range kit.Organisations() {
		if o.GetName() != "oversight/commissioner" {
			known = append(known, o)
		}
	}
	conn, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("agent"), kit.HubCAs()), client.WithHubKey(kit.HubKey()), client.WithOrganisations(known...))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Platform().Get(t.Context(), a.name); err != nil {
		t.Errorf("without knowing the body: %v", err)
	}
}

// TestAnAuditorsLookDisturbsNoWorker: what a handler decides on the version that it saw is
// that version still.
func TestAnAuditorsLookDisturbsNoWorker(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	auditor := kit.Conn(t, "auditor").Auditor()
	handled := make(chan struct{}, 9)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), func(ctx context.Context, r *client.Request) (client.Response, error) {
		if _, err := auditor.Get(t.Context(), r.GetName()); err != nil {
			t.Error(err)
		}
		handled <- struct{}{}
		var findings []*liaisonv1.Finding
		for _, s := range r.Open() {
			findings = append(findings, notFound(s))
		}
		return client.Answer(client.NoneProtected(), findings...), ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, worker)
	defer stop()
	name := emergencies(t, kit, 1)[0]
	waiting, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := kit.Conn(t, "officer").Authority().Await(waiting, name)
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_ANSWERED {
		t.Fatalf("it is %s: %v", request.GetState(), err)
	}
	if len(handled) != 1 {
		t.Errorf("the handler was called %d times", len(handled))
	}
}

// TestAHubMakesNoAuditorUp who changes anything, or is of somebody else.
func TestAHubMakesNoAuditorUp(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	a := answer(t, kit, "H-LOOKED")
	if _, err := kit.Conn(t, "auditor").Auditor().Get(t.Context(), a.name); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		lie  func(e *liaisonv1.Event)
		want error
	}{
		{"an access that makes a version", func(e *liaisonv1.Event) { e.Etag = "another" }, client.ErrHistory},
		{"an access that moves a clock", func(e *liaisonv1.Event) { e.Clocks = nil }, client.ErrHistory},
		{"an access that moves the state", func(e *liaisonv1.Event) { e.State = liaisonv1.RequestState_REQUEST_STATE_CLOSED }, client.ErrHistory},
		{"an officer as auditor", func(e *liaisonv1.Event) { e.Actor = "spiffe://moc.example/officer/amal.hassan" }, client.ErrHistory},
		{"an auditor of the authority's", func(e *liaisonv1.Event) { e.Actor = "spiffe://moc.example/auditor/desk" }, client.ErrSigner},
		{"an auditor of the hub's", func(e *liaisonv1.Event) { e.Actor = "spiffe://hub.example/auditor/desk" }, client.ErrSigner},
		{"an auditor of another domain", func(e *liaisonv1.Event) { e.Actor = "spiffe://another.example/auditor/desk" }, client.ErrSigner},
		{"another body", func(e *liaisonv1.Event) { e.GetAudited().Body = "oversight/another" }, client.ErrSigner},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(func(reply any) {
				out, ok := reply.(*liaisonv1.ListEventsResponse)
				if !ok {
					return
				}
				h.forge(t, out, func(_ int, e *liaisonv1.Event, l *ledger.Leaf) {
					if e.GetAudited() != nil {
						test.lie(e)
						l.Actor = e.GetActor()
					}
				})
			})
			_, err := kit.Conn(t, "agent", h.option()).Platform().Get(t.Context(), a.name)
			caught(t, err, test.want)
		})
	}
}

// TestAnAuditorFindsOutWhatIsNotInTheLedger.
func TestAnAuditorFindsOutWhatIsNotInTheLedger(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	one, two := answer(t, kit, "H-1"), answer(t, kit, "H-2")
	var other *liaisonv1.RequestMetadata
	for _, test := range []struct {
		name string
		lie  func(reply any)
		want error
	}{
		{"an access without a record", func(reply any) {
			if out, ok := reply.(*liaisonv1.GetRequestMetadataResponse); ok {
				out.GetRequest().GetAccess().LeafHash[0] ^= 1
			}
		}, client.ErrNotInLedger},
		{"a hash that is none", func(reply any) {
			if out, ok := reply.(*liaisonv1.GetRequestMetadataResponse); ok {
				out.GetRequest().GetAccess().LeafHash = nil
			}
		}, client.ErrNotInLedger},
		{"an event at another place", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListEventMetadataResponse); ok {
				out.GetEvents()[0].Sequence++
			}
		}, client.ErrNotInLedger},
		{"events that do not rise", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListEventMetadataResponse); ok {
				out.Events = append(out.Events, out.GetEvents()[0])
			}
		}, client.ErrFeed},
		{"a page of nothing, and more", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListEventMetadataResponse); ok {
				out.Events, out.More = nil, true
			}
		}, client.ErrFeed},
		{"another request", func(reply any) {
			if out, ok := reply.(*liaisonv1.GetRequestMetadataResponse); ok {
				out.Request = proto.CloneOf(other)
			}
		}, client.ErrHistory},
		{"a list that goes in circles", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListRequestMetadataResponse); ok {
				out.NextPageToken = "AAAA"
			}
		}, client.ErrFeed},
		{"a checkpoint of nobody's", func(reply any) {
			if out, ok := reply.(*liaisonv1.GetRequestMetadataResponse); ok {
				out.Checkpoint = ""
			}
		}, client.ErrCheckpoint},
	} {
		t.Run(test.name, func(t *testing.T) {
			var err error
			if other, err = kit.Conn(t, "auditor").Auditor().Get(t.Context(), two.name); err != nil {
				t.Fatal(err)
			}
			h := newHostile(t, kit)
			h.lie(test.lie)
			auditor := kit.Conn(t, "auditor", h.option(), instead(func(in, _ any) bool {
				if call, ok := in.(*liaisonv1.ListRequestMetadataRequest); ok {
					call.PageToken = "" // the hub itself would refuse one that it did not give out
				}
				return false
			})).Auditor()
			_, err = auditor.Get(t.Context(), one.name)
			for _, failed := range auditor.Events(t.Context(), one.name) {
				if failed != nil && err == nil {
					err = failed
				}
			}
			for _, failed := range auditor.List(t.Context(), nil) {
				if failed != nil && err == nil {
					err = failed
				}
			}
			caught(t, err, test.want)
		})
	}
}
