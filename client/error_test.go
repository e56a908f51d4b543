package client_test

import (
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"time"
	"unicode"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAnErrorCanBeToldApart: by errors.Is, by errors.As and by gRPC's own means.
func TestAnErrorCanBeToldApart(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	conn := kit.Conn(t, "officer", client.WithLanguage("ar"))
	officer := conn.Authority()
	name := emergencies(t, kit, 1)[0]
	invalid := exampleSpec()
	invalid.Selectors[1].Necessity = ""
	_, fromSDK := officer.File(t.Context(), invalid)
	_, fromHub := liaisonv1.NewAuthorityServiceClient(conn.Unverified()).FileRequest(t.Context(), &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: invalid}})
	_, absent := officer.Get(t.Context(), "requests/0192f0c1-0000-7000-8000-000000000000")
	_, forbidden := officer.ConfirmReceipt(t.Context(), name, nil)
	_, mismatch := officer.Reply(t.Context(), name, &liaisonv1.ClarificationReply{Text: "all of them"}, client.IfMatch("stale"))
	_, role := conn.Platform().Acknowledge(t.Context(), name, nil)
	for _, c := range []struct {
		name   string
		err    error
		is     error
		code   codes.Code
		field  string
		hubs   bool // the hub's word, in the language asked for
		wanted liaisonv1.Reason
	}{
		{"an invalid field, before it is sent", fromSDK, client.ErrFieldInvalid, codes.InvalidArgument, "spec.selectors[1].necessity", false, liaisonv1.Reason_REASON_FIELD_INVALID},
		{"an invalid field, at the hub", fromHub, client.ErrFieldInvalid, codes.InvalidArgument, "spec.selectors[1].necessity", true, liaisonv1.Reason_REASON_FIELD_INVALID},
		{"what is not there", absent, client.ErrNotFound, codes.NotFound, "", true, liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND},
		{"a step at the wrong time", forbidden, client.ErrStateForbidsStep, codes.FailedPrecondition, "", true, liaisonv1.Reason_REASON_STATE_FORBIDS_STEP},
		{"an etag of before", mismatch, client.ErrETagMismatch, codes.Aborted, "", true, liaisonv1.Reason_REASON_ETAG_MISMATCH},
		{"another role's step", role, client.ErrRoleNotAllowed, codes.PermissionDenied, "", true, liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e *client.Error
			if !errors.As(c.err, &e) {
				t.Fatalf("it is a %T: %v", c.err, c.err)
			}
			if !errors.Is(c.err, c.is) || errors.Is(c.err, client.ErrHubStopping) || e.Reason != c.wanted {
				t.Errorf("it is %v", c.err)
			}
			if s, ok := status.FromError(c.err); !ok || s.Code() != c.code || e.Code != c.code {
				t.Errorf("its code is %s, and %s for gRPC; wanted %s", e.Code, s.Code(), c.code)
			}
			if c.field != "" && (len(e.Violations) != 1 || e.Violations[0].Field != c.field || e.Violations[0].Description == "") {
				t.Errorf("its violations are %v", e.Violations)
			}
			if c.field != "" && (e.Violations[0].Localized != "") != c.hubs {
				t.Errorf("people read of the field %q", e.Violations[0].Localized)
			}
			arabic := strings.ContainsFunc(e.Localized, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
			if arabic != c.hubs {
				t.Errorf("people read %q", e.Localized)
			}
			if e.Retryable() {
				t.Error("it is said to pass by itself")
			}
		})
	}
}

// TestAConnectionThatDoesNotComeAboutSaysWhy, as far as TLS lets a client know.
func TestAConnectionThatDoesNotComeAboutSaysWhy(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	stranger, err := pki.NewCA("messenger.example", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := stranger.Issue(pki.Request{Role: "agent", Name: "disclosure.desk"})
	if err != nil {
		t.Fatal(err)
	}
	strangers := x509.NewCertPool()
	strangers.AddCert(stranger.Certificate)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		options []client.Option
		code    codes.Code
		is      error
		want    string
	}{
		{"no hub", []client.Option{client.WithTarget(nobody)}, codes.Unavailable, nil, "is the hub running there?"},
		{"a certificate of nobody the hub knows", []client.Option{client.WithTLS(leaf.TLS(), kit.HubCAs())}, codes.Unauthenticated, client.ErrCertificateRefused, "the hub refused the certificate"},
		{"another hub than the one that is trusted", []client.Option{client.WithTLS(kit.Certificate("agent"), strangers)}, codes.Unavailable, nil, "not from the authorities in hub-ca.pem"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// Without an identifier the step is not retried, and fails at once.
			raw := liaisonv1.NewPlatformServiceClient(kit.Conn(t, "agent", c.options...).Unverified())
			_, err := raw.AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: "requests/0192f0c1-0000-7000-8000-000000000000", Acknowledgement: &liaisonv1.Acknowledgement{}})
			var e *client.Error
			if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message, c.want) {
				t.Fatalf("it says: %v", err)
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("it is not %v: %v", c.is, err)
			}
		})
	}
}

func TestDialSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := client.Dial("localhost:1"); err == nil {
		t.Error("it connects as nobody")
	}
	if _, err := client.Dial("localhost:1", client.WithCertificateFiles("absent.pem", "absent.pem"), client.WithHubCAFile("absent.pem")); err == nil {
		t.Error("it connects with files that are not there")
	}
}
