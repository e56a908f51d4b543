package client

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"buf.build/go/protoyaml"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Policies are what a side knows by itself of who may approve what: by authority,
// "authorities/moc", and by country, "IQ".
type Policies struct {
	Filing    map[string]*liaisonv1.FilingPolicy
	Countries map[string]*liaisonv1.CountryPolicy
}

// WithPolicies holds requests against one's own copy of the directory's policies, as they
// were told by another way than the hub. A platform that has an authority's filing policy
// takes up no request of it that was approved, or validated, at too low a level by that
// policy, under its own copy of the country's policy, or the contract's default without
// one. Of an authority without a copy the hub's word counts for the level, and nothing is
// taken up that one officer filed alone.
func WithPolicies(p Policies) Option { return func(d *dialing) { d.policies = p } }

// checkPolicies holds a request that a platform still has to deal with against its own copy
// of the policies. What is over is not judged by what may have changed since.
func (s *story) checkPolicies() error {
	r := s.request
	if s.side != lifecycle.PlatformSide || lifecycle.Terminal(lifecycle.State(r.GetState())) {
		return nil
	}
	policy, kept := s.trust.policies.Filing[r.GetAuthority()]
	if r.GetSecondPersonWaived() && !slices.Contains(policy.GetSingleOfficerKinds(), r.GetSpec().GetKind()) {
		return &Distrust{
			Kind: ErrUnapproved, Request: r.GetName(),
			Detail: "one officer filed it alone, and no policy kept here says that " + r.GetAuthority() + " may: keep its policy with 'liaison trust policy', or WithPolicies, after it was confirmed by another way",
		}
	}
	by := cmp.Or(r.GetValidatedBy(), r.GetApprovedBy())
	if !kept || by == "" {
		return nil
	}
	laws := []*liaisonv1.CountryPolicy{s.trust.policies.Countries[r.GetSpec().GetLegalBasis().GetCountry()]}
	if o, err := s.trust.organisation(r.GetAuthority()); err == nil && o.GetCountry() != "" {
		laws = append(laws, s.trust.policies.Countries[o.GetCountry()])
	}
	if err := scope.CheckLevel(r.GetSpec(), scope.LevelOf(policy, by), laws...); err != nil {
		return &Distrust{Kind: ErrUnapproved, Request: r.GetName(), Detail: err.Error()}
	}
	return nil
}

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
