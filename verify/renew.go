package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// signature is what is looked at again about a statement that was checked: certificates are
// revoked later.
type signature struct {
	chain         []*x509.Certificate
	organisation  string
	actor         string
	signed, taken time.Time
	event         *liaisonv1.Event // that it came with
}

// checkSigner checks by this side's own certification authorities, and the lists of now,
// that who took a step has signed for its organisation.
func (v *Verifier) checkSigner(ctx context.Context, s signature) (identity.Caller, error) {
	signer, err := v.signedBy(ctx, s.chain, s.signed, s.taken)
	switch {
	case err != nil:
		return signer, distrust(s.event, ErrSigner, err.Error())
	case signer.Organisation.String() != s.organisation || signer.ID.String() != s.actor:
		return signer, distrust(s.event, ErrSigner, "it is not who took the step")
	default:
		return signer, nil
	}
}

// CheckSigners checks anew that everybody who has signed something in the case may have, by
// the revocation lists of now. Everything else of a case stays true.
func (c *Case) CheckSigners(ctx context.Context) error {
	for _, s := range c.signatures {
		if _, err := c.verifier.checkSigner(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Renew returns a case with what was recorded since it was made: it reads only that, and
// looks again at who has signed. The case that it is given stays as it is.
func (v *Verifier) Renew(ctx context.Context, c *Case, history History) (*Case, error) {
	grown, err := v.grow(ctx, c, history)
	if err != nil {
		return nil, err
	}
	if err := v.checkHandOvers(ctx, grown, history); err != nil {
		return nil, err
	}
	return grown, nil
}

// errPurged says that a case was purged after it was read.
var errPurged = errors.New("the case was purged")

// grow is Renew for a request's own events alone. Of a case that was purged nothing of what
// was read before is kept.
func (v *Verifier) grow(ctx context.Context, c *Case, history History) (*Case, error) {
	if err := c.CheckSigners(ctx); err != nil {
		return nil, err
	}
	grown := c.clone()
	err := grown.addAll(ctx, history)
	if errors.Is(err, errPurged) {
		return v.read(ctx, c.Request.GetName(), history)
	}
	if err != nil {
		return nil, err
	}
	return grown, grown.checkWhole(c.Request.GetName())
}

// addAll goes on with all events after the last.
func (c *Case) addAll(ctx context.Context, history History) error {
	name := c.Request.GetName()
	for entry, err := range c.verifier.Entries(ctx, name, c.last, history(ctx, name, c.last)) {
		if err != nil {
			return err
		}
		if entry.Gone || entry.Event.GetPurged() != nil {
			return errPurged
		}
		if err := c.add(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

// clone returns a case that can go on without changing this one.
func (c *Case) clone() *Case {
	next := *c
	next.Events, next.Receipts, next.needed = slices.Clip(c.Events), slices.Clip(c.Receipts), slices.Clip(c.needed)
	next.signatures = slices.Clip(c.signatures)
	next.answers, next.asked, next.etags, next.related = maps.Clone(c.answers), maps.Clone(c.asked), maps.Clone(c.etags), maps.Clone(c.related)
	return &next
}

// relatedCase returns the case of a request that c depends on, of its own events alone; nil
// if this side may not know of it. What was read for c before is read on.
func (v *Verifier) relatedCase(ctx context.Context, c *Case, name string, history History) (*Case, error) {
	var related *Case
	var err error
	if before := c.related[name]; before != nil {
		related, err = v.grow(ctx, before, history)
	} else {
		related, err = v.read(ctx, name, history)
	}
	switch {
	case err == nil:
		c.related[name] = related
		return related, nil
	case v.mayNotKnow(err):
		delete(c.related, name)
		return nil, nil
	default:
		return nil, err
	}
}
