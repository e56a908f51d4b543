package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// sharing is a request that has a hash.
type sharing struct {
	hash store.SelectorHash
	store.Sharing
}

func scanSharing(row rows.Row) (sharing, error) {
	var s sharing
	var hash []byte
	var err error
	if s.Sharing, err = rows.ScanSharing(row, &hash); err != nil {
		return s, err
	}
	if len(hash) != len(s.hash) {
		return s, rows.ErrCorrupt
	}
	copy(s.hash[:], hash)
	return s, nil
}

// all reads every row of a result.
func all[T any](result pgx.Rows, err error, scan func(rows.Row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var found []T
	for result.Next() {
		one, err := scan(result)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, result.Err()
}

// found tells that nothing is stored under a key.
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
