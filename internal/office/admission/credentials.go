package admission

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/credentials"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
)

// ServerCredentials are the hub's: TLS 1.3 with a client certificate that the
// registry admits, and nothing else. Every connection that is not opened is told
// to refused, with the reason as an *identity.Refusal.
func ServerCredentials(registry *identity.Registry, own identity.Source, refused func(err error, remote net.Addr)) (credentials.TransportCredentials, error) {
	if _, err := own(); err != nil {
		return nil, fmt.Errorf("read the hub's certificate: %w", err)
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return own()
		},
		// crypto/tls only asks for the certificate; who is trusted depends on its trust
		// domain, so the registry decides.
		ClientAuth: tls.RequestClientCert,
		VerifyConnection: func(state tls.ConnectionState) error {
			_, err := registry.Identify(state.PeerCertificates)
			return err
		},
		// A resumed session would be as old as its ticket.
		SessionTicketsDisabled: true,
	}
	return &serverCredentials{TransportCredentials: credentials.NewTLS(config), refused: refused}, nil
}

// serverCredentials tells of every handshake that fails.
type serverCredentials struct {
	credentials.TransportCredentials
	refused func(err error, remote net.Addr)
}

// ServerHandshake implements credentials.TransportCredentials.
func (c *serverCredentials) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	held := &heldConn{Conn: raw}
	held.hold.Store(true)
	conn, info, err := c.TransportCredentials.ServerHandshake(held)
	held.hold.Store(false)
	if err != nil {
		var refusal *identity.Refusal
		if !errors.As(err, &refusal) {
			refusal = identity.Refuse(identity.HandshakeFailed, "the TLS handshake failed: %w", err)
		}
		c.refused(refusal, raw.RemoteAddr())
		held.linger()
		return nil, nil, errors.Join(err, raw.Close())
	}
	return conn, info, nil
}

// heldConn is a connection that is not closed while it is held.
type heldConn struct {
	net.Conn
	hold atomic.Bool
}

// Close closes the connection, unless it is held.
func (h *heldConn) Close() error {
	if h.hold.Load() {
		return nil
	}
	return h.Conn.Close()
}

// linger reads what a refused client has sent already, for a moment: a connection that
// is closed over unread data is reset, and the reset overtakes the TLS alert that
// tells the client what happened.
func (h *heldConn) linger() {
	if err := h.SetReadDeadline(time.Now().Add(lingerTime)); err != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, h.Conn, lingerBytes) // nobody asks for it
}

const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 64 << 10
)

// Clone implements credentials.TransportCredentials.
func (c *serverCredentials) Clone() credentials.TransportCredentials {
	return &serverCredentials{TransportCredentials: c.TransportCredentials.Clone(), refused: c.refused}
}

// ClientConfig is what a client connects with.
type ClientConfig struct {
	// Certificate presents the client's own certificate; it is asked at every handshake.
	Certificate identity.Source

	// HubCAs returns the authorities that the hub's certificate must come from; it is
	// asked at every handshake.
	HubCAs func() (*x509.CertPool, error)

	// ServerName is the name that the hub's certificate must carry; empty: that of
	// the address which is dialled.
	ServerName string
}

// ClientCredentials are a participant's: TLS 1.3, the hub checked by its own
// authorities and by name, and by the role in its SPIFFE ID, so that no
// participant's certificate of the same authority can pass for the hub's.
func ClientCredentials(c ClientConfig) (credentials.TransportCredentials, error) {
	if _, err := c.Certificate(); err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	if _, err := c.HubCAs(); err != nil {
		return nil, fmt.Errorf("read the hub's certification authorities: %w", err)
	}
	return &clientCredentials{config: c, info: credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS13, ServerName: c.ServerName})}, nil
}

// clientCredentials makes its TLS configuration anew for every handshake, so that
// renewed files are taken up.
type clientCredentials struct {
	config ClientConfig
	info   credentials.TransportCredentials
}

// ClientHandshake implements credentials.TransportCredentials.
func (c *clientCredentials) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	roots, err := c.config.HubCAs()
	if err != nil {
		return nil, nil, fmt.Errorf("read the hub's certification authorities: %w", err)
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		ServerName: c.config.ServerName,
		RootCAs:    roots,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return c.config.Certificate()
		},
		VerifyConnection: func(state tls.ConnectionState) error {
			return isHub(state.PeerCertificates[0])
		},
	}
	return credentials.NewTLS(config).ClientHandshake(ctx, authority, raw)
}

// isHub refuses a certificate that is not a hub's.
func isHub(leaf *x509.Certificate) error {
	caller, err := identity.Named(leaf)
	if err != nil {
		return err
	}
	if caller.Role != lifecycle.Hub {
		return identity.Refuse(identity.RoleNotOfOrganisation, "what answers is not a hub: %s", caller)
	}
	return nil
}

// ServerHandshake implements credentials.TransportCredentials; a client has none.
func (c *clientCredentials) ServerHandshake(net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errors.New("these are a client's credentials")
}

// Info implements credentials.TransportCredentials.
func (c *clientCredentials) Info() credentials.ProtocolInfo { return c.info.Info() }

// Clone implements credentials.TransportCredentials.
func (c *clientCredentials) Clone() credentials.TransportCredentials {
	return &clientCredentials{config: c.config, info: c.info.Clone()}
}

// OverrideServerName implements credentials.TransportCredentials.
func (c *clientCredentials) OverrideServerName(name string) error {
	c.config.ServerName = name
	return nil
}
