package measure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// door is how callers come in to a server: to the hub or to the bare one, in this
// process or in a child. It travels as JSON, which is why its fields are exported;
// its keys are made for one run.
type door struct {
	Address   string
	HubCAs    []byte // PEM
	LedgerKey string
	Leaves    map[string]pemLeaf // by name
	CAs       map[string][]byte  // by trust domain, PEM
}

func (d *door) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(d.HubCAs)
	return pool
}

func (d *door) certificate(name string) (tls.Certificate, error) {
	return tls.X509KeyPair(d.Leaves[name].Certificate, d.Leaves[name].Key)
}

// dial connects with nothing but gRPC and the contract's mutual TLS: no retries, no
// checks. The connection is opened at once, so that no handshake is measured.
func (d *door) dial(ctx context.Context, name string) (*grpc.ClientConn, error) {
	certificate, err := d.certificate(name)
	if err != nil {
		return nil, err
	}
	credentials, err := admission.ClientCredentials(admission.ClientConfig{
		Certificate: identity.Static(certificate), HubCAs: identity.StaticPool(d.pool()),
	})
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(d.Address, grpc.WithTransportCredentials(credentials))
	if err != nil {
		return nil, err
	}
	conn.Connect()
	for state := conn.GetState(); state.String() != "READY"; state = conn.GetState() {
		if !conn.WaitForStateChange(ctx, state) {
			return nil, errors.Join(ctx.Err(), conn.Close())
		}
	}
	return conn, nil
}

// dialAll opens n connections.
func (d *door) dialAll(ctx context.Context, name string, n int) (conns []*grpc.ClientConn, closeAll func(), err error) {
	closeAll = func() {
		for _, conn := range conns {
			_ = conn.Close() // what was measured is measured
		}
	}
	for range n {
		conn, err := d.dial(ctx, name)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		conns = append(conns, conn)
	}
	return conns, closeAll, nil
}

// signer signs as one of those who call.
func (d *door) signer(name string) (envelope.Signer, error) {
	key, certificate, err := d.Leaves[name].signer()
	if err != nil {
		return envelope.Signer{}, err
	}
	return envelope.Signer{Key: key, Chain: []*x509.Certificate{certificate}}, nil
}

// sdk connects as the SDK does, checking everything.
func (d *door) sdk(name string, options ...client.Option) (*client.Conn, error) {
	certificate, err := d.certificate(name)
	if err != nil {
		return nil, err
	}
	return client.Dial(d.Address, append([]client.Option{
		client.WithTLS(certificate, d.pool()),
		client.WithHubKey(d.LedgerKey),
		client.WithOrganisations(d.organisations()...),
	}, options...)...)
}

// organisations are those whose signatures count to a caller.
func (d *door) organisations() []*liaisonv1.Organisation {
	var found []*liaisonv1.Organisation
	for _, entry := range example.Entries(func(domain string) []byte { return d.CAs[domain] }, noRecipients) {
		found = append(found, directory.Organisation(entry))
	}
	return found
}
