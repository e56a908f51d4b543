package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// Nothing but the wait for witnesses is bounded, so that however slow the machine is, what
// can be cosigned is seen to be, and what cannot ends as not witnessed.
var (
	patient   = client.WithWitnessTimeout(time.Hour)
	impatient = client.WithWitnessTimeout(time.Second)
)

// unwilling is a witness that refuses once it is told to.
type unwilling struct {
	http.Handler
	refuses atomic.Bool
}

func (u *unwilling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if u.refuses.Load() {
		http.NotFound(w, r)
		return
	}
	u.Handler.ServeHTTP(w, r)
}

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
		s := httptest.NewServer(&unwilling{Handler: w})
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
	officer := kit.Conn(t, "officer", client.WithWitnesses(2, keysOf(known)...), patient).Authority()
	if _, err := officer.File(t.Context(), emergency("W-1")); err != nil {
		t.Fatalf("with all three there: %v", err)
	}
	servers[0].Close()
	if _, err := officer.File(t.Context(), emergency("W-2")); err != nil {
		t.Fatalf("with two there: %v", err)
	}
	servers[1].Config.Handler.(*unwilling).refuses.Store(true)
	officer = kit.Conn(t, "officer", client.WithWitnesses(2, keysOf(known)...), impatient).Authority()
	_, err = officer.File(t.Context(), emergency("W-3"))
	caught(t, err, client.ErrNotWitnessed)

	// The step was taken all the same; who does not demand witnesses sees it.
	filed := 0
	for _, err := range kit.Conn(t, "officer").Authority().Events(t.Context(), "", 0) {
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
	_, err = kit.Conn(t, "officer", client.WithWitnesses(1, keysOf(strangers)...), impatient).Authority().File(t.Context(), emergency("W-4"))
	caught(t, err, client.ErrNotWitnessed)
}

// TestTheHubMayNoticeFirstThatTheTimeIsOver: what it says then is not taken for a failure of
// the step, which is in the ledger.
func TestTheHubMayNoticeFirstThatTheTimeIsOver(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	_, strangers := witnesses(t, kit.HubKey(), 1)
	late := client.WithDialOptions(grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, in, out any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, o ...grpc.CallOption) error {
		if _, asked := in.(*liaisonv1.GetCheckpointRequest); asked {
			return status.Error(codes.DeadlineExceeded, "too late")
		}
		return invoke(ctx, method, in, out, conn, o...)
	}))
	officer := kit.Conn(t, "officer", client.WithWitnesses(1, keysOf(strangers)...), patient, late).Authority()
	_, err := officer.File(t.Context(), emergency("W-1"))
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
	if _, err := kit.Conn(t, "officer", demanding, patient).Authority().File(t.Context(), emergency("W-1")); err != nil {
		t.Fatal(err)
	}
	other := testkit.Of(kit).Fork(t)
	if _, err := kit.Conn(t, "officer", demanding, patient).Authority().File(t.Context(), emergency("W-2")); err != nil {
		t.Fatal(err)
	}
	_, err = other.Conn(t, "officer", demanding, impatient).Authority().File(t.Context(), emergency("W-3"))
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
