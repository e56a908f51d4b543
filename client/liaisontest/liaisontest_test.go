package liaisontest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestEverybodyConnects with every name that Conn documents, before and after a
// restart at the same address.
func TestEverybodyConnects(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	target := kit.Target()
	conns := make(map[string]*client.Conn)
	for _, name := range []string{"officer", "approver", "dpo-officer", "dpo-approver", "agent", "filehost-agent", "reviewer", "auditor", "operator"} {
		conns[name] = kit.Conn(t, name)
	}
	everybody := func() {
		t.Helper()
		for name, conn := range conns {
			_, err := liaisonv1.NewDirectoryServiceClient(conn.Unverified()).GetPlatform(context.Background(), &liaisonv1.GetPlatformRequest{Name: "platforms/messenger"})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	everybody()
	kit.Restart()
	if kit.Target() != target {
		t.Errorf("after a restart the hub is at %s, before it was at %s", kit.Target(), target)
	}
	everybody()
	if kit.Log() == "" {
		t.Error("the hub logs nothing")
	}
	if families, err := kit.Metrics().Gather(); err != nil || len(families) == 0 {
		t.Errorf("the hub has %d metrics: %v", len(families), err)
	}
}

// TestAParticipantIsSuspendedAndBack.
func TestAParticipantIsSuspendedAndBack(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	read := func() error {
		_, err := kit.Conn(t, "agent").Platform().Get(t.Context(), "requests/0192f0c1-0000-7000-8000-000000000000")
		return err
	}
	if err := read(); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	kit.Suspend(t, "platforms/messenger", false)
	if err := read(); !errors.Is(err, client.ErrParticipantSuspended) && !errors.Is(err, client.ErrCertificateRefused) {
		t.Errorf("suspended: %v", err)
	}
	kit.Suspend(t, "platforms/messenger", true)
	if err := read(); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("back: %v", err)
	}
}
