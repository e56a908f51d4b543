package measure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// The baseline is gRPC and mutual TLS and nothing else: the same messages, the same
// certificates, the same kind of connections, no interceptor, nothing checked or stored.
// The hub's share of it is what the hub's work costs.
const (
	bareService = "liaison.bench.Bare"
	bareFile    = "/" + bareService + "/File"
	bareWatch   = "/" + bareService + "/Watch"
)

// bare is a bare server that is served by this process.
type bare struct {
	*door
	server   *grpc.Server
	served   chan error
	response *liaisonv1.Recorded // what every call is answered with

	mu       sync.Mutex
	watchers map[chan *liaisonv1.WatchEventsResponse]struct{}
}

// bareHandler keeps grpc's check of what is registered: a service needs a type.
type bareHandler interface {
	file(in *liaisonv1.FileRequestRequest) *liaisonv1.Recorded
	watch(stream grpc.ServerStream) error
}

var bareDesc = grpc.ServiceDesc{
	ServiceName: bareService,
	HandlerType: (*bareHandler)(nil),
	Methods: []grpc.MethodDesc{{
		MethodName: "File",
		Handler: func(service any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			in := &liaisonv1.FileRequestRequest{}
			if err := decode(in); err != nil {
				return nil, err
			}
			return service.(bareHandler).file(in), nil
		},
	}},
	Streams: []grpc.StreamDesc{{
		StreamName:    "Watch",
		ServerStreams: true,
		Handler: func(service any, stream grpc.ServerStream) error {
			return service.(bareHandler).watch(stream)
		},
	}},
}

// openBare starts a bare server that answers filings with this response.
func (w *world) openBare(response *liaisonv1.Recorded) (*bare, error) {
	own, err := w.hubLeaf()
	if err != nil {
		return nil, err
	}
	clients := x509.NewCertPool()
	for _, domain := range example.TrustDomains() {
		clients.AddCert(w.cas[domain].Certificate)
	}
	b := &bare{
		server: grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{
			MinVersion:   tls.VersionTLS13,
			Certificates: []tls.Certificate{own.TLS()},
			ClientAuth:   tls.RequireAndVerifyClientCert,
			ClientCAs:    clients,
		})), grpc.MaxConcurrentStreams(uint32(lifted.StreamsPerConnection))),
		served:   make(chan error, 1),
		response: response,
		watchers: make(map[chan *liaisonv1.WatchEventsResponse]struct{}),
	}
	b.server.RegisterService(&bareDesc, b)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { b.served <- b.server.Serve(listener) }()
	if b.door, err = w.door(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, b.stop())
	}
	return b, nil
}

// sampleResponse is what a hub would answer its first filing with.
func (w *world) sampleResponse() (*liaisonv1.Recorded, error) {
	leaf, err := w.leaf(officer)
	if err != nil {
		return nil, err
	}
	spec, _, err := newSpec()
	if err != nil {
		return nil, err
	}
	g, err := newGenerator(envelope.Signer{Key: leaf.Key, Chain: []*x509.Certificate{leaf.Certificate}}, spec, w.ledgerSecret)
	if err != nil {
		return nil, err
	}
	first := place{seq: 1, at: time.Now().UTC().Truncate(time.Microsecond), authorityIndex: 1, platformIndex: 1}
	event, id, err := g.event(first)
	if err != nil {
		return nil, err
	}
	entry, hash, err := g.record(event, id, first)
	if err != nil {
		return nil, err
	}
	recorded, err := record.Unpack(entry.Event.Body, entry.Event.Salt, entry.Event.Leaf)
	if err != nil {
		return nil, err
	}
	checkpoint, err := ledger.Checkpoint{Origin: g.ledger.Name(), Size: 1, Root: hash}.Sign(g.ledger)
	return &liaisonv1.Recorded{
		Sequence: event.GetSequence(), CreateTime: event.GetCreateTime(), Request: event.GetRequest(),
		State: event.GetState(), Etag: event.GetEtag(),
		Receipt: &liaisonv1.Receipt{
			Record:     recorded,
			Checkpoint: string(checkpoint),
		},
	}, err
}

func (b *bare) stop() error {
	b.server.Stop()
	return <-b.served
}

func (b *bare) file(*liaisonv1.FileRequestRequest) *liaisonv1.Recorded { return b.response }

// watch sends a heartbeat, as the hub's watch begins, and then what is told.
func (b *bare) watch(stream grpc.ServerStream) error {
	if err := stream.RecvMsg(&liaisonv1.WatchEventsRequest{}); err != nil {
		return err
	}
	told := make(chan *liaisonv1.WatchEventsResponse, 1)
	b.mu.Lock()
	b.watchers[told] = struct{}{}
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.watchers, told)
		b.mu.Unlock()
	}()
	beat := &liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Heartbeat{Heartbeat: &liaisonv1.Heartbeat{}}}
	for {
		if err := stream.SendMsg(beat); err != nil {
			return err
		}
		select {
		case beat = <-told:
		case <-stream.Context().Done():
			return nil
		}
	}
}

// tell sends one event to everybody who watches.
func (b *bare) tell() {
	event := &liaisonv1.WatchEventsResponse{Message: &liaisonv1.WatchEventsResponse_Receipt{Receipt: b.response.GetReceipt()}}
	b.mu.Lock()
	defer b.mu.Unlock()
	for told := range b.watchers {
		told <- event
	}
}
