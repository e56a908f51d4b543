package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

const (
	defaultListen = "127.0.0.1:7443"
	hubLeafDays   = 365
)

func (a *app) hubCommand() *cobra.Command {
	return group("hub", "Set up a hub and serve it", "", a.hubInitCommand(), a.hubServeCommand())
}

// initOptions say what kind of folder is made.
type initOptions struct {
	example bool
	listen  string
	hosts   []string // that the hub is reached by, besides this machine's own
	domain  string
	store   string
}

func (a *app) hubInitCommand() *cobra.Command {
	o := initOptions{}
	cmd := &cobra.Command{
		Use: "init DIR", Short: "Make a hub's folder", Args: exactArgs("DIR"),
		Long: `Makes a folder with everything a hub needs: hub.yaml with every setting explained,
data/ for the archive, pki/ with the hub's own certification authority, and
profiles/operator. With --example also the example organisations, each with an
authority in pki/ and people in profiles/, to try things out:

  officer, approver              of the Ministry of Communications
  dpo-officer, dpo-approver      of the Data Protection Office
  agent                          of Messenger
  filehost-agent                 of Filehost
  auditor, reviewer              of the Parliamentary Privacy Commissioner
  operator                       of the hub`,
		Example: "  liaison hub init hub --example\n  liaison hub serve hub",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := initHub(cmd.Context(), args[0], o); err != nil {
				return err
			}
			return a.tell("The hub's folder is %s. Serve it: liaison hub serve %s", args[0], args[0])
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.example, "example", false, "with the example organisations")
	flags.StringVar(&o.listen, "listen", defaultListen, "address that the hub will listen at, HOST:PORT")
	flags.StringSliceVar(&o.hosts, "host", nil, "names and addresses that the hub is reached by, besides localhost, 127.0.0.1 and ::1")
	flags.StringVar(&o.store, "store", defaultStore, "the archive: a file in the folder, or postgres://USER@HOST/DATABASE")
	flags.StringVar(&o.domain, "trust-domain", example.HubDomain, "the hub's own trust domain")
	return cmd
}

// initHub makes a hub's folder. What it began and could not finish it takes away again.
func initHub(ctx context.Context, dir string, o initOptions) (err error) {
	if o.example && o.domain != example.HubDomain {
		return usage("--trust-domain: the example's hub has the trust domain %s", example.HubDomain)
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usage("%s is not empty; nothing was changed", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			for _, name := range []string{hubFile, "data", "pki", "profiles"} {
				err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
			}
		}
	}()
	if err := pki.WriteFile(filepath.Join(dir, hubFile), hubYAML(o)); err != nil {
		return err
	}
	authorities := make(map[string]*pki.CA)
	if authorities[o.domain], err = makeCA(filepath.Join(dir, "pki", "hub-ca"), o.domain); err != nil {
		return err
	}
	hosts := append([]string{"localhost", "127.0.0.1", "::1"}, o.hosts...)
	until := time.Now().AddDate(0, 0, hubLeafDays)
	if _, err := issueTo(authorities[o.domain], filepath.Join(dir, "pki", "hub"), "hub", "hub", hosts, until); err != nil {
		return err
	}
	profiles := []example.Profile{{Name: "operator", TrustDomain: o.domain, Role: "operator", Person: "operator"}}
	if o.example {
		profiles = example.Profiles()
		for _, domain := range example.TrustDomains() {
			if authorities[domain], err = makeCA(filepath.Join(dir, "pki", domain), domain); err != nil {
				return err
			}
		}
	}
	made := profileMaker{
		hubCA: pki.CertificatePEM(authorities[o.domain].Certificate), hub: o.listen, keys: make(map[string]sealingKey),
	}
	if made.hubKey, err = makeLedgerKey(filepath.Join(dir, "pki", "ledger"), o.domain); err != nil {
		return err
	}
	for _, p := range profiles {
		if p.Role == "agent" {
			if made.keys[p.Organisation], err = newSealingKey(); err != nil {
				return err
			}
		}
	}
	if made.organisations, err = fillArchive(ctx, dir, o, authorities, made.recipients); err != nil {
		return err
	}
	for _, p := range profiles {
		if err := made.write(filepath.Join(dir, "profiles", p.Name), p, authorities[p.TrustDomain]); err != nil {
			return err
		}
	}
	return nil
}

// makeLedgerKey makes the key of the hub's ledger in a folder, and returns its public half.
func makeLedgerKey(dir, name string) (public string, err error) {
	secret, public, err := ledger.NewKey(name)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := newSecret(filepath.Join(dir, "key.txt"), secret+"\n"); err != nil {
		return "", err
	}
	return public, pki.WriteFile(filepath.Join(dir, "key.pub"), []byte(public+"\n"))
}

// profileMaker makes the folders of those who take part.
type profileMaker struct {
	hubCA         []byte
	hub, hubKey   string
	organisations []*liaisonv1.Organisation
	keys          map[string]sealingKey // of platforms
}

// sealingKey is what attachments are sealed to, and opened with.
type sealingKey struct{ secret, recipient string }

func newSealingKey() (k sealingKey, err error) {
	k.secret, k.recipient, err = sealed.NewKey()
	return k, err
}

// recipients are whom attachments for a platform are sealed to.
func (m profileMaker) recipients(platform string) []string {
	return []string{m.keys[platform].recipient}
}

// write makes the folder of somebody who takes part. An officer's has a key to open
// answers with, an agent's the platform's key to open attachments with.
func (m profileMaker) write(dir string, p example.Profile, ca *pki.CA) error {
	if _, err := issueTo(ca, dir, p.Role, p.Person, nil, time.Now().AddDate(0, 0, leafDays)); err != nil {
		return err
	}
	if err := pki.WriteFile(filepath.Join(dir, profile.HubCAFile), m.hubCA); err != nil {
		return err
	}
	for _, o := range m.organisations {
		if err := profile.TrustFolder(filepath.Join(dir, profile.TrustDir)).Save(o); err != nil {
			return err
		}
	}
	for _, o := range m.organisations {
		if policy := example.FilingPolicies()[o.GetName()]; policy != nil {
			if err := profile.TrustFolder(filepath.Join(dir, profile.TrustDir)).SavePolicy(o.GetName(), policy); err != nil {
				return err
			}
		}
	}
	if p.Role == "officer" {
		if _, err := makeAnswerKey(filepath.Join(dir, profile.AnswerKeyFile)); err != nil {
			return err
		}
	}
	if key, ok := m.keys[p.Organisation]; ok && p.Role == "agent" {
		if err := newSecret(filepath.Join(dir, profile.AnswerKeyFile), keyText(key.secret, key.recipient)); err != nil {
			return err
		}
	}
	return profile.Profile{Hub: m.hub, HubKey: m.hubKey, ID: p.ID(), Organisation: p.Organisation}.Save(dir)
}

// fillArchive makes the archive with the directory's first entries, and returns whose
// they are.
func fillArchive(ctx context.Context, dir string, o initOptions, authorities map[string]*pki.CA, recipients func(string) []string) (organisations []*liaisonv1.Organisation, err error) {
	archive, err := openArchive(ctx, dir, o.store)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	if !o.example {
		return nil, nil
	}
	for _, entry := range example.Entries(func(domain string) []byte {
		return pki.CertificatePEM(authorities[domain].Certificate)
	}, recipients) {
		registered, err := server.Register(ctx, archive, example.HubDomain, time.Now, entry)
		if err != nil {
			return nil, err
		}
		organisations = append(organisations, registered)
	}
	return organisations, nil
}
