// Command liaison-bench measures a hub on this machine and writes a report. It is for
// those who develop or size a hub, and speaks English alone. The regulator's command,
// liaison, carries none of it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/liaison-protocol/liaison/cmd/liaison-bench/internal/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err == nil || errors.Is(err, pflag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "liaison-bench:", err)
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

// errUsage is wrapped by what is wrong with the command line.
var errUsage = errors.New("not valid; see 'liaison-bench --help'")

// childWord is the first argument of a process that this command starts of itself.
const childWord = "child"

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 2 && args[0] == childWord {
		return serveChild(ctx, args[1], stdin, stdout)
	}
	o := options{config: measure.Full()}
	flags := o.flags(stderr)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%w: %q is an argument too many", errUsage, flags.Arg(0))
	}
	if o.quick {
		o.config = measure.Quick(o.config)
	}
	o.config.Progress = func(line string) { fmt.Fprintln(stderr, line) }
	if o.profile != "" {
		stop, err := profileTo(o.profile)
		if err != nil {
			return err
		}
		defer stop()
	}
	report, err := measureEach(ctx, o.config, o.engines, o.only)
	if err != nil {
		return err
	}
	return o.write(report, stdout)
}

// options are what the command line says.
type options struct {
	config          measure.Config
	only, engines   []string
	report, profile string
	quick, json     bool
}

// flags returns the command line's flags, which write into o. Its help goes to stderr.
func (o *options) flags(stderr io.Writer) *pflag.FlagSet {
	c := &o.config
	f := pflag.NewFlagSet("liaison-bench", pflag.ContinueOnError)
	f.SetOutput(stderr)
	f.SortFlags = false
	f.Usage = func() { fmt.Fprint(stderr, help+f.FlagUsages()) }
	f.StringSliceVar(&o.only, "only", nil, "only these: "+strings.Join(measure.Names(), ", "))
	f.StringSliceVar(&o.engines, "store", []string{"sqlite"}, "the engines under the hub: sqlite, postgres for a server that is started for it, or both")
	f.StringVar(&o.report, "report", "", "write the report to this file, with its charts beside it, instead of standard output")
	f.BoolVar(&o.json, "json", false, "write the figures as JSON instead of a document")
	f.BoolVar(&o.quick, "quick", false, "only show that it works")
	f.StringVar(&c.Dir, "dir", os.TempDir(), "folder on the disk that is measured; what is made there is removed")
	f.StringVar(&o.profile, "cpu-profile", "", "write a profile of the processors, for 'go tool pprof', to this file")
	f.IntSliceVar(&c.Filing.Callers, "callers", c.Filing.Callers, "filing: how many file at a time")
	f.IntVar(&c.Filing.Rounds, "rounds", c.Filing.Rounds, "filing: rounds of baseline and hub in turns")
	f.DurationVar(&c.Filing.Round, "round", c.Filing.Round, "filing: about how long a round takes")
	f.DurationVar(&c.Stages.Each, "stage", c.Stages.Each, "stages: about how long each is repeated")
	f.IntVar(&c.Stages.Batch, "batch", c.Stages.Batch, "stages: filings that share a commit")
	f.IntVar(&c.Inbox.Filings, "filings", c.Inbox.Filings, "inbox: filings, one after the other")
	f.IntSliceVar(&c.Watchers.Sizes, "watchers", c.Watchers.Sizes, "watchers: how many wait, up to 10,000")
	f.IntVar(&c.Watchers.PerConn, "watchers-per-connection", c.Watchers.PerConn, "watchers: how many share a connection; 1: none")
	f.IntSliceVar(&c.Growth.Sizes, "sizes", c.Growth.Sizes, "growth: requests in the archive, in rising order")
	f.DurationVar(&c.Soak.Duration, "duration", c.Soak.Duration, "soak: for how long")
	f.IntVar(&c.Soak.Workers, "workers", c.Soak.Workers, "soak: cases under way at a time")
	return f
}

// help is printed before the flags.
var help = `Measures hubs that it starts on loopback, with everything on, and writes a report:

` + measure.Describe() + `
Every figure stands beside a baseline that is measured in turns with it, and the ratio
is what counts: the machine may have been busy with other things. All of it takes about
half an hour and ten gigabytes of disk; --quick shows in a minute that it works, with
figures of no worth. With more than one engine everything is measured on the first, and
on the others what tells them from it: ` + strings.Join(measure.Compared, ", ") + `.

`

// profileTo writes a profile of the processors to a file until stop is called.
func profileTo(path string) (stop func(), err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close() // a profile that is cut short says so when it is read
	}, nil
}

// write writes a report to standard output, or to the file of --report with its charts
// beside it.
func (o *options) write(r *measure.Report, stdout io.Writer) error {
	var text bytes.Buffer
	if o.json {
		if err := json.NewEncoder(&text).Encode(r); err != nil {
			return err
		}
	} else if err := r.Markdown(&text); err != nil {
		return err
	}
	if o.report == "" {
		_, err := stdout.Write(text.Bytes())
		return err
	}
	for name, chart := range r.Charts() {
		if err := os.WriteFile(filepath.Join(filepath.Dir(o.report), name), chart, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(o.report, text.Bytes(), 0o644)
}
