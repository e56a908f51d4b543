package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	"github.com/liaison-protocol/liaison/internal/speech/report"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) reportCommand() *cobra.Command {
	var period, authority, platform, format, file string
	cmd := &cobra.Command{
		Use: "report", Short: "Show or write the transparency report of a period", Args: exactArgs(),
		Long: `Shows what happened on the hub in a month, a quarter or a year that is over since a day:
requests, what became of them, how long answers took, deadlines missed. Every
participant may read it and publish it. Small counts are suppressed.

The page (--format html) is one file that loads nothing, in the language spoken.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.json() && !cmd.Flags().Changed("format") {
				format = "json"
			}
			write, ok := report.Formats[format]
			if !ok {
				return usage("--format must be table, csv, json or html, not %q", format)
			}
			if period == "" {
				period = lastMonth(time.Now())
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			figures, err := conn.Report(cmd.Context(), client.ReportQuery{Period: period, Authority: authority, Platform: platform})
			if err != nil {
				return err
			}
			names, err := namesOf(cmd.Context(), liaisonv1.NewDirectoryServiceClient(conn.Unverified()), a.Language, authority, platform)
			if err != nil {
				return err
			}
			var out bytes.Buffer
			if err := write(&out, figures, a.Language, names); err != nil {
				return err
			}
			if file == "" {
				_, err = a.stdout.Write(out.Bytes())
				return err
			}
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				return terminal.Failure("write the report: %w", err)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&period, "period", "", "a month 2026-09, a quarter 2026-Q3 or a year 2026; else the last month that is over since a day")
	flags.StringVar(&authority, "authority", "", "only requests of this authority: authorities/ID")
	flags.StringVar(&platform, "platform", "", "only requests to this platform: platforms/ID")
	flags.StringVar(&format, "format", "table", "table, csv, json or html")
	flags.StringVarP(&file, "file", "f", "", "write it to this file")
	return cmd
}

// lastMonth returns the last month that is over since a day.
func lastMonth(now time.Time) string {
	now = now.UTC().AddDate(0, 0, -1)
	return time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// namesOf looks names up in the directory.
func namesOf(ctx context.Context, d liaisonv1.DirectoryServiceClient, l catalogue.Language, authority, platform string) (n report.Names, err error) {
	for name, to := range map[string]*string{authority: &n.Authority, platform: &n.Platform} {
		if name == "" {
			continue
		}
		found, err := findEntry(ctx, d, name)
		if err != nil {
			return n, err
		}
		*to = displayName(organisationOf(found), string(l))
	}
	return n, nil
}

// displayName returns an organisation's name in a language, or in the one it names first.
func displayName(o *liaisonv1.Organisation, language string) string {
	for _, text := range o.GetDisplayNames() {
		if text.GetLanguage() == language || strings.HasPrefix(text.GetLanguage(), language+"-") {
			return text.GetText()
		}
	}
	if all := o.GetDisplayNames(); len(all) > 0 {
		return all[0].GetText()
	}
	return o.GetName()
}
