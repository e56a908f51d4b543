package admission_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/url"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// commonName is what every authority at the door is called, so that a name alone
// never tells one from another.
const commonName = "Certification authority"

// door is a hub's listener, where one organisation of each kind may knock.
type door struct {
	registry *identity.Registry
	cas      map[string]*pki.CA // by trust domain
	hub      *x509.CertPool
	address  string
	refused  chan error
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{
		registry: identity.NewRegistry(time.Now), cas: make(map[string]*pki.CA),
		hub: x509.NewCertPool(), refused: make(chan error, 16),
	}
	for _, domain := range []string{"moc.example", "dpo.example", "messenger.example", "commissioner.example", "hub.example"} {
		d.cas[domain] = namesakeCA(domain)
	}
	d.admit(t, nil, false)
	ca := d.cas["hub.example"]
	d.hub.AddCert(ca.Certificate)
	own := must(ca.Issue(pki.Request{Role: "hub", Name: "hub", IPs: []net.IP{net.IPv4(127, 0, 0, 1)}}))
	creds := must(admission.ServerCredentials(d.registry, identity.Static(own.TLS()), func(err error, _ net.Addr) { d.refused <- err }))
	server := grpc.NewServer(grpc.Creds(creds))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	d.address = listener.Addr().String()
	return d
}

// admit sets the participants, the ministry with these lists.
func (d *door) admit(t *testing.T, lists []byte, suspended bool) {
	t.Helper()
	of := func(name, domain string, lists []byte, suspended bool) identity.Participant {
		return must(identity.ParseParticipant(must(resource.ParseOrganisation(name)), domain, pki.CertificatePEM(d.cas[domain].Certificate), lists, suspended))
	}
	if err := d.registry.Set([]identity.Participant{
		of("authorities/moc", "moc.example", lists, suspended),
		of("authorities/dpo", "dpo.example", nil, false),
		of("platforms/messenger", "messenger.example", nil, false),
		of("oversight/commissioner", "commissioner.example", nil, false),
		must(identity.ParseHub("hub.example", pki.CertificatePEM(d.cas["hub.example"].Certificate), nil)),
	}); err != nil {
		t.Fatal(err)
	}
}

// namesakeCA is an authority whose subject is that of every other.
func namesakeCA(domain string) *pki.CA {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: commonName},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		URIs: []*url.URL{{Scheme: "spiffe", Host: domain}}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return must(pki.ParseCA(pki.CertificatePEM(must(x509.ParseCertificate(der))), must(pki.KeyPEM(key)), time.Now))
}

// knock opens a connection and returns why it is refused; zero if it is not.
func (d *door) knock(t *testing.T, config *tls.Config) identity.Reason {
	t.Helper()
	config.RootCAs, config.NextProtos = d.hub, []string{"h2"}
	if conn, err := tls.Dial("tcp", d.address, config); err == nil {
		defer conn.Close()
		// A client of TLS 1.3 is done before the hub has judged it: only the hub's
		// settings, or the end of the connection, tell.
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			return 0
		}
	}
	return reasonOf(<-d.refused)
}

// presenting is how a client sends a certificate whatever the hub asks for.
func presenting(leaf *pki.Leaf) *tls.Config {
	pair := leaf.TLS()
	return &tls.Config{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }}
}

func TestEachRoleIsAdmittedAtItsOwnKindOfOrganisationAlone(t *testing.T) {
	d := newDoor(t)
	roles := map[string][]string{
		"moc.example":          {"officer", "approver"},
		"messenger.example":    {"agent"},
		"commissioner.example": {"reviewer", "auditor"},
		"hub.example":          {"operator", "hub"},
	}
	for domain := range roles {
		for of, words := range roles {
			for _, role := range words {
				t.Run(role+" at "+domain, func(t *testing.T) {
					want := identity.RoleNotOfOrganisation
					if of == domain {
						want = 0
					}
					leaf := must(d.cas[domain].Issue(pki.Request{Role: role, Name: "x"}))
					if got := d.knock(t, presenting(leaf)); got != want {
						t.Errorf("it ends with %v, not %v", got, want)
					}
				})
			}
		}
	}
}

func TestWhatTheDoorRefuses(t *testing.T) {
	d := newDoor(t)
	officer := func(bend func(*x509.Certificate)) *tls.Config {
		return presenting(must(d.cas["moc.example"].Issue(pki.Request{Role: "officer", Name: "x", Template: bend})))
	}
	named := func(id string) *tls.Config {
		return officer(func(c *x509.Certificate) { c.URIs = []*url.URL{must(url.Parse(id))} })
	}
	byAnother := must(d.cas["dpo.example"].Issue(pki.Request{Role: "officer", Name: "x", Template: func(c *x509.Certificate) {
		c.URIs[0].Host = "moc.example"
	}}))
	for _, test := range []struct {
		name   string
		config *tls.Config
		want   identity.Reason
	}{
		{"another participant's authority of the same name", presenting(byAnother), identity.UntrustedIssuer},
		{"signed by itself", presenting(selfSigned("moc.example")), identity.UntrustedIssuer},
		{"expired an hour ago", officer(func(c *x509.Certificate) {
			c.NotAfter = time.Now().Add(-time.Hour)
			c.NotBefore = c.NotAfter.Add(-time.Hour)
		}), identity.Expired},
		{"valid from tomorrow", officer(func(c *x509.Certificate) {
			c.NotBefore = time.Now().Add(24 * time.Hour)
			c.NotAfter = c.NotBefore.Add(time.Hour)
		}), identity.NotYetValid},
		{"no SPIFFE ID", officer(func(c *x509.Certificate) { c.URIs = nil }), identity.NoSPIFFEID},
		{"the ID in the common name alone", officer(func(c *x509.Certificate) { c.URIs, c.Subject.CommonName = nil, "spiffe://moc.example/officer/x" }), identity.NoSPIFFEID},
		{"two SPIFFE IDs", officer(func(c *x509.Certificate) { c.URIs = append(c.URIs, must(url.Parse("spiffe://dpo.example/officer/x"))) }), identity.SeveralSPIFFEIDs},
		{"a domain that begins like one", named("spiffe://moc.example.evil.example/officer/x"), identity.UnknownTrustDomain},
		{"a path that climbs", named("spiffe://moc.example/officer/../operator/x"), identity.MalformedSPIFFEID},
		{"a percent-encoded path", named("spiffe://moc.example/%6Ffficer/x"), identity.MalformedSPIFFEID},
		{"an encoded slash", named("spiffe://moc.example/officer%2Fx"), identity.MalformedSPIFFEID},
		{"an unknown role", named("spiffe://moc.example/boss/x"), identity.MalformedSPIFFEID},
		{"another scheme", named("https://moc.example/officer/x"), identity.MalformedSPIFFEID},
		{"for servers alone", officer(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), identity.WrongKeyUsage},
		{"an authority's", officer(func(c *x509.Certificate) { c.IsCA = true; c.KeyUsage |= x509.KeyUsageCertSign }), identity.WrongKeyUsage},
		{"no certificate", &tls.Config{}, identity.NoCertificate},
		{"TLS 1.2", &tls.Config{MaxVersion: tls.VersionTLS12}, identity.HandshakeFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := d.knock(t, test.config); got != test.want {
				t.Errorf("it ends with %v, not %v", got, test.want)
			}
		})
	}
	t.Run("no TLS", func(t *testing.T) {
		conn := must(net.Dial("tcp", d.address))
		defer conn.Close()
		must(conn.Write([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
		if got := reasonOf(<-d.refused); got != identity.HandshakeFailed {
			t.Errorf("it ends with %v", got)
		}
	})
}

func selfSigned(domain string) *pki.Leaf {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: commonName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		URIs:     []*url.URL{{Scheme: "spiffe", Host: domain, Path: "/officer/x"}},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return &pki.Leaf{Certificate: must(x509.ParseCertificate(der)), Key: key}
}

func TestTheDoorGoesByTheRevocationListOrStaysShut(t *testing.T) {
	d := newDoor(t)
	moc, dpo := d.cas["moc.example"], d.cas["dpo.example"]
	leaf := must(moc.Issue(pki.Request{Role: "officer", Name: "x"}))
	now := time.Now()
	list := func(ca *pki.CA, from, until time.Time, serials ...*big.Int) []byte {
		return pki.RevocationListPEM(must(ca.RevocationListAt(serials, 1, from, until, now)))
	}
	hourAgo, inAnHour := now.Add(-time.Hour), now.Add(time.Hour)
	for _, test := range []struct {
		name      string
		lists     []byte
		suspended bool
		want      identity.Reason
	}{
		{"no list", nil, false, 0},
		{"a list without it", list(moc, hourAgo, inAnHour, big.NewInt(99)), false, 0},
		{"on the list", list(moc, hourAgo, inAnHour, leaf.Certificate.SerialNumber), false, identity.Revoked},
		{"past its next update", list(moc, now.Add(-2*time.Hour), hourAgo), false, identity.RevocationListOverdue},
		{"not valid yet", list(moc, inAnHour, now.Add(2*time.Hour)), false, identity.RevocationListOverdue},
		{"garbage", []byte("garbage"), false, identity.RevocationListUnreadable},
		{"a good list, then garbage", append(list(moc, hourAgo, inAnHour), "garbage"...), false, identity.RevocationListUnreadable},
		{"another authority's of the same name", list(dpo, hourAgo, inAnHour), false, identity.RevocationListUnreadable},
		{"suspended", nil, true, identity.Suspended},
		{"no list again", nil, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			d.admit(t, test.lists, test.suspended)
			if got := d.knock(t, presenting(leaf)); got != test.want {
				t.Errorf("it ends with %v, not %v", got, test.want)
			}
			neighbour := must(dpo.Issue(pki.Request{Role: "officer", Name: "x", Template: func(c *x509.Certificate) {
				c.SerialNumber = leaf.Certificate.SerialNumber // the same serial of the same issuer's name
			}}))
			if got := d.knock(t, presenting(neighbour)); got != 0 {
				t.Errorf("the neighbour is refused too: %v", got)
			}
		})
	}
}

func TestASessionCacheDoesNotOutliveARevocation(t *testing.T) {
	d := newDoor(t)
	leaf := must(d.cas["moc.example"].Issue(pki.Request{Role: "officer", Name: "x"}))
	config := presenting(leaf)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	for range 2 {
		if got := d.knock(t, config); got != 0 {
			t.Fatalf("refused: %v", got)
		}
	}
	list := must(d.cas["moc.example"].RevocationList([]*big.Int{leaf.Certificate.SerialNumber}, 1, time.Now().Add(time.Hour)))
	d.admit(t, pki.RevocationListPEM(list), false)
	if got := d.knock(t, config); got != identity.Revoked {
		t.Errorf("it ends with %v", got)
	}
}
