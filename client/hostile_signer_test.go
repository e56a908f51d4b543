package client_test

import (
	"context"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/google/uuid"
	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAKeyThatWasRevokedBeforeTheApprovalHasFiledNothing: when a filing came only the hub
// says. A thief of the officer's key who has the hub could date one back to before the key
// was revoked; it would still need an approval, which comes after.
func TestAKeyThatWasRevokedBeforeTheApprovalHasFiledNothing(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	emergencies(t, kit, 1)
	start := time.Now().Truncate(time.Microsecond)
	ago := func(minutes int) time.Time { return start.Add(-time.Duration(minutes) * time.Minute) }
	ca, err := pki.NewCA("moc.example", func() time.Time { return ago(120) })
	if err != nil {
		t.Fatal(err)
	}
	issue := func(role, name string) *pki.Leaf {
		leaf, err := ca.Issue(pki.Request{Role: role, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return leaf
	}
	officer, approver := issue("officer", "amal.hassan"), issue("approver", "bana.aziz")
	approval, filing := approvalBy(t, officer, approver, ago(30), ago(10))
	page := newHostile(t, kit).page(t, approval, 2, 2)
	name := approval.GetRequest()
	for _, test := range []struct {
		name    string
		revoked time.Time
		want    error
	}{
		{"after the approval", ago(5), nil},
		{"between the filing and the approval", ago(20), client.ErrSigner},
		{"before the filing", ago(40), client.ErrSigner},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := ca.RevocationListAt([]*big.Int{officer.Certificate.SerialNumber}, 1, ago(1), start.Add(time.Hour), test.revoked)
			if err != nil {
				t.Fatal(err)
			}
			var organisations []*liaisonv1.Organisation
			for _, o := range kit.Organisations() {
				if o = proto.CloneOf(o); o.GetTrustDomain() == "moc.example" {
					o.CaCertificates, o.RevocationLists = string(pki.CertificatePEM(ca.Certificate)), string(pki.RevocationListPEM(list))
				}
				organisations = append(organisations, o)
			}
			conn, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("agent"), kit.HubCAs()), client.WithHubKey(kit.HubKey()),
				client.WithOrganisations(organisations...), replying(page, new(bool), filing))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, err = conn.Platform().Get(t.Context(), name)
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

// TestWhatWasReadBeforeIsJudgedByTheListsOfNow: a case that is kept is not read again, and
// whoever signed in it may since be known to have had no right to.
func TestWhatWasReadBeforeIsJudgedByTheListsOfNow(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	emergencies(t, kit, 1)
	start := time.Now().Truncate(time.Microsecond)
	ca, err := pki.NewCA("moc.example", func() time.Time { return start.Add(-2 * time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	issue := func(role, name string) *pki.Leaf {
		leaf, err := ca.Issue(pki.Request{Role: role, Name: name, NotAfter: start.Add(24 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		return leaf
	}
	officer := issue("officer", "amal.hassan")
	lists := func(number int64, until time.Time, revoked ...*big.Int) string {
		list, err := ca.RevocationListAt(revoked, number, start.Add(-time.Minute), until, start.Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return string(pki.RevocationListPEM(list))
	}
	var organisations []*liaisonv1.Organisation
	for _, o := range kit.Organisations() {
		if o = proto.CloneOf(o); o.GetTrustDomain() == "moc.example" {
			o.CaCertificates, o.RevocationLists = string(pki.CertificatePEM(ca.Certificate)), lists(1, start.Add(time.Hour))
		}
		organisations = append(organisations, o)
	}
	current := lists(2, start.Add(3*time.Hour), officer.Certificate.SerialNumber)
	renewing := client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			err := invoke(ctx, method, in, out, conn, options...)
			if reply, ok := out.(*liaisonv1.GetAuthorityResponse); ok {
				reply.GetAuthority().GetOrganisation().RevocationLists = current
			}
			return err
		}))
	var ahead time.Duration
	approval, filing := approvalBy(t, officer, issue("approver", "bana.aziz"), start.Add(-30*time.Minute), start.Add(-10*time.Minute))
	page := newHostile(t, kit).page(t, approval, 2, 2)
	conn, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("agent"), kit.HubCAs()), client.WithHubKey(kit.HubKey()),
		client.WithOrganisations(organisations...), client.WithClock(func() time.Time { return start.Add(ahead) }), renewing, replying(page, new(bool), filing))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	agent, name := conn.Platform(), approval.GetRequest()
	request, err := agent.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	ahead = 2 * time.Hour // the list that the agent has is overdue
	_, err = agent.Refuse(t.Context(), name, &liaisonv1.Refusal{Grounds: []*liaisonv1.Ground{
		{Code: liaisonv1.GroundCode_GROUND_CODE_DATA_NOT_HELD, Explanation: "It was never there."},
	}}, client.IfMatch(request.GetEtag()))
	caught(t, err, client.ErrSigner)
	_, err = agent.Get(t.Context(), name)
	caught(t, err, client.ErrSigner)
}

// approvalBy is the event by which a request comes before the messenger that one filed and
// another approved.
func approvalBy(t *testing.T, officer, approver *pki.Leaf, filed, approved time.Time) (approval *liaisonv1.Event, filing *liaisonv1.Envelope) {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	sign := func(leaf *pki.Leaf, s *liaisonv1.Statement, at time.Time) *liaisonv1.Envelope {
		s.Hub, s.Request, s.SignTime = "hub.example", "requests/"+id.String(), timestamppb.New(at)
		opened, err := statement.Sign(envelope.Signer{Key: leaf.Key, Chain: []*x509.Certificate{leaf.Certificate}}, s)
		if err != nil {
			t.Fatal(err)
		}
		return opened.Envelope
	}
	step := func(leaf *pki.Leaf, s *liaisonv1.Statement, at time.Time) *liaisonv1.Event {
		e := &liaisonv1.Event{
			Request: "requests/" + id.String(), Authority: "authorities/moc", Platform: exampleSpec().GetPlatform(),
			Actor: leaf.Certificate.URIs[0].String(), CreateTime: timestamppb.New(at), Envelope: sign(leaf, s, at),
		}
		statement.SetDetail(e, s)
		return e
	}
	_, recipient, err := sealed.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	spec := exampleSpec()
	spec.AnswerRecipients = []string{recipient}
	first := step(officer, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Filed{Filed: spec}}, filed)
	first.State, first.Etag = liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL, "1"
	request := record.Fold(nil, first)
	approval = step(approver, &liaisonv1.Statement{
		PreviousSha256: request.GetStatementSha256(), Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{}},
	}, approved)
	approval.State, approval.Etag, approval.PreviousSequence = liaisonv1.RequestState_REQUEST_STATE_FILED, "2", 1
	approval.Delivery = &liaisonv1.Delivery{Request: request, StatementSha256S: [][]byte{request.GetStatementSha256()}}
	return approval, first.GetEnvelope()
}
