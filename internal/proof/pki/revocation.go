package pki

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// RevocationList makes a list of what the authority revokes, valid from now until
// nextUpdate. Number must be higher than that of every earlier list.
func (c *CA) RevocationList(revoked []*big.Int, number int64, nextUpdate time.Time) (*x509.RevocationList, error) {
	now := c.clock()
	return c.RevocationListAt(revoked, number, now.Add(-backdating), nextUpdate, now)
}

// RevocationListAt makes a list with any times, as a test may want.
func (c *CA) RevocationListAt(revoked []*big.Int, number int64, thisUpdate, nextUpdate, revokedAt time.Time) (*x509.RevocationList, error) {
	template := &x509.RevocationList{
		Number:     big.NewInt(number),
		ThisUpdate: thisUpdate,
		NextUpdate: nextUpdate,
	}
	for _, serial := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber:   serial,
			RevocationTime: revokedAt,
		})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, c.Certificate, c.Key)
	if err != nil {
		return nil, fmt.Errorf("sign the revocation list: %w", err)
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("read the revocation list: %w", err)
	}
	return list, nil
}

// newSerial returns a random serial number of 127 bits (RFC 5280, section 4.1.2.2).
func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	if serial.Sign() == 0 {
		return nil, errors.New("make a serial number: it is zero")
	}
	return serial, nil
}
