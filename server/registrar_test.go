package server

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// overriding is a service that would replace the hub's authentication by its own.
type overriding struct{ *health.Server }

func (overriding) AuthFuncOverride(ctx context.Context, _ string) (context.Context, error) {
	return ctx, nil
}

func TestAServiceThatReplacesTheChecksIsNotServed(t *testing.T) {
	s := grpc.NewServer()
	r := &registrar{server: s}
	grpc_health_v1.RegisterHealthServer(r, overriding{health.NewServer()})
	if len(r.problems) != 1 || !strings.Contains(r.problems[0].Error(), "grpc.health.v1.Health") {
		t.Errorf("it is taken: %v", r.problems)
	}
	if len(s.GetServiceInfo()) != 0 {
		t.Error("it is served")
	}
}
