package client_test

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// dialSealing connects somebody without answer keys, whose copy of authorities/dpo has this
// sealing policy.
func dialSealing(t *testing.T, kit *liaisontest.Kit, who string, policy liaisonv1.SealingPolicy, options ...client.Option) *client.Conn {
	t.Helper()
	var organisations []*liaisonv1.Organisation
	for _, o := range kit.Organisations() {
		if o.GetName() == "authorities/dpo" {
			o = proto.CloneOf(o)
			o.SealingPolicy = policy
		}
		organisations = append(organisations, o)
	}
	options = append(options, client.WithTLS(kit.Certificate(who), kit.HubCAs()), client.WithHubKey(kit.HubKey()), client.WithOrganisations(organisations...))
	conn, err := client.Dial(kit.Target(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

const (
	sealingRequired = liaisonv1.SealingPolicy_SEALING_POLICY_REQUIRED
	sealingDefault  = liaisonv1.SealingPolicy_SEALING_POLICY_UNSPECIFIED
	sealingOptional = liaisonv1.SealingPolicy_SEALING_POLICY_OPTIONAL
)

// TestNothingIsFiledInClearAgainstTheOwnPolicy: what WithoutSealing allows, the authority
// must allow too, as this side knows it and as the hub does.
func TestNothingIsFiledInClearAgainstTheOwnPolicy(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	for _, c := range []struct {
		name    string
		who     string
		policy  liaisonv1.SealingPolicy
		options []client.Option
		want    error
	}{
		{"neither allows it", "dpo-officer", sealingRequired, nil, client.ErrNoAnswerKeys},
		{"the caller alone allows it", "dpo-officer", sealingRequired, []client.Option{client.WithoutSealing()}, client.ErrNoAnswerKeys},
		{"the policy is the default one", "dpo-officer", sealingDefault, []client.Option{client.WithoutSealing()}, client.ErrNoAnswerKeys},
		{"the organisation alone allows it", "dpo-officer", sealingOptional, nil, client.ErrNoAnswerKeys},
		{"both allow it", "dpo-officer", sealingOptional, []client.Option{client.WithoutSealing()}, nil},
		{"of another organisation's policy", "officer", sealingOptional, []client.Option{client.WithoutSealing()}, client.ErrNoAnswerKeys},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := dialSealing(t, kit, c.who, c.policy, c.options...).Authority().File(t.Context(), emergency("S-"+c.who))
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, wanted %v", err, c.want)
			}
		})
	}
}

// TestARequestInClearIsDistrustedWhereEveryAnswerIsSealed: a hub that lets one be filed, or
// says that the authority's policy is another, is found out by either side's own copy.
func TestARequestInClearIsDistrustedWhereEveryAnswerIsSealed(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := dialSealing(t, kit, "dpo-officer", sealingOptional, client.WithoutSealing()).Authority()
	urgent, err := officer.File(t.Context(), emergency("S-NOW"))
	if err != nil {
		t.Fatal(err)
	}
	later, err := officer.File(t.Context(), named("S-LATER"))
	if err != nil {
		t.Fatal(err)
	}
	approver := dialSealing(t, kit, "dpo-approver", sealingOptional).Authority()
	if _, err := approver.Approve(t.Context(), later.GetRequest(), nil, client.IfMatch(later.GetEtag())); err != nil {
		t.Fatal(err)
	}
	for who, get := range map[string]func(*client.Conn, string) error{
		"dpo-officer": func(c *client.Conn, name string) error { _, err := c.Authority().Get(t.Context(), name); return err },
		"agent":       func(c *client.Conn, name string) error { _, err := c.Platform().Get(t.Context(), name); return err },
	} {
		for what, name := range map[string]string{"filed": urgent.GetRequest(), "delivered": later.GetRequest()} {
			t.Run(what+", read by "+who, func(t *testing.T) {
				caught(t, get(dialSealing(t, kit, who, sealingRequired), name), client.ErrInClear)
				caught(t, get(dialSealing(t, kit, who, sealingDefault), name), client.ErrInClear)
				if err := get(dialSealing(t, kit, who, sealingOptional), name); err != nil {
					t.Errorf("where it is allowed: %v", err)
				}
			})
		}
	}
}

// named is the example's request with a reference of its own.
func named(reference string) *liaisonv1.RequestSpec {
	spec := exampleSpec()
	spec.Reference = reference
	return spec
}
