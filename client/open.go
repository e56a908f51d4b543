package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	// sealedBlock is what the length of sealed answers is a multiple of.
	sealedBlock = 4096
	// maxAnswer is how large an opened answer may be.
	maxAnswer = 4 << 20
)

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
func (r Reader) answers(ctx context.Context, name string, keys sealed.Keys, opening func(parts []*liaisonv1.AnswerPart, numbers []int32) error) ([]*liaisonv1.AnswerPart, error) {
	s, given, parts, err := r.partsOf(ctx, name)
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		if err := s.checkPart(part, given[i], sealed.Keys{}); err != nil {
			return nil, err
		}
		if err := r.trust.ledger.awaitWitnesses(ctx, part.GetSequence()); err != nil {
			return nil, err
		}
	}
	if opening != nil && len(parts) > 0 {
		var numbers []int32
		for _, e := range given {
			numbers = append(numbers, manifestOf(e).GetPart())
		}
		if err := opening(parts, numbers); err != nil {
			return nil, err
		}
	}
	if keys.IsZero() {
		return parts, nil
	}
	for i, part := range parts {
		if err := s.checkPart(part, given[i], keys); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// partsOf reads a request's story and the parts of its answer, each with the event that it
// came with. The story comes first: what it tells of must be there, unless it was recalled
// in between; and more may come in between.
func (r Reader) partsOf(ctx context.Context, name string) (*story, []*liaisonv1.Event, []*liaisonv1.AnswerPart, error) {
	for again := false; ; again = true {
		s, err := r.tell(ctx, name)
		if err != nil {
			return nil, nil, nil, err
		}
		out, err := r.requests.GetAnswer(ctx, &liaisonv1.GetAnswerRequest{Name: name})
		if err != nil {
			return nil, nil, nil, err
		}
		given, parts := s.given(), out.GetParts()
		if len(parts) >= len(given) {
			return s, given, parts[:len(given)], nil
		}
		if again {
			return nil, nil, nil, &Distrust{Kind: ErrContent, Request: name, Detail: fmt.Sprintf("there are %d parts, and %d were given", len(parts), len(given))}
		}
	}
}

// given returns the events that parts of the answer came with which were not recalled.
func (s *story) given() []*liaisonv1.Event {
	var given []*liaisonv1.Event
	for _, e := range s.events {
		if m := manifestOf(e); m != nil && !slices.Contains(s.request.GetRecalledParts(), m.GetPart()) {
			given = append(given, e)
		}
	}
	return given
}

func manifestOf(e *liaisonv1.Event) *liaisonv1.AnswerManifest {
	if m := e.GetPartiallyAnswered(); m != nil {
		return m
	}
	return e.GetAnswered()
}

// checkPart checks one part of an answer, and opens it if there are keys.
func (s *story) checkPart(part *liaisonv1.AnswerPart, e *liaisonv1.Event, keys sealed.Keys) error {
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	if part.GetSequence() != e.GetSequence() {
		return wrong(ErrContent, fmt.Sprintf("the part says that it came with event %d", part.GetSequence()))
	}
	part.CreateTime, part.Actor = e.GetCreateTime(), e.GetActor() // from the ledger
	asked := s.asked[e.GetSequence()]
	toSeal := len(asked.GetSpec().GetAnswerRecipients()) > 0
	signed := s.answers[e.GetSequence()]
	if signed == nil { // which this side's policy for the platform allows
		if toSeal {
			return wrong(ErrNotSealed, "it is not even signed")
		}
		return s.checkAnswer(part.GetAnswer(), asked, e)
	}

	digest := sha256.Sum256(part.GetContent())
	switch {
	case !bytes.Equal(digest[:], signed.GetContentSha256()):
		return wrong(ErrContent, "its hash is another")
	case signed.GetPlatform() != asked.GetSpec().GetPlatform() || !bytes.Equal(signed.GetFilingSha256(), asked.GetFilingSha256()):
		return wrong(ErrMisplaced, "it answers another request")
	case toSeal != (signed.GetEncoding() == liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE):
		return wrong(ErrNotSealed, "the request names recipients: "+fmt.Sprint(toSeal))
	}
	part.Encoding, part.Answer = signed.GetEncoding(), nil
	if !toSeal {
		clear := &liaisonv1.ClearAnswer{}
		if proto.Unmarshal(part.GetContent(), clear) != nil {
			return wrong(ErrContent, "it is not an answer")
		}
		part.Answer = clear.GetAnswer()
		return s.checkAnswer(part.GetAnswer(), asked, e)
	}
	if keys.IsZero() {
		return nil
	}
	opened, err := sealed.Open(part.GetContent(), keys, maxAnswer)
	switch {
	case errors.Is(err, sealed.ErrNotForUs):
		return wrong(ErrNotSealed, "it was not sealed to any of the keys at hand")
	case err != nil:
		return wrong(ErrContent, err.Error())
	}
	inside := &liaisonv1.SealedAnswer{}
	if proto.Unmarshal(opened, inside) != nil || inside.GetAnswer() == nil {
		return wrong(ErrContent, "what was sealed is not an answer")
	}
	part.Answer = inside.GetAnswer()
	return s.checkAnswer(part.GetAnswer(), asked, e)
}

// checkAnswer holds what an answer says against what was asked and what its manifest
// shows: nobody but the two parties could have.
func (s *story) checkAnswer(answer *liaisonv1.Answer, asked *liaisonv1.Request, e *liaisonv1.Event) error {
	err := validate.Check(answer)
	if err == nil {
		err = scope.CheckAnswer(asked.GetSpec(), asked.GetAnsweredSelectors(), answer)
	}
	if err == nil {
		err = scope.CheckBarred(asked.GetBarredSelectors(), answer)
	}
	if err == nil && !proto.Equal(scope.Manifest(answer, manifestOf(e).GetPart()), manifestOf(e)) {
		err = errors.New("the manifest says something else")
	}
	if err != nil {
		return &Distrust{Kind: ErrExcess, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	return nil
}
