package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

const secret = "Karim of 12 Rose Lane"

// panicking is an archive with a fault whose panic quotes a person's data.
type panicking struct{ store.Store }

func (panicking) Request(context.Context, resource.RequestID) (store.Request, error) {
	panic(secret)
}

// away is an archive whose database cannot be reached.
type away struct{ store.Store }

func (away) Requests(context.Context, store.RequestQuery) ([]store.Request, error) {
	return nil, fmt.Errorf("list requests on %s: %w", secret, store.ErrUnavailable)
}

// serveOver restarts the hub over another archive.
func (h *hub) serveOver(t *testing.T, archive store.Store) {
	t.Helper()
	h.stop()
	own := must(h.cas["hub.example"].Issue(pki.Request{Role: "hub", Name: "hub", IPs: []net.IP{net.IPv4(127, 0, 0, 1)}}))
	h.server = must(server.New(t.Context(), server.Config{
		Archive: archive, Certificate: identity.Static(own.TLS()), TrustDomain: "hub.example", LedgerKey: ledgerSecret, Own: h.ownDomain,
		Logger: slog.New(slog.NewTextHandler(h.log, nil)), Limits: h.limits,
	}))
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	h.address, h.served = listener.Addr().String(), make(chan error, 1)
	go func() { h.served <- h.server.Serve(listener) }()
}

func TestAPanicEndsOneCallAndQuotesNothing(t *testing.T) {
	h := newHub(t)
	h.serveOver(t, panicking{h.store})
	client := h.requests(officer)
	_, err := client.GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: "requests/0199a000-0000-7000-8000-000000000000"})
	wantReason(t, err, codes.Internal, "INTERNAL_FAULT")
	if strings.Contains(err.Error()+h.log.String(), "Karim") {
		t.Error("the error or the log quotes the panic")
	}
	if !strings.Contains(h.log.String(), "a handler panicked") {
		t.Error("the log does not say that a handler panicked")
	}
	must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})) // the hub goes on
}

func TestAnOrganisationHasSoManyConnectionsAndNoMore(t *testing.T) {
	h := newHub(t, server.Limits{ConnectionsPerOrganisation: 1})
	first := h.dial(agent)
	client := liaisonv1.NewRequestServiceClient(first)
	must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))
	if _, err := h.requests(agent).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}); err == nil {
		t.Error("a second connection is served")
	}
	must(h.requests(officer).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})) // another's
	must(client.ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{}))              // the first goes on
	if h.refused("too_many_connections") == 0 {
		t.Error("it is not counted")
	}
	first.Close()
	eventually(t, "the place is free again", func() bool {
		_, err := h.requests(agent).ListRequests(t.Context(), &liaisonv1.ListRequestsRequest{})
		return err == nil
	})
}

func TestAMessageOverTheLimitIsRefused(t *testing.T) {
	h := newHub(t, server.Limits{MessageBytes: 16 << 10})
	_, err := h.authority(officer).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(func(s *liaisonv1.RequestSpec) {
		s.Necessity = strings.Repeat("necessary ", 5000)
	})}})
	if err == nil || !strings.Contains(err.Error(), "larger than max") {
		t.Errorf("it ends with: %v", err)
	}
}

// TestTheHubsOwnDomainIsReadAgain revokes an operator while the hub runs.
func TestTheHubsOwnDomainIsReadAgain(t *testing.T) {
	h := newHub(t)
	leaf := h.leaf(operator)
	client := liaisonv1.NewDirectoryServiceClient(h.dialWith(leaf.TLS()))
	list := func() error {
		_, err := client.ListPlatforms(t.Context(), &liaisonv1.ListPlatformsRequest{})
		return err
	}
	if err := list(); err != nil {
		t.Fatal(err)
	}
	revoked := must(h.cas["hub.example"].RevocationList([]*big.Int{leaf.Certificate.SerialNumber}, 1, time.Now().Add(time.Hour)))
	h.ownMu.Lock()
	h.ownLists = pki.RevocationListPEM(revoked)
	h.ownMu.Unlock()
	eventually(t, "the operator is refused", func() bool { return list() != nil })
	wantReason(t, list(), codes.Unauthenticated, "CERTIFICATE_REFUSED")
}
