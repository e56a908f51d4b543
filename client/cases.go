package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/verify"
)

// keptBytes bounds the receipts of the cases that are kept.
const keptBytes = 16 << 20

// cases keeps the cases that were read last, so that a request's history is read and
// verified once, and afterwards only what was recorded since.
type cases struct {
	mu     sync.Mutex
	byName map[string]keptCase
	order  []string // the one that was used last is last
	bytes  int
}

type keptCase struct {
	*verify.Case
	bytes int
}

// get returns what is kept of a request; nil if nothing is.
func (k *cases) get(name string) *verify.Case {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byName[name].Case
}

// put keeps a case, unless a longer one of the same request is kept, and forgets those that
// were not used for longest.
func (k *cases) put(name string, c *verify.Case) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if before := k.byName[name]; before.Case != nil && before.Last() > c.Last() {
		return
	}
	k.remove(name)
	if k.byName == nil {
		k.byName = make(map[string]keptCase)
	}
	kept := keptCase{Case: c}
	for _, receipt := range c.Receipts {
		kept.bytes += proto.Size(receipt)
	}
	k.byName[name], k.order, k.bytes = kept, append(k.order, name), k.bytes+kept.bytes
	for k.bytes > keptBytes {
		k.remove(k.order[0])
	}
}

// forget keeps nothing of a request any more.
func (k *cases) forget(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.remove(name)
}

// remove is forget for who holds mu.
func (k *cases) remove(name string) {
	if kept, ok := k.byName[name]; ok {
		delete(k.byName, name)
		k.order = slices.DeleteFunc(k.order, func(other string) bool { return other == name })
		k.bytes -= kept.bytes
	}
}

// read returns a request's case as it stands, made out of its events: of those that were
// read before, only what came since is read.
func (r reader) read(ctx context.Context, name string) (*verify.Case, error) {
	if err := r.trust.ready(); err != nil {
		return nil, err
	}
	var c *verify.Case
	var err error
	if before := r.cases.get(name); before != nil {
		c, err = r.verifier.Renew(ctx, before, r.receipts)
	} else {
		c, err = r.verifier.Case(ctx, name, r.receipts)
	}
	if errors.Is(err, ErrNotFound) {
		r.cases.forget(name)
	}
	if err != nil {
		return nil, typed(err)
	}
	r.cases.put(name, c)
	return c, nil
}

// readPatiently is read that goes on over broken connections and restarts of the hub.
func (r reader) readPatiently(ctx context.Context, name string) (*verify.Case, error) {
	for pause := reconnectFirst; ; pause = min(2*pause, reconnectMost) {
		c, err := r.read(ctx, name)
		var failed *Error
		if !errors.As(err, &failed) || !failed.Retryable() || ctx.Err() != nil {
			return c, err
		}
		if err := sleep(ctx, max(failed.RetryAfter, pause/2+rand.N(pause))); err != nil {
			return nil, err
		}
	}
}

// readToSign returns the case that a step is to be signed on. What the caller has read just
// now counts: the case that Open was called with, or that IfMatch names, if it was kept. A
// call that may have been made before needs what was recorded since.
func (r reader) readToSign(ctx context.Context, s step, name string) (*verify.Case, error) {
	before := s.on
	if kept := r.cases.get(name); before == nil && kept != nil && !s.given && s.etag != "" && s.etag == kept.Request.GetEtag() {
		before = kept
	}
	if before == nil {
		return r.read(ctx, name)
	}
	if err := before.CheckSigners(ctx); err != nil {
		return nil, typed(err)
	}
	return before, nil
}
