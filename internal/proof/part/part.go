// Package part takes the parts out of what is signed or recorded, and puts them back: the
// fields that the contract's option (liaison.v1.part) marks stand in parts beside the body,
// and in the body stands a salted digest of each. So a part can be withheld, redacted or
// deleted, and what is left still checks, the signature included. docs/decisions/formats.md
// has the format.
//
// Nothing that is put together can be read in two ways: no singular field or oneof stands
// twice, a part holds its own fields alone, and the body holds none of a part's. Fields
// that the contract does not have are the caller's to refuse.
package part

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// SaltSize is the number of random bytes that are hashed before a part's content.
const SaltSize = 32

// Errors of a body and parts that do not make a whole.
var (
	// ErrOrder says that digests, or parts, are not in rising order of their kinds, so that
	// one may stand twice, or that a kind is none.
	ErrOrder = errors.New("parts must stand once each, in the order of their kinds")
	// ErrUnnamed says that the body has no digest of a part.
	ErrUnnamed = errors.New("the body has no digest of the part")
	// ErrDigest says that a part is not the one that the body has the digest of.
	ErrDigest = errors.New("the part's digest is another")
	// ErrSalt says that a part's salt is none.
	ErrSalt = errors.New("a part's salt has 32 bytes")
	// ErrEmpty says that a part holds none of its fields: it would be left out.
	ErrEmpty = errors.New("the part holds nothing")
	// ErrForeign says that a part holds a field of another part or of the body.
	ErrForeign = errors.New("the part holds a field that is not its own")
	// ErrUncovered says that the body holds a field that belongs to a part.
	ErrUncovered = errors.New("the body holds a field that belongs to a part")
	// ErrPlace says that a part's fields lie within a message that the body does not hold.
	ErrPlace = errors.New("the part's fields lie within what the body does not hold")
	// ErrTwice says that a field or a oneof that may stand once stands twice.
	ErrTwice = errors.New("a field stands twice that may stand once")
	// ErrWithheld says that a part is not there.
	ErrWithheld = errors.New("a part is withheld")
	// ErrMalformed says that bytes are no message.
	ErrMalformed = errors.New("it cannot be read")
)

// Whole is a message that is signed or recorded: an Event or a Statement.
type Whole interface {
	proto.Message
	GetParts() []*liaisonv1.BodyPartDigest
}

// Digest returns the digest of a part: SHA-256 of its salt followed by its content. Salts
// are all of one length, so that nothing can be shifted between the two.
func Digest(p *liaisonv1.BodyPart) []byte {
	hash := sha256.New()
	hash.Write(p.GetSalt())
	hash.Write(p.GetContent())
	return hash.Sum(nil)
}

// Split returns the encoding of a message without the fields that belong to parts, with
// the parts' digests in their place, and the parts. A part that would be empty is left
// out. The message is not changed.
func Split(whole Whole, salt func() ([]byte, error)) (body []byte, parts []*liaisonv1.BodyPart, err error) {
	s := splitting{}
	core := s.split(whole.ProtoReflect(), layoutOf(whole.ProtoReflect().Descriptor()))
	var digests []*liaisonv1.BodyPartDigest
	for kind := firstKind; kind <= lastKind; kind++ {
		fields, ok := s.parts[kind]
		if !ok {
			continue
		}
		p := &liaisonv1.BodyPart{Kind: kind}
		if p.Content, err = proto.Marshal(fields.Interface()); err != nil {
			return nil, nil, fmt.Errorf("encode a part: %w", err)
		}
		if p.Salt, err = salt(); err != nil {
			return nil, nil, fmt.Errorf("make a part's salt: %w", err)
		}
		parts = append(parts, p)
		digests = append(digests, &liaisonv1.BodyPartDigest{Kind: kind, Sha256: Digest(p)})
	}
	setDigests(core, digests)
	if body, err = proto.Marshal(core.Interface()); err != nil {
		return nil, nil, fmt.Errorf("encode a body: %w", err)
	}
	return body, parts, nil
}

// splitting collects the parts of one message.
type splitting struct {
	parts map[liaisonv1.BodyPartKind]protoreflect.Message
	path  []protoreflect.FieldDescriptor // from the whole to the message that is split
	root  protoreflect.Message
}

// split returns the message without the fields that belong to parts, which it puts into
// the parts. The values are shared.
func (s *splitting) split(m protoreflect.Message, l *layout) protoreflect.Message {
	if s.root == nil {
		s.root = m
	}
	core := m.New()
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch at := l.fields[field.Number()]; {
		case at.kind != 0:
			s.within(at.kind).Set(field, value)
		case at.below != nil:
			s.path = append(s.path, field)
			core.Set(field, protoreflect.ValueOfMessage(s.split(value.Message(), at.below)))
			s.path = s.path[:len(s.path)-1]
		default:
			core.Set(field, value)
		}
		return true
	})
	return core
}

// within returns the message of a part in which a field stands as it does in the whole.
func (s *splitting) within(kind liaisonv1.BodyPartKind) protoreflect.Message {
	if s.parts == nil {
		s.parts = make(map[liaisonv1.BodyPartKind]protoreflect.Message)
	}
	m, ok := s.parts[kind]
	if !ok {
		m = s.root.New()
		s.parts[kind] = m
	}
	for _, field := range s.path {
		m = m.Mutable(field).Message()
	}
	return m
}

// Join reads a body and all its parts into whole, which is empty. The whole has no digests.
func Join(whole Whole, body []byte, parts []*liaisonv1.BodyPart) error {
	withheld, err := JoinGiven(whole, body, parts)
	if err == nil && len(withheld) > 0 {
		err = fmt.Errorf("%w: %s", ErrWithheld, withheld[0])
	}
	return err
}

// JoinGiven is Join of those parts that are there, and returns the kinds of those that the
// body has a digest of and that are not.
func JoinGiven(whole Whole, body []byte, parts []*liaisonv1.BodyPart) (withheld []liaisonv1.BodyPartKind, err error) {
	m := whole.ProtoReflect()
	core := reading{}
	if err := core.read(body, m.Descriptor(), layoutOf(m.Descriptor()), ""); err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(body, whole); err != nil {
		return nil, ErrMalformed
	}
	digests := make(map[liaisonv1.BodyPartKind][]byte)
	var before liaisonv1.BodyPartKind
	for _, d := range whole.GetParts() {
		if d.GetKind() <= before || d.GetKind() > lastKind || len(d.GetSha256()) != sha256.Size {
			return nil, ErrOrder
		}
		before, digests[d.GetKind()] = d.GetKind(), d.GetSha256()
		withheld = append(withheld, d.GetKind())
	}
	setDigests(m, nil)
	before = 0
	for _, p := range parts {
		if p.GetKind() <= before || p.GetKind() > lastKind {
			return nil, ErrOrder
		}
		before = p.GetKind()
		if err := join(whole, p, digests[p.GetKind()], core.places); err != nil {
			return nil, err
		}
		withheld = without(withheld, p.GetKind())
	}
	return withheld, nil
}

// join reads one part into the whole.
func join(whole Whole, p *liaisonv1.BodyPart, digest []byte, places map[string]bool) error {
	switch {
	case digest == nil:
		return ErrUnnamed
	case len(p.GetSalt()) != SaltSize:
		return ErrSalt
	case string(Digest(p)) != string(digest):
		return ErrDigest
	}
	own := reading{kind: p.GetKind(), strict: true}
	d := whole.ProtoReflect().Descriptor()
	if err := own.read(p.GetContent(), d, layoutOf(d), ""); err != nil {
		return err
	}
	if !own.found {
		return ErrEmpty
	}
	for place := range own.places {
		if !places[place] {
			return ErrPlace
		}
	}
	if err := (proto.UnmarshalOptions{Merge: true}).Unmarshal(p.GetContent(), whole); err != nil {
		return ErrMalformed
	}
	return nil
}

func without(kinds []liaisonv1.BodyPartKind, kind liaisonv1.BodyPartKind) []liaisonv1.BodyPartKind {
	var left []liaisonv1.BodyPartKind
	for _, k := range kinds {
		if k != kind {
			left = append(left, k)
		}
	}
	return left
}

// setDigests sets the digests in a message, or removes them.
func setDigests(m protoreflect.Message, digests []*liaisonv1.BodyPartDigest) {
	field := m.Descriptor().Fields().ByName("parts")
	m.Clear(field)
	if len(digests) == 0 {
		return
	}
	list := m.Mutable(field).List()
	for _, d := range digests {
		list.Append(protoreflect.ValueOfMessage(d.ProtoReflect()))
	}
}
