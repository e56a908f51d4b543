package proof_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/genesis"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The vectors of bodies with parts, and of what the directory's leaves are made of.
type (
	partVectors struct {
		Note     string                   `json:"note"`
		Outlines map[string]*part.Outline `json:"outlines"`
		Vectors  []partVector             `json:"vectors"`
	}
	partVector struct {
		Name     string          `json:"name"`
		Valid    bool            `json:"valid"`
		Error    string          `json:"error,omitempty"` // what is wrong: one of partErrors
		Message  string          `json:"message"`         // "Event" or "Statement"
		Body     []byte          `json:"body"`
		Parts    []vectorPart    `json:"parts"`
		Withheld []string        `json:"withheld,omitempty"` // the kinds that are not there
		Whole    json.RawMessage `json:"whole,omitempty"`    // what of it can be read
	}
	vectorPart struct {
		Kind    string `json:"kind"`
		Salt    []byte `json:"salt"`
		Content []byte `json:"content"`
	}
	directoryVectors struct {
		Note    string            `json:"note"`
		Leaves  []directoryVector `json:"leaves"`
		Genesis []genesisVector   `json:"genesis"`
	}
	directoryVector struct {
		Name  string `json:"name"`
		Valid bool   `json:"valid"`
		Leaf  string `json:"leaf"`
		Hash  []byte `json:"hash,omitempty"`
	}
	genesisVector struct {
		Name        string          `json:"name"`
		Valid       bool            `json:"valid"`
		Leaf        string          `json:"leaf"`
		Public      []byte          `json:"public"`
		PublicSalt  []byte          `json:"public_salt"`
		Fingerprint string          `json:"fingerprint,omitempty"`
		Genesis     json.RawMessage `json:"genesis,omitempty"`
	}
)

var partErrors = map[string]error{
	"order": part.ErrOrder, "unnamed": part.ErrUnnamed, "digest": part.ErrDigest, "salt": part.ErrSalt, "empty": part.ErrEmpty,
	"foreign": part.ErrForeign, "uncovered": part.ErrUncovered, "place": part.ErrPlace, "twice": part.ErrTwice, "malformed": part.ErrMalformed,
}

func wholeOf(message string) part.Whole {
	if message == "Event" {
		return &liaisonv1.Event{}
	}
	return &liaisonv1.Statement{}
}

func testSalt() ([]byte, error) { return bytes.Repeat([]byte{7}, part.SaltSize), nil }

func makeParts(t *testing.T) {
	t.Helper()
	spec := &liaisonv1.RequestSpec{
		Platform: "platforms/messenger", Reference: "MOC-2026-00417", Kind: liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
		Necessity: "من نشر الملف", Selectors: []*liaisonv1.Selector{{Id: "uploader-1", Necessity: "It posted the file."}},
		Threat:     &liaisonv1.Threat{Kind: liaisonv1.ThreatKind_THREAT_KIND_LIFE, Statement: "A witness is named in it."},
		LegalBasis: &liaisonv1.LegalBasis{Country: "IQ", OrderNumber: "88/2026"},
	}
	filing := &liaisonv1.Statement{Hub: "hub.example/1", Request: "requests/0199a000-0000-7000-8000-000000000000", Detail: &liaisonv1.Statement_Filed{Filed: spec}}
	delivery := &liaisonv1.Event{
		Sequence: 4711, Request: filing.GetRequest(), Detail: &liaisonv1.Event_Approved{Approved: &liaisonv1.Approval{Note: "موافق"}},
		Delivery: &liaisonv1.Delivery{Request: &liaisonv1.Request{Name: filing.GetRequest(), Spec: spec}},
	}
	file := partVectors{
		Note:     "The salts are for tests alone: those of a signer and of a hub are random.",
		Outlines: map[string]*part.Outline{"Event": part.OutlineOf(&liaisonv1.Event{}), "Statement": part.OutlineOf(&liaisonv1.Statement{})},
	}
	add := func(name string, whole part.Whole, fault string, change func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart)) {
		body, parts, err := part.Split(whole, testSalt)
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			body, parts = change(body, parts)
		}
		v := partVector{Name: name, Valid: fault == "", Error: fault, Message: string(whole.ProtoReflect().Descriptor().Name()), Body: body}
		for _, p := range parts {
			v.Parts = append(v.Parts, vectorPart{p.GetKind().String(), p.GetSalt(), p.GetContent()})
		}
		if fault == "" {
			read := wholeOf(v.Message)
			for _, kind := range must(part.JoinGiven(read, body, parts)) {
				v.Withheld = append(v.Withheld, kind.String())
			}
			v.Whole = line(read)
		}
		file.Vectors = append(file.Vectors, v)
	}
	// digested returns a body that has the digests of other parts.
	digested := func(parts ...*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		core := &liaisonv1.Statement{Hub: "hub.example/1", Detail: &liaisonv1.Statement_Filed{Filed: &liaisonv1.RequestSpec{Platform: "platforms/messenger"}}}
		for _, p := range parts {
			core.Parts = append(core.Parts, &liaisonv1.BodyPartDigest{Kind: p.GetKind(), Sha256: part.Digest(p)})
		}
		return must(proto.Marshal(core)), parts
	}
	text := func(s *liaisonv1.Statement) *liaisonv1.BodyPart {
		return &liaisonv1.BodyPart{Kind: liaisonv1.BodyPartKind_BODY_PART_KIND_TEXT, Salt: must(testSalt()), Content: must(proto.Marshal(s))}
	}
	filed := func(s *liaisonv1.RequestSpec) *liaisonv1.Statement {
		return &liaisonv1.Statement{Detail: &liaisonv1.Statement_Filed{Filed: s}}
	}
	add("a filing", filing, "", nil)
	add("an approval, which delivers a request", delivery, "", nil)
	add("a step without parts", &liaisonv1.Event{Sequence: 9, Detail: &liaisonv1.Event_Lapsed{Lapsed: &liaisonv1.Lapse{}}}, "", nil)
	add("a filing whose selectors are withheld", filing, "", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) { return body, parts[1:] })
	add("a filing of which all parts are withheld", filing, "", func(body []byte, _ []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) { return body, nil })
	add("one bit of a part changed", filing, "digest", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		parts[1].Content[len(parts[1].Content)-1] ^= 1
		return body, parts
	})
	add("one bit of a salt changed", filing, "digest", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		parts[1].Salt[0] ^= 1
		return body, parts
	})
	add("a salt of another length", filing, "salt", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		parts[0].Salt = append(parts[0].Salt, 0)
		return body, parts
	})
	add("a part twice", filing, "order", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		return body, append(parts, parts[2])
	})
	add("parts in another order", filing, "order", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		parts[0], parts[1] = parts[1], parts[0]
		return body, parts
	})
	for _, fault := range []struct {
		name, word string
		parts      []*liaisonv1.BodyPart
	}{
		{"two digests of one kind", "order", []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{Necessity: "a"})), text(filed(&liaisonv1.RequestSpec{Necessity: "b"}))}},
		{"a part that holds nothing", "empty", []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{}))}},
		{"a part with a field of another part", "foreign", []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{Necessity: "a", Reference: "1"}))}},
		{"a part with a field of the body", "foreign", []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{Necessity: "a", Test: true}))}},
		{"a part within what the body does not hold", "place", []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{Threat: &liaisonv1.Threat{Statement: "a"}}))}},
		{"a part within another step", "place", []*liaisonv1.BodyPart{text(&liaisonv1.Statement{Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{Note: "a"}}})}},
	} {
		add(fault.name, filing, fault.word, func([]byte, []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) { return digested(fault.parts...) })
	}
	add("a part that the body does not name", filing, "unnamed", func([]byte, []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		body, _ := digested()
		return body, []*liaisonv1.BodyPart{text(filed(&liaisonv1.RequestSpec{Necessity: "a"}))}
	})
	add("a body with a field of a part", filing, "uncovered", func([]byte, []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		return must(proto.Marshal(filing)), nil
	})
	add("a body with its step twice", filing, "twice", func(body []byte, parts []*liaisonv1.BodyPart) ([]byte, []*liaisonv1.BodyPart) {
		return append(body, must(proto.Marshal(filed(&liaisonv1.RequestSpec{Test: true})))...), parts
	})
	write(t, "part.json", file)
}

func checkParts(t *testing.T) {
	file := load[partVectors](t, "part.json")
	for name, outline := range file.Outlines {
		if got := must(json.Marshal(part.OutlineOf(wholeOf(name)))); !bytes.Equal(got, must(json.Marshal(outline))) {
			t.Errorf("the outline of %s is another: make the vectors anew", name)
		}
	}
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			var parts []*liaisonv1.BodyPart
			for _, p := range v.Parts {
				parts = append(parts, &liaisonv1.BodyPart{Kind: liaisonv1.BodyPartKind(liaisonv1.BodyPartKind_value[p.Kind]), Salt: p.Salt, Content: p.Content})
			}
			whole := wholeOf(v.Message)
			withheld, err := part.JoinGiven(whole, v.Body, parts)
			if !v.Valid {
				if !errors.Is(err, partErrors[v.Error]) {
					t.Errorf("it ends with %v, wanted %s", err, v.Error)
				}
				return
			}
			want := wholeOf(v.Message)
			if err != nil || protojson.Unmarshal(v.Whole, want) != nil || !proto.Equal(whole, want) || len(withheld) != len(v.Withheld) {
				t.Errorf("it is %v without %v: %v", whole, withheld, err)
			}
		})
	}
}

func makeDirectory(t *testing.T) {
	t.Helper()
	at := time.Date(2026, 10, 2, 6, 40, 0, 1000, time.UTC)
	digest := ledger.Digest(must(testSalt()), []byte("restricted"))
	change := ledger.DirectoryLeaf{
		Sequence: 4712, Time: at, Name: "authorities/moc", Type: "registered", Actor: "spiffe://hub.example/operator/ops",
		Second: "spiffe://dpa.example/operator/second", Index: 3, Public: ledger.Digest(must(testSalt()), []byte("public")), Restricted: &digest,
	}
	open := change
	open.Second, open.Restricted, open.Name = "", nil, "law/eu-epo"
	file := directoryVectors{Note: "The salts are for tests alone: a hub's are random."}
	for _, v := range []struct {
		name string
		leaf ledger.DirectoryLeaf
	}{{"a registration that two have made", change}, {"one without a restricted part", open}} {
		hash := v.leaf.Hash()
		file.Leaves = append(file.Leaves, directoryVector{Name: v.name, Valid: true, Leaf: v.leaf.String(), Hash: hash[:]})
	}
	for _, v := range [][2]string{
		{"nobody's entry", strings.Replace(change.String(), "authorities/moc", "requests/moc", 1)},
		{"no place in the feed", strings.Replace(change.String(), "\n3\n", "\n0\n", 1)},
		{"the actor as the second", strings.Replace(change.String(), "spiffe://dpa.example/operator/second", "spiffe://hub.example/operator/ops", 1)},
		{"the second left out", strings.Replace(change.String(), "spiffe://dpa.example/operator/second\n", "", 1)},
		{"a short digest", change.String()[:len(change.String())-3] + "\n"},
		{"an event's form", strings.Replace(change.String(), "directory", "event", 1)},
	} {
		file.Leaves = append(file.Leaves, directoryVector{Name: v[0], Leaf: v[1]})
	}

	ca := must(pki.NewCA("hub.example", time.Now))
	_, oldKey := must2(ledger.NewKey("hub.example/1"))
	_, newKey := must2(ledger.NewKey("hub.example/2"))
	hub := must(identity.ParseID("spiffe://hub.example/hub/hub"))
	first := &liaisonv1.Genesis{
		Ledger: "hub.example/1", HubKey: oldKey, TrustDomain: "hub.example", CreateTime: timestamppb.New(at),
		OperatorAuthorities: [][]byte{ca.Certificate.Raw}, OperatorsRequired: 1,
		Laws: []*liaisonv1.LawDigest{{Name: "law/eu-epo", Sha256: bytes.Repeat([]byte{3}, 32)}},
	}
	successor := proto.CloneOf(first)
	successor.Ledger, successor.HubKey, successor.OperatorsRequired = "hub.example/2", newKey, 2
	successor.Predecessor = &liaisonv1.Predecessor{
		Ledger: "hub.example/1", HubKey: oldKey, RestoredSize: 4000, RestoredRoot: bytes.Repeat([]byte{4}, 32), KnownSize: 4711, Reason: "The disk was lost, and the copy is of the day before.",
	}
	add := func(name string, g *liaisonv1.Genesis, change func(*genesisVector)) {
		r := must(genesis.New(g, hub, must(testSalt())))
		v := genesisVector{Name: name, Valid: change == nil, Leaf: r.GetLeaf(), Public: r.GetPublic(), PublicSalt: r.GetPublicSalt()}
		if change != nil {
			change(&v)
		} else {
			v.Fingerprint, v.Genesis = genesis.Fingerprint(g, r), line(g)
		}
		file.Genesis = append(file.Genesis, v)
	}
	add("of a hub's first ledger", first, nil)
	add("of a successor", successor, nil)
	add("with another body", first, func(v *genesisVector) { v.Public[len(v.Public)-1] ^= 1 })
	add("by a hub of another trust domain", first, func(v *genesisVector) { v.Leaf = strings.Replace(v.Leaf, "spiffe://hub.", "spiffe://bub.", 1) })
	add("that is not the first event", first, func(v *genesisVector) { v.Leaf = strings.Replace(v.Leaf, "v1\n1\n", "v1\n2\n", 1) })
	write(t, "directory.json", file)
}

func checkDirectory(t *testing.T) {
	file := load[directoryVectors](t, "directory.json")
	for _, v := range file.Leaves {
		leaf, err := ledger.ParseDirectoryLeaf(v.Leaf)
		if hash := leaf.Hash(); (err == nil) != v.Valid || v.Valid && !bytes.Equal(hash[:], v.Hash) {
			t.Errorf("%s: %v, wanted it valid: %t", v.Name, err, v.Valid)
		}
	}
	for _, v := range file.Genesis {
		r := &liaisonv1.DirectoryRecord{Leaf: v.Leaf, Public: v.Public, PublicSalt: v.PublicSalt}
		if !v.Valid {
			if _, err := genesis.Open(r); !errors.Is(err, genesis.ErrGenesis) {
				t.Errorf("%s is taken: %v", v.Name, err)
			}
			continue
		}
		want := &liaisonv1.Genesis{}
		if g, err := genesis.Confirm(r, v.Fingerprint); err != nil || protojson.Unmarshal(v.Genesis, want) != nil || !proto.Equal(g, want) {
			t.Errorf("%s is %v: %v", v.Name, g, err)
		}
	}
}
