package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/google/uuid"
	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// streaming has each message of a stream pass through a test's hands; io.EOF from it cuts
// the stream.
func streaming(pass func(*liaisonv1.WatchEventsResponse) error) client.Option {
	return client.WithDialOptions(grpc.WithChainStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, m string, open grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
		stream, err := open(ctx, d, c, m, o...)
		return reading{stream, func(out *liaisonv1.WatchEventsResponse) error {
			if err := stream.RecvMsg(out); err != nil {
				return err
			}
			return pass(out)
		}}, err
	}))
}

// inserting has the streams of a connection show a page once, before the first sign of
// life.
func inserting(page *liaisonv1.ListEventsResponse) client.Option {
	var next []*liaisonv1.WatchEventsResponse
	first := true
	return client.WithDialOptions(grpc.WithChainStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, m string, open grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
		stream, err := open(ctx, d, c, m, o...)
		return reading{stream, func(out *liaisonv1.WatchEventsResponse) error {
			if len(next) > 0 {
				proto.Merge(out, next[0])
				next = nil
				return nil
			}
			if err := stream.RecvMsg(out); err != nil || out.GetHeartbeat() == nil || !first {
				return err
			}
			first, next = false, []*liaisonv1.WatchEventsResponse{proto.CloneOf(out)}
			receipt := proto.CloneOf(page.GetReceipts()[0])
			receipt.Checkpoint = page.GetCheckpoint()
			proto.Reset(out)
			out.Message = &liaisonv1.WatchEventsResponse_Receipt{Receipt: receipt}
			return nil
		}}, err
	}))
}

type reading struct {
	grpc.ClientStream
	read func(*liaisonv1.WatchEventsResponse) error
}

func (s reading) RecvMsg(m any) error { return s.read(m.(*liaisonv1.WatchEventsResponse)) }

// TestABodyKeptBackIsNotForgottenWithItsStream: a hostile hub shows a leaf without its
// body, cuts the stream before it would have to show the purge, and goes on behind it.
func TestABodyKeptBackIsNotForgottenWithItsStream(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	emergencies(t, kit, 1)
	var messages atomic.Int32
	dir := t.TempDir()
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent", streaming(func(m *liaisonv1.WatchEventsResponse) error {
		switch messages.Add(1) {
		case 1:
			m.GetReceipt().GetRecord().Body, m.GetReceipt().GetRecord().Salt = nil, nil
			return nil
		case 2:
			return io.EOF
		default:
			return nil
		}
	})), func(context.Context, *client.Request) (client.Response, error) {
		return client.Later(time.Hour), nil
	}, client.WithStateDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	caught(t, worker.Run(t.Context()), client.ErrWithheld)
	if m, _ := remembered(t, dir); m.After != 0 {
		t.Errorf("the next worker would begin behind event %d, which nobody has read", m.After)
	}
}

// TestAWorkerLooksAtWhatItsFeedKeepsBack: an event whose body is missing may open a
// request, so that the worker reads the request itself.
func TestAWorkerLooksAtWhatItsFeedKeepsBack(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	begun, handled := make(chan struct{}), make(chan string, 1)
	var once sync.Once
	dir := t.TempDir()
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent", streaming(func(m *liaisonv1.WatchEventsResponse) error {
		if m.GetHeartbeat() != nil {
			once.Do(func() { close(begun) })
		} else {
			m.GetReceipt().GetRecord().Body, m.GetReceipt().GetRecord().Salt = nil, nil
		}
		return nil
	})), func(_ context.Context, r *client.Request) (client.Response, error) {
		handled <- r.GetName()
		return client.Later(time.Hour), nil
	}, client.WithStateDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, worker)
	<-begun
	name := emergencies(t, kit, 1)[0]
	if got := <-handled; got != name {
		t.Errorf("it works on %s", got)
	}
	stop()
	if m, _ := remembered(t, dir); m.After != 0 {
		t.Errorf("the next worker would begin behind event %d, which the feed keeps back", m.After)
	}
}

// TestAnAuditIsNotContentWithNothing: bodies that are missing must be explained, and
// signatures that are missing allowed.
func TestAnAuditIsNotContentWithNothing(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	answer(t, kit, "A-1")
	for _, test := range []struct {
		name string
		who  string
		lie  func(t *testing.T, h *hostile)
		want error
	}{
		{"every body kept back", "officer", func(_ *testing.T, h *hostile) {
			h.lie(func(reply any) {
				if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
					for _, r := range out.GetReceipts() {
						r.GetRecord().Body, r.GetRecord().Salt = nil, nil
					}
				}
			})
		}, client.ErrWithheld},
		{"a stripped signature", "officer", strip("officer"), client.ErrUnsigned},
		{"a stripped signature, told to the platform", "agent", strip("agent"), client.ErrUnsigned},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			test.lie(t, h)
			caught(t, auditOf(t, kit.Conn(t, test.who, h.option())), test.want)
		})
	}
}

// strip takes the signature from the first event that somebody sees.
func strip(who string) func(*testing.T, *hostile) {
	return func(t *testing.T, h *hostile) {
		h.rewrite(t, who, func(i int, e *liaisonv1.Event, _ *ledger.Leaf) {
			if i == 0 {
				signed, err := statement.Decode(e.GetEnvelope())
				if err != nil {
					t.Fatal(err)
				}
				e.Envelope, e.Detail = nil, &liaisonv1.Event_Filed{Filed: &liaisonv1.Filing{Spec: signed.GetFiled()}}
			}
		})
	}
}

// TestPagesComeToAnEnd: a hub that always has one more keeps nobody reading for ever.
func TestPagesComeToAnEnd(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	name := emergencies(t, kit, 1)[0]
	for _, test := range []struct {
		name string
		lie  func(reply any)
		read func(r requestReader) error
	}{
		{"events on empty pages", func(reply any) {
			if out, ok := reply.(*liaisonv1.ListEventsResponse); ok {
				out.Receipts, out.More = nil, true
			}
		}, func(r requestReader) error {
			_, err := r.Get(t.Context(), name)
			return err
		}},
		{"a list of one page", repeatTokens("a"), listAll(t)},
		{"a list that goes in circles", repeatTokens("a", "b", "c"), listAll(t)},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(test.lie)
			caught(t, test.read(kit.Conn(t, "agent", h.option(), anyPage()).Platform()), client.ErrFeed)
		})
	}
}

// anyPage has the real hub show its first page, whatever the token.
func anyPage() client.Option {
	return instead(func(in, _ any) bool {
		if call, ok := in.(*liaisonv1.ListRequestsRequest); ok {
			call.PageToken = ""
		}
		return false
	})
}

// repeatTokens has a list go from one of these to the next, and then begin again.
func repeatTokens(tokens ...string) func(any) {
	pages := 0
	return func(reply any) {
		if out, ok := reply.(*liaisonv1.ListRequestsResponse); ok {
			out.NextPageToken = tokens[pages%len(tokens)]
			pages++
		}
	}
}

func listAll(t *testing.T) func(requestReader) error {
	return func(r requestReader) error {
		for _, err := range r.List(t.Context(), nil, liaisonv1.RequestOrder_REQUEST_ORDER_UNSPECIFIED) {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// TestOneOfficersInventionStopsNoWorker: an officer names a ledger in a statement that the
// hub never signed, and a hub lets it pass. It is that request's fault alone: the platform
// does not take it, and goes on with the others.
func TestOneOfficersInventionStopsNoWorker(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	good := emergencies(t, kit, 1)[0]
	if _, err := kit.Conn(t, "agent").Platform().Acknowledge(t.Context(), good, nil); err != nil {
		t.Fatal(err)
	}
	e := recordedOf(t, kit, "officer", good)[0]
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	e.Request, e.CreateTime, e.Etag = "requests/"+id.String(), now(), "x"
	e.Clocks.ValidationDueTime = timestamppb.New(e.GetCreateTime().AsTime().Add(48 * time.Hour))
	resign(e, signerFor(kit, "officer"), func(s *liaisonv1.Statement) {
		s.Request, s.SignTime, s.Checkpoint = e.GetRequest(), e.GetCreateTime(), "garbage"
	})
	h := newHostile(t, kit)
	page := h.page(t, e, 3, 3)
	log := &lockedText{seen: make(chan struct{})}
	handled := make(chan string, 1)
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent", h.option(), inserting(page), instead(func(in, out any) bool {
		call, ok := in.(*liaisonv1.ListEventsRequest)
		reply, of := out.(*liaisonv1.ListEventsResponse)
		if ok && of && call.GetRequest() == e.GetRequest() {
			proto.Merge(reply, page)
			return true
		}
		return false
	})), func(_ context.Context, r *client.Request) (client.Response, error) {
		handled <- r.GetName()
		return client.Later(time.Hour), nil
	}, client.WithLogger(slog.New(slog.NewTextHandler(log.until(client.ErrMisplaced.Error()), nil))))
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, worker)()
	<-log.seen
	if got := <-handled; got != good {
		t.Errorf("it works on %s", got)
	}
	_, err = kit.Conn(t, "agent", replying(page, new(bool))).Platform().Get(t.Context(), e.GetRequest())
	caught(t, err, client.ErrMisplaced)
	if errors.Is(err, client.ErrCheckpoint) {
		t.Error("the hub is blamed")
	}
}

// lockedText closes a channel when it holds what is waited for.
type lockedText struct {
	mu   sync.Mutex
	text bytes.Buffer
	want string
	seen chan struct{}
	once sync.Once
}

func (l *lockedText) until(want string) *lockedText {
	l.want = want
	return l
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.text.Write(p)
	if strings.Contains(l.text.String(), l.want) {
		l.once.Do(func() { close(l.seen) })
	}
	return n, err
}
