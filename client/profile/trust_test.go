package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/client/profile"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestPoliciesAreKeptBesideWhoIsTrusted: what was saved is read, for itself, and does not
// count as an organisation.
func TestPoliciesAreKeptBesideWhoIsTrusted(t *testing.T) {
	t.Parallel()
	trust := profile.TrustFolder(t.TempDir())
	filing := &liaisonv1.FilingPolicy{Approvers: []*liaisonv1.ApproverEntry{{Name: "karim.aziz", Level: liaisonv1.ApproverLevel_APPROVER_LEVEL_JUDGE}}}
	law := &liaisonv1.CountryPolicy{Country: "IQ"}
	for name, policy := range map[string]proto.Message{"authorities/moc": filing, "countries/IQ": law} {
		if err := trust.SavePolicy(name, policy); err != nil {
			t.Fatal(err)
		}
	}
	read, err := trust.Policies()
	if err != nil || len(read.Filing) != 1 || !proto.Equal(read.Filing["authorities/moc"], filing) || len(read.Countries) != 1 || !proto.Equal(read.Countries["IQ"], law) {
		t.Errorf("read %v, %v", read, err)
	}
	if organisations, err := trust.Organisations(); err != nil || len(organisations) != 0 {
		t.Errorf("%d organisations, %v", len(organisations), err)
	}
	for name, text := range map[string]string{"platforms-x": "{}", "authorities-x": "max_selectors: many"} {
		broken := t.TempDir()
		if err := os.WriteFile(filepath.Join(broken, name+".policy.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := profile.TrustFolder(broken).Policies(); err == nil {
			t.Errorf("%s: %q is read", name, text)
		}
	}
}

// TestWhoIsTrustedIsKeptAndRemoved.
func TestWhoIsTrustedIsKeptAndRemoved(t *testing.T) {
	t.Parallel()
	trust := profile.TrustFolder(filepath.Join(t.TempDir(), profile.TrustDir))
	if found, err := trust.Organisations(); err != nil || len(found) != 0 {
		t.Errorf("a folder that is not there holds %v: %v", found, err)
	}
	known := liaisontest.New(t).Organisations()
	for _, o := range known {
		if err := trust.Save(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := trust.Save(&liaisonv1.Organisation{Name: "authorities/nobody"}); err == nil {
		t.Error("an organisation without certification authorities is trusted")
	}
	if found, err := trust.Organisations(); err != nil || len(found) != len(known) {
		t.Errorf("%d organisations of %d: %v", len(found), len(known), err)
	}
	if err := trust.Remove(known[0].GetName()); err != nil {
		t.Error(err)
	}
	if err := trust.Remove(known[0].GetName()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("removed again: %v", err)
	}
	if found, err := trust.Organisations(); err != nil || len(found) != len(known)-1 {
		t.Errorf("%d organisations remain of %d: %v", len(found), len(known), err)
	}
}
