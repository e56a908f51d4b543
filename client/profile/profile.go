// Package profile reads the folder in which the command keeps who somebody is and where the
// hub is, so that a program can share it:
//
//	conn, err := profile.Dial("profiles/agent")
//
// A program that has its certificate, its keys and whom it trusts from elsewhere, such as
// a vault, needs none of it: client.Dial takes each as an option.
package profile

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/liaison-protocol/liaison/client"
)

// The files of a profile's folder.
const (
	File            = "profile.yaml"
	CertificateFile = "cert.pem"
	KeyFile         = "key.pem"
	HubCAFile       = "hub-ca.pem"

	// SigningCertificateFile and SigningKeyFile are what steps are signed with, if they
	// are there; without them cert.pem and key.pem are.
	SigningCertificateFile = "sign-cert.pem"
	SigningKeyFile         = "sign-key.pem"

	// AnswerKeyFile holds the secret keys that open answers; an authority's officer has it.
	AnswerKeyFile = "answer-key.txt"

	// TrustDir holds the organisations that are trusted, LedgerDir what was seen of the
	// hub's ledger.
	TrustDir  = "trust"
	LedgerDir = "ledger"
)

// Profile says where a hub is and who one is there. Its folder holds it as
// profile.yaml, beside cert.pem and key.pem (one's own certificate and key) and
// hub-ca.pem (the certification authorities that the hub's certificate comes from).
type Profile struct {
	// Hub is the hub's address, HOST:PORT.
	Hub string `json:"hub"`
	// ServerName is the name that the hub's certificate carries, where that is not
	// the host in Hub.
	ServerName string `json:"server_name,omitempty"`
	// ID is one's own SPIFFE ID; for people to read, the certificate decides.
	ID string `json:"id,omitempty"`
	// HubKey is the public key that the hub signs its ledger's checkpoints with, in the
	// form of C2SP signed-note.
	HubKey string `json:"hub_key"`
	// Witnesses are who has to cosign the ledger, and how many of them.
	Witnesses struct {
		Required int      `json:"required,omitempty"`
		Keys     []string `json:"keys,omitempty"`
		// Timeout is for how long they are waited for, "30s".
		Timeout string `json:"timeout,omitempty"`
	} `json:"witnesses,omitzero"`
	// Unsealed allows requests whose answers come in clear, for the hub to read, where the
	// authority's entry in the trust folder has the sealing policy OPTIONAL.
	Unsealed bool `json:"unsealed,omitempty"`
	// Organisation is one's own organisation, "platforms/messenger"; for people to
	// read, the hub decides.
	Organisation string `json:"organisation,omitempty"`
}

// Load reads a profile's folder.
func Load(dir string) (Profile, error) {
	text, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		return Profile{}, fmt.Errorf("read the profile: %w", err)
	}
	var p Profile
	if err := yaml.UnmarshalStrict(text, &p); err != nil {
		return Profile{}, fmt.Errorf("read the profile %s: %w", File, err)
	}
	if p.Hub == "" {
		return Profile{}, errors.New(File + ": hub is required: the hub's address, HOST:PORT")
	}
	return p, nil
}

// Dial prepares a connection with what a profile's folder holds, and with further options,
// which come after it. As with client.Dial, nobody is called yet.
func Dial(dir string, options ...client.Option) (*client.Conn, error) {
	p, err := Load(dir)
	if err != nil {
		return nil, err
	}
	found, err := p.options(dir)
	if err != nil {
		return nil, err
	}
	return client.Dial(p.Hub, append(found, options...)...)
}

// options are what the profile's folder says.
func (p Profile) options(dir string) ([]client.Option, error) {
	trust := TrustFolder(filepath.Join(dir, TrustDir))
	organisations, err := trust.Organisations()
	if err != nil {
		return nil, err
	}
	policies, err := trust.Policies()
	if err != nil {
		return nil, err
	}
	options := []client.Option{
		client.WithPolicies(policies),
		client.WithCertificateFiles(filepath.Join(dir, CertificateFile), filepath.Join(dir, KeyFile)),
		client.WithHubCAFile(filepath.Join(dir, HubCAFile)),
		client.WithServerName(p.ServerName),
		client.WithHubKey(p.HubKey),
		client.WithLedgerDir(filepath.Join(dir, LedgerDir)),
		client.WithOrganisations(organisations...),
		client.WithWitnesses(p.Witnesses.Required, p.Witnesses.Keys...),
	}
	if p.Witnesses.Timeout != "" {
		timeout, err := time.ParseDuration(p.Witnesses.Timeout)
		if err != nil || timeout <= 0 {
			return nil, fmt.Errorf("%s: witnesses.timeout: %q is not a time to wait, such as 30s", File, p.Witnesses.Timeout)
		}
		options = append(options, client.WithWitnessTimeout(timeout))
	}
	if p.Unsealed {
		options = append(options, client.WithoutSealing())
	}
	keys, err := os.ReadFile(filepath.Join(dir, AnswerKeyFile))
	switch {
	case err == nil:
		options = append(options, client.WithAnswerKeys(string(keys)))
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	signing, err := tls.LoadX509KeyPair(filepath.Join(dir, SigningCertificateFile), filepath.Join(dir, SigningKeyFile))
	switch {
	case err == nil:
		signer, err := signerOf(signing)
		if err != nil {
			return nil, fmt.Errorf("read the profile's signing key: %w", err)
		}
		options = append(options, signer)
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read the profile's signing key: %w", err)
	}
	return options, nil
}

// signerOf has steps signed with a key that was read from files.
func signerOf(pair tls.Certificate) (client.Option, error) {
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, errors.New("it cannot sign")
	}
	var chain []*x509.Certificate
	for _, der := range pair.Certificate {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		chain = append(chain, certificate)
	}
	return client.WithSigner(key, chain...), nil
}

// Save writes profile.yaml into the profile's folder.
func (p Profile) Save(dir string) error {
	text, err := yaml.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("# Where the hub is and who you are there. The certificate beside this file decides;\n# id and organisation are for you to read.\n")
	b.Write(text)
	if err := os.WriteFile(filepath.Join(dir, File), b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	return nil
}
