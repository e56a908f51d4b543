package server_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// callers hold every role that there is, one each.
var callers = map[lifecycle.Role]string{
	lifecycle.Officer:  officer,
	lifecycle.Approver: approver,
	lifecycle.Agent:    agent,
	lifecycle.Reviewer: reviewer,
	lifecycle.Auditor:  auditor,
	lifecycle.Operator: operator,
	lifecycle.Hub:      hubItself,
}

// foreign are the services beside the contract's, with the roles that may call them.
var foreign = map[string][]lifecycle.Role{
	"grpc.health.v1.Health":                    lifecycle.Roles(),
	"grpc.reflection.v1.ServerReflection":      lifecycle.Roles(),
	"grpc.reflection.v1alpha.ServerReflection": lifecycle.Roles(),
	"grpc.channelz.v1.Channelz":                {lifecycle.Operator},
}

// TestEveryMethodRefusesEveryRoleOutsideItsRule asks the running hub which services
// it serves, and calls every method of each as every role.
func TestEveryMethodRefusesEveryRoleOutsideItsRule(t *testing.T) {
	h := newHub(t)
	conns := make(map[lifecycle.Role]*grpc.ClientConn)
	for _, role := range lifecycle.Roles() {
		conns[role] = h.dial(callers[role])
	}
	methods := 0
	for _, service := range servedBy(t, conns[lifecycle.Officer]) {
		found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
		if err != nil {
			t.Fatalf("the hub serves %s, which nothing describes: %v", service, err)
		}
		descriptor := found.(protoreflect.ServiceDescriptor)
		for i := range descriptor.Methods().Len() {
			method := descriptor.Methods().Get(i)
			allowed := foreign[service]
			if allowed == nil {
				access := proto.GetExtension(method.Options(), liaisonv1.E_Access).(*liaisonv1.Access)
				for _, role := range access.GetRoles() {
					allowed = append(allowed, lifecycle.Role(role))
				}
			}
			if len(allowed) == 0 {
				t.Errorf("%s has no access rule", method.FullName())
			}
			for role, conn := range conns {
				methods++
				t.Run(fmt.Sprintf("%s as %s", method.FullName(), role), func(t *testing.T) {
					err := call(t.Context(), conn, method)
					refused := status.Code(err) == codes.PermissionDenied && reasonOf(t, err) == "ROLE_NOT_ALLOWED"
					if may := slices.Contains(allowed, role); may == refused {
						t.Errorf("may: %v, got: %v", may, err)
					}
				})
			}
		}
	}
	if want := 7 * (16 + 5 + 7); methods < want {
		t.Errorf("walked %d methods and roles, expected at least the contract's %d", methods, want)
	}
}

// servedBy asks a hub which services it serves, as grpcurl does.
func servedBy(t *testing.T, conn *grpc.ClientConn) []string {
	t.Helper()
	stream := must(reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context()))
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, service := range must(stream.Recv()).GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	return names
}

// call calls a method with an empty message and returns how it ended; a stream
// that sends something counts as one that was let in.
func call(ctx context.Context, conn *grpc.ClientConn, method protoreflect.MethodDescriptor) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	path := fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
	in, out := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
	if !method.IsStreamingServer() {
		return conn.Invoke(ctx, path, in, out)
	}
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, path)
	if err != nil {
		return err
	}
	if err := stream.SendMsg(in); err != nil && err != io.EOF {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return stream.RecvMsg(out)
}

// TestWhatIsNotServedIsRefusedAfterTheCallerIsKnown calls methods that do not exist.
func TestWhatIsNotServedIsRefusedAfterTheCallerIsKnown(t *testing.T) {
	h := newHub(t)
	conn := h.dial(officer)
	for _, path := range []string{
		"/liaison.v1.RequestService/DropRequest",
		"/liaison.v1.requestservice/GetRequest",
		"//liaison.v1.RequestService/GetRequest",
		"/liaison.v1.RequestService/GetRequest/",
		"/liaison.v1.InterceptionService/ListenIn",
	} {
		err := conn.Invoke(t.Context(), path, &liaisonv1.GetRequestRequest{}, &liaisonv1.GetRequestResponse{})
		wantReason(t, err, codes.Unimplemented, "METHOD_UNKNOWN")
	}
	for _, family := range must(h.metrics.Gather()) {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if strings.Contains(label.GetValue(), "DropRequest") || strings.Contains(label.GetValue(), "InterceptionService") {
					t.Errorf("%s has a label that a caller made up", family.GetName())
				}
			}
		}
	}
}
