package postgres

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// connectTimeout bounds the try at one host, so that another one is tried soon.
	connectTimeout = 3 * time.Second

	// idleTransaction is after how long the database ends a transaction whose hub has
	// fallen silent: it holds the row that all others wait for.
	idleTransaction = "10s"
)

// configure reads a connection string.
func configure(connection string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(connection)
	if err != nil {
		return nil, errConnection // the driver's own words quote the string
	}
	c := &config.ConnConfig.Config
	if err := checkHost(c.Host, c.TLSConfig); err != nil {
		return nil, err
	}
	for _, other := range c.Fallbacks {
		if err := checkHost(other.Host, other.TLSConfig); err != nil {
			return nil, err
		}
	}
	// Of several hosts, the one that takes writes. A standby would show what was.
	c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	if c.ConnectTimeout == 0 || c.ConnectTimeout > time.Minute {
		c.ConnectTimeout = connectTimeout
	}
	c.DialFunc = (&net.Dialer{Timeout: c.ConnectTimeout, KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3,
	}}).DialContext
	c.RuntimeParams["application_name"] = "liaison"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = idleTransaction
	return config, nil
}

// checkHost refuses a host that is reached over a network and need not prove who it is:
// who stands in its place would read the archive and write it.
func checkHost(host string, t *tls.Config) error {
	if strings.HasPrefix(host, "/") || host == "localhost" {
		return nil
	}
	if address, err := netip.ParseAddr(host); err == nil && address.IsLoopback() {
		return nil
	}
	// With sslmode=verify-ca the driver checks the chain by itself, but not the name.
	if t == nil || t.InsecureSkipVerify || t.ServerName == "" {
		return fmt.Errorf("%w: a host that is not this machine must prove itself: add sslmode=verify-full, and sslrootcert=FILE unless the system knows its certification authority", errSettings)
	}
	return nil
}
