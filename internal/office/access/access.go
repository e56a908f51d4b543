// Package access builds the table of who may call which method, from the
// contract's own method options, and answers from it. There is no second list: a
// method whose option is missing keeps the hub from starting, and a method that
// is not in the table cannot be called by anybody.
package access

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrUnknownMethod says that there is no such method.
var ErrUnknownMethod = errors.New("there is no such method")

// Denied says that a role may not call a method.
type Denied struct {
	Method string // "/liaison.v1.PlatformService/AnswerRequest"
	Role   lifecycle.Role
	Roles  []lifecycle.Role // which may
}

// Error names the method and the roles that may call it.
func (d *Denied) Error() string {
	return fmt.Sprintf("the role %s may not call %s; %v may", d.Role, d.Method, d.Roles)
}

// Rule says who may call a method.
type Rule struct {
	Roles []lifecycle.Role
}

// Everybody is the rule of methods that tell a participant nothing about others.
func Everybody() Rule { return Rule{Roles: lifecycle.Roles()} }

// Only returns the rule that admits these roles.
func Only(roles ...lifecycle.Role) Rule { return Rule{Roles: roles} }

// Table holds a rule for every method that a server serves.
type Table struct {
	rules map[string]Rule
}

// Build makes the table for the services that a server has registered. Services
// of the contract have their rules in it; every other service must be named in
// foreign, since nobody else says who may call it.
func Build(services map[string]grpc.ServiceInfo, foreign map[string]Rule) (*Table, error) {
	t := &Table{rules: make(map[string]Rule)}
	var problems []error
	for service, info := range services {
		for _, method := range info.Methods {
			name := "/" + service + "/" + method.Name
			rule, err := ruleOf(service, method.Name, foreign)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
				continue
			}
			t.rules[name] = rule
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("build the access table: %w", err)
	}
	return t, nil
}

func ruleOf(service, method string, foreign map[string]Rule) (Rule, error) {
	if rule, ok := foreign[service]; ok {
		return checked(rule)
	}
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return Rule{}, fmt.Errorf("no contract describes the service and no rule names it: %w", err)
	}
	descriptor, ok := found.(protoreflect.ServiceDescriptor)
	if !ok {
		return Rule{}, errors.New("the name is not a service's")
	}
	m := descriptor.Methods().ByName(protoreflect.Name(method))
	if m == nil {
		return Rule{}, errors.New("the contract has no such method")
	}
	option, ok := proto.GetExtension(m.Options(), liaisonv1.E_Access).(*liaisonv1.Access)
	if !ok || option == nil {
		return Rule{}, errors.New("the method has no access option")
	}
	var rule Rule
	for _, role := range option.GetRoles() {
		rule.Roles = append(rule.Roles, lifecycle.Role(role))
	}
	return checked(rule)
}

// checked refuses a rule that admits nobody or a role that does not exist: both
// are mistakes, and the second would be one that admits.
func checked(r Rule) (Rule, error) {
	if len(r.Roles) == 0 {
		return Rule{}, errors.New("the access rule names no role")
	}
	for _, role := range r.Roles {
		if !slices.Contains(lifecycle.Roles(), role) {
			return Rule{}, fmt.Errorf("the access rule names a role that does not exist: %d", role)
		}
	}
	return r, nil
}

// Check returns nil if the role may call the method with this full name, exactly
// as it will be dispatched: ErrUnknownMethod if nothing would be, *Denied if
// others may and this role may not.
func (t *Table) Check(fullMethod string, role lifecycle.Role) error {
	rule, ok := t.rules[fullMethod]
	if !ok {
		return ErrUnknownMethod
	}
	if !slices.Contains(rule.Roles, role) {
		return &Denied{Method: fullMethod, Role: role, Roles: slices.Clone(rule.Roles)}
	}
	return nil
}

// Knows says whether anything is served under this full name.
func (t *Table) Knows(fullMethod string) bool {
	_, ok := t.rules[fullMethod]
	return ok
}

// Methods returns the full names of all methods in the table, sorted.
func (t *Table) Methods() []string {
	names := make([]string, 0, len(t.rules))
	for name := range t.rules {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
