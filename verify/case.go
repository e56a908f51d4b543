package verify

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Case is a request with everything that was said about it: each event is in the ledger,
// could follow the one before, and is signed by who may. It does not change.
type Case struct {
	// Request is the request as it stands after the last event.
	Request *liaisonv1.Request
	// Events are its events, in order. Where their content was purged they have no detail.
	Events []*liaisonv1.Event
	// Receipts prove the events: one for each, with its checkpoint.
	Receipts []*liaisonv1.Receipt

	verifier *Verifier
	needed   []bool // whether it needed what it had preserved, after each of the events

	answers  map[uint64]*liaisonv1.AnswerStatement // by the event that a signed part came with
	asked    map[uint64]*liaisonv1.Request         // as it stood before a part, by the part's event
	last     uint64
	at       time.Time       // when the last event was recorded
	etags    map[string]bool // of each version of the request
	filedKey lifecycle.Key   // which the filing was signed with; zero if it was not
	gone     bool            // what earlier events say was purged, if a purge follows
	outline  outline         // what the leaves alone show

	signatures []signature      // of its statements
	related    map[string]*Case // by name, of the requests that were looked at for it
}

// History reads the receipts of a request's events after a sequence number, in order: from
// a hub, or from files. It ends with the first error: one that is ErrNoRequest if there is
// no such request, or this side may not read it. A receipt's checkpoint must be there.
type History func(ctx context.Context, request string, after uint64) iter.Seq2[*liaisonv1.Receipt, error]

// Case makes a request's case of its history, and holds it against those of the requests
// that it depends on: what a hub did about a preservation for the sake of a disclosure
// follows from the disclosure's own events.
func (v *Verifier) Case(ctx context.Context, name string, history History) (*Case, error) {
	c, err := v.read(ctx, name, history)
	if err != nil {
		return nil, err
	}
	if err := v.checkHandOvers(ctx, c, history); err != nil {
		return nil, err
	}
	return c, nil
}

// read makes a request's case of its own events alone.
func (v *Verifier) read(ctx context.Context, name string, history History) (*Case, error) {
	c := &Case{
		verifier: v, etags: make(map[string]bool),
		answers: make(map[uint64]*liaisonv1.AnswerStatement), asked: make(map[uint64]*liaisonv1.Request),
		related: make(map[string]*Case),
	}
	for entry, err := range v.Entries(ctx, name, 0, history(ctx, name, 0)) {
		if err != nil {
			return nil, err
		}
		if err := c.add(ctx, entry); err != nil {
			return nil, err
		}
	}
	return c, c.checkWhole(name)
}

// checkWhole checks what can be said of a request's case after its last event.
func (c *Case) checkWhole(name string) error {
	switch {
	case c.last == 0:
		return &Distrust{Kind: ErrHistory, Request: name, Detail: "it has no events"}
	case c.gone && c.Request.GetState() != liaisonv1.RequestState_REQUEST_STATE_PURGED:
		return &Distrust{Kind: ErrWithheld, Request: name, Detail: "it was not purged"}
	case c.Request.GetName() != name:
		return &Distrust{Kind: ErrHistory, Request: name, Detail: "the events are another's"}
	default:
		return c.checkPolicies()
	}
}

// Given returns the events that parts of the answer came with which were not recalled.
func (c *Case) Given() []*liaisonv1.Event {
	var given []*liaisonv1.Event
	for _, e := range c.Events {
		if m := record.Manifest(e); m != nil && !slices.Contains(c.Request.GetRecalledParts(), m.GetPart()) {
			given = append(given, e)
		}
	}
	return given
}

// Last returns the sequence number of the last event.
func (c *Case) Last() uint64 { return c.last }

// add goes on with an event.
func (c *Case) add(ctx context.Context, r *Entry) error {
	e := r.Event
	if err := r.checkTime(c.at); err != nil {
		return err
	}
	c.at = r.leaf.Time
	if r.Gone {
		c.gone, c.last = true, e.GetSequence()
		c.outline.add(r.leaf)
		c.keep(r)
		return nil
	}
	if c.gone {
		return c.purge(r)
	}
	if err := c.checkPlace(ctx, e); err != nil {
		return err
	}
	if err := c.checkStep(ctx, e); err != nil {
		return err
	}
	if record.Manifest(e) != nil {
		c.asked[e.GetSequence()] = c.Request
	}
	next := record.Fold(c.Request, e)
	if lifecycle.VisibleToPlatform(record.Life(next)) != (r.leaf.PlatformIndex != 0) {
		return distrust(e, ErrFeed, "it is not in the platform's feed exactly if the platform may know of it")
	}
	if !inReviewersFeed(next, r) {
		return distrust(e, ErrFeed, "it is not in the reviewer's feed exactly if the reviewer may know of it")
	}
	// What a step is decided on is named by its etag: two versions of one name would let
	// a hub have a step signed over what its signer has not seen.
	// That somebody looked makes no version of its own, as checkAudited has seen.
	if e.GetAudited() == nil && (e.GetEtag() == "" || c.etags[e.GetEtag()]) {
		return distrust(e, ErrHistory, "its etag is none, or that of an earlier version")
	}
	c.etags[e.GetEtag()] = true
	c.outline.add(r.leaf)
	c.Request, c.last = next, e.GetSequence()
	c.keep(r)
	return nil
}

func (c *Case) keep(r *Entry) {
	c.Events, c.Receipts = append(c.Events, r.Event), append(c.Receipts, r.Receipt)
	c.needed = append(c.needed, record.RestsOn(c.Request))
}

// purge goes on with what follows events whose bodies are gone: the hub's purge, or
// nothing that is to be believed.
func (c *Case) purge(r *Entry) error {
	e := r.Event
	if err := c.verifier.checkPurge(e, c.outline); err != nil {
		return err
	}
	c.Request = record.Fold(nil, e)
	c.Request.Name, c.Request.Authority = e.GetRequest(), e.GetAuthority()
	c.Request.Spec = &liaisonv1.RequestSpec{Platform: e.GetPlatform(), Reviewer: e.GetReviewer(), Urgency: e.GetUrgency(), Test: e.GetTest()}
	c.outline.add(r.leaf)
	c.last = e.GetSequence()
	c.keep(r)
	return nil
}

// checkPlace checks that an event stands where it follows the one before. A case begins
// with a filing, or, at a platform, with the approval that brought the request before it.
func (c *Case) checkPlace(ctx context.Context, e *liaisonv1.Event) error {
	first, delivery := c.last == 0, e.GetDelivery() != nil
	switch {
	case delivery != (e.GetApproved() != nil):
		return distrust(e, ErrHistory, "an approval brings a request before a platform, and nothing else does")
	case first && !delivery && e.GetPreviousSequence() != 0, first && delivery && c.verifier.side == Authority:
		return distrust(e, ErrHistory, "what it follows is missing")
	case !first && (e.GetPreviousSequence() != c.last || e.GetSequence() <= c.last):
		return distrust(e, ErrHistory, fmt.Sprintf("it does not follow event %d", c.last))
	case !first && (e.GetRequest() != c.Request.GetName() || e.GetAuthority() != c.Request.GetAuthority()):
		return distrust(e, ErrHistory, "it is another request's")
	}
	if !delivery {
		return nil
	}
	if !first {
		if !proto.Equal(e.GetDelivery().GetRequest(), record.ForDelivery(c.Request)) {
			return distrust(e, ErrAltered, "what came before the platform is another request than was filed")
		}
		return nil
	}
	delivered, err := c.checkDelivery(ctx, e)
	if err != nil {
		return err
	}
	c.Request = delivered
	c.etags[delivered.GetEtag()] = true
	return nil
}

// checkStep checks that the event's step could be taken on the request as it stands, by
// who took it, and that the signature says so.
func (c *Case) checkStep(ctx context.Context, e *liaisonv1.Event) error {
	actor, err := identity.ParseID(e.GetActor())
	if err != nil {
		return distrust(e, ErrHistory, "its actor is nobody")
	}
	spec := c.Request.GetSpec()
	if filed := e.GetFiled(); filed != nil {
		spec = filed.GetSpec()
	}
	step := record.Step(c.Request, e)
	step.Role, step.Person, step.Key = actor.Role, actor.Person(), record.KeyOf(e.GetActorKeySha256())
	after, err := lifecycle.Apply(record.Life(c.Request), step)
	if err != nil {
		return distrust(e, ErrHistory, err.Error())
	}
	if after.State != lifecycle.State(e.GetState()) {
		return distrust(e, ErrHistory, "it led to another state")
	}
	if err := c.checkValidation(e); err != nil {
		return err
	}
	if err := c.checkReview(e, spec); err != nil {
		return err
	}
	if err := c.checkParties(e, spec); err != nil {
		return err
	}
	switch {
	case actor.Role.Side() == lifecycle.HubSide:
		return c.checkHubStep(e, actor)
	case e.GetAudited() != nil:
		return c.checkAudited(e, actor)
	}
	if err := c.checkSigned(ctx, e, actor, partyOf(e, spec, actor.Role)); err != nil {
		return err
	}
	if err := c.verifier.checkSealing(e, spec); err != nil {
		return err
	}
	return c.checkContent(e)
}

// checkSigned checks that somebody of a party took the step, and signed it where that party
// signs such steps.
func (c *Case) checkSigned(ctx context.Context, e *liaisonv1.Event, actor identity.Caller, party string) error {
	o, err := c.verifier.organisation(party)
	if err != nil {
		return err
	}
	if actor.ID.TrustDomain().Name() != o.GetTrustDomain() {
		return distrust(e, ErrSigner, "its actor is not of "+party)
	}
	if e.GetEnvelope() == nil {
		return c.verifier.checkUnsigned(e, party)
	}
	opened, err := statement.Open(e.GetEnvelope())
	if err != nil {
		return distrust(e, ErrSignature, err.Error())
	}
	at := e.GetCreateTime().AsTime()
	place := statement.Place{
		Hub:      c.verifier.HubName(),
		Request:  e.GetRequest(),
		Previous: c.Request.GetStatementSha256(),
		Time:     at,
	}
	if err := c.checkStatement(ctx, opened, party, e.GetActor(), place, at, e); err != nil {
		return err
	}
	if signed := opened.GetAnswered(); signed != nil {
		c.answers[e.GetSequence()] = signed
	}
	return nil
}

// checkUnsigned checks that a step of a party may have come without a signature.
func (v *Verifier) checkUnsigned(e *liaisonv1.Event, party string) error {
	o, err := v.organisation(party)
	if err != nil {
		return err
	}
	if statement.HasSignedForm(e) && o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
		return distrust(e, ErrUnsigned, party+" signs every such step")
	}
	return nil
}

// checkSealing checks that a request which comes in asks for sealed answers, where this
// side's copy of its authority's entry has every answer sealed.
func (v *Verifier) checkSealing(e *liaisonv1.Event, spec *liaisonv1.RequestSpec) error {
	if e.GetFiled() == nil && e.GetDelivery() == nil || !scope.InClear(spec) {
		return nil
	}
	o, err := v.organisation(e.GetAuthority())
	if err != nil {
		return err
	}
	if scope.RequiresSealing(o) {
		return distrust(e, ErrInClear, "every answer to "+e.GetAuthority()+" is sealed")
	}
	return nil
}

// checkParties checks that a request is one of this side's organisation's, and goes to
// the platform whose feed it is in.
func (c *Case) checkParties(e *liaisonv1.Event, spec *liaisonv1.RequestSpec) error {
	own, err := c.verifier.ownOrganisation()
	if err != nil {
		return err
	}
	mine := e.GetAuthority()
	switch c.verifier.side {
	case Platform:
		mine = spec.GetPlatform()
	case Reviewer:
		mine = spec.GetReviewer()
	}
	if mine != own.GetName() || spec.GetPlatform() != e.GetPlatform() {
		return distrust(e, ErrMisplaced, "the request is not "+own.GetName()+"'s")
	}
	return nil
}

// checkStatement checks by this side's own certification authorities who signed a
// statement whose signature fits, and that it was meant for the place where it stands. It
// was taken in at a time: by then its signer's certificate must not have been revoked.
func (c *Case) checkStatement(ctx context.Context, opened *statement.Opened, organisation, actor string, place statement.Place, taken time.Time, e *liaisonv1.Event) error {
	s := signature{opened.Chain, organisation, actor, opened.GetSignTime().AsTime(), taken, e}
	signer, err := c.verifier.checkSigner(ctx, s)
	if err != nil {
		return err
	}
	c.signatures = append(c.signatures, s)
	switch {
	case opened.GetFiled() != nil:
		c.filedKey = signer.Key
	case (opened.GetApproved() != nil || opened.GetEmergencyValidated() != nil) && signer.Key == c.filedKey:
		return distrust(e, ErrSigner, "the request was filed with the same key")
	}
	if err := opened.Check(place); err != nil {
		return distrust(e, ErrMisplaced, err.Error())
	}
	checkpoint := opened.GetCheckpoint()
	if checkpoint == "" {
		return nil
	}
	// What is not even signed by the hub is its signer's own invention, and says nothing
	// about the hub: one participant must not be able to have another turn from it.
	if !c.verifier.ledger.isSigned(checkpoint) {
		return distrust(e, ErrMisplaced, "its checkpoint is none of this hub's")
	}
	// The hub showed this to the signer. If it is not the ledger that it shows here, it
	// tells two histories.
	_, err = c.verifier.ledger.believe(ctx, checkpoint, nil)
	return err
}

// checkContent holds what an event says against the request that it is about: a hub, or
// the other side, that lets more through than was asked is found out here too.
func (c *Case) checkContent(e *liaisonv1.Event) error {
	spec, answered := c.Request.GetSpec(), c.Request.GetAnsweredSelectors()
	var err error
	switch d := e.GetDetail().(type) {
	case *liaisonv1.Event_Amended:
		err = scope.CheckNarrowing(spec, answered, d.Amended.GetNarrowing())
	case *liaisonv1.Event_PartiallyAnswered, *liaisonv1.Event_Answered:
		if err = scope.CheckManifest(spec, answered, record.Manifest(e)); err == nil {
			err = scope.CheckBarredManifest(c.Request.GetBarredSelectors(), record.Manifest(e))
		}
	case *liaisonv1.Event_ReviewObjected:
		err = scope.CheckSelectorIDs(spec, d.ReviewObjected.GetSelectorIds(), "objection.selector_ids")
	case *liaisonv1.Event_DisputeDecided:
		err = c.checkDecision(e, d.DisputeDecided)
	case *liaisonv1.Event_DisputeSustained:
		err = c.checkDecision(e, d.DisputeSustained)
	case *liaisonv1.Event_Filed, *liaisonv1.Event_Approved, *liaisonv1.Event_Rejected, *liaisonv1.Event_Withdrawn, *liaisonv1.Event_Acknowledged,
		*liaisonv1.Event_ClarificationAsked, *liaisonv1.Event_ClarificationReplied, *liaisonv1.Event_Objected, *liaisonv1.Event_Upheld,
		*liaisonv1.Event_Refused, *liaisonv1.Event_PreservationConfirmed, *liaisonv1.Event_PreservationExtended, *liaisonv1.Event_EmergencyValidated,
		*liaisonv1.Event_ReceiptConfirmed, *liaisonv1.Event_MoreTimeAsked, *liaisonv1.Event_MoreTimeGranted, *liaisonv1.Event_MoreTimeDeclined,
		*liaisonv1.Event_DeletionAttested, *liaisonv1.Event_AnswerOpened, *liaisonv1.Event_AnswerRecalled, *liaisonv1.Event_RecallConfirmed,
		*liaisonv1.Event_NoticeRecorded, *liaisonv1.Event_ReviewRefused, *liaisonv1.Event_ReviewCleared, *liaisonv1.Event_ObjectionMaintained,
		*liaisonv1.Event_Audited:
		// Nothing that was asked bounds it.
	case *liaisonv1.Event_DeadlineNear, *liaisonv1.Event_DeadlineMissed, *liaisonv1.Event_HandedOver, *liaisonv1.Event_HandOverEnded:
		// checkHubStep and checkHandOvers see to it.
	}
	if err != nil {
		return distrust(e, ErrExcess, err.Error())
	}
	return nil
}
