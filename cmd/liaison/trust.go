package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) trustCommand() *cobra.Command {
	return group("trust", "Say whose signatures count: the certification authorities of others", `What the other side signs is checked against certification authorities that you keep
yourself, in the profile's folder trust/, and not against what the hub says. Add your own
organisation and each one that you deal with, once.`, a.trustAddCommand(), a.trustListCommand(), a.trustRemoveCommand(), a.trustPolicyCommand())
}

// fingerprints are those of an organisation's certification authorities, SHA-256 of each
// certificate, and of whom attachments for it are sealed to, SHA-256 of each recipient's
// text; in hexadecimal digits.
func fingerprints(o *liaisonv1.Organisation) []string {
	var found []string
	rest := []byte(o.GetCaCertificates())
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		digest := sha256.Sum256(block.Bytes)
		found = append(found, hex.EncodeToString(digest[:]))
	}
	for _, recipient := range o.GetAttachmentRecipients() {
		digest := sha256.Sum256([]byte(recipient))
		found = append(found, hex.EncodeToString(digest[:]))
	}
	return found
}

// signatures says whether an organisation may leave its steps unsigned.
func (a *app) signatures(o *liaisonv1.Organisation) string {
	if o.GetSignaturePolicy() == liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL {
		return a.Say("may not sign")
	}
	return a.Say("signs everything")
}

// answers says whether an authority may ask for answers that the hub can read.
func (a *app) answers(o *liaisonv1.Organisation) string {
	switch {
	case !strings.HasPrefix(o.GetName(), string(resource.Authorities)+"/"):
		return "-"
	case scope.RequiresSealing(o):
		return a.Say("always sealed")
	default:
		return a.Say("may be in clear")
	}
}

func (a *app) trustDir() (string, error) {
	if a.profile == "" {
		return "", usage("--profile is required")
	}
	return filepath.Join(a.profile, profile.TrustDir), nil
}

func (a *app) trustAddCommand() *cobra.Command {
	var confirmed []string
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Trust an organisation's certification authorities", Args: exactArgs("NAME"),
		Long: `Reads the organisation's certification authorities, and the keys that attachments for it
are sealed to, from the hub's directory, and keeps them if their fingerprints (SHA-256 of
each certificate, and of each key's text) are those given with --fingerprint. Have these
told to you by the organisation itself, not by the hub: without --fingerprint the command
shows what the hub says and keeps nothing.`,
		Example: "  liaison --profile profiles/agent trust add authorities/moc --fingerprint 3f1c…",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.trustDir()
			if err != nil {
				return err
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			entry, err := findEntry(cmd.Context(), liaisonv1.NewDirectoryServiceClient(conn.Unverified()), args[0])
			if err != nil {
				return err
			}
			o := organisationOf(entry)
			says := fingerprints(o)
			for i := range confirmed {
				confirmed[i] = strings.ToLower(strings.ReplaceAll(confirmed[i], ":", ""))
			}
			slices.Sort(confirmed)
			sorted := slices.Sorted(slices.Values(says))
			if !slices.Equal(slices.Compact(confirmed), sorted) {
				return usage("nothing was kept. The hub says that %s has the certification authorities and keys\n  %s\nConfirm each by another way, and give them all with --fingerprint", o.GetName(), strings.Join(says, "\n  "))
			}
			if err := profile.TrustFolder(dir).Save(o); err != nil {
				return err
			}
			if err := a.tell("%s is trusted to sign as %s.", o.GetName(), o.GetTrustDomain()); err != nil {
				return err
			}
			return a.table([]string{"NAME", "SIGNATURES", "ANSWERS"}, [][]string{{o.GetName(), a.signatures(o), a.answers(o)}})
		},
	}
	cmd.Flags().StringArrayVar(&confirmed, "fingerprint", nil, "SHA-256 of a certification authority's certificate, or of a key to seal to, in hexadecimal digits; one for each")
	return cmd
}

func (a *app) trustListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List whom this profile trusts to sign", Args: exactArgs(),
		RunE: func(*cobra.Command, []string) error {
			dir, err := a.trustDir()
			if err != nil {
				return err
			}
			organisations, err := profile.TrustFolder(dir).Organisations()
			if err != nil {
				return err
			}
			var rows [][]string
			for _, o := range organisations {
				if a.json() {
					if err := a.printJSON(o); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{o.GetName(), o.GetTrustDomain(), a.signatures(o), a.answers(o), strings.Join(fingerprints(o), " ")})
			}
			if a.json() {
				return nil
			}
			return a.table([]string{"NAME", "TRUST DOMAIN", "SIGNATURES", "ANSWERS", "FINGERPRINTS (SHA-256)"}, rows)
		},
	}
}

func (a *app) trustRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Trust an organisation no longer", Args: exactArgs("NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := a.trustDir()
			if err != nil {
				return err
			}
			err = profile.TrustFolder(dir).Remove(args[0])
			if errors.Is(err, os.ErrNotExist) {
				return usage("%s is not trusted by this profile", args[0])
			}
			return err
		},
	}
}

func (a *app) trustPolicyCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "policy NAME -f FILE", Short: "Keep your own copy of who may approve what", Args: exactArgs("NAME"),
		Long: `Keeps an authority's FilingPolicy (NAME is authorities/ID) or a country's CountryPolicy
(NAME is countries/IQ), in YAML or JSON, as the authority told it to you and not the hub.
What an authority of which you keep a policy has approved is then held against it: a
request that was approved at too low a level does not reach your program.`,
		Example: "  liaison --profile profiles/agent trust policy authorities/moc -f moc.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := a.trustDir()
			if err != nil {
				return err
			}
			name, err := resource.ParseOrganisation(strings.ToLower(args[0]))
			if err != nil {
				return usage("NAME must be authorities/ID or countries/IQ, not %q", args[0])
			}
			switch name.Collection() {
			case resource.Authorities:
				policy := &liaisonv1.FilingPolicy{}
				if err := a.readInput(file, policy); err != nil {
					return err
				}
				return profile.TrustFolder(dir).SavePolicy(name.String(), policy)
			case resource.Countries:
				policy := &liaisonv1.CountryPolicy{}
				if err := a.readInput(file, policy); err != nil {
					return err
				}
				return profile.TrustFolder(dir).SavePolicy(string(resource.Countries)+"/"+policy.GetCountry(), policy)
			default:
				return usage("NAME must be authorities/ID or countries/IQ, not %q", args[0])
			}
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file in YAML or JSON, - for standard input")
	return cmd
}
