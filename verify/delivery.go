package verify

import (
	"bytes"
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// checkDelivery returns the request that an approval brings before a platform. The platform
// has not seen the steps before it, so that what it is shown of them counts only as far
// as the signed statements make it: the request is made of these, and the hub's must be
// the same in all but its etag and the time of its last change, which are the hub's own.
func (c *Case) checkDelivery(ctx context.Context, e *liaisonv1.Event) (*liaisonv1.Request, error) {
	delivered := e.GetDelivery().GetRequest()
	if delivered.GetName() != e.GetRequest() || delivered.GetAuthority() != e.GetAuthority() || delivered.GetSpec().GetPlatform() != e.GetPlatform() {
		return nil, distrust(e, ErrHistory, "what came with it is another request")
	}
	o, err := c.verifier.organisation(e.GetAuthority())
	if err != nil {
		return nil, err
	}
	statements, err := c.statements(ctx, e)
	if err != nil {
		return nil, err
	}
	if len(statements) == 0 && o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
		return nil, distrust(e, ErrUnsigned, e.GetAuthority()+" signs what it files")
	}
	created, updated, approved := delivered.GetCreateTime().AsTime(), delivered.GetUpdateTime().AsTime(), e.GetCreateTime().AsTime()
	if updated.Before(created) || approved.Before(updated) {
		return nil, distrust(e, ErrTime, "what came before it is later")
	}
	made := unsignedRequest(delivered)
	if len(statements) > 0 {
		if made, err = c.readStatements(ctx, e, statements); err != nil {
			return nil, err
		}
	} else if err := c.checkFiler(e, o); err != nil {
		return nil, err
	}
	made.Etag, made.UpdateTime = delivered.GetEtag(), delivered.GetUpdateTime()
	// With which key the filer was connected the hub alone knows; that another one signed the
	// approval is checked by the signatures.
	made.FiledKeySha256 = delivered.GetFiledKeySha256()
	if !proto.Equal(made, delivered) {
		return nil, distrust(e, ErrAltered, "the request is not what its statements make it")
	}
	return delivered, nil
}

// statements returns the statements that a delivery names, of which the hub gives the text.
func (c *Case) statements(ctx context.Context, e *liaisonv1.Event) ([]*liaisonv1.Envelope, error) {
	named := e.GetDelivery().GetStatementSha256S()
	var given []*liaisonv1.Envelope
	for len(given) < len(named) {
		more, err := c.verifier.hub.Statements(ctx, e.GetRequest(), len(given))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, distrust(e, ErrWithheld, "statements that came with it are not given")
		}
		given = append(given, more...)
	}
	given = given[:len(named)]
	for i, envelope := range given {
		if !bytes.Equal(statement.Digest(envelope), named[i]) {
			return nil, distrust(e, ErrAltered, "a statement is another than came with it")
		}
	}
	return given, nil
}

// unsignedRequest returns of a request that nobody signed what may be said of it before it is
// approved. That it has no digests of statements keeps a signed approval, which names
// what it approves by its digest, from counting for it.
func unsignedRequest(r *liaisonv1.Request) *liaisonv1.Request {
	return &liaisonv1.Request{
		Name: r.GetName(), Authority: r.GetAuthority(), Spec: r.GetSpec(),
		FiledBy: r.GetFiledBy(), CreateTime: r.GetCreateTime(), Amendments: r.GetAmendments(),
		State: liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL,
	}
}

// checkFiler checks that the hub names an officer of the authority as who filed.
func (c *Case) checkFiler(e *liaisonv1.Event, o *liaisonv1.Organisation) error {
	filed := &liaisonv1.Event{
		Actor:  e.GetDelivery().GetRequest().GetFiledBy(),
		Detail: &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: e.GetDelivery().GetRequest().GetSpec()}},
	}
	actor, err := identity.ParseID(filed.GetActor())
	if err != nil || actor.ID.TrustDomain().Name() != o.GetTrustDomain() || !awaitsApproval(nil, filed) {
		return distrust(e, ErrSigner, "nobody of "+e.GetAuthority()+" can have filed it")
	}
	return nil
}

// readStatements returns the request that the statements before an approval make.
func (c *Case) readStatements(ctx context.Context, e *liaisonv1.Event, statements []*liaisonv1.Envelope) (*liaisonv1.Request, error) {
	created := e.GetDelivery().GetRequest().GetCreateTime()
	var made *liaisonv1.Request
	for i, envelope := range statements {
		opened, err := statement.Open(envelope)
		if err != nil {
			return nil, distrust(e, ErrSignature, err.Error())
		}
		if len(opened.Chain[0].URIs) != 1 {
			return nil, distrust(e, ErrSigner, "it has no name")
		}
		step := &liaisonv1.Event{
			Request: e.GetRequest(), Authority: e.GetAuthority(), Platform: e.GetPlatform(), Envelope: envelope,
			Actor: opened.Chain[0].URIs[0].String(), CreateTime: created, State: liaisonv1.RequestState_REQUEST_STATE_AWAITING_APPROVAL,
		}
		statement.SetDetail(step, opened.Statement)
		// When an amendment was made nobody but the authority knows; that it was signed
		// within the time of the request it must be. Of a filing the request says when.
		place := statement.Place{Hub: c.verifier.HubName(), Request: e.GetRequest(), Previous: made.GetStatementSha256(), Time: opened.GetSignTime().AsTime()}
		if i == 0 {
			place.Time = created.AsTime()
		}
		// A key that was revoked by the time of the approval speaks for nobody: with the hub
		// its thief could have signed at any time before.
		if err := c.checkStatement(ctx, opened, e.GetAuthority(), step.GetActor(), place, e.GetCreateTime().AsTime(), e); err != nil {
			return nil, err
		}
		switch {
		case (step.GetFiled() != nil) != (i == 0) || i > 0 && step.GetAmended() == nil:
			return nil, distrust(e, ErrMisplaced, "a filing comes before an approval, and then amendments alone")
		case opened.GetSignTime().AsTime().Sub(e.GetCreateTime().AsTime()) > statement.MaxAhead:
			return nil, distrust(e, ErrTime, "what it approves was signed after it")
		case !awaitsApproval(made, step):
			return nil, distrust(e, ErrMisplaced, "who signed could not take the step before an approval")
		case i > 0 && scope.CheckNarrowing(made.GetSpec(), nil, step.GetAmended().GetNarrowing()) != nil:
			return nil, distrust(e, ErrMisplaced, "an amendment does not narrow what was filed")
		}
		made = record.Fold(made, step)
	}
	return made, nil
}

// awaitsApproval says whether its actor could take a step on a request, after which the
// request awaits its approval.
func awaitsApproval(r *liaisonv1.Request, step *liaisonv1.Event) bool {
	actor, err := identity.ParseID(step.GetActor())
	if err != nil {
		return false
	}
	taken := record.Step(r, step)
	taken.Role, taken.Person = actor.Role, actor.Person()
	after, err := lifecycle.Apply(record.Life(r), taken)
	return err == nil && after.State == lifecycle.AwaitingApproval
}
