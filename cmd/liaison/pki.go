package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
)

// The files of an authority's folder.
const (
	caFile       = "ca.pem"
	caKeyFile    = "ca-key.pem"
	crlFile      = "crl.pem"
	revokedFile  = "revoked.json"
	crlDays      = 3
	leafDays     = 90
	maxLeafYears = 2
)

func (a *app) pkiCommand() *cobra.Command {
	return group("pki", "Make certificates: an authority, its certificates, its revocation list",
		`Makes certificates for an organisation that has no certification authority of its
own. The authority's folder holds its key: keep it offline. The hub's operator needs
ca.pem and crl.pem for the directory, and never the key.`,
		a.pkiCACommand(), a.pkiIssueCommand(), a.pkiRevokeCommand(), a.pkiCRLCommand(), a.pkiShowCommand())
}

func (a *app) pkiCACommand() *cobra.Command {
	var domain string
	cmd := &cobra.Command{
		Use: "ca DIR --trust-domain DOMAIN", Short: "Make a certification authority", Args: exactArgs("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if domain == "" {
				return usage("--trust-domain is required: the organisation's own, such as moc.example")
			}
			if _, err := identity.ParseID("spiffe://" + domain + "/officer/x"); err != nil {
				return usage("--trust-domain must be lower-case letters, digits, '.', '-' and '_', not %q", domain)
			}
			if _, err := makeCA(args[0], domain); err != nil {
				return err
			}
			return a.tell("%s and %s are made for %s", caFile, caKeyFile, domain)
		},
	}
	cmd.Flags().StringVar(&domain, "trust-domain", "", "the organisation's trust domain")
	return cmd
}

// makeCA makes an authority in a folder that has none.
func makeCA(dir, domain string) (*pki.CA, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, caKeyFile)); err == nil {
		return nil, usage("%s has an authority already; it is not replaced", dir)
	}
	ca, err := pki.NewCA(domain, time.Now)
	if err != nil {
		return nil, err
	}
	key, err := pki.KeyPEM(ca.Key)
	if err != nil {
		return nil, err
	}
	return ca, errors.Join(
		pki.WriteFile(filepath.Join(dir, caKeyFile), key),
		pki.WriteFile(filepath.Join(dir, caFile), pki.CertificatePEM(ca.Certificate)),
	)
}

func loadCA(dir string) (*pki.CA, error) {
	certificate, err := os.ReadFile(filepath.Join(dir, caFile))
	if err != nil {
		return nil, usage("%w: DIR must be a folder made by 'liaison pki ca'", err)
	}
	key, err := os.ReadFile(filepath.Join(dir, caKeyFile))
	if err != nil {
		return nil, usage("%w", err)
	}
	return pki.ParseCA(certificate, key, time.Now)
}

func (a *app) pkiIssueCommand() *cobra.Command {
	var role, name, out string
	var hosts []string
	days := leafDays
	cmd := &cobra.Command{
		Use: "issue DIR --role ROLE --name NAME --out DIR", Short: "Issue a certificate", Args: exactArgs("DIR"),
		Example: "  liaison pki issue moc-ca --role officer --name amal.hassan --out profiles/officer",
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usage("--out is required: the folder for cert.pem and key.pem")
			}
			if _, ok := lifecycle.ParseRole(role); !ok {
				return usage("--role must be officer, approver, agent, reviewer, auditor, operator or hub, not %q", role)
			}
			if days < 1 || days > maxLeafYears*366 {
				return usage("--days must be 1 to %d", maxLeafYears*366)
			}
			ca, err := loadCA(args[0])
			if err != nil {
				return err
			}
			if _, err := identity.ParseID("spiffe://" + ca.TrustDomain + "/" + role + "/" + name); err != nil {
				return usage("--name must be 1 to 63 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit")
			}
			leaf, err := issueTo(ca, out, role, name, hosts, time.Now().AddDate(0, 0, days))
			if err != nil {
				return err
			}
			c := leaf.Certificate
			return a.tell("%s valid until %s, serial %s", c.URIs[0].String(), c.NotAfter.Format(time.RFC3339), c.SerialNumber.Text(16))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&role, "role", "", "the holder's role")
	flags.StringVar(&name, "name", "", "the holder's name in the SPIFFE ID")
	flags.StringVar(&out, "out", "", "folder for cert.pem and key.pem")
	flags.StringSliceVar(&hosts, "host", nil, "for a hub: names and addresses that it is reached by")
	flags.IntVar(&days, "days", leafDays, "how many days it is valid")
	return cmd
}

// issueTo issues a certificate with a new key into a folder.
func issueTo(ca *pki.CA, dir, role, name string, hosts []string, until time.Time) (*pki.Leaf, error) {
	r := pki.Request{Role: role, Name: name, NotAfter: until}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			r.IPs = append(r.IPs, ip)
		} else {
			r.DNSNames = append(r.DNSNames, host)
		}
	}
	leaf, err := ca.Issue(r)
	if err != nil {
		return nil, err
	}
	key, err := pki.KeyPEM(leaf.Key)
	if err != nil {
		return nil, err
	}
	return leaf, errors.Join(
		os.MkdirAll(dir, 0o700),
		pki.WriteFile(filepath.Join(dir, "key.pem"), key),
		pki.WriteFile(filepath.Join(dir, "cert.pem"), pki.CertificatePEM(leaf.Certificate)),
	)
}

// revoked is what an authority has revoked.
type revoked struct {
	Number  int64    `json:"number"`  // of the last list
	Serials []string `json:"serials"` // hexadecimal
}

func loadRevoked(dir string) (revoked, error) {
	var r revoked
	text, err := os.ReadFile(filepath.Join(dir, revokedFile))
	if errors.Is(err, os.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, terminal.Failure("read %s: %w", revokedFile, err)
	}
	return r, nil
}

func (a *app) pkiRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "revoke DIR CERT", Short: "Revoke a certificate and make a new revocation list", Args: exactArgs("DIR", "CERT"),
		Long: `Revokes the certificate in the file CERT. It is refused once the new crl.pem is in
the hub's directory: 'liaison directory update NAME --crl DIR/crl.pem'.`,
		RunE: func(_ *cobra.Command, args []string) error {
			certificate, err := readCertificate(args[1])
			if err != nil {
				return err
			}
			ca, err := loadCA(args[0])
			if err != nil {
				return err
			}
			// A list that names a stranger's serial would leave the stolen key in force.
			if err := certificate.CheckSignatureFrom(ca.Certificate); err != nil {
				return usage("%s is not of the authority in %s; nothing was revoked", filepath.Base(args[1]), args[0])
			}
			r, err := loadRevoked(args[0])
			if err != nil {
				return err
			}
			if serial := certificate.SerialNumber.Text(16); !slices.Contains(r.Serials, serial) {
				r.Serials = append(r.Serials, serial)
			}
			return a.writeCRL(args[0], r, crlDays)
		},
	}
}

func (a *app) pkiCRLCommand() *cobra.Command {
	days := crlDays
	cmd := &cobra.Command{
		Use: "crl DIR", Short: "Make a current revocation list", Args: exactArgs("DIR"),
		Long: `Makes crl.pem anew. A list that is not renewed in time shuts out the whole
organisation: make one every day.`,
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := loadRevoked(args[0])
			if err != nil {
				return err
			}
			return a.writeCRL(args[0], r, days)
		},
	}
	cmd.Flags().IntVar(&days, "days", crlDays, "how many days it is valid")
	return cmd
}

func (a *app) writeCRL(dir string, r revoked, days int) error {
	ca, err := loadCA(dir)
	if err != nil {
		return err
	}
	r.Number++
	var serials []*big.Int
	for _, text := range r.Serials {
		serial, ok := new(big.Int).SetString(text, 16)
		if !ok {
			return terminal.Failure("%s holds a serial number that is none", revokedFile)
		}
		serials = append(serials, serial)
	}
	until := time.Now().AddDate(0, 0, days)
	list, err := ca.RevocationList(serials, r.Number, until)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	// What was revoked is remembered before the list says so.
	if err := errors.Join(
		pki.WriteFile(filepath.Join(dir, revokedFile), text),
		pki.WriteFile(filepath.Join(dir, crlFile), pki.RevocationListPEM(list)),
	); err != nil {
		return err
	}
	return a.tell("%s number %d, %d revoked, valid until %s", crlFile, r.Number, len(serials), until.UTC().Format(time.RFC3339))
}

func (a *app) pkiShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show CERT", Short: "Show what a certificate says", Args: exactArgs("CERT"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := readCertificate(args[0])
			if err != nil {
				return err
			}
			id := a.Say("none")
			if len(c.URIs) > 0 {
				id = c.URIs[0].String()
			}
			return a.table([]string{"FIELD", "VALUE"}, [][]string{
				{a.Say("SPIFFE ID"), id},
				{a.Say("authority"), fmt.Sprint(c.IsCA)},
				{a.Say("serial"), c.SerialNumber.Text(16)},
				{a.Say("valid from"), c.NotBefore.UTC().Format(time.RFC3339)},
				{a.Say("valid until"), c.NotAfter.UTC().Format(time.RFC3339)},
				{a.Say("names"), fmt.Sprint(c.DNSNames, c.IPAddresses)},
			})
		},
	}
}

func readCertificate(path string) (*x509.Certificate, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("%w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, usage("%s is not a certificate in PEM", filepath.Base(path))
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, usage("%s cannot be read: %w", filepath.Base(path), err)
	}
	return certificate, nil
}
