package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

const (
	callTimeout = 30 * time.Second       // of a call whose context has no deadline
	pingAfter   = 2 * time.Minute        // of silence; hubs disconnect who pings much more often
	pingTimeout = 20 * time.Second       //
	retries     = 6                      // at most, of one call
	retryFirst  = 100 * time.Millisecond // pause; each further one is twice as long
	maxReceived = 4 << 20
)

// Conn is a connection to a hub, or to whichever of its addresses answers. It
// connects when it is used, and again after every fault, and may be used from
// several goroutines.
//
// What a caller may do follows from its certificate. Its methods return the desks of the
// contract's roles: Authority, Platform, Reviewer, Auditor, and Ledger, which everybody
// has. These check by themselves all that the hub and the other side say. Keep a desk for
// as long as the work lasts: it remembers the histories that it has verified.
type Conn struct {
	grpc  *grpc.ClientConn
	trust *trust
}

// Unverified returns the connection for generated stubs of the contract, for what this
// package does not do, such as reading the directory. Calls over it get retries where
// these are safe, a default deadline, and errors of type *Error. Nothing that they return
// is checked: it is the hub's word, and a hub may lie.
func (c *Conn) Unverified() grpc.ClientConnInterface { return c.grpc }

// Close ends the connection, and every call on it.
func (c *Conn) Close() error { return c.grpc.Close() }

// Option changes how Dial connects.
type Option func(*dialing)

type dialing struct {
	target      string
	certificate identity.Source
	hubCAs      func() (*x509.CertPool, error)
	serverName  string
	language    string
	options     []grpc.DialOption

	hubKey            string
	ledgerDir         string
	organisations     []*liaisonv1.Organisation
	policies          Policies
	signer            *envelope.Signer
	answerKeys        string
	unsealed          bool
	receipts          func(*liaisonv1.Receipt)
	witnessesRequired int
	witnessKeys       []string
	witnessTimeout    time.Duration
	clock             func() time.Time
}

// WithCertificateFiles presents the certificate and key in two PEM files, and what
// they are replaced by.
func WithCertificateFiles(certificate, key string) Option {
	return func(d *dialing) { d.certificate = identity.Files(certificate, key) }
}

// WithHubCAFile trusts the certification authorities in a PEM file, and those that
// it is replaced by, to certify the hub.
func WithHubCAFile(path string) Option {
	return func(d *dialing) { d.hubCAs = identity.PoolFile(path) }
}

// WithTLS presents a certificate and trusts authorities that are in memory.
func WithTLS(certificate tls.Certificate, hubCAs *x509.CertPool) Option {
	return func(d *dialing) {
		d.certificate, d.hubCAs = identity.Static(certificate), identity.StaticPool(hubCAs)
	}
}

// WithClock tells by another clock than the machine's when steps are signed and taken, as a
// test does in which days pass. Certificates of connections are judged by the machine's.
func WithClock(clock func() time.Time) Option { return func(d *dialing) { d.clock = clock } }

// WithTarget connects to this address, HOST:PORT, in place of the profile's.
func WithTarget(target string) Option { return func(d *dialing) { d.target = target } }

// WithServerName expects this name in the hub's certificate in place of the host
// that is dialled.
func WithServerName(name string) Option { return func(d *dialing) { d.serverName = name } }

// WithLanguage asks for errors in a language: a BCP 47 tag, or a list as in HTTP's
// Accept-Language. Hubs speak en, ar and ckb.
func WithLanguage(language string) Option { return func(d *dialing) { d.language = language } }

// WithDialOptions passes options on to grpc.NewClient.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(d *dialing) { d.options = append(d.options, options...) }
}

// Dial prepares a connection to the hub at target, HOST:PORT. Options must say
// which certificate to present and which authorities certify the hub. Files are
// read here once, so that a mistake shows at once; nobody is called yet.
func Dial(target string, options ...Option) (*Conn, error) {
	d := dialing{target: target}
	for _, option := range options {
		option(&d)
	}
	if d.certificate == nil || d.hubCAs == nil {
		return nil, errors.New("client: a certificate and the hub's certification authorities are required: use WithCertificateFiles and WithHubCAFile, or WithTLS")
	}
	credentials, err := admission.ClientCredentials(admission.ClientConfig{
		Certificate: d.certificate, HubCAs: d.hubCAs, ServerName: d.serverName,
	})
	if err != nil {
		return nil, err
	}
	trusted, err := d.newTrust()
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(d.target, append([]grpc.DialOption{
		grpc.WithTransportCredentials(credentials),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingAfter, Timeout: pingTimeout, PermitWithoutStream: true}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReceived)),
		grpc.WithChainUnaryInterceptor(
			d.unary,
			retry.UnaryClientInterceptor(
				retry.WithRetriable(isPassing),
				retry.WithMax(retries),
				retry.WithBackoff(retry.BackoffExponentialWithJitter(retryFirst, 0.2)),
			),
		),
		grpc.WithChainStreamInterceptor(d.stream),
	}, d.options...)...)
	if err != nil {
		return nil, err
	}
	trusted.hub.ledger = liaisonv1.NewLedgerServiceClient(conn)
	trusted.hub.directory = liaisonv1.NewDirectoryServiceClient(conn)
	trusted.hub.requests = liaisonv1.NewRequestServiceClient(conn)
	return &Conn{conn, trusted}, nil
}

// isPassing says whether the same call may succeed in a moment: the connection broke,
// or none came about. A certificate that was refused will be again.
func isPassing(err error) bool {
	failed := status.Code(err) == codes.Unavailable
	return failed && !certificateRefused(status.Convert(err).Message())
}

// unary gives a call its deadline and language, keeps one that is not safe to
// repeat from being repeated, and turns its error into an *Error.
func (d *dialing) unary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	if step, ok := request.(interface{ GetCall() *liaisonv1.Call }); ok && step.GetCall().GetCallId() == "" {
		options = append(options, retry.Disable()) // the step might be taken twice
	}
	return fromStatus(invoke(d.speak(ctx), method, request, reply, conn, options...))
}

func (d *dialing) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := open(d.speak(ctx), desc, conn, method, options...)
	if err != nil {
		return nil, fromStatus(err)
	}
	return typedStream{stream}, nil
}

func (d *dialing) speak(ctx context.Context) context.Context {
	if d.language == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "accept-language", d.language)
}

// typedStream turns a stream's errors into *Error.
type typedStream struct{ grpc.ClientStream }

// RecvMsg implements grpc.ClientStream.
func (s typedStream) RecvMsg(m any) error { return fromStatus(s.ClientStream.RecvMsg(m)) }
