package identity

import (
	"context"
	"crypto/x509"
	"sync"
	"time"
)

// binding is a stream that lasts as long as its caller's admission. It has a timer and no
// goroutine: a hub has thousands of streams that wait, and a goroutine each is a sixth of
// what they cost.
type binding struct {
	registry *Registry
	chain    []*x509.Certificate // that the caller presented
	end      context.CancelCauseFunc

	mu     sync.Mutex
	expiry *time.Timer // looks again when the verdict runs out; nil before the first look
	over   bool
}

// Bind returns a context that ends, with the *Refusal as its cause, when whoever
// presented a chain is no longer admitted: at once when the participants change, and
// when a certificate or a revocation list runs out. Release frees what it holds, and
// must be called.
func (r *Registry) Bind(ctx context.Context, chain []*x509.Certificate) (bound context.Context, release func()) {
	bound, cancel := context.WithCancelCause(ctx)
	b := &binding{registry: r, chain: chain, end: cancel}
	// It is there before its first look, so that no change falls between.
	r.mu.Lock()
	r.bindings[b] = struct{}{}
	r.mu.Unlock()
	b.look()
	return bound, b.release
}

// look finds out whether the caller is admitted, and ends the stream if not.
func (b *binding) look() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	now := b.registry.clock()
	v, err := b.registry.snapshot().judge(b.chain, now)
	if err != nil {
		b.stop(err)
		return
	}
	left := max(v.until.Sub(now), 0) + time.Millisecond
	if b.expiry == nil {
		b.expiry = time.AfterFunc(left, b.look)
		return
	}
	b.expiry.Reset(left)
}

// stop ends the stream. The caller holds mu.
func (b *binding) stop(cause error) {
	b.over = true
	if b.expiry != nil {
		b.expiry.Stop()
	}
	b.end(cause)
}

// release ends the stream, and has the registry forget it.
func (b *binding) release() {
	b.mu.Lock()
	b.stop(context.Canceled)
	b.mu.Unlock()
	b.registry.mu.Lock()
	defer b.registry.mu.Unlock()
	delete(b.registry.bindings, b)
}

// lookAgain has every stream find out whether it goes on under new participants.
func lookAgain(bindings []*binding) {
	for _, b := range bindings {
		b.look()
	}
}
