// Package server is the hub: it stands between authorities and platforms, admits
// each over mutual TLS by its own certificates, takes the steps that the contract
// and the lifecycle allow, and tells everyone what it may know.
//
// It is made to be embedded. OpenSQLite or OpenPostgres opens the archive, Register
// enters who takes part, New makes a hub of it, Serve serves a listener, and Stop ends it
// without breaking a step. The command `liaison hub serve` is a thin shell around it, and
// so is the test kit of the SDK.
//
// A call goes through the interceptors of chain, in the order in which they stand
// there, or, if it is a stream, through answerStream, and then through a handler that converts, calls the sequencer and
// converts back. Rules are in the contract; handlers have none.
package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/net/netutil"
	"google.golang.org/grpc"
	channelz "google.golang.org/grpc/channelz/service"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/office/access"
	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Server is a hub.
type Server struct {
	grpc      *grpc.Server
	health    *health.Server
	archive   *archive.Archive
	sequencer *sequencer.Sequencer
	directory *directory.Directory
	trust     *identity.Registry
	access    *access.Table
	clock     func() time.Time
	log       *slog.Logger
	limits    Limits
	metrics   *metrics
	streams   *streamLimiter
	own       *ownDomain
	ledgerKey string // the public half

	ledgerVerifier note.Verifier // the same, to check with
	witnessed      *witnessed
	retention      time.Duration
	files          *attachment.Files // nil if none are kept
	purged         chan struct{}     // holds a signal after requests were purged

	stopping chan struct{} // closed when streams are to end
	stop     sync.Once
	ended    chan struct{} // closed when everything has ended
	refresh  context.CancelFunc

	background sync.WaitGroup // what refresh ends
}

// refreshEvery is how often a hub looks whether another process has changed the
// directory in the store.
const refreshEvery = 2 * time.Second

// New makes a hub over what its store holds. It fails if any method of any
// service would be served without an access rule. The hub serves nothing before
// Serve; Stop must be called in any case.
func New(ctx context.Context, c Config) (*Server, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	opened, err := storeOf(c.Archive)
	if err != nil {
		return nil, err
	}
	s := &Server{
		health:   health.NewServer(),
		clock:    c.Clock,
		log:      c.Logger,
		limits:   c.Limits,
		metrics:  newMetrics(),
		streams:  newStreamLimiter(c.Limits.StreamsPerOrganisation),
		stopping: make(chan struct{}),
		ended:    make(chan struct{}),
		trust:    identity.NewRegistry(c.Clock),

		retention: c.Retention,
		purged:    make(chan struct{}, 1),
		files:     attachment.Open(c.Attachments, c.Clock),
	}
	if err := s.metrics.register(c.Metrics); err != nil {
		return nil, fmt.Errorf("register the metrics: %w", err)
	}
	s.own = &ownDomain{name: c.TrustDomain, read: c.Own}
	own, _, err := s.own.look()
	if err != nil {
		return nil, err
	}
	if s.directory, err = directory.Open(ctx, opened, c.Clock, s.trust, own); err != nil {
		return nil, err
	}
	options, err := s.options(c)
	if err != nil {
		return nil, err
	}
	s.grpc = grpc.NewServer(options...)
	if err := s.registerServices(); err != nil {
		return nil, err
	}
	if err := s.openLedger(ctx, c, opened); err != nil {
		return nil, err
	}
	s.tellExcluded()
	var refreshing context.Context
	refreshing, s.refresh = context.WithCancel(context.Background())
	s.background.Go(func() { s.keepDirectoryFresh(refreshing) })
	s.background.Go(func() { s.keepWitnessed(refreshing) })
	s.background.Go(func() { s.keepDue(refreshing, c.DueEvery) })
	s.background.Go(func() { s.keepPurged(refreshing) })
	s.background.Go(func() { s.keepSwept(refreshing) })
	return s, nil
}

// ledgerNames are the names that Statement.hub of the contract can have.
var ledgerNames = regexp.MustCompile(`^[a-z0-9._-]{1,255}$`)

// openLedger starts the sequencer over the archive's ledger.
func (s *Server) openLedger(ctx context.Context, c Config, opened store.Store) error {
	signer, public, err := ledger.ParseSigner(c.LedgerKey)
	if err != nil {
		return err
	}
	verifier, err := ledger.ParseVerifier(public)
	if err != nil {
		return err
	}
	if !ledgerNames.MatchString(signer.Name()) {
		return errors.New("the ledger's key must be named in lower-case letters, digits, '.', '_' and '-', as statements name the hub")
	}
	hub, err := identity.ParseID("spiffe://" + c.TrustDomain + "/hub/hub")
	if err != nil {
		return err
	}
	if signer.Name() != c.TrustDomain {
		return fmt.Errorf("the ledger's key must be named %s, as the hub's trust domain: participants tell the hub's own steps by it", c.TrustDomain)
	}
	if s.witnessed, err = newWitnessed(c.Witnesses); err != nil {
		return err
	}
	s.ledgerKey, s.ledgerVerifier = public, verifier
	selectorKey, err := ledger.DeriveKey(c.LedgerKey, "duplicate selectors")
	if err != nil {
		return err
	}
	if s.archive, err = archive.Open(ctx, opened, c.Clock); err != nil {
		return err
	}
	s.sequencer, err = sequencer.New(ctx, sequencer.Config{
		Store:     opened,
		Archive:   s.archive,
		Clock:     c.Clock,
		NewID:     c.NewID,
		Salt:      c.Salt,
		Log:       c.Logger,
		Ledger:    signer,
		LedgerKey: verifier,
		Hub:       hub,
		Directory: s.directory,

		SelectorKey: selectorKey,
	})
	return err
}

// options are those of the gRPC server: credentials, limits and the chain.
func (s *Server) options(c Config) ([]grpc.ServerOption, error) {
	credentials, err := admission.ServerCredentials(s.trust, c.Certificate, s.handshakeRefused)
	if err != nil {
		return nil, fmt.Errorf("prepare the hub's credentials: %w", err)
	}
	validator, err := validate.New()
	if err != nil {
		return nil, err
	}
	gates := s.gates(validator, newRateLimiter(s.limits))
	return []grpc.ServerOption{
		grpc.Creds(newConnectionLimiter(credentials, c.Limits.ConnectionsPerOrganisation, s.handshakeRefused)),
		grpc.ChainUnaryInterceptor(s.chain(gates)...),
		grpc.StreamInterceptor(s.answerStreams(gates)),
		grpc.InTapHandle(s.expect),
		grpc.ForceServerCodecV2(newCodec()),
		//lint:ignore SA1019 nothing else keeps what is registered for the whole program out of one server
		grpc.RPCDecompressor(refuseCompressed{}),
		grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { return access.ErrUnknownMethod }),
		grpc.MaxRecvMsgSize(c.Limits.MessageBytes),
		grpc.InitialWindowSize(streamWindow),
		grpc.InitialConnWindowSize(connectionWindow),
		grpc.MaxSendMsgSize(maxSentBytes),
		grpc.MaxConcurrentStreams(uint32(c.Limits.StreamsPerConnection)),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime:             c.Limits.MinPingInterval,
			PermitWithoutStream: true,
		}),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			Time:    pingIdleAfter,
			Timeout: pingTimeout,
		}),
		grpc.NumStreamWorkers(streamWorkers),
		grpc.WaitForHandlers(true),
	}, nil
}

// foreignRules say who may call the services that the contract does not describe.
var foreignRules = map[string]access.Rule{
	grpc_health_v1.Health_ServiceDesc.ServiceName: access.Everybody(),
	"grpc.reflection.v1.ServerReflection":         access.Everybody(),
	"grpc.reflection.v1alpha.ServerReflection":    access.Everybody(),
	"grpc.channelz.v1.Channelz":                   access.Only(lifecycle.Operator),
}

// registerServices registers every service and builds the access table from what
// is registered, so that nothing can be served that is not in it.
func (s *Server) registerServices() error {
	r := &registrar{server: s.grpc}
	for _, generated := range []grpc.ServiceDesc{
		liaisonv1.AuthorityService_ServiceDesc, liaisonv1.PlatformService_ServiceDesc, liaisonv1.ReviewService_ServiceDesc,
	} {
		service, err := s.stepService(generated)
		if err != nil {
			return err
		}
		r.RegisterService(service, s)
	}
	liaisonv1.RegisterRequestServiceServer(r, &requestService{server: s})
	liaisonv1.RegisterOversightServiceServer(r, &oversightService{server: s, limiter: newAccessLimiter(s.limits)})
	liaisonv1.RegisterDirectoryServiceServer(r, &directoryService{server: s})
	liaisonv1.RegisterLedgerServiceServer(r, &ledgerService{server: s})
	liaisonv1.RegisterStatisticsServiceServer(r, &statisticsService{server: s, releases: newReleases()})
	if s.files != nil {
		liaisonv1.RegisterAttachmentServiceServer(r, &attachmentService{server: s, files: s.files})
	}
	grpc_health_v1.RegisterHealthServer(r, s.health)
	channelz.RegisterChannelzServiceToServer(r)
	reflection.Register(reflectionRegistrar{r, s.grpc})
	if err := errors.Join(r.problems...); err != nil {
		return fmt.Errorf("register the services: %w", err)
	}
	table, err := access.Build(s.grpc.GetServiceInfo(), foreignRules)
	if err != nil {
		return err
	}
	s.access = table
	return nil
}

// registrar registers services on a gRPC server and refuses those that would take
// their own checks in place of the chain's: go-grpc-middleware lets a service
// with a method AuthFuncOverride do that, without a word.
type registrar struct {
	server   *grpc.Server
	problems []error
}

// RegisterService implements grpc.ServiceRegistrar.
func (r *registrar) RegisterService(desc *grpc.ServiceDesc, implementation any) {
	if _, overrides := implementation.(interface {
		AuthFuncOverride(ctx context.Context, fullMethod string) (context.Context, error)
	}); overrides {
		r.problems = append(r.problems, fmt.Errorf("%s replaces the hub's authentication by its own AuthFuncOverride", desc.ServiceName))
		return
	}
	r.server.RegisterService(desc, implementation)
}

// reflectionRegistrar is a registrar that also tells what is registered, as
// reflection asks.
type reflectionRegistrar struct {
	*registrar
	server *grpc.Server
}

// GetServiceInfo implements reflection.ServiceInfoProvider.
func (r reflectionRegistrar) GetServiceInfo() map[string]grpc.ServiceInfo {
	return r.server.GetServiceInfo()
}

// ownDomain is the hub's own trust domain as it was read last. It is used by one
// goroutine at a time: New, then keepDirectoryFresh.
type ownDomain struct {
	name               string
	read               func() (authorities, revocationLists []byte, err error)
	authorities, lists []byte
}

// look reads the trust domain and says whether it has changed.
func (o *ownDomain) look() (own identity.Participant, changed bool, err error) {
	authorities, lists, err := o.read()
	if err != nil {
		return own, false, fmt.Errorf("read the hub's own certification authorities: %w", err)
	}
	if o.authorities != nil && bytes.Equal(authorities, o.authorities) && bytes.Equal(lists, o.lists) {
		return own, false, nil
	}
	own, err = identity.ParseHub(o.name, authorities, lists)
	if err != nil {
		return own, false, fmt.Errorf("read the hub's own certification authorities: %w", err)
	}
	o.authorities, o.lists = authorities, lists
	return own, true, nil
}

// keepDirectoryFresh takes up what another process changes in the directory, and what
// is renewed of the hub's own trust domain.
func (s *Server) keepDirectoryFresh(ctx context.Context) {
	ticker := time.NewTicker(refreshEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			renewed, err := s.directory.Refresh(ctx)
			if err != nil && ctx.Err() == nil {
				s.log.Error("the directory was not refreshed", "error", err)
			}
			if renewed {
				s.tellExcluded()
			}
			own, changed, err := s.own.look()
			if err == nil && changed {
				err = s.directory.SetHub(own)
			}
			if err != nil {
				s.log.Error("the hub's own trust domain was not read again; what was read before stays in force", "error", err)
			}
		}
	}
}

// tellExcluded logs whose entries are in conflict.
func (s *Server) tellExcluded() {
	for _, name := range s.directory.Excluded() {
		s.log.Error("a participant is shut out: its trust domain or an authority of it is an older participant's", "participant", name)
	}
}

// Serve serves connections of the listener, at most Limits.Connections at a time,
// until Stop. It returns nil after Stop, and the listener's error otherwise.
func (s *Server) Serve(l net.Listener) error {
	err := s.grpc.Serve(netutil.LimitListener(l, s.limits.Connections))
	select {
	case <-s.stopping:
		<-s.ended // a caller that closes the store after Serve must not come too early
		return nil
	default:
		if err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	}
}

// Stop ends the hub: no new calls, streams end with HUB_STOPPING, calls under way
// are answered. When ctx ends first, what is left is cut off; a step that was
// accepted is on disk all the same. Stop may be called more than once.
func (s *Server) Stop(ctx context.Context) error {
	var err error
	s.stop.Do(func() {
		s.health.Shutdown()
		close(s.stopping)
		s.archive.WakeAll()
		s.refresh()
		drained := make(chan struct{})
		go func() {
			s.grpc.GracefulStop()
			close(drained)
		}()
		select {
		case <-drained:
		case <-ctx.Done():
			s.grpc.Stop()
			<-drained
			err = fmt.Errorf("stop: calls were cut off: %w", ctx.Err())
		}
		s.background.Wait()
		s.sequencer.Close()
		s.archive.Close()
		close(s.ended)
	})
	<-s.ended
	return err
}
