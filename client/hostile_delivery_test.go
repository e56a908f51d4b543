package client_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// replying is a call to a hub that shows a page in place of any events, and takes down
// whether an answer was sent.
func replying(page *liaisonv1.ListEventsResponse, answered *bool, statements ...*liaisonv1.Envelope) client.Option {
	return instead(func(in, out any) bool {
		if _, ok := in.(*liaisonv1.AnswerRequestRequest); ok {
			*answered = true
			return true
		}
		if reply, ok := out.(*liaisonv1.ListStatementsResponse); ok && len(statements) > 0 {
			reply.Statements = statements
			return true
		}
		reply, ok := out.(*liaisonv1.ListEventsResponse)
		if ok {
			proto.Merge(reply, page)
		}
		return ok
	})
}

// TestWhatNobodyApprovedIsNotDelivered: a hostile hub brings a request that still awaits
// its approval before the platform with a step that is none, and leaves it in a state in
// which it could be answered. The platform neither believes nor answers it.
func TestWhatNobodyApprovedIsNotDelivered(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	filed, err := kit.Conn(t, "officer").Authority().File(t.Context(), exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	first := recordedOf(t, kit, "officer", filed.GetRequest())[0]
	asked := record.Fold(nil, first)
	approval := &liaisonv1.Event{
		CreateTime: now(), Request: first.GetRequest(), Authority: first.GetAuthority(), Platform: first.GetPlatform(),
		State: liaisonv1.RequestState_REQUEST_STATE_FILED, Etag: "x", PreviousSequence: 1,
		Delivery: &liaisonv1.Delivery{Request: asked, StatementSha256S: [][]byte{statement.Digest(first.GetEnvelope())}},
	}
	for _, test := range []struct {
		name   string
		change func(e *liaisonv1.Event)
		want   error
	}{
		{"with a reply to a question", func(e *liaisonv1.Event) {
			e.Actor, e.State = first.GetActor(), liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED
			e.GetDelivery().GetRequest().State = liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED
			e.GetDelivery().GetRequest().DeliveryTime = now()
			e.Detail = &liaisonv1.Event_ClarificationReplied{ClarificationReplied: &liaisonv1.ClarificationReply{Text: "Go on."}}
		}, client.ErrHistory},
		{"with an approval that nobody signed", func(e *liaisonv1.Event) {
			e.Actor = "spiffe://moc.example/approver/bana.aziz"
			e.Detail = &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{}}
		}, client.ErrUnsigned},
		{"with an approval by who filed", func(e *liaisonv1.Event) {
			e.Actor = first.GetActor()
			e.Detail = &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{}}
		}, client.ErrHistory},
		{"as if it had just been filed", func(e *liaisonv1.Event) {
			e.Actor, e.Envelope = first.GetActor(), first.GetEnvelope()
		}, client.ErrHistory},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			e := proto.CloneOf(approval)
			test.change(e)
			if e.GetEnvelope() != nil { // as Decode reads it
				e.Detail = first.Detail
			}
			var given bool
			agent := kit.Conn(t, "agent", replying(h.page(t, e, 2, 1), &given, first.GetEnvelope())).Platform()
			_, err := agent.Get(t.Context(), filed.GetRequest())
			caught(t, err, test.want)
			_, err = agent.Answer(t.Context(), filed.GetRequest(), nothingFound())
			caught(t, err, test.want)
			if given {
				t.Error("an answer was signed and sent")
			}
		})
	}
}

// TestAnApprovalDeliversWhatItsStatementsMake: the approval is genuine, and the hub invents
// what came before it.
func TestAnApprovalDeliversWhatItsStatementsMake(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := awaited(t, kit)
	for _, test := range []struct {
		name string
		lie  func(r *liaisonv1.Request)
		want error
	}{
		{"nothing but the hub's own", func(r *liaisonv1.Request) { r.Etag = "another" }, nil},
		{"a selector that is answered already", func(r *liaisonv1.Request) {
			r.AnsweredSelectors, r.AnswerParts = []string{exampleSpec().GetSelectors()[0].GetId()}, 1
		}, client.ErrAltered},
		{"another state", func(r *liaisonv1.Request) { r.State = liaisonv1.RequestState_REQUEST_STATE_FILED }, client.ErrAltered},
		{"another who filed", func(r *liaisonv1.Request) { r.FiledBy = "spiffe://moc.example/officer/somebody.else" }, client.ErrAltered},
		{"a validation", func(r *liaisonv1.Request) { r.ValidatedBy = "spiffe://moc.example/approver/somebody.else" }, client.ErrAltered},
		{"fewer amendments", func(r *liaisonv1.Request) { r.Amendments = 0 }, client.ErrAltered},
		{"an earlier delivery", func(r *liaisonv1.Request) { r.DeliveryTime = r.GetCreateTime() }, client.ErrAltered},
		{"a filing long before it was signed", func(r *liaisonv1.Request) { r.GetCreateTime().Seconds -= 2 * 60 * 60 }, client.ErrMisplaced},
		{"a filing after the approval", func(r *liaisonv1.Request) {
			r.GetCreateTime().Seconds += 60
			r.GetUpdateTime().Seconds += 60
		}, client.ErrTime},
		{"no digest of what was signed", func(r *liaisonv1.Request) { r.StatementSha256 = nil }, client.ErrAltered},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.rewrite(t, "agent", func(_ int, e *liaisonv1.Event, _ *ledger.Leaf) { test.lie(e.GetDelivery().GetRequest()) })
			conn := kit.Conn(t, "agent", h.option())
			_, err := conn.Platform().Get(t.Context(), name)
			audited := auditOf(t, kit.Conn(t, "agent", h.option()))
			if test.want == nil {
				if err != nil || audited != nil {
					t.Errorf("it is refused: %v, %v", err, audited)
				}
				return
			}
			caught(t, err, test.want)
			caught(t, audited, test.want)
		})
	}
}

// TestASignedApprovalCountsForNothingElse also where the authority need not sign: it names
// what it approves, and a hub cannot put another request in its place by leaving the
// statements out.
func TestASignedApprovalCountsForNothingElse(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := awaited(t, kit)
	for _, test := range []struct {
		name string
		lie  func(d *liaisonv1.Delivery)
		want error
	}{
		{"nothing", func(*liaisonv1.Delivery) {}, nil},
		{"other recipients, and the digest of what was approved", func(d *liaisonv1.Delivery) {
			d.StatementSha256S = nil
			d.Request.Spec.AnswerRecipients = []string{recipient(kit)}
		}, client.ErrAltered},
		{"other recipients, and no digest", func(d *liaisonv1.Delivery) {
			d.StatementSha256S, d.Request.StatementSha256, d.Request.FilingSha256 = nil, nil, nil
			d.Request.Spec.AnswerRecipients = []string{recipient(kit)}
		}, client.ErrMisplaced},
		{"a filing by nobody", func(d *liaisonv1.Delivery) {
			d.StatementSha256S, d.Request.StatementSha256, d.Request.FilingSha256 = nil, nil, nil
			d.Request.FiledBy = "spiffe://dpo.example/officer/somebody.else"
		}, client.ErrSigner},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.rewrite(t, "agent", func(_ int, e *liaisonv1.Event, _ *ledger.Leaf) { test.lie(e.GetDelivery()) })
			_, err := dialOptional(t, kit, "agent", h).Platform().Get(t.Context(), name)
			if test.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			caught(t, err, test.want)
		})
	}
}

// dialOptional connects somebody to whom no organisation must sign.
func dialOptional(t *testing.T, kit *liaisontest.Kit, who string, h *hostile) *client.Conn {
	t.Helper()
	var organisations []*liaisonv1.Organisation
	for _, o := range kit.Organisations() {
		o = proto.CloneOf(o)
		o.SignaturePolicy = liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL
		o.SealingPolicy = liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL
		organisations = append(organisations, o)
	}
	conn, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate(who), kit.HubCAs()),
		client.WithHubKey(kit.HubKey()), client.WithOrganisations(organisations...), h.option())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestAnotherPlatformsRequestIsNotTaken: a hub hands one platform what was asked of
// another, whole and signed.
func TestAnotherPlatformsRequestIsNotTaken(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := emergencies(t, kit, 1)[0]
	page := pageOf(t, kit, name)
	var given bool
	for who, want := range map[string]error{"agent": nil, "filehost-agent": client.ErrMisplaced} {
		_, err := kit.Conn(t, who, replying(page, &given)).Platform().Get(t.Context(), name)
		if want == nil && err != nil {
			t.Errorf("%s: %v", who, err)
		}
		if want != nil {
			caught(t, err, want)
		}
	}
}

// TestTimeDoesNotRunBackwards for whoever reads, watches or audits.
func TestTimeDoesNotRunBackwards(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		ago  time.Duration
		want error
	}{
		{"an event of now", 0, nil},
		{"an event of a year ago", 365 * 24 * time.Hour, client.ErrTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			kit := liaisontest.New(t)
			name := emergencies(t, kit, 1)[0]
			e := recordedOf(t, kit, "officer", name)[0]
			at := now()
			at.Seconds -= int64(test.ago.Seconds())
			acknowledged := &liaisonv1.Event{
				CreateTime: at, Request: name, Authority: e.GetAuthority(), Platform: e.GetPlatform(), Urgency: e.GetUrgency(),
				Actor: agentOf(t, kit), State: liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED, Etag: "x", PreviousSequence: 1,
				Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}},
			}
			everyReader(t, kit, acknowledged, nil, test.want)
		})
	}
}

// TestAFakedPurgeHidesNothing: a hub that keeps back what a request says has a purge
// follow, as if that explained it.
func TestAFakedPurgeHidesNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		over  bool // whether the request is
		actor string
		after uint64 // by how much the purge misses the last event
		want  error
	}{
		{"the hub's, of what was over", true, "spiffe://hub.example/hub/hub", 0, nil},
		{"the hub's, of what is open", false, "spiffe://hub.example/hub/hub", 0, client.ErrWithheld},
		{"of another's hub", true, "spiffe://other.example/hub/hub", 0, client.ErrWithheld},
		{"an officer's", true, "spiffe://moc.example/officer/amal.hassan", 0, client.ErrWithheld},
		{"that does not follow", true, "spiffe://hub.example/hub/hub", 1, client.ErrWithheld},
	} {
		t.Run(test.name, func(t *testing.T) {
			kit := liaisontest.New(t)
			name := emergencies(t, kit, 1)[0]
			last := uint64(1)
			if test.over {
				withdrawn, err := kit.Conn(t, "officer").Authority().Withdraw(t.Context(), name, &liaisonv1.Withdrawal{Reason: "a mistake"})
				if err != nil {
					t.Fatal(err)
				}
				last = withdrawn.GetSequence()
			}
			e := recordedOf(t, kit, "officer", name)[0]
			purge := &liaisonv1.Event{
				CreateTime: now(), Request: name, Authority: e.GetAuthority(), Platform: e.GetPlatform(), Urgency: e.GetUrgency(),
				Actor: test.actor, State: liaisonv1.RequestState_REQUEST_STATE_PURGED, Etag: "x", PreviousSequence: last - test.after,
				Detail: &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}},
			}
			everyReader(t, kit, purge, []string{name}, test.want)
		})
	}
}

// TestAFakedPurgeOfWhatWasAnsweredInPartHidesNothing: an objection that is sustained ends a
// request unless a part was answered, which the leaves alone show.
func TestAFakedPurgeOfWhatWasAnsweredInPartHidesNothing(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := emergencies(t, kit, 1)[0]
	officer, agent := kit.Conn(t, "officer").Authority(), kit.Conn(t, "agent").Platform()
	selectors := exampleSpec().GetSelectors()
	var last *liaisonv1.Event
	for _, step := range []func() (*liaisonv1.Event, error){
		func() (*liaisonv1.Event, error) { return agent.Acknowledge(t.Context(), name, nil) },
		func() (*liaisonv1.Event, error) {
			return agent.Answer(t.Context(), name, &liaisonv1.Answer{Screening: client.NoneProtected(), Findings: []*liaisonv1.Finding{notFound(selectors[0])}})
		},
		func() (*liaisonv1.Event, error) {
			return agent.Object(t.Context(), name, &liaisonv1.Objection{Grounds: pressGrounds()})
		},
		func() (*liaisonv1.Event, error) {
			return officer.Uphold(t.Context(), name, &liaisonv1.Upholding{Reason: "It is no journalist."})
		},
		func() (*liaisonv1.Event, error) {
			return officer.RecordCourtDecision(t.Context(), name, &liaisonv1.DisputeDecision{
				Outcome: liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED, Reasons: "The court says so.", Ruling: courtRuling(),
			})
		},
	} {
		event, err := step()
		if err != nil {
			t.Fatal(err)
		}
		last = event
	}
	if last.GetState() != liaisonv1.RequestState_REQUEST_STATE_PARTIALLY_ANSWERED {
		t.Fatalf("it is %s", last.GetState())
	}
	everyReader(t, kit, &liaisonv1.Event{
		CreateTime: now(), Request: name, Authority: last.GetAuthority(), Platform: last.GetPlatform(), Urgency: last.GetUrgency(),
		Actor: hubsName, State: liaisonv1.RequestState_REQUEST_STATE_PURGED, Etag: "x", PreviousSequence: last.GetSequence(),
		Detail: &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}},
	}, []string{name}, client.ErrWithheld)
}

// everyReader has a hostile hub show an event as the newest one, and keep back what
// others say, to somebody who gets the request, who watches the feed, and who audits.
func everyReader(t *testing.T, kit *liaisontest.Kit, e *liaisonv1.Event, withheld []string, want error) {
	t.Helper()
	for reader, read := range map[string]func(*testing.T, *client.Conn) error{
		"get":   readAgain(e.GetRequest()),
		"watch": watchOnce,
		"audit": auditOf,
	} {
		t.Run(reader, func(t *testing.T) {
			h := newHostile(t, kit)
			place := uint64(len(recordedOf(t, kit, "officer", e.GetRequest()))) + 1
			h.show(h.page(t, proto.CloneOf(e), place, place), withheld...)
			err := read(t, kit.Conn(t, "officer", h.option()))
			if want != nil {
				caught(t, err, want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
