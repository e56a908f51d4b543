package client

import (
	"errors"
	"io"
	"strings"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Error is why a call failed: a hub's word, the connection's, or this package's own
// for what it did not send. It never quotes what was sent.
//
// Tell errors apart with errors.Is and the Err variables of this package, or by
// Reason. status.FromError works on it too.
type Error struct {
	// Code is the gRPC code.
	Code codes.Code
	// Reason is the contract's reason; unspecified for what did not reach a hub, save
	// that a certificate which the hub refused in the handshake has that reason.
	Reason liaisonv1.Reason
	// Message is for developers, in English.
	Message string
	// Localized is for people, in the language asked for; empty for what did not
	// reach a hub.
	Localized string
	// Violations are the fields that break a rule.
	Violations []Violation
	// RetryAfter is the pause that the hub asks for; zero if none.
	RetryAfter time.Duration

	status *status.Status
}

// Violation is one field that breaks a rule.
type Violation struct {
	// Field is its path: "spec.selectors[3].phone.number".
	Field string
	// Description says what it must be, in English.
	Description string
	// Localized says the same in the language asked for; empty where there is no more
	// than the description.
	Localized string
}

// Error returns the reason, the message and the fields.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Reason != liaisonv1.Reason_REASON_UNSPECIFIED {
		b.WriteString(strings.TrimPrefix(e.Reason.String(), "REASON_"))
	} else {
		b.WriteString(e.Code.String())
	}
	b.WriteString(": ")
	b.WriteString(e.Message)
	return b.String()
}

// GRPCStatus returns the status as the hub sent it.
func (e *Error) GRPCStatus() *status.Status {
	if e.status == nil {
		return status.New(e.Code, e.Message)
	}
	return e.status
}

// Is makes errors.Is work with the Err variables.
func (e *Error) Is(target error) bool {
	if target == verify.ErrNoRequest {
		return e.Reason == liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND
	}
	reason, ok := target.(reasonError)
	return ok && liaisonv1.Reason(reason) == e.Reason
}

// Retryable reports whether the same call may succeed later without anything being
// changed.
func (e *Error) Retryable() bool {
	switch e.Code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.ResourceExhausted, codes.Internal, codes.Unknown:
		return true
	default:
		return false
	}
}

// reasonError stands for all errors of one reason.
type reasonError liaisonv1.Reason

// Error returns the reason's word.
func (r reasonError) Error() string {
	return strings.TrimPrefix(liaisonv1.Reason(r).String(), "REASON_")
}

// The reasons that programs most often tell apart; errors.Is finds them. The
// contract says what each means.
var (
	ErrFieldInvalid          error = reasonError(liaisonv1.Reason_REASON_FIELD_INVALID)
	ErrOutsideCapabilities   error = reasonError(liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES)
	ErrOutsidePolicy         error = reasonError(liaisonv1.Reason_REASON_OUTSIDE_POLICY)
	ErrApprovalLevelTooLow   error = reasonError(liaisonv1.Reason_REASON_APPROVAL_LEVEL_TOO_LOW)
	ErrQuotaExceeded         error = reasonError(liaisonv1.Reason_REASON_QUOTA_EXCEEDED)
	ErrAnswerOutOfScope      error = reasonError(liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE)
	ErrAnswerIncomplete      error = reasonError(liaisonv1.Reason_REASON_ANSWER_INCOMPLETE)
	ErrAlreadyAnswered       error = reasonError(liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED)
	ErrAmendmentWidens       error = reasonError(liaisonv1.Reason_REASON_AMENDMENT_WIDENS)
	ErrCertificateRefused    error = reasonError(liaisonv1.Reason_REASON_CERTIFICATE_REFUSED)
	ErrParticipantSuspended  error = reasonError(liaisonv1.Reason_REASON_PARTICIPANT_SUSPENDED)
	ErrRoleNotAllowed        error = reasonError(liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED)
	ErrNotFound              error = reasonError(liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND)
	ErrCounterpartySuspended error = reasonError(liaisonv1.Reason_REASON_COUNTERPARTY_SUSPENDED)
	ErrStateForbidsStep      error = reasonError(liaisonv1.Reason_REASON_STATE_FORBIDS_STEP)
	ErrSamePerson            error = reasonError(liaisonv1.Reason_REASON_SAME_PERSON)
	ErrETagMismatch          error = reasonError(liaisonv1.Reason_REASON_ETAG_MISMATCH)
	ErrStatementMismatch     error = reasonError(liaisonv1.Reason_REASON_STATEMENT_MISMATCH)
	ErrRequestExists         error = reasonError(liaisonv1.Reason_REASON_REQUEST_EXISTS)
	ErrRateLimited           error = reasonError(liaisonv1.Reason_REASON_RATE_LIMITED)
	ErrReviewPending         error = reasonError(liaisonv1.Reason_REASON_REVIEW_PENDING)
	ErrSelectorBarred        error = reasonError(liaisonv1.Reason_REASON_SELECTOR_BARRED)
	ErrNothingPending        error = reasonError(liaisonv1.Reason_REASON_NOTHING_PENDING)
	ErrHubStopping           error = reasonError(liaisonv1.Reason_REASON_HUB_STOPPING)
)

// fromStatus turns what gRPC returns into an *Error. The end of a stream and nil
// stay what they are.
func fromStatus(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	s := status.Convert(err)
	e := &Error{Code: s.Code(), Message: s.Message(), status: s}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			if d.GetDomain() == "liaison" {
				e.Reason = liaisonv1.Reason(liaisonv1.Reason_value["REASON_"+d.GetReason()])
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				e.Violations = append(e.Violations, Violation{
					Field: v.GetField(), Description: v.GetDescription(), Localized: v.GetLocalizedMessage().GetMessage(),
				})
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = d.GetRetryDelay().AsDuration()
		case *errdetails.LocalizedMessage:
			e.Localized = d.GetMessage()
		}
	}
	if e.Reason == liaisonv1.Reason_REASON_UNSPECIFIED && e.Code == codes.Unavailable {
		e.explainConnection()
	}
	return e
}

// certificateRefused says whether a connection's failure is the alert by which TLS
// refuses a certificate (RFC 8446, section 6.2). Other alerts may pass.
func certificateRefused(failure string) bool {
	_, alert, ok := strings.Cut(failure, "remote error: tls: ")
	return ok && strings.Contains(alert, "certificate")
}

// explainConnection says what to look at when no connection came about. TLS tells
// a client that it was refused, and never why: that is in the hub's log. gRPC hands
// TLS alerts on as text alone.
func (e *Error) explainConnection() {
	switch text := e.Message; {
	case certificateRefused(text):
		// Trying again with the same certificate is no use.
		e.Code, e.Reason = codes.Unauthenticated, liaisonv1.Reason_REASON_CERTIFICATE_REFUSED
		e.Message = "the hub refused the certificate; its log says why: expired, revoked, suspended, of an unknown trust domain or issuer, or without a SPIFFE ID (" + text + ")"
	case strings.Contains(text, "x509: certificate signed by unknown authority"):
		e.Message = "the hub's certificate is not from the authorities in hub-ca.pem (" + text + ")"
	case strings.Contains(text, "connection refused"):
		e.Message = "nothing answers at the hub's address: is the hub running there? (" + text + ")"
	}
}

// check refuses a call that breaks the contract's rules, or says more than one step may,
// before it is signed and sent.
func check(message proto.Message) error {
	if err := invalid(protovalidate.Validate(message)); err != nil {
		return err
	}
	form := record.FormOf(message)
	if form == nil || form.Signed(message) != nil {
		return nil
	}
	event, answer := form.Event(message)
	if answer != nil {
		return fromScope(scope.CheckSize(answer, form.Said()))
	}
	return fromScope(scope.CheckSize(record.Said(event), form.Said()))
}

// inSpec names what breaks a rule as whoever files wrote it, "spec.reference", and not as
// the statement has it.
func inSpec(err error) error {
	var e *Error
	if !errors.As(err, &e) || len(e.Violations) == 0 {
		return err
	}
	for i, v := range e.Violations {
		if rest, ok := strings.CutPrefix(v.Field, "filed"); ok {
			e.Violations[i].Field = "spec" + rest
		}
	}
	e.Message = e.Violations[0].Field + ": " + e.Violations[0].Description
	return e
}

// invalid turns broken rules into the *Error that a hub would answer with.
func invalid(err error) error {
	var invalid *protovalidate.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	e := &Error{Code: codes.InvalidArgument, Reason: liaisonv1.Reason_REASON_FIELD_INVALID}
	for _, v := range invalid.ToProto().GetViolations() {
		e.Violations = append(e.Violations, Violation{
			Field:       protovalidate.FieldPathString(v.GetField()),
			Description: v.GetMessage(),
		})
	}
	e.Message = e.Violations[0].Field + ": " + e.Violations[0].Description
	return e
}

// fromScope turns what internal/law/scope refuses into the *Error that a hub would
// answer with.
func fromScope(err error) error {
	var v *scope.Violations
	if !errors.As(err, &v) {
		return err
	}
	e := &Error{Code: codes.InvalidArgument, Message: v.Error(), Reason: liaisonv1.Reason_REASON_FIELD_INVALID}
	switch v.Kind {
	case scope.OutOfScope:
		e.Reason = liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE
	case scope.Incomplete:
		e.Reason = liaisonv1.Reason_REASON_ANSWER_INCOMPLETE
	case scope.AlreadyAnswered:
		e.Reason = liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED
	case scope.Widens:
		e.Reason = liaisonv1.Reason_REASON_AMENDMENT_WIDENS
	case scope.OutsideCapabilities:
		e.Reason = liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES
	case scope.Barred:
		e.Reason = liaisonv1.Reason_REASON_SELECTOR_BARRED
	case scope.OutsidePolicy:
		e.Reason = liaisonv1.Reason_REASON_OUTSIDE_POLICY
	case scope.Invalid:
	}
	for _, field := range v.Fields {
		e.Violations = append(e.Violations, Violation{Field: field.Field, Description: field.Description})
	}
	return e
}
