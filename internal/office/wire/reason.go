package wire

import (
	"strings"

	"google.golang.org/grpc/codes"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Domain is the domain of every ErrorInfo that a hub sends.
const Domain = "liaison"

// Code returns the gRPC code that goes with a reason: the one that the contract
// promises.
func Code(r liaisonv1.Reason) codes.Code {
	switch r {
	case liaisonv1.Reason_REASON_FIELD_INVALID,
		liaisonv1.Reason_REASON_PAGE_TOKEN_INVALID,
		liaisonv1.Reason_REASON_CALL_ID_REUSED,
		liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES,
		liaisonv1.Reason_REASON_OUTSIDE_POLICY,
		liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE,
		liaisonv1.Reason_REASON_ANSWER_INCOMPLETE,
		liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED,
		liaisonv1.Reason_REASON_SELECTOR_BARRED,
		liaisonv1.Reason_REASON_AMENDMENT_WIDENS,
		liaisonv1.Reason_REASON_SIGNATURE_INVALID,
		liaisonv1.Reason_REASON_STATEMENT_MISMATCH:
		return codes.InvalidArgument
	case liaisonv1.Reason_REASON_CERTIFICATE_REFUSED:
		return codes.Unauthenticated
	case liaisonv1.Reason_REASON_PARTICIPANT_SUSPENDED,
		liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED:
		return codes.PermissionDenied
	case liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND:
		return codes.NotFound
	case liaisonv1.Reason_REASON_COUNTERPARTY_SUSPENDED,
		liaisonv1.Reason_REASON_STATE_FORBIDS_STEP,
		liaisonv1.Reason_REASON_SAME_PERSON,
		liaisonv1.Reason_REASON_KIND_FORBIDS_STEP,
		liaisonv1.Reason_REASON_STEP_ALREADY_DONE,
		liaisonv1.Reason_REASON_ALREADY_ANSWERED_IN_PART,
		liaisonv1.Reason_REASON_NOT_AN_EMERGENCY,
		liaisonv1.Reason_REASON_SIGNATURE_REQUIRED,
		liaisonv1.Reason_REASON_SEALING_REQUIRED,
		liaisonv1.Reason_REASON_ANSWER_ENCODING,
		liaisonv1.Reason_REASON_ATTACHMENT_INCOMPLETE,
		liaisonv1.Reason_REASON_APPROVAL_LEVEL_TOO_LOW,
		liaisonv1.Reason_REASON_NOTHING_PENDING,
		liaisonv1.Reason_REASON_REVIEW_PENDING,
		liaisonv1.Reason_REASON_PERIOD_NOT_OVER:
		return codes.FailedPrecondition
	case liaisonv1.Reason_REASON_ETAG_MISMATCH:
		return codes.Aborted
	case liaisonv1.Reason_REASON_PARTICIPANT_EXISTS,
		liaisonv1.Reason_REASON_REQUEST_EXISTS:
		return codes.AlreadyExists
	case liaisonv1.Reason_REASON_RATE_LIMITED,
		liaisonv1.Reason_REASON_QUOTA_EXCEEDED,
		liaisonv1.Reason_REASON_TOO_MANY_STREAMS:
		return codes.ResourceExhausted
	case liaisonv1.Reason_REASON_METHOD_UNKNOWN:
		return codes.Unimplemented
	case liaisonv1.Reason_REASON_HUB_STOPPING,
		liaisonv1.Reason_REASON_ARCHIVE_UNAVAILABLE,
		liaisonv1.Reason_REASON_LEDGER_BEHIND:
		return codes.Unavailable
	case liaisonv1.Reason_REASON_DEADLINE_EXCEEDED:
		return codes.DeadlineExceeded
	case liaisonv1.Reason_REASON_CANCELLED:
		return codes.Canceled
	case liaisonv1.Reason_REASON_INTERNAL_FAULT, liaisonv1.Reason_REASON_UNSPECIFIED:
		return codes.Internal
	default:
		return codes.Internal // a reason without a code fails closed
	}
}

// Word returns the reason as ErrorInfo carries it: without the enumeration's prefix.
func Word(r liaisonv1.Reason) string {
	return strings.TrimPrefix(r.String(), "REASON_")
}
