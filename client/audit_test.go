package client_test

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// largeLedger answers for a ledger that is too large to be filed in a test: its leaves'
// hashes are counted, not stored.
type largeLedger struct {
	size       int64
	checkpoint string
}

func leafHash(n int64) (hash tlog.Hash) {
	binary.BigEndian.PutUint64(hash[:], uint64(n))
	return tlog.NodeHash(hash, hash)
}

func newLargeLedger(t *testing.T, size int64, signer note.Signer) *largeLedger {
	t.Helper()
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range size {
		if _, err := tree.Append(leafHash(n)); err != nil {
			t.Fatal(err)
		}
		if n%1024 == 0 {
			tree.Trim()
		}
	}
	root, err := tree.Root()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.Checkpoint{Origin: signer.Name(), Size: size, Root: root}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	return &largeLedger{size: size, checkpoint: string(signed)}
}

func (l *largeLedger) option(lie func(hashes [][]byte, first int64)) client.Option {
	return client.WithDialOptions(grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			switch call := in.(type) {
			case *liaisonv1.GetCheckpointRequest:
				out.(*liaisonv1.GetCheckpointResponse).Checkpoint = l.checkpoint
			case *liaisonv1.ListLeafHashesRequest:
				reply := out.(*liaisonv1.ListLeafHashesResponse)
				first := int64(call.GetAfterSequence())
				for n := first; n < min(l.size, first+int64(call.GetPageSize())); n++ {
					hash := leafHash(n)
					reply.Hashes = append(reply.Hashes, hash[:])
				}
				lie(reply.GetHashes(), first)
			default:
				return invoke(ctx, method, in, out, conn, options...)
			}
			return nil
		}))
}

// TestAMillionLeavesAreVerifiedInTheSameMemory builds the tree of a million leaves anew;
// what is held at its end is no more than at its beginning.
func TestAMillionLeavesAreVerifiedInTheSameMemory(t *testing.T) {
	kit := liaisontest.New(t)
	signer, _, err := ledger.ParseSigner(testkit.Of(kit).HubSecret())
	if err != nil {
		t.Fatal(err)
	}
	large := newLargeLedger(t, 1_000_000, signer)
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	verify := func(lie func(hashes [][]byte, first int64), progress func(client.Audit)) (client.Audit, error) {
		t.Helper()
		return kit.Conn(t, "auditor", large.option(lie)).Ledger().Verify(t.Context(), progress)
	}
	var first, last uint64
	steps := 0
	checked, err := verify(func([][]byte, int64) {}, func(so client.Audit) {
		switch steps++; {
		case so.Events == 50_000:
			first = held()
		case so.Events == so.Size:
			last = held()
		}
	})
	if err != nil || checked.Events != large.size || steps != 100 {
		t.Fatalf("%+v in %d steps: %v", checked, steps, err)
	}
	if growth := int64(last) - int64(first); growth > 4<<20 {
		t.Errorf("%d bytes more are held at the end than at the beginning", growth)
	}

	_, err = verify(func(hashes [][]byte, first int64) {
		if first == 700_000 {
			hashes[1234][0] ^= 1
		}
	}, nil)
	if !errors.Is(err, client.ErrForked) {
		t.Errorf("with one leaf changed: %v", err)
	}
}

// TestAnAuditFindsWhatAHostileHubHides changes what an audit reads.
func TestAnAuditFindsWhatAHostileHubHides(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	answer(t, kit, "A-1")
	answer(t, kit, "A-2")
	for _, test := range []struct {
		name string
		lie  func(reply any)
		want error
	}{
		{"nothing", func(any) {}, nil},
		{"another leaf than the events show", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListLeafHashesResponse); ok {
				out.GetHashes()[2][0] ^= 1
			}
		}, client.ErrNotInLedger},
		{"a leaf left out", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListLeafHashesResponse); ok {
				out.Hashes = out.GetHashes()[1:]
			}
		}, client.ErrNotInLedger},
		{"no leaves", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListLeafHashesResponse); ok {
				out.Hashes = nil
			}
		}, client.ErrNotInLedger},
		{"an event left out", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
				out.Receipts = out.GetReceipts()[1:]
			}
		}, client.ErrFeed},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(test.lie)
			checked, err := kit.Conn(t, "officer", h.option()).Ledger().Verify(t.Context(), nil)
			if test.want == nil {
				if err != nil || checked.Own != 6 || checked.Signatures != 4 {
					t.Errorf("%+v: %v", checked, err)
				}
				return
			}
			caught(t, err, test.want)
		})
	}
}
