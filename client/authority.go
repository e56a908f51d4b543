package client

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Authority is what an authority does with its requests. Steps return the event
// that records them, after it is on the hub's disk.
type Authority struct {
	reader
	steps liaisonv1.AuthorityServiceClient
}

// Authority returns what an officer or an approver of an authority works with.
func (c *Conn) Authority() *Authority {
	return &Authority{reader: newReader(c, verify.Authority), steps: liaisonv1.NewAuthorityServiceClient(c.grpc)}
}

// File signs and files a request; the event has its name. What selectors denote is written
// as the contract asks for it before it is signed: a phone number with spaces and 00, a name
// with its @, a hash in capitals. An emergency comes before the
// platform at once, everything else after another person has approved it.
//
// A request that names no answer_recipients is given those of WithAnswerKeys, so that
// nobody but their holder can read the answer. With neither, ErrNoAnswerKeys is returned
// unless WithoutSealing says that the hub may read it, and this side's copy of the
// authority's own entry has the sealing policy OPTIONAL.
func (c *Authority) File(ctx context.Context, spec *liaisonv1.RequestSpec, options ...StepOption) (*liaisonv1.Event, error) {
	s, in, signed, err := c.signedFiling(spec, options...)
	if err != nil {
		return nil, err
	}
	out, err := c.steps.FileRequest(ctx, in)
	if errors.Is(err, ErrRequestExists) || isReused(err) {
		return c.filedBefore(ctx, signed, err)
	}
	return c.took(ctx, s, signed.GetRequest(), signedEvent(in.GetSigned(), signed), out, err)
}

// signedFiling returns the call by which a request is filed, signed and not sent, with
// the statement in it.
func (c *Authority) signedFiling(spec *liaisonv1.RequestSpec, options ...StepOption) (step, *liaisonv1.FileRequestRequest, *liaisonv1.Statement, error) {
	s, err := c.newStep(options)
	if err != nil {
		return s, nil, nil, err
	}
	if scope.InClear(spec) {
		if err := c.trust.checkUnsealed(); err != nil {
			return s, nil, nil, err
		}
		spec = proto.CloneOf(spec)
		spec.AnswerRecipients = c.trust.keys.Recipients()
	}
	if !scope.Normal(spec.GetSelectors()) {
		spec = proto.CloneOf(spec)
		scope.Normalise(spec.GetSelectors())
	}
	if err := fromScope(scope.CheckSize(spec, "spec")); err != nil {
		return s, nil, nil, err
	}
	// The step's identifier names the request too, so that a call repeated after a crash
	// finds what the first one filed.
	id, err := uuid.Parse(s.id)
	if err == nil && id.Version() != 7 {
		id, err = uuid.NewV7()
	}
	if err != nil {
		return s, nil, nil, err
	}
	signed := &liaisonv1.Statement{Request: "requests/" + id.String(), Detail: &liaisonv1.Statement_Filed{Filed: spec}}
	envelope, err := c.trust.sign(signed) // which holds it against the contract's rules
	if err != nil {
		return s, nil, nil, inSpec(err)
	}
	return s, &liaisonv1.FileRequestRequest{
		Call: s.call(), Form: &liaisonv1.FileRequestRequest_Signed{Signed: envelope},
	}, signed, nil
}

// filedBefore returns the event of a filing that an earlier call of this side made, if it
// was the same. It counts as every step does.
func (c *Authority) filedBefore(ctx context.Context, signed *liaisonv1.Statement, exists error) (*liaisonv1.Event, error) {
	filed, err := c.read(ctx, signed.GetRequest())
	if err != nil {
		return nil, exists
	}
	first := filed.Events[0]
	if !c.trust.isSelf(first.GetActor()) || !proto.Equal(first.GetFiled().GetSpec(), signed.GetFiled()) {
		return nil, exists
	}
	return c.countAgain(ctx, filed, 0)
}

// Approve signs that what an officer filed is approved. It needs IfMatch with the etag of
// the request as it was read: what is approved is what was read, and the signature says
// so. Without it nothing is sent: ErrFieldInvalid. Only an approver may, and not the
// person who filed.
func (c *Authority) Approve(ctx context.Context, name string, approval *liaisonv1.Approval, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ApproveRequestRequest{
		Name: name, Form: &liaisonv1.ApproveRequestRequest_Approval{Approval: approval},
	}, c.steps.ApproveRequest, options)
}

// Reject rejects what an officer filed.
func (c *Authority) Reject(ctx context.Context, name string, rejection *liaisonv1.Rejection, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.RejectRequestRequest{Name: name, Rejection: rejection}, c.steps.RejectRequest, options)
}

// Reply replies to what the platform asked.
func (c *Authority) Reply(ctx context.Context, name string, reply *liaisonv1.ClarificationReply, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ReplyToClarificationRequest{Name: name, Reply: reply}, c.steps.ReplyToClarification, options)
}

// Amend signs and narrows the request.
func (c *Authority) Amend(ctx context.Context, name string, amendment *liaisonv1.Amendment, options ...StepOption) (*liaisonv1.Event, error) {
	if !scope.Normal(amendment.GetNarrowing().GetSelectors()) {
		amendment = proto.CloneOf(amendment)
		scope.Normalise(amendment.GetNarrowing().GetSelectors())
	}
	return take(ctx, c.reader, &liaisonv1.AmendRequestRequest{
		Name: name, Form: &liaisonv1.AmendRequestRequest_Amendment{Amendment: amendment},
	}, c.steps.AmendRequest, options)
}

// Uphold upholds the request against an objection.
func (c *Authority) Uphold(ctx context.Context, name string, upholding *liaisonv1.Upholding, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.UpholdRequestRequest{
		Name: name, Form: &liaisonv1.UpholdRequestRequest_Upholding{Upholding: upholding},
	}, c.steps.UpholdRequest, options)
}

// Withdraw takes the request back.
func (c *Authority) Withdraw(ctx context.Context, name string, withdrawal *liaisonv1.Withdrawal, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.WithdrawRequestRequest{
		Name: name, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: withdrawal},
	}, c.steps.WithdrawRequest, options)
}

// ValidateEmergency validates an emergency afterwards. Only an approver may, and not
// the person who filed.
func (c *Authority) ValidateEmergency(ctx context.Context, name string, validation *liaisonv1.EmergencyValidation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ValidateEmergencyRequest{
		Name: name, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: validation},
	}, c.steps.ValidateEmergency, options)
}

// ExtendPreservation extends a preservation, once, by at most 30 days.
func (c *Authority) ExtendPreservation(ctx context.Context, name string, extension *liaisonv1.PreservationExtension, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ExtendPreservationRequest{
		Name: name, Form: &liaisonv1.ExtendPreservationRequest_Extension{Extension: extension},
	}, c.steps.ExtendPreservation, options)
}

// GrantMoreTime gives the platform the time that it asked for.
func (c *Authority) GrantMoreTime(ctx context.Context, name string, grant *liaisonv1.MoreTimeGrant, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.GrantMoreTimeRequest{Name: name, Grant: grant}, c.steps.GrantMoreTime, options)
}

// DeclineMoreTime does not give it, and says why.
func (c *Authority) DeclineMoreTime(ctx context.Context, name string, refusal *liaisonv1.MoreTimeRefusal, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.DeclineMoreTimeRequest{Name: name, Refusal: refusal}, c.steps.DeclineMoreTime, options)
}

// AttestDeletion states that the authority has deleted what it had of the answers to a
// request that was withdrawn or has lapsed.
func (c *Authority) AttestDeletion(ctx context.Context, name string, attestation *liaisonv1.DeletionAttestation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.AttestDeletionRequest{
		Name: name, Form: &liaisonv1.AttestDeletionRequest_Attestation{Attestation: attestation},
	}, c.steps.AttestDeletion, options)
}

// ConfirmRecall states that the authority has stopped using what the platform recalled, and
// has deleted it.
func (c *Authority) ConfirmRecall(ctx context.Context, name string, confirmation *liaisonv1.RecallConfirmation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ConfirmRecallRequest{
		Name: name, Form: &liaisonv1.ConfirmRecallRequest_Confirmation{Confirmation: confirmation},
	}, c.steps.ConfirmRecall, options)
}

// ConfirmReceipt confirms that the whole answer was read.
func (c *Authority) ConfirmReceipt(ctx context.Context, name string, receipt *liaisonv1.ReceiptConfirmation, options ...StepOption) (*liaisonv1.Event, error) {
	return take(ctx, c.reader, &liaisonv1.ConfirmReceiptRequest{Name: name, Confirmation: receipt}, c.steps.ConfirmReceipt, options)
}

// attention are the states in which a request needs the authority, or is over.
var attention = []liaisonv1.RequestState{
	liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED,
	liaisonv1.RequestState_REQUEST_STATE_OBJECTED,
	liaisonv1.RequestState_REQUEST_STATE_IN_DISPUTE,
	liaisonv1.RequestState_REQUEST_STATE_ANSWERED,
	liaisonv1.RequestState_REQUEST_STATE_PRESERVED,
	liaisonv1.RequestState_REQUEST_STATE_REFUSED,
	liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN,
	liaisonv1.RequestState_REQUEST_STATE_CLOSED,
	liaisonv1.RequestState_REQUEST_STATE_LAPSED,
	liaisonv1.RequestState_REQUEST_STATE_EXPIRED,
}

// Await waits until a request is in one of the states given and returns it; without
// states, until it needs the authority (a question, an objection) or is answered or
// over. It goes on over broken connections and restarts of the hub.
func (c *Authority) Await(ctx context.Context, name string, states ...liaisonv1.RequestState) (*liaisonv1.Request, error) {
	if len(states) == 0 {
		states = attention
	}
	read, err := c.readPatiently(ctx, name)
	if err != nil {
		return nil, err
	}
	if slices.Contains(states, read.Request.GetState()) {
		return proto.CloneOf(read.Request), nil
	}
	for e, err := range c.Watch(ctx, WatchOptions{Request: name, After: read.Last()}) {
		if err != nil {
			return nil, err
		}
		if e.GetSequence() <= read.Last() {
			continue
		}
		// What counts is where the request stands, not where it stood at some event.
		if read, err = c.readPatiently(ctx, name); err != nil {
			return nil, err
		}
		if slices.Contains(states, read.Request.GetState()) {
			return proto.CloneOf(read.Request), nil
		}
	}
	return nil, ctx.Err()
}

// Open returns the parts of the answer that were given so far and not recalled: the only
// thing that says who was identified. Each is what the platform signed, sealed to this
// request's recipients, within what was asked, and in the ledger, and is opened with the
// keys of WithAnswerKeys. The hub gives a part only together with the record that this
// person has opened it, a step that the platform sees too. Only an officer may.
func (c *Authority) Open(ctx context.Context, name string) ([]*liaisonv1.AnswerPart, error) {
	read, err := c.read(ctx, name)
	if err != nil {
		return nil, err
	}
	if read.Request.GetState() == liaisonv1.RequestState_REQUEST_STATE_PURGED {
		return nil, &Error{Code: codes.FailedPrecondition, Reason: liaisonv1.Reason_REASON_STATE_FORBIDS_STEP, Message: "the request was purged: its content was deleted"}
	}
	given := read.Given()
	toSeal := len(read.Request.GetSpec().GetAnswerRecipients()) > 0
	if len(given) > 0 && toSeal && c.trust.keys.IsZero() && c.trust.dialled.Role == lifecycle.Officer { // others are told that they may not
		return nil, ErrNoAnswerKeys
	}
	opened := make([]*liaisonv1.AnswerPart, len(given))
	first := []StepOption{on(read)} // what follows is signed on the opening before it
	for i, e := range given {
		part, err := c.openPart(ctx, name, record.Manifest(e).GetPart(), first)
		if err != nil {
			return nil, err
		}
		if opened[i], err = read.OpenPart(part, e, c.trust.keys.Identities()...); err != nil {
			return nil, err
		}
		if err := c.trust.awaitWitnesses(ctx, e.GetSequence()); err != nil {
			return nil, err
		}
		first = nil
	}
	return opened, nil
}

// openPart records that one part is opened, and returns it as the hub gave it.
func (c *Authority) openPart(ctx context.Context, name string, number int32, options []StepOption) (part *liaisonv1.AnswerPart, err error) {
	_, err = take(ctx, c.reader, &liaisonv1.OpenAnswerRequest{
		Name: name, Form: &liaisonv1.OpenAnswerRequest_Opening{Opening: &liaisonv1.Opening{Part: number}},
	}, func(ctx context.Context, in *liaisonv1.OpenAnswerRequest, options ...grpc.CallOption) (*liaisonv1.Recorded, error) {
		out, err := c.steps.OpenAnswer(ctx, in, options...)
		part = out.GetPart()
		return out.GetRecorded(), err
	}, options)
	return part, err
}
