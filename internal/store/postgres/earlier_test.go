package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/postgres"
)

// TestEventsOfAnEarlierContractAreRefused opens an archive as an earlier program left it,
// which must find it as it was.
func TestEventsOfAnEarlierContractAreRefused(t *testing.T) {
	const event = `INSERT INTO events (seq, request, authority, authority_index, platform_index, hashes, leaf)
		VALUES (1, '018f0000-0000-7000-8000-000000000001', 'authorities/moc', 1, 0, decode(repeat('00', 32), 'hex'), 'leaf')`
	unmark := []string{"DROP TABLE begins_with_parts", "DELETE FROM goose_db_version WHERE version_id >= 6"}
	for _, c := range []struct {
		name    string
		earlier []string
		want    error
	}{
		{"with events", append([]string{event}, unmark...), store.ErrEarlier},
		{"without any", unmark, nil},
		{"events of this contract", []string{event}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			connection := database(t)
			if err := open(t, connection).Close(); err != nil {
				t.Fatal(err)
			}
			db, err := pgx.Connect(t.Context(), connection)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close(t.Context())
			for _, text := range c.earlier {
				if _, err := db.Exec(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // refused once, it is not moved on
				db, err := postgres.Open(t.Context(), connection)
				if !errors.Is(err, c.want) {
					t.Fatalf("Open: got %v, want %v", err, c.want)
				}
				if err != nil {
					if !strings.HasSuffix(err.Error(), store.ErrEarlier.Error()) {
						t.Errorf("it does not say what to do: %v", err)
					}
					continue
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
