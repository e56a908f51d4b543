package main

import (
	"strings"

	"github.com/spf13/cobra"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) directoryLawCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "law [COUNTRY]", Short: "Show by whom at least requests are approved in a country; -f changes it (operators)",
		Args: cobra.MaximumNArgs(1),
		Long: `Shows what is in force in a country, "IQ": for each tier of data the lowest level that may
approve a request for it. Without COUNTRY it lists the countries that have a policy of
their own; in all others the default holds. -f puts the levels of a CountryPolicy, in YAML
or JSON, in force, unless somebody else changed it in between.`,
		Example: "  liaison --profile profiles/operator directory law IQ -f iq.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDirectory(func(d liaisonv1.DirectoryServiceClient) error {
				if len(args) == 0 {
					if file != "" {
						return usage("COUNTRY is required")
					}
					out, err := d.ListCountryPolicies(cmd.Context(), &liaisonv1.ListCountryPoliciesRequest{})
					if err != nil {
						return err
					}
					return a.printLaws(out.GetPolicies()...)
				}
				out, err := d.GetCountryPolicy(cmd.Context(), &liaisonv1.GetCountryPolicyRequest{Country: args[0]})
				if err != nil || file == "" {
					if err != nil {
						return err
					}
					return a.printLaws(out.GetPolicy())
				}
				policy := &liaisonv1.CountryPolicy{}
				if err := a.readInput(file, policy); err != nil {
					return err
				}
				if policy.GetCountry() != args[0] {
					return usage("the file is about %q", policy.GetCountry())
				}
				policy.Etag = out.GetPolicy().GetEtag()
				changed, err := d.UpdateCountryPolicy(cmd.Context(), &liaisonv1.UpdateCountryPolicyRequest{Policy: policy})
				if err != nil {
					return err
				}
				return a.printLaws(changed.GetPolicy())
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file in YAML or JSON, - for standard input")
	return cmd
}

func (a *app) printLaws(policies ...*liaisonv1.CountryPolicy) error {
	var rows [][]string
	for _, policy := range policies {
		if a.json() {
			if err := a.printJSON(policy); err != nil {
				return err
			}
			continue
		}
		for _, l := range policy.GetLevels() {
			rows = append(rows, []string{
				policy.GetCountry(), strings.TrimPrefix(l.GetTier().String(), "DATA_TIER_"), strings.TrimPrefix(l.GetLowestLevel().String(), "APPROVER_LEVEL_"),
			})
		}
	}
	if a.json() {
		return nil
	}
	return a.table([]string{"COUNTRY", "TIER", "LOWEST LEVEL"}, rows)
}
