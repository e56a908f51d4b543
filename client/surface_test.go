package client_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestUnverifiedAccessSaysSo: generated stubs, which check nothing, do not work on a
// connection as it is.
func TestUnverifiedAccessSaysSo(t *testing.T) {
	if reflect.TypeFor[*client.Conn]().Implements(reflect.TypeFor[grpc.ClientConnInterface]()) {
		t.Error("a generated stub takes a *Conn, and nothing says that it does not verify")
	}
}

// TestNothingIsApprovedUnread: whoever does not say which version was read approves none.
func TestNothingIsApprovedUnread(t *testing.T) {
	kit := liaisontest.New(t)
	filed, err := kit.Conn(t, "officer").Authority().File(t.Context(), exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	judge := kit.Conn(t, "approver").Authority()
	_, err = judge.Approve(t.Context(), filed.GetRequest(), &liaisonv1.Approval{})
	var failed *client.Error
	if !errors.As(err, &failed) || !errors.Is(err, client.ErrFieldInvalid) || len(failed.Violations) != 1 || failed.Violations[0].Field != "call" {
		t.Errorf("without IfMatch: %v", err)
	}
	if _, err := judge.Approve(t.Context(), filed.GetRequest(), nil, client.IfMatch("not-what-was-read")); !errors.Is(err, client.ErrETagMismatch) {
		t.Errorf("of another version: %v", err)
	}
	if _, err := judge.Approve(t.Context(), filed.GetRequest(), nil, client.IfMatch(filed.GetEtag())); err != nil {
		t.Errorf("of what was read: %v", err)
	}
}

// TestAResponseSaysAllThatItsMessageCan: Question and Refusal take apart what the contract
// has as a message, so that a field more is an argument more.
func TestAResponseSaysAllThatItsMessageCan(t *testing.T) {
	for of, want := range map[proto.Message][]protoreflect.Name{
		&liaisonv1.Clarification{}: {"question", "selector_ids"},
		&liaisonv1.Refusal{}:       {"grounds"},
	} {
		fields := of.ProtoReflect().Descriptor().Fields()
		var names []protoreflect.Name
		for i := range fields.Len() {
			names = append(names, fields.Get(i).Name())
		}
		if !slices.Equal(names, want) {
			t.Errorf("%T has %v, and its response says %v", of, names, want)
		}
	}
}

// TestTheLedgerIsNotReadWithoutTheHubsKey: with nothing to check it with, nothing is asked.
func TestTheLedgerIsNotReadWithoutTheHubsKey(t *testing.T) {
	kit := liaisontest.New(t)
	ledger := kit.Conn(t, "auditor", client.WithHubKey("")).Ledger()
	if _, err := ledger.Checkpoint(t.Context()); !errors.Is(err, client.ErrNoHubKey) {
		t.Errorf("a checkpoint: %v", err)
	}
	if _, err := ledger.Verify(t.Context(), nil); !errors.Is(err, client.ErrNoHubKey) {
		t.Errorf("an audit: %v", err)
	}
}
