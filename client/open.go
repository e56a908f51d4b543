package client

import (
	"context"
	"crypto/rand"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// sealedBlock is what the length of sealed answers is a multiple of.
const sealedBlock = 4096

// contentOf writes an answer as the request asks for it: sealed to its recipients, or in
// clear if it names none.
func contentOf(answer *liaisonv1.Answer, recipients []string) ([]byte, liaisonv1.AnswerEncoding, error) {
	if len(recipients) == 0 {
		salt := make([]byte, 32)
		if _, err := rand.Read(salt); err != nil {
			return nil, 0, err
		}
		content, err := proto.Marshal(&liaisonv1.ClearAnswer{Answer: answer, Salt: salt})
		return content, liaisonv1.AnswerEncoding_ANSWER_ENCODING_PLAIN, err
	}
	content, err := proto.Marshal(padded(answer))
	if err != nil {
		return nil, 0, err
	}
	content, err = sealed.Seal(content, recipients)
	return content, liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE, err
}

// padded makes an answer's length tell as little as possible of what is in it.
func padded(answer *liaisonv1.Answer) *liaisonv1.SealedAnswer {
	s := &liaisonv1.SealedAnswer{Answer: answer}
	target := (proto.Size(s)/sealedBlock + 1) * sealedBlock
	for missing := target - proto.Size(s); proto.Size(s) != target && missing > 0; missing-- {
		s.Padding = make([]byte, missing) // the field's own tag and length take a few bytes
	}
	return s
}

// ours reads the parts of the answer that this side gave and did not recall, and holds each
// against the request as it stood, what was signed, and what the ledger says of it. The
// case comes first: what it tells of must be there, unless it was recalled in between; and
// more may come in between.
func (r reader) ours(ctx context.Context, name string) ([]*liaisonv1.AnswerPart, error) {
	for again := false; ; again = true {
		c, err := r.read(ctx, name)
		if err != nil {
			return nil, err
		}
		parts, err := r.parts(ctx, name)
		if err != nil {
			return nil, err
		}
		given := c.Given()
		if len(parts) >= len(given) {
			return r.checkParts(ctx, c, given, parts[:len(given)])
		}
		if again {
			return nil, &Distrust{Kind: ErrContent, Request: name, Detail: fmt.Sprintf("there are %d parts, and %d were given", len(parts), len(given))}
		}
	}
}

// parts reads the parts of an answer, page after page.
func (r reader) parts(ctx context.Context, name string) ([]*liaisonv1.AnswerPart, error) {
	var parts []*liaisonv1.AnswerPart
	in := &liaisonv1.GetAnswerRequest{Name: name}
	for {
		out, err := r.requests.GetAnswer(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, part := range out.GetParts() {
			if part.GetPart() <= in.GetAfterPart() {
				return nil, &Distrust{Kind: ErrContent, Request: name, Detail: "the parts are not in order"}
			}
			in.AfterPart = part.GetPart()
		}
		if parts = append(parts, out.GetParts()...); !out.GetMore() {
			return parts, nil
		}
		if len(out.GetParts()) == 0 {
			return nil, &Distrust{Kind: ErrContent, Request: name, Detail: "a page has no parts, and more are said to follow"}
		}
	}
}

// checkParts checks parts, each with the event that it came with.
func (r reader) checkParts(ctx context.Context, c *verify.Case, given []*liaisonv1.Event, parts []*liaisonv1.AnswerPart) ([]*liaisonv1.AnswerPart, error) {
	checked := make([]*liaisonv1.AnswerPart, len(parts))
	for i, part := range parts {
		var err error
		if checked[i], err = c.CheckPart(part, given[i]); err != nil {
			return nil, err
		}
		if err := r.trust.awaitWitnesses(ctx, part.GetSequence()); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

// checkContentSize refuses an answer whose content is too large to be read in one reply.
func checkContentSize(content []byte) error {
	if len(content) <= scope.MaxContent {
		return nil
	}
	return fromScope(&scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{
		Field:       "answer.findings",
		Description: fmt.Sprintf("must be shorter: with its padding and seal the answer has %d bytes, and at most %d are taken; give it in several parts", len(content), scope.MaxContent),
	}}})
}
