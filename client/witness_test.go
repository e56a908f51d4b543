package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/ledger"
	"github.com/liaison-protocol/liaison/internal/witness"
	"github.com/liaison-protocol/liaison/server"
)

// witnesses starts so many witnesses of a ledger and returns where and who they are.
func witnesses(t *testing.T, hubKey string, n int) (servers []*httptest.Server, known []server.Witness) {
	t.Helper()
	verifier, err := ledger.ParseVerifier(hubKey)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		secret, public, err := witness.NewKey("witness.example")
		if err != nil {
			t.Fatal(err)
		}
		w, err := witness.New(witness.Config{Key: secret, Ledgers: []note.Verifier{verifier}, Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(w)
		t.Cleanup(s.Close)
		servers = append(servers, s)
		known = append(known, server.Witness{URL: s.URL, Key: public})
	}
	return servers, known
}

func keysOf(all []server.Witness) []string {
	var keys []string
	for _, w := range all {
		keys = append(keys, w.Key)
	}
	return keys
}

// TestSoManyWitnessesAreDemanded: what too few have cosigned does not count as taken.
func TestSoManyWitnessesAreDemanded(t *testing.T) {
	t.Parallel()
	secret, public, err := ledger.NewKey("hub.example")
	if err != nil {
		t.Fatal(err)
	}
	servers, known := witnesses(t, public, 3)
	kit := liaisontest.New(t, liaisontest.WithHubSecret(secret), liaisontest.WithWitnesses(known...))
	officer := client.NewAuthority(kit.Conn(t, "officer", client.WithWitnesses(2, keysOf(known)...)))
	if _, err := officer.File(t.Context(), emergency("W-1")); err != nil {
		t.Fatalf("with all three there: %v", err)
	}
	servers[0].Close()
	if _, err := officer.File(t.Context(), emergency("W-2")); err != nil {
		t.Fatalf("with two there: %v", err)
	}
	servers[1].Config.Handler = http.NotFoundHandler()
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = officer.File(short, emergency("W-3"))
	caught(t, err, client.ErrNotWitnessed)

	// The step was taken all the same; who does not demand witnesses sees it.
	filed := 0
	for _, err := range client.NewAuthority(kit.Conn(t, "officer")).Events(t.Context(), "", 0) {
		if err != nil {
			t.Fatal(err)
		}
		filed++
	}
	if filed != 3 {
		t.Errorf("%d requests were filed", filed)
	}

	// A stranger's cosignatures count for nothing.
	_, strangers := witnesses(t, public, 2)
	short, cancel = context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = client.NewAuthority(kit.Conn(t, "officer", client.WithWitnesses(1, keysOf(strangers)...))).File(short, emergency("W-4"))
	caught(t, err, client.ErrNotWitnessed)
}

// TestAWitnessStopsAForkedHub: the second history is not cosigned, and so is nothing worth
// to whom demands it.
func TestAWitnessStopsAForkedHub(t *testing.T) {
	t.Parallel()
	secret, public, err := ledger.NewKey("hub.example")
	if err != nil {
		t.Fatal(err)
	}
	_, known := witnesses(t, public, 1)
	kit := liaisontest.New(t, liaisontest.WithHubSecret(secret), liaisontest.WithWitnesses(known...))
	demanding := client.WithWitnesses(1, keysOf(known)...)
	if _, err := client.NewAuthority(kit.Conn(t, "officer", demanding)).File(t.Context(), emergency("W-1")); err != nil {
		t.Fatal(err)
	}
	other := kit.Fork(t)
	if _, err := client.NewAuthority(kit.Conn(t, "officer", demanding)).File(t.Context(), emergency("W-2")); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = client.NewAuthority(other.Conn(t, "officer", demanding)).File(short, emergency("W-3"))
	caught(t, err, client.ErrNotWitnessed)
}

// TestMoreWitnessesThanThereAreCannotBeDemanded is a mistake that shows at once.
func TestMoreWitnessesThanThereAreCannotBeDemanded(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	if _, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("officer"), kit.HubCAs()), client.WithHubKey(kit.HubKey()), client.WithWitnesses(1)); err == nil {
		t.Error("one of none is demanded")
	}
}
