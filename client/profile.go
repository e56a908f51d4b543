package client

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sigs.k8s.io/yaml"
)

// The files of a profile's folder.
const (
	ProfileFile     = "profile.yaml"
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
	// Unsealed allows requests whose answers come in clear, for the hub to read.
	Unsealed bool `json:"unsealed,omitempty"`
	// Organisation is one's own organisation, "platforms/messenger"; for people to
	// read, the hub decides.
	Organisation string `json:"organisation,omitempty"`
}

// LoadProfile reads a profile's folder.
func LoadProfile(dir string) (Profile, error) {
	text, err := os.ReadFile(filepath.Join(dir, ProfileFile))
	if err != nil {
		return Profile{}, fmt.Errorf("read the profile: %w", err)
	}
	var p Profile
	if err := yaml.UnmarshalStrict(text, &p); err != nil {
		return Profile{}, fmt.Errorf("read the profile %s: %w", ProfileFile, err)
	}
	if p.Hub == "" {
		return Profile{}, errors.New(ProfileFile + ": hub is required: the hub's address, HOST:PORT")
	}
	return p, nil
}

// options are what the profile's folder says.
func (p Profile) options(dir string) ([]Option, error) {
	organisations, err := LoadOrganisations(filepath.Join(dir, TrustDir))
	if err != nil {
		return nil, err
	}
	policies, err := LoadPolicies(filepath.Join(dir, TrustDir))
	if err != nil {
		return nil, err
	}
	options := []Option{
		WithPolicies(policies),
		WithCertificateFiles(filepath.Join(dir, CertificateFile), filepath.Join(dir, KeyFile)),
		WithHubCAFile(filepath.Join(dir, HubCAFile)),
		WithServerName(p.ServerName),
		WithHubKey(p.HubKey),
		WithLedgerDir(filepath.Join(dir, LedgerDir)),
		WithOrganisations(organisations...),
		WithWitnesses(p.Witnesses.Required, p.Witnesses.Keys...),
	}
	if p.Witnesses.Timeout != "" {
		timeout, err := time.ParseDuration(p.Witnesses.Timeout)
		if err != nil || timeout <= 0 {
			return nil, fmt.Errorf("%s: witnesses.timeout: %q is not a time to wait, such as 30s", ProfileFile, p.Witnesses.Timeout)
		}
		options = append(options, WithWitnessTimeout(timeout))
	}
	if p.Unsealed {
		options = append(options, WithoutSealing())
	}
	keys, err := os.ReadFile(filepath.Join(dir, AnswerKeyFile))
	switch {
	case err == nil:
		options = append(options, WithAnswerKeys(string(keys)))
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	signing, err := tls.LoadX509KeyPair(filepath.Join(dir, SigningCertificateFile), filepath.Join(dir, SigningKeyFile))
	switch {
	case err == nil:
		signer, err := signerOf(&signing)
		if err != nil {
			return nil, err
		}
		options = append(options, WithSigner(signer.Key, signer.Chain...))
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read the profile's signing key: %w", err)
	}
	return options, nil
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
	if err := os.WriteFile(filepath.Join(dir, ProfileFile), b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	return nil
}
