package main

import (
	"context"
	"errors"
	"strings"

	"github.com/liaison-protocol/liaison/server"
)

// defaultStore is the archive of a hub whose folder has everything.
const defaultStore = "data/hub.db"

// isPostgres says whether a store is a database of PostgreSQL's protocol, not a file.
func isPostgres(setting string) bool {
	return strings.HasPrefix(setting, "postgres://") || strings.HasPrefix(setting, "postgresql://")
}

// openArchive opens what the setting store of a hub's folder names.
func openArchive(ctx context.Context, dir, setting string) (server.Archive, error) {
	if isPostgres(setting) {
		archive, err := server.OpenPostgres(ctx, setting)
		if errors.Is(err, server.ErrArchiveEarlier) {
			return nil, earlierArchive()
		}
		if err != nil {
			return nil, usage("%s: store: %w", hubFile, err)
		}
		return archive, nil
	}
	archive, err := server.OpenSQLite(ctx, inFolder(dir, setting))
	if errors.Is(err, server.ErrArchiveInUse) {
		return nil, usage("another hub serves this folder")
	}
	if errors.Is(err, server.ErrArchiveEarlier) {
		return nil, earlierArchive()
	}
	return archive, err
}

// earlierArchive says what to do about an archive that cannot be taken over.
func earlierArchive() error {
	return usage("the archive was made by an earlier version of Liaison, whose records have another form: make a new hub with 'liaison hub init', and read this archive with the program that made it")
}
