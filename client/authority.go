package client

import (
	"context"
	"slices"

	"google.golang.org/grpc"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Authority is what an authority does with its requests. Steps return the event
// that records them, after it is on the hub's disk.
type Authority struct {
	Reader
	steps liaisonv1.AuthorityServiceClient
}

// NewAuthority makes an Authority that works over a connection.
func NewAuthority(conn grpc.ClientConnInterface) *Authority {
	return &Authority{Reader: newReader(conn), steps: liaisonv1.NewAuthorityServiceClient(conn)}
}

// File files a request; the event has its name. An emergency comes before the
// platform at once, everything else after another person has approved it.
func (c *Authority) File(ctx context.Context, spec *liaisonv1.RequestSpec, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.FileRequestRequest{Spec: spec, RequestId: s.id}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.FileRequest(ctx, in)
	return out.GetEvent(), err
}

// Approve approves what an officer filed. The etag must be that of the request as it
// was read: what is approved is what was read. Only an approver may, and not the
// person who filed.
func (c *Authority) Approve(ctx context.Context, name string, etag string, approval *liaisonv1.Approval, options ...StepOption) (*liaisonv1.Event, error) {
	options = append([]StepOption{IfMatch(etag)}, options...)
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ApproveRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Approval: approval}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ApproveRequest(ctx, in)
	return out.GetEvent(), err
}

// Reject rejects what an officer filed.
func (c *Authority) Reject(ctx context.Context, name string, rejection *liaisonv1.Rejection, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.RejectRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Rejection: rejection}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.RejectRequest(ctx, in)
	return out.GetEvent(), err
}

// Reply replies to what the platform asked.
func (c *Authority) Reply(ctx context.Context, name string, reply *liaisonv1.ClarificationReply, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ReplyToClarificationRequest{Name: name, Etag: s.etag, RequestId: s.id, Reply: reply}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ReplyToClarification(ctx, in)
	return out.GetEvent(), err
}

// Amend narrows the request.
func (c *Authority) Amend(ctx context.Context, name string, amendment *liaisonv1.Amendment, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.AmendRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Amendment: amendment}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.AmendRequest(ctx, in)
	return out.GetEvent(), err
}

// Uphold upholds the request against an objection.
func (c *Authority) Uphold(ctx context.Context, name string, upholding *liaisonv1.Upholding, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.UpholdRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Upholding: upholding}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.UpholdRequest(ctx, in)
	return out.GetEvent(), err
}

// Withdraw takes the request back.
func (c *Authority) Withdraw(ctx context.Context, name string, withdrawal *liaisonv1.Withdrawal, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.WithdrawRequestRequest{Name: name, Etag: s.etag, RequestId: s.id, Withdrawal: withdrawal}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.WithdrawRequest(ctx, in)
	return out.GetEvent(), err
}

// ValidateEmergency validates an emergency afterwards. Only an approver may, and not
// the person who filed.
func (c *Authority) ValidateEmergency(ctx context.Context, name string, validation *liaisonv1.EmergencyValidation, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ValidateEmergencyRequest{Name: name, Etag: s.etag, RequestId: s.id, Validation: validation}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ValidateEmergency(ctx, in)
	return out.GetEvent(), err
}

// ExtendPreservation extends a preservation, once, by at most 30 days.
func (c *Authority) ExtendPreservation(ctx context.Context, name string, extension *liaisonv1.PreservationExtension, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ExtendPreservationRequest{Name: name, Etag: s.etag, RequestId: s.id, Extension: extension}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ExtendPreservation(ctx, in)
	return out.GetEvent(), err
}

// ConfirmReceipt confirms that the whole answer was read.
func (c *Authority) ConfirmReceipt(ctx context.Context, name string, receipt *liaisonv1.ReceiptConfirmation, options ...StepOption) (*liaisonv1.Event, error) {
	s, err := newStep(options)
	if err != nil {
		return nil, err
	}
	in := &liaisonv1.ConfirmReceiptRequest{Name: name, Etag: s.etag, RequestId: s.id, Receipt: receipt}
	if err := check(in); err != nil {
		return nil, err
	}
	out, err := c.steps.ConfirmReceipt(ctx, in)
	return out.GetEvent(), err
}

// attention are the states in which a request needs the authority, or is over.
var attention = []liaisonv1.RequestState{
	liaisonv1.RequestState_REQUEST_STATE_CLARIFICATION_NEEDED,
	liaisonv1.RequestState_REQUEST_STATE_OBJECTED,
	liaisonv1.RequestState_REQUEST_STATE_ANSWERED,
	liaisonv1.RequestState_REQUEST_STATE_PRESERVED,
	liaisonv1.RequestState_REQUEST_STATE_REFUSED,
	liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN,
	liaisonv1.RequestState_REQUEST_STATE_CLOSED,
}

// Await waits until a request is in one of the states given and returns it; without
// states, until it needs the authority (a question, an objection) or is answered or
// over. It goes on over broken connections and restarts of the hub.
func (c *Authority) Await(ctx context.Context, name string, states ...liaisonv1.RequestState) (*liaisonv1.Request, error) {
	if len(states) == 0 {
		states = attention
	}
	for _, err := range c.Watch(ctx, WatchOptions{Request: name}) {
		if err != nil {
			return nil, err
		}
		// What counts is where the request stands, not where it stood at some event.
		request, err := c.Get(ctx, name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(states, request.GetState()) {
			return request, nil
		}
	}
	return nil, ctx.Err()
}
