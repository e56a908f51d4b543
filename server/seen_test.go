package server_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// TestAStatementNamesALedgerThatTheHubKeeps: what a signer claims to have seen is checked
// before anybody else has to believe it. One participant's invention would otherwise stand
// in the ledger as the hub's own word, and another's software would turn from the hub.
func TestAStatementNamesALedgerThatTheHubKeeps(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	var seen []string
	for range 3 {
		seen = append(seen, must(h.authority(officer).FileRequest(t.Context(), h.filing())).GetReceipt().GetCheckpoint())
	}
	own, _, err := ledger.ParseSigner(ledgerSecret)
	if err != nil {
		t.Fatal(err)
	}
	secret, _, err := ledger.NewKey(own.Name())
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ledger.ParseSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(by note.Signer, size int64) string {
		return string(must(ledger.Checkpoint{Origin: own.Name(), Size: size, Root: tlog.Hash{1}}.Sign(by)))
	}
	for _, test := range []struct {
		name, checkpoint string
		taken            bool
	}{
		{"none", "", true},
		{"the first", seen[0], true},
		{"the newest", seen[2], true},
		{"text", "garbage", false},
		{"one that another key signed", signed(other, 2), false},
		{"one of another ledger", signed(own, 2), false},
		{"one of more events than there are", signed(own, 1000), false},
		{"one of no events", signed(own, 0), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := must(h.store.Head(t.Context())).Seq
			_, err := h.authority(officer).FileRequest(t.Context(), h.filing(func(s *liaisonv1.Statement) { s.Checkpoint = test.checkpoint }))
			if test.taken {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if got := reasonOf(t, err); got != "STATEMENT_MISMATCH" {
				t.Errorf("it is refused for %s: %v", got, err)
			}
			if field := fieldOf(err); field != "signed.payload.checkpoint" {
				t.Errorf("the field is %q", field)
			}
			if head := must(h.store.Head(t.Context())).Seq; head != before {
				t.Errorf("%d events were left", head-before)
			}
		})
	}
}

// fieldOf is the first field that a call was refused for.
func fieldOf(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok && len(bad.GetFieldViolations()) > 0 {
			return bad.GetFieldViolations()[0].GetField()
		}
	}
	return ""
}

// TestALedgerIsNamedAfterItsHub: participants know a hub by its ledger's name, and tell the
// hub's own steps by the trust domain that is the same.
func TestALedgerIsNamedAfterItsHub(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	own := must(h.cas["hub.example"].Issue(pki.Request{Role: "hub", Name: "hub"}))
	secret, _, err := ledger.NewKey("other.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.New(t.Context(), server.Config{
		Archive: h.store, Certificate: identity.Static(own.TLS()), TrustDomain: "hub.example", LedgerKey: secret, Own: h.ownDomain,
	}); err == nil || !strings.Contains(err.Error(), "hub.example") {
		t.Errorf("it starts: %v", err)
	}
}
