package liaisontest_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"

	"buf.build/go/protoyaml"
)

// A platform's test has its own handler meet a real authority over a real hub, and lets
// time pass to see what becomes of a deadline.
func Example() {
	t := &exampleT{} // in a test: the *testing.T
	defer t.end()
	kit := liaisontest.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	handler := func(context.Context, *client.Request) (client.Response, error) {
		return client.Later(time.Hour), nil // what is tried out: a platform that lets it lie
	}
	worker, err := client.NewPlatformWorker(kit.Conn(t, "agent"), handler)
	if err != nil {
		t.Fatalf("%v", err)
	}
	go worker.Run(ctx)

	officer := kit.Conn(t, "officer").Authority()
	filed, err := officer.File(ctx, hospital(t))
	if err != nil {
		t.Fatalf("%v", err)
	}
	request, err := officer.Await(ctx, filed.GetRequest(), liaisonv1.RequestState_REQUEST_STATE_ACKNOWLEDGED)
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(request.GetState())

	kit.Advance(72 * time.Hour) // nobody validates the emergency
	if request, err = officer.Await(ctx, filed.GetRequest()); err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(request.GetState())
	// Output:
	// REQUEST_STATE_ACKNOWLEDGED
	// REQUEST_STATE_LAPSED
}

// hospital is an example case: an emergency.
func hospital(t testing.TB) *liaisonv1.RequestSpec {
	text, err := cases.Files.ReadFile("02-hospital-emergency/request.yaml")
	if err != nil {
		t.Fatalf("%v", err)
	}
	spec := &liaisonv1.RequestSpec{}
	if err := protoyaml.Unmarshal(text, spec); err != nil {
		t.Fatalf("%v", err)
	}
	return spec
}

// exampleT stands for the *testing.T that a test would pass: examples have none.
type exampleT struct {
	testing.TB
	cleanups []func()
}

func (e *exampleT) end() {
	for i := len(e.cleanups) - 1; i >= 0; i-- {
		e.cleanups[i]()
	}
}

func (e *exampleT) Helper()                           {}
func (e *exampleT) Cleanup(f func())                  { e.cleanups = append(e.cleanups, f) }
func (e *exampleT) Logf(string, ...any)               {}
func (e *exampleT) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (e *exampleT) TempDir() string {
	dir, err := os.MkdirTemp("", "liaison-example-")
	if err != nil {
		panic(err)
	}
	e.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
