package client_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// page lets the hub append an event to its ledger and returns the page that has it.
func (h *hostile) page(t *testing.T, e *liaisonv1.Event, authority, platform uint64) *liaisonv1.ListEventsResponse {
	t.Helper()
	hashes := h.leafHashes(t)
	e.Sequence = uint64(len(hashes)) + 1
	salt := make([]byte, ledger.SaltSize)
	recorded, err := record.Encode(e, func() ([]byte, error) { return salt, nil })
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.Leaf{Sequence: e.Sequence, Time: e.GetCreateTime().AsTime(), Request: e.GetRequest(), Type: record.Type(e), Actor: e.GetActor(),
		AuthorityIndex: authority, PlatformIndex: platform, Digest: ledger.Digest(salt, recorded.GetBody())}
	var stored reader
	for n, hash := range append(hashes, leaf.Hash()) {
		more, err := tlog.StoredHashesForRecordHash(int64(n), hash, stored)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	h.mu.Lock()
	h.forged = stored
	h.mu.Unlock()
	root, _ := tlog.TreeHash(int64(e.Sequence), stored)
	signed, err := ledger.Checkpoint{Origin: h.signer.Name(), Size: int64(e.Sequence), Root: root}.Sign(h.signer)
	if err != nil {
		t.Fatal(err)
	}
	recorded.Leaf, recorded.Salt = leaf.String(), salt
	proof, _ := tlog.ProveRecord(int64(e.Sequence), int64(e.Sequence)-1, stored)
	return &liaisonv1.ListEventsResponse{Checkpoint: string(signed), Receipts: []*liaisonv1.Receipt{
		{Record: recorded, InclusionProof: ledger.Bytes(proof)}}}
}

func now() *timestamppb.Timestamp { return timestamppb.New(time.Now().Truncate(time.Microsecond)) }

// instead puts a hub's own doing in place of what the real one does with a call; where do
// returns false the call goes on.
func instead(do func(in, out any) (handled bool)) client.Option {
	return client.WithDialOptions(grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, o ...grpc.CallOption) error {
		if do(in, out) {
			return nil
		}
		return invoke(ctx, method, in, out, conn, o...)
	}))
}

// show has the hub show a page that it made behind what the real one has, to whoever
// reads a request, watches or audits. Of the requests that it withholds it shows leaves
// alone.
func (h *hostile) show(page *liaisonv1.ListEventsResponse, withheld ...string) {
	more := proto.CloneOf(page.GetReceipts()[0])
	more.Checkpoint = page.GetCheckpoint()
	var shown bool
	h.lie(func(reply any) {
		switch out := reply.(type) {
		case *liaisonv1.ListEventsResponse:
			for _, receipt := range out.GetReceipts() {
				receipt.Checkpoint = out.GetCheckpoint()
				withhold(receipt, withheld)
			}
			out.Receipts = append(out.GetReceipts(), more)
		case *liaisonv1.WatchEventsResponse:
			withhold(out.GetReceipt(), withheld)
			if out.GetHeartbeat() != nil && !shown {
				shown = true
				proto.Reset(out)
				out.Message = &liaisonv1.WatchEventsResponse_Receipt{Receipt: more}
			}
		case *liaisonv1.GetCheckpointResponse:
			out.Checkpoint = page.GetCheckpoint()
		case *liaisonv1.ListLeafHashesResponse:
			leaf, _ := ledger.ParseLeaf(more.GetRecord().GetLeaf())
			hash := leaf.Hash()
			out.Hashes = append(out.GetHashes(), hash[:])
		}
	})
}

// withhold takes what an event says away, as if it had been purged.
func withhold(receipt *liaisonv1.Receipt, of []string) {
	leaf, err := ledger.ParseLeaf(receipt.GetRecord().GetLeaf())
	if err == nil && slices.Contains(of, leaf.Request) {
		receipt.GetRecord().Body, receipt.GetRecord().Salt = nil, nil
	}
}

// rewrite makes the ledger anew with what somebody may see changed, and shows it whole to
// whoever reads or audits it for the first time.
func (h *hostile) rewrite(t *testing.T, who string, change func(i int, e *liaisonv1.Event, l *ledger.Leaf)) {
	t.Helper()
	made, err := liaisonv1.NewRequestServiceClient(h.kit.Conn(t, who).Unverified()).ListEvents(t.Context(), &liaisonv1.ListEventsRequest{View: records})
	if err != nil {
		t.Fatal(err)
	}
	h.forge(t, made, change)
	h.lie(func(reply any) {
		switch out := reply.(type) {
		case *liaisonv1.ListEventsResponse:
			proto.Reset(out)
			proto.Merge(out, made)
		case *liaisonv1.GetCheckpointResponse:
			out.Checkpoint = made.GetCheckpoint()
		case *liaisonv1.ListLeafHashesResponse:
			for n := range out.GetHashes() {
				hash := h.forged[tlog.StoredHashIndex(0, int64(n))]
				out.Hashes[n] = hash[:]
			}
		}
	})
}

// auditOf verifies the whole ledger.
func auditOf(t *testing.T, conn *client.Conn) error {
	t.Helper()
	_, err := conn.Ledger().Verify(t.Context(), nil)
	return err
}
