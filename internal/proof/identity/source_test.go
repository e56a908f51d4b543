package identity_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func reasonOf(err error) identity.Reason {
	var refusal *identity.Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return 0
}

// stampedFile writes a file with a time of its own: a file system may stamp two quick
// writes alike.
func stampedFile(t *testing.T, path string, content []byte, hours int) {
	t.Helper()
	if err := pki.WriteFile(path, content); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(time.Duration(hours) * time.Hour)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestRenewedAuthoritiesAreTakenUpAndUnreadableOnesAreNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub-ca.pem")
	first := must(pki.NewCA("hub.example", time.Now)).Certificate
	second := must(pki.NewCA("hub.example", time.Now)).Certificate
	stampedFile(t, path, pki.CertificatePEM(first), 1)
	read := identity.PoolFile(path)
	before := must(read())
	for _, step := range []struct {
		name   string
		change func()
		same   bool
	}{
		{"unchanged", func() {}, true},
		{"garbage", func() { stampedFile(t, path, []byte("garbage"), 2) }, true},
		{"empty", func() { stampedFile(t, path, nil, 3) }, true},
		{"gone", func() { _ = os.Remove(path) }, true},
		{"renewed", func() { stampedFile(t, path, pki.CertificatePEM(second), 4) }, false},
	} {
		step.change()
		if got := must(read()).Equal(before); got != step.same {
			t.Errorf("%s: the same authorities: %v", step.name, got)
		}
	}
}

func TestWhatWasNeverReadableIsAnErrorWithoutItsFolder(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.pem")
	_, pool := identity.PoolFile(missing)()
	_, pair := identity.Files(missing, missing)()
	for _, err := range []error{pool, pair} {
		if err == nil || !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), dir) {
			t.Errorf("it ends with: %v", err)
		}
	}
}
