package sequencer

import (
	"context"
	"crypto/rand"
	"strconv"
	"testing"
	"time"

	"buf.build/go/protoyaml"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// BenchmarkBatch is what a filing costs the writer beside the archive and the directory: 64
// signed emergencies are decided, recorded and proved.
func BenchmarkBatch(b *testing.B) {
	batch := unlikeFilings(b, 64)
	secret, public, err := note.GenerateKey(rand.Reader, "hub.example")
	if err != nil {
		b.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		b.Fatal(err)
	}
	key, err := ledger.ParseVerifier(public)
	if err != nil {
		b.Fatal(err)
	}
	s := &Sequencer{
		clock: time.Now, newID: uuid.NewV7, signer: signer, key: key, directory: Anybody{},
		salt: func() ([]byte, error) { return make([]byte, ledger.SaltSize), nil },
	}
	b.ReportAllocs()
	for b.Loop() {
		tree, err := ledger.NewTree(0, nil)
		if err != nil {
			b.Fatal(err)
		}
		d := decision{sequencer: s, tx: nothing{}}
		if err := d.load(batch); err != nil {
			b.Fatal(err)
		}
		results, err := d.decide(batch)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range results {
			if r.err != nil {
				b.Fatal(r.err)
			}
		}
		if _, err := d.grow(tree); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch)), "ns/filing")
}

// unlikeFilings are signed emergencies, each about others.
func unlikeFilings(b *testing.B, n int) (batch []*pending) {
	text, err := cases.Files.ReadFile("02-hospital-emergency/request.yaml")
	if err != nil {
		b.Fatal(err)
	}
	spec := &liaisonv1.RequestSpec{}
	if err := (protoyaml.UnmarshalOptions{}).Unmarshal(text, spec); err != nil {
		b.Fatal(err)
	}
	officer, err := identity.ParseID("spiffe://moc.example/officer/amal")
	if err != nil {
		b.Fatal(err)
	}
	if officer.Organisation, err = resource.ParseOrganisation("authorities/moc"); err != nil {
		b.Fatal(err)
	}
	s := &Sequencer{selectorKey: make([]byte, 32)}
	for i := range n {
		other := proto.CloneOf(spec)
		for j, selector := range other.GetSelectors() {
			if account := selector.GetAccount(); account != nil {
				account.Id = strconv.Itoa(1000*i + j)
			}
			if group := selector.GetGroup(); group != nil {
				group.Id, group.Username = strconv.Itoa(-1000*i-j), ""
			}
		}
		signed := &liaisonv1.Statement{
			Hub: "hub.example", Request: resource.RequestIDFrom(uuid.Must(uuid.NewV7())).String(), SignTime: timestamppb.Now(),
			Detail: &liaisonv1.Statement_Filed{Filed: other},
		}
		payload, err := proto.Marshal(signed)
		if err != nil {
			b.Fatal(err)
		}
		envelope := &liaisonv1.Envelope{Payload: payload, Signatures: []*liaisonv1.EnvelopeSignature{{Sig: make([]byte, 64), Certificates: [][]byte{make([]byte, 400)}}}}
		step := Step{
			Caller: officer, Event: &liaisonv1.Event{},
			Signed:    &statement.Opened{Statement: signed, Envelope: envelope},
			selectors: s.selectorHashes(officer.Organisation, other),
		}
		statement.SetDetail(step.Event, signed)
		if step.Call, err = NewCall("/test", uuid.NewString(), signed); err != nil {
			b.Fatal(err)
		}
		batch = append(batch, &pending{step: step})
	}
	return batch
}

// BenchmarkSelectorHashes is what the caller of a filing makes for the archive to find it by.
func BenchmarkSelectorHashes(b *testing.B) {
	step := unlikeFilings(b, 1)[0].step
	s := &Sequencer{selectorKey: make([]byte, 32)}
	b.ReportAllocs()
	for b.Loop() {
		s.selectorHashes(step.Caller.Organisation, step.Event.GetFiled().GetSpec())
	}
}

// nothing is an archive that is empty.
type nothing struct{ store.Tx }

func (nothing) Head() store.Head { return store.Head{} }

func (nothing) Feeds(context.Context, []resource.Organisation) (map[resource.Organisation]uint64, error) {
	return nil, nil
}

func (nothing) LookUp(context.Context, store.Keys) (store.Found, error) {
	return store.NewFound(), nil
}
