package server_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"gocloud.dev/blob"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// hub is a real hub on loopback, with SQLite unless said otherwise, and the certification
// authorities of everybody who takes part.
type hub struct {
	t       testing.TB
	server  *server.Server
	address string
	store   store.Store
	open    func() store.Store
	shelf   string // where attachments are
	files   *blob.Bucket
	cas     map[string]*pki.CA // by trust domain
	log     *logBuffer
	metrics *prometheus.Registry
	limits  server.Limits
	ahead   *atomic.Int64 // of the real clock is the hub's; shared by hubs that stand side by side

	retention time.Duration
	served    chan error

	ownMu    sync.Mutex
	ownLists []byte // of the hub's own trust domain
}

// ledgerSecret is the key of every test's ledger.
var ledgerSecret = func() string {
	secret, _, err := ledger.NewKey("hub.example")
	if err != nil {
		panic(err)
	}
	return secret
}()

// participants are who takes part in every test.
var participants = map[string]string{ // trust domain to name
	"moc.example":          "authorities/moc",
	"dpo.example":          "authorities/dpo",
	"messenger.example":    "platforms/messenger",
	"filehost.example":     "platforms/filehost",
	"commissioner.example": "oversight/commissioner",
}

func newHub(t testing.TB, limits ...server.Limits) *hub {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hub.db")
	return newHubOver(t, func() store.Store { return must(sqlite.Open(t.Context(), path)) }, limits...)
}

// newHubOver starts a hub over an archive of any engine.
func newHubOver(t testing.TB, open func() store.Store, limits ...server.Limits) *hub {
	t.Helper()
	h := &hub{t: t, cas: make(map[string]*pki.CA), open: open, shelf: filepath.Join(t.TempDir(), "attachments"), log: &logBuffer{}, ahead: &atomic.Int64{}}
	if len(limits) > 0 {
		h.limits = limits[0]
	}
	h.cas["hub.example"] = must(pki.NewCA("hub.example", time.Now))
	for domain := range participants {
		h.cas[domain] = must(pki.NewCA(domain, time.Now))
	}
	h.store = h.open()
	for domain, name := range participants {
		must(server.Register(t.Context(), h.store, "hub.example", time.Now, h.entry(domain, name)))
	}
	h.start()
	t.Cleanup(func() {
		h.stop()
		h.store.Close()
	})
	return h
}

// entry is a participant's directory entry.
func (h *hub) entry(domain, name string) *liaisonv1.RegisterParticipantRequest {
	organisation := &liaisonv1.Organisation{
		Name:           name,
		DisplayNames:   []*liaisonv1.LocalizedText{{Language: "en", Text: name}},
		TrustDomain:    domain,
		CaCertificates: string(pki.CertificatePEM(h.cas[domain].Certificate)),
		// Most tests are about something else than signatures; signed_test.go is about these.
		SignaturePolicy: liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL,
		// They answer in clear, so that the hub's checks of an answer are met.
		SealingPolicy: liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL,
	}
	entry := &liaisonv1.RegisterParticipantRequest{}
	switch {
	case strings.HasPrefix(name, "authorities/"):
		entry.Participant = &liaisonv1.RegisterParticipantRequest_Authority{Authority: &liaisonv1.Authority{
			Organisation: organisation,
			FilingPolicy: &liaisonv1.FilingPolicy{Approvers: []*liaisonv1.ApproverEntry{
				{Name: "karim.aziz", Level: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE},
			}},
		}}
	case strings.HasPrefix(name, "platforms/"):
		entry.Participant = &liaisonv1.RegisterParticipantRequest_Platform{Platform: &liaisonv1.Platform{
			Organisation: organisation,
			Capabilities: capabilities(),
		}}
	default:
		entry.Participant = &liaisonv1.RegisterParticipantRequest_OversightBody{OversightBody: &liaisonv1.OversightBody{
			Organisation: organisation, Oversees: []string{"authorities/moc", "platforms/filehost"},
		}}
	}
	return entry
}

func capabilities() *liaisonv1.Capabilities {
	c := &liaisonv1.Capabilities{
		SelectorTypes: []liaisonv1.SelectorType{
			liaisonv1.SelectorType_SELECTOR_TYPE_ACCOUNT, liaisonv1.SelectorType_SELECTOR_TYPE_FILE,
		},
		Kinds: []liaisonv1.RequestKind{
			liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE, liaisonv1.RequestKind_REQUEST_KIND_PRESERVE, liaisonv1.RequestKind_REQUEST_KIND_EXISTENCE,
		},
		Languages:    []string{"en"},
		LegalBases:   []liaisonv1.LegalBasisKind{liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER},
		Categories:   []*liaisonv1.HeldCategory{{Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY}},
		MaxSelectors: 10,
	}
	return c
}

// start serves what the store holds.
func (h *hub) start() {
	h.t.Helper()
	own := must(h.cas["hub.example"].Issue(pki.Request{
		Role: "hub", Name: "hub", DNSNames: []string{"localhost"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)},
	}))
	h.metrics = prometheus.NewRegistry()
	h.files = must(attachment.OpenFolder(h.shelf))
	h.server = must(server.New(h.t.Context(), server.Config{
		Archive:     h.store,
		Attachments: h.files,
		Retention:   h.retention,
		Clock:       h.now,
		DueEvery:    5 * time.Millisecond,
		Certificate: identity.Static(own.TLS()),
		TrustDomain: "hub.example",
		LedgerKey:   ledgerSecret,
		Own:         h.ownDomain,
		Logger:      slog.New(slog.NewTextHandler(h.log, nil)),
		Metrics:     h.metrics,
		Limits:      h.limits,
	}))
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	h.address = listener.Addr().String()
	served := make(chan error, 1)
	h.served = served
	go func(s *server.Server) { served <- s.Serve(listener) }(h.server)
}

// now is the hub's clock.
func (h *hub) now() time.Time {
	return time.Now().Add(time.Duration(h.ahead.Load()))
}

// advance lets time pass at the hub.
func (h *hub) advance(d time.Duration) { h.ahead.Add(int64(d)) }

// ownDomain is what the hub's own trust domain is checked against.
func (h *hub) ownDomain() (authorities, revocationLists []byte, err error) {
	h.ownMu.Lock()
	defer h.ownMu.Unlock()
	return pki.CertificatePEM(h.cas["hub.example"].Certificate), h.ownLists, nil
}

func (h *hub) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.server.Stop(ctx); err != nil {
		h.t.Errorf("the hub did not stop cleanly: %v", err)
	}
	if err := <-h.served; err != nil {
		h.t.Errorf("the hub ended with: %v", err)
	}
}

// restart stops the hub, closes the archive, and starts again from what is on disk.
func (h *hub) restart() {
	h.t.Helper()
	h.stop()
	if err := h.store.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.store = h.open()
	h.start()
}

// leaf issues a certificate for a SPIFFE ID, "moc.example/officer/amal".
func (h *hub) leaf(id string) *pki.Leaf {
	h.t.Helper()
	part := strings.SplitN(id, "/", 3)
	return must(h.cas[part[0]].Issue(pki.Request{Role: part[1], Name: part[2]}))
}

// dial connects as the holder of a SPIFFE ID.
func (h *hub) dial(id string) *grpc.ClientConn { return h.dialWith(h.leaf(id).TLS()) }

func (h *hub) dialWith(certificate tls.Certificate) *grpc.ClientConn {
	h.t.Helper()
	credentials := must(admission.ClientCredentials(admission.ClientConfig{
		Certificate: identity.Static(certificate),
		HubCAs:      identity.StaticPool(h.pool()),
	}))
	conn := must(grpc.NewClient(h.address, grpc.WithTransportCredentials(credentials)))
	h.t.Cleanup(func() { conn.Close() })
	return conn
}

func (h *hub) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(h.cas["hub.example"].Certificate)
	return pool
}

// The usual callers.
const (
	officer   = "moc.example/officer/amal.hassan"
	approver  = "moc.example/approver/karim.aziz"
	dpo       = "dpo.example/officer/desk"
	agent     = "messenger.example/agent/worker"
	filehost  = "filehost.example/agent/worker"
	reviewer  = "commissioner.example/reviewer/desk"
	auditor   = "commissioner.example/auditor/desk"
	operator  = "hub.example/operator/desk"
	hubItself = "hub.example/hub/other"
)

func (h *hub) authority(id string) liaisonv1.AuthorityServiceClient {
	return liaisonv1.NewAuthorityServiceClient(h.dial(id))
}

func (h *hub) platform(id string) liaisonv1.PlatformServiceClient {
	return liaisonv1.NewPlatformServiceClient(h.dial(id))
}

func (h *hub) requests(id string) liaisonv1.RequestServiceClient {
	return liaisonv1.NewRequestServiceClient(h.dial(id))
}

func (h *hub) statistics(id string) liaisonv1.StatisticsServiceClient {
	return liaisonv1.NewStatisticsServiceClient(h.dial(id))
}

func (h *hub) oversight(id string) liaisonv1.OversightServiceClient {
	return liaisonv1.NewOversightServiceClient(h.dial(id))
}

func (h *hub) directory(id string) liaisonv1.DirectoryServiceClient {
	return liaisonv1.NewDirectoryServiceClient(h.dial(id))
}

// spec is a request that is valid and small.
func spec(change ...func(*liaisonv1.RequestSpec)) *liaisonv1.RequestSpec {
	at := timestamppb.New(time.Date(2026, 10, 2, 6, 40, 0, 0, time.UTC))
	s := &liaisonv1.RequestSpec{
		Platform:  "platforms/messenger",
		Reference: "MOC-2026-00417",
		Kind:      liaisonv1.RequestKind_REQUEST_KIND_DISCLOSE,
		Urgency:   liaisonv1.Urgency_URGENCY_ROUTINE,
		Incident: &liaisonv1.Incident{
			Titles:         []*liaisonv1.LocalizedText{{Language: "ar", Text: "نشر سجل الناخبين"}},
			Types:          []liaisonv1.IncidentType{liaisonv1.IncidentType_INCIDENT_TYPE_PUBLICATION},
			DiscoveredTime: at,
			Leaked:         []liaisonv1.LeakedData{liaisonv1.LeakedData_LEAKED_DATA_FULL_NAME},
			People:         []liaisonv1.PeopleCategory{liaisonv1.PeopleCategory_PEOPLE_CATEGORY_VOTERS},
		},
		Selectors: []*liaisonv1.Selector{selector("1", "700100200"), selector("2", "700100201")},
		Categories: []liaisonv1.DataCategory{
			liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
		},
		LegalBasis: &liaisonv1.LegalBasis{
			Kind: liaisonv1.LegalBasisKind_LEGAL_BASIS_KIND_COURT_ORDER, Country: "IQ",
			Instrument: "Personal Data Protection Act", Article: "17(2)", IssuingBody: "Investigating Court",
			ApproverLevel: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE, OrderNumber: "88/2026", IssueTime: at,
		},
		Necessity:       "The upload is the offence.",
		Screening:       &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN},
		Confidentiality: &liaisonv1.Confidentiality{Telling: &liaisonv1.Confidentiality_UserMayBeTold{UserMayBeTold: true}},
		Redress:         []*liaisonv1.LocalizedText{{Language: "ar", Text: "يحق الاعتراض أمام المحكمة."}},
		Calendar:        &liaisonv1.Calendar{TimeZone: "Asia/Baghdad", Days: liaisonv1.DayKind_DAY_KIND_CALENDAR},
		Language:        "ar",
	}
	for _, c := range change {
		c(s)
	}
	return s
}

func emergency(s *liaisonv1.RequestSpec) {
	s.Urgency = liaisonv1.Urgency_URGENCY_EMERGENCY
	s.Threat = &liaisonv1.Threat{Kind: liaisonv1.ThreatKind_THREAT_KIND_LIFE, Statement: "Two people were attacked."}
}

func selector(id, account string) *liaisonv1.Selector {
	return &liaisonv1.Selector{
		Id: id, Necessity: "It carried the file.",
		Target: &liaisonv1.Selector_Account{Account: &liaisonv1.AccountSelector{Id: account}},
	}
}

// notFound is a finding without a party.
func notFound(selector string) *liaisonv1.Finding {
	return &liaisonv1.Finding{SelectorId: selector, Outcomes: []*liaisonv1.Outcome{{
		Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
		Code:     liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND,
	}}}
}

// identified is a finding that names somebody.
func identified(selector, account, phone string) *liaisonv1.Finding {
	return &liaisonv1.Finding{
		SelectorId: selector,
		Outcomes: []*liaisonv1.Outcome{{
			Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
			Code:     liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED,
		}},
		Parties: []*liaisonv1.IdentifiedParty{{
			Subject:    &liaisonv1.IdentifiedParty_Account{Account: &liaisonv1.Account{Id: account}},
			Roles:      []liaisonv1.PartyRole{liaisonv1.PartyRole_PARTY_ROLE_ORIGINAL_UPLOADER},
			Bases:      []liaisonv1.AttributionBasis{liaisonv1.AttributionBasis_ATTRIBUTION_BASIS_UPLOAD_SESSION_LOG},
			Confidence: liaisonv1.Confidence_CONFIDENCE_CONFIRMED,
			Control:    liaisonv1.AccountControl_ACCOUNT_CONTROL_SOLE,
			Items: []*liaisonv1.DataItem{{
				Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY,
				Value:    &liaisonv1.DataItem_Phone{Phone: &liaisonv1.PhoneSelector{Number: phone}},
			}},
		}},
	}
}

// file files a request as moc's officer and returns its name.
func (h *hub) file(change ...func(*liaisonv1.RequestSpec)) string {
	h.t.Helper()
	return h.fileEvent(change...).GetRequest()
}

func (h *hub) fileEvent(change ...func(*liaisonv1.RequestSpec)) *liaisonv1.Event {
	h.t.Helper()
	out, err := h.authority(officer).FileRequest(h.t.Context(), &liaisonv1.FileRequestRequest{Call: &liaisonv1.Call{CallId: newID()}, Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(change...)}})
	if err != nil {
		h.t.Fatalf("file: %v", err)
	}
	return eventOf(out)
}

// eventOf returns the event by which a step is recorded, as people read it.
func eventOf(out *liaisonv1.Recorded) *liaisonv1.Event {
	return record.ForReading(must(record.Decode(out.GetReceipt().GetRecord())))
}

// acknowledged files an emergency, which needs no approval, and acknowledges it.
func (h *hub) acknowledged(change ...func(*liaisonv1.RequestSpec)) string {
	h.t.Helper()
	name := h.file(append([]func(*liaisonv1.RequestSpec){emergency}, change...)...)
	if _, err := h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}); err != nil {
		h.t.Fatalf("acknowledge: %v", err)
	}
	return name
}

// reasonOf returns the reason that an error carries, without which no error may
// leave the hub.
func reasonOf(t testing.TB, err error) string {
	t.Helper()
	info := detail[*errdetails.ErrorInfo](t, err)
	if info.GetDomain() != "liaison" {
		t.Errorf("the error's domain is %q", info.GetDomain())
	}
	if detail[*errdetails.LocalizedMessage](t, err).GetMessage() == "" {
		t.Error("the error has no message for a person")
	}
	return info.GetReason()
}

// detail returns a detail of an error.
func detail[M any](t testing.TB, err error) M {
	t.Helper()
	for _, d := range status.Convert(err).Details() {
		if found, ok := d.(M); ok {
			return found
		}
	}
	t.Fatalf("the error has no %T: %v", *new(M), err)
	return *new(M)
}

// wantReason fails unless err has this code and this reason.
func wantReason(t testing.TB, err error, code codes.Code, reason string) {
	t.Helper()
	if err == nil {
		t.Fatalf("succeeded, wanted %s", reason)
	}
	if status.Code(err) != code {
		t.Fatalf("failed with %s, wanted %s: %v", status.Code(err), code, err)
	}
	if got := reasonOf(t, err); got != reason {
		t.Fatalf("failed for %s, wanted %s: %v", got, reason, err)
	}
}

func newID() string { return uuid.NewString() }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// logBuffer is a log that tests may read while it is written.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// eventually waits until a condition holds, and fails if it never does.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline.C:
			t.Fatalf("never came true: %s", what)
		case <-tick.C:
		}
	}
}

// noneProtected is a platform's statement that it knows of no protected people.
var noneProtected = &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN}
