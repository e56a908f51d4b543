package client

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Policies are what a side knows by itself of who may approve what.
type Policies = verify.Policies

// WithPolicies holds requests against one's own copy of the directory's policies, as they
// were told by another way than the hub. A platform that has an authority's filing policy
// takes up no request of it that was approved, or validated, at too low a level by that
// policy, under its own copy of the country's policy, or the contract's default without
// one. Of an authority without a copy the hub's word counts for the level, and nothing is
// taken up that one officer filed alone.
func WithPolicies(p Policies) Option { return func(d *dialing) { d.policies = p } }

// policySuffix is that of a trust folder's files which hold policies.
const policySuffix = ".policy.yaml"

// SavePolicy writes an authority's filing policy ("authorities/moc") or a country's policy
// ("countries/IQ") into a trust folder.
func SavePolicy(dir, name string, policy proto.Message) error {
	text, err := protoyaml.MarshalOptions{UseProtoNames: true, Indent: 2}.Marshal(policy)
	if err != nil {
		return fmt.Errorf("keep the policy of %s: %w", name, err)
	}
	if err := writeWhole(policyFile(dir, name), text); err != nil {
		return fmt.Errorf("keep the policy of %s: %w", name, err)
	}
	return nil
}

func policyFile(dir, name string) string {
	return filepath.Join(dir, strings.ReplaceAll(name, "/", "-")+policySuffix)
}

// LoadPolicies reads the policies of a trust folder. A folder that is not there holds none.
func LoadPolicies(dir string) (Policies, error) {
	p := Policies{Filing: make(map[string]*liaisonv1.FilingPolicy), Countries: make(map[string]*liaisonv1.CountryPolicy)}
	paths, err := filepath.Glob(filepath.Join(dir, "*"+policySuffix))
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
