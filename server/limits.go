package server

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"google.golang.org/grpc/credentials"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Limits bounds what participants can take of a hub. A zero value means its default.
type Limits struct {
	// MessageBytes is the largest message that the hub takes. Default: 4 MiB.
	MessageBytes int

	// CallsPerSecond is how many calls an organisation may make a second over
	// time, and CallBurst how many at once. Defaults: 2,000 and 4,000.
	CallsPerSecond float64
	CallBurst      int

	// AccessesPerSecond is how many requests an oversight body's auditors may be shown a
	// second over time, and AccessBurst how many at once: each is an event that both parties
	// get. Defaults: 20 and 1,000.
	AccessesPerSecond float64
	AccessBurst       int

	// StreamsPerConnection is how many calls a connection may have open. Default: 256.
	StreamsPerConnection int

	// StreamsPerOrganisation is how many watches an organisation may have open.
	// Default: 1,024.
	StreamsPerOrganisation int

	// ConnectionsPerOrganisation is how many connections an organisation may have
	// open. Default: 1,024.
	ConnectionsPerOrganisation int

	// Connections is how many connections the hub serves at a time, those in their
	// handshake included. Default: 16,384.
	Connections int

	// CallDuration is how long the hub works on a call that is not a stream before it
	// gives up. Default: 30 seconds.
	CallDuration time.Duration

	// MinPingInterval is how often a client may ping. One that pings more often is
	// disconnected. Default: 20 seconds.
	MinPingInterval time.Duration
}

const (
	maxSentBytes = scope.MaxReply

	// What may be on its way to the hub on a stream and on a connection before it is
	// taken: fixed, so that a sender who is faster than the disk does not fill the memory.
	streamWindow     = 1 << 20
	connectionWindow = 4 << 20
	maxHeaderBytes   = 16 << 10

	// How many goroutines take calls one after the other. A call goes deep, and a new
	// goroutine's stack grows on the way by being copied again and again. Calls that find
	// none of these free get one of their own, so that this bounds nothing. A watch keeps
	// the one that it finds for as long as it lasts, so that there are more than calls
	// under way at a time.
	streamWorkers = 256

	handshakeTimeout = 10 * time.Second
	pingIdleAfter    = 2 * time.Minute // the hub pings a connection that was silent for so long
	pingTimeout      = 20 * time.Second
)

func (l Limits) withDefaults() Limits {
	defaults(&l.MessageBytes, 4<<20)
	defaults(&l.CallsPerSecond, 2000)
	defaults(&l.CallBurst, 4000)
	defaults(&l.AccessesPerSecond, 20)
	defaults(&l.AccessBurst, 1000)
	defaults(&l.StreamsPerConnection, 256)
	defaults(&l.StreamsPerOrganisation, 1024)
	defaults(&l.ConnectionsPerOrganisation, 1024)
	defaults(&l.Connections, 16384)
	defaults(&l.CallDuration, 30*time.Second)
	defaults(&l.MinPingInterval, 20*time.Second)
	return l
}

func defaults[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// errRate says that an organisation calls too often. The interceptor that asks the
// limiter turns it into a status of its own.
var errRate = errors.New("the organisation calls faster than the hub allows")

// rateLimiter gives each organisation its own bucket of calls, so that none can
// starve the others. There are as many buckets as participants ever called.
type rateLimiter struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // by trust domain
}

func newRateLimiter(l Limits) *rateLimiter {
	return &rateLimiter{limit: rate.Limit(l.CallsPerSecond), burst: l.CallBurst, buckets: make(map[string]*rate.Limiter)}
}

// Limit implements the rate limiter of go-grpc-middleware.
func (r *rateLimiter) Limit(ctx context.Context) error {
	caller := callerFrom(ctx)
	if !r.bucket(caller.ID.TrustDomain().Name()).Allow() {
		return errRate
	}
	return nil
}

func (r *rateLimiter) bucket(domain string) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	bucket, ok := r.buckets[domain]
	if !ok {
		bucket = rate.NewLimiter(r.limit, r.burst)
		r.buckets[domain] = bucket
	}
	return bucket
}

// counter counts what organisations hold, up to a limit each.
type counter struct {
	limit int

	mu   sync.Mutex
	held map[string]int // by trust domain; no entry is zero
}

func newCounter(limit int) *counter { return &counter{limit: limit, held: make(map[string]int)} }

// take counts one more, unless that is one too many. What it returns gives it back, once.
func (c *counter) take(domain string) (giveBack func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[domain] >= c.limit {
		return nil, false
	}
	c.held[domain]++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.held[domain]--; c.held[domain] == 0 {
			delete(c.held, domain)
		}
	}), true
}

// streamLimiter bounds the watches that an organisation has open.
type streamLimiter struct{ *counter }

func newStreamLimiter(limit int) *streamLimiter { return &streamLimiter{newCounter(limit)} }

// open counts a watch of the caller's organisation.
func (l *streamLimiter) open(caller identity.Caller) (closed func(), err error) {
	closed, ok := l.take(caller.ID.TrustDomain().Name())
	if !ok {
		return nil, &wire.Fault{
			Reason: liaisonv1.Reason_REASON_TOO_MANY_STREAMS,
			Text:   "the organisation has as many streams open as the hub allows; close one",
		}
	}
	return closed, nil
}

// connectionLimiter bounds the connections that an organisation has open. It sits
// around the credentials, since only after the handshake is it known whose a
// connection is.
type connectionLimiter struct {
	credentials.TransportCredentials
	open    *counter
	refused func(err error, remote net.Addr)
}

func newConnectionLimiter(c credentials.TransportCredentials, limit int, refused func(error, net.Addr)) *connectionLimiter {
	return &connectionLimiter{TransportCredentials: c, open: newCounter(limit), refused: refused}
}

var errConnections = errors.New("the organisation has as many connections open as the hub allows")

// ServerHandshake shakes hands and counts the connection.
func (l *connectionLimiter) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn, info, err := l.TransportCredentials.ServerHandshake(raw)
	if err != nil {
		return nil, nil, err
	}
	closed, ok := l.open.take(trustDomainOf(info))
	if !ok {
		l.refused(errConnections, raw.RemoteAddr())
		_ = conn.Close() // the connection is given up in any case
		return nil, nil, errConnections
	}
	return &countedConn{Conn: conn, closed: closed}, info, nil
}

// Clone copies the limiter; both count together.
func (l *connectionLimiter) Clone() credentials.TransportCredentials {
	return &connectionLimiter{TransportCredentials: l.TransportCredentials.Clone(), open: l.open, refused: l.refused}
}

// trustDomainOf returns the trust domain of the peer's certificate.
func trustDomainOf(info credentials.AuthInfo) string {
	if t, ok := info.(credentials.TLSInfo); ok && t.SPIFFEID != nil {
		return t.SPIFFEID.Host
	}
	return ""
}

// countedConn gives its place back when it is closed.
type countedConn struct {
	net.Conn
	closed func()
}

// Close closes the connection and gives its place back.
func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}
