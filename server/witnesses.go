package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
)

// Witness is somebody independent who cosigns the ledger's checkpoints, after C2SP
// tlog-witness, and so vouches that everybody is shown the same ledger.
type Witness struct {
	// URL is what "/add-checkpoint" is added to.
	URL string
	// Key is the witness's public key, of the cosignature/v1 type.
	Key string
}

const (
	// witnessEvery is how often a new checkpoint is looked for. Nobody waits for
	// witnesses but those who demand them.
	witnessEvery = 200 * time.Millisecond

	// witnessTimeout is how long one that is slow may keep the others' cosignatures from
	// being shown.
	witnessTimeout = 3 * time.Second
)

// witnessed is the newest cosigned checkpoint.
type witnessed struct {
	clients []*witnessClient

	mu     sync.Mutex
	signed []byte
}

// witnessClient is a witness with how far it has come, as far as is known here. It is
// used by one goroutine at a time.
type witnessClient struct {
	witness.Client
	size int64
}

func newWitnessed(configured []Witness) (*witnessed, error) {
	w := &witnessed{}
	for _, c := range configured {
		verifier, err := ledger.ParseWitness(c.Key)
		if err != nil {
			return nil, fmt.Errorf("the witness at %s: %w", c.URL, err)
		}
		w.clients = append(w.clients, &witnessClient{
			Client: witness.Client{URL: c.URL, Verifier: verifier, HTTP: &http.Client{
				Timeout:       witnessTimeout,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}},
		})
	}
	return w, nil
}

func (w *witnessed) current() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.signed
}

// keepWitnessed has each new checkpoint cosigned, until ctx ends.
func (s *Server) keepWitnessed(ctx context.Context) {
	if len(s.witnessed.clients) == 0 {
		return
	}
	ticker := time.NewTicker(witnessEvery)
	defer ticker.Stop()
	var last resource.Seq // of which every witness's cosignature is there
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		size, signed, err := s.archive.Checkpoint(ctx)
		if err != nil || size == last {
			continue
		}
		if s.haveCosigned(ctx, size, signed) {
			last = size
		}
	}
}

// haveCosigned asks every witness for its cosignature and shows those that came. It
// says whether all did.
func (s *Server) haveCosigned(ctx context.Context, size resource.Seq, signed []byte) bool {
	cosigned := make([][]byte, len(s.witnessed.clients))
	var asked sync.WaitGroup
	for i, c := range s.witnessed.clients {
		asked.Go(func() {
			var err error
			cosigned[i], err = s.ask(ctx, c, size, signed)
			switch {
			case err == nil || ctx.Err() != nil:
			case errors.Is(err, witness.ErrInconsistent):
				s.log.Error("a witness has seen another ledger under this name", "witness", c.URL, "size", size, "error", err)
			default:
				s.log.Warn("a witness has not cosigned a checkpoint", "witness", c.URL, "size", size, "error", err)
			}
		})
	}
	asked.Wait()
	var there [][]byte
	for _, one := range cosigned {
		if one != nil {
			there = append(there, one)
		}
	}
	if len(there) == 0 {
		return false
	}
	merged, err := witness.Merge(signed, there...)
	if err != nil {
		s.log.Error("cosignatures do not fit together", "error", err)
		return false
	}
	s.witnessed.mu.Lock()
	s.witnessed.signed = merged
	s.witnessed.mu.Unlock()
	return len(there) == len(cosigned)
}

// ask submits a checkpoint to one witness, once more if the witness has come to
// another size than was known here.
func (s *Server) ask(ctx context.Context, c *witnessClient, size resource.Seq, signed []byte) ([]byte, error) {
	for range 2 {
		if c.size > int64(size) {
			return nil, fmt.Errorf("it has seen a ledger of %d events", c.size)
		}
		from := c.size
		proof, err := s.proveGrowth(ctx, resource.Seq(from), size)
		if err != nil {
			return nil, err
		}
		cosigned, err := c.Submit(ctx, from, proof, signed)
		var conflict *witness.ConflictError
		if errors.As(err, &conflict) {
			c.size = conflict.Size
			continue
		}
		if err == nil {
			c.size = int64(size)
		}
		return cosigned, err
	}
	return nil, errors.New("it knows another size each time it is asked")
}

// proveGrowth is the sequencer's proof, or none where nothing needs one.
func (s *Server) proveGrowth(ctx context.Context, from, to resource.Seq) (tlog.TreeProof, error) {
	if from == 0 || from == to {
		return nil, nil
	}
	proof, _, err := s.archive.ProveConsistency(ctx, from, to)
	return proof, err
}
