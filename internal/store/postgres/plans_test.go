package postgres_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/store/postgres"
)

// connect makes an archive of a database, and returns a connection of the test's own to it.
func connect(t *testing.T, connection string) *pgx.Conn {
	t.Helper()
	open(t, connection)
	conn, err := pgx.Connect(t.Context(), connection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// TestNoPlanReadsAWholeTable looks at the plans that a hub gets from a database which is
// empty, and which it keeps while the database grows: none may read a table from end to
// end.
func TestNoPlanReadsAWholeTable(t *testing.T) {
	t.Parallel()
	conn := connect(t, database(t))
	if _, err := conn.Exec(t.Context(), "SET plan_cache_mode = force_generic_plan"); err != nil {
		t.Fatal(err)
	}
	for _, text := range postgres.Statements {
		prepared, err := conn.Prepare(t.Context(), "looked_at", text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		arguments := strings.TrimSuffix(strings.Repeat("NULL, ", len(prepared.ParamOIDs)), ", ")
		rows, err := conn.Query(t.Context(), "EXPLAIN EXECUTE looked_at ("+arguments+")", pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, step := range plan {
			if strings.Contains(step, "Seq Scan on") {
				t.Errorf("%s\n%s", text, strings.Join(plan, "\n"))
				break
			}
		}
		if err := conn.Deallocate(t.Context(), "looked_at"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBodiesStayInTheirRows asks the server how it keeps what hubs store most of.
func TestBodiesStayInTheirRows(t *testing.T) {
	t.Parallel()
	conn := connect(t, database(t))
	for _, table := range []string{"requests", "events"} {
		var storage, options string
		err := conn.QueryRow(t.Context(), `
			SELECT a.attstorage::text, array_to_string(c.reloptions, ',') FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
			WHERE c.oid = $1::regclass AND a.attname = 'body'`, table).Scan(&storage, &options)
		if err != nil || storage != "e" || options != "toast_tuple_target=8160" {
			t.Errorf("%s: storage %q, options %q, %v", table, storage, options, err)
		}
	}
}
