package directory_test

import (
	"context"
	"crypto/x509"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// office is two hubs' directories over one archive, and everybody's authorities.
type office struct {
	archive  *sqlite.DB
	one, two *directory.Directory
	trust    *identity.Registry // the first one's
	cas      map[string]*pki.CA
	entries  []*directory.Entry
}

func open(t *testing.T) *office {
	t.Helper()
	archive := must(sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hub.db")))
	t.Cleanup(func() { archive.Close() })
	o := &office{archive: archive, cas: make(map[string]*pki.CA), trust: identity.NewRegistry(time.Now)}
	for _, domain := range append(example.TrustDomains(), example.HubDomain) {
		o.cas[domain] = must(pki.NewCA(domain, time.Now))
	}
	o.entries = example.Entries(func(domain string) []byte { return pki.CertificatePEM(o.cas[domain].Certificate) }, func(string) []string { return nil })
	hub := must(identity.ParseHub(example.HubDomain, pki.CertificatePEM(o.cas[example.HubDomain].Certificate), nil))
	o.one = must(directory.Open(t.Context(), archive, time.Now, o.trust, hub))
	o.two = must(directory.Open(t.Context(), archive, time.Now, nil))
	for _, entry := range o.entries {
		must(o.one.Register(t.Context(), entry))
	}
	return o
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

var messenger = must(resource.ParseOrganisation("platforms/messenger"))

func (o *office) admits(t *testing.T, domain, role string) error {
	t.Helper()
	leaf := must(o.cas[domain].Issue(pki.Request{Role: role, Name: "x"}))
	_, err := o.trust.Identify([]*x509.Certificate{leaf.Certificate})
	return err
}

func TestWhoIsRegisteredIsAdmittedAndWhoIsSuspendedIsNot(t *testing.T) {
	o := open(t)
	if err := o.admits(t, "messenger.example", "agent"); err != nil {
		t.Errorf("registered, and not admitted: %v", err)
	}
	must(o.one.Suspend(t.Context(), messenger, "", false, "a test"))
	var refusal *identity.Refusal
	if err := o.admits(t, "messenger.example", "agent"); !errors.As(err, &refusal) || refusal.Reason != identity.Suspended {
		t.Errorf("suspended, and: %v", err)
	}
	must(o.one.Suspend(t.Context(), messenger, "", true, ""))
	if err := o.admits(t, "messenger.example", "agent"); err != nil {
		t.Errorf("back in, and not admitted: %v", err)
	}
	if err := o.admits(t, example.HubDomain, "operator"); err != nil {
		t.Errorf("the hub's own operator is not admitted: %v", err)
	}
}

// TestASuspensionKeepsWhatAnotherHubChanged: it says nothing but that, and must not
// bring back certificates that were replaced in the meantime.
func TestASuspensionKeepsWhatAnotherHubChanged(t *testing.T) {
	o := open(t)
	must(o.two.Refresh(t.Context()))
	entry := must(o.one.Entry(messenger))
	renewed := must(pki.NewCA("messenger.example", time.Now))
	changed := withCA(entry, renewed)
	must(o.one.Update(t.Context(), changed))

	suspended := must(o.two.Suspend(t.Context(), messenger, "", false, "a test"))
	if suspended.GetCaCertificates() != string(pki.CertificatePEM(renewed.Certificate)) {
		t.Error("the suspension brought the former certificates back")
	}
}

func TestAnUpdateNeedsTheCurrentEntry(t *testing.T) {
	o := open(t)
	before := must(o.one.Entry(messenger))
	must(o.one.Update(t.Context(), withCA(before, must(pki.NewCA("messenger.example", time.Now)))))
	if _, err := o.one.Update(t.Context(), withCA(before, o.cas["messenger.example"])); !errors.Is(err, directory.ErrETag) {
		t.Errorf("an old entry is taken: %v", err)
	}
	if _, err := o.two.Suspend(t.Context(), messenger, directory.Organisation(before).GetEtag(), false, "x"); !errors.Is(err, directory.ErrETag) {
		t.Errorf("an old etag is taken: %v", err)
	}
}

func TestNoTwoShareANameOrATrustDomain(t *testing.T) {
	o := open(t)
	for _, test := range []struct {
		name         string
		organisation string
		domain       string
	}{
		{"the name is taken", "authorities/moc", "other.example"},
		{"the trust domain is taken", "authorities/other", "moc.example"},
		{"the trust domain is the hub's", "authorities/other", example.HubDomain},
	} {
		t.Run(test.name, func(t *testing.T) {
			ca := must(pki.NewCA(test.domain, time.Now))
			entry := &directory.Entry{Participant: &liaisonv1.RegisterParticipantRequest_Authority{Authority: &liaisonv1.Authority{
				Organisation: &liaisonv1.Organisation{
					Name: test.organisation, TrustDomain: test.domain, CaCertificates: string(pki.CertificatePEM(ca.Certificate)),
				},
			}}}
			if _, err := o.one.Register(t.Context(), entry); !errors.Is(err, directory.ErrExists) {
				t.Errorf("it is taken: %v", err)
			}
		})
	}
}

// TestConcurrentChangesLoseNothing lets two hubs change one entry at the same time:
// of two that read the same version, one succeeds.
func TestConcurrentChangesLoseNothing(t *testing.T) {
	o := open(t)
	const rounds = 20
	for range rounds {
		must(o.two.Refresh(t.Context()))
		entry := must(o.one.Entry(messenger))
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i, d := range []*directory.Directory{o.one, o.two} {
			wait.Go(func() {
				_, errs[i] = d.Update(context.WithoutCancel(t.Context()), withCA(entry, o.cas["messenger.example"]))
			})
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("of two changes of one version, these failed: %v", errs)
		}
		must(o.one.Refresh(t.Context()))
	}
}

func TestAListThatCannotBeReadShutsTheOrganisationOut(t *testing.T) {
	o := open(t)
	entry := must(o.one.Entry(messenger))
	changed := withCA(entry, o.cas["messenger.example"])
	directory.Organisation(changed).RevocationLists = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"
	must(o.one.Update(t.Context(), changed))
	var refusal *identity.Refusal
	if err := o.admits(t, "messenger.example", "agent"); !errors.As(err, &refusal) || refusal.Reason != identity.RevocationListUnreadable {
		t.Errorf("an unreadable list, and: %v", err)
	}
	if err := o.admits(t, "moc.example", "officer"); err != nil {
		t.Errorf("it shuts others out: %v", err)
	}
}

// TestAConflictThatGotBy lets another process store what conflicts with an entry that
// is there. The older one stays admitted, the other is shut out, and a later
// suspension of a third takes effect all the same.
func TestAConflictThatGotBy(t *testing.T) {
	for _, test := range []struct {
		name  string
		bend  func(o *office, entry *liaisonv1.Organisation)
		trust string // the trust domain that must stay admitted
		role  string
	}{
		{"the trust domain of an older one", func(o *office, e *liaisonv1.Organisation) {
			e.TrustDomain = "moc.example"
			e.CaCertificates = string(pki.CertificatePEM(must(pki.NewCA("moc.example", time.Now)).Certificate))
		}, "moc.example", "officer"},
		{"the hub's own trust domain", func(o *office, e *liaisonv1.Organisation) {
			e.TrustDomain = example.HubDomain
			e.CaCertificates = string(pki.CertificatePEM(must(pki.NewCA(example.HubDomain, time.Now)).Certificate))
		}, example.HubDomain, "operator"},
		{"an authority of an older one", func(o *office, e *liaisonv1.Organisation) {
			e.TrustDomain = "other.example"
			e.CaCertificates = string(pki.CertificatePEM(o.cas["moc.example"].Certificate))
		}, "moc.example", "officer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := open(t)
			entry := proto.CloneOf(must(o.one.Entry(must(resource.ParseOrganisation("authorities/dpo")))))
			organisation := directory.Organisation(entry)
			organisation.Name = "authorities/other"
			organisation.CreateTime = timestamppb.New(time.Now().Add(time.Second))
			test.bend(o, organisation)
			if err := o.archive.Write(t.Context(), func(tx store.Tx) error {
				_, err := tx.PutParticipant(t.Context(), store.Participant{
					Name: must(resource.ParseOrganisation("authorities/other")), Body: must(proto.Marshal(entry)),
				})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			must(o.one.Refresh(t.Context()))
			if excluded := o.one.Excluded(); len(excluded) != 1 || excluded[0] != "authorities/other" {
				t.Errorf("shut out are %v", excluded)
			}
			if err := o.admits(t, test.trust, test.role); err != nil {
				t.Errorf("the older one is shut out: %v", err)
			}
			must(o.one.Suspend(t.Context(), messenger, "", false, "a test"))
			if err := o.admits(t, "messenger.example", "agent"); err == nil {
				t.Error("a later suspension has no effect")
			}
		})
	}
}

func TestAnAuthorityBelongsToOneOrganisation(t *testing.T) {
	o := open(t)
	entry := withCA(must(o.one.Entry(messenger)), o.cas["moc.example"])
	var violations *scope.Violations
	if _, err := o.one.Update(t.Context(), entry); !errors.As(err, &violations) {
		t.Errorf("another's authority is taken: %v", err)
	}
	broken := proto.CloneOf(entry)
	directory.Organisation(broken).CaCertificates = "garbage"
	if _, err := o.one.Update(t.Context(), broken); !errors.As(err, &violations) {
		t.Errorf("certificates that cannot be read: %v", err)
	}
}

func TestPagesFollowNames(t *testing.T) {
	o := open(t)
	first, more := o.one.Page(resource.Authorities, "", 1)
	if len(first) != 1 || !more || directory.Organisation(first[0]).GetName() != "authorities/dpo" {
		t.Fatalf("the first page is %v, more: %v", first, more)
	}
	second, more := o.one.Page(resource.Authorities, "authorities/dpo", 1)
	if len(second) != 1 || more || directory.Organisation(second[0]).GetName() != "authorities/moc" {
		t.Fatalf("the second page is %v, more: %v", second, more)
	}
}

// withCA is the entry with another certification authority.
func withCA(entry *directory.Entry, ca *pki.CA) *directory.Entry {
	next := proto.CloneOf(entry)
	directory.Organisation(next).CaCertificates = string(pki.CertificatePEM(ca.Certificate))
	return next
}
