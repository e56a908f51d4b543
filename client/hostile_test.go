package client_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// hostile is a hub that lies: the real one, whose every word passes through a test's
// hands on its way. It has the hub's own key, and can make the whole ledger anew.
type hostile struct {
	kit    *testkit.Kit
	signer note.Signer

	mu     sync.Mutex
	meddle func(reply any) // called with each reply, and each message of a stream
	forged reader          // the hashes of the ledger that was made last, if one was
}

func newHostile(t *testing.T, kit *liaisontest.Kit) *hostile {
	t.Helper()
	return hostileOver(t, testkit.Of(kit))
}

func hostileOver(t *testing.T, kit *testkit.Kit) *hostile {
	t.Helper()
	signer, _, err := ledger.ParseSigner(kit.HubSecret())
	if err != nil {
		t.Fatal(err)
	}
	return &hostile{kit: kit, signer: signer}
}

// lie has every further reply changed.
func (h *hostile) lie(meddle func(reply any)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.meddle = meddle
}

func (h *hostile) pass(reply any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.meddle != nil {
		h.meddle(reply)
	}
}

// prove proves that the forged ledger has grown as it should, as far as it has, and says
// whether it did.
func (h *hostile) prove(in, out any) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	call, asked := in.(*liaisonv1.GetConsistencyProofRequest)
	reply, ok := out.(*liaisonv1.GetConsistencyProofResponse)
	if !asked || !ok || h.forged == nil {
		return false
	}
	proof, err := tlog.ProveTree(int64(call.GetToSize()), int64(call.GetFromSize()), h.forged)
	if err == nil {
		reply.Hashes = ledger.Bytes(proof)
	}
	return err == nil
}

// option puts the hostile hub between a client and the real one.
func (h *hostile) option() client.Option {
	return client.WithDialOptions(
		grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			if err := invoke(ctx, method, in, out, conn, options...); err != nil && !h.prove(in, out) {
				return err
			}
			h.pass(out)
			h.prove(in, out)
			return nil
		}),
		grpc.WithChainStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
			stream, err := open(ctx, desc, conn, method, options...)
			if err != nil {
				return nil, err
			}
			return hostileStream{stream, h}, nil
		}),
	)
}

type hostileStream struct {
	grpc.ClientStream
	hub *hostile
}

func (s hostileStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	if err == nil {
		s.hub.pass(m)
	}
	return err
}

// records is the view that who checks asks for.
const records = liaisonv1.EventView_EVENT_VIEW_RECORDS

// sequenceOf is the number of the event that a message of a watch has; zero if it has none.
func sequenceOf(m *liaisonv1.WatchEventsResponse) uint64 {
	leaf, err := ledger.ParseLeaf(m.GetReceipt().GetRecord().GetLeaf())
	if err != nil {
		return 0
	}
	return leaf.Sequence
}

// requestOf is the request that the first record of a page is about; empty if there is none.
func requestOf(out *liaisonv1.ListEventsResponse) string {
	if len(out.GetReceipts()) == 0 {
		return ""
	}
	leaf, _ := ledger.ParseLeaf(out.GetReceipts()[0].GetRecord().GetLeaf())
	return leaf.Request
}

// rerecord has a record say what an event does.
func rerecord(t *testing.T, recorded *liaisonv1.Record, e *liaisonv1.Event) {
	t.Helper()
	made, err := record.Encode(e, func() ([]byte, error) { return make([]byte, ledger.SaltSize), nil })
	if err != nil {
		t.Fatal(err)
	}
	recorded.Body, recorded.Parts, recorded.SignedParts = made.GetBody(), made.GetParts(), made.GetSignedParts()
}

// forge changes events and makes a ledger in which they are as they are now: leaves,
// tree and checkpoint, all of it signed with the hub's key. Nobody who sees this ledger
// first can tell it from the real one by the ledger alone.
func (h *hostile) forge(t *testing.T, out *liaisonv1.ListEventsResponse, change func(i int, e *liaisonv1.Event, l *ledger.Leaf)) {
	t.Helper()
	if len(out.GetReceipts()) == 0 {
		return
	}
	hashes := h.leafHashes(t)
	for i, receipt := range out.GetReceipts() {
		recorded := receipt.GetRecord()
		leaf, err := ledger.ParseLeaf(recorded.GetLeaf())
		if err != nil {
			t.Fatal(err)
		}
		e, err := record.Decode(recorded)
		if err != nil {
			t.Fatal(err)
		}
		if e.GetEnvelope() != nil {
			e.Detail = nil // as it is recorded
		}
		change(i, e, &leaf)
		rerecord(t, recorded, e)
		leaf.Digest = ledger.Digest(recorded.GetSalt(), recorded.GetBody())
		recorded.Leaf = leaf.String()
		hashes[leaf.Sequence-1] = leaf.Hash()
	}
	var stored reader
	for n, hash := range hashes {
		more, err := tlog.StoredHashesForRecordHash(int64(n), hash, stored)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	h.forged = stored // its caller holds mu
	size := int64(len(hashes))
	root, err := tlog.TreeHash(size, stored)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.Checkpoint{Origin: h.signer.Name(), Size: size, Root: root}.Sign(h.signer)
	if err != nil {
		t.Fatal(err)
	}
	out.Checkpoint = string(signed)
	for _, receipt := range out.GetReceipts() {
		leaf, _ := ledger.ParseLeaf(receipt.GetRecord().GetLeaf())
		proof, err := tlog.ProveRecord(size, int64(leaf.Sequence)-1, stored)
		if err != nil {
			t.Fatal(err)
		}
		receipt.InclusionProof = ledger.Bytes(proof)
	}
}

// reader are a tree's stored hashes.
type reader []tlog.Hash

func (r reader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = r[index]
	}
	return hashes, nil
}

// leafHashes are those of the real ledger.
func (h *hostile) leafHashes(t *testing.T) []tlog.Hash {
	t.Helper()
	out, err := liaisonv1.NewLedgerServiceClient(h.kit.Conn(t, "operator").Unverified()).ListLeafHashes(t.Context(), &liaisonv1.ListLeafHashesRequest{PageSize: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := ledger.ProofFrom(out.GetHashes())
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

// caught fails unless the SDK found the lie out, as what it was.
func caught(t *testing.T, err, kind error) {
	t.Helper()
	var distrust *client.Distrust
	if !errors.As(err, &distrust) || !errors.Is(err, kind) {
		t.Errorf("it ends with %v, wanted %v", err, kind)
	}
	if err != nil && strings.Contains(err.Error(), "7700900") {
		t.Errorf("the error quotes content: %v", err)
	}
}

// answeredCase is a request from filing to answer, with who took part.
type answeredCase struct {
	kit     *liaisontest.Kit
	name    string
	filed   *liaisonv1.Event
	officer *client.Authority
	agent   *client.Platform
}

// answer files an emergency and answers it. Its findings name nobody.
func answer(t *testing.T, kit *liaisontest.Kit, reference string) *answeredCase {
	t.Helper()
	a := &answeredCase{kit: kit, officer: kit.Conn(t, "officer").Authority(), agent: kit.Conn(t, "agent").Platform()}
	var err error
	if a.filed, err = a.officer.File(t.Context(), emergency(reference)); err != nil {
		t.Fatal(err)
	}
	a.name = a.filed.GetRequest()
	if _, err := a.agent.Acknowledge(t.Context(), a.name, nil); err != nil {
		t.Fatal(err)
	}
	var findings []*liaisonv1.Finding
	for _, s := range exampleSpec().GetSelectors() {
		findings = append(findings, notFound(s))
	}
	if _, err := a.agent.Answer(t.Context(), a.name, &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: findings}); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAHostileHubIsCaughtByWhoReads is one lie a row, told to somebody who has never seen
// this hub before and reads a request: whatever the ledger alone cannot show, signatures
// must.
func TestAHostileHubIsCaughtByWhoReads(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	one, two := answer(t, kit, "H-1"), answer(t, kit, "H-2")
	routine := awaited(t, kit) // filed, narrowed and approved before the platform saw it
	for _, test := range append(liesAboutTime(one.name), []lie{
		{"an altered body", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			body := out.GetReceipts()[1].GetRecord().Body
			body[len(body)/2] ^= 1
		}, client.ErrAltered},
		{"an altered body and leaf", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			recorded := out.GetReceipts()[1].GetRecord()
			leaf, _ := ledger.ParseLeaf(recorded.GetLeaf())
			e, _ := record.Decode(recorded)
			e.GetAcknowledged().PlatformReference = "FORGED"
			rerecord(t, recorded, e)
			leaf.Digest = ledger.Digest(recorded.GetSalt(), recorded.GetBody())
			recorded.Leaf = leaf.String()
		}, client.ErrNotInLedger},
		{"an altered leaf", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			leaf, _ := ledger.ParseLeaf(out.GetReceipts()[1].GetRecord().GetLeaf())
			leaf.PlatformIndex++
			out.GetReceipts()[1].GetRecord().Leaf = leaf.String()
		}, client.ErrNotInLedger},
		{"a leaf that says something else than its body", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 1 {
				l.Actor = "spiffe://messenger.example/agent/somebody.else"
			}
		}), client.ErrAltered},
		{"a proof for another leaf", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			r := out.GetReceipts()
			r[0].InclusionProof, r[1].InclusionProof = r[1].InclusionProof, r[0].InclusionProof
		}, client.ErrNotInLedger},
		{"no proof at all", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			out.GetReceipts()[0].InclusionProof = nil
		}, client.ErrNotInLedger},
		{"no receipts", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) { out.Receipts = nil }, client.ErrHistory},
		{"a checkpoint that another key signed", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			secret, _, _ := ledger.NewKey(h.signer.Name())
			other, _, _ := ledger.ParseSigner(secret)
			signed, _ := ledger.Checkpoint{Origin: h.signer.Name(), Size: 6}.Sign(other)
			out.Checkpoint = string(signed)
		}, client.ErrCheckpoint},
		{"a dropped event", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			out.Receipts = append(out.Receipts[:1], out.Receipts[2:]...)
		}, client.ErrHistory},
		{"a dropped beginning", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			out.Receipts = out.Receipts[1:]
		}, client.ErrHistory},
		{"reordered events", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			r := out.GetReceipts()
			r[1], r[2] = r[2], r[1]
		}, client.ErrHistory},
		{"an event of another request", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			out.Receipts[2] = receiptsOf(t, kit, two.name)[2]
		}, client.ErrFeed},
		{"a step that could not follow", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 1 {
				e.Detail = &liaisonv1.Event_ReceiptConfirmed{ReceiptConfirmed: &liaisonv1.ReceiptConfirmation{}}
				l.Type = "receipt_confirmed"
			}
		}), client.ErrHistory},
		{"a body kept back, as if purged", one.name, func(t *testing.T, h *hostile, out *liaisonv1.ListEventsResponse) {
			recorded := out.GetReceipts()[2].GetRecord()
			recorded.Body, recorded.Salt = nil, nil
		}, client.ErrWithheld},
		{"a stripped signature", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				signed, _ := statement.Decode(e.GetEnvelope())
				e.Envelope, e.Detail = nil, &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: signed.GetFiled()}}
			}
		}), client.ErrUnsigned},
		{"recipients taken away by whoever signs for the authority", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				resign(e, signerFor(kit, "officer"), func(s *liaisonv1.Statement) { s.GetFiled().AnswerRecipients = nil })
			}
		}), client.ErrInClear},
		{"swapped recipients", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				resign(e, nil, func(s *liaisonv1.Statement) { s.GetFiled().AnswerRecipients = []string{recipient(kit)} })
			}
		}), client.ErrSignature},
		{"swapped recipients, signed by another organisation", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				resign(e, signerFor(kit, "dpo-officer"), func(s *liaisonv1.Statement) { s.GetFiled().AnswerRecipients = []string{recipient(kit)} })
			}
		}), client.ErrSigner},
		{"a signature by the platform itself", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				resign(e, signerFor(kit, "agent"), func(*liaisonv1.Statement) {})
			}
		}), client.ErrSigner},
		{"a signature for another request", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				e.Envelope = envelopeOf(t, kit, two.name)
			}
		}), client.ErrMisplaced},
		{"an old signature at another time", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			e.CreateTime.Seconds += 2 * 60 * 60
			if due := e.GetClocks().GetValidationDueTime(); due != nil {
				due.Seconds += 2 * 60 * 60
			}
			l.Time = e.GetCreateTime().AsTime()
		}), client.ErrMisplaced},
		{"an event that is not in the platform's feed", one.name, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 1 {
				l.PlatformIndex = 0
			}
		}), client.ErrFeed},
		{"a request that came before the platform otherwise than it was signed", routine, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				e.GetDelivery().GetRequest().GetSpec().Necessity = "Forged."
			}
		}), client.ErrAltered},
		{"an amendment from before the approval left out", routine, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				e.Delivery.StatementSha256S = e.GetDelivery().GetStatementSha256S()[:1]
			}
		}), client.ErrAltered},
		{"an approval without what was approved", routine, forged(func(h *hostile, i int, e *liaisonv1.Event, l *ledger.Leaf) {
			if i == 0 {
				e.Delivery.StatementSha256S = nil
			}
		}), client.ErrUnsigned},
	}...) {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(func(reply any) {
				if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
					test.lie(t, h, out)
				}
			})
			_, err := kit.Conn(t, "agent", h.option()).Platform().Get(t.Context(), test.of)
			caught(t, err, test.want)
		})
	}
}

// TestAHostileHubIsCaughtByWhoWasThereBefore tells lies that hold by themselves to
// somebody who has seen the ledger grow.
func TestAHostileHubIsCaughtByWhoWasThereBefore(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	one := answer(t, kit, "H-1")
	early := receiptsOf(t, kit, one.name)[0]
	early.Checkpoint = checkpointOf(t, kit)
	two := answer(t, kit, "H-2")
	for _, test := range []struct {
		name string
		lie  func(t *testing.T, h *hostile) func(any)
		do   func(t *testing.T, conn *client.Conn) error
		want error

		fresh bool // whether it has not seen the true ledger
	}{
		{"a history that was rewritten, and signed anew", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
					h.forge(t, out, func(i int, e *liaisonv1.Event, l *ledger.Leaf) {
						if i == 1 {
							e.GetAcknowledged().PlatformReference = "FORGED"
						}
					})
				}
			}
		}, readAgain(two.name), client.ErrForked, false},
		{"an older checkpoint than was seen", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.GetCheckpointResponse); ok {
					out.Checkpoint = early.GetCheckpoint()
				}
			}
		}, func(t *testing.T, conn *client.Conn) error {
			_, err := conn.Ledger().Checkpoint(t.Context())
			return err
		}, client.ErrRolledBack, false},
		{"an empty ledger, after it had events", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.WatchEventsResponse); ok && out.GetHeartbeat() != nil {
					out.GetHeartbeat().Checkpoint = ""
				}
			}
		}, watchAll, client.ErrRolledBack, false},
		{"an older checkpoint in a stream", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.WatchEventsResponse); ok && out.GetHeartbeat() != nil {
					out.GetHeartbeat().Checkpoint = early.GetCheckpoint()
				}
			}
		}, watchAll, client.ErrRolledBack, false},
		{"an old checkpoint replayed with a step", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.Recorded); ok {
					out.GetReceipt().Checkpoint = early.GetCheckpoint()
				}
			}
		}, file, client.ErrNotInLedger, false},
		{"an old step's receipt for a new step", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.Recorded); ok {
					proto.Reset(out)
					out.Receipt = proto.CloneOf(early)
				}
			}
		}, file, client.ErrOtherStep, false},
		{"a step that was taken without a receipt", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.Recorded); ok {
					out.Receipt = nil
				}
			}
		}, file, client.ErrNotInLedger, false},
		{"a step that was recorded with another's signature", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.Recorded); ok {
					page := &liaisonv1.ListEventsResponse{Receipts: []*liaisonv1.Receipt{out.GetReceipt()}}
					h.forge(t, page, func(_ int, e *liaisonv1.Event, l *ledger.Leaf) {
						resign(e, signerFor(kit, "officer"), func(s *liaisonv1.Statement) { s.GetFiled().Necessity = "Forged." })
					})
					out.GetReceipt().Checkpoint = page.GetCheckpoint()
				}
			}
		}, file, client.ErrOtherStep, false},
		{"a feed with an event left out", dropping(3), watchAll, client.ErrFeed, false},
		{"a feed with an event twice", repeating, watchAll, client.ErrFeed, false},
		{"a feed with a wrong place", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				out, ok := reply.(*liaisonv1.WatchEventsResponse)
				if !ok || out.GetReceipt() == nil {
					return
				}
				page := &liaisonv1.ListEventsResponse{Receipts: []*liaisonv1.Receipt{out.GetReceipt()}}
				h.forge(t, page, func(_ int, e *liaisonv1.Event, l *ledger.Leaf) { l.AuthorityIndex++ })
				out.GetReceipt().Checkpoint = page.GetCheckpoint()
			}
		}, watchAll, client.ErrFeed, true},
		{"a body kept back from the feed", func(t *testing.T, h *hostile) func(any) {
			return func(reply any) {
				if out, ok := reply.(*liaisonv1.WatchEventsResponse); ok && sequenceOf(out) == 2 {
					out.GetReceipt().GetRecord().Body, out.GetReceipt().GetRecord().Salt = nil, nil
				}
			}
		}, watchAll, client.ErrWithheld, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			conn := kit.Conn(t, "officer", h.option())
			if !test.fresh {
				see(t, conn)
			}
			h.lie(test.lie(t, h))
			caught(t, test.do(t, conn), test.want)
		})
	}
}
