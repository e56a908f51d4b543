package liaisonv1_test

import (
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// shownToAuditors is all of text and bytes that an auditor is shown, with what it is.
// Everything else is a number, a time or a value out of a list.
var shownToAuditors = map[protoreflect.FullName]string{
	"liaison.v1.RequestMetadata.name":                        "the request's name",
	"liaison.v1.RequestMetadata.authority":                   "an organisation's name",
	"liaison.v1.RequestMetadata.platform":                    "an organisation's name",
	"liaison.v1.RequestMetadata.reviewer":                    "an organisation's name",
	"liaison.v1.RequestMetadata.country":                     "two letters",
	"liaison.v1.EventMetadata.type":                          "a word out of the lifecycle's table",
	"liaison.v1.EventMetadata.leaf_hash":                     "a hash over 32 random bytes, among others",
	"liaison.v1.EventMetadata.inclusion_proof":               "hashes of such",
	"liaison.v1.GetRequestMetadataResponse.checkpoint":       "the ledger's",
	"liaison.v1.ListRequestMetadataResponse.checkpoint":      "the ledger's",
	"liaison.v1.ListEventMetadataResponse.checkpoint":        "the ledger's",
	"liaison.v1.ListRequestMetadataResponse.next_page_token": "a place in a list",
}

// TestNothingOfAnybodysReachesAnAuditor walks everything that OversightService returns:
// a field of text or bytes that is not decided above fails, wherever it is added, and so
// does a message that parties read.
func TestNothingOfAnybodysReachesAnAuditor(t *testing.T) {
	seen := make(map[protoreflect.FullName]bool)
	decided := make(map[protoreflect.FullName]bool)
	var walk func(m protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			switch field.Kind() {
			case protoreflect.StringKind, protoreflect.BytesKind:
				if shownToAuditors[field.FullName()] == "" {
					t.Errorf("%s reaches auditors, and nobody decided that it may", field.FullName())
				}
				decided[field.FullName()] = true
			case protoreflect.MessageKind, protoreflect.GroupKind:
				walk(field.Message())
			default:
			}
		}
	}
	service := liaisonv1.File_liaison_v1_oversight_service_proto.Services().Get(0)
	for i := range service.Methods().Len() {
		walk(service.Methods().Get(i).Output())
	}
	for name := range shownToAuditors {
		if !decided[name] {
			t.Errorf("%s is decided, and not there", name)
		}
	}
	if len(seen) < 9 {
		t.Errorf("it walks %d messages", len(seen))
	}
}
