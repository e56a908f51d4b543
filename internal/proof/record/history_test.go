package record_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const name = "requests/0199a000-0000-7000-8000-000000000000"

// signed is an approval as it comes with its envelope.
func signed(t *testing.T) *liaisonv1.Event {
	t.Helper()
	approval := &liaisonv1.Approval{Note: "in order"}
	payload, parts, err := part.Split(&liaisonv1.Statement{Request: name, Detail: &liaisonv1.Statement_Approved{Approved: approval}}, salt)
	if err != nil {
		t.Fatal(err)
	}
	return &liaisonv1.Event{
		Sequence: 2, Request: name, Actor: "spiffe://moc.example/approver/sana.karim",
		Envelope: &liaisonv1.Envelope{Payload: payload, Parts: parts}, Detail: &liaisonv1.Event_Approved{Approved: approval},
	}
}

func salt() ([]byte, error) { return make([]byte, part.SaltSize), nil }

func same(t *testing.T, got, want proto.Message) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWhatWasSignedIsRecordedOnce: the record has the envelope, and beside it its parts, and
// not its content a second time; and reading it gives the event back.
func TestWhatWasSignedIsRecordedOnce(t *testing.T) {
	t.Parallel()
	event := signed(t)
	before := proto.CloneOf(event)
	recorded, err := record.Encode(event, salt)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := record.Pack(recorded)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(stored, []byte("in order")); n != 1 {
		t.Errorf("what was signed stands in the record %d times", n)
	}
	if bytes.Contains(recorded.GetBody(), []byte("in order")) {
		t.Error("a remark stands in the body")
	}
	same(t, event, before)
	read, err := record.Decode(recorded)
	if err != nil {
		t.Fatal(err)
	}
	same(t, read, event)
}

func TestWhatIsStoredIsTheRecord(t *testing.T) {
	t.Parallel()
	recorded, err := record.Encode(signed(t), salt)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := record.Pack(recorded)
	if err != nil {
		t.Fatal(err)
	}
	recorded.Salt, recorded.Leaf = []byte("salt"), "leaf"
	read, err := record.Unpack(stored, []byte("salt"), "leaf")
	if err != nil {
		t.Fatal(err)
	}
	same(t, read, recorded)
	if _, err := record.Unpack([]byte{0xff}, nil, ""); !errors.Is(err, record.ErrBody) {
		t.Errorf("bytes of something else are read: %v", err)
	}
}

// TestNoBodySaysWhatAPartDoes: of every step, unsigned or delivered, the body can be shown
// to those who may not see its texts.
func TestNoBodySaysWhatAPartDoes(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3a"
	spec := &liaisonv1.RequestSpec{
		Reference: canary, Necessity: canary, Selectors: []*liaisonv1.Selector{{Id: "a", Necessity: canary}},
		Incident: &liaisonv1.Incident{Consequences: canary}, LegalBasis: &liaisonv1.LegalBasis{OrderNumber: canary},
	}
	for name, event := range map[string]*liaisonv1.Event{
		"an unsigned filing":     {Sequence: 2, Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: spec}}},
		"an unsigned withdrawal": {Sequence: 3, Request: name, Detail: &liaisonv1.Event_Withdrawn{Withdrawn: &liaisonv1.Withdrawal{Reason: canary}}},
		"an unsigned approval": {
			Sequence: 4, Delivery: &liaisonv1.Delivery{Request: &liaisonv1.Request{Spec: spec}},
			Detail: &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{Note: canary}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorded, err := record.Encode(event, salt)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(recorded.GetBody(), []byte(canary)) {
				t.Errorf("the body is %q", recorded.GetBody())
			}
			read, err := record.Decode(recorded)
			if err != nil {
				t.Fatal(err)
			}
			same(t, read, event)
		})
	}
}

// TestRecordsThatAreNoEvents are what only a hub that lies, or a disk that fails, gives.
func TestRecordsThatAreNoEvents(t *testing.T) {
	t.Parallel()
	encoded := func(e *liaisonv1.Event) []byte {
		body, err := proto.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	of := func(change func(r *liaisonv1.Record)) *liaisonv1.Record {
		r, err := record.Encode(signed(t), salt)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		return r
	}
	noStatement := signed(t)
	noStatement.Detail, noStatement.Envelope.Payload, noStatement.Envelope.Parts = nil, []byte{0xff}, nil
	beside := signed(t)
	beside.GetApproved().Note = "" // which would lie in a part
	beside.Envelope.Parts = nil
	partsInside := signed(t)
	partsInside.Detail = nil
	for why, test := range map[string]struct {
		record *liaisonv1.Record
		as     error
	}{
		"bytes of something else":                {&liaisonv1.Record{Body: []byte{0xff, 0xff}}, part.ErrMalformed},
		"a detail beside the envelope":           {&liaisonv1.Record{Body: encoded(beside)}, nil},
		"an envelope that holds no statement":    {&liaisonv1.Record{Body: encoded(noStatement)}, statement.ErrMalformed},
		"an event that was cut in the middle":    {of(func(r *liaisonv1.Record) { r.Body = r.GetBody()[:40] }), part.ErrMalformed},
		"text where a message is to be":          {&liaisonv1.Record{Body: []byte("not an event")}, part.ErrMalformed},
		"the signed parts inside the envelope":   {&liaisonv1.Record{Body: encoded(partsInside)}, nil},
		"a signed part that is missing":          {of(func(r *liaisonv1.Record) { r.SignedParts = nil }), part.ErrWithheld},
		"a signed part that was changed":         {of(func(r *liaisonv1.Record) { r.SignedParts[0].Content[4] ^= 1 }), part.ErrDigest},
		"a signed part where the event's are":    {of(func(r *liaisonv1.Record) { r.Parts, r.SignedParts = r.GetSignedParts(), nil }), part.ErrUnnamed},
		"signed parts of what nobody has signed": {&liaisonv1.Record{Body: encoded(&liaisonv1.Event{Sequence: 3}), SignedParts: []*liaisonv1.BodyPart{{}}}, nil},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			if e, err := record.Decode(test.record); !errors.Is(err, record.ErrBody) || test.as != nil && !errors.Is(err, test.as) {
				t.Errorf("it is read as %v, %v", e, err)
			}
		})
	}
}

// TestReadersGetNoEnvelopes, and what they get shares nothing that they could change.
func TestReadersGetNoEnvelopes(t *testing.T) {
	t.Parallel()
	event := signed(t)
	event.Delivery = &liaisonv1.Delivery{Request: &liaisonv1.Request{Name: name}, StatementSha256S: [][]byte{[]byte("filing")}}
	before := proto.CloneOf(event)
	read := record.ForReading(event)
	if read.GetEnvelope() != nil {
		t.Error("the envelope is there")
	}
	same(t, read.GetApproved(), event.GetApproved())
	same(t, read.GetDelivery().GetRequest(), event.GetDelivery().GetRequest())
	same(t, event, before)
}

// TestWhatIsReadHasEveryField fails when an event gets a field that is not copied.
func TestWhatIsReadHasEveryField(t *testing.T) {
	e := &liaisonv1.Event{}
	m := e.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		switch f := m.Descriptor().Fields().Get(i); {
		case f.ContainingOneof() != nil:
			m.Set(f, m.NewField(f)) // the last one stays
		case f.IsList():
			m.Mutable(f).List().AppendMutable()
		case f.Message() != nil:
			m.Set(f, m.NewField(f))
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(string(f.Name())))
		case f.Kind() == protoreflect.BytesKind:
			m.Set(f, protoreflect.ValueOfBytes([]byte(f.Name())))
		case f.Kind() == protoreflect.EnumKind:
			m.Set(f, protoreflect.ValueOfEnum(1))
		case f.Kind() == protoreflect.BoolKind:
			m.Set(f, protoreflect.ValueOfBool(true))
		case f.Kind() == protoreflect.Uint64Kind:
			m.Set(f, protoreflect.ValueOfUint64(1))
		default:
			t.Fatalf("%s is of a kind for which there is no value here", f.Name())
		}
	}
	read := record.ForReading(e)
	if read == e || read.GetEnvelope() != nil {
		t.Fatal("what is read is what is recorded")
	}
	read.Envelope = e.GetEnvelope()
	if diff := cmp.Diff(e, read, protocmp.Transform()); diff != "" {
		t.Errorf("a copy differs:\n%s", diff)
	}
}

// TestEveryDetailIsAStep: a kind of event that is added to the contract must be known
// here, or the ledger has leaves of no type.
func TestEveryDetailIsAStep(t *testing.T) {
	t.Parallel()
	details := (&liaisonv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	seen := map[lifecycle.Step]bool{}
	for i := range details.Len() {
		e := &liaisonv1.Event{}
		e.ProtoReflect().Set(details.Get(i), e.ProtoReflect().NewField(details.Get(i)))
		step := record.StepOf(e)
		if step == 0 || seen[step] {
			t.Errorf("%s is the step %d", details.Get(i).Name(), step)
		}
		seen[step] = true
		if got, want := record.Type(e), string(details.Get(i).Name()); got != want {
			t.Errorf("the type of %s is %s", want, got)
		}
	}
	if record.StepOf(&liaisonv1.Event{}) != 0 {
		t.Error("an event of no detail is a step")
	}
}

// TestFoldKeepsTheDigestOfWhatWasSignedLast, which the next who signs chains to.
func TestFoldKeepsTheDigestOfWhatWasSignedLast(t *testing.T) {
	t.Parallel()
	event := signed(t)
	request := &liaisonv1.Request{Name: name, StatementSha256: []byte("before")}
	next := record.Fold(request, event)
	if !bytes.Equal(next.GetStatementSha256(), statement.Digest(event.GetEnvelope())) {
		t.Error("it is not the envelope's")
	}
	if string(request.GetStatementSha256()) != "before" {
		t.Error("the request that it was given has changed")
	}
	unsigned := record.Fold(next, &liaisonv1.Event{Detail: &liaisonv1.Event_Acknowledged{Acknowledged: &liaisonv1.Acknowledgement{}}})
	if !bytes.Equal(unsigned.GetStatementSha256(), next.GetStatementSha256()) {
		t.Error("an unsigned step has changed it")
	}
}

// TestFoldOfAPurgeKeepsNothingOfTheContent.
func TestFoldOfAPurgeKeepsNothingOfTheContent(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3a"
	spec := &liaisonv1.RequestSpec{
		Platform: "platforms/messenger", Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, Reference: canary,
		Selectors: []*liaisonv1.Selector{{Id: canary}},
	}
	purged := record.Fold(
		&liaisonv1.Request{Name: name, Spec: spec, PlatformReference: canary, AnsweredSelectors: []string{canary}, StatementSha256: []byte(canary), FilingSha256: []byte(canary)},
		&liaisonv1.Event{State: liaisonv1.RequestState_REQUEST_STATE_PURGED, Etag: "9", Detail: &liaisonv1.Event_Purged{Purged: &liaisonv1.Purging{}}},
	)
	body, err := proto.Marshal(purged)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte(canary)) {
		t.Errorf("it keeps %v", purged)
	}
	if purged.GetName() != name || purged.GetSpec().GetPlatform() != "platforms/messenger" || purged.GetEtag() != "9" {
		t.Errorf("it is %v", purged)
	}
}
