package client

import (
	"fmt"

	"github.com/google/uuid"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// StepOption changes how one step is taken.
type StepOption func(*step)

// step is what every step carries besides what it says.
type step struct {
	etag  string
	id    string
	given bool // whether the caller chose the id

	on    *verify.Case // that was read for it just now; nil if none was
	known int64        // how many events the ledger had before the step: what it causes comes after them
}

// IfMatch takes the step only if the request still has this etag, and fails with
// ErrETagMismatch otherwise: what was decided on is what was read. Of a step that is
// signed this side finds that out by itself, before it signs.
func IfMatch(etag string) StepOption { return func(s *step) { s.etag = etag } }

// WithCallID identifies the step, so that a program that remembers the id can
// repeat the call after a crash and get the same answer. Without it every call
// makes an id of its own, which makes the retries within the call safe.
func WithCallID(id uuid.UUID) StepOption {
	return func(s *step) { s.id, s.given = id.String(), true }
}

// on takes the step on a case that was read just now.
func on(c *verify.Case) StepOption { return func(s *step) { s.on = c } }

func (r reader) newStep(options []StepOption) (step, error) {
	var s step
	if err := r.trust.ready(); err != nil {
		return s, err
	}
	for _, option := range options {
		option(&s)
	}
	if s.id == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return step{}, fmt.Errorf("make the step's identifier: %w", err)
		}
		s.id = id.String()
	}
	s.known = r.trust.Size()
	return s, nil
}

// call is what the step's call carries beside what it says.
func (s step) call() *liaisonv1.Call {
	return &liaisonv1.Call{CallId: s.id, IfMatch: s.etag, KnownSize: uint64(s.known)}
}
