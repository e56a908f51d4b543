package server

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"gocloud.dev/blob"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// Config is what a hub works with. Archive, Certificate, TrustDomain, Own and LedgerKey
// are required.
type Config struct {
	// Archive is what the hub keeps, as OpenSQLite or OpenPostgres opened it. It stays the
	// caller's to close, after Stop.
	Archive Archive

	// Certificate presents the hub's own certificate. It is asked at every
	// handshake, so that a renewed one is taken up without a restart; CertificateFiles
	// does that with files.
	Certificate func() (*tls.Certificate, error)

	// TrustDomain is the hub's own, "hub.example": the operators' and the hub's
	// certificates are of it.
	TrustDomain string

	// Own returns what the hub's own trust domain is checked against: its
	// certification authorities and its revocation lists, both PEM; without lists none
	// is checked. It is asked at start and every few seconds, so that renewed ones are
	// taken up without a restart.
	Own func() (authorities, revocationLists []byte, err error)

	// LedgerKey is the secret key that checkpoints of the hub's ledger are signed with, in
	// the form of C2SP signed-note. Its name is the ledger's, by custom the trust domain,
	// and neither may change while the archive lasts: everybody who takes part has the
	// public half. NewLedgerKey makes one.
	LedgerKey string

	// Witnesses are asked to cosign every checkpoint. None: checkpoints carry the hub's
	// signature alone.
	Witnesses []Witness

	// Attachments keeps the sealed files that requests list: a folder that AttachmentFolder
	// opened, or a bucket of an object store. It stays the caller's to close, after Stop.
	// Nil: the hub keeps none, and does not have AttachmentService.
	Attachments *blob.Bucket

	// Retention is for how long a request is kept after it was over; then its content is
	// deleted for good. Zero: for ever.
	Retention time.Duration

	// DueEvery is how often is looked for requests whose time has come: how late a
	// warning, a missed deadline or the end of an emergency can be recorded. Zero: a second.
	DueEvery time.Duration

	// Salt makes 32 random bytes for each event. Nil: crypto/rand.
	Salt func() ([]byte, error)

	// Clock tells the time. Nil: time.Now.
	Clock func() time.Time

	// NewID makes the identifiers of requests, of version 7 (RFC 9562). Nil:
	// uuid.NewV7.
	NewID func() (uuid.UUID, error)

	// Logger takes one line a call and one a refused connection: never what was
	// sent. Nil: nothing is logged.
	Logger *slog.Logger

	// Metrics takes the hub's metrics. Nil: they are kept but not shown.
	Metrics prometheus.Registerer

	// Limits bounds what one participant can take of the hub. Zero values: defaults.
	Limits Limits
}

func (c Config) withDefaults() (Config, error) {
	var missing []error
	if c.Archive == nil {
		missing = append(missing, errors.New("an archive is required"))
	}
	if c.Certificate == nil {
		missing = append(missing, errors.New("a certificate is required"))
	}
	if c.TrustDomain == "" {
		missing = append(missing, errors.New("a trust domain is required"))
	}
	if c.Own == nil {
		missing = append(missing, errors.New("the hub's own certification authorities are required"))
	}
	if c.LedgerKey == "" {
		missing = append(missing, errors.New("the ledger's key is required"))
	}
	if c.Salt == nil {
		c.Salt = newSalt
	}
	if c.DueEvery <= 0 {
		c.DueEvery = time.Second
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.NewID == nil {
		c.NewID = uuid.NewV7
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	c.Limits = c.Limits.withDefaults()
	return c, errors.Join(missing...)
}

func newSalt() ([]byte, error) {
	salt := make([]byte, ledger.SaltSize)
	_, err := rand.Read(salt)
	return salt, err
}
