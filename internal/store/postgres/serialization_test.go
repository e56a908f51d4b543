package postgres_test

import (
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// TestASerializationFailureIsTriedAgain has the database refuse a batch three times, as
// engines do that find out only late who was first: at one of its statements, or when it
// commits. The batch is decided anew each time, and stored once.
func TestASerializationFailureIsTriedAgain(t *testing.T) {
	for name, trigger := range map[string]string{
		"at a statement": "CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()",
		"at the commit":  "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection := database(t)
			conn := connect(t, connection)
			for _, text := range []string{
				"CREATE SEQUENCE refused", // which counts on though the batch is undone
				`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
					IF nextval('refused') <= 3 THEN RAISE EXCEPTION 'somebody else was first' USING ERRCODE = 'serialization_failure'; END IF;
					RETURN NEW;
				END $$`,
				trigger,
			} {
				if _, err := conn.Exec(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			db := open(t, connection)
			tries := 0
			var entries []store.Entry
			if err := db.Write(t.Context(), func(tx store.Tx) error {
				tries++
				entries = []store.Entry{filing(tx.Head().Seq + 1), filing(tx.Head().Seq + 2)}
				return tx.Append(t.Context(), entries, []byte("checkpoint"))
			}); err != nil {
				t.Fatalf("Write: %v", err)
			}
			if tries != 4 {
				t.Errorf("it was decided %d times", tries)
			}
			events, err := db.Events(t.Context(), store.EventQuery{Limit: 10})
			if err != nil || len(events) != len(entries) {
				t.Fatalf("%d events are stored, %v; wanted %d", len(events), err, len(entries))
			}
			for i, e := range events {
				if e.Seq != resource.Seq(i+1) || e.Leaf != entries[i].Event.Leaf {
					t.Errorf("event %d is not the one that was decided last", e.Seq)
				}
			}
		})
	}
}
