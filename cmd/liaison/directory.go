package main

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) directoryCommand() *cobra.Command {
	return group("directory", "Who takes part: list, show; for operators register, update, suspend", "",
		a.directoryListCommand(), a.directoryShowCommand(), a.directoryRegisterCommand(),
		a.directoryUpdateCommand(), a.directoryLawCommand(), a.directorySuspendCommand(false), a.directorySuspendCommand(true))
}

// withDirectory connects and calls f.
func (a *app) withDirectory(f func(liaisonv1.DirectoryServiceClient) error) error {
	conn, err := a.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	return f(liaisonv1.NewDirectoryServiceClient(conn.Unverified()))
}

func (a *app) directoryListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the authorities and platforms", Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				entries, err := allEntries(cmd.Context(), d)
				if err != nil {
					return err
				}
				var rows [][]string
				for _, entry := range entries {
					if a.json() {
						if err := a.printJSON(entry); err != nil {
							return err
						}
						continue
					}
					o := organisationOf(entry)
					rows = append(rows, []string{
						o.GetName(), a.Word(o.GetState()), o.GetTrustDomain(), a.Title(o.GetDisplayNames()),
					})
				}
				if a.json() {
					return nil
				}
				return a.table([]string{"NAME", "STATE", "TRUST DOMAIN", "CALLED"}, rows)
			})
		},
	}
}

// entry is an authority or a platform.
type entry interface {
	proto.Message
	GetOrganisation() *liaisonv1.Organisation
}

func organisationOf(e entry) *liaisonv1.Organisation { return e.GetOrganisation() }

// allEntries reads the directory page by page.
func allEntries(ctx context.Context, d liaisonv1.DirectoryServiceClient) ([]entry, error) {
	var entries []entry
	for token := ""; ; {
		page, err := d.ListAuthorities(ctx, &liaisonv1.ListAuthoritiesRequest{PageToken: token})
		if err != nil {
			return nil, err
		}
		for _, authority := range page.GetAuthorities() {
			entries = append(entries, authority)
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	for token := ""; ; {
		page, err := d.ListPlatforms(ctx, &liaisonv1.ListPlatformsRequest{PageToken: token})
		if err != nil {
			return nil, err
		}
		for _, platform := range page.GetPlatforms() {
			entries = append(entries, platform)
		}
		if token = page.GetNextPageToken(); token == "" {
			return entries, nil
		}
	}
}

// findEntry reads one entry.
func findEntry(ctx context.Context, d liaisonv1.DirectoryServiceClient, name string) (entry, error) {
	switch {
	case strings.HasPrefix(name, "authorities/"):
		out, err := d.GetAuthority(ctx, &liaisonv1.GetAuthorityRequest{Name: name})
		return out.GetAuthority(), err
	case strings.HasPrefix(name, "platforms/"):
		out, err := d.GetPlatform(ctx, &liaisonv1.GetPlatformRequest{Name: name})
		return out.GetPlatform(), err
	case strings.HasPrefix(name, "oversight/"):
		out, err := d.GetOversightBody(ctx, &liaisonv1.GetOversightBodyRequest{Name: name})
		return out.GetOversightBody(), err
	default:
		return nil, usage("NAME must be authorities/ID, platforms/ID or oversight/ID, not %q", name)
	}
}

func (a *app) directoryShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show an entry: whom to reach, what a platform holds and accepts", Args: exactArgs("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				found, err := findEntry(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				if a.json() {
					return a.printJSON(found)
				}
				return a.printYAML(found)
			})
		},
	}
}

func (a *app) directoryRegisterCommand() *cobra.Command {
	var file, ca, crl string
	cmd := &cobra.Command{
		Use: "register -f FILE", Short: "Make an entry (operators)", Args: exactArgs(),
		Long: `Makes the entry that a file describes: a RegisterParticipantRequest of the contract,
in YAML or JSON, with one of authority, platform and oversight_body. --ca puts the PEM
file of the organisation's certification authorities in.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			in := &liaisonv1.RegisterParticipantRequest{}
			if err := a.readEntry(file, ca, crl, in); err != nil {
				return err
			}
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				out, err := d.RegisterParticipant(cmd.Context(), in)
				if err != nil {
					return err
				}
				return a.printOrganisation(out.GetOrganisation())
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file in YAML or JSON, - for standard input")
	cmd.Flags().StringVar(&ca, "ca", "", "PEM file of the organisation's certification authorities")
	cmd.Flags().StringVar(&crl, "crl", "", "PEM file of its revocation lists")
	return cmd
}

// readEntry reads an entry whose certificates may stand in files of their own: they
// are put in before the contract's rules are checked.
func (a *app) readEntry(file, ca, crl string, in *liaisonv1.RegisterParticipantRequest) error {
	if ca == "" && crl == "" {
		return a.readInput(file, in)
	}
	if err := a.readUnchecked(file, in); err != nil {
		return err
	}
	o := organisationOf(entryOf(in))
	if o == nil {
		return usage("the file must have one of authority, platform and oversight_body, with its organisation")
	}
	return putFiles(o, ca, crl)
}

// entryOf is the entry that a registration is of, whichever kind of participant it is.
func entryOf(in *liaisonv1.RegisterParticipantRequest) entry {
	m := in.ProtoReflect()
	if field := m.WhichOneof(m.Descriptor().Oneofs().ByName("participant")); field != nil {
		return m.Get(field).Message().Interface().(entry)
	}
	return (*liaisonv1.Authority)(nil)
}

// setEntry makes an update one of the entry, whichever kind of participant it is.
func setEntry(in *liaisonv1.UpdateParticipantRequest, e entry) {
	m := in.ProtoReflect()
	kinds := m.Descriptor().Oneofs().ByName("participant").Fields()
	for i := range kinds.Len() {
		if kind := kinds.Get(i); kind.Message() == e.ProtoReflect().Descriptor() {
			m.Set(kind, protoreflect.ValueOfMessage(e.ProtoReflect()))
		}
	}
}

// putTerms puts what a platform is able to do, and what an authority's people may, into
// their entries, from files.
func (a *app) putTerms(e entry, capabilities, policy string) error {
	platform, _ := e.(*liaisonv1.Platform)
	authority, _ := e.(*liaisonv1.Authority)
	switch {
	case capabilities != "" && platform == nil:
		return usage("--capabilities: only platforms have them")
	case policy != "" && authority == nil:
		return usage("--policy: only authorities have one")
	case capabilities != "":
		platform.Capabilities = &liaisonv1.Capabilities{}
		return a.readInput(capabilities, platform.Capabilities)
	case policy != "":
		authority.FilingPolicy = &liaisonv1.FilingPolicy{}
		return a.readInput(policy, authority.FilingPolicy)
	default:
		return nil
	}
}

func putFiles(o *liaisonv1.Organisation, ca, crl string) error {
	for path, into := range map[string]*string{ca: &o.CaCertificates, crl: &o.RevocationLists} {
		if path == "" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return usage("%w", err)
		}
		*into = string(text)
	}
	return nil
}

func (a *app) directoryUpdateCommand() *cobra.Command {
	var ca, crl, capabilities, policy string
	cmd := &cobra.Command{
		Use: "update NAME", Short: "Change an entry: certificates, revocation lists, capabilities, filing policy (operators)", Args: exactArgs("NAME"),
		Long:    "Reads the entry, changes what the flags name, and puts it back, unless somebody else\nchanged it in between. New certificates and lists are in force at once.",
		Example: "  liaison --profile profiles/operator directory update authorities/moc --crl moc-ca/crl.pem",
		RunE: func(cmd *cobra.Command, args []string) error {
			if ca == "" && crl == "" && capabilities == "" && policy == "" {
				return usage("nothing to change: name --ca, --crl, --capabilities or --policy")
			}
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				found, err := findEntry(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				if err := putFiles(organisationOf(found), ca, crl); err != nil {
					return err
				}
				if err := a.putTerms(found, capabilities, policy); err != nil {
					return err
				}
				in := &liaisonv1.UpdateParticipantRequest{}
				setEntry(in, found)
				out, err := d.UpdateParticipant(cmd.Context(), in)
				if err != nil {
					return err
				}
				return a.printOrganisation(out.GetOrganisation())
			})
		},
	}
	cmd.Flags().StringVar(&ca, "ca", "", "PEM file of the organisation's certification authorities")
	cmd.Flags().StringVar(&crl, "crl", "", "PEM file of its revocation lists")
	cmd.Flags().StringVar(&capabilities, "capabilities", "", "file with a platform's Capabilities, in YAML or JSON")
	cmd.Flags().StringVar(&policy, "policy", "", "file with an authority's FilingPolicy, in YAML or JSON")
	return cmd
}

func (a *app) directorySuspendCommand(resume bool) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "suspend NAME --reason TEXT", Short: "Take a participant out, open streams included (operators)", Args: exactArgs("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if reason == "" && !resume {
				return usage("--reason is required")
			}
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				out, err := d.SuspendParticipant(cmd.Context(), &liaisonv1.SuspendParticipantRequest{Name: args[0], Reason: reason, Resume: resume})
				if err != nil {
					return err
				}
				return a.printOrganisation(out.GetOrganisation())
			})
		},
	}
	if resume {
		cmd.Use, cmd.Short = "resume NAME", "End a suspension (operators)"
		return cmd
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	return cmd
}

func (a *app) printOrganisation(o *liaisonv1.Organisation) error {
	if a.json() {
		return a.printJSON(o)
	}
	return a.table([]string{"NAME", "STATE", "TRUST DOMAIN", "ETAG"}, [][]string{{
		o.GetName(), a.Word(o.GetState()), o.GetTrustDomain(), o.GetEtag(),
	}})
}
