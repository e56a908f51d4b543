package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// The endings of a trust folder's files.
const (
	organisationSuffix = ".yaml"
	policySuffix       = ".policy.yaml"
)

// TrustFolder is a folder of the organisations that are trusted, and of one's own copies of
// policies: one file each, in YAML, a message of the contract. What stands in it came by
// another way than the hub, or was confirmed by one.
type TrustFolder string

// Organisations reads who is trusted. A folder that is not there holds none.
func (f TrustFolder) Organisations() ([]*liaisonv1.Organisation, error) {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the trusted organisations: %w", err)
	}
	var found []*liaisonv1.Organisation
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), organisationSuffix) || strings.HasSuffix(entry.Name(), policySuffix) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(string(f), entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the trusted organisations: %w", err)
		}
		o := &liaisonv1.Organisation{}
		if err := (protoyaml.UnmarshalOptions{Path: entry.Name()}).Unmarshal(text, o); err != nil {
			return nil, fmt.Errorf("read the trusted organisations: %w", err)
		}
		found = append(found, o)
	}
	return found, nil
}

// Save trusts an organisation from now on. It keeps what says who may speak for it and whom
// attachments for it are sealed to, and nothing else of its entry.
func (f TrustFolder) Save(o *liaisonv1.Organisation) error {
	if err := verify.CheckOrganisation(o); err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	kept := &liaisonv1.Organisation{
		Name: o.GetName(), DisplayNames: o.GetDisplayNames(), TrustDomain: o.GetTrustDomain(),
		CaCertificates: o.GetCaCertificates(), RevocationLists: o.GetRevocationLists(), SignaturePolicy: o.GetSignaturePolicy(),
		SealingPolicy:        o.GetSealingPolicy(),
		AttachmentRecipients: o.GetAttachmentRecipients(),
	}
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(kept)
	if err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	if err := f.write(o.GetName()+organisationSuffix, text); err != nil {
		return fmt.Errorf("trust %s: %w", o.GetName(), err)
	}
	return nil
}

// Remove trusts an organisation no longer. Of one that is not trusted the error is
// os.ErrNotExist.
func (f TrustFolder) Remove(name string) error { return os.Remove(f.path(name + organisationSuffix)) }

// path is where a folder has what is kept of a name.
func (f TrustFolder) path(name string) string {
	return filepath.Join(string(f), strings.ReplaceAll(name, "/", "-"))
}

// write keeps what is said of a name, whole or not at all.
func (f TrustFolder) write(name string, text []byte) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	return pki.WriteFile(f.path(name), text)
}

// SavePolicy keeps an authority's filing policy ("authorities/moc") or a country's policy
// ("countries/IQ").
func (f TrustFolder) SavePolicy(name string, policy proto.Message) error {
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(policy)
	if err != nil {
		return fmt.Errorf("keep the policy of %s: %w", name, err)
	}
	if err := f.write(name+policySuffix, text); err != nil {
		return fmt.Errorf("keep the policy of %s: %w", name, err)
	}
	return nil
}

// Policies reads the policies that are kept. A folder that is not there holds none.
func (f TrustFolder) Policies() (client.Policies, error) {
	p := client.Policies{Filing: make(map[string]*liaisonv1.FilingPolicy), Countries: make(map[string]*liaisonv1.CountryPolicy)}
	paths, err := filepath.Glob(filepath.Join(string(f), "*"+policySuffix))
	if err != nil {
		return p, fmt.Errorf("read the trusted policies: %w", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return p, fmt.Errorf("read the trusted policies: %w", err)
		}
		read := protoyaml.UnmarshalOptions{Path: filepath.Base(path)}
		name := strings.TrimSuffix(filepath.Base(path), policySuffix)
		collection, id, _ := strings.Cut(name, "-")
		switch resource.Collection(collection) {
		case resource.Authorities:
			policy := &liaisonv1.FilingPolicy{}
			err = read.Unmarshal(text, policy)
			p.Filing[collection+"/"+id] = policy
		case resource.Countries:
			policy := &liaisonv1.CountryPolicy{}
			err = read.Unmarshal(text, policy)
			p.Countries[id] = policy
		default:
			err = fmt.Errorf("%s is neither an authority's nor a country's", filepath.Base(path))
		}
		if err != nil {
			return p, fmt.Errorf("read the trusted policies: %w", err)
		}
	}
	return p, nil
}
