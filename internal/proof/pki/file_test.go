package pki_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

func TestAFileThatCannotBeReplacedLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "key.pem")
	if err := os.MkdirAll(filepath.Join(taken, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := pki.WriteFile(taken, []byte("secret")); err == nil {
		t.Error("a folder was replaced")
	}
	if entries := must(os.ReadDir(dir)); len(entries) != 1 {
		t.Errorf("%d entries are left: half a key among them", len(entries))
	}
	if err := pki.WriteFile(filepath.Join(dir, "missing", "key.pem"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it ends with: %v", err)
	}
}

// TestAWideFileIsReplacedByANarrowOne: the mode of what was there is not kept, and who
// has the former file open reads it to its end.
func TestAWideFileIsReplacedByANarrowOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, []byte("former"), 0o644); err != nil {
		t.Fatal(err)
	}
	reader := must(os.Open(path))
	defer reader.Close()
	if err := pki.WriteFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if mode := must(os.Stat(path)).Mode().Perm(); mode != 0o600 {
		t.Errorf("its mode is %o", mode)
	}
	content := make([]byte, len("former"))
	must(reader.Read(content))
	if string(content) != "former" {
		t.Errorf("who had the former file open reads %q", content)
	}
}

func TestARevocationListSaysWhenItHolds(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	ca := must(pki.NewCA("moc.example", func() time.Time { return now }))
	next := now.Add(24 * time.Hour)
	list := must(ca.RevocationList(nil, 4, next))
	if list.ThisUpdate.After(now) || !list.NextUpdate.Equal(next) || len(list.RevokedCertificateEntries) != 0 {
		t.Errorf("it holds from %v until %v, with %d entries", list.ThisUpdate, list.NextUpdate, len(list.RevokedCertificateEntries))
	}
	other := must(pki.NewCA("moc.example", time.Now))
	if list.CheckSignatureFrom(other.Certificate) == nil {
		t.Error("another authority of the same name vouches for it")
	}
}
