package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
)

// defaultStore is the archive of a hub whose folder has everything.
const defaultStore = "data/hub.db"

// fileArchive is an open file, which one hub serves at a time.
type fileArchive struct {
	store.Store
	lock io.Closer
}

// Close gives the file up for other hubs.
func (a *fileArchive) Close() error { return errors.Join(a.Store.Close(), a.lock.Close()) }

// isPostgres says whether a store is a database of PostgreSQL's protocol, not a file.
func isPostgres(setting string) bool {
	return strings.HasPrefix(setting, "postgres://") || strings.HasPrefix(setting, "postgresql://")
}

// openArchive opens what the setting store of a hub's folder names.
func openArchive(ctx context.Context, dir, setting string) (store.Store, error) {
	if isPostgres(setting) {
		db, err := postgres.Open(ctx, setting)
		if err != nil {
			return nil, usage("%s: store: %w", hubFile, err)
		}
		return db, nil
	}
	path := inFolder(dir, setting)
	lock, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &fileArchive{db, lock}, nil
}
