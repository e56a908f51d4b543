package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"gocloud.dev/blob"

	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/office/directory"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Archive is what a hub keeps: requests with everything that was said about them, the
// ledger, and the directory of those who take part. OpenSQLite and OpenPostgres open one;
// a hub takes no other. It outlives the hub that serves it: close it after Stop.
type Archive interface{ Close() error }

// ErrArchiveInUse says that another process has the file open. Two would tell their
// watchers two orders of events.
var ErrArchiveInUse = errors.New("another hub has this archive open")

// ErrArchiveEarlier says that an archive has events of an earlier contract. None is taken
// over: a hub begins with a new archive, and the program that made this one still reads it.
var ErrArchiveEarlier = store.ErrEarlier

// OpenSQLite opens the archive in a file, and makes it, for its owner alone, unless it is
// there. The file must be on a local disk, and one process has it open at a time: Close
// gives it up. Another one fails with ErrArchiveInUse, and an archive of
// an earlier contract with ErrArchiveEarlier.
func OpenSQLite(ctx context.Context, path string) (Archive, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the archive's folder: %w", err)
	}
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the archive: %w", err)
	}
	if !locked {
		return nil, ErrArchiveInUse
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &lockedArchive{db, lock}, nil
}

// lockedArchive is a file that this process alone has open.
type lockedArchive struct {
	store.Store
	lock *flock.Flock
}

// Close closes the file and gives it up for other processes.
func (a *lockedArchive) Close() error { return errors.Join(a.Store.Close(), a.lock.Close()) }

// OpenPostgres opens the archive in a database of PostgreSQL, or of an engine that speaks
// its protocol, and makes its tables unless they are there. Any number of hubs may share
// it. The connection string is a URL, or key-value pairs as libpq takes them, with its
// environment variables; it may name several hosts, of which the one that accepts writes
// is used. A host that is reached over a network must prove itself (sslmode=verify-full).
// An archive of an earlier contract fails with ErrArchiveEarlier.
func OpenPostgres(ctx context.Context, connection string) (Archive, error) {
	db, err := postgres.Open(ctx, connection)
	if err != nil {
		return nil, err
	}
	return db, nil
}

// storeOf returns what is behind an archive.
func storeOf(archive Archive) (store.Store, error) {
	opened, ok := archive.(store.Store)
	if !ok {
		return nil, errors.New("an archive is required, as OpenSQLite or OpenPostgres opens it")
	}
	return opened, nil
}

// Register enters a participant in the directory of the hub with this trust domain, which
// need not be served: what sets a hub up uses it, and operators of a hub that is served
// call DirectoryService instead. It checks the entry as the service does.
func Register(ctx context.Context, archive Archive, hubDomain string, clock func() time.Time, entry *liaisonv1.RegisterParticipantRequest) (*liaisonv1.Organisation, error) {
	opened, err := storeOf(archive)
	if err != nil {
		return nil, err
	}
	if err := validate.Check(entry); err != nil {
		return nil, fmt.Errorf("check the participant: %w", err)
	}
	d, err := directory.Open(ctx, opened, clock, nil, identity.Participant{TrustDomain: hubDomain})
	if err != nil {
		return nil, err
	}
	return d.Register(ctx, entry)
}

// AttachmentFolder opens a folder that a hub keeps attachments in, and makes it, for its
// owner alone, unless it is there. For an object store, open a bucket with the driver of
// gocloud.dev/blob instead.
func AttachmentFolder(path string) (*blob.Bucket, error) { return attachment.OpenFolder(path) }

// CertificateFiles presents the certificate and key in two PEM files, and what they are
// replaced by as soon as both fit each other.
func CertificateFiles(certificate, key string) func() (*tls.Certificate, error) {
	return identity.Files(certificate, key)
}

// NewLedgerKey makes the key of a hub's ledger. The secret half is Config.LedgerKey; the
// public half is what participants confirm and check every receipt with. The name is the
// hub's trust domain.
func NewLedgerKey(name string) (secret, public string, err error) { return ledger.NewKey(name) }
