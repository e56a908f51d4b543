package main

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
)

// languageOf returns the language to speak: that of --language, which is looked for before
// the flags are read since reading them may already fail; else of LIAISON_LANGUAGE; else of
// the locale.
func languageOf(args []string, getenv func(string) string) catalogue.Language {
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--language=")
		switch {
		case arg == "--":
			args = nil
		case arg == "--language" && i+1 < len(args):
			value, ok = args[i+1], true
		}
		if l, known := catalogue.Parse(value); ok && known {
			return l
		}
		if args == nil {
			break
		}
	}
	if l, known := catalogue.Parse(getenv("LIAISON_LANGUAGE")); known {
		return l
	}
	return catalogue.Locale(getenv)
}

// cause says the errors of flags, of the command line and of the hub.
func (a *app) cause(err error) (said string, known bool) {
	switch e := err.(type) {
	case *usageError:
		return a.Error(e.err), true
	case *pflag.NotExistError:
		if e.GetSpecifiedShortnames() != "" {
			return a.Say("unknown flag: %s", "-"+e.GetSpecifiedName()), true
		}
		return a.Say("unknown flag: %s", "--"+e.GetSpecifiedName()), true
	case *pflag.ValueRequiredError:
		return a.Say("flag needs an argument: %s", "--"+e.GetSpecifiedName()), true
	case *pflag.InvalidValueError:
		return a.Say("%q is not a value for %s", e.GetValue(), "--"+e.GetFlag().Name), true
	case *client.Error:
		if a.Language != catalogue.English && e.Localized != "" {
			return a.Isolated(e.Localized), true
		}
	}
	return "", false
}
