package admission_test

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// TestAnOpenConnectionIsJudgedOnEveryCall renews the ministry's authority under a
// connection that was opened before.
func TestAnOpenConnectionIsJudgedOnEveryCall(t *testing.T) {
	w := newWorld(t)
	own := w.hubLeaf(pki.Request{Role: "hub", Name: "hub"})
	creds := must(admission.ServerCredentials(w.registry, identity.Static(own.TLS()), func(error, net.Addr) {}))
	server := grpc.NewServer(grpc.Creds(creds), grpc.UnaryInterceptor(
		func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if _, err := admission.Admit(ctx, w.registry); err != nil {
				return nil, status.Error(codes.Unauthenticated, reasonOf(err).String())
			}
			return next(ctx, request)
		}))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go server.Serve(listener)
	t.Cleanup(server.Stop)

	former := must(grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(w.client())))
	defer former.Close()
	call := func(conn *grpc.ClientConn) (from string, err error) {
		var p peer.Peer
		_, err = grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}, grpc.Peer(&p))
		return p.LocalAddr.String(), err
	}
	opened, err := call(former)
	if err != nil {
		t.Fatal(err)
	}
	w.moc = must(pki.NewCA("moc.example", w.clock.now))
	w.admit(t, nil, false)
	again, err := call(former)
	if again != opened {
		t.Fatal("the second call went over another connection")
	}
	if status.Convert(err).Message() != identity.UntrustedIssuer.String() {
		t.Errorf("the former authority's officer: %v", err)
	}
	renewed := must(grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(w.client())))
	defer renewed.Close()
	if _, err := call(renewed); err != nil {
		t.Errorf("the renewed authority's officer: %v", err)
	}
}

// client is an officer's credentials, of the ministry's authority as it is now.
func (w *world) client() credentials.TransportCredentials {
	return must(admission.ClientCredentials(admission.ClientConfig{
		Certificate: identity.Static(w.officer().TLS()), HubCAs: identity.StaticPool(w.pool()),
	}))
}
