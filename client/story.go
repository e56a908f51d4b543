package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/history"
	"github.com/liaison-protocol/liaison/internal/identity"
	"github.com/liaison-protocol/liaison/internal/lifecycle"
	"github.com/liaison-protocol/liaison/internal/scope"
	"github.com/liaison-protocol/liaison/internal/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func timestampOf(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }

// story is a request as this side makes it out of its events, each of which is in the
// ledger, could follow the one before, and is signed by who may.
type story struct {
	trust   *trust
	request *liaisonv1.Request
	events  []*liaisonv1.Event
	answers map[uint64]*liaisonv1.AnswerStatement // by the event that a signed part came with
	asked   map[uint64]*liaisonv1.Request         // as it stood before a part, by the part's event
	last    uint64
	gone    bool // what earlier events say was purged, if a purge follows
}

// tell reads a request's events and makes its story of them.
func (r Reader) tell(ctx context.Context, name string) (*story, error) {
	s := &story{trust: r.trust, answers: make(map[uint64]*liaisonv1.AnswerStatement), asked: make(map[uint64]*liaisonv1.Request)}
	for recorded, err := range r.records(ctx, name, 0) {
		if err != nil {
			return nil, err
		}
		if err := s.add(ctx, recorded); err != nil {
			return nil, err
		}
	}
	switch {
	case s.last == 0:
		return nil, &Distrust{Kind: ErrHistory, Request: name, Detail: "it has no events"}
	case s.gone && s.request.GetState() != liaisonv1.RequestState_REQUEST_STATE_PURGED:
		return nil, &Distrust{Kind: ErrWithheld, Request: name, Detail: "it was not purged"}
	case s.request.GetName() != name:
		return nil, &Distrust{Kind: ErrHistory, Request: name, Detail: "the events are another's"}
	}
	return s, nil
}

// add goes on with an event.
func (s *story) add(ctx context.Context, r *record) error {
	e := r.event
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	if r.gone {
		s.gone, s.last = true, e.GetSequence()
		s.events = append(s.events, e)
		return nil
	}
	if s.gone {
		if e.GetPurged() == nil {
			return wrong(ErrWithheld, "an event before it is kept back")
		}
		s.request = history.Fold(nil, e)
		s.request.Name, s.request.Authority = e.GetRequest(), e.GetAuthority()
		s.request.Spec = &liaisonv1.RequestSpec{Platform: e.GetPlatform(), Urgency: e.GetUrgency(), Test: e.GetTest()}
		s.events, s.last = append(s.events, e), e.GetSequence()
		return nil
	}
	switch first := s.last == 0; {
	case first && e.GetDelivery() == nil && e.GetPreviousSequence() != 0:
		return wrong(ErrHistory, "what it follows is missing")
	case !first && (e.GetPreviousSequence() != s.last || e.GetSequence() <= s.last):
		return wrong(ErrHistory, fmt.Sprintf("it does not follow event %d", s.last))
	case !first && (e.GetRequest() != s.request.GetName() || e.GetAuthority() != s.request.GetAuthority()):
		return wrong(ErrHistory, "it is another request's")
	}
	if s.last == 0 && e.GetDelivery() != nil {
		delivered, err := s.deliver(ctx, e)
		if err != nil {
			return err
		}
		s.request = delivered
	}
	if err := s.follow(ctx, e); err != nil {
		return err
	}
	if manifestOf(e) != nil {
		s.asked[e.GetSequence()] = s.request
	}
	next := history.Fold(s.request, e)
	if lifecycle.VisibleToPlatform(history.Life(next)) != (r.leaf.PlatformIndex != 0) {
		return wrong(ErrFeed, "it is not in the platform's feed exactly if the platform may know of it")
	}
	s.request, s.last = next, e.GetSequence()
	s.events = append(s.events, e)
	return nil
}

// follow checks that the event's step could be taken on the request as it stands, by who
// took it, and that the signature says so.
func (s *story) follow(ctx context.Context, e *liaisonv1.Event) error {
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	actor, err := identity.ParseID(e.GetActor())
	if err != nil {
		return wrong(ErrHistory, "its actor is nobody")
	}
	spec := s.request.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	after, err := lifecycle.Apply(history.Life(s.request), lifecycle.Event{
		Step:      history.StepOf(e),
		Role:      actor.Role,
		Person:    actor.Person(),
		Kind:      lifecycle.Kind(spec.GetKind()),
		Emergency: history.Emergency(spec),
	})
	if err != nil {
		return wrong(ErrHistory, err.Error())
	}
	if after.State != lifecycle.State(e.GetState()) {
		return wrong(ErrHistory, "it led to another state")
	}
	if e.GetPurged() != nil {
		return nil // the hub's own step
	}
	side := e.GetAuthority()
	if actor.Role.Side() == lifecycle.PlatformSide {
		side = spec.GetPlatform()
	}
	o, err := s.trust.organisation(side)
	if err != nil {
		return err
	}
	if actor.ID.TrustDomain().Name() != o.GetTrustDomain() {
		return wrong(ErrSigner, "its actor is not of "+side)
	}
	if e.GetEnvelope() != nil {
		opened, err := s.open(ctx, e.GetEnvelope(), side, e.GetActor(), statement.Place{
			Hub:      s.trust.ledger.key.Name(),
			Request:  e.GetRequest(),
			Previous: s.request.GetStatementSha256(),
			Time:     e.GetCreateTime().AsTime(),
		}, e)
		if err != nil {
			return err
		}
		if signed := opened.GetAnswered(); signed != nil {
			s.answers[e.GetSequence()] = signed
		}
	} else if statement.HasSignedForm(e) && o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
		return wrong(ErrUnsigned, side+" signs every such step")
	}
	return s.checkContent(e)
}

// open checks a signature by this side's own certification authorities, and that what
// was signed was meant for the place where it stands.
func (s *story) open(ctx context.Context, envelope *liaisonv1.Envelope, organisation, actor string, place statement.Place, e *liaisonv1.Event) (*statement.Opened, error) {
	wrong := func(kind error, err error) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	opened, err := statement.Open(envelope)
	if err != nil {
		return nil, wrong(ErrSignature, err)
	}
	signer, err := s.trust.signedBy(ctx, opened.Chain, opened.GetSignTime().AsTime(), place.Time)
	switch {
	case err != nil:
		return nil, wrong(ErrSigner, err)
	case signer.Organisation.String() != organisation || signer.ID.String() != actor:
		return nil, wrong(ErrSigner, errors.New("it is not who took the step"))
	}
	if err := opened.Check(place); err != nil {
		return nil, wrong(ErrMisplaced, err)
	}
	if checkpoint := opened.GetCheckpoint(); checkpoint != "" {
		// The hub showed this to the signer. If it is not the ledger that it shows here, it
		// tells two histories.
		if _, err := s.trust.ledger.believe(ctx, checkpoint); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

// deliver returns the request that came before a platform with an event, as the signed
// statements until then make it.
func (s *story) deliver(ctx context.Context, e *liaisonv1.Event) (*liaisonv1.Request, error) {
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	delivered := e.GetDelivery().GetRequest()
	if delivered.GetName() != e.GetRequest() || delivered.GetAuthority() != e.GetAuthority() || delivered.GetSpec().GetPlatform() != e.GetPlatform() {
		return nil, wrong(ErrHistory, "what came with it is another request")
	}
	o, err := s.trust.organisation(e.GetAuthority())
	if err != nil {
		return nil, err
	}
	statements := e.GetDelivery().GetStatements()
	if len(statements) == 0 {
		if o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
			return nil, wrong(ErrUnsigned, e.GetAuthority()+" signs what it files")
		}
		return delivered, nil
	}
	var spec *liaisonv1.RequestSpec
	var previous, filing []byte
	for i, signed := range statements {
		opened, err := statement.Open(signed)
		if err != nil {
			return nil, wrong(ErrSignature, err.Error())
		}
		// When the step was taken nobody but the authority knows; that it was signed within
		// the time of the request it must be.
		place := statement.Place{Hub: s.trust.ledger.key.Name(), Request: e.GetRequest(), Previous: previous, Time: opened.GetSignTime().AsTime()}
		actor := opened.Chain[0].URIs
		if len(actor) != 1 {
			return nil, wrong(ErrSigner, "it has no name")
		}
		if opened, err = s.open(ctx, signed, e.GetAuthority(), actor[0].String(), place, e); err != nil {
			return nil, err
		}
		switch detail := opened.GetDetail().(type) {
		case *liaisonv1.Statement_Filed:
			if i != 0 || delivered.GetFiledBy() != actor[0].String() {
				return nil, wrong(ErrMisplaced, "it was filed by another, or twice")
			}
			spec, filing = detail.Filed, opened.SHA256
			if taken := delivered.GetCreateTime().AsTime(); opened.Check(statement.Place{Hub: place.Hub, Request: place.Request, Time: taken}) != nil {
				return nil, wrong(ErrMisplaced, "it was filed at another time than it was signed")
			}
		case *liaisonv1.Statement_Amended:
			if spec == nil || scope.CheckNarrowing(spec, nil, detail.Amended.GetNarrowing()) != nil {
				return nil, wrong(ErrMisplaced, "an amendment does not narrow what was filed")
			}
			spec = scope.Narrow(spec, detail.Amended.GetNarrowing())
		default:
			return nil, wrong(ErrMisplaced, "only filing and amending come before an approval")
		}
		previous = opened.SHA256
	}
	if spec == nil || !proto.Equal(spec, delivered.GetSpec()) ||
		!bytes.Equal(previous, delivered.GetStatementSha256()) || !bytes.Equal(filing, delivered.GetFilingSha256()) {
		return nil, wrong(ErrAltered, "the request is not what its statements make it")
	}
	return delivered, nil
}

// checkContent holds what an event says against the request that it is about: a hub, or
// the other side, that lets more through than was asked is found out here too.
func (s *story) checkContent(e *liaisonv1.Event) error {
	spec, answered := s.request.GetSpec(), s.request.GetAnsweredSelectors()
	var err error
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Amended:
		err = scope.CheckNarrowing(spec, answered, d.Amended.GetNarrowing())
	case *liaisonv1.Event_PartiallyAnswered:
		err = scope.CheckManifest(spec, answered, d.PartiallyAnswered)
	case *liaisonv1.Event_Answered:
		err = scope.CheckManifest(spec, answered, d.Answered)
	}
	if err != nil {
		return &Distrust{Kind: ErrExcess, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	return nil
}
