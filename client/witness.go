package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// witnessPause is how often is asked whether witnesses have cosigned.
const witnessPause = 50 * time.Millisecond

// awaitWitnesses returns when enough witnesses have cosigned a ledger that includes the
// event.
func (t *trust) awaitWitnesses(ctx context.Context, sequence uint64) error {
	if t.required == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	cosigned, size := 0, int64(0)
	for {
		out, err := t.hub.ledger.GetCheckpoint(ctx, &liaisonv1.GetCheckpointRequest{})
		if err == nil && out.GetWitnessedCheckpoint() != "" {
			cosigned, size, err = t.Witnessed(ctx, out.GetWitnessedCheckpoint())
		}
		if err == nil && cosigned >= t.required && uint64(size) >= sequence {
			return nil
		}
		if err == nil {
			err = sleep(ctx, witnessPause)
		}
		if err != nil {
			return t.notWitnessed(ctx, typed(err), cosigned, size)
		}
	}
}

// notWitnessed says what the wait for witnesses ended with: err, unless that is that the time
// is over, which the hub may notice first. Distrust stays what it is.
func (t *trust) notWitnessed(ctx context.Context, err error, cosigned int, size int64) error {
	var distrust *Distrust
	if errors.As(err, &distrust) || ctx.Err() == nil && status.Code(err) != codes.DeadlineExceeded {
		return err
	}
	return &Distrust{Kind: ErrNotWitnessed, Detail: fmt.Sprintf("%d of the %d demanded have, up to event %d; what it waited for is in the ledger all the same", cosigned, t.required, size)}
}
