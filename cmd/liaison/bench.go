package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/internal/bench"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
)

func (a *app) benchCommand() *cobra.Command {
	c := bench.Full()
	var only, engines []string
	var report, profile string
	var quick bool
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure a hub on this machine", Args: exactArgs(),
		Long: `Measures hubs that it starts on loopback, with everything on, and writes a report:

` + bench.Describe() + `
Every figure stands beside a baseline that is measured in turns with it, and the ratio
is what counts: the machine may have been busy with other things. All of it takes about
half an hour and ten gigabytes of disk; --quick shows in a minute that it works, with
figures of no worth. With more than one engine all is measured on the first, and on the
others what tells them from it: ` + strings.Join(bench.Compared, ", ") + `.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if quick {
				c = bench.Quick(c)
			}
			c.Progress = func(line string) { fmt.Fprintln(a.stderr, line) }
			if profile != "" {
				stop, err := profileTo(profile)
				if err != nil {
					return err
				}
				defer stop()
			}
			measured, err := benchOn(cmd.Context(), c, engines, only)
			if err != nil {
				return err
			}
			return a.writeBench(measured, report)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&only, "only", nil, "only these: "+strings.Join(bench.Names(), ", "))
	flags.StringSliceVar(&engines, "store", []string{"sqlite"}, "the engines under the hub: sqlite, postgres for a server that is started for it, or both")
	flags.StringVar(&report, "report", "", "write the report to this file, with its charts beside it, in place of standard output")
	flags.BoolVar(&quick, "quick", false, "only show that it works")
	flags.StringVar(&c.Dir, "dir", os.TempDir(), "folder on the disk that is measured; what is made there is removed")
	flags.StringVar(&profile, "cpu-profile", "", "write a profile of the processors, for 'go tool pprof', to this file")
	benchSizes(cmd, &c)
	cmd.AddCommand(a.benchChildCommand())
	return cmd
}

// benchOn measures on each engine in turn, and returns one report of them all.
func benchOn(ctx context.Context, c bench.Config, engines, only []string) (all *bench.Report, err error) {
	for i, engine := range engines {
		names := only
		if i > 0 && len(only) == 0 {
			names = bench.Compared
		}
		measured, err := benchOnOne(ctx, c, engine, names)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			all = measured
		default:
			all.Others = append(all.Others, measured)
		}
	}
	if all == nil {
		return nil, usage("--store must name an engine")
	}
	return all, nil
}

func benchOnOne(ctx context.Context, c bench.Config, engine string, names []string) (*bench.Report, error) {
	engine, stop, err := serveEngine(engine)
	if err != nil {
		return nil, err
	}
	defer stop()
	if c.Open, c.Engine, err = openerOf(engine); err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c.Child = []string{program, "bench", "child", "--store", engine}
	c.Progress("on " + c.Engine)
	measured, err := bench.Run(ctx, c, names...)
	if errors.Is(err, bench.ErrName) {
		return nil, usage("--only: %w", err)
	}
	return measured, err
}

// benchChildCommand is what the command runs of itself where a hub's memory is measured.
func (a *app) benchChildCommand() *cobra.Command {
	var engine string
	cmd := &cobra.Command{
		Use: "child", Hidden: true, Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			open, _, err := openerOf(engine)
			if err != nil {
				return err
			}
			return bench.ServeChild(cmd.Context(), open, a.stdin, a.stdout)
		},
	}
	cmd.Flags().StringVar(&engine, "store", "sqlite", "")
	return cmd
}

// serveEngine starts the server of an engine that needs one, and returns what openerOf
// and the processes that are run of this command find it by.
func serveEngine(engine string) (found string, stop func(), err error) {
	if engine != "postgres" {
		return engine, func() {}, nil
	}
	server, err := postgrestest.Start("fsync = on", "shared_buffers = 512MB", "max_wal_size = 4GB")
	if err != nil {
		return "", nil, err
	}
	return server.Connection("postgres"), func() { _ = server.Stop() }, nil
}

// databaseOf makes a server's database of a name, unless it is there.
func databaseOf(ctx context.Context, server, dir, name string) (connection string, err error) {
	digest := sha256.Sum256([]byte(dir + "/" + name))
	database := "bench_" + hex.EncodeToString(digest[:8])
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_database WHERE datname = $1", database).Scan(&there); err != nil {
		return "", err
	}
	if !there {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+database); err != nil {
			return "", err
		}
	}
	return strings.Replace(server, ":///postgres?", ":///"+database+"?", 1), nil
}

// openerOf returns how archives of an engine are opened, and what it is called.
func openerOf(engine string) (bench.Opener, string, error) {
	if isPostgres(engine) {
		return func(ctx context.Context, dir, name string) (store.Store, error) {
			connection, err := databaseOf(ctx, engine, dir, name)
			if err != nil {
				return nil, err
			}
			return postgres.Open(ctx, connection)
		}, "PostgreSQL", nil
	}
	switch engine {
	case "sqlite":
		return func(ctx context.Context, dir, name string) (store.Store, error) {
			return sqlite.Open(ctx, filepath.Join(dir, name+".db"))
		}, "SQLite", nil
	default:
		return nil, "", usage("--store must be sqlite or postgres, not %q", engine)
	}
}

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

// writeBench writes a report to a file and its charts beside it, or all but the charts to
// standard output.
func (a *app) writeBench(r *bench.Report, path string) error {
	if path == "" && a.output == "json" {
		return json.NewEncoder(a.stdout).Encode(r)
	}
	if path == "" {
		return r.Markdown(a.stdout)
	}
	var text bytes.Buffer
	if err := r.Markdown(&text); err != nil {
		return err
	}
	for name, chart := range r.Charts() {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), chart, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(path, text.Bytes(), 0o644)
}

// benchSizes adds a flag for each size that is worth changing.
func benchSizes(cmd *cobra.Command, c *bench.Config) {
	flags := cmd.Flags()
	flags.IntSliceVar(&c.Filing.Callers, "callers", c.Filing.Callers, "filing: how many file at a time")
	flags.IntVar(&c.Filing.Rounds, "rounds", c.Filing.Rounds, "filing: rounds of baseline and hub in turns")
	flags.DurationVar(&c.Filing.Round, "round", c.Filing.Round, "filing: about how long a round takes")
	flags.DurationVar(&c.Stages.Each, "stage", c.Stages.Each, "stages: about how long each is repeated")
	flags.IntVar(&c.Stages.Batch, "batch", c.Stages.Batch, "stages: filings that share a commit")
	flags.IntVar(&c.Inbox.Filings, "filings", c.Inbox.Filings, "inbox: filings, one after the other")
	flags.IntSliceVar(&c.Watchers.Sizes, "watchers", c.Watchers.Sizes, "watchers: how many wait, up to 10,000")
	flags.IntVar(&c.Watchers.PerConn, "watchers-per-connection", c.Watchers.PerConn, "watchers: how many share a connection; 1: none")
	flags.IntSliceVar(&c.Growth.Sizes, "sizes", c.Growth.Sizes, "growth: requests in the archive, in rising order")
	flags.DurationVar(&c.Soak.Duration, "duration", c.Soak.Duration, "soak: for how long")
	flags.IntVar(&c.Soak.Workers, "workers", c.Soak.Workers, "soak: cases under way at a time")
}
