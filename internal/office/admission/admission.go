// Package admission is where connections meet identity: the TLS credentials of both ends,
// and who makes a call over one that is open.
//
// The checks are made during the handshake and again on every call, since a connection
// lives longer than the facts that it was admitted on. Credentials are built on crypto/tls
// itself and not on advancedtls: that package verifies peers in a hook which crypto/tls
// skips on resumed sessions, offers no way to turn session tickets off, and reports no
// reason that could be logged and counted.
package admission

import (
	"context"
	"crypto/x509"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
)

// Admit returns who makes a call, judged by what holds now, from the certificate
// that the call's connection was opened with.
func Admit(ctx context.Context, registry *identity.Registry) (identity.Caller, error) {
	chain, err := presented(ctx)
	if err != nil {
		return identity.Caller{}, err
	}
	return registry.Identify(chain)
}

// Bind returns a context that ends, with the *identity.Refusal as its cause, when whoever
// made the call is no longer admitted: at once when the participants change, and
// when a certificate or a revocation list runs out. Release frees what it holds, and
// must be called.
func Bind(ctx context.Context, registry *identity.Registry) (bound context.Context, release func()) {
	chain, err := presented(ctx)
	if err != nil {
		bound, cancel := context.WithCancelCause(ctx)
		cancel(err)
		return bound, func() {}
	}
	return registry.Bind(ctx, chain)
}

// presented returns the certificates that a call's connection was opened with.
func presented(ctx context.Context) ([]*x509.Certificate, error) {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return nil, identity.Refuse(identity.NoCertificate, "the call has no connection")
	}
	info, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok {
		return nil, identity.Refuse(identity.NoCertificate, "the call did not come over TLS")
	}
	return info.State.PeerCertificates, nil
}
