package client

import (
	"context"
	"crypto/rand"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/record"
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

// answers reads the parts of the answer that were not recalled, and holds each against the
// request as it stood, what the platform signed, and what the ledger says of it. With
// keys it opens what is sealed: opening, if it is not nil, is called before.
func (r reader) answers(ctx context.Context, name string, keys sealed.Keys, opening func(read *verify.Case, parts []*liaisonv1.AnswerPart, numbers []int32) error) ([]*liaisonv1.AnswerPart, error) {
	c, given, parts, err := r.partsOf(ctx, name)
	if err != nil {
		return nil, err
	}
	checked := make([]*liaisonv1.AnswerPart, len(parts))
	numbers := make([]int32, len(parts))
	for i, part := range parts {
		if checked[i], err = c.CheckPart(part, given[i]); err != nil {
			return nil, err
		}
		if err := r.trust.awaitWitnesses(ctx, part.GetSequence()); err != nil {
			return nil, err
		}
		numbers[i] = record.Manifest(given[i]).GetPart()
	}
	if opening != nil && len(parts) > 0 {
		if err := opening(c, checked, numbers); err != nil {
			return nil, err
		}
	}
	if keys.IsZero() {
		return checked, nil
	}
	for i, part := range parts {
		if checked[i], err = c.OpenPart(part, given[i], keys.Identities()...); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

// partsOf reads a request's case and the parts of its answer, each with the event that it
// came with. The case comes first: what it tells of must be there, unless it was recalled
// in between; and more may come in between.
func (r reader) partsOf(ctx context.Context, name string) (*verify.Case, []*liaisonv1.Event, []*liaisonv1.AnswerPart, error) {
	for again := false; ; again = true {
		c, err := r.read(ctx, name)
		if err != nil {
			return nil, nil, nil, err
		}
		out, err := r.requests.GetAnswer(ctx, &liaisonv1.GetAnswerRequest{Name: name})
		if err != nil {
			return nil, nil, nil, err
		}
		given, parts := c.Given(), out.GetParts()
		if len(parts) >= len(given) {
			return c, given, parts[:len(given)], nil
		}
		if again {
			return nil, nil, nil, &Distrust{Kind: ErrContent, Request: name, Detail: fmt.Sprintf("there are %d parts, and %d were given", len(parts), len(given))}
		}
	}
}
