package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/liaison-protocol/liaison/server"
)

const hubFile = "hub.yaml"

// hubConfig is what hub.yaml says. Paths are relative to its folder.
type hubConfig struct {
	Listen          string        `yaml:"listen"`
	MetricsListen   string        `yaml:"metrics_listen"`
	Store           string        `yaml:"store"`
	Attachments     string        `yaml:"attachments"`
	TrustDomain     string        `yaml:"trust_domain"`
	Certificate     string        `yaml:"certificate"`
	Key             string        `yaml:"key"`
	CACertificates  string        `yaml:"ca_certificates"`
	RevocationLists string        `yaml:"revocation_lists"`
	LedgerKey       string        `yaml:"ledger_key"`
	Retention       time.Duration `yaml:"retention"`
	Witnesses       []struct {
		URL string `yaml:"url"`
		Key string `yaml:"key"`
	} `yaml:"witnesses"`
	StopTimeout time.Duration `yaml:"stop_timeout"`
	Log         struct {
		Level  string `yaml:"level"`
		Format string `yaml:"format"`
	} `yaml:"log"`
	Limits struct {
		MessageBytes               int           `yaml:"message_bytes"`
		CallsPerSecond             float64       `yaml:"calls_per_second"`
		CallBurst                  int           `yaml:"call_burst"`
		AccessesPerSecond          float64       `yaml:"accesses_per_second"`
		AccessBurst                int           `yaml:"access_burst"`
		CallDuration               time.Duration `yaml:"call_duration"`
		StreamsPerConnection       int           `yaml:"streams_per_connection"`
		StreamsPerOrganisation     int           `yaml:"streams_per_organisation"`
		ConnectionsPerOrganisation int           `yaml:"connections_per_organisation"`
		Connections                int           `yaml:"connections"`
		MinPingInterval            time.Duration `yaml:"min_ping_interval"`
	} `yaml:"limits"`
}

// hubTemplate is the hub.yaml that init writes: every setting, explained, with the
// value it has.
const hubTemplate = `# The settings of this hub. Paths are relative to this file. Unknown settings are
# errors. A change takes effect when the hub is started again; certificate files are
# read again by themselves when they change.

# Where the hub listens: HOST:PORT. Port 0 takes a free one. 'liaison hub serve
# --listen' overrides it.
listen: %s

# Where metrics are served for Prometheus, at /metrics, over plain HTTP: keep it on
# loopback or a private network. Empty: nowhere.
metrics_listen: ""

# The archive: the file of an SQLite database, on a local, encrypted disk; or, for hubs
# that are more than one process, postgres://USER@HOST/DATABASE?sslmode=verify-full of a
# PostgreSQL database that they share. Keep the password out of here: PGPASSFILE names
# the file that has it.
store: %s

# Where attachments are kept, sealed by their senders: a folder, or the URL of an object
# store (s3://BUCKET?region=..., gs://BUCKET, azblob://CONTAINER; credentials come from the
# environment, as these services' own tools take them). Several hubs need the same one.
# Empty: this hub takes no attachments.
attachments: data/attachments

# The hub's own trust domain: its operators' certificates and its own are of it.
trust_domain: %s

# The hub's certificate and key, PEM, and the certification authorities of its
# trust domain.
certificate: pki/hub/cert.pem
key: pki/hub/key.pem
ca_certificates: pki/hub-ca/ca.pem

# The revocation lists of the hub's trust domain, PEM. Empty: none. One that is out of
# date shuts all operators out.
revocation_lists: ""

# The key that the checkpoints of the hub's ledger are signed with; its public half,
# hub_key in everybody's profile, is beside it. Keep a copy: under another key nobody
# believes this hub any more.
ledger_key: pki/ledger/key.txt

# Independent witnesses who cosign every checkpoint (C2SP tlog-witness). Each has a url
# and a key, as 'liaison ledger witness --name' prints it.
witnesses: []

# For how long a request is kept after it was over, such as 8760h. Then its content is
# deleted for good; the ledger keeps its leaves. 0s: for ever.
retention: 0s

# How long calls that are under way may take when the hub is stopped.
stop_timeout: 10s

log:
  # debug, info, warn or error. Whatever the level, what is sent and answered is
  # never logged.
  level: info
  # text or json, one line each, on standard error.
  format: text

# What one participant can take of the hub. Zero: the default, which is named.
limits:
  # The largest message that the hub takes. Default: 4194304.
  message_bytes: 0
  # How many calls an organisation may make a second, and at once. Defaults: 2000, 4000.
  calls_per_second: 0
  call_burst: 0
  # How many requests an oversight body's auditors may be shown a second, and at once.
  # Defaults: 20, 1000.
  accesses_per_second: 0
  access_burst: 0
  # How long the hub works on a call that is not a stream. Default: 30s.
  call_duration: 0s
  # How many calls a connection may have open. Default: 256.
  streams_per_connection: 0
  # How many watches and connections an organisation may have open. Defaults: 1024, 1024.
  streams_per_organisation: 0
  connections_per_organisation: 0
  # How many connections the hub serves at a time. Default: 16384.
  connections: 0
  # How often a client may ping. Default: 20s.
  min_ping_interval: 0s
`

// loadHubConfig reads a hub's folder. Errors name the line.
func loadHubConfig(dir string) (hubConfig, error) {
	var c hubConfig
	text, err := os.ReadFile(filepath.Join(dir, hubFile))
	if err != nil {
		return c, usage("%w: DIR must be a folder made by 'liaison hub init'", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, usage("%s: %w", hubFile, err)
	}
	return c, c.check()
}

func (c hubConfig) check() error {
	for name, value := range map[string]string{
		"listen": c.Listen, "store": c.Store, "trust_domain": c.TrustDomain,
		"certificate": c.Certificate, "key": c.Key, "ca_certificates": c.CACertificates, "ledger_key": c.LedgerKey,
	} {
		if value == "" {
			return usage("%s: %s is required", hubFile, name)
		}
	}
	if _, err := c.level(); err != nil {
		return err
	}
	switch c.Log.Format {
	case "text", "json", "":
	default:
		return usage("%s: log.format must be text or json, not %q", hubFile, c.Log.Format)
	}
	if c.Retention < 0 {
		return usage("%s: retention must not be negative", hubFile)
	}
	for i, w := range c.Witnesses {
		if w.URL == "" || w.Key == "" {
			return usage("%s: witnesses[%d] needs a url and a key", hubFile, i)
		}
	}
	if c.StopTimeout < 0 {
		return usage("%s: stop_timeout must not be negative", hubFile)
	}
	for name, n := range map[string]float64{
		"message_bytes": float64(c.Limits.MessageBytes), "calls_per_second": c.Limits.CallsPerSecond, "call_burst": float64(c.Limits.CallBurst),
		"accesses_per_second": c.Limits.AccessesPerSecond, "access_burst": float64(c.Limits.AccessBurst),
		"call_duration": float64(c.Limits.CallDuration), "streams_per_connection": float64(c.Limits.StreamsPerConnection),
		"streams_per_organisation": float64(c.Limits.StreamsPerOrganisation), "connections_per_organisation": float64(c.Limits.ConnectionsPerOrganisation),
		"connections": float64(c.Limits.Connections), "min_ping_interval": float64(c.Limits.MinPingInterval),
	} {
		if !(n >= 0) { // which not-a-number is not either
			return usage("%s: limits.%s must not be negative", hubFile, name)
		}
	}
	return nil
}

func (c hubConfig) limits() server.Limits {
	l := c.Limits
	return server.Limits{
		MessageBytes: l.MessageBytes, CallsPerSecond: l.CallsPerSecond, CallBurst: l.CallBurst, CallDuration: l.CallDuration,
		AccessesPerSecond: l.AccessesPerSecond, AccessBurst: l.AccessBurst,
		StreamsPerConnection: l.StreamsPerConnection, StreamsPerOrganisation: l.StreamsPerOrganisation,
		ConnectionsPerOrganisation: l.ConnectionsPerOrganisation, Connections: l.Connections, MinPingInterval: l.MinPingInterval,
	}
}

func (c hubConfig) witnesses() []server.Witness {
	var witnesses []server.Witness
	for _, w := range c.Witnesses {
		witnesses = append(witnesses, server.Witness{URL: w.URL, Key: w.Key})
	}
	return witnesses
}

// inFolder returns a path of hub.yaml as it is from here.
func inFolder(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func hubYAML(o initOptions) []byte {
	return fmt.Appendf(nil, hubTemplate, o.listen, strconv.Quote(o.store), o.domain)
}
