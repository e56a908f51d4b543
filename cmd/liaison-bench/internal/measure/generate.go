package measure

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// generator fills an archive with signed filings as the sequencer would have recorded
// them, without a hub: every signature, leaf, hash and checkpoint is real, so that a hub
// starts on what it makes and nobody can tell the difference. It signs on all
// processors and writes large batches, which makes a million in minutes.
type generator struct {
	signer              envelope.Signer
	spec                *liaisonv1.RequestSpec
	ledger              note.Signer
	actor               string
	authority, platform resource.Organisation
}

// batchSize is how many filings the generator writes in one commit.
const batchSize = 1000

func newGenerator(signer envelope.Signer, spec *liaisonv1.RequestSpec, ledgerSecret string) (*generator, error) {
	key, _, err := ledger.ParseSigner(ledgerSecret)
	if err != nil {
		return nil, err
	}
	authority, err1 := resource.ParseOrganisation("authorities/moc")
	platform, err2 := resource.ParseOrganisation(spec.GetPlatform())
	return &generator{
		signer: signer, spec: spec, ledger: key, actor: signer.Chain[0].URIs[0].String(),
		authority: authority, platform: platform,
	}, errors.Join(err1, err2)
}

// fill adds n filings to an archive that nobody else writes to.
func (g *generator) fill(ctx context.Context, st store.Store, n int, progress func(done int)) error {
	head, err := st.Head(ctx)
	if err != nil {
		return err
	}
	tree, err := ledger.NewTree(int64(head.Seq), hashesOf(ctx, st))
	if err != nil {
		return err
	}
	for done := 0; done < n; {
		size := min(batchSize, n-done)
		if err := st.Write(ctx, func(tx store.Tx) error { return g.batch(ctx, tx, tree, size) }); err != nil {
			return fmt.Errorf("write generated filings: %w", err)
		}
		tree.Trim()
		done += size
		progress(done)
	}
	return nil
}

// batch appends one batch inside a transaction.
func (g *generator) batch(ctx context.Context, tx store.Tx, tree *ledger.Tree, n int) error {
	feeds, err := tx.Feeds(ctx, []resource.Organisation{g.authority, g.platform})
	if err != nil {
		return err
	}
	entries, leaves, err := g.entries(ctx, tx.Head().Seq, feeds, n)
	if err != nil {
		return err
	}
	checkpoint, err := g.grow(tree, entries, leaves)
	if err != nil {
		return err
	}
	return tx.Append(ctx, entries, checkpoint)
}

// entries makes n entries behind a head.
func (g *generator) entries(ctx context.Context, head resource.Seq, feeds map[resource.Organisation]uint64, n int) ([]store.Entry, []tlog.Hash, error) {
	entries, leaves := make([]store.Entry, n), make([]tlog.Hash, n)
	at := time.Now().UTC().Truncate(time.Microsecond)
	workers := runtime.GOMAXPROCS(0)
	failures := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n && ctx.Err() == nil; i += workers {
				place := place{
					seq: head + resource.Seq(i) + 1, at: at,
					authorityIndex: feeds[g.authority] + uint64(i) + 1,
					platformIndex:  feeds[g.platform] + uint64(i) + 1,
				}
				if entries[i], leaves[i], failures[w] = g.entry(place); failures[w] != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	return entries, leaves, errors.Join(append(failures, ctx.Err())...)
}

// place is where an entry stands.
type place struct {
	seq                           resource.Seq
	at                            time.Time
	authorityIndex, platformIndex uint64
}

// event makes the event of one signed filing.
func (g *generator) event(p place) (*liaisonv1.Event, resource.RequestID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, resource.RequestID{}, err
	}
	request := resource.RequestIDFrom(id)
	spec := ofOthers(g.spec, id)
	spec.Reference = fmt.Sprintf("MOC-2026-%08d", p.seq)
	payload, parts, err := part.Split(&liaisonv1.Statement{
		Hub: example.HubDomain, Request: request.String(), SignTime: timestamppb.New(p.at),
		Detail: &liaisonv1.Statement_Filed{Filed: spec},
	}, func() ([]byte, error) { return make([]byte, part.SaltSize), nil })
	if err != nil {
		return nil, request, err
	}
	signed, err := envelope.Sign(g.signer, envelope.StatementType, payload)
	if err != nil {
		return nil, request, err
	}
	signed.Parts = parts
	return &liaisonv1.Event{
		Sequence:   uint64(p.seq),
		CreateTime: timestamppb.New(p.at),
		Request:    request.String(),
		Authority:  g.authority.String(),
		Platform:   g.platform.String(),
		Actor:      g.actor,
		State:      liaisonv1.RequestState_REQUEST_STATE_FILED,
		Etag:       strconv.FormatUint(uint64(p.seq), 36),
		Urgency:    spec.GetUrgency(),
		Envelope:   signed,
		Detail:     &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: spec}},
	}, request, nil
}

// entry makes one entry with its leaf; the hashes that the leaf completes are added when
// the tree grows.
func (g *generator) entry(p place) (store.Entry, tlog.Hash, error) {
	event, id, err := g.event(p)
	if err != nil {
		return store.Entry{}, tlog.Hash{}, err
	}
	return g.record(event, id, p)
}

// record encodes an event as it is stored.
func (g *generator) record(event *liaisonv1.Event, id resource.RequestID, p place) (store.Entry, tlog.Hash, error) {
	request := record.Fold(nil, event)
	salt := make([]byte, ledger.SaltSize)
	_, err1 := rand.Read(salt)
	recorded, err2 := record.Encode(event, func() ([]byte, error) { return salt, err1 })
	eventBody, err3 := record.Pack(recorded)
	requestBody, err4 := proto.Marshal(request)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return store.Entry{}, tlog.Hash{}, err
	}
	leaf := ledger.Leaf{
		Sequence: event.GetSequence(), Time: p.at, Request: event.GetRequest(),
		Type: record.Type(event), Actor: event.GetActor(),
		AuthorityIndex: p.authorityIndex, PlatformIndex: p.platformIndex,
		Digest: ledger.Digest(salt, recorded.GetBody()),
	}
	spec := request.GetSpec()
	return store.Entry{
		Event: store.Event{
			Seq: p.seq, Request: id, Authority: g.authority, Platform: g.platform,
			AuthorityIndex: p.authorityIndex, PlatformIndex: p.platformIndex,
			Leaf: leaf.String(), Salt: salt, Body: eventBody,
		},
		Request: store.Request{
			ID: id, Created: p.seq, Version: p.seq, Authority: g.authority, Platform: g.platform,
			Visible: true, State: lifecycle.State(event.GetState()), Emergency: record.Emergency(spec),
			CreateTime: p.at, References: []string{spec.GetReference()}, Body: requestBody,
		},
		Call:      store.Call{Key: store.CallKey{Organisation: g.authority, ID: id.UUID()}, Seq: p.seq},
		Selectors: denoted(spec),
	}, leaf.Hash(), nil
}

// grow appends the leaves to the tree, gives the entries the hashes that they complete,
// and signs the checkpoint of them all.
func (g *generator) grow(tree *ledger.Tree, entries []store.Entry, leaves []tlog.Hash) ([]byte, error) {
	for i, leaf := range leaves {
		hashes, err := tree.Append(leaf)
		if err != nil {
			return nil, err
		}
		for _, hash := range hashes {
			entries[i].Event.Hashes = append(entries[i].Event.Hashes, hash[:]...)
		}
	}
	root, err := tree.Root()
	if err != nil {
		return nil, err
	}
	return ledger.Checkpoint{Origin: g.ledger.Name(), Size: tree.Size(), Root: root}.Sign(g.ledger)
}

// hashesOf reads a ledger's hashes from an archive: each stands with the event whose
// leaf completes it.
func hashesOf(ctx context.Context, st store.Store) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			event := resource.Seq((n + 1) << level)
			stored, err := st.Hashes(ctx, []resource.Seq{event})
			if err != nil {
				return nil, err
			}
			if len(stored[event]) < (level+1)*tlog.HashSize {
				return nil, fmt.Errorf("the ledger lacks a hash of event %d", event)
			}
			copy(hashes[i][:], stored[event][level*tlog.HashSize:])
		}
		return hashes, nil
	})
}

// denoted stands for what a request's selectors denote, as a hub's keyed hashes do.
func denoted(spec *liaisonv1.RequestSpec) []store.SelectorHash {
	hashes := make([]store.SelectorHash, 0, len(spec.GetSelectors()))
	for _, selector := range spec.GetSelectors() {
		digest := sha256.Sum256([]byte(selector.GetAccount().GetId() + selector.GetGroup().GetId()))
		hashes = append(hashes, store.SelectorHash(digest[:16]))
	}
	return hashes
}
