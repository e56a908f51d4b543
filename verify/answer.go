package verify

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// maxAnswer is how large an opened answer may be.
const maxAnswer = 4 << 20

// CheckPart checks a part of the answer that came with an event of the case, one of Given:
// that it is what the platform signed, sealed to the request's recipients if it names any,
// and, where it is in clear, within what was asked. It returns the part with what the
// ledger says of it: its content is never believed to be more than what was checked.
func (c *Case) CheckPart(part *liaisonv1.AnswerPart, e *liaisonv1.Event) (*liaisonv1.AnswerPart, error) {
	if part.GetSequence() != e.GetSequence() {
		return nil, distrust(e, ErrContent, fmt.Sprintf("the part says that it came with event %d", part.GetSequence()))
	}
	part = proto.CloneOf(part)
	part.CreateTime, part.Actor = e.GetCreateTime(), e.GetActor()
	asked, signed := c.asked[e.GetSequence()], c.answers[e.GetSequence()]
	toSeal := len(asked.GetSpec().GetAnswerRecipients()) > 0
	if signed == nil { // which this side's policy for the platform allows
		if toSeal {
			return nil, distrust(e, ErrNotSealed, "it is not even signed")
		}
		part.Encoding = liaisonv1.AnswerEncoding_ANSWER_ENCODING_PLAIN
		return part, c.checkAnswer(part.GetAnswer(), e)
	}
	digest := sha256.Sum256(part.GetContent())
	switch {
	case !bytes.Equal(digest[:], signed.GetContentSha256()):
		return nil, distrust(e, ErrContent, "its hash is another")
	case signed.GetPlatform() != asked.GetSpec().GetPlatform() || !bytes.Equal(signed.GetFilingSha256(), asked.GetFilingSha256()):
		return nil, distrust(e, ErrMisplaced, "it answers another request")
	case toSeal != (signed.GetEncoding() == liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE):
		return nil, distrust(e, ErrNotSealed, "the request names recipients: "+fmt.Sprint(toSeal))
	}
	part.Encoding, part.Answer = signed.GetEncoding(), nil
	if toSeal {
		return part, nil
	}
	clear := &liaisonv1.ClearAnswer{}
	if proto.Unmarshal(part.GetContent(), clear) != nil {
		return nil, distrust(e, ErrContent, "it is not an answer")
	}
	part.Answer = clear.GetAnswer()
	return part, c.checkAnswer(part.GetAnswer(), e)
}

// OpenPart is CheckPart, and opens what is sealed with any of the keys: what is in it is
// within what was asked, and what its manifest in the ledger says.
func (c *Case) OpenPart(part *liaisonv1.AnswerPart, e *liaisonv1.Event, keys ...age.Identity) (*liaisonv1.AnswerPart, error) {
	part, err := c.CheckPart(part, e)
	if err != nil || part.GetEncoding() != liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE {
		return part, err
	}
	content, err := sealed.Open(part.GetContent(), sealed.KeysOf(keys...), maxAnswer)
	switch {
	case errors.Is(err, sealed.ErrNotForUs):
		return nil, distrust(e, ErrNotSealed, "it was not sealed to any of the keys at hand")
	case err != nil:
		return nil, distrust(e, ErrContent, err.Error())
	}
	inside := &liaisonv1.SealedAnswer{}
	if proto.Unmarshal(content, inside) != nil || inside.GetAnswer() == nil {
		return nil, distrust(e, ErrContent, "what was sealed is not an answer")
	}
	part.Answer = inside.GetAnswer()
	return part, c.checkAnswer(part.GetAnswer(), e)
}

// checkAnswer holds what an answer says against what was asked and what its manifest
// shows: nobody but the two parties could have.
func (c *Case) checkAnswer(answer *liaisonv1.Answer, e *liaisonv1.Event) error {
	asked, manifest := c.asked[e.GetSequence()], record.Manifest(e)
	err := validate.Check(answer)
	if err == nil {
		err = scope.CheckAnswer(asked.GetSpec(), asked.GetAnsweredSelectors(), answer)
	}
	if err == nil {
		err = scope.CheckBarred(asked.GetBarredSelectors(), answer)
	}
	if err == nil && !proto.Equal(scope.Manifest(answer, manifest.GetPart()), manifest) {
		err = errors.New("the manifest says something else")
	}
	if err != nil {
		return distrust(e, ErrExcess, err.Error())
	}
	return nil
}
