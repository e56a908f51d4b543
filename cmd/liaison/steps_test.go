package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
)

var update = flag.Bool("update", false, "write the table of docs/cli.md anew")

// desks are where steps are taken: each service of the contract that takes some, with the
// SDK's type and the group of commands that stand for it.
var desks = map[protoreflect.Name]struct {
	sdk     reflect.Type
	command string
}{
	"AuthorityService": {reflect.TypeFor[*client.Authority](), "authority"},
	"PlatformService":  {reflect.TypeFor[*client.Platform](), "platform"},
	"ReviewService":    {reflect.TypeFor[*client.Reviewer](), "reviewer"},
}

// shortened are the methods whose object the SDK and the command leave out, since at that
// desk there is but one. Of all others they have the name, but for "Request" at its end.
var shortened = map[protoreflect.Name]string{
	"AskClarification":     "Ask",
	"DecideDispute":        "Decide",
	"MaintainObjection":    "Maintain",
	"ObjectAsReviewer":     "Object",
	"ObjectToRequest":      "Object",
	"OpenAnswer":           "Open",
	"RecallAnswer":         "Recall",
	"ReplyToClarification": "Reply",
}

// taught returns the methods that take a step, in the contract's order.
func taught() []protoreflect.MethodDescriptor {
	var methods []protoreflect.MethodDescriptor
	for _, taking := range record.Takings() {
		methods = append(methods, taking.Method)
	}
	slices.SortFunc(methods, func(a, b protoreflect.MethodDescriptor) int {
		return cmp.Or(cmp.Compare(a.Parent().Name(), b.Parent().Name()), cmp.Compare(a.Index(), b.Index()))
	})
	return methods
}

// sdkName is the name by which the SDK takes the step of a method.
func sdkName(method protoreflect.MethodDescriptor) string {
	return cmp.Or(shortened[method.Name()], strings.TrimSuffix(string(method.Name()), "Request"))
}

// kebab is a name as commands are written: "ask-more-time" for AskMoreTime.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// commandOf finds the command that takes the step of a method; nil if there is none.
func commandOf(root *cobra.Command, method protoreflect.MethodDescriptor) *cobra.Command {
	for _, group := range root.Commands() {
		if group.Name() != desks[method.Parent().Name()].command {
			continue
		}
		for _, command := range group.Commands() {
			if command.Name() == kebab(sdkName(method)) {
				return command
			}
		}
	}
	return nil
}

// scripts are all that are played, in one.
func scripts(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestEveryStepCanBeTakenFromTheSDKAndTheCommand: a method of the contract that takes a step
// has a method of the SDK and a command, whose names follow from its own, and a script that
// plays it.
func TestEveryStepCanBeTakenFromTheSDKAndTheCommand(t *testing.T) {
	root := newApp(catalogue.English).root()
	played := scripts(t)
	left := maps.Clone(shortened)
	for _, method := range taught() {
		service := method.Parent().Name()
		desk, known := desks[service]
		if !known {
			t.Errorf("%s takes the step of %s: name in desks the SDK's type and the group of commands that stand for it", service, method.Name())
			continue
		}
		delete(left, method.Name())
		if _, has := desk.sdk.MethodByName(sdkName(method)); !has {
			t.Errorf("%s.%s has no method of the SDK: add %s to %s, one line over take, in client/%s.go", service, method.Name(), sdkName(method), desk.sdk, desk.command)
		}
		switch name := desk.command + " " + kebab(sdkName(method)); {
		case commandOf(root, method) == nil:
			t.Errorf("%s.%s has no command: add 'liaison %s' to cmd/liaison/%s.go, a stepCommand", service, method.Name(), name, desk.command)
		case !strings.Contains(played, " "+name+" "):
			t.Errorf("no script takes the step of %s.%s: play 'liaison %s' in one of cmd/liaison/testdata/script", service, method.Name(), name)
		}
	}
	for name := range left {
		t.Errorf("shortened names %s, and no such method takes a step", name)
	}
}

// TestThePageListsTheCommandOfEveryStep holds the table of docs/cli.md against the contract
// and the commands.
func TestThePageListsTheCommandOfEveryStep(t *testing.T) {
	const page, begin, end = "../../docs/cli.md", "<!-- steps table: begin -->\n", "<!-- steps table: end -->"
	root := newApp(catalogue.English).root()
	var table strings.Builder
	table.WriteString("| command | what it does | method of the contract | of the SDK |\n|---|---|---|---|\n")
	for _, method := range taught() {
		if command := commandOf(root, method); command != nil {
			service := method.Parent().Name()
			fmt.Fprintf(&table, "| `%s` | %s | `%s.%s` | `%s.%s` |\n", strings.TrimPrefix(command.CommandPath(), "liaison "), command.Short,
				service, method.Name(), desks[service].sdk.Elem().Name(), sdkName(method))
		}
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begins := strings.Cut(string(text), begin)
	got, tail, ends := strings.Cut(rest, end)
	switch {
	case !begins || !ends:
		t.Fatalf("%s has no markers for the table of steps", page)
	case got == table.String():
	case *update:
		if err := os.WriteFile(page, []byte(head+begin+table.String()+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of steps in %s is not what contract and commands say; run: go test ./cmd/liaison -run %s -update", page, t.Name())
	}
}
