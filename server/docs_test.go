package server

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "write the tables of docs/protocol.md anew")

const protocolPage = "../docs/protocol.md"

// services are all of the contract, in the order of their names.
func services() []protoreflect.ServiceDescriptor {
	var all []protoreflect.ServiceDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage(liaisonv1.File_liaison_v1_access_proto.Package(), func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			all = append(all, file.Services().Get(i))
		}
		return true
	})
	slices.SortFunc(all, func(a, b protoreflect.ServiceDescriptor) int { return cmp.Compare(a.Name(), b.Name()) })
	return all
}

func TestThePageShowsTheContract(t *testing.T) {
	for _, table := range []struct{ name, text string }{
		{"access", accessTable()},
		{"reason", reasonTable()},
	} {
		t.Run(table.name, func(t *testing.T) { checkTable(t, table.name, table.text) })
	}
}

// checkTable compares what stands between a table's markers with what it should be.
func checkTable(t *testing.T, name, want string) {
	t.Helper()
	begin := fmt.Sprintf("<!-- %s table: begin -->\n", name)
	end := fmt.Sprintf("<!-- %s table: end -->", name)
	page, err := os.ReadFile(protocolPage)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(page), begin)
	got, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no markers for the %s table", protocolPage, name)
	}
	if got == want {
		return
	}
	if *update {
		if err := os.WriteFile(protocolPage, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the %s table of %s is not what the contract says; run: go test ./server -run TestThePageShowsTheContract -update", name, protocolPage)
}

// accessTable lists every method of the contract with the roles that may call it and the
// steps that it takes.
func accessTable() string {
	var b strings.Builder
	b.WriteString("| service | method | roles | step |\n|---|---|---|---|\n")
	for _, service := range services() {
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			var roles, steps []string
			for _, role := range calledBy(method) {
				roles = append(roles, role.String())
			}
			for _, step := range stepsOf(method) {
				steps = append(steps, "`"+step.String()+"`")
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", service.Name(), method.Name(), strings.Join(roles, ", "), cmp.Or(strings.Join(steps, ", "), "–"))
		}
	}
	return b.String()
}

// reasonTable lists every reason with its code and its sentence.
func reasonTable() string {
	var b strings.Builder
	b.WriteString("| reason | code | what it says |\n|---|---|---|\n")
	values := liaisonv1.Reason_REASON_UNSPECIFIED.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		reason := liaisonv1.Reason(values.Get(i).Number())
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", wire.Word(reason), codeWord(reason), wire.Sentence(reason))
	}
	return b.String()
}

// codeWord is the gRPC code as the contract's comments write it.
func codeWord(r liaisonv1.Reason) string {
	var b strings.Builder
	for i, c := range wire.Code(r).String() {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	word := strings.ToUpper(b.String())
	if word == "CANCELED" {
		return "CANCELLED" // as gRPC's own specification of codes spells it
	}
	return word
}

// TestTheContractAndTheLifecycleAgreeOnRoles compares who may call a method with
// who may take its step: one fact that two places need, and that must not differ.
func TestTheContractAndTheLifecycleAgreeOnRoles(t *testing.T) {
	taken := make(map[lifecycle.Step]bool)
	for _, service := range services() {
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			called := calledBy(method)
			for _, step := range stepsOf(method) {
				taken[step] = true
				for _, rule := range lifecycle.Rules() {
					// A step of several sides has a method for each.
					roles := slices.DeleteFunc(slices.Clone(rule.Roles), func(role lifecycle.Role) bool { return role.Side() != called[0].Side() })
					slices.Sort(roles)
					if rule.Step == step && len(roles) > 0 && !slices.Equal(called, roles) {
						t.Errorf("%s: the contract admits %v, the lifecycle %v", method.Name(), called, roles)
					}
				}
			}
		}
	}
	for _, rule := range lifecycle.Rules() {
		if ofTheHub := slices.Equal(rule.Roles, []lifecycle.Role{lifecycle.Hub}); taken[rule.Step] == ofTheHub {
			t.Errorf("that a method takes the step %s is %t, and that the hub takes it by itself %t", rule.Step, taken[rule.Step], ofTheHub)
		}
	}
}

// stepsOf are the steps that a method takes, which the hub has looked up when it started.
func stepsOf(method protoreflect.MethodDescriptor) []lifecycle.Step {
	steps, err := record.StepsOf(method)
	if err != nil {
		panic(err)
	}
	return steps
}

// calledBy are the roles that may call a method, in the order of their numbers.
func calledBy(method protoreflect.MethodDescriptor) []lifecycle.Role {
	access, _ := proto.GetExtension(method.Options(), liaisonv1.E_Access).(*liaisonv1.Access)
	var roles []lifecycle.Role
	for _, role := range access.GetRoles() {
		roles = append(roles, lifecycle.Role(role))
	}
	slices.Sort(roles)
	return roles
}

// TestTheContractAndTheLifecycleUseTheSameNumbers guards the conversions, which
// are plain: states, kinds and roles have the same numbers and words in both.
func TestTheContractAndTheLifecycleUseTheSameNumbers(t *testing.T) {
	compare := func(prefix string, values protoreflect.EnumValueDescriptors, words map[int]string) {
		t.Helper()
		if got, want := len(words), values.Len()-1; got != want {
			t.Errorf("%s: the lifecycle has %d values, the contract %d", prefix, got, want)
		}
		for i := 1; i < values.Len(); i++ {
			number := int(values.Get(i).Number())
			want := strings.TrimPrefix(string(values.Get(i).Name()), prefix)
			if !strings.EqualFold(words[number], want) {
				t.Errorf("%s%d is %q in the contract and %q in the lifecycle", prefix, number, want, words[number])
			}
		}
	}
	states := make(map[int]string)
	for _, s := range lifecycle.States() {
		states[int(s)] = s.String()
	}
	kinds := make(map[int]string)
	for _, k := range lifecycle.Kinds() {
		kinds[int(k)] = k.String()
	}
	roles := make(map[int]string)
	for _, r := range lifecycle.Roles() {
		roles[int(r)] = r.String()
	}
	compare("REQUEST_STATE_", liaisonv1.RequestState_REQUEST_STATE_UNSPECIFIED.Descriptor().Values(), states)
	compare("REQUEST_KIND_", liaisonv1.RequestKind_REQUEST_KIND_UNSPECIFIED.Descriptor().Values(), kinds)
	compare("ROLE_", liaisonv1.Role_ROLE_UNSPECIFIED.Descriptor().Values(), roles)
}
