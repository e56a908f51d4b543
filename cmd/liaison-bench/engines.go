package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/cmd/liaison-bench/internal/measure"
	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
)

// measureEach measures on each engine in turn, and returns one report of all.
func measureEach(ctx context.Context, c measure.Config, engines, only []string) (all *measure.Report, err error) {
	for i, engine := range engines {
		names := only
		if i > 0 && len(only) == 0 {
			names = measure.Compared
		}
		report, err := measureOn(ctx, c, engine, names)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			all = report
		default:
			all.Others = append(all.Others, report)
		}
	}
	if all == nil {
		return nil, fmt.Errorf("%w: --store must name an engine", errUsage)
	}
	return all, nil
}

func measureOn(ctx context.Context, c measure.Config, engine string, names []string) (*measure.Report, error) {
	address, stop, err := startEngine(engine)
	if err != nil {
		return nil, err
	}
	defer stop()
	if c.Open, c.Engine, err = openerOf(address); err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c.Child = []string{program, childWord, address}
	c.Progress("on " + c.Engine)
	report, err := measure.Run(ctx, c, names...)
	if errors.Is(err, measure.ErrName) {
		return nil, fmt.Errorf("%w: --only: %w", errUsage, err)
	}
	return report, err
}

// serveChild is what this command runs of itself where a hub's memory is measured.
func serveChild(ctx context.Context, address string, in io.Reader, out io.Writer) error {
	open, _, err := openerOf(address)
	if err != nil {
		return err
	}
	return measure.ServeChild(ctx, open, in, out)
}

// startEngine starts the server of an engine that needs one. It returns the address by
// which openerOf finds the engine, in this process and in its children: the connection
// string of a server, or the engine's own name.
func startEngine(engine string) (address string, stop func(), err error) {
	if engine != "postgres" {
		return engine, func() {}, nil
	}
	server, err := postgrestest.Start("fsync = on", "shared_buffers = 512MB", "max_wal_size = 4GB")
	if err != nil {
		return "", nil, err
	}
	return server.Connection("postgres"), func() { _ = server.Stop() }, nil
}

// openerOf returns what opens archives of an engine, and the engine's name.
func openerOf(address string) (measure.Opener, string, error) {
	switch {
	case strings.HasPrefix(address, "postgres://"):
		return func(ctx context.Context, dir, name string) (store.Store, error) {
			connection, err := databaseOf(ctx, address, dir, name)
			if err != nil {
				return nil, err
			}
			return postgres.Open(ctx, connection)
		}, "PostgreSQL", nil
	case address == "sqlite":
		return func(ctx context.Context, dir, name string) (store.Store, error) {
			return sqlite.Open(ctx, filepath.Join(dir, name+".db"))
		}, "SQLite", nil
	default:
		return nil, "", fmt.Errorf("%w: --store must be sqlite or postgres, not %q", errUsage, address)
	}
}

// databaseOf returns the connection string of the database that holds the archive of a
// name, and makes the database if it does not exist.
func databaseOf(ctx context.Context, server, dir, name string) (connection string, err error) {
	digest := sha256.Sum256([]byte(dir + "/" + name))
	database := "bench_" + hex.EncodeToString(digest[:8])
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_database WHERE datname = $1", database).Scan(&exists); err != nil {
		return "", err
	}
	if !exists {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+database); err != nil {
			return "", err
		}
	}
	return strings.Replace(server, ":///postgres?", ":///"+database+"?", 1), nil
}
