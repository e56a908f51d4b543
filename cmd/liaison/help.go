package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/liaison-protocol/liaison/internal/speech/terminal"
)

// everything calls visit for a command and all below it, those that cobra adds included.
func everything(root *cobra.Command, visit func(*cobra.Command)) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = "show this help"
		visit(c)
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(root)
}

// texts are those of a command that its help shows, besides examples, which are commands
// to type.
func texts(c *cobra.Command) []*string {
	all := []*string{&c.Short, &c.Long}
	add := func(f *pflag.Flag) { all = append(all, &f.Usage) }
	c.NonInheritedFlags().VisitAll(add)
	return all
}

// translate puts the person's language into all help.
func (a *app) translate(root *cobra.Command) {
	everything(root, func(c *cobra.Command) {
		for _, text := range texts(c) {
			if a.Language.Has(*text) {
				*text = a.Lines(a.Language.Say(*text))
			}
		}
	})
	root.SetUsageFunc(a.printUsage)
}

// printUsage prints how a command is used, as cobra's own template does, in the person's
// language. Columns stay in their order in every language.
func (a *app) printUsage(c *cobra.Command) error {
	var b strings.Builder
	heading := func(key string) { b.WriteString("\n" + a.Lines(a.Say(key)) + "\n") }
	b.WriteString(a.Lines(a.Say("Usage:")) + "\n")
	if c.Runnable() {
		b.WriteString("  " + c.UseLine() + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("  " + c.CommandPath() + " [command]\n")
	}
	if c.HasExample() {
		heading("Examples:")
		b.WriteString(c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		heading("Available Commands:")
		for _, below := range c.Commands() {
			if below.IsAvailableCommand() || below.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", below.NamePadding(), below.Name(), below.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() {
		heading("Flags:")
		b.WriteString(a.flagUsages(c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() {
		heading("Global Flags:")
		b.WriteString(a.flagUsages(c.InheritedFlags()))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\n" + a.Lines(a.Say("Use '%s' for more information about a command.", terminal.Safe(c.CommandPath()+" [command] --help"))) + "\n")
	}
	_, err := fmt.Fprint(c.OutOrStderr(), b.String())
	return err
}

// flagUsages lists flags. What is the default is said in the person's language.
func (a *app) flagUsages(flags *pflag.FlagSet) string {
	lines := strings.SplitAfter(flags.FlagUsages(), "\n")
	for i, line := range lines {
		at := strings.LastIndex(line, " (default ")
		end := strings.TrimSuffix(line, ")\n")
		if at < 0 || end == line {
			continue
		}
		lines[i] = line[:at] + " " + a.Lines(a.Say("(default %s)", terminal.Safe(end[at+len(" (default "):]))) + "\n"
	}
	return strings.Join(lines, "")
}
