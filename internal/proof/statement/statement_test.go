package statement_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func signer(t testing.TB) envelope.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return envelope.Signer{Key: key, Chain: []*x509.Certificate{certificate}}
}

const name = "requests/0199a000-0000-7000-8000-000000000000"

var at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func approval() *liaisonv1.Statement {
	return &liaisonv1.Statement{
		Hub: "hub.example", Request: name, SignTime: timestamppb.New(at), PreviousSha256: make([]byte, 32),
		Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{}},
	}
}

func TestAStatementIsMeantForOnePlace(t *testing.T) {
	signed, err := statement.Sign(signer(t), approval())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := statement.Open(signed.Envelope)
	if err != nil || !proto.Equal(opened.Statement, approval()) || opened.Envelope != signed.Envelope {
		t.Fatalf("it opens as something else: %v", err)
	}
	place := func(change func(*statement.Place)) statement.Place {
		p := statement.Place{Hub: "hub.example", Request: name, Previous: make([]byte, 32), Time: at}
		change(&p)
		return p
	}
	for _, test := range []struct {
		name  string
		place statement.Place
		field string // empty: it is meant for it
	}{
		{"its own", place(func(*statement.Place) {}), ""},
		{"whatever request it names", place(func(p *statement.Place) { p.Request = "" }), ""},
		{"an hour later", place(func(p *statement.Place) { p.Time = at.Add(time.Hour) }), ""},
		{"five minutes before, by a clock that is behind", place(func(p *statement.Place) { p.Time = at.Add(-5 * time.Minute) }), ""},
		{"another hub", place(func(p *statement.Place) { p.Hub = "other.example" }), "hub"},
		{"another request", place(func(p *statement.Place) { p.Request = strings.Replace(name, "0199", "019a", 1) }), "request"},
		{"after something else", place(func(p *statement.Place) { p.Previous = append(make([]byte, 31), 1) }), "previous_sha256"},
		{"after nothing", place(func(p *statement.Place) { p.Previous = nil }), "previous_sha256"},
		{"more than an hour later", place(func(p *statement.Place) { p.Time = at.Add(time.Hour + time.Microsecond) }), "sign_time"},
		{"more than five minutes before", place(func(p *statement.Place) { p.Time = at.Add(-5*time.Minute - time.Microsecond) }), "sign_time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := opened.Check(test.place)
			var mismatch *statement.Mismatch
			switch {
			case test.field == "" && err != nil:
				t.Errorf("it is not: %v", err)
			case test.field != "" && (!errors.As(err, &mismatch) || mismatch.Field != test.field):
				t.Errorf("got %v, wanted a mismatch of %s", err, test.field)
			}
		})
	}
}

func TestWhatIsNoStatementDoesNotOpen(t *testing.T) {
	s := signer(t)
	unknown := approval()
	unknown.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 9999, protowire.VarintType), 1))
	impossible := approval()
	impossible.SignTime = &timestamppb.Timestamp{Seconds: at.Unix(), Nanos: -5}
	for _, test := range []struct {
		name    string
		payload []byte
		rule    string // empty: it is not even a message
	}{
		{"bytes that are none", []byte{0xff, 0xff}, ""},
		{"without a step", encode(t, func(m *liaisonv1.Statement) { m.Detail = nil }), "required"},
		{"of a request without a name", encode(t, func(m *liaisonv1.Statement) { m.Request = "" }), "required"},
		{"of a request that no time orders", encode(t, func(m *liaisonv1.Statement) { m.Request = strings.Replace(name, "-7000-", "-4000-", 1) }), "string.pattern"},
		{"with a demand that breaks a rule", encode(t, func(m *liaisonv1.Statement) { m.Detail = &liaisonv1.Statement_Filed{Filed: &liaisonv1.RequestSpec{}} }), "required"},
		{"with a field that is not known here", marshal(t, unknown), "unknown_field"},
		{"at a time that is none", marshal(t, impossible), "impossible_time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := envelope.Sign(s, envelope.StatementType, test.payload)
			if err != nil {
				t.Fatal(err)
			}
			_, err = statement.Open(e)
			var invalid *protovalidate.ValidationError
			switch {
			case test.rule == "" && !errors.Is(err, statement.ErrMalformed):
				t.Errorf("got %v", err)
			case test.rule != "" && (!errors.As(err, &invalid) || !breaks(invalid, test.rule)):
				t.Errorf("got %v, wanted %s", err, test.rule)
			}
		})
	}
	if _, err := statement.Sign(s, &liaisonv1.Statement{}); err == nil {
		t.Error("an empty statement is signed")
	}
}

func breaks(err *protovalidate.ValidationError, rule string) bool {
	for _, v := range err.Violations {
		if v.Proto.GetRuleId() == rule {
			return true
		}
	}
	return false
}

func encode(t *testing.T, change func(*liaisonv1.Statement)) []byte {
	t.Helper()
	s := approval()
	change(s)
	return marshal(t, s)
}

func marshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	raw, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestEveryStepThatIsSignedIsAnEvents walks the contract: a new kind of statement has to
// be told here which event it makes.
func TestEveryStepThatIsSignedIsAnEvents(t *testing.T) {
	fields := (&liaisonv1.Statement{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	seen := make(map[protoreflect.Name]bool)
	for i := range fields.Len() {
		s := &liaisonv1.Statement{}
		field := fields.Get(i)
		s.ProtoReflect().Set(field, s.ProtoReflect().NewField(field))
		e := &liaisonv1.Event{}
		statement.SetDetail(e, s)
		which := e.ProtoReflect().WhichOneof(e.ProtoReflect().Descriptor().Oneofs().ByName("detail"))
		if which == nil {
			t.Errorf("%s is no event's", field.Name())
			continue
		}
		seen[which.Name()] = true
		if !statement.HasSignedForm(e) {
			t.Errorf("%s is signed, and %s has no signed form", field.Name(), which.Name())
		}
	}
	final := &liaisonv1.Event{}
	statement.SetDetail(final, &liaisonv1.Statement{Detail: &liaisonv1.Statement_Answered{Answered: &liaisonv1.AnswerStatement{Manifest: &liaisonv1.AnswerManifest{Final: true}}}})
	if final.GetAnswered() == nil || !statement.HasSignedForm(final) {
		t.Error("a final answer is no event's")
	}
	seen["answered"] = true
	for name, s := range map[protoreflect.Name]*liaisonv1.Statement{
		"review_objected": {Detail: &liaisonv1.Statement_ReviewObjected{ReviewObjected: &liaisonv1.ReviewObjection{SelectorIds: []string{"a"}}}},
		"dispute_sustained": {Detail: &liaisonv1.Statement_DisputeDecided{DisputeDecided: &liaisonv1.DisputeDecision{
			Outcome: liaisonv1.DecisionOutcome_DECISION_OUTCOME_SUSTAINED,
		}}},
	} {
		made := &liaisonv1.Event{}
		statement.SetDetail(made, s)
		if which := made.ProtoReflect().WhichOneof(made.ProtoReflect().Descriptor().Oneofs().ByName("detail")); which == nil || which.Name() != name {
			t.Errorf("%s is made into %v", name, made.GetDetail())
		}
		seen[name] = true
	}
	details := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := range details.Len() {
		e := &liaisonv1.Event{}
		e.ProtoReflect().Set(details.Get(i), e.ProtoReflect().NewField(details.Get(i)))
		if statement.HasSignedForm(e) != seen[details.Get(i).Name()] {
			t.Errorf("%s: that it has a signed form is %t, and that a statement makes it %t", details.Get(i).Name(), statement.HasSignedForm(e), seen[details.Get(i).Name()])
		}
	}
	none := &liaisonv1.Event{Detail: &liaisonv1.Event_Approved{}}
	statement.SetDetail(none, &liaisonv1.Statement{})
	if none.GetDetail() != nil {
		t.Error("a statement without a step leaves the event's detail")
	}
}

func FuzzOpen(f *testing.F) {
	s := signer(f)
	raw, err := proto.Marshal(approval())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := envelope.Sign(s, envelope.StatementType, payload)
		if err != nil {
			return
		}
		opened, err := statement.Open(e)
		if err == nil && (opened.GetHub() == "" || opened.GetRequest() == "" || opened.GetDetail() == nil) {
			t.Errorf("a statement that says nothing is opened: %v", opened.Statement)
		}
	})
}
