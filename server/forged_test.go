package server_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestTheDemandThatMustNeverPass connects as nobody may. Each attempt fails, leaves no
// event, and is seen in the hub's log and in its metrics, by its reason.
func TestTheDemandThatMustNeverPass(t *testing.T) {
	h := newHub(t)
	now := time.Now()
	uri := func(uris ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.URIs = nil
			for _, text := range uris {
				c.URIs = append(c.URIs, must(url.Parse(text)))
			}
		}
	}
	issue := func(domain string, r pki.Request) *pki.Leaf { return must(h.cas[domain].Issue(r)) }
	stranger := must(pki.NewCA("moc.example", time.Now)) // of the right name, and nobody's

	revoked := h.leaf("dpo.example/officer/former")
	list := must(h.cas["dpo.example"].RevocationList(serials(revoked), 1, now.Add(time.Hour)))
	h.updateAuthority("authorities/dpo", func(o *liaisonv1.Organisation) {
		o.RevocationLists = string(pki.RevocationListPEM(list))
	})
	overdue := must(h.cas["filehost.example"].RevocationListAt(nil, 1, now.Add(-48*time.Hour), now.Add(-time.Hour), now))
	h.updateLists("platforms/filehost", string(pki.RevocationListPEM(overdue)))
	h.suspend("oversight/commissioner")

	for _, test := range []struct {
		name   string
		reason string
		leaf   *pki.Leaf
	}{
		{"of moc, signed by filehost's authority", "untrusted_issuer", issue("filehost.example", pki.Request{Template: uri("spiffe://moc.example/officer/amal.hassan")})},
		{"of moc, signed by an authority of the same name", "untrusted_issuer", must(stranger.Issue(pki.Request{Role: "officer", Name: "amal.hassan"}))},
		{"expired an hour ago", "expired", issue("moc.example", pki.Request{Role: "officer", Name: "x", NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(-time.Hour)})},
		{"not valid until tomorrow", "not_yet_valid", issue("moc.example", pki.Request{Role: "officer", Name: "x", NotBefore: now.Add(24 * time.Hour)})},
		{"on the revocation list", "revoked", revoked},
		{"whose revocation list is past its next update", "revocation_list_overdue", h.leaf(filehost)},
		{"of a suspended organisation", "suspended", h.leaf(auditor)},
		{"without a SPIFFE ID", "no_spiffe_id", issue("moc.example", pki.Request{Name: "x"})},
		{"with a name only in the CN", "no_spiffe_id", issue("moc.example", pki.Request{Name: "spiffe://moc.example/officer/x"})},
		{"with two SPIFFE IDs", "several_spiffe_ids", issue("moc.example", pki.Request{Template: uri("spiffe://moc.example/officer/x", "spiffe://moc.example/approver/x")})},
		{"of a longer trust domain", "unknown_trust_domain", issue("moc.example", pki.Request{Template: uri("spiffe://moc.example.evil.example/officer/x")})},
		{"with a path that climbs", "malformed_spiffe_id", issue("moc.example", pki.Request{Template: uri("spiffe://moc.example/officer/../operator/x")})},
		{"in another kind of organisation's role", "role_not_of_organisation", h.leaf("moc.example/agent/x")},
		{"an operator of an authority", "role_not_of_organisation", h.leaf("moc.example/operator/x")},
		{"for servers only", "wrong_key_usage", issue("moc.example", pki.Request{Role: "officer", Name: "x", Template: func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}})},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := h.refused(test.reason)
			client := liaisonv1.NewAuthorityServiceClient(h.dialWith(test.leaf.TLS()))
			_, err := client.FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}})
			if err == nil {
				t.Fatal("it passed")
			}
			h.sees(before, test.reason)
		})
	}
	t.Run("without a certificate", func(t *testing.T) {
		before := h.refused("no_certificate")
		conn, err := tls.Dial("tcp", h.address, &tls.Config{RootCAs: h.pool(), NextProtos: []string{"h2"}})
		if err == nil { // TLS 1.3 tells a client with the first thing that it reads
			_, err = io.ReadAll(conn)
			conn.Close()
		}
		if err == nil {
			t.Error("it passed")
		}
		h.sees(before, "no_certificate")
	})
	t.Run("with TLS 1.2", func(t *testing.T) {
		before := h.refused("handshake_failed")
		if _, err := tls.Dial("tcp", h.address, &tls.Config{
			RootCAs: h.pool(), NextProtos: []string{"h2"}, MaxVersion: tls.VersionTLS12, Certificates: []tls.Certificate{h.leaf(officer).TLS()},
		}); err == nil {
			t.Error("it passed")
		}
		h.sees(before, "handshake_failed")
	})
	t.Run("in plain text", func(t *testing.T) {
		before := h.refused("handshake_failed")
		conn := must(net.Dial("tcp", h.address))
		defer conn.Close()
		fmt.Fprint(conn, http2.ClientPreface)
		answer, _ := io.ReadAll(conn)
		if strings.Contains(string(answer), "grpc-status") {
			t.Error("it passed")
		}
		h.sees(before, "handshake_failed")
	})

	if head := must(h.store.Head(t.Context())); head.Seq != 0 {
		t.Errorf("%d events were left", head.Seq)
	}
	h.file() // and who may, still may
}

// refused is how many connections were refused for a reason so far.
func (h *hub) refused(reason string) float64 {
	h.t.Helper()
	for _, family := range must(h.metrics.Gather()) {
		if family.GetName() != "liaison_handshakes_refused_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			if metric.GetLabel()[0].GetValue() == reason {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// sees waits until one more refusal is counted and logged.
func (h *hub) sees(before float64, reason string) {
	h.t.Helper()
	eventually(h.t, "the hub counts and logs "+reason, func() bool {
		return h.refused(reason) > before && strings.Contains(h.log.String(), "reason="+reason)
	})
}

// updateAuthority changes an authority's entry.
func (h *hub) updateAuthority(name string, change func(*liaisonv1.Organisation)) {
	h.t.Helper()
	client := h.directory(operator)
	authority := must(client.GetAuthority(h.t.Context(), &liaisonv1.GetAuthorityRequest{Name: name})).GetAuthority()
	change(authority.GetOrganisation())
	must(client.UpdateParticipant(h.t.Context(), &liaisonv1.UpdateParticipantRequest{
		Participant: &liaisonv1.UpdateParticipantRequest_Authority{Authority: authority},
	}))
}

// TestAccessIsDecidedByWhatWillBeCalled sends paths that no gRPC library would, as an
// auditor, who may not read answers, over raw HTTP/2 (CVE-2026-33186).
func TestAccessIsDecidedByWhatWillBeCalled(t *testing.T) {
	h := newHub(t)
	name := h.file(emergency)
	for _, path := range []string{
		"/liaison.v1.RequestService/GetAnswer",
		"liaison.v1.RequestService/GetAnswer",
		"//liaison.v1.RequestService/GetAnswer",
		"/liaison.v1.RequestService//GetAnswer",
		"/LIAISON.v1.RequestService/GetAnswer",
		"/liaison.v1.RequestService/getanswer",
		"/liaison.v1.RequestService/GetAnswer/",
		"/./liaison.v1.RequestService/GetAnswer",
		"/liaison.v1.RequestService%2FGetAnswer",
		"/liaison.v1.RequestService/GetAnswer?x=1",
		"*",
	} {
		t.Run(path, func(t *testing.T) {
			grpcStatus, httpStatus, body := h.rawCall(auditor, path, &liaisonv1.GetAnswerRequest{Name: name})
			if grpcStatus == "0" || (grpcStatus == "" && httpStatus == "200") {
				t.Errorf("it passed: grpc-status %q, :status %q", grpcStatus, httpStatus)
			}
			if body > 0 {
				t.Errorf("%d bytes came back", body)
			}
		})
	}
	// The same client with the right path and role is let in, so that the test can fail.
	if grpcStatus, _, _ := h.rawCall(agent, "/liaison.v1.RequestService/GetAnswer", &liaisonv1.GetAnswerRequest{Name: name}); grpcStatus != "0" {
		t.Errorf("the agent's own call ends with grpc-status %q", grpcStatus)
	}
}
