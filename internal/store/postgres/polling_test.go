package postgres_test

import (
	"context"
	"sync"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// TestWhereNothingIsDeliveredEventsAreLookedFor has an engine refuse notifications, and one
// take them and deliver none: another process's event is heard of all the same.
func TestWhereNothingIsDeliveredEventsAreLookedFor(t *testing.T) {
	for _, test := range []struct {
		name, body string
		refused    bool
	}{
		{"they are refused", "BEGIN RAISE EXCEPTION 'there are none'; END", true},
		{"they are lost", "BEGIN END", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// A function of this name takes the place of the server's own.
			connection := database(t) + "&search_path=public,pg_catalog"
			conn := connect(t, connection)
			if _, err := conn.Exec(t.Context(), "CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS $$ "+test.body+" $$"); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Exec(t.Context(), "SELECT pg_notify('channel', '')"); (err != nil) != test.refused {
				t.Fatalf("the server's own function is called: %v", err)
			}
			one, other := open(t, connection), open(t, connection)
			ctx, cancel := context.WithCancel(t.Context())
			heard := make(chan resource.Seq, 16)
			var listening sync.WaitGroup
			t.Cleanup(func() { cancel(); listening.Wait() })
			listening.Go(func() {
				one.Wake(ctx, 0, func(grown map[resource.Organisation]resource.Seq) { heard <- grown[organisation("platforms/wave")] })
			})
			for seq := resource.Seq(1); seq <= 3; seq++ {
				if err := other.Write(t.Context(), func(tx store.Tx) error {
					return tx.Append(t.Context(), []store.Entry{filing(seq)}, []byte("checkpoint"))
				}); err != nil {
					t.Fatal(err)
				}
				if got := <-heard; got != seq {
					t.Fatalf("event %d is heard of, and %d was appended", got, seq)
				}
			}
		})
	}
}
