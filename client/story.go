package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func timestampOf(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }

// story is a request as this side makes it out of its events, each of which is in the
// ledger, could follow the one before, and is signed by who may.
type story struct {
	trust   *trust
	side    lifecycle.Side
	request *liaisonv1.Request
	events  []*liaisonv1.Event

	receipts []*liaisonv1.Receipt // one for each of the events
	rested   []bool               // whether it needed what it had preserved after each of them

	answers  map[uint64]*liaisonv1.AnswerStatement // by the event that a signed part came with
	asked    map[uint64]*liaisonv1.Request         // as it stood before a part, by the part's event
	last     uint64
	at       time.Time       // when the last event was recorded
	etags    map[string]bool // of each version of the request
	filedKey lifecycle.Key   // which the filing was signed with; zero if it was not
	gone     bool            // what earlier events say was purged, if a purge follows
	left     remains         // what the leaves alone show
}

// tell reads a request's events and makes its story of them, and holds it against those of
// the requests that it depends on.
func (r Reader) tell(ctx context.Context, name string) (*story, error) {
	s, err := r.read(ctx, name)
	if err != nil {
		return nil, err
	}
	return s, r.checkHandOvers(ctx, s)
}

// read makes a request's story of its own events alone.
func (r Reader) read(ctx context.Context, name string) (*story, error) {
	s := &story{
		trust: r.trust, side: r.side, etags: make(map[string]bool),
		answers: make(map[uint64]*liaisonv1.AnswerStatement), asked: make(map[uint64]*liaisonv1.Request),
	}
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
	return s, s.checkPolicies()
}

// add goes on with an event.
func (s *story) add(ctx context.Context, r *entry) error {
	e := r.event
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	if err := checkOrder(s.at, r); err != nil {
		return err
	}
	s.at = r.leaf.Time
	if r.gone {
		s.gone, s.last = true, e.GetSequence()
		s.left.add(r.leaf)
		s.keep(r)
		return nil
	}
	if s.gone {
		return s.purge(r)
	}
	if err := s.begin(ctx, e); err != nil {
		return err
	}
	if err := s.follow(ctx, e); err != nil {
		return err
	}
	if manifestOf(e) != nil {
		s.asked[e.GetSequence()] = s.request
	}
	next := record.Fold(s.request, e)
	if lifecycle.VisibleToPlatform(record.Life(next)) != (r.leaf.PlatformIndex != 0) {
		return wrong(ErrFeed, "it is not in the platform's feed exactly if the platform may know of it")
	}
	if !inReviewersFeed(next, r) {
		return wrong(ErrFeed, "it is not in the reviewer's feed exactly if the reviewer may know of it")
	}
	// What a step is decided on is named by its etag: two versions of one name would let
	// a hub have a step signed over what its signer has not seen.
	// That somebody looked makes no version of its own, as checkAudited has seen.
	if e.GetAudited() == nil && (e.GetEtag() == "" || s.etags[e.GetEtag()]) {
		return wrong(ErrHistory, "its etag is none, or that of an earlier version")
	}
	s.etags[e.GetEtag()] = true
	s.left.add(r.leaf)
	s.request, s.last = next, e.GetSequence()
	s.keep(r)
	return nil
}

func (s *story) keep(r *entry) {
	s.events, s.receipts = append(s.events, r.event), append(s.receipts, r.receipt)
	s.rested = append(s.rested, record.RestsOn(s.request))
}

// purge goes on with what follows events whose bodies are gone: the hub's purge, or
// nothing that is to be believed.
func (s *story) purge(r *entry) error {
	e := r.event
	if err := s.trust.checkPurge(e, s.left); err != nil {
		return err
	}
	s.request = record.Fold(nil, e)
	s.request.Name, s.request.Authority = e.GetRequest(), e.GetAuthority()
	s.request.Spec = &liaisonv1.RequestSpec{Platform: e.GetPlatform(), Reviewer: e.GetReviewer(), Urgency: e.GetUrgency(), Test: e.GetTest()}
	s.left.add(r.leaf)
	s.last = e.GetSequence()
	s.keep(r)
	return nil
}

// begin checks that an event stands where it follows the one before. A story begins with
// a filing, or, at a platform, with the approval that brought the request before it.
func (s *story) begin(ctx context.Context, e *liaisonv1.Event) error {
	wrong := func(kind error, detail string) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: detail}
	}
	first, delivery := s.last == 0, e.GetDelivery() != nil
	switch {
	case delivery != (e.GetApproved() != nil):
		return wrong(ErrHistory, "an approval brings a request before a platform, and nothing else does")
	case first && !delivery && e.GetPreviousSequence() != 0, first && delivery && s.side == lifecycle.AuthoritySide:
		return wrong(ErrHistory, "what it follows is missing")
	case !first && (e.GetPreviousSequence() != s.last || e.GetSequence() <= s.last):
		return wrong(ErrHistory, fmt.Sprintf("it does not follow event %d", s.last))
	case !first && (e.GetRequest() != s.request.GetName() || e.GetAuthority() != s.request.GetAuthority()):
		return wrong(ErrHistory, "it is another request's")
	}
	if !delivery {
		return nil
	}
	if !first {
		if !proto.Equal(e.GetDelivery().GetRequest(), record.ForDelivery(s.request)) {
			return wrong(ErrAltered, "what came before the platform is another request than was filed")
		}
		return nil
	}
	delivered, err := s.deliver(ctx, e)
	if err != nil {
		return err
	}
	s.request = delivered
	s.etags[delivered.GetEtag()] = true
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
	step := record.Step(s.request, e)
	step.Role, step.Person, step.Key = actor.Role, actor.Person(), record.KeyOf(e.GetActorKeySha256())
	after, err := lifecycle.Apply(record.Life(s.request), step)
	if err != nil {
		return wrong(ErrHistory, err.Error())
	}
	if after.State != lifecycle.State(e.GetState()) {
		return wrong(ErrHistory, "it led to another state")
	}
	if err := s.checkValidation(e); err != nil {
		return err
	}
	if err := s.checkReview(e, spec); err != nil {
		return err
	}
	if err := s.checkParties(e, spec); err != nil {
		return err
	}
	switch {
	case actor.Role.Side() == lifecycle.HubSide:
		return s.checkHubStep(e, actor)
	case e.GetAudited() != nil:
		return s.checkAudited(e, actor)
	}
	side := partyOf(e, spec, actor.Role)
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
	} else if err := s.mayBeUnsigned(e, side); err != nil {
		return err
	}
	return s.checkContent(e)
}

// mayBeUnsigned says whether a step of a side may have come without a signature.
func (s *story) mayBeUnsigned(e *liaisonv1.Event, side string) error {
	o, err := s.trust.organisation(side)
	if err == nil && statement.HasSignedForm(e) && o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
		err = &Distrust{Kind: ErrUnsigned, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: side + " signs every such step"}
	}
	return err
}

// checkParties checks that a request is one of this side's organisation's, and goes to
// the platform whose feed it is in.
func (s *story) checkParties(e *liaisonv1.Event, spec *liaisonv1.RequestSpec) error {
	own, err := s.trust.ownOrganisation()
	if err != nil {
		return err
	}
	mine := e.GetAuthority()
	switch s.side {
	case lifecycle.PlatformSide:
		mine = spec.GetPlatform()
	case lifecycle.OversightSide:
		mine = spec.GetReviewer()
	}
	if mine != own.GetName() || spec.GetPlatform() != e.GetPlatform() {
		return &Distrust{Kind: ErrMisplaced, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: "the request is not " + own.GetName() + "'s"}
	}
	return nil
}

// open checks a signature by this side's own certification authorities, and that what
// was signed was meant for the place where it stands.
func (s *story) open(ctx context.Context, envelope *liaisonv1.Envelope, organisation, actor string, place statement.Place, e *liaisonv1.Event) (*statement.Opened, error) {
	opened, err := statement.Open(envelope)
	if err != nil {
		return nil, &Distrust{Kind: ErrSignature, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	return opened, s.check(ctx, opened, organisation, actor, place, place.Time, e)
}

// check is open for a statement whose signature fits, and that was taken in at a time:
// by then its signer's certificate must not have been revoked.
func (s *story) check(ctx context.Context, opened *statement.Opened, organisation, actor string, place statement.Place, taken time.Time, e *liaisonv1.Event) error {
	wrong := func(kind error, err error) error {
		return &Distrust{Kind: kind, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	signer, err := s.trust.signedBy(ctx, opened.Chain, opened.GetSignTime().AsTime(), taken)
	switch {
	case err != nil:
		return wrong(ErrSigner, err)
	case signer.Organisation.String() != organisation || signer.ID.String() != actor:
		return wrong(ErrSigner, errors.New("it is not who took the step"))
	}
	switch {
	case opened.GetFiled() != nil:
		s.filedKey = signer.Key
	case (opened.GetApproved() != nil || opened.GetEmergencyValidated() != nil) && signer.Key == s.filedKey:
		return wrong(ErrSigner, errors.New("the request was filed with the same key"))
	}
	if err := opened.Check(place); err != nil {
		return wrong(ErrMisplaced, err)
	}
	checkpoint := opened.GetCheckpoint()
	if checkpoint == "" {
		return nil
	}
	// What is not even signed by the hub is its signer's own invention, and says nothing
	// about the hub: one participant must not be able to have another turn from it.
	if _, err := ledger.OpenCheckpoint([]byte(checkpoint), s.trust.ledger.key); err != nil {
		return wrong(ErrMisplaced, errors.New("its checkpoint is none of this hub's"))
	}
	// The hub showed this to the signer. If it is not the ledger that it shows here, it
	// tells two histories.
	_, err = s.trust.ledger.believe(ctx, checkpoint)
	return err
}

// checkContent holds what an event says against the request that it is about: a hub, or
// the other side, that lets more through than was asked is found out here too.
func (s *story) checkContent(e *liaisonv1.Event) error {
	spec, answered := s.request.GetSpec(), s.request.GetAnsweredSelectors()
	var err error
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Amended:
		err = scope.CheckNarrowing(spec, answered, d.Amended.GetNarrowing())
	case *liaisonv1.Event_PartiallyAnswered, *liaisonv1.Event_Answered:
		if err = scope.CheckManifest(spec, answered, manifestOf(e)); err == nil {
			err = scope.CheckBarredManifest(s.request.GetBarredSelectors(), manifestOf(e))
		}
	case *liaisonv1.Event_ReviewObjected:
		err = scope.CheckSelectorIDs(spec, d.ReviewObjected.GetSelectorIds(), "objection.selector_ids")
	case *liaisonv1.Event_DisputeDecided:
		err = s.checkDecision(e, d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		err = s.checkDecision(e, d.DisputeSustained)
	}
	if err != nil {
		return &Distrust{Kind: ErrExcess, Request: e.GetRequest(), Sequence: e.GetSequence(), Detail: err.Error()}
	}
	return nil
}
