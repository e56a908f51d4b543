// Package wire is the one place where what the hub knows becomes what a caller may
// know: every error that leaves the hub is made here, by its reason, with the
// details that the contract promises and nothing internal in it.
package wire

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/access"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// pause is what a caller who is over its rate is told to wait.
const pause = time.Second

// mostViolations is how many fields an error names at most: it travels in headers,
// which have bounds of their own. Who mends these is told the next.
const mostViolations = 40

// Fault is an error as a caller may know it: its reason, a sentence, and details.
// A handler returns one where no typed error of a lower floor says the same.
type Fault struct {
	Reason  liaisonv1.Reason
	Text    string // in English, for developers and logs; never personal data
	Details []protoadapt.MessageV1

	fields *errdetails.BadRequest // of Details: those that break rules of the contract
	rules  []string               // by their ids, in the order of fields
}

// Error returns the reason and the sentence.
func (f *Fault) Error() string { return Word(f.Reason) + ": " + f.Text }

// ErrPageToken says that a page token was not given out for this listing.
var ErrPageToken = &Fault{
	Reason: liaisonv1.Reason_REASON_PAGE_TOKEN_INVALID,
	Text:   "page_token was not given out by this listing with this filter and order; start at the first page",
}

// ErrPeriodNotOver says that a period cannot be told of yet.
var ErrPeriodNotOver = &Fault{
	Reason: liaisonv1.Reason_REASON_PERIOD_NOT_OVER,
	Text:   "there is a report of a period from a whole day after its end",
}

// Error returns err as the caller of a method may know it, for message, what the
// method was called with; nil stays nil. The error returned is a gRPC status with
// ErrorInfo, LocalizedMessage and what further details fit.
func Error(ctx context.Context, err error, message any) error {
	if err == nil {
		return nil
	}
	f := explain(err)
	for over, state := range map[error]lifecycle.State{
		archive.ErrWithdrawn: lifecycle.Withdrawn, archive.ErrLapsed: lifecycle.Lapsed, archive.ErrPurged: lifecycle.Purged,
	} {
		if errors.Is(err, over) {
			f.Details = append(f.Details, &errdetails.PreconditionFailure{
				Violations: []*errdetails.PreconditionFailure_Violation{{
					Type: Word(f.Reason), Subject: state.String(), Description: f.Text,
				}},
			})
		}
	}
	if f.Reason == liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND {
		f.Details = append(f.Details, resourceInfo(message))
	}
	localizeFields(ctx, f.fields, f.rules)
	details := append([]protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: Word(f.Reason), Domain: Domain},
		localized(ctx, f.Reason),
	}, f.Details...)
	plain := status.New(Code(f.Reason), f.Text)
	detailed, err := plain.WithDetails(details...)
	if err != nil {
		return plain.Err()
	}
	return detailed.Err()
}

// explain finds out what an error is. What it does not know is a fault of the hub,
// about which a caller learns that it is one.
func explain(err error) *Fault {
	var (
		fault      *Fault
		suspended  *sequencer.ErrReviewPending
		refusal    *lifecycle.Refusal
		violations *scope.Violations
		invalid    *protovalidate.ValidationError
		denied     *access.Denied
		refused    *identity.Refusal
		untrusted  *statement.Untrusted
		mismatch   *statement.Mismatch
		beyond     *archive.ErrBeyond
		offset     *attachment.ErrOffset
		quota      *sequencer.ErrQuota
		low        *scope.LevelTooLow
	)
	switch {
	case errors.As(err, &fault):
		return &Fault{Reason: fault.Reason, Text: fault.Text, Details: append([]protoadapt.MessageV1(nil), fault.Details...)}
	case errors.As(err, &suspended): // before refusal, which it wraps
		return describe(suspended.Refusal, suspended.Error())
	case errors.As(err, &refusal):
		return ofRefusal(refusal)
	case errors.As(err, &violations):
		return ofScope(violations)
	case errors.As(err, &invalid):
		return ofRules(invalid.ToProto())
	case errors.As(err, &denied):
		return ofDenied(denied)
	case errors.As(err, &untrusted): // before refused, which it may wrap
		return ofSignature(untrusted)
	case errors.As(err, &mismatch):
		return ofMismatch(mismatch)
	case errors.As(err, &beyond):
		return ofFields(scope.Violation{Field: beyond.Field, Description: fmt.Sprintf("must not be greater than %d, the number of events", beyond.Size)})
	case errors.As(err, &low):
		return ofLevel(low)
	case errors.As(err, &quota):
		return ofQuota(quota)
	case errors.As(err, &offset):
		return ofFields(scope.Violation{Field: "offset", Description: offset.Error()})
	case errors.As(err, &refused):
		return ofIdentity(refused)
	}
	for known, field := range attachmentFields {
		if errors.Is(err, known) {
			return ofFields(scope.Violation{Field: field, Description: known.Error()})
		}
	}
	for _, known := range []error{envelope.ErrMalformed, envelope.ErrType, envelope.ErrKey, envelope.ErrSignature, statement.ErrMalformed} {
		if errors.Is(err, known) {
			return ofSignature(known)
		}
	}
	for known, reason := range plainErrors {
		if errors.Is(err, known) {
			return &Fault{Reason: reason, Text: known.Error()}
		}
	}
	if s, ok := status.FromError(err); ok {
		return ofStatus(s)
	}
	return &Fault{Reason: liaisonv1.Reason_REASON_INTERNAL_FAULT, Text: "internal fault; the hub's operator finds the cause in its log"}
}

// attachmentFields are what is wrong with an upload, with the field that shows it.
var attachmentFields = map[error]string{
	attachment.ErrName:   "name",
	attachment.ErrDigest: "data",
	attachment.ErrSize:   "data",
}

// plainErrors are the errors of the floors below that say all in themselves.
var plainErrors = map[error]liaisonv1.Reason{
	archive.ErrNotFound:      liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND,
	sequencer.ErrETag:        liaisonv1.Reason_REASON_ETAG_MISMATCH,
	sequencer.ErrCallReused:  liaisonv1.Reason_REASON_CALL_ID_REUSED,
	archive.ErrBehind:        liaisonv1.Reason_REASON_LEDGER_BEHIND,
	sequencer.ErrStopping:    liaisonv1.Reason_REASON_HUB_STOPPING,
	archive.ErrWithdrawn:     liaisonv1.Reason_REASON_STATE_FORBIDS_STEP,
	archive.ErrLapsed:        liaisonv1.Reason_REASON_STATE_FORBIDS_STEP,
	archive.ErrRecalled:      liaisonv1.Reason_REASON_STATE_FORBIDS_STEP,
	archive.ErrPurged:        liaisonv1.Reason_REASON_STATE_FORBIDS_STEP,
	store.ErrUnavailable:     liaisonv1.Reason_REASON_ARCHIVE_UNAVAILABLE,
	attachment.ErrIncomplete: liaisonv1.Reason_REASON_ATTACHMENT_INCOMPLETE,
	sequencer.ErrExists:      liaisonv1.Reason_REASON_REQUEST_EXISTS,
	sequencer.ErrEncoding:    liaisonv1.Reason_REASON_ANSWER_ENCODING,

	sequencer.ErrSignatureRequired: liaisonv1.Reason_REASON_SIGNATURE_REQUIRED,

	directory.ErrNotFound:        liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND,
	directory.ErrETag:            liaisonv1.Reason_REASON_ETAG_MISMATCH,
	directory.ErrExists:          liaisonv1.Reason_REASON_PARTICIPANT_EXISTS,
	directory.ErrSealingRequired: liaisonv1.Reason_REASON_SEALING_REQUIRED,
	directory.ErrSuspended:       liaisonv1.Reason_REASON_COUNTERPARTY_SUSPENDED,
	access.ErrUnknownMethod:      liaisonv1.Reason_REASON_METHOD_UNKNOWN,
	context.Canceled:             liaisonv1.Reason_REASON_CANCELLED,
	context.DeadlineExceeded:     liaisonv1.Reason_REASON_DEADLINE_EXCEEDED,
}

// ofRefusal tells what the lifecycle refused.
func ofRefusal(r *lifecycle.Refusal) *Fault {
	return describe(r, r.Error())
}

// describe is ofRefusal with another text.
func describe(r *lifecycle.Refusal, text string) *Fault {
	f := &Fault{Text: text}
	switch r.Reason {
	case lifecycle.WrongRole:
		f.Reason = liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED
		return f
	case lifecycle.WrongState:
		f.Reason = liaisonv1.Reason_REASON_STATE_FORBIDS_STEP
	case lifecycle.WrongKind:
		f.Reason = liaisonv1.Reason_REASON_KIND_FORBIDS_STEP
	case lifecycle.NotEmergency:
		f.Reason = liaisonv1.Reason_REASON_NOT_AN_EMERGENCY
	case lifecycle.SamePerson:
		f.Reason = liaisonv1.Reason_REASON_SAME_PERSON
	case lifecycle.AnsweredInPart:
		f.Reason = liaisonv1.Reason_REASON_ALREADY_ANSWERED_IN_PART
	case lifecycle.AlreadyDone:
		f.Reason = liaisonv1.Reason_REASON_STEP_ALREADY_DONE
	case lifecycle.NothingPending:
		f.Reason = liaisonv1.Reason_REASON_NOTHING_PENDING
	case lifecycle.ReviewPending:
		f.Reason = liaisonv1.Reason_REASON_REVIEW_PENDING
	case lifecycle.UnknownStep, lifecycle.NoPerson, lifecycle.SecondPersonNeeded:
		return &Fault{Reason: liaisonv1.Reason_REASON_INTERNAL_FAULT, Text: "internal fault: a step that the lifecycle does not know"}
	}
	f.Details = append(f.Details, &errdetails.PreconditionFailure{
		Violations: []*errdetails.PreconditionFailure_Violation{{
			Type:        Word(f.Reason),
			Subject:     r.State.String(),
			Description: text,
		}},
	})
	return f
}

// ofScope tells where two messages do not fit each other.
func ofScope(v *scope.Violations) *Fault {
	f := &Fault{Text: v.Error()}
	switch v.Kind {
	case scope.Invalid:
		f.Reason = liaisonv1.Reason_REASON_FIELD_INVALID
	case scope.OutOfScope:
		f.Reason = liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE
	case scope.Incomplete:
		f.Reason = liaisonv1.Reason_REASON_ANSWER_INCOMPLETE
	case scope.AlreadyAnswered:
		f.Reason = liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED
	case scope.Widens:
		f.Reason = liaisonv1.Reason_REASON_AMENDMENT_WIDENS
	case scope.Barred:
		f.Reason = liaisonv1.Reason_REASON_SELECTOR_BARRED
	case scope.OutsideCapabilities:
		f.Reason = liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES
	case scope.OutsidePolicy:
		f.Reason = liaisonv1.Reason_REASON_OUTSIDE_POLICY
	default:
		f.Reason = liaisonv1.Reason_REASON_FIELD_INVALID
	}
	fields := &errdetails.BadRequest{}
	for _, field := range v.Fields[:min(len(v.Fields), mostViolations)] {
		fields.FieldViolations = append(fields.FieldViolations, violation(field.Field, field.Description, Word(f.Reason)))
	}
	f.Details = append(f.Details, fields)
	return f
}

// ofLevel tells which category needs which level of approval.
func ofLevel(low *scope.LevelTooLow) *Fault {
	f := &Fault{Reason: liaisonv1.Reason_REASON_APPROVAL_LEVEL_TOO_LOW, Text: low.Error()}
	f.Details = append(f.Details, &errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{
		Type: Word(f.Reason), Subject: low.Category.String(), Description: low.Error(),
	}}})
	if low.Claimed {
		f.Details = append(f.Details, &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			violation("spec.legal_basis.approver_level", "must be at least "+low.Needed.String(), Word(f.Reason)),
		}})
	}
	return f
}

// ofQuota tells which quota is used up, and until when.
func ofQuota(q *sequencer.ErrQuota) *Fault {
	return &Fault{
		Reason: liaisonv1.Reason_REASON_QUOTA_EXCEEDED,
		Text:   q.Error(),
		Details: []protoadapt.MessageV1{
			&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{Subject: q.Subject, Description: q.Error()}}},
			&errdetails.RetryInfo{RetryDelay: durationpb.New(q.Renewed)},
		},
	}
}

// ofSignature tells why a signature does not count.
func ofSignature(err error) *Fault {
	return &Fault{
		Reason: liaisonv1.Reason_REASON_SIGNATURE_INVALID,
		Text:   err.Error(),
		Details: []protoadapt.MessageV1{&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			violation("signed", err.Error(), Word(liaisonv1.Reason_REASON_SIGNATURE_INVALID)),
		}}},
	}
}

// ofMismatch tells what a statement is not meant for.
func ofMismatch(m *statement.Mismatch) *Fault {
	return &Fault{
		Reason: liaisonv1.Reason_REASON_STATEMENT_MISMATCH,
		Text:   m.Error(),
		Details: []protoadapt.MessageV1{&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			violation("signed.payload."+m.Field, m.Description, Word(liaisonv1.Reason_REASON_STATEMENT_MISMATCH)),
		}}},
	}
}

// ofFields tells of a field that only the hub can judge.
func ofFields(v scope.Violation) *Fault {
	return ofScope(&scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{v}})
}

// ofRules tells which of the contract's rules a message breaks.
func ofRules(v *validate.Violations) *Fault {
	fields := &errdetails.BadRequest{}
	var text, rules []string
	for i, broken := range v.GetViolations() {
		if i == mostViolations {
			break
		}
		path := protovalidate.FieldPathString(broken.GetField())
		if path == "" {
			path = "(message)"
		}
		description := broken.GetMessage()
		if description == "" {
			description = "breaks the rule " + broken.GetRuleId()
		}
		if len(text) < 5 {
			text = append(text, path+": "+description)
		}
		fields.FieldViolations = append(fields.FieldViolations, violation(path, description, broken.GetRuleId()))
		rules = append(rules, broken.GetRuleId())
	}
	if more := len(v.GetViolations()) - len(text); more > 0 {
		text = append(text, fmt.Sprintf("and %d more", more))
	}
	return &Fault{
		Reason:  liaisonv1.Reason_REASON_FIELD_INVALID,
		Text:    strings.Join(text, "; "),
		Details: []protoadapt.MessageV1{fields},
		fields:  fields,
		rules:   rules,
	}
}

func ofDenied(d *access.Denied) *Fault {
	return &Fault{
		Reason: liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED,
		Text:   d.Error(),
	}
}

// ofIdentity tells why a caller is no longer admitted over a connection that was
// opened when it was.
func ofIdentity(r *identity.Refusal) *Fault {
	reason := liaisonv1.Reason_REASON_CERTIFICATE_REFUSED
	if r.Reason == identity.Suspended {
		reason = liaisonv1.Reason_REASON_PARTICIPANT_SUSPENDED
	}
	return &Fault{Reason: reason, Text: r.Error()}
}

// ofStatus gives details to what grpc-go and its middleware refuse by themselves.
// Their texts are not passed on where they might quote what was sent.
func ofStatus(s *status.Status) *Fault {
	for _, detail := range s.Details() {
		if violations, ok := detail.(*validate.Violations); ok {
			return ofRules(violations)
		}
	}
	switch s.Code() {
	case codes.ResourceExhausted:
		return &Fault{
			Reason: liaisonv1.Reason_REASON_RATE_LIMITED,
			Text:   "the organisation calls faster than the hub allows",
			Details: []protoadapt.MessageV1{
				&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{
					Subject:     "organisation",
					Description: "calls per second",
				}}},
				&errdetails.RetryInfo{RetryDelay: durationpb.New(pause)},
			},
		}
	case codes.Unimplemented:
		return &Fault{Reason: liaisonv1.Reason_REASON_METHOD_UNKNOWN, Text: access.ErrUnknownMethod.Error()}
	case codes.Canceled:
		return &Fault{Reason: liaisonv1.Reason_REASON_CANCELLED, Text: context.Canceled.Error()}
	case codes.DeadlineExceeded:
		return &Fault{Reason: liaisonv1.Reason_REASON_DEADLINE_EXCEEDED, Text: context.DeadlineExceeded.Error()}
	case codes.Unavailable:
		return &Fault{Reason: liaisonv1.Reason_REASON_HUB_STOPPING, Text: sequencer.ErrStopping.Error()}
	default:
		return &Fault{Reason: liaisonv1.Reason_REASON_INTERNAL_FAULT, Text: "internal fault; the hub's operator finds the cause in its log"}
	}
}

// resourceInfo names what was not found: what the caller itself asked for.
func resourceInfo(message any) *errdetails.ResourceInfo {
	info := &errdetails.ResourceInfo{Description: "there is no such resource, or none that you may see"}
	switch m := message.(type) {
	case interface{ GetName() string }:
		info.ResourceName = m.GetName()
	case interface{ GetRequest() string }:
		info.ResourceName = m.GetRequest()
	case *liaisonv1.FileRequestRequest:
		info.ResourceName = m.GetSpec().GetPlatform() // what is signed is not opened for it
	}
	switch collection, _, _ := strings.Cut(info.ResourceName, "/"); collection {
	case "requests":
		info.ResourceType = "liaison.v1.Request"
	case "platforms":
		info.ResourceType = "liaison.v1.Platform"
	case "authorities":
		info.ResourceType = "liaison.v1.Authority"
	case "oversight":
		info.ResourceType = "liaison.v1.OversightBody"
	}
	return info
}

func violation(field, description, rule string) *errdetails.BadRequest_FieldViolation {
	return &errdetails.BadRequest_FieldViolation{
		Field:       field,
		Description: description,
		Reason:      strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(rule)),
	}
}
