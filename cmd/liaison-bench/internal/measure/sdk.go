package measure

import (
	"context"
	"os"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/client"
)

// compareSDK files n requests without the SDK, with it, and with one that keeps on disk what
// it has seen of the ledger, in turns.
func (f *filing) compareSDK(ctx context.Context, level *FilingLevel, without load, n int) error {
	forgetting, closeForgetting, err := f.authorities(ctx, level.Connections, "")
	if err != nil {
		return err
	}
	defer closeForgetting()
	dir, err := os.MkdirTemp(f.dir, "memory")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	keeping, closeKeeping, err := f.authorities(ctx, level.Connections, dir)
	if err != nil {
		return err
	}
	defer closeKeeping()
	var bare, sdk, kept, ofSDK, ofKept []float64
	for range f.c.Filing.Rounds {
		signed, err := newFilings(ctx, f.signer, f.spec, n)
		if err != nil {
			return err
		}
		run, err := without.drive(ctx, signed, n)
		if err != nil {
			return err
		}
		bare = append(bare, run.perSecond())
		if run, err = f.withSDK(ctx, forgetting, level.Callers, n); err != nil {
			return err
		}
		sdk = append(sdk, run.perSecond())
		if run, err = f.withSDK(ctx, keeping, level.Callers, n); err != nil {
			return err
		}
		kept = append(kept, run.perSecond())
		last := len(bare) - 1
		ofSDK, ofKept = append(ofSDK, ratio(sdk[last], bare[last])), append(ofKept, ratio(kept[last], bare[last]))
	}
	level.SDK, level.SDKRatio = median(sdk), median(ofSDK)
	level.SDKKept, level.SDKKeptRatio = median(kept), median(ofKept)
	return nil
}

// authorities connects as the SDK does, each with a memory of the ledger in a folder, if one
// is given, and has each believe a first checkpoint.
func (f *filing) authorities(ctx context.Context, n int, dir string) (authorities []*client.Authority, closeAll func(), err error) {
	var conns []*client.Conn
	closeAll = func() {
		for _, conn := range conns {
			_ = conn.Close() // nothing is under way
		}
	}
	for range n {
		conn, err := f.hub.sdk(officer, client.WithAnswerKeys(f.secret), client.WithLedgerDir(dir))
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		conns = append(conns, conn)
		authority := conn.Authority()
		if _, err := authority.File(ctx, ofOthers(f.spec, uuid.New())); err != nil {
			closeAll()
			return nil, nil, err
		}
		authorities = append(authorities, authority)
	}
	return authorities, closeAll, nil
}

// withSDK files n requests as the SDK does.
func (f *filing) withSDK(ctx context.Context, authorities []*client.Authority, callers, n int) (driven, error) {
	return spread(ctx, callers, n, func(ctx context.Context, caller, _ int) error {
		_, err := authorities[caller%len(authorities)].File(ctx, ofOthers(f.spec, uuid.New()))
		return err
	})
}
