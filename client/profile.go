package client

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// The files of a profile's folder.
const (
	ProfileFile     = "profile.yaml"
	CertificateFile = "cert.pem"
	KeyFile         = "key.pem"
	HubCAFile       = "hub-ca.pem"
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
