package access_test

import (
	"errors"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/access"
)

func service(methods ...string) grpc.ServiceInfo {
	var info grpc.ServiceInfo
	for _, name := range methods {
		info.Methods = append(info.Methods, grpc.MethodInfo{Name: name})
	}
	return info
}

func TestATableIsBuiltOnlyIfEveryMethodHasARule(t *testing.T) {
	tests := []struct {
		name     string
		services map[string]grpc.ServiceInfo
		foreign  map[string]access.Rule
		problem  string // empty: it is built
	}{
		{
			name:     "a service of the contract",
			services: map[string]grpc.ServiceInfo{"liaison.v1.PlatformService": service("AnswerRequest")},
		},
		{
			name:     "a foreign service with a rule",
			services: map[string]grpc.ServiceInfo{"example.Health": service("Check")},
			foreign:  map[string]access.Rule{"example.Health": access.Everybody()},
		},
		{
			name:     "a foreign service without a rule",
			services: map[string]grpc.ServiceInfo{"example.Health": service("Check")},
			problem:  "/example.Health/Check",
		},
		{
			name:     "a described service whose methods carry no option",
			services: map[string]grpc.ServiceInfo{"grpc.health.v1.Health": service("Check")},
			problem:  "/grpc.health.v1.Health/Check",
		},
		{
			name:     "a method that the contract lacks",
			services: map[string]grpc.ServiceInfo{"liaison.v1.PlatformService": service("Disclose")},
			problem:  "/liaison.v1.PlatformService/Disclose",
		},
		{
			name:     "a message's name in place of a service's",
			services: map[string]grpc.ServiceInfo{"liaison.v1.Answer": service("Disclose")},
			problem:  "/liaison.v1.Answer/Disclose",
		},
		{
			name:     "a rule that admits nobody",
			services: map[string]grpc.ServiceInfo{"example.Health": service("Check")},
			foreign:  map[string]access.Rule{"example.Health": access.Only()},
			problem:  "names no role",
		},
		{
			name:     "a rule that admits a role that does not exist",
			services: map[string]grpc.ServiceInfo{"example.Health": service("Check")},
			foreign:  map[string]access.Rule{"example.Health": access.Only(0)},
			problem:  "role that does not exist",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := access.Build(test.services, test.foreign)
			switch {
			case test.problem == "" && err != nil:
				t.Errorf("not built: %v", err)
			case test.problem != "" && err == nil:
				t.Error("built, though a rule is missing")
			case test.problem != "" && !strings.Contains(err.Error(), test.problem):
				t.Errorf("the error does not say %q: %v", test.problem, err)
			}
		})
	}
}

func TestWhatHasNoRuleIsRefused(t *testing.T) {
	table, err := access.Build(map[string]grpc.ServiceInfo{
		"liaison.v1.PlatformService": service("AnswerRequest"),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const method = "/liaison.v1.PlatformService/AnswerRequest"
	if err := table.Check(method, lifecycle.Agent); err != nil {
		t.Errorf("an agent may answer, but: %v", err)
	}
	var denied *access.Denied
	if err := table.Check(method, lifecycle.Officer); !errors.As(err, &denied) || denied.Method != method {
		t.Errorf("an officer may not answer, but: %v", err)
	}
	if err := table.Check(method, 0); !errors.As(err, &denied) {
		t.Errorf("no role may not answer, but: %v", err)
	}
	for _, path := range []string{
		"", "/", "liaison.v1.PlatformService/AnswerRequest", "//liaison.v1.PlatformService/AnswerRequest",
		"/liaison.v1.PlatformService/answerrequest", "/LIAISON.V1.PlatformService/AnswerRequest",
		"/liaison.v1.PlatformService/AnswerRequest/", "/liaison.v1.PlatformService/RefuseRequest",
	} {
		if err := table.Check(path, lifecycle.Agent); !errors.Is(err, access.ErrUnknownMethod) {
			t.Errorf("the path %q is not refused as unknown: %v", path, err)
		}
	}
}
